import { and, asc, eq, inArray, ne, or, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import {
  assignment,
  comment,
  course,
  courseGroup,
  groupMember,
  ltiContext,
  ltiMember,
  ltiPlatform,
  ltiReturn,
  person,
  submission,
} from '../schema/index.ts'

export type LtiReturnRow = typeof ltiReturn.$inferSelect
type Key = Pick<LtiReturnRow, 'contextId' | 'assignmentId' | 'personId'>

/** Grades on their way to learning platforms. */
export function ltiReturnsOf(db: Db, organisationId: string) {
  const ours = eq(ltiReturn.organisationId, organisationId)
  const one = ({ contextId, assignmentId, personId }: Key) =>
    and(ours, eq(ltiReturn.contextId, contextId), eq(ltiReturn.assignmentId, assignmentId), eq(ltiReturn.personId, personId))
  const wanted = {
    contextId: ltiReturn.contextId,
    assignmentId: ltiReturn.assignmentId,
    personId: ltiReturn.personId,
    holder: ltiReturn.holder,
  }

  return {
    /** Where the people of a holder are known: each pair of a person and a course at a platform that belongs to this assignment's. */
    targets: (assignmentId: string, holder: string) => {
      const [kind, id] = holder.split(':')
      const people =
        kind === 'group'
          ? db
              .select({ id: groupMember.personId })
              .from(groupMember)
              .innerJoin(courseGroup, eq(courseGroup.id, groupMember.groupId))
              .innerJoin(course, and(eq(course.id, courseGroup.courseId), eq(course.organisationId, organisationId)))
              .where(eq(groupMember.groupId, id))
          : [id]
      return db
        .select({ contextId: ltiContext.id, personId: ltiMember.personId })
        .from(assignment)
        .innerJoin(ltiContext, and(eq(ltiContext.organisationId, organisationId), eq(ltiContext.courseId, assignment.courseId)))
        .innerJoin(ltiMember, and(eq(ltiMember.contextId, ltiContext.id), inArray(ltiMember.personId, people)))
        .where(and(eq(assignment.organisationId, organisationId), eq(assignment.id, assignmentId)))
        .all()
    },
    /** Everybody who has handed something in. */
    holders: async (assignmentId: string) => {
      const where = and(eq(submission.organisationId, organisationId), eq(submission.assignmentId, assignmentId))
      return (await db.selectDistinct({ holder: submission.holder }).from(submission).where(where).all()).map(
        ({ holder }) => holder,
      )
    },
    /** `anew`: also what the platform was told already. */
    expect: (key: Key, holder: string, now: number, anew: boolean) =>
      db
        .insert(ltiReturn)
        .values({
          ...key,
          ...{ organisationId, holder, state: 'waiting', points: null, of: null, sent: null, error: null },
          ...{ timestamp: 0, attempts: 0, updatedAt: now },
        })
        .onConflictDoUpdate({
          target: [ltiReturn.contextId, ltiReturn.assignmentId, ltiReturn.personId],
          set: { state: 'waiting', holder, attempts: 0, error: null, updatedAt: now, ...(anew && { sent: null }) },
          setWhere: ours,
        }),
    /** The next timestamp, greater than all before it, whoever asks at once. What is read after it is at least as new. */
    stamp: (key: Key, now: number) =>
      db
        .update(ltiReturn)
        .set({
          timestamp: sql`max(${ltiReturn.timestamp} + 1, ${now})`,
          attempts: sql`${ltiReturn.attempts} + 1`,
          updatedAt: now,
        })
        .where(one(key))
        .returning()
        .get(),
    /** Only if nothing newer is under way. */
    arrived: (key: Key, timestamp: number, set: Pick<LtiReturnRow, 'points' | 'of' | 'sent'>, now: number) =>
      db
        .update(ltiReturn)
        .set({ ...set, state: 'sent', error: null, updatedAt: now })
        .where(and(one(key), eq(ltiReturn.timestamp, timestamp))),
    failed: (key: Key, error: string, final: boolean, now: number) =>
      db
        .update(ltiReturn)
        .set({ error: error.slice(0, 500), updatedAt: now, ...(final && { state: 'failed' as const }) })
        .where(one(key)),
    find: (key: Key) => db.select().from(ltiReturn).where(one(key)).get(),
    /** What has not arrived, of one course at a platform. */
    unsent: (contextId: string) =>
      db
        .select(wanted)
        .from(ltiReturn)
        .where(and(ours, eq(ltiReturn.contextId, contextId), ne(ltiReturn.state, 'sent')))
        .all(),
    list: (query: { contextId?: string; trouble: boolean }) =>
      db
        .select({
          row: ltiReturn,
          person: person.name,
          assignment: assignment.title,
          context: ltiContext.title,
          platform: ltiPlatform.name,
          courseId: assignment.courseId,
        })
        .from(ltiReturn)
        .innerJoin(person, eq(person.id, ltiReturn.personId))
        .innerJoin(assignment, eq(assignment.id, ltiReturn.assignmentId))
        .innerJoin(ltiContext, eq(ltiContext.id, ltiReturn.contextId))
        .innerJoin(ltiPlatform, eq(ltiPlatform.id, ltiContext.platformId))
        .where(
          and(
            ours,
            query.contextId === undefined ? undefined : eq(ltiReturn.contextId, query.contextId),
            query.trouble ? or(eq(ltiReturn.state, 'failed'), sql`${ltiReturn.error} is not null`) : undefined,
          ),
        )
        .orderBy(asc(assignment.title), asc(person.name))
        .limit(1_000)
        .all(),
    /** What teachers wrote about a submission as a whole, the oldest first. */
    comments: async (submissionId: string) => {
      const where = and(
        eq(submission.organisationId, organisationId),
        eq(comment.submissionId, submissionId),
        sql`${comment.checkId} is null`,
        ne(comment.createdBy, submission.submittedBy),
      )
      const rows = await db
        .select({ text: comment.text, by: comment.createdByName })
        .from(comment)
        .innerJoin(submission, eq(submission.id, comment.submissionId))
        .where(where)
        .orderBy(asc(comment.createdAt))
        .limit(20)
        .all()
      return rows
    },
  }
}
