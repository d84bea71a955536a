import { and, eq, inArray } from 'drizzle-orm'
import type { Role } from '../../auth/actor.ts'
import type { Db } from '../database.ts'
import { course, enrolment, externalIdentity, membership } from '../schema/index.ts'

type Enrolled = 'assistant' | 'student' | 'observer'
/** Roles that are less than one. */
const below: Record<Exclude<Role, 'owner'>, Role[]> = {
  observer: [],
  student: ['observer'],
  assistant: ['observer', 'student'],
  teacher: ['observer', 'student', 'assistant'],
}

/** What learning platforms say about people. */
export function ltiPeopleOf(db: Db, organisationId: string) {
  return {
    /** Never lowers a role, and never makes an owner. */
    raise: (personId: string, role: Exclude<Role, 'owner'>) =>
      db
        .update(membership)
        .set({ role })
        .where(
          and(
            eq(membership.organisationId, organisationId),
            eq(membership.personId, personId),
            inArray(membership.role, below[role]),
          ),
        ),
    /** In a course of this organisation, as the platform says it is now. */
    async enrol(courseId: string, personId: string, role: Enrolled, now: number): Promise<void> {
      const ours = and(eq(course.id, courseId), eq(course.organisationId, organisationId))
      if ((await db.select({ id: course.id }).from(course).where(ours).get()) === undefined) return
      await db
        .insert(enrolment)
        .values({ courseId, personId, role, createdAt: now })
        .onConflictDoUpdate({ target: [enrolment.courseId, enrolment.personId], set: { role } })
    },
    /** Whom a platform knows, by our ids. */
    async subjects(issuer: string, personIds: readonly string[]): Promise<Map<string, string>> {
      if (personIds.length === 0) return new Map()
      const rows = await db
        .select({ personId: externalIdentity.personId, subject: externalIdentity.subject })
        .from(externalIdentity)
        .where(
          and(
            eq(externalIdentity.organisationId, organisationId),
            eq(externalIdentity.issuer, issuer),
            inArray(externalIdentity.personId, [...personIds]),
          ),
        )
        .all()
      return new Map(rows.map(({ personId, subject }) => [personId, subject]))
    },
  }
}
