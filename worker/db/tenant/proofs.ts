import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { assignment, variantProof } from '../schema/index.ts'
import { assignmentOf } from './assignments.ts'

/**
 * The statement that takes a holder out of the proofs of an organisation. They are in JSON there, and not as rows: which draw is good
 * for them, which variants would have been theirs.
 */
export function forgettingHolder(db: Db, organisationId: string, holder: string) {
  const { draws, without, faults } = variantProof
  const ours = db.select({ id: assignment.id }).from(assignment).where(eq(assignment.organisationId, organisationId))
  const told = (column: typeof draws | typeof without | typeof faults) => sql`instr(${column}, ${holder}) > 0`
  return db
    .update(variantProof)
    .set({
      draws: sql`json_remove(${draws}, ${`$."${holder}"`})`,
      without: sql`(select json_group_array(value) from json_each(${without}) where value <> ${holder})`,
      faults: sql`(select json_group_array(json(case when value ->> 'holder' = ${holder} then json_set(value, '$.holder', null) else value end)) from json_each(${faults}))`,
    })
    .where(and(inArray(variantProof.assignmentId, ours), or(told(draws), told(without), told(faults))))
}

export type { ProofFault } from '../schema/index.ts'
export type ProofRow = typeof variantProof.$inferSelect

/** Whether every variant of an assignment can be solved. */
export function proofsOf(db: Db, organisationId: string) {
  const of = (assignmentId: string) => inArray(variantProof.assignmentId, assignmentOf(db, organisationId, assignmentId))

  return {
    find: (assignmentId: string) => db.select().from(variantProof).where(of(assignmentId)).get(),
    /** Which draw of a holder is good; null: that is not known. */
    drawOf: async (assignmentId: string, holder: string) =>
      (
        await db
          .select({ draw: sql<number | null>`json_extract(${variantProof.draws}, ${`$."${holder}"`})`.as('draw') })
          .from(variantProof)
          .where(of(assignmentId))
          .get()
      )?.draw ?? null,
    /** In the place of the one before. */
    begin: ({ assignmentId, ...set }: ProofRow) =>
      db
        .insert(variantProof)
        // Nothing where it is not ours, which no row may have.
        .values({ ...set, assignmentId: sql`(${assignmentOf(db, organisationId, assignmentId)})` })
        .onConflictDoUpdate({ target: variantProof.assignmentId, set }),
    /** False: another proof has begun, or somebody else has come further in this one. */
    async advance(
      { assignmentId, run, tried }: ProofRow,
      set: Partial<Omit<ProofRow, 'assignmentId' | 'run'>>,
    ): Promise<boolean> {
      const changed = await db
        .update(variantProof)
        .set(set)
        .where(and(of(assignmentId), eq(variantProof.run, run), eq(variantProof.tried, tried), eq(variantProof.state, 'running')))
        .returning({ id: variantProof.assignmentId })
      return changed.length > 0
    },
    fail: (assignmentId: string, run: string, note: string, finishedAt: number) =>
      db
        .update(variantProof)
        .set({ state: 'failed', note, finishedAt })
        .where(and(of(assignmentId), eq(variantProof.run, run), eq(variantProof.state, 'running'))),
  }
}
