/** Small checks that run in the page; each answers with what it finds wrong. */

/** Wider than the screen. */
export function wide() {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth
  return over > 1 ? [`${over} px wider than the screen`] : []
}

/** What can be tapped and is smaller than 44 px; where a label stands for it, the label. */
export function small() {
  const found = []
  for (const node of document.querySelectorAll('button, a[href], select, textarea, input, [role=button], [role=radio], [role=switch]')) {
    const style = getComputedStyle(node)
    const label = style.opacity === '0' ? node.labels?.[0] : undefined
    const { width, height } = (label ?? node).getBoundingClientRect()
    if (width === 0 || height === 0 || style.visibility === 'hidden' || node.closest('[aria-hidden=true], [inert]')) continue
    if (width < 43.5 || height < 43.5) {
      found.push(`${node.tagName.toLowerCase()}.${node.className} "${(node.textContent ?? '').trim().slice(0, 20)}" is ${Math.round(width)}×${Math.round(height)}`)
    }
  }
  return [...new Set(found)]
}

/** Text that something cuts off, or that stands beside its button or the screen; but for what matches `besides`. */
export function clipped(besides = 'none') {
  const found = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const parent = node.parentElement
    if (!node.data.trim() || parent.closest(besides) || parent.closest('.aside, [aria-hidden=true], script, style, .van-picker')) continue
    if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    range.selectNodeContents(node)
    const text = range.getBoundingClientRect()
    if (text.width === 0) continue
    for (let box = parent; box !== null && box !== document.documentElement; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box)
      const edge = box.getBoundingClientRect()
      // What scrolls shows the rest.
      if (/auto|scroll/.test(`${overflowX} ${overflowY}`)) break
      const cuts = [overflowX, overflowY].some((one) => one === 'hidden' || one === 'clip') || /^(BUTTON|A)$/.test(box.tagName)
      const beyond = text.left < edge.left - 2 || text.right > edge.right + 2 || text.top < edge.top - 3 || text.bottom > edge.bottom + 3
      if (cuts && beyond) {
        found.push(`"${node.data.trim().slice(0, 24)}" is cut by ${box.tagName.toLowerCase()}.${box.className}`)
        break
      }
    }
  }
  return [...new Set(found)]
}

/** Buttons that lie under something else wherever they are scrolled to. */
export function blocked() {
  const found = []
  const dialogs = [...document.querySelectorAll('[role=dialog]')].filter((one) => one.checkVisibility())
  // The keypad lies over the page as the phone's own keyboard does.
  const keypad = [...document.querySelectorAll('.van-number-keyboard')].find((one) => one.checkVisibility())
  const root = dialogs.at(-1) ?? keypad ?? document.body
  const at = scrollY
  for (const node of root.querySelectorAll('button, a[href]')) {
    if (!node.checkVisibility({ visibilityProperty: true }) || node.closest('[aria-hidden=true], [inert]')) continue
    node.scrollIntoView({ block: 'center', inline: 'center' })
    const { left, top, width, height } = node.getBoundingClientRect()
    const hit = document.elementFromPoint(left + width / 2, top + height / 2)
    if (hit === null || !(node.contains(hit) || hit.contains(node))) {
      found.push(`"${(node.getAttribute('aria-label') ?? node.textContent).trim().slice(0, 24)}" lies under ${hit?.tagName.toLowerCase()}.${hit?.className}`)
    }
  }
  scrollTo(0, at)
  root.querySelectorAll('.body').forEach((body) => { body.scrollTop = 0 })
  return [...new Set(found)]
}
