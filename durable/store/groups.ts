import { asc, eq, sql } from 'drizzle-orm'
import { CorruptPart } from '../engine/lab/upgrade.ts'
import type { PartRow } from '../engine/sim/part.ts'
import { type Db, prepared } from './database.ts'
import { part, partGroup } from './schema.ts'

// The engine's unit is the part; what is billed is the row, and a ping changes a dozen parts. So parts share rows: those of
// one machine, or of one cable, lie in the same of a few drawers; what its consoles run lies apart, as it may be long.

/** More would mean more rows a command, fewer would mean more bytes. */
const DRAWERS = 4
const CONSOLE_DRAWERS = 2
const FNV = 0x01000193

/** Which row a part lies in. Labs are stored by this: it may not change. */
export function groupOf(name: string): string {
  const [machine = '', what] = name.split('/')
  let hash = 0x811c9dc5
  for (let at = 0; at < machine.length; at++) hash = Math.imul(hash ^ machine.charCodeAt(at), FNV)
  // Written once, and as long as a row should be.
  if (what === 'console-log') return name
  if (what === 'console' || what === 'process') return `consoles-${(hash >>> 0) % CONSOLE_DRAWERS}`
  return `drawer-${(hash >>> 0) % DRAWERS}`
}

type Members = { [name: string]: Omit<PartRow, 'name'> }

const { placeholder } = sql
const queries = prepared((db) => ({
  all: db.select().from(partGroup).orderBy(asc(partGroup.name)).prepare(),
  one: db
    .select({ data: partGroup.data })
    .from(partGroup)
    .where(eq(partGroup.name, placeholder('name')))
    .prepare(),
  insert: db
    .insert(partGroup)
    .values({ name: placeholder('name'), data: placeholder('data') })
    .prepare(),
  // Not an insertion that updates on conflict: that counts as two rows.
  update: db
    .update(partGroup)
    .set({ data: sql`${placeholder('data')}` })
    .where(eq(partGroup.name, placeholder('name')))
    .prepare(),
  loose: db.select().from(part).orderBy(asc(part.name)).prepare(),
}))

/** All parts in order of their names. `known`: the names that there must be; one that cannot be had is a corrupt part. */
export function readParts(db: Db, known: Iterable<string>): PartRow[] {
  const rows: PartRow[] = []
  let spoilt: string | undefined
  for (const { name, data } of queries(db).all.all()) {
    const members = parsed(data)
    if (members === undefined) spoilt = name
    else for (const [part, row] of Object.entries(members)) rows.push({ name: part, ...row })
  }
  const found = new Set(rows.map(({ name }) => name))
  for (const name of known) {
    if (found.has(name)) continue
    throw new CorruptPart(name, groupOf(name) === spoilt ? `the row ${spoilt} that holds it is damaged` : 'it has no row')
  }
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Writes each row that one of its parts changed in, once. */
export function writeParts(db: Db, changed: readonly PartRow[], removed: readonly string[]): void {
  const groups = new Map<string, { changed: PartRow[]; removed: string[] }>()
  const of = (name: string) => {
    const group = groupOf(name)
    const known = groups.get(group) ?? { changed: [], removed: [] }
    groups.set(group, known)
    return known
  }
  for (const row of changed) of(row.name).changed.push(row)
  for (const name of removed) of(name).removed.push(name)
  for (const [name, changes] of groups) writeGroup(db, name, changes.changed, changes.removed)
}

function writeGroup(db: Db, name: string, changed: readonly PartRow[], removed: readonly string[]): void {
  const row = queries(db).one.get({ name })
  const members = row ? parsed(row.data) : {}
  // Nothing is written over what cannot be read.
  if (members === undefined) throw new CorruptPart(name, 'its row is damaged')
  for (const gone of removed) delete members[gone]
  for (const { name: part, kind, version, data } of changed) members[part] = { kind, version, data }
  if (Object.keys(members).length > 0) queries(db)[row ? 'update' : 'insert'].run({ name, data: JSON.stringify(members) })
  else if (row) db.delete(partGroup).where(eq(partGroup.name, name)).run()
}

export function clearParts(db: Db): void {
  db.delete(partGroup).run()
}

/** Labs of before there were groups: their rows are put into groups once. */
export function gatherParts(db: Db): void {
  const loose = queries(db).loose.all()
  if (loose.length === 0) return
  db.$client.transactionSync(() => {
    writeParts(db, loose, [])
    db.delete(part).run()
  })
}

function parsed(data: string): Members | undefined {
  try {
    const members: unknown = JSON.parse(data)
    return typeof members === 'object' && members !== null && !Array.isArray(members) ? (members as Members) : undefined
  } catch {
    return undefined
  }
}
