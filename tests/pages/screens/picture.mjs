/** A picture as a camera makes it, of nothing. */
export async function picture(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2400, 1800)
    const pen = canvas.getContext('2d')
    const sky = pen.createLinearGradient(0, 0, 2400, 1800)
    sky.addColorStop(0, '#446')
    sky.addColorStop(1, '#ca8')
    pen.fillStyle = sky
    pen.fillRect(0, 0, 2400, 1800)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' })
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
  return { name: 'site.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }
}
