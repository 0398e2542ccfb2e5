/** Whether the window is narrow, as the style sheets have it: lists then show less beside each other. */
import { readonly, ref } from 'vue'

const query = matchMedia('(max-width: 1199px)')
const is = ref(query.matches)
query.addEventListener('change', () => { is.value = query.matches })

export const narrow = readonly(is)
