import { and, count, eq, getTableColumns, inArray, max, ne, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { grade, lab, override, person, submission } from '../schema/index.ts'

export type SubmissionRow = typeof submission.$inferSelect
export type NewSubmission = Omit<typeof submission.$inferInsert, 'organisationId'>

export function submissionsOf(db: Db, organisationId: string) {
  const ours = eq(submission.organisationId, organisationId)
  const one = (id: string) => and(ours, eq(submission.id, id))
  const listed = {
    ...getTableColumns(submission),
    byName: person.name,
    points: grade.points,
    of: grade.of,
    gradedAt: grade.gradedAt,
    /** What people gave instead, if they did. */
    overridden: sql<number>`exists (select 1 from ${override} where ${override.submissionId} = ${submission.id})`.as(
      'overridden',
    ),
  }
  const from = () =>
    db
      .select(listed)
      .from(submission)
      .leftJoin(person, eq(person.id, submission.submittedBy))
      .leftJoin(grade, and(eq(grade.submissionId, submission.id), eq(grade.current, true)))

  return {
    find: (id: string) => db.select().from(submission).where(one(id)).get(),
    ofLab: (labId: string) =>
      db
        .select()
        .from(submission)
        .where(and(ours, eq(submission.labId, labId)))
        .get(),
    /** One holder's, the newest first. */
    ofHolder: (assignmentId: string, holder: string) =>
      from()
        .where(and(ours, eq(submission.assignmentId, assignmentId), eq(submission.holder, holder)))
        .orderBy(sql`${submission.attempt} desc`)
        .all(),
    /** All of an assignment, the newest first of each holder. */
    list: (assignmentId: string) =>
      from()
        .where(and(ours, eq(submission.assignmentId, assignmentId)))
        .orderBy(submission.holder, sql`${submission.attempt} desc`)
        .all(),
    /** With what each check gave, for the class table: only of those asked for. */
    reports: (ids: readonly string[]) =>
      db
        .select({ submissionId: grade.submissionId, report: grade.report })
        .from(grade)
        .innerJoin(submission, eq(submission.id, grade.submissionId))
        .where(and(ours, eq(grade.current, true), inArray(grade.submissionId, [...ids])))
        .all(),
    attempts: async (assignmentId: string, holder: string) => {
      const where = and(ours, eq(submission.assignmentId, assignmentId), eq(submission.holder, holder))
      const found = await db
        .select({ n: count(), last: max(submission.attempt) })
        .from(submission)
        .where(where)
        .get()
      return { made: found?.n ?? 0, last: found?.last ?? 0 }
    },
    /** False: this attempt of this holder is there already. */
    async insert(row: NewSubmission): Promise<boolean> {
      const made = db
        .insert(submission)
        .values({ ...row, organisationId })
        .onConflictDoNothing()
      return (await made.returning({ id: submission.id })).length > 0
    },
    update: (id: string, set: Partial<Pick<SubmissionRow, 'state' | 'labId'>>) => db.update(submission).set(set).where(one(id)),
    /** Only for one that never came into being. */
    remove: (id: string) => db.delete(submission).where(and(one(id), eq(submission.state, 'making'))),
    /** The frozen lab of one, with its address. */
    labOf: (id: string) =>
      db
        .select({ submission, lab })
        .from(submission)
        .innerJoin(lab, and(eq(lab.id, submission.labId), eq(lab.organisationId, organisationId)))
        .where(and(one(id), ne(lab.state, 'tombstone')))
        .get(),
  }
}
