/** Whether the navigation now under way is the browser's step back, not a link. */
let popped = false

if (typeof window !== 'undefined') {
  // In the capture phase it runs before the router's own listener, whose guards ask.
  window.addEventListener(
    'popstate',
    () => {
      popped = true
      window.setTimeout(() => {
        popped = false
      })
    },
    { capture: true },
  )
}

export function steppedBack(): boolean {
  return popped
}
