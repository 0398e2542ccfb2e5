/** Names for what the document calls its schemas. */
import type { components } from './schema'

type Schemas = components['schemas']

export type Words = Schemas['Words']
export type Session = Schemas['SessionView']
export type RecordRow = Schemas['RecordRow']
export type RecordOut = Schemas['RecordOut']
export type FieldOut = Schemas['FieldOut']
export type GroupOut = Schemas['GroupOut']
export type ValueOut = Schemas['ValueOut']
export type AuthorView = Schemas['AuthorView']
export type Dossier = Schemas['Dossier']
export type ChangeOut = Schemas['ChangeOut']
export type ConflictOut = Schemas['ConflictOut']
export type HeldOut = Schemas['HeldOut']
export type Pair = Schemas['Pair']
export type Item = Schemas['Item']
export type CaseSummary = Schemas['CaseSummary']
export type Case = Schemas['Case']
export type LedgerEntry = Schemas['Entry']
export type Milestone = Schemas['MilestoneView']
export type DueState = Schemas['DueState']
export type Handler = Schemas['Handler']
export type Step = Schemas['Step']
export type StepInput = Schemas['StepInput']
export type State = Schemas['State']
export type Inspector = Schemas['Inspector']
export type Device = Schemas['DeviceOut']
export type Ticket = Schemas['Ticket']
export type Grid = Schemas['GridOut']
export type Office = Schemas['OfficeOut']
export type Forms = Schemas['Forms']
export type KindForm = Schemas['KindForm']
export type Code = Schemas['CodeOut']
export type Overview = Schemas['Overview']
export type Account = Schemas['AccountView']
export type AuditRow = Schemas['Row']
export type RosterFiling = Schemas['RosterFiling']

export type Batch = Schemas['Batch']
export type DoorRow = Schemas['DoorRow']
export type DoorDetail = Schemas['DoorDetail']
export type FrameRow = Schemas['FrameRow']
export type Listed = Schemas['Listed']
export type CheckFigures = Schemas['Figures']
export type Rate = Schemas['Rate']

export type CasePicture = Schemas['Picture']
export type RegistrationList = Schemas['ListOut']
export type RegistrationRow = Schemas['RowOut']
export type ImportedList = Schemas['Imported']
export type SchemaVersion = Schemas['VersionOut']
export type VersionDetail = Schemas['VersionDetail']
export type Checked = Schemas['Checked']
export type LedgerHead = Schemas['LedgerHead']
export type MonthFigures = Schemas['MonthFigures']
export type Reverted = Schemas['RevertedOut']
export type Coverage = Schemas['Coverage']
export type OpenCases = Schemas['OpenCases']
export type Closure = Schemas['Closure']

export type Role = 'supervisor' | 'office_clerk' | 'office_head' | 'administrator' | 'auditor'

/** A page of a list. */
export interface Page<T> {
  rows: T[]
  next?: string | null
  total?: number | null
  over?: boolean
}
