import { and, count, eq, exists } from 'drizzle-orm'
import type { Role } from '../../auth/actor.ts'
import type { Db } from '../database.ts'
import { apiKey, authUser, identity, membership, person, portToken, session, signInLink } from '../schema/index.ts'
import { portTokensMadeBy } from './port-tokens.ts'

export function peopleOf(db: Db, organisationId: string) {
  const member = (personId: string) => and(eq(membership.organisationId, organisationId), eq(membership.personId, personId))

  return {
    list: () =>
      db
        .select({
          id: person.id,
          name: person.name,
          role: membership.role,
          createdAt: membership.createdAt,
          email: authUser.email,
        })
        .from(membership)
        .innerJoin(person, eq(person.id, membership.personId))
        .leftJoin(identity, eq(identity.personId, person.id))
        .leftJoin(authUser, eq(authUser.id, identity.userId))
        .where(eq(membership.organisationId, organisationId))
        .orderBy(person.name)
        .all(),
    find: (personId: string) =>
      db
        .select({ id: person.id, name: person.name, role: membership.role, createdAt: membership.createdAt })
        .from(membership)
        .innerJoin(person, eq(person.id, membership.personId))
        .where(member(personId))
        .get(),
    insert: (row: { id: string; name: string; role: Role; now: number }) =>
      db.batch([
        db.insert(person).values({ id: row.id, name: row.name, createdAt: row.now }),
        db.insert(membership).values({ organisationId, personId: row.id, role: row.role, createdAt: row.now }),
      ]),
    setRole: (personId: string, role: Role) => db.update(membership).set({ role }).where(member(personId)),
    rename: (personId: string, name: string) =>
      db
        .update(person)
        .set({ name })
        .where(
          and(eq(person.id, personId), exists(db.select({ id: membership.personId }).from(membership).where(member(personId)))),
        ),
    owners: async () => {
      const where = and(eq(membership.organisationId, organisationId), eq(membership.role, 'owner'))
      return (await db.select({ n: count() }).from(membership).where(where).get())?.n ?? 0
    },
    /** Ends the membership, and with it the person's sessions, links and keys here. The labs stay. */
    remove: (personId: string) =>
      db.batch([
        db.delete(session).where(and(eq(session.organisationId, organisationId), eq(session.personId, personId))),
        db.delete(signInLink).where(and(eq(signInLink.organisationId, organisationId), eq(signInLink.personId, personId))),
        db.delete(apiKey).where(and(eq(apiKey.organisationId, organisationId), eq(apiKey.personId, personId))),
        db.delete(portToken).where(portTokensMadeBy(organisationId, personId)),
        db.delete(membership).where(member(personId)),
      ]),
    insertLink: (row: { tokenHash: string; personId: string; now: number; expiresAt: number }) =>
      db.insert(signInLink).values({
        tokenHash: row.tokenHash,
        personId: row.personId,
        organisationId,
        reusable: false,
        createdAt: row.now,
        expiresAt: row.expiresAt,
      }),
  }
}
