// A class list as teachers export it from wherever they keep it: CSV with a line of headings.
import { CsvError, type Info, parse } from 'csv-parse/sync'
import type { CourseRole } from '../db/tenant/courses.ts'

export type RosterLine = {
  readonly line: number
  readonly name: string
  readonly email: string | null
  readonly role: CourseRole
  readonly group: string | null
}
export type RosterFault = { readonly line: number; readonly column: string; readonly message: string }
export type Roster = {
  readonly rows: readonly RosterLine[]
  readonly faults: readonly RosterFault[]
  readonly columns: readonly string[]
  /** Headings that mean nothing here. */
  readonly ignored: readonly string[]
}

const MOST_ROWS = 1_000
const LONGEST_NAME = 120

/** What headings are called, in small letters, without spaces and signs. */
const headings = {
  name: ['name', 'fullname', 'student', 'studentname', 'displayname'],
  first: ['firstname', 'givenname', 'forename'],
  last: ['lastname', 'surname', 'familyname'],
  email: ['email', 'emailaddress', 'mail', 'loginid'],
  role: ['role', 'part'],
  group: ['group', 'team', 'groupname'],
} as const
type Field = keyof typeof headings

const roles: Record<string, CourseRole> = {
  student: 'student',
  learner: 'student',
  assistant: 'assistant',
  tutor: 'assistant',
  ta: 'assistant',
  observer: 'observer',
  guest: 'observer',
}

const fieldOf = (heading: string): Field | undefined => {
  const plain = heading.toLowerCase().replace(/[^a-z]/g, '')
  return (Object.keys(headings) as Field[]).find((field) => (headings[field] as readonly string[]).includes(plain))
}

/** What stands between the values: whichever of the usual ones the first line has most of. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1)
  const counted = [',', ';', '\t'].map((one) => [one, first.split(one).length] as const)
  return counted.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}

/** The first line as it is, where the rest cannot be read. */
const headingsOf = (text: string): string[] =>
  (text.split(/\r?\n/, 1)[0] ?? '')
    .replace(/^\uFEFF/, '')
    .split(delimiterOf(text))
    .map((one) => one.trim())

const refused = (line: number, column: string, message: string): Roster => ({
  rows: [],
  faults: [{ line, column, message }],
  columns: [],
  ignored: [],
})

/** Reads a class list. With any fault nothing of it may be used. */
export function readRoster(csv: string): Roster {
  let records: { record: string[]; info: Info }[]
  try {
    records = parse(csv, {
      bom: true,
      delimiter: delimiterOf(csv),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines = 1, column } = error as CsvError & { lines?: number; column?: number | string }
    return refused(lines, typeof column === 'number' ? (headingsOf(csv)[column] ?? '') : (column ?? ''), plainly(error))
  }
  const [head, ...body] = records
  if (head === undefined) return refused(1, '', 'The file is empty.')
  const columns = head.record
  const fields = columns.map(fieldOf)
  const headLine = head.info.lines
  const named = fields.includes('name') || (fields.includes('first') && fields.includes('last'))
  if (!named) {
    const message = `The first line must name the columns, and one of them must be \`name\` (or \`first name\` and \`last name\`). It says: ${columns.join(', ')}.`
    return refused(headLine, columns[0] ?? '', message)
  }
  const twice = fields.findIndex((field, at) => field !== undefined && fields.indexOf(field) !== at)
  if (twice >= 0) return refused(headLine, columns[twice], 'Two columns say the same.')
  if (body.length === 0) return refused(headLine, '', 'There is nobody in the file.')
  if (body.length > MOST_ROWS) return refused(headLine, '', `At most ${MOST_ROWS} people can be imported at once.`)

  const faults: RosterFault[] = []
  const rows: RosterLine[] = []
  const seen = new Map<string, number>()
  for (const { record, info } of body) {
    const before = faults.length
    // `lines` counts up to the end of the record, which is its own line but for values that run over several.
    const line = info.lines - record.join('').split('\n').length + 1
    const row = readLine(record, columns, fields, line, faults)
    if (faults.length > before) continue
    const key = row.email ?? row.name.toLowerCase()
    const sooner = seen.get(key)
    if (sooner !== undefined) {
      const column = row.email === null ? columnOf(columns, fields, 'name') : columnOf(columns, fields, 'email')
      faults.push({ line, column, message: `${row.email ?? row.name} is in line ${sooner} already.` })
      continue
    }
    seen.set(key, line)
    rows.push(row)
  }
  return { rows, faults, columns, ignored: columns.filter((_, at) => fields[at] === undefined) }
}

const columnOf = (columns: readonly string[], fields: readonly (Field | undefined)[], field: Field) =>
  columns[fields.indexOf(field)] ?? columns[fields.indexOf('first')] ?? columns[0]

function readLine(
  record: readonly string[],
  columns: readonly string[],
  fields: readonly (Field | undefined)[],
  line: number,
  faults: RosterFault[],
): RosterLine {
  const fault = (column: string, message: string) => faults.push({ line, column, message })
  const value = (field: Field) => record[fields.indexOf(field)] ?? ''
  if (record.length !== columns.length) {
    const at = Math.min(record.length, columns.length)
    const which = record.length > columns.length ? `after ${columns.at(-1)}` : columns[at]
    const values = record.length === 1 ? 'one value' : `${record.length} values`
    fault(which, `The line has ${values}, the first line has ${columns.length}.`)
    return { line, name: '', email: null, role: 'student', group: null }
  }
  const name = (fields.includes('name') ? value('name') : `${value('first')} ${value('last')}`).replace(/\s+/g, ' ').trim()
  const nameColumn = columnOf(columns, fields, 'name')
  if (name === '') fault(nameColumn, 'The name is missing.')
  else if (name.length > LONGEST_NAME) fault(nameColumn, `The name is longer than ${LONGEST_NAME} characters.`)
  else if (/\p{Cc}/u.test(name)) fault(nameColumn, 'The name has characters that cannot be shown.')
  const email = value('email').toLowerCase()
  if (email !== '' && !/^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(email))
    fault(columnOf(columns, fields, 'email'), `“${email.slice(0, 80)}” is not an e-mail address.`)
  const role = roles[(value('role') || 'student').toLowerCase()]
  if (role === undefined)
    fault(columnOf(columns, fields, 'role'), `“${value('role').slice(0, 40)}” is no role: write student, assistant or observer.`)
  const group = value('group')
  if (group.length > 80) fault(columnOf(columns, fields, 'group'), 'The name of the group is longer than 80 characters.')
  if (group !== '' && role !== undefined && role !== 'student')
    fault(columnOf(columns, fields, 'group'), 'Only students are in groups.')
  return { line, name, email: email === '' ? null : email, role: role ?? 'student', group: group === '' ? null : group }
}

function plainly(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'A quotation mark is opened here and never closed.'
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE') return 'There is text right after a closing quotation mark.'
  if (error.code === 'INVALID_OPENING_QUOTE') return 'There is a quotation mark in the middle of a value.'
  return error.message
}
