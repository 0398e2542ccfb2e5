/** Keeps what is being typed on the phone's disk: on every pause, and when its page goes away. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import type { Problem } from '@/core/types'
import { problemOf, useCore } from '@/core/client'
import { holdUpdate } from '@/core/update'
import type { DraftBody } from './drafts'

const PAUSE_MS = 400

export interface DraftOptions {
  /** Under this name it is kept. */
  name: string
  /** What 继续上次填写? calls it. */
  title: () => string
  /** Null: nothing was typed. */
  body: () => DraftBody | null
  /** It is in memory but not on the disk. */
  failed: (problem: Problem) => void
}

export interface LiveDraft {
  /** Whether the last of it is on the disk. */
  kept: Ref<boolean>
  /** Something was typed. */
  typed(): void
  keep(): Promise<void>
  /** It is saved or given up; nothing is kept any more. */
  discard(): Promise<void>
}

export function useDraft(options: DraftOptions): LiveDraft {
  const core = useCore()
  const kept = ref(false)
  let timer = 0
  let closed = false
  /** Drafts are written one after the other, so that an older one never lands last. */
  let writing: Promise<void> = Promise.resolve()

  function keep(): Promise<void> {
    window.clearTimeout(timer)
    timer = 0
    const body = closed ? null : options.body()
    if (body === null) return writing
    writing = writing.then(async () => {
      if (closed) return
      try {
        await core.put_draft({ name: options.name, title: options.title(), body })
        kept.value = timer === 0
      } catch (error) {
        options.failed(problemOf(error))
      }
    })
    return writing
  }
  const away = (): void => {
    if (document.visibilityState === 'hidden') void keep()
  }
  const leave = (): void => void keep()

  onMounted(() => {
    document.addEventListener('visibilitychange', away)
    window.addEventListener('pagehide', leave)
  })
  // A new version waits until what is typed here is saved or left.
  onBeforeUnmount(holdUpdate())
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', away)
    window.removeEventListener('pagehide', leave)
    void keep()
  })

  return {
    kept,
    typed() {
      kept.value = false
      window.clearTimeout(timer)
      timer = window.setTimeout(() => void keep(), PAUSE_MS)
    },
    keep,
    async discard() {
      closed = true
      window.clearTimeout(timer)
      await writing
      await core.put_draft({ name: options.name, title: '', body: null }).catch(() => undefined)
    },
  }
}
