/** What was looked for, so that coming back from a dossier finds it. */
import { ref } from 'vue'

export const text = ref('')
export const businessType = ref<string | null>(null)
export const overdue = ref(false)
export const findings = ref(false)
