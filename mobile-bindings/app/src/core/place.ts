/** Where the app runs: which browser, installed or not, and whether its data may be cleared. */

export type Device = 'iphone' | 'android' | 'other'

export function deviceOf(agent: string, touchPoints = 0): Device {
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1)) return 'iphone'
  return /Android|HarmonyOS|OpenHarmony/.test(agent) ? 'android' : 'other'
}

/** Inside WeChat neither installing nor lasting storage works. */
export function inWeChat(agent: string): boolean {
  return /MicroMessenger/i.test(agent)
}

export function installed(): boolean {
  return ['standalone', 'fullscreen', 'minimal-ui'].some((mode) => matchMedia(`(display-mode: ${mode})`).matches)
    || (navigator as Navigator & { standalone?: boolean }).standalone === true
}

/** Whether the system promised not to clear what the app keeps. Asks for it where that is possible. */
export async function askPersistence(): Promise<boolean> {
  try {
    return await navigator.storage.persisted() || await navigator.storage.persist()
  } catch {
    return false
  }
}

const ALLOWED = 'gridbook.uninstalled'

/**
 * Entry without installing: for tests and demonstrations on a desk, by `?uninstalled=allow`, and only until
 * the tab closes. Nobody is told of it on a page, because such data may be cleared by the browser.
 */
export function uninstalledAllowed(): boolean {
  const url = new URL(location.href)
  if (url.searchParams.get('uninstalled') === 'allow') sessionStorage.setItem(ALLOWED, 'yes')
  return sessionStorage.getItem(ALLOWED) === 'yes'
}

/**
 * Whether collecting may begin here. Installed, or the system has promised to keep the data: either keeps it
 * from being cleared. An iPhone's browser promises nothing and shares no storage with the installed app.
 */
export async function mayEnter(): Promise<boolean> {
  if (installed() || uninstalledAllowed()) return true
  if (deviceOf(navigator.userAgent, navigator.maxTouchPoints) === 'iphone') return false
  return askPersistence()
}

export interface Space { used: number; quota: number }

export async function space(): Promise<Space | null> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate()
    return { used: usage, quota }
  } catch {
    return null
  }
}
