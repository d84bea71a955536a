import type { Refusal } from './contract.ts'
import { refuse } from './refusal.ts'
import type { Db } from './store/database.ts'

/** What a lab may take at rest, in bytes: its state, its journal, its snapshots and its packets. Packets alone never fill it. */
export const MOST_BYTES = 64 * 1024 * 1024

/** Why nothing more may be put into a lab, when that is so. What is in it can be looked at, exported and forked. */
export function labFull(db: Db): Refusal | undefined {
  if (db.$client.sql.databaseSize < MOST_BYTES) return undefined
  const budget = `${MOST_BYTES / 1024 / 1024} MiB`
  return refuse(
    409,
    'lab-full',
    `This lab is full: its journal and snapshots have used up its budget of ${budget}. Fork it to go on.`,
  )
}
