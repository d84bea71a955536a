import { and, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { grade, override, person, submission } from '../schema/index.ts'
import { type Given, givenInstead, type ShortResult, shortResults } from '../short-results.ts'

export type SubmissionRow = typeof submission.$inferSelect

const withOverrides = <T extends { given: string }>(rows: readonly T[]) =>
  rows.map(({ given, ...row }) => ({ ...row, overrides: JSON.parse(given) as Given[] }))

export type NewSubmission = Omit<typeof submission.$inferInsert, 'organisationId'>

export function submissionsOf(db: Db, organisationId: string) {
  const ours = eq(submission.organisationId, organisationId)
  const one = (id: string) => and(ours, eq(submission.id, id))
  const listed = {
    ...getTableColumns(submission),
    byName: person.name,
    /** What the checks gave, with what people gave instead of single ones; null: not graded. */
    earned: sql<number | null>`(select sum(coalesce((select ${override.points} from ${override}
      where ${override.submissionId} = ${submission.id} and ${override.checkId} = one.value ->> 'id'), one.value ->> 'points'))
      from json_each(${grade.report}, '$.results') one)`.as('earned'),
    of: grade.of,
    gradedAt: grade.gradedAt,
    /** What people gave instead of what checks did: JSON. */
    given: givenInstead.as('given'),
  }
  const from = () =>
    db
      .select(listed)
      .from(submission)
      .leftJoin(person, eq(person.id, submission.submittedBy))
      .leftJoin(grade, and(eq(grade.submissionId, submission.id), eq(grade.current, true)))

  return {
    find: (id: string) => db.select().from(submission).where(one(id)).get(),
    /** One holder's, the newest first. */
    ofHolder: (assignmentId: string, holder: string) =>
      from()
        .where(and(ours, eq(submission.assignmentId, assignmentId), eq(submission.holder, holder)))
        .orderBy(sql`${submission.attempt} desc`)
        .all()
        .then(withOverrides),
    /** All of an assignment, the newest first of each holder. */
    list: (assignmentId: string) =>
      from()
        .where(and(ours, eq(submission.assignmentId, assignmentId)))
        .orderBy(submission.holder, sql`${submission.attempt} desc`)
        .all()
        .then(withOverrides),
    /** What each check gave, of every graded submission of an assignment, without the evidence. */
    outcomes: async (assignmentId: string) => {
      const rows = await db
        .select({ submissionId: grade.submissionId, checks: shortResults.as('checks') })
        .from(grade)
        .innerJoin(submission, eq(submission.id, grade.submissionId))
        .where(and(ours, eq(grade.current, true), eq(submission.assignmentId, assignmentId)))
        .all()
      return new Map(rows.map(({ submissionId, checks }) => [submissionId, JSON.parse(checks) as ShortResult[]]))
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
    /** Only one that has not come into being; false: it has, or is gone. */
    async remove(id: string): Promise<boolean> {
      const gone = db.delete(submission).where(and(one(id), eq(submission.state, 'making')))
      return (await gone.returning({ id: submission.id })).length > 0
    },
    /** Those of everybody that were begun before a moment and have no outcome, the oldest first. */
    unsettled: (before: number, limit: number) =>
      db
        .select()
        .from(submission)
        .where(and(ours, inArray(submission.state, ['making', 'submitted', 'grading']), lt(submission.submittedAt, before)))
        .orderBy(submission.submittedAt)
        .limit(limit)
        .all(),
    /** Its job has ended and nobody has written down how: the grade that it has counts, without one it failed. */
    endGrading: (id: string) =>
      db
        .update(submission)
        .set({
          state: sql`case when exists (select 1 from ${grade} where ${grade.submissionId} = ${submission.id} and ${grade.current})
            then 'graded' else 'failed' end`,
        })
        .where(and(one(id), inArray(submission.state, ['submitted', 'grading']))),
  }
}
