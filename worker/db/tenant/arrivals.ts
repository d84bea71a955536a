import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { atLeast, type Role } from '../../auth/actor.ts'
import type { Db } from '../database.ts'
import { enrolment, externalIdentity, identity, invitation, membership, person, returnCode } from '../schema/index.ts'

type CourseRole = 'assistant' | 'student' | 'observer'

/** How people come to belong to the organisation other than by being added. */
export function arrivalsOf(db: Db, organisationId: string) {
  const whoIs = (issuer: string, subject: string) =>
    and(
      eq(externalIdentity.organisationId, organisationId),
      eq(externalIdentity.issuer, issuer),
      eq(externalIdentity.subject, subject),
    )

  return {
    /**
     * The person whom another service knows by that name, made under the id `fresh`, with a membership, if there is none. Of two who
     * come at once one is made: a batch is one transaction. Whoever was removed stays so, whatever the service says.
     */
    async external(one: { issuer: string; subject: string; name: string | null; role: Role; fresh: string; now: number }) {
      const { fresh, now, role } = one
      const nobody = sql`not exists (select 1 from ${externalIdentity} where ${whoIs(one.issuer, one.subject)})`
      const made = sql`exists (select 1 from ${person} where ${person.id} = ${fresh})`
      const [, , , found] = await db.batch([
        db.insert(person).select(sql`select ${fresh}, ${one.name ?? 'Guest'}, ${now} where ${nobody}`),
        db
          .insert(externalIdentity)
          .select(sql`select ${organisationId}, ${one.issuer}, ${one.subject}, ${fresh}, ${role}, ${now} where ${made}`),
        db.insert(membership).select(sql`select ${organisationId}, ${fresh}, ${role}, ${now} where ${made}`),
        db
          .select({
            id: person.id,
            name: person.name,
            known: identity.userId,
            given: externalIdentity.role,
            // Of two columns with one name, a batch gives one.
            member: sql<Role | null>`${membership.role}`.as('member_role'),
          })
          .from(externalIdentity)
          .innerJoin(person, eq(person.id, externalIdentity.personId))
          .leftJoin(identity, eq(identity.personId, person.id))
          .leftJoin(membership, and(eq(membership.personId, person.id), eq(membership.organisationId, organisationId)))
          .where(whoIs(one.issuer, one.subject)),
      ])
      const [its] = found
      // What the service gives counts once. An owner may have decided otherwise since.
      const more = its.given !== null && !atLeast(its.given, role)
      if (more || its.given === null) await db.update(externalIdentity).set({ role }).where(whoIs(one.issuer, one.subject))
      // Whoever has an account of their own has said what they are called.
      if (one.name !== null && one.name !== its.name && its.known === null && its.member !== null) {
        await db.update(person).set({ name: one.name }).where(eq(person.id, its.id))
      }
      return { personId: its.id, created: its.id === fresh, removed: its.member === null, more }
    },
    /** Who came from another service and was removed since. */
    removed: () =>
      db
        .selectDistinct({ id: person.id, name: person.name })
        .from(externalIdentity)
        .innerJoin(person, eq(person.id, externalIdentity.personId))
        .leftJoin(membership, and(eq(membership.personId, person.id), eq(membership.organisationId, organisationId)))
        .where(and(eq(externalIdentity.organisationId, organisationId), isNull(membership.personId)))
        .orderBy(person.name)
        .limit(1000)
        .all(),
    /** Lets one of them in again; their name, or undefined when it is none of them. */
    async readmit(personId: string, role: Role, now: number): Promise<string | undefined> {
      const theirs = (await this.removed()).find(({ id }) => id === personId)
      if (theirs !== undefined)
        await db.insert(membership).values({ organisationId, personId, role, createdAt: now }).onConflictDoNothing()
      return theirs?.name
    },

    /** A student of a course, made or taken as they are. */
    async joins(one: { courseId: string; person: { id: string; name: string; fresh: boolean }; now: number }) {
      const { id, name, fresh } = one.person
      const at = { createdAt: one.now }
      const makes = db.insert(person).values({ id, name, ...at })
      const member = db.insert(membership).values({ organisationId, personId: id, role: 'student', ...at })
      const enrols = db.insert(enrolment).values({ courseId: one.courseId, personId: id, role: 'student', ...at })
      const rest = [member.onConflictDoNothing(), enrols.onConflictDoNothing()] as const
      await (fresh ? db.batch([makes, ...rest]) : db.batch(rest))
    },

    /** The new code of a person; the one before ends. */
    async setReturnCode(personId: string, codeHash: string, now: number): Promise<void> {
      const mine = and(eq(returnCode.organisationId, organisationId), eq(returnCode.personId, personId))
      await db.batch([
        db.delete(returnCode).where(mine),
        db.insert(returnCode).values({ codeHash, organisationId, personId, createdAt: now }),
      ])
    },

    /** Takes an invitation for a person; false: somebody else has taken it meanwhile. Who is a member keeps the higher role. */
    async accepts(one: {
      invitationId: string
      person: { id: string; name: string; fresh: boolean }
      role: Role
      course: { id: string; role: CourseRole } | null
      now: number
    }): Promise<boolean> {
      const { id, name, fresh } = one.person
      const taken = await db
        .update(invitation)
        .set({ acceptedAt: one.now, acceptedBy: id })
        .where(
          and(
            eq(invitation.organisationId, organisationId),
            eq(invitation.id, one.invitationId),
            isNull(invitation.acceptedAt),
            gt(invitation.expiresAt, one.now),
          ),
        )
        .returning({ id: invitation.id })
      if (taken.length === 0) return false
      const at = { createdAt: one.now }
      const rank = (role: unknown) =>
        sql`case ${role} when 'owner' then 5 when 'teacher' then 4 when 'assistant' then 3 when 'student' then 2 else 1 end`
      const member = db
        .insert(membership)
        .values({ organisationId, personId: id, role: one.role, ...at })
        .onConflictDoUpdate({
          target: [membership.organisationId, membership.personId],
          set: { role: sql`case when ${rank(membership.role)} < ${rank(one.role)} then ${one.role} else ${membership.role} end` },
        })
      const enrols = (its: { id: string; role: CourseRole }) =>
        db
          .insert(enrolment)
          .values({ courseId: its.id, personId: id, role: its.role, ...at })
          .onConflictDoNothing()
      if (fresh) await db.insert(person).values({ id, name, ...at })
      await member
      if (one.course !== null) await enrols(one.course)
      return true
    },
  }
}
