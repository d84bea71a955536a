import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import {
  authUser,
  course,
  courseGroup,
  enrolment,
  groupMember,
  identity,
  membership,
  person,
  signInLink,
} from '../schema/index.ts'
import type { CourseRole } from './courses.ts'

/** Somebody of a class list who is to be in the course. */
export type Arrival = {
  readonly personId: string
  readonly name: string
  readonly role: CourseRole
  readonly isNew: boolean
  readonly groupId: string | null
  /** Of the link that signs a new person in. */
  readonly tokenHash: string | null
}
export type NewGroup = { readonly id: string; readonly name: string }

export function rosterOf(db: Db, organisationId: string) {
  return {
    /** Everybody of the organisation, with the address of their account and their part in the course, if they have one. */
    known: (courseId: string) =>
      db
        .select({
          id: person.id,
          name: person.name,
          memberRole: membership.role,
          email: authUser.email,
          proved: authUser.emailVerified,
          role: enrolment.role,
        })
        .from(membership)
        .innerJoin(person, eq(person.id, membership.personId))
        .leftJoin(identity, eq(identity.personId, person.id))
        .leftJoin(authUser, eq(authUser.id, identity.userId))
        .leftJoin(enrolment, and(eq(enrolment.personId, person.id), eq(enrolment.courseId, courseId)))
        .where(eq(membership.organisationId, organisationId))
        .all(),

    /** All of it or, when anything fails, nothing: a batch is one transaction. Each table is one statement, however long the list. */
    async import(courseId: string, arrivals: readonly Arrival[], groups: readonly NewGroup[], now: number, expiresAt: number) {
      const list = JSON.stringify(arrivals)
      const each = sql`json_each(${list}) one`
      const ours = sql`exists (select 1 from ${course} where ${course.id} = ${courseId} and ${course.organisationId} = ${organisationId})`
      const personOf = sql`one.value ->> 'personId'`
      const fresh = sql`from ${each} where one.value ->> 'isNew' and ${ours}`
      await db.batch([
        db.insert(person).select(sql`select ${personOf}, one.value ->> 'name', ${now} ${fresh}`),
        db.insert(membership).select(sql`select ${organisationId}, ${personOf}, one.value ->> 'role', ${now} ${fresh}`),
        db
          .insert(signInLink)
          .select(sql`select one.value ->> 'tokenHash', ${personOf}, ${organisationId}, 0, ${now}, ${expiresAt}, null ${fresh}`),
        db
          .insert(enrolment)
          .select(
            sql`select ${courseId}, ${personOf}, one.value ->> 'role', ${now}, 0, 0 from ${each} where ${ours} and exists (select 1 from ${membership}
              where ${membership.organisationId} = ${organisationId} and ${membership.personId} = ${personOf})`,
          )
          .onConflictDoNothing(),
        db
          .insert(courseGroup)
          .select(
            sql`select one.value ->> 'id', ${courseId}, one.value ->> 'name', ${now} from json_each(${JSON.stringify(groups)}) one where ${ours}`,
          ),
        db.delete(groupMember).where(
          sql`${groupMember.groupId} in (select ${courseGroup.id} from ${courseGroup} where ${courseGroup.courseId} = ${courseId}) and ${ours}
              and ${groupMember.personId} in (select ${personOf} from ${each} where one.value ->> 'groupId' is not null)`,
        ),
        db.insert(groupMember).select(
          sql`select ${courseGroup.id}, ${enrolment.personId} from ${each}
              inner join ${courseGroup} on ${courseGroup.id} = one.value ->> 'groupId' and ${courseGroup.courseId} = ${courseId}
              inner join ${enrolment} on ${enrolment.courseId} = ${courseId} and ${enrolment.personId} = ${personOf} and ${enrolment.role} = 'student'
              where ${ours}`,
        ),
      ])
    },
  }
}
