import { and, eq, sql } from 'drizzle-orm'
import type { Role } from '../../auth/actor.ts'
import type { Db } from '../database.ts'
import { externalIdentity, identity, membership, person } from '../schema/index.ts'

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
     * The person whom another service knows by that name, made under the id `fresh` if there is none. Of two who come at once
     * one is made: a batch is one transaction.
     */
    async external(one: { issuer: string; subject: string; name: string | null; role: Role; fresh: string; now: number }) {
      const { fresh, now, role } = one
      const nobody = sql`not exists (select 1 from ${externalIdentity} where ${whoIs(one.issuer, one.subject)})`
      const [, , found] = await db.batch([
        db.insert(person).select(sql`select ${fresh}, ${one.name ?? 'Guest'}, ${now} where ${nobody}`),
        db
          .insert(externalIdentity)
          .select(
            sql`select ${organisationId}, ${one.issuer}, ${one.subject}, ${fresh}, ${now} where exists (select 1 from ${person} where ${person.id} = ${fresh})`,
          ),
        db
          .select({ id: person.id, name: person.name, known: identity.userId })
          .from(externalIdentity)
          .innerJoin(person, eq(person.id, externalIdentity.personId))
          .leftJoin(identity, eq(identity.personId, person.id))
          .where(whoIs(one.issuer, one.subject)),
      ])
      const [its] = found
      await db.insert(membership).values({ organisationId, personId: its.id, role, createdAt: now }).onConflictDoNothing()
      // Whoever has an account of their own has said what they are called.
      if (one.name !== null && one.name !== its.name && its.known === null) {
        await db.update(person).set({ name: one.name }).where(eq(person.id, its.id))
      }
      return its.id
    },
  }
}
