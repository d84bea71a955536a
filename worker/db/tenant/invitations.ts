import { and, desc, eq, gt, isNull } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { course, invitation } from '../schema/index.ts'

type NewInvitation = Omit<typeof invitation.$inferInsert, 'organisationId'>

/** Seats that were offered and not yet taken. */
export function invitationsOf(db: Db, organisationId: string) {
  const ours = eq(invitation.organisationId, organisationId)
  return {
    list: (now: number) =>
      db
        .select({
          id: invitation.id,
          role: invitation.role,
          email: invitation.email,
          name: invitation.name,
          course: course.title,
          createdByName: invitation.createdByName,
          createdAt: invitation.createdAt,
          expiresAt: invitation.expiresAt,
        })
        .from(invitation)
        .leftJoin(course, eq(course.id, invitation.courseId))
        .where(and(ours, isNull(invitation.acceptedAt), gt(invitation.expiresAt, now)))
        .orderBy(desc(invitation.createdAt))
        .limit(500)
        .all(),
    /** Several come in together, or none. */
    async insert(rows: readonly NewInvitation[]): Promise<void> {
      const [first, ...rest] = rows.map((row) => db.insert(invitation).values({ ...row, organisationId }))
      if (first !== undefined) await db.batch([first, ...rest])
    },
    find: (id: string) =>
      db
        .select()
        .from(invitation)
        .where(and(ours, eq(invitation.id, id), isNull(invitation.acceptedAt)))
        .get(),
    remove: (id: string) =>
      db
        .delete(invitation)
        .where(and(ours, eq(invitation.id, id), isNull(invitation.acceptedAt)))
        .returning({ id: invitation.id }),
    /** A course of this organisation. */
    course: (id: string) =>
      db
        .select({ id: course.id, title: course.title })
        .from(course)
        .where(and(eq(course.organisationId, organisationId), eq(course.id, id)))
        .get(),
  }
}
