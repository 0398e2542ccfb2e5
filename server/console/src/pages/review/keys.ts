/** Single keys of a page: silent where somebody types, composes, or looks at a dialog. */
import { onBeforeUnmount, onMounted } from 'vue'

/** What a key event tells, as far as it matters here. */
export interface Pressed {
  key: string
  shift: boolean
  /** Ctrl, Alt or Meta: the browser's. */
  chord: boolean
  composing: boolean
  /** The tag of what has the focus, lower case, with the type of an input. */
  target: string
  editable: boolean
  /** Something modal is open. */
  modal: boolean
}

/** The name of the act's key, or null where it is not ours. Pure. */
export function keyOf(pressed: Pressed): string | null {
  if (pressed.chord || pressed.composing || pressed.key === 'Process' || pressed.editable || pressed.modal) return null
  if (['textarea', 'select'].includes(pressed.target)) return null
  if (pressed.target.startsWith('input') && !/^input:(radio|checkbox|button)$/.test(pressed.target)) return null
  if (pressed.key === 'Enter') {
    // A button that has the focus is pressed by Enter, as everywhere, unless it is a value's.
    if (['button', 'a'].includes(pressed.target)) return null
    return pressed.shift ? 'shift+enter' : 'enter'
  }
  if (pressed.key === '?') return '?'
  return pressed.shift ? null : pressed.key.toLowerCase()
}

function read(event: KeyboardEvent): Pressed {
  const element = event.target instanceof HTMLElement ? event.target : document.body
  const tag = element.tagName.toLowerCase()
  const target = tag === 'input' ? `input:${(element as HTMLInputElement).type}` : tag === 'button' && element.dataset.value !== undefined ? 'value' : tag
  return {
    key: event.key, shift: event.shiftKey, chord: event.ctrlKey || event.altKey || event.metaKey,
    composing: event.isComposing, target, editable: element.isContentEditable,
    // Dialogs stay in the page when they are closed.
    modal: [...document.querySelectorAll('[aria-modal=true]')].some((dialog) => dialog.getClientRects().length > 0),
  }
}

export type Acts = Record<string, () => void>

/** While the page shows: `acts` by key; digits 1–9 go to `digit`. */
export function useKeys(enabled: () => boolean, acts: Acts, digit: (n: number) => void): void {
  const hear = (event: KeyboardEvent): void => {
    if (!enabled()) return
    const key = keyOf(read(event))
    if (key === null) return
    const act = acts[key]
    if (act) act()
    else if (/^[1-9]$/.test(key)) digit(Number(key))
    else return
    event.preventDefault()
  }
  onMounted(() => document.addEventListener('keydown', hear))
  onBeforeUnmount(() => document.removeEventListener('keydown', hear))
}
