/** All tables. Nothing of a page is imported here: the worker speaks these words too. */
import { dossier } from './dossier'
import { finding } from './finding'
import { form } from './form'
import { me } from './me'
import { setup } from './setup'
import { shell } from './shell'
import { shops } from './shops'
import { sync } from './sync'
import { tasks } from './tasks'
import { today } from './today'
import { unlock } from './unlock'
import type { Table } from './table'

/** By page. */
export const tables = {
  shell, setup, unlock, sync, me, today, shops, dossier, form, finding, tasks,
} satisfies Record<string, Table>

export type Tables = typeof tables
/** `page.text`. */
export type TextKey = { [P in keyof Tables]: `${P}.${keyof Tables[P] & string}` }[keyof Tables]
