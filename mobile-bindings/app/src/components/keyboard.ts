/**
 * How much of the page the on-screen keyboard covers, as `--keyboard` on the document: what stands
 * at the thumb then stands above it. Browsers that shrink the page instead report nothing.
 */
const LEAST = 80

export function followKeyboard(): void {
  const view = window.visualViewport
  if (view === null || view === undefined) return
  const tell = (): void => {
    const covered = Math.round(window.innerHeight - view.height - view.offsetTop)
    // A little less height is the address bar; a larger scale is a person zooming in.
    const keyboard = covered > LEAST && view.scale < 1.05 ? covered : 0
    document.documentElement.style.setProperty('--keyboard', `${keyboard}px`)
  }
  view.addEventListener('resize', tell)
  view.addEventListener('scroll', tell)
  tell()
}
