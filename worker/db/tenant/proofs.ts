import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { variantProof } from '../schema/index.ts'
import { assignmentOf } from './assignments.ts'

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
