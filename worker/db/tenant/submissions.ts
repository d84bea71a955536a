import { and, count, eq, getTableColumns, max, ne, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { grade, lab, override, person, submission } from '../schema/index.ts'

export type SubmissionRow = typeof submission.$inferSelect
/** One check of a grade, as far as a table shows it. */
export type CheckOutcomeShort = {
  readonly id: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'could-not-run'
  readonly points: number
  readonly of: number
}

const withOverrides = <T extends { given: string }>(rows: readonly T[]) =>
  rows.map(({ given, ...row }) => ({ ...row, overrides: JSON.parse(given) as { checkId: string; points: number }[] }))

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
    given: sql<string>`(select json_group_array(json_object('checkId', ${override.checkId}, 'points', ${override.points}))
      from ${override} where ${override.submissionId} = ${submission.id})`.as('given'),
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
      const short = sql<string>`(select json_group_array(json_object('id', one.value ->> 'id', 'title', one.value ->> 'title',
        'outcome', one.value ->> 'outcome', 'points', one.value ->> 'points', 'of', one.value ->> 'of'))
        from json_each(${grade.report}, '$.results') one)`
      const rows = await db
        .select({ submissionId: grade.submissionId, checks: short.as('checks') })
        .from(grade)
        .innerJoin(submission, eq(submission.id, grade.submissionId))
        .where(and(ours, eq(grade.current, true), eq(submission.assignmentId, assignmentId)))
        .all()
      return new Map(rows.map(({ submissionId, checks }) => [submissionId, JSON.parse(checks) as CheckOutcomeShort[]]))
    },
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
