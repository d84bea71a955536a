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
    /** In a course of this organisation, as the platform says it is now. True: they were something else there before. */
    async enrol(courseId: string, personId: string, role: Enrolled, now: number): Promise<boolean> {
      const before = await db
        .select({ id: course.id, role: enrolment.role })
        .from(course)
        .leftJoin(enrolment, and(eq(enrolment.courseId, course.id), eq(enrolment.personId, personId)))
        .where(and(eq(course.id, courseId), eq(course.organisationId, organisationId)))
        .get()
      if (before === undefined) return false
      await db
        .insert(enrolment)
        .values({ courseId, personId, role, createdAt: now })
        .onConflictDoUpdate({ target: [enrolment.courseId, enrolment.personId], set: { role } })
      return before.role !== null && before.role !== role
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
