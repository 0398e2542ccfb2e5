/** One thing that was just done and can be taken back, wherever it was done. */
import { shallowRef } from 'vue'

export interface Undoable {
  text: string
  undo: () => Promise<void>
}

/** Long enough to read and reach; nothing is lost when it goes, a value can be edited again. */
const SHOWN_MS = 12_000

export const undoable = shallowRef<Undoable | null>(null)
let timer = 0

export function offerUndo(text: string, undo: () => Promise<void>): void {
  window.clearTimeout(timer)
  undoable.value = { text, undo }
  timer = window.setTimeout(() => {
    undoable.value = null
  }, SHOWN_MS)
}

export function forgetUndo(): void {
  window.clearTimeout(timer)
  undoable.value = null
}
