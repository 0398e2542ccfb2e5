import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import type { Check, Form } from '../../src/core/types'

/** Checks that wait to be answered, each with the form that it is of. */
const asked: { form: Form; answer: (check: Check) => void }[] = []
const saved = vi.fn((_: Form) => Promise.resolve({ record: 'r', proposals: [] }))
vi.mock('../../src/core/client', () => ({
  problemOf: (error: unknown) => error,
  useCore: () => ({
    check: (form: Form) => new Promise<Check>((answer) => asked.push({ form, answer })),
    save: saved,
    put_draft: () => Promise.resolve(),
  }),
}))
vi.mock('../../src/core/update', () => ({ holdUpdate: () => () => undefined }))

const { useForm } = await import('../../src/components/form/useForm')
const fine = { missing: [], faults: [], hidden: [] } as unknown as Check
const lacking = { ...fine, missing: ['name'] } as Check

beforeEach(() => {
  asked.length = 0
  saved.mockClear()
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

const begin = () => {
  const form = effectScope().run(() => useForm({ target: { kind: 'resident' }, draft: 'd', title: () => '' }))
  if (form === undefined) throw new Error('no form')
  return form
}

test('saving right after the last value goes by that value, even if the pause after it ends meanwhile', async () => {
  const form = begin()
  void form.recheck()
  asked[0]?.answer(lacking)
  await vi.advanceTimersByTimeAsync(0)
  expect(form.check.value?.missing).toEqual(['name'])

  form.set('name', '张三')
  const saving = form.save()
  await vi.advanceTimersByTimeAsync(100)
  expect(asked).toHaveLength(3)
  asked[1]?.answer(fine)
  await vi.advanceTimersByTimeAsync(0)
  asked[2]?.answer(fine)
  expect(await saving).not.toBeNull()
  expect(saved).toHaveBeenCalledTimes(1)
})

test('what is missing is not saved', async () => {
  const form = begin()
  const saving = form.save()
  asked[0]?.answer(lacking)
  expect(await saving).toBeNull()
  expect(saved).not.toHaveBeenCalled()
  expect(form.missing('name')).toBe(true)
})
