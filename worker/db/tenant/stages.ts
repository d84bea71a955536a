import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { lab, stage, stageGift } from '../schema/index.ts'
import { assignmentOf } from './assignments.ts'

export type StageRow = typeof stage.$inferSelect

export function stagesOf(db: Db, organisationId: string) {
  const inAssignment = (assignmentId: string) => inArray(stage.assignmentId, assignmentOf(db, organisationId, assignmentId))
  const one = (assignmentId: string, id: string) => and(inAssignment(assignmentId), eq(stage.id, id))

  return {
    /** In the order in which they were stored, with how many hold them. */
    list: (assignmentId: string) =>
      db
        .select({
          stage,
          given: sql<number>`(select count(*) from ${stageGift} where ${stageGift.stageId} = ${stage.id})`.as('gifts'),
        })
        .from(stage)
        .where(inAssignment(assignmentId))
        .orderBy(stage.createdAt, stage.id)
        .all(),
    /** Those that a holder may go to. */
    openTo: (assignmentId: string, holder: string) =>
      db
        .select({ id: stage.id, name: stage.name, labId: stage.labId, givenAt: stageGift.createdAt })
        .from(stage)
        .leftJoin(stageGift, and(eq(stageGift.stageId, stage.id), eq(stageGift.holder, holder)))
        .where(and(inAssignment(assignmentId), sql`(${stage.given} = 0 or ${stageGift.holder} is not null)`))
        .orderBy(stage.createdAt, stage.id)
        .all(),
    find: (assignmentId: string, id: string) =>
      db
        .select({ stage, lab })
        .from(stage)
        .innerJoin(lab, and(eq(lab.id, stage.labId), eq(lab.organisationId, organisationId)))
        .where(one(assignmentId, id))
        .get(),
    /** The lab is the tenant's own; the assignment was found before. */
    insert: (row: StageRow) => db.insert(stage).values(row),
    update: (assignmentId: string, id: string, set: Partial<Pick<StageRow, 'name' | 'given'>>) =>
      db.update(stage).set(set).where(one(assignmentId, id)),
    async remove(assignmentId: string, id: string): Promise<boolean> {
      return (await db.delete(stage).where(one(assignmentId, id)).returning({ id: stage.id })).length > 0
    },
    /** To holders of the assignment: `person:ID` or `group:ID`. */
    async give(assignmentId: string, id: string, holders: readonly string[], by: string, now: number): Promise<void> {
      const gifts = holders.map((holder) =>
        db
          .insert(stageGift)
          .select(
            db
              .select({
                stageId: stage.id,
                holder: sql<string>`${holder}`.as('holder'),
                givenBy: sql<string>`${by}`.as('given_by'),
                createdAt: sql<number>`${now}`.as('created_at'),
              })
              .from(stage)
              .where(one(assignmentId, id)),
          )
          .onConflictDoUpdate({ target: [stageGift.stageId, stageGift.holder], set: { givenBy: by, createdAt: now } }),
      )
      const [first, ...rest] = gifts
      if (first !== undefined) await db.batch([first, ...rest])
    },
  }
}
