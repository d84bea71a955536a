import { sql } from 'drizzle-orm'
import { DEFINITION_FORMAT, faultText, parseDefinition } from '../definition/parse.ts'
import type { LabDefinition } from '../engine/lab/definition.ts'
import type { LabClockRow, StoredLab } from '../engine/lab/lab-api.ts'
import type { Change } from '../engine/lab/query/index.ts'
import { CorruptPart } from '../engine/lab/upgrade.ts'
import type { PartRow } from '../engine/sim/part.ts'
import { noteChanges } from './changes.ts'
import { type Db, prepared } from './database.ts'
import { clearParts, readParts, writeParts } from './groups.ts'
import { clock, type LabRow, lab } from './schema.ts'

/** What a lab was made from. It never changes. */
export type NewLab = Pick<LabRow, 'definition' | 'brief' | 'seed' | 'createdAt'>

export function readLab(db: Db): NewLab | undefined {
  const { definition, brief, seed, createdAt } = lab
  return db.select({ definition, brief, seed, createdAt }).from(lab).get()
}

/** The definition as the engine takes it; from the lab.yaml again when another version of ours has stored it. */
export function readDefinition(db: Db): LabDefinition {
  const row = db.select({ yaml: lab.definition, parsed: lab.parsed, format: lab.parsedFormat, seed: lab.seed }).from(lab).get()
  if (row?.format === DEFINITION_FORMAT) return JSON.parse(row.parsed) as LabDefinition
  const again = parseDefinition(row?.yaml ?? '', row?.seed)
  if (!again.ok) throw new Error(`the stored definition is refused: ${again.faults.map(faultText).join('; ')}`)
  db.update(lab)
    .set({ parsed: JSON.stringify(again.definition), parsedFormat: DEFINITION_FORMAT })
    .run()
  return again.definition
}

export function insertLab(db: Db, made: NewLab, parsed: LabDefinition, stored: StoredLab): void {
  const { definition, brief, seed, createdAt } = made
  const format = { parsed: JSON.stringify(parsed), parsedFormat: DEFINITION_FORMAT }
  db.insert(lab)
    .values({ id: 1, definition, brief, seed, createdAt, ...format })
    .run()
  replaceState(db, stored)
}

/** The state that stands in the rows; only of a lab that exists. What cannot be read is named. */
export function readStored(db: Db): StoredLab {
  const now = readClock(db)
  return { clock: now, parts: readParts(db, Object.keys(now.numbers)) }
}

export function readClock(db: Db): LabClockRow {
  const row = db.select({ state: clock.state }).from(clock).get()
  try {
    const now = JSON.parse(row?.state ?? '') as LabClockRow
    if (typeof now.numbers === 'object' && Number.isSafeInteger(now.now)) return now
  } catch {}
  throw new CorruptPart('clock', row ? 'its row is damaged' : 'it has no row')
}

/** Puts another state under the same definition. */
export function replaceState(db: Db, stored: StoredLab): void {
  clearParts(db)
  writeChanges(db, { clock: stored.clock, changed: stored.parts, removed: [] })
}

export type Changes = {
  readonly clock: LabClockRow
  readonly changed: readonly PartRow[]
  readonly removed: readonly string[]
  readonly changes?: readonly Change[]
}

const { placeholder } = sql

const queries = prepared((db) => ({
  clock: db
    .insert(clock)
    .values({ id: 1, engine: placeholder('engine'), state: placeholder('state') })
    .onConflictDoUpdate({ target: clock.id, set: { engine: sql`excluded.engine`, state: sql`excluded.state` } })
    .prepare(),
}))

export function writeChanges(db: Db, { clock: now, changed, removed, changes = [] }: Changes): void {
  writeParts(db, changed, removed)
  noteChanges(db, changes)
  queries(db).clock.run({ engine: now.engine, state: JSON.stringify(now) })
}
