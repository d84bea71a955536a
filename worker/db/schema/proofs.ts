import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { assignment } from './courses.ts'

/** A variant that the lab's own solution does not solve, or that is solved at the start. */
export type ProofFault = {
  readonly seed: number
  /** Whose it would have been, as in `copy`; null: nobody's. */
  readonly holder: string | null
  readonly outcome: 'unsolved' | 'solved-at-start' | 'wrong'
  readonly variant: readonly { readonly name: string; readonly value: string }[]
  readonly missed: readonly string[]
}

/** What came of solving the variants of an assignment; a new one takes the place of the one before. */
export const variantProof = sqliteTable('variant_proof', {
  assignmentId: text('assignment_id')
    .primaryKey()
    .references(() => assignment.id, { onDelete: 'cascade' }),
  /** Which job writes it. */
  run: text('run').notNull(),
  /** SHA-256 of definition, rubric and solution. */
  sha256: text('sha256').notNull(),
  state: text('state', { enum: ['running', 'done', 'stopped', 'failed', 'no-solution'] }).notNull(),
  /** Why it was stopped or failed. */
  note: text('note').notNull(),
  /** How many different variants there are. */
  capacity: integer('capacity').notNull(),
  /** Variants that are to be solved, those that were, and those of them with nothing wrong. */
  of: integer('of').notNull(),
  tried: integer('tried').notNull(),
  proved: integer('proved').notNull(),
  faultCount: integer('fault_count').notNull(),
  /** The first of them. */
  faults: text('faults', { mode: 'json' }).$type<readonly ProofFault[]>().notNull(),
  /** Which draw is good, for each student or group that was in the course. */
  draws: text('draws', { mode: 'json' }).$type<Readonly<Record<string, number>>>().notNull(),
  /** Of whom none was found. */
  without: text('without', { mode: 'json' }).$type<readonly string[]>().notNull(),
  /** Further seeds, and how many of them were solved. */
  seeds: text('seeds', { mode: 'json' }).$type<readonly number[]>().notNull(),
  next: integer('next').notNull(),
  startedAt: integer('started_at').notNull(),
  finishedAt: integer('finished_at'),
})
