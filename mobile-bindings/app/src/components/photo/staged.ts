/**
 * Photos of a form that is not saved yet. Each is kept as a draft of its own the moment it is taken,
 * written once, so that typing on does not write it again; they are put to the record after its text.
 */
import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { problemOf, useCore } from '@/core/client'
import type { Draft, Id, Key, Problem } from '@/core/types'
import { locate } from '@/components/here'
import { nowMs } from '@/components/now'
import { fromBase64, toBase64 } from './bytes'
import { shrink } from './shrink'

export interface Staged {
  /** Draft under which it is kept. */
  name: string
  key: Key | null
  jpeg: Uint8Array<ArrayBuffer>
  original_sha256: string
  url: string
}

interface Body {
  key: Key | null
  jpeg: string
  original_sha256: string
}

const PREFIX = 'photo:'
export const isPhotoDraft = (draft: Draft): boolean => draft.name.startsWith(PREFIX)

const urlOf = (jpeg: Uint8Array<ArrayBuffer>): string => URL.createObjectURL(new Blob([jpeg], { type: 'image/jpeg' }))

export interface StagedPhotos {
  list: ShallowRef<Staged[]>
  working: Ref<boolean>
  /** The picture could not be read. */
  unreadable: Ref<boolean>
  /** It is in memory but not on the disk. */
  problem: ShallowRef<Problem | null>
  take(file: File, key: Key | null, about: string): Promise<void>
  remove(photo: Staged): void
  at(key: Key): Staged | undefined
  restore(): Promise<void>
  /** Puts each to its record; those that could not be put stay, and the first reason is told. */
  attach(record: Id, keyOf: (key: Key) => Key): Promise<Problem | null>
  discard(): Promise<void>
}

export function useStaged(draft: string): StagedPhotos {
  const core = useCore()
  const list = shallowRef<Staged[]>([])
  const working = ref(false)
  const unreadable = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let last = 0

  const forget = (name: string): Promise<void> =>
    core.put_draft({ name, title: '', body: null }).catch(() => undefined)

  function drop(photo: Staged): void {
    URL.revokeObjectURL(photo.url)
    list.value = list.value.filter((other) => other !== photo)
  }

  onBeforeUnmount(() => {
    for (const photo of list.value) URL.revokeObjectURL(photo.url)
  })

  return {
    list,
    working,
    unreadable,
    problem,
    async take(file, key, about) {
      working.value = true
      unreadable.value = false
      problem.value = null
      const at_ms = nowMs()
      try {
        const fix = await locate()
        const made = await shrink(file, { at_ms, place: fix?.at ?? null, accuracy: fix?.accuracy ?? null, about })
        last += 1
        const photo: Staged = {
          name: `${PREFIX}${draft}:${at_ms}-${last}`,
          key,
          jpeg: made.jpeg,
          original_sha256: made.original_sha256,
          url: urlOf(made.jpeg),
        }
        // The same shot twice is one photo; a field holds one.
        for (const other of list.value) {
          if (other.original_sha256 !== photo.original_sha256 && (key === null || other.key !== key)) continue
          drop(other)
          void forget(other.name)
        }
        list.value = [...list.value, photo]
        const body: Body = { key, jpeg: toBase64(photo.jpeg), original_sha256: photo.original_sha256 }
        await core.put_draft({ name: photo.name, title: about, body }).catch((error: unknown) => {
          problem.value = problemOf(error)
        })
      } catch {
        unreadable.value = true
      } finally {
        working.value = false
      }
    },
    remove(photo) {
      drop(photo)
      void forget(photo.name)
    },
    at: (key) => list.value.find((photo) => photo.key === key),
    async restore() {
      const drafts = await core.drafts()
      list.value = drafts
        .filter(({ name }) => name.startsWith(`${PREFIX}${draft}:`))
        .map(({ name, body }) => {
          const { key, jpeg, original_sha256 } = body as Body
          const bytes = fromBase64(jpeg)
          return { name, key, jpeg: bytes, original_sha256, url: urlOf(bytes) }
        })
    },
    async attach(record, keyOf) {
      let first: Problem | null = null
      for (const photo of list.value) {
        try {
          const { key } = photo
          await core.add_photo({ record, media: 'image/jpeg', ...(key === null ? {} : { key: keyOf(key) }) }, photo.jpeg)
          drop(photo)
          await forget(photo.name)
        } catch (error) {
          first ??= problemOf(error)
        }
      }
      return first
    },
    async discard() {
      for (const photo of list.value) {
        drop(photo)
        await forget(photo.name)
      }
    },
  }
}
