// The service worker. Written into the build with its list of files by build/precache.ts.
const VERSION = '__VERSION__'
const FILES = ['__FILES__']
const CACHE = `gridbook-${VERSION}`
/** The page that starts the app. */
const SHELL = new URL('./', self.location.href).pathname

self.addEventListener('install', (event) => {
  event.waitUntil(fill())
})

// An update waits until the page says that no form is open; see src/core/update.ts.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(clearOld().then(() => self.clients.claim()))
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  const page = event.request.mode === 'navigate' && url.pathname.startsWith(SHELL)
  if (page) event.respondWith(kept(SHELL, event.request))
  else if (FILES.includes(url.pathname)) event.respondWith(kept(url.pathname, event.request))
})

// The browser found signal again while a page is open: the page syncs. A closed page has nobody who
// could open the book, so a push of the outbox without it is not attempted.
self.addEventListener('sync', (event) => {
  if (event.tag === 'outbox') event.waitUntil(tellPages('sync'))
})

/** All files or none; what the last build had under the same name with its hash is not fetched twice. */
async function fill() {
  const cache = await caches.open(CACHE)
  await Promise.all(FILES.map(async (path) => {
    if (await cache.match(path)) return
    const hashed = path.includes('/assets/')
    const old = hashed ? await caches.match(path) : undefined
    const response = old ?? await fetch(path, { cache: hashed ? 'default' : 'reload' })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    await cache.put(path, response)
  }))
}

async function clearOld() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('gridbook-') && name !== CACHE)
    .map((name) => caches.delete(name)))
}

async function kept(path, request) {
  const cache = await caches.open(CACHE)
  return await cache.match(path) ?? fetch(request)
}

async function tellPages(what) {
  const pages = await self.clients.matchAll({ type: 'window' })
  for (const page of pages) page.postMessage(what)
}
