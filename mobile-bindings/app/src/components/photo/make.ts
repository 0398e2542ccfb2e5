/** Makes the kept picture: scaled, stamped, re-encoded, so that nothing the camera wrote stays. */
import { fit, hex, noteOf, stampLines, withComment, type Stamp } from './stamp'

/** What the core takes of one file. */
const MAX_BYTES = 4 * 1024 * 1024
const QUALITIES = [0.82, 0.7, 0.55]

export interface Made {
  jpeg: Uint8Array<ArrayBuffer>
  width: number
  height: number
  original_sha256: string
}

type Canvas = OffscreenCanvas | HTMLCanvasElement

function canvasOf(width: number, height: number): Canvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  return canvas
}

async function encode(canvas: Canvas, quality: number): Promise<Uint8Array> {
  const blob =
    'convertToBlob' in canvas
      ? await canvas.convertToBlob({ type: 'image/jpeg', quality })
      : await new Promise<Blob | null>((done) => {
          canvas.toBlob(done, 'image/jpeg', quality)
        })
  if (blob === null) throw new Error('no picture')
  return new Uint8Array(await blob.arrayBuffer())
}

function draw(canvas: Canvas, image: ImageBitmap, lines: string[]): void {
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null
  if (pen === null) throw new Error('no picture')
  const { width, height } = canvas
  pen.drawImage(image, 0, 0, width, height)
  const size = Math.max(14, Math.round(Math.max(width, height) / 50))
  const line = Math.round(size * 1.4)
  const band = line * lines.length + size
  pen.fillStyle = 'rgba(0, 0, 0, 0.6)'
  pen.fillRect(0, height - band, width, band)
  pen.fillStyle = '#FFFFFF'
  pen.font = `${size}px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif`
  pen.textBaseline = 'top'
  lines.forEach((text, n) => {
    pen.fillText(text, size, height - band + size / 2 + n * line, width - 2 * size)
  })
}

export async function makePhoto(original: Blob, stamp: Stamp): Promise<Made> {
  const bytes = await original.arrayBuffer()
  const original_sha256 = hex(await crypto.subtle.digest('SHA-256', bytes))
  const image = await createImageBitmap(original)
  const size = fit(image.width, image.height)
  const canvas = canvasOf(size.width, size.height)
  draw(canvas, image, stampLines(stamp))
  image.close()
  let jpeg: Uint8Array = new Uint8Array()
  for (const quality of QUALITIES) {
    jpeg = await encode(canvas, quality)
    if (jpeg.length <= MAX_BYTES) break
  }
  return { jpeg: withComment(jpeg, noteOf(original_sha256, stamp)), ...size, original_sha256 }
}
