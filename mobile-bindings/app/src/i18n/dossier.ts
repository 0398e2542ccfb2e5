import { table } from './table'

export const dossier = table({
  title: ['档案', 'Dossier'],
})
