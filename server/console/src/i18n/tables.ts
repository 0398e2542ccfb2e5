/** All tables. */
import type { Table } from '#phone/i18n/table'
import { accounts } from './accounts'
import { acts, audit, objects } from './audit'
import { causes, classes, marks, sources, states, steps } from './codes'
import { cases } from './cases'
import { checks } from './checks'
import { figures } from './figures'
import { inbox } from './inbox'
import { overview } from './overview'
import { people } from './people'
import { problems } from './problems'
import { records } from './records'
import { review } from './review'
import { registrations } from './registrations'
import { rules } from './rules'
import { session } from './session'
import { shell } from './shell'

/** By page. */
export const tables = {
  shell, session, problems, review, records, inbox, cases, checks, people, accounts, registrations, rules, audit, overview, figures,
  states, steps, marks, sources, classes, causes, acts, objects,
} satisfies Record<string, Table>

export type Tables = typeof tables
/** `page.text`. */
export type TextKey = { [P in keyof Tables]: `${P}.${keyof Tables[P] & string}` }[keyof Tables]
