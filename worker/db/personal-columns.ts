import { and, eq, getTableName, inArray, is, type SQL, sql } from 'drizzle-orm'
import { getTableConfig, type SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from './schema/index.ts'

// Where people are in the database, read off the schema itself: a table that is added later is exported and erased too, as long as
// its columns are named as all the others are.

type Column = SQLiteColumn
export type Mention = { readonly id: Column; readonly name: Column | null }
export type PersonalTable = {
  readonly table: SQLiteTable
  readonly name: string
  readonly columns: readonly Column[]
  /** Rows that are the person's own: they go. */
  readonly own: readonly Column[]
  /** `person:ID`: what somebody has handed in or works on. */
  readonly holder: Column | null
  /** Who did something: the row stays, under another name. */
  readonly mentions: readonly Mention[]
  /** Of one organisation; null: the table is not of organisations. */
  readonly within: ((organisationId: string) => SQL) | null
}

const tables = Object.values(schema).filter((one) => is(one, SQLiteTable)) as SQLiteTable[]
const config = (table: SQLiteTable) => getTableConfig(table)
const columnOf = (table: SQLiteTable, name: string): Column | undefined => config(table).columns.find((one) => one.name === name)

/** By the organisation in the row, or in the row that it hangs on. */
function within(table: SQLiteTable): ((organisationId: string) => SQL) | null {
  const own = columnOf(table, 'organisation_id')
  if (own !== undefined) return (organisationId) => eq(own, organisationId)
  for (const key of config(table).foreignKeys) {
    const { columns, foreignTable, foreignColumns } = key.reference()
    if (foreignTable === schema.person || foreignTable === schema.authUser || foreignTable === table) continue
    const above = within(foreignTable as SQLiteTable)
    const [from] = columns
    const [to] = foreignColumns
    if (above === null || from === undefined || to === undefined) continue
    return (organisationId) => inArray(from, sql`(select ${to} from ${foreignTable} where ${above(organisationId)})`) as SQL
  }
  return null
}

const refersToPerson = (table: SQLiteTable, column: Column) =>
  config(table).foreignKeys.some((key) => {
    const { columns, foreignTable } = key.reference()
    return foreignTable === schema.person && columns.includes(column)
  })

function describe(table: SQLiteTable): PersonalTable {
  const { columns } = config(table)
  const own = columns.filter((one) => refersToPerson(table, one))
  const mentions = columns
    .filter((one) => /(_by|^actor_id|^owner_id)$/.test(one.name))
    .map((id) => ({ id, name: columnOf(table, id.name.replace(/_id$/, '').concat('_name')) ?? null }))
  const holder = columnOf(table, 'holder') ?? null
  return { table, name: getTableName(table), columns, own, holder, mentions, within: within(table) }
}

/** All tables in which a person can be. */
export const personalTables: readonly PersonalTable[] = tables
  .map(describe)
  .filter(({ own, holder, mentions }) => own.length + mentions.length > 0 || holder !== null)

export const holderOf = (personId: string) => `person:${personId}`

/** Rows in which the person is, in one organisation. */
export function rowsOf(one: PersonalTable, organisationId: string, personId: string): SQL | undefined {
  if (one.within === null) return undefined
  const there = [
    ...one.own.map((column) => eq(column, personId)),
    ...one.mentions.map(({ id }) => eq(id, personId)),
    ...(one.holder === null ? [] : [eq(one.holder, holderOf(personId))]),
  ]
  return and(one.within(organisationId), sql`(${sql.join(there, sql` or `)})`)
}

/** What is nobody's to read, not even in an export of their own. */
export const isSecret = (column: Column) => /(_hash|secret|^password|token)$/.test(column.name)
