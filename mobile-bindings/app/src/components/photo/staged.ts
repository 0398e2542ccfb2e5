/**
 * Photos of a form that is not saved yet. Each is kept in drafts of its own the moment it is taken,
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
  /** Drafts that hold it. */
  pieces: number
}

/** One piece of a photo: a draft is small, a photo is not. */
interface Body {
  key: Key | null
  original_sha256: string
  part: number
  of: number
  data: string
}

const PREFIX = 'photo:'
/** The core keeps drafts of 48 KiB at most. */
const PIECE_CHARS = 44_000
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

  const partName = (name: string, part: number): string => `${name}#${part}`

  async function keep(photo: Staged, title: string): Promise<void> {
    const text = toBase64(photo.jpeg)
    const of = Math.ceil(text.length / PIECE_CHARS)
    photo.pieces = of
    for (let part = 0; part < of; part += 1) {
      const data = text.slice(part * PIECE_CHARS, (part + 1) * PIECE_CHARS)
      const body: Body = { key: photo.key, original_sha256: photo.original_sha256, part, of, data }
      await core.put_draft({ name: partName(photo.name, part), title, body })
    }
  }
  async function forget({ name, pieces }: Pick<Staged, 'name' | 'pieces'>): Promise<void> {
    for (let part = 0; part < pieces; part += 1) {
      await core.put_draft({ name: partName(name, part), title: '', body: null }).catch(() => undefined)
    }
  }

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
          pieces: 0,
        }
        // The same shot twice is one photo; a field holds one.
        for (const other of list.value) {
          if (other.original_sha256 !== photo.original_sha256 && (key === null || other.key !== key)) continue
          drop(other)
          void forget(other)
        }
        list.value = [...list.value, photo]
        await keep(photo, about).catch((error: unknown) => {
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
      void forget(photo)
    },
    at: (key) => list.value.find((photo) => photo.key === key),
    async restore() {
      const drafts = await core.drafts()
      const pieces = new Map<string, Body[]>()
      for (const { name, body } of drafts) {
        if (!name.startsWith(`${PREFIX}${draft}:`)) continue
        const whole = name.slice(0, name.lastIndexOf('#'))
        pieces.set(whole, [...(pieces.get(whole) ?? []), body as Body])
      }
      const found: Staged[] = []
      for (const [name, bodies] of pieces) {
        const [first] = bodies
        // The page ended between two pieces: the picture is not whole, it has to be taken again.
        if (first === undefined || bodies.length !== first.of) {
          void forget({ name, pieces: first?.of ?? 0 })
          continue
        }
        const text = bodies.sort((a, b) => a.part - b.part).map(({ data }) => data).join('')
        const jpeg = fromBase64(text)
        found.push({ name, key: first.key, jpeg, original_sha256: first.original_sha256, url: urlOf(jpeg), pieces: first.of })
      }
      list.value = found
    },
    async attach(record, keyOf) {
      let first: Problem | null = null
      for (const photo of list.value) {
        try {
          const { key } = photo
          await core.add_photo({ record, media: 'image/jpeg', ...(key === null ? {} : { key: keyOf(key) }) }, photo.jpeg)
          drop(photo)
          await forget(photo)
        } catch (error) {
          first ??= problemOf(error)
        }
      }
      return first
    },
    async discard() {
      for (const photo of list.value) {
        drop(photo)
        await forget(photo)
      }
    },
  }
}
