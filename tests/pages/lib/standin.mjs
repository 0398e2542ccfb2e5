/** Answers in the core's place: what a page shows when the book fails, is slow or empty. */

/**
 * `answers`, by the call's name: 'fails', 'never', or what it answers. Until the page is loaded anew or
 * other answers are given.
 */
export async function standIn(page, answers) {
  await page.evaluate((answers) => {
    window.asked ??= Worker.prototype.postMessage
    Worker.prototype.postMessage = function (ask, ...rest) {
      const answer = answers[ask?.name]
      if (answer === undefined) return window.asked.call(this, ask, ...rest)
      const words = { zh: '这一块没有读出来，其他的照常可用。', en: 'This part could not be read; the rest works.' }
      const told = answer === 'fails' ? { problem: { code: 'store', words } } : { answer }
      if (answer !== 'never') this.dispatchEvent(new MessageEvent('message', { data: { id: ask.id, ...told } }))
    }
  }, answers)
}
