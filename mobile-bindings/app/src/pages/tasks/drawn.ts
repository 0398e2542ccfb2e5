/** What a drawn door brings along to its spot check. Pure. */
import type { Key, TaskRow, Value } from '@/core/types'

export function drawn(task: TaskRow, checker: string): Record<Key, Value> {
  return {
    batch: task.id,
    // A door drawn from the register has its shop; one drawn from the street may have none.
    method: task.shop === null ? 'street-to-register' : 'register-to-street',
    door: task.door,
    checker,
    ...(task.shop === null ? {} : { shop: task.shop }),
  }
}
