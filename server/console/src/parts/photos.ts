/** Photos that one key or link of a page opens together. */
import { inject, provide, type InjectionKey, type Ref } from 'vue'
import type { AuthorView, RecordOut } from '@/api/types'

const CASE: InjectionKey<() => string> = Symbol('case')
const TOGETHER: InjectionKey<Readonly<Ref<boolean>>> = Symbol('photos')

/** The photos within this part of the page open and close with `open`. */
export function openPhotos(open: Readonly<Ref<boolean>>): void {
  provide(TOGETHER, open)
}

/** Whether the photos around are open; null where nothing opens them together. */
export const photosOpen = (): Readonly<Ref<boolean>> | null => inject(TOGETHER, null)

/** The photos within this part of the page are looked at as those of a case, by whoever sees the case. */
export function photosOfCase(id: () => string): void {
  provide(CASE, id)
}

/** Where a photo of a record is read from, for this part of the page. */
export const photoCase = (): (() => string) | null => inject(CASE, null)

export interface Photo {
  sha: string
  /** Whoever says that it belongs there. */
  by: AuthorView[]
}

/** A record's photos, in the order of its form. */
export function photosOf(record: RecordOut | null | undefined): Photo[] {
  const fields = [...(record?.fields ?? []), ...(record?.groups ?? []).flatMap((group) => group.entries.flatMap((entry) => entry.fields))]
  return fields.filter((field) => field.type === 'photo').flatMap((field) => field.values.map((value) => ({ sha: String(value.value), by: value.by })))
}
