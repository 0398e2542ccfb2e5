/** The register's definitions, read once and again when the core takes another version, which it does while no form is open. */
import { computed, ref, shallowRef, watch } from 'vue'
import { changed, onChanged, useCore } from '@/core/client'
import { updateHeld } from '@/core/update'
import type { CodeDef, FieldDef, KindDef, SchemaDef, Value, Words } from '@/core/types'
import { t, w, type Language } from '@/i18n'
import { dateWords, timeWords } from './dates'
import { nowMs, today } from './now'

const held = shallowRef<SchemaDef | null>(null)
let reading: Promise<SchemaDef> | null = null

export function schema(): Promise<SchemaDef> {
  if (held.value !== null) return Promise.resolve(held.value)
  reading ??= useCore()
    .schema()
    .then((answer) => {
      held.value = answer
      return answer
    })
    .finally(() => {
      reading = null
    })
  return reading
}

/** Another version is here and waits for the form that is open. */
export const formsWait = ref(false)
/** Why the version that the server announced is not used. */
export const formsRefused = shallowRef<Words | null>(null)

async function follow(): Promise<void> {
  const core = useCore()
  const known = (await core.standing()).schema
  formsRefused.value = known.refused
  formsWait.value = known.ready !== null && updateHeld.value > 0
  const taken = known.ready !== null && updateHeld.value === 0 && await core.take_schema()
  if (taken || (held.value !== null && held.value.version !== known.version)) held.value = await core.schema()
  if (taken) changed()
}

onChanged(() => void follow().catch(() => undefined))
watch(updateHeld, (forms) => {
  if (forms === 0 && formsWait.value) void follow().catch(() => undefined)
})

/** Begins to read it; a page that cannot do without it asks `schema` and shows why it failed. */
export function readRegister(): void {
  void schema().catch(() => undefined)
}

/** For templates: null until it was read. */
export const register = computed(() => held.value)

export function kindOf(name: string): KindDef | null {
  return held.value?.kinds.find((kind) => kind.name === name) ?? null
}
export function fieldOf(kind: string, key: string): FieldDef | null {
  const parts = key.split('.')
  const fields = kindOf(kind)?.fields ?? []
  if (parts.length === 3) return fields.find((field) => field.group === parts[0] && field.name === parts[2]) ?? null
  return fields.find((field) => field.group === null && field.name === parts[0]) ?? null
}
export function codesOf(list: string | null): CodeDef[] {
  return list === null ? [] : (held.value?.codes[list]?.codes ?? [])
}
/** Long lists are asked for a code of every row. */
const byCode = new WeakMap<CodeDef[], Map<string, Words>>()
export function codeWords(list: string | null, code: string | null): Words | null {
  const codes = codesOf(list)
  let words = byCode.get(codes)
  if (words === undefined) {
    words = new Map(codes.map((one) => [one.code, one.words]))
    byCode.set(codes, words)
  }
  return code === null ? null : words.get(code) ?? null
}

/** A value as a person reads it; the words that came with it say it best. */
export function valueText(field: FieldDef | null, value: Value, words: Words | null, language: Language): string {
  if (words !== null) return w(words)
  if (value === null) return ''
  // Its value is a hash, which tells nobody anything.
  if (field?.type === 'photo') return t('form.photo_there')
  if (field?.codes != null && typeof value === 'string') return w(codeWords(field.codes, value)) || value
  if (typeof value === 'boolean') return language === 'zh' ? (value ? '是' : '否') : value ? 'Yes' : 'No'
  if (typeof value === 'object') return `${(value.lat / 1e7).toFixed(5)}, ${(value.lon / 1e7).toFixed(5)}`
  if (field?.type === 'date' && typeof value === 'string') return dateWords(value, today(), language)
  if (field?.type === 'time' && typeof value === 'number') return timeWords(value, nowMs(), language)
  return String(value)
}
