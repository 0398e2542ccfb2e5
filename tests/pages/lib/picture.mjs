/** A picture as a camera makes one: too noisy to become small. The same for the same `seed`. */
export function picture({ width = 1600, height = 1200, seed = 1 } = {}) {
  const head = 54
  const row = Math.ceil((width * 3) / 4) * 4
  const bytes = Buffer.alloc(head + row * height)
  bytes.write('BM')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(head, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  let state = seed
  for (let at = head; at < bytes.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[at] = state >>> 24
  }
  return { name: `${seed}.bmp`, mimeType: 'image/bmp', buffer: bytes }
}
