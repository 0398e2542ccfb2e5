/** Reads a QR code from the camera: by the browser where it can, else in plain code. */

interface Detector { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }
type DetectorClass = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

/** Between two looks, ms. */
const LOOK_MS = 200
/** The longer side of what the plain code looks at. */
const SIDE = 800

async function browsers(): Promise<Detector | null> {
  const made = (window as Window & { BarcodeDetector?: DetectorClass }).BarcodeDetector
  try {
    if (!made || !(await made.getSupportedFormats()).includes('qr_code')) return null
    return new made({ formats: ['qr_code'] })
  } catch {
    return null
  }
}

async function plain(): Promise<Detector> {
  const { default: jsQR } = await import('jsqr')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return {
    detect(video) {
      const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight))
      canvas.width = Math.round(video.videoWidth * scale)
      canvas.height = Math.round(video.videoHeight * scale)
      if (!context || canvas.width === 0) return Promise.resolve([])
      context.drawImage(video, 0, 0, canvas.width, canvas.height)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const found = jsQR(data, canvas.width, canvas.height)
      return Promise.resolve(found ? [{ rawValue: found.data }] : [])
    },
  }
}

/** Shows the camera in `video` and calls `found` with every text it reads; the answer stops it. */
export async function scan(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  let running = true
  const stop = () => {
    running = false
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  video.srcObject = stream
  await video.play()
  const detector = await browsers() ?? await plain()
  void (async () => {
    while (running) {
      const codes = await detector.detect(video).catch(() => [])
      for (const code of codes) if (running) found(code.rawValue)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  })()
  return stop
}
