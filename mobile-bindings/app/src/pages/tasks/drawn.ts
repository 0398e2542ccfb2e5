/** What a drawn door brings along to its spot check; the officer is asked none of it. Pure. */
import type { Key, TaskRow, Value } from '@/core/types'

export function drawn(task: TaskRow, draw: NonNullable<TaskRow['draw']>, checker: string): Record<Key, Value> {
  return {
    batch: draw.batch,
    method: draw.method,
    door: task.door,
    checker,
    ...(draw.shop === null ? {} : { shop: draw.shop }),
  }
}
