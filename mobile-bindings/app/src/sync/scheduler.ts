/**
 * When to sync: when the app opens, signal returns, something was saved, a timer says so, or the person
 * does. One at a time; the server's Retry-After is honoured, and longer waits follow each failure.
 * Everything it needs is an argument, so that tests turn its clock.
 */
import type { Counts, Problem, SyncProgress, SyncReport } from '@/core/types'
import type { SyncState } from './state'

export interface SchedulerParts {
  sync(): Promise<SyncReport>
  /** Ends the sync that goes on; it fails with `cancelled`. */
  stop(): void
  counts(): Promise<Counts>
  now(): number
  /** 0 … 1. */
  random(): number
  after(ms: number, work: () => void): () => void
  state: SyncState
  /** The book may show something else now. */
  changed(): void
  problemOf(thrown: unknown): Problem
}

/** Without another reason, ms. */
export const EVERY_MS = 5 * 60_000
/** A save waits for the next one, ms. */
export const SETTLE_MS = 4_000
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 5 * 60_000

/** Problems that pass by themselves. */
const PASSING = new Set<Problem['code']>(['offline', 'timeout', 'server', 'intercepted', 'busy'])

export type Reason = 'open' | 'online' | 'saved' | 'timer' | 'person' | 'retry'

export class Scheduler {
  private failures = 0
  private again = false
  private cancelTimer: () => void = () => undefined
  /** The server asked to be left alone until then; a person's tap does not override it. */
  private quiet_until_ms = 0

  constructor(private readonly parts: SchedulerParts) {}

  /** Something happened after which a sync may be due. */
  notice(reason: Reason): void {
    if (reason === 'saved') {
      void this.count()
      if (this.parts.state.retry_at_ms === null) this.in(SETTLE_MS, 'timer')
    } else if (reason === 'online') {
      this.parts.state.online = true
      this.failures = 0
      void this.run(reason)
    } else {
      void this.run(reason)
    }
  }

  /** What was on the way is not waited for: signal that returns must find nobody asleep between two tries. */
  wentOffline(): void {
    const { state } = this.parts
    state.online = false
    state.retry_at_ms = null
    this.cancelTimer()
    if (state.running) this.parts.stop()
    void this.count()
  }

  /** Brings the line's numbers up to date. */
  async count(): Promise<void> {
    try {
      this.parts.state.counts = await this.parts.counts()
    } catch {
      // The line keeps what it last knew; the next sync or save counts again.
    }
  }

  /** Syncs now, or again right after the one that goes on. */
  async run(reason: Reason): Promise<void> {
    const { state } = this.parts
    if (state.running) { this.again = true; return }
    if (!state.online && reason !== 'person') return
    const wait = this.quiet_until_ms - this.parts.now()
    if (wait > 0) { state.retry_at_ms = this.quiet_until_ms; this.in(wait, 'retry'); return }
    this.cancelTimer()
    state.running = true
    state.progress = null
    state.problem = null
    try {
      const report = await this.parts.sync()
      this.succeeded(report)
    } catch (thrown) {
      this.failed(this.parts.problemOf(thrown))
    }
    state.running = false
    state.progress = null
    await this.count()
    this.parts.changed()
    if (this.again) { this.again = false; if (state.problem === null) void this.run('timer') }
  }

  progressed(progress: SyncProgress): void {
    const { state } = this.parts
    // The server answered.
    state.retry_at_ms = null
    if (progress.phase !== state.progress?.phase) void this.count()
    state.progress = progress
  }

  private succeeded(report: SyncReport): void {
    const { state } = this.parts
    this.failures = 0
    state.retry_at_ms = null
    state.online = true
    if (report.wiped) {
      state.disabled = true
      state.sent_before_wipe = Math.max(state.sent_before_wipe, state.counts.waiting)
    }
    this.in(report.complete ? EVERY_MS : FIRST_RETRY_MS, 'timer')
  }

  private failed(problem: Problem): void {
    const { state } = this.parts
    if (problem.code === 'cancelled') return
    state.problem = problem
    if (!PASSING.has(problem.code)) { this.in(EVERY_MS, 'timer'); return }
    this.failures += 1
    const asked = problem.retry_after_ms ?? 0
    const doubled = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1))
    const wait = Math.max(asked, doubled * (0.5 + this.parts.random() / 2))
    if (asked > 0) this.quiet_until_ms = this.parts.now() + asked
    state.retry_at_ms = this.parts.now() + wait
    this.in(wait, 'retry')
  }

  private in(ms: number, reason: Reason): void {
    this.cancelTimer()
    this.cancelTimer = this.parts.after(ms, () => void this.run(reason))
  }
}
