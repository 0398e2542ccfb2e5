/** Which hand holds the phone: row buttons stand on its side. */
import { ref, watch } from 'vue'

const KEY = 'gridbook.hand'

function stored(): 'left' | 'right' {
  try {
    return localStorage.getItem(KEY) === 'left' ? 'left' : 'right'
  } catch {
    return 'right'
  }
}

export const hand = ref<'left' | 'right'>(stored())
watch(hand, (side) => {
  try {
    localStorage.setItem(KEY, side)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
})
