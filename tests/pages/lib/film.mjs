/** What a phone's camera sees: a film of one picture, a QR code in the middle of a grey wall. */
import { writeFile } from 'node:fs/promises'
import { encode } from 'uqr'

const WIDTH = 640
const HEIGHT = 480
/** Pixels of one module of the code. */
const MODULE = 6
const WALL = 120

/** Chromium's flags for a camera that shows this text as a QR code; the film is put at `file` (.y4m). */
export async function filmOf(text, file) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const left = Math.floor((WIDTH - size * MODULE) / 2)
  const top = Math.floor((HEIGHT - size * MODULE) / 2)
  const light = Buffer.alloc(WIDTH * HEIGHT, WALL)
  for (let y = 0; y < size * MODULE; y += 1) {
    for (let x = 0; x < size * MODULE; x += 1) {
      const dark = data[Math.floor(y / MODULE)][Math.floor(x / MODULE)]
      light[(top + y) * WIDTH + left + x] = dark ? 16 : 235
    }
  }
  // YUV4MPEG2, 4:2:0: after the light of every point a quarter as many of each colour.
  const colour = Buffer.alloc(WIDTH * HEIGHT / 2, 128)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, colour])
  await writeFile(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`), frame, frame]))
  return ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`]
}
