/** The minute it is, for words such as "2 hours left". */
import { readonly, ref } from 'vue'

const at = ref(Date.now())
setInterval(() => { at.value = Date.now() }, 30_000)

export const now = readonly(at)
