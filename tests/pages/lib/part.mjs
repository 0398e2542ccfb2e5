/** A part of the running app, by something that only it has: a handle on what one of its modules exports. */
export function part(page, mark) {
  return page.evaluateHandle(async (mark) => {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
    const scripts = [...loaded, ...[...document.scripts].map(({ src }) => src)].filter((name) => /\.js$/.test(name))
    for (const script of new Set(scripts)) {
      const found = Object.values(await import(script)).find((one) => typeof one === 'object' && one !== null && mark in one)
      if (found) return found
    }
    throw new Error(`no part of the app has ${mark}`)
  }, mark)
}
