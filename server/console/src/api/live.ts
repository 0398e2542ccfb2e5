/** News from the server: which list may be fetched again, never what changed. */
import { onScopeDispose } from 'vue'
import { lookIn } from '@/session/session'

export type NewsKind = 'grid' | 'device' | 'review' | 'office' | 'refresh'
type Hear = (kind: NewsKind) => void

const KINDS: readonly NewsKind[] = ['grid', 'device', 'review', 'office', 'refresh']
const heard = new Set<Hear>()
let source: EventSource | null = null

export function startLive(): void {
  if (source) return
  source = new EventSource('/api/v1/live')
  for (const kind of KINDS) {
    source.addEventListener(kind, () => {
      for (const hear of heard) hear(kind)
    })
  }
  source.addEventListener('error', () => {
    // The browser comes again by itself, unless it was refused: then the session may be over.
    if (source?.readyState !== EventSource.CLOSED) return
    stopLive()
    void lookIn().catch(() => undefined)
  })
}

export function stopLive(): void {
  source?.close()
  source = null
}

/** Calls `then` when news of one of these kinds came, at most once in `quiet` ms. */
export function onNews(kinds: readonly NewsKind[], then: () => void, quiet = 1_500): void {
  let timer: ReturnType<typeof setTimeout> | null = null
  const hear: Hear = (kind) => {
    if (kind !== 'refresh' && !kinds.includes(kind)) return
    timer ??= setTimeout(() => {
      timer = null
      then()
    }, quiet)
  }
  heard.add(hear)
  onScopeDispose(() => {
    heard.delete(hear)
    if (timer) clearTimeout(timer)
  })
}
