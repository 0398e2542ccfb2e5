/** Which hand holds the phone: row buttons stand on its side. Chosen in the settings. */
import { computed } from 'vue'
import { settings } from '@/settings'

export const hand = computed(() => settings.hand)
