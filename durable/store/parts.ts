import { eq } from 'drizzle-orm'
import { DEFINITION_FORMAT, faultText, parseDefinition } from '../definition/parse.ts'
import type { LabDefinition } from '../engine/lab/definition.ts'
import type { LabClockRow, StoredLab } from '../engine/lab/lab-api.ts'
import type { PartRow } from '../engine/sim/part.ts'
import type { Db } from './database.ts'
import { type LabRow, lab, part } from './schema.ts'

/** What a lab was made from. It never changes. */
export type NewLab = Pick<LabRow, 'definition' | 'brief' | 'seed' | 'createdAt'>

export function readLab(db: Db): NewLab | undefined {
  const { definition, brief, seed, createdAt } = lab
  return db.select({ definition, brief, seed, createdAt }).from(lab).get()
}

/** The definition as the engine takes it; from the lab.yaml again when another version of ours has stored it. */
export function readDefinition(db: Db): LabDefinition {
  const row = db.select({ yaml: lab.definition, parsed: lab.parsed, format: lab.parsedFormat }).from(lab).get()
  if (row?.format === DEFINITION_FORMAT) return JSON.parse(row.parsed) as LabDefinition
  const again = parseDefinition(row?.yaml ?? '')
  if (!again.ok) throw new Error(`the stored definition is refused: ${again.faults.map(faultText).join('; ')}`)
  db.update(lab)
    .set({ parsed: JSON.stringify(again.definition), parsedFormat: DEFINITION_FORMAT })
    .run()
  return again.definition
}

/** The state that stands in the rows; only of a lab that exists. */
export function readStored(db: Db): StoredLab {
  const row = db.select({ clock: lab.clock }).from(lab).get()
  if (!row) throw new Error('there is no lab row')
  return { clock: JSON.parse(row.clock) as LabClockRow, parts: db.select().from(part).orderBy(part.name).all() }
}

export function insertLab(
  db: Db,
  { definition, brief, seed, createdAt }: NewLab,
  parsed: LabDefinition,
  stored: StoredLab,
): void {
  const format = { parsed: JSON.stringify(parsed), parsedFormat: DEFINITION_FORMAT }
  db.insert(lab)
    .values({
      id: 1,
      definition,
      brief,
      seed,
      createdAt,
      ...format,
      engine: stored.clock.engine,
      clock: JSON.stringify(stored.clock),
    })
    .run()
  for (const row of stored.parts) db.insert(part).values(row).run()
}

/** Puts another state under the same definition. */
export function replaceState(db: Db, stored: StoredLab): void {
  db.delete(part).run()
  for (const row of stored.parts) db.insert(part).values(row).run()
  writeClock(db, stored.clock)
}

export type Changes = { readonly clock: LabClockRow; readonly changed: readonly PartRow[]; readonly removed: readonly string[] }

export function writeChanges(db: Db, { clock, changed, removed }: Changes): void {
  for (const name of removed) db.delete(part).where(eq(part.name, name)).run()
  for (const { name, kind, version, data } of changed) {
    db.insert(part)
      .values({ name, kind, version, data })
      .onConflictDoUpdate({ target: part.name, set: { kind, version, data } })
      .run()
  }
  writeClock(db, clock)
}

function writeClock(db: Db, clock: LabClockRow): void {
  db.update(lab)
    .set({ engine: clock.engine, clock: JSON.stringify(clock) })
    .where(eq(lab.id, 1))
    .run()
}
