import { table } from './table'

export const form = table({
  title: ['表单', 'Form'],
})
