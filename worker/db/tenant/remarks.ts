import { and, asc, eq, exists, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { comment, copy, courseGroup, person, regradeRequest, submission } from '../schema/index.ts'

export type CommentRow = typeof comment.$inferSelect
export type RequestRow = typeof regradeRequest.$inferSelect

/** What people say about a submission: comments, and requests to look at it again. */
export function remarksOf(db: Db, organisationId: string) {
  const isOurs = (id: string) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(submission)
        .where(and(eq(submission.organisationId, organisationId), eq(submission.id, id))),
    )
  const ofOurs = and(eq(submission.id, regradeRequest.submissionId), eq(submission.organisationId, organisationId))

  return {
    comments: (submissionId: string) =>
      db
        .select()
        .from(comment)
        .where(and(eq(comment.submissionId, submissionId), isOurs(submissionId)))
        .orderBy(asc(comment.createdAt), asc(comment.id))
        .limit(500)
        .all(),
    /** The submission was found behind this door. */
    addComment: (row: typeof comment.$inferInsert) => db.insert(comment).values(row),
    async removeComment(submissionId: string, id: string, by: string): Promise<boolean> {
      const mine = and(
        eq(comment.id, id),
        eq(comment.submissionId, submissionId),
        eq(comment.createdBy, by),
        isOurs(submissionId),
      )
      return (await db.delete(comment).where(mine).returning({ id: comment.id })).length > 0
    },

    requests: (submissionId: string) =>
      db
        .select({ request: regradeRequest, name: person.name })
        .from(regradeRequest)
        .innerJoin(submission, ofOurs)
        .leftJoin(person, eq(person.id, regradeRequest.createdBy))
        .where(eq(regradeRequest.submissionId, submissionId))
        .orderBy(asc(regradeRequest.createdAt))
        .all(),
    /** Of an assignment: those that wait for an answer, the oldest first. */
    openRequests: (assignmentId: string) =>
      db
        .select({ request: regradeRequest, name: person.name, group: courseGroup.name })
        .from(regradeRequest)
        .innerJoin(submission, ofOurs)
        .innerJoin(copy, eq(copy.id, submission.copyId))
        .leftJoin(person, eq(person.id, regradeRequest.createdBy))
        .leftJoin(courseGroup, eq(courseGroup.id, copy.groupId))
        .where(and(eq(submission.assignmentId, assignmentId), eq(regradeRequest.state, 'open')))
        .orderBy(asc(regradeRequest.createdAt))
        .limit(500)
        .all(),
    request: (id: string) =>
      db
        .select({ request: regradeRequest })
        .from(regradeRequest)
        .innerJoin(submission, ofOurs)
        .where(eq(regradeRequest.id, id))
        .get(),
    addRequest: (row: typeof regradeRequest.$inferInsert) => db.insert(regradeRequest).values(row),
    /** False: somebody else has answered it. */
    async answerRequest(
      id: string,
      submissionId: string,
      set: Pick<RequestRow, 'state' | 'answer' | 'answeredBy' | 'answeredAt'>,
    ) {
      const open = and(eq(regradeRequest.id, id), eq(regradeRequest.submissionId, submissionId), eq(regradeRequest.state, 'open'))
      const done = await db
        .update(regradeRequest)
        .set(set)
        .where(and(open, isOurs(submissionId)))
        .returning({ id: regradeRequest.id })
      return done.length > 0
    },
  }
}
