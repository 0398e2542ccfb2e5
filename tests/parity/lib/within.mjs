// Nothing is waited for without end: what did not come is named.

/** Longer than any answer takes on a busy machine, ms. */
const PATIENCE = 60_000

/** What `work` gives, unless it takes too long. */
export async function within(work, what) {
  let timer
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer: ${what}`)), PATIENCE)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
