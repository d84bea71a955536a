import { and, asc, desc, eq, exists, inArray, type SQL, sql } from 'drizzle-orm'
import type { KeptReport } from '../../grading/report.ts'
import type { Db } from '../database.ts'
import {
  assignment,
  copy,
  course,
  courseGroup,
  enrolment,
  grade,
  groupMember,
  lab,
  organisation,
  override,
  person,
  regradeRequest,
  rubricVersion,
  submission,
} from '../schema/index.ts'
import { type Given, givenInstead, type ShortResult, shortResults } from '../short-results.ts'

export type SubmissionRow = typeof submission.$inferSelect
export type GradeRow = typeof grade.$inferSelect
export type OverrideRow = typeof override.$inferSelect

/** A hundred parameters are the most that one statement takes. */
const MOST_IDS = 80

export function gradesOf(db: Db, organisationId: string) {
  const ours = (...also: (SQL | undefined)[]) => and(eq(submission.organisationId, organisationId), ...also)
  const isOurs = (id: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(submission)
        .where(ours(eq(submission.id, id))),
    )
  const named = {
    person: person.name,
    group: courseGroup.name,
  }
  const withNames = <T extends { person: string | null; group: string | null }>({ person, group, ...rest }: T) => ({
    ...rest,
    name: person ?? group ?? 'somebody who is gone',
  })
  const tieOf = (personId: string) => ({
    enrolled: sql<'assistant' | 'student' | 'observer' | null>`(select ${enrolment.role} from ${enrolment}
      where ${enrolment.courseId} = ${assignment.courseId} and ${enrolment.personId} = ${personId})`.as('enrolled'),
    holds: sql<number>`(${copy.personId} = ${personId} or exists (select 1 from ${groupMember}
      where ${groupMember.groupId} = ${copy.groupId} and ${groupMember.personId} = ${personId}))`.as('holds'),
  })

  return {
    /** Whose it is. */
    jurisdiction: async () =>
      (await db.select({ of: organisation.jurisdiction }).from(organisation).where(eq(organisation.id, organisationId)).get())
        ?.of ?? null,

    /** A submission with all that stands around it, and what binds a person to it. */
    async find(id: string, personId: string) {
      const found = await db
        .select({ submission, assignment, course: { id: course.id, title: course.title }, lab, ...named, ...tieOf(personId) })
        .from(submission)
        .innerJoin(assignment, eq(assignment.id, submission.assignmentId))
        .innerJoin(course, eq(course.id, assignment.courseId))
        .innerJoin(copy, eq(copy.id, submission.copyId))
        .leftJoin(lab, eq(lab.id, submission.labId))
        .leftJoin(person, eq(person.id, copy.personId))
        .leftJoin(courseGroup, eq(courseGroup.id, copy.groupId))
        .where(ours(eq(submission.id, id)))
        .get()
      if (!found) return undefined
      const { enrolled, holds, ...rest } = withNames(found)
      return { ...rest, tie: { enrolled, holds: holds === 1 } }
    },

    /** An assignment, and what the person is in its course. */
    async assignment(id: string, personId: string) {
      const enrolled = tieOf(personId).enrolled
      return db
        .select({ assignment, course: { id: course.id, title: course.title }, enrolled })
        .from(assignment)
        .innerJoin(course, eq(course.id, assignment.courseId))
        .where(and(eq(assignment.organisationId, organisationId), eq(assignment.id, id)))
        .get()
    },

    /** What was handed in for an assignment, with the grade that counts for each, without its evidence. */
    async list(assignmentId: string, holder?: string) {
      const counting = { gradeId: grade.id, rubricVersion: grade.rubricVersion, digest: grade.digest }
      const rows = await db
        .select({ submission, ...counting, results: shortResults.as('results'), ...named })
        .from(submission)
        .innerJoin(copy, eq(copy.id, submission.copyId))
        .leftJoin(grade, and(eq(grade.submissionId, submission.id), eq(grade.current, true)))
        .leftJoin(person, eq(person.id, copy.personId))
        .leftJoin(courseGroup, eq(courseGroup.id, copy.groupId))
        .where(ours(eq(submission.assignmentId, assignmentId), holder === undefined ? undefined : eq(submission.holder, holder)))
        .orderBy(asc(submission.holder), asc(submission.attempt))
        .all()
      return rows.map(withNames).map(({ gradeId, rubricVersion, digest, results, ...rest }) => {
        const none = gradeId === null || rubricVersion === null || digest === null
        return { ...rest, grade: none ? null : { rubricVersion, digest, results: JSON.parse(results) as ShortResult[] } }
      })
    },

    /** Assignments for which something was handed in, and what waits there: of all courses, or of those that a person teaches or watches. */
    overview: (personId: string | null) =>
      db
        .select({
          id: assignment.id,
          title: assignment.title,
          course: course.title,
          submissions: sql<number>`count(*)`,
          ungraded: sql<number>`sum(${submission.state} <> 'graded')`,
          requests: sql<number>`sum((select count(*) from ${regradeRequest} where ${regradeRequest.submissionId} = ${submission.id} and ${regradeRequest.state} = 'open'))`,
          last: sql<number>`max(${submission.submittedAt})`,
        })
        .from(submission)
        .innerJoin(assignment, eq(assignment.id, submission.assignmentId))
        .innerJoin(course, eq(course.id, assignment.courseId))
        .where(
          ours(
            personId === null
              ? undefined
              : sql`exists (select 1 from ${enrolment} where ${enrolment.courseId} = ${course.id} and ${enrolment.personId} = ${personId}
                  and ${enrolment.role} in ('assistant', 'observer'))`,
          ),
        )
        .groupBy(assignment.id)
        .orderBy(desc(sql`max(${submission.submittedAt})`))
        .limit(200)
        .all(),
    /** What a person has handed in, alone or in a group, the newest first; `results`: null as long as it is not graded. */
    async mine(personId: string) {
      const rows = await db
        .select({
          submission,
          gradeId: grade.id,
          results: shortResults.as('results'),
          given: givenInstead.as('given'),
          title: assignment.title,
          course: course.title,
        })
        .from(submission)
        .innerJoin(assignment, eq(assignment.id, submission.assignmentId))
        .innerJoin(course, eq(course.id, assignment.courseId))
        .innerJoin(copy, eq(copy.id, submission.copyId))
        .leftJoin(grade, and(eq(grade.submissionId, submission.id), eq(grade.current, true)))
        .where(
          ours(
            sql`(${copy.personId} = ${personId} or exists (select 1 from ${groupMember}
              where ${groupMember.groupId} = ${copy.groupId} and ${groupMember.personId} = ${personId}))`,
          ),
        )
        .orderBy(desc(submission.submittedAt))
        .limit(200)
        .all()
      return rows.map(({ gradeId, results, given, ...rest }) => ({
        ...rest,
        results: gradeId === null ? null : (JSON.parse(results) as ShortResult[]),
        overrides: JSON.parse(given) as Given[],
      }))
    },

    /** Of these, the ones that are ours. */
    async gradable(ids: readonly string[]) {
      const found = []
      for (let at = 0; at < ids.length; at += MOST_IDS)
        found.push(
          ...(await db
            .select({ id: submission.id, labId: submission.labId, ...named })
            .from(submission)
            .innerJoin(copy, eq(copy.id, submission.copyId))
            .leftJoin(person, eq(person.id, copy.personId))
            .leftJoin(courseGroup, eq(courseGroup.id, copy.groupId))
            .where(ours(inArray(submission.id, ids.slice(at, at + MOST_IDS))))
            .all()),
        )
      return found.map(withNames)
    },

    setState: (id: string, state: SubmissionRow['state']) =>
      db
        .update(submission)
        .set({ state })
        .where(ours(eq(submission.id, id))),

    current: (submissionId: string) =>
      db
        .select()
        .from(grade)
        .where(and(eq(grade.submissionId, submissionId), eq(grade.current, true), isOurs(submissionId)))
        .get(),
    history: (submissionId: string) =>
      db
        .select({
          id: grade.id,
          rubricVersion: grade.rubricVersion,
          engineVersion: grade.engineVersion,
          points: grade.points,
          of: grade.of,
          digest: grade.digest,
          gradedAt: grade.gradedAt,
          current: grade.current,
        })
        .from(grade)
        .where(and(eq(grade.submissionId, submissionId), isOurs(submissionId)))
        .orderBy(desc(grade.gradedAt))
        .limit(50)
        .all(),
    /** The grade before one, to say what has changed. */
    before: (submissionId: string, than: GradeRow) =>
      db
        .select()
        .from(grade)
        .where(
          and(
            eq(grade.submissionId, submissionId),
            isOurs(submissionId),
            sql`(${grade.gradedAt}, ${grade.id}) < (${than.gradedAt}, ${than.id})`,
          ),
        )
        .orderBy(desc(grade.gradedAt), desc(grade.id))
        .limit(1)
        .get(),
    /** Becomes the one that counts; under the same id nothing is stored twice. */
    store: (row: Omit<typeof grade.$inferInsert, 'report' | 'current'> & { report: KeptReport }) =>
      db.batch([
        db
          .update(grade)
          .set({ current: false })
          .where(and(eq(grade.submissionId, row.submissionId), isOurs(row.submissionId))),
        db
          .insert(grade)
          .values({ ...row, current: true })
          .onConflictDoUpdate({ target: grade.id, set: { current: true } }),
        db
          .update(submission)
          .set({ state: 'graded' })
          .where(ours(eq(submission.id, row.submissionId))),
      ]),

    overrides: (submissionId: string) =>
      db
        .select()
        .from(override)
        .where(and(eq(override.submissionId, submissionId), isOurs(submissionId)))
        .orderBy(asc(override.createdAt))
        .all(),
    overridesOf: (assignmentId: string) =>
      db
        .select({ submissionId: override.submissionId, checkId: override.checkId, points: override.points })
        .from(override)
        .innerJoin(submission, eq(submission.id, override.submissionId))
        .where(ours(eq(submission.assignmentId, assignmentId)))
        .all(),
    putOverride: (row: typeof override.$inferInsert) =>
      db
        .insert(override)
        .values(row)
        .onConflictDoUpdate({
          target: [override.submissionId, override.checkId],
          set: {
            points: row.points,
            reason: row.reason,
            createdBy: row.createdBy,
            createdByName: row.createdByName,
            createdAt: row.createdAt,
          },
          setWhere: isOurs(row.submissionId),
        }),
    async removeOverride(submissionId: string, checkId: string): Promise<boolean> {
      const gone = await db
        .delete(override)
        .where(and(eq(override.submissionId, submissionId), eq(override.checkId, checkId), isOurs(submissionId)))
        .returning({ id: override.checkId })
      return gone.length > 0
    },

    /** A corrected rubric becomes the next version; the number, or undefined when somebody else was first. */
    async correctRubric(
      assignmentId: string,
      from: number,
      next: Omit<typeof rubricVersion.$inferInsert, 'assignmentId' | 'version'>,
    ) {
      const version = from + 1
      const mine = and(
        eq(assignment.organisationId, organisationId),
        eq(assignment.id, assignmentId),
        eq(assignment.rubricVersion, from),
      )
      const old = db
        .insert(rubricVersion)
        .select(
          db
            .select({
              assignmentId: assignment.id,
              version: assignment.rubricVersion,
              rubric: assignment.rubric,
              reason: sql<string>`''`.as('reason'),
              createdBy: assignment.createdBy,
              createdByName: sql<string>`''`.as('created_by_name'),
              createdAt: assignment.createdAt,
            })
            .from(assignment)
            .where(mine),
        )
        .onConflictDoNothing()
      const changed = db
        .update(assignment)
        .set({ rubric: next.rubric, rubricVersion: version, updatedAt: next.createdAt })
        .where(mine)
        .returning({ id: assignment.id })
      const kept = db
        .insert(rubricVersion)
        .select(
          db
            .select({
              assignmentId: assignment.id,
              version: assignment.rubricVersion,
              rubric: assignment.rubric,
              reason: sql<string>`${next.reason}`.as('reason'),
              createdBy: sql<string>`${next.createdBy}`.as('created_by'),
              createdByName: sql<string>`${next.createdByName}`.as('created_by_name'),
              createdAt: sql<number>`${next.createdAt}`.as('created_at'),
            })
            .from(assignment)
            .where(
              and(
                eq(assignment.organisationId, organisationId),
                eq(assignment.id, assignmentId),
                eq(assignment.rubricVersion, version),
              ),
            ),
        )
        .onConflictDoNothing()
      const [, done] = await db.batch([old, changed, kept])
      if (done.length === 0) return undefined
      return version
    },
    rubrics: (assignmentId: string) =>
      db
        .select({
          version: rubricVersion.version,
          rubric: rubricVersion.rubric,
          reason: rubricVersion.reason,
          createdByName: rubricVersion.createdByName,
          createdAt: rubricVersion.createdAt,
        })
        .from(rubricVersion)
        .innerJoin(assignment, and(eq(assignment.id, rubricVersion.assignmentId), eq(assignment.organisationId, organisationId)))
        .where(eq(rubricVersion.assignmentId, assignmentId))
        .orderBy(desc(rubricVersion.version))
        .all(),
  }
}
