import { and, type Column, count, desc, eq, exists, gt, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import { type Actor, keyActorId, type Role } from '../auth/actor.ts'
import type { Db } from './database.ts'
import { apiKey, lab, labMember, labSocket, membership, person, portToken, session, signInLink } from './schema.ts'

export type LabRow = typeof lab.$inferSelect
export type LabState = LabRow['state']
/** How a lab is found: in an organisation, never by its id alone. */
export const labOf = (organisationId: string | Column, id: string) => and(eq(lab.organisationId, organisationId), eq(lab.id, id))

type NewPortToken = Omit<typeof portToken.$inferInsert, 'organisationId'>
export type PortTokenRow = typeof portToken.$inferSelect
type NewLab = Omit<typeof lab.$inferInsert, 'organisationId'>

/**
 * The only way to the rows of a tenant. Every statement below carries the organisation, so that a route cannot forget it
 * and an id of another tenant finds nothing.
 */
export function tenantDb(db: Db, organisationId: string) {
  const ours = (...also: (SQL | undefined)[]) => and(eq(lab.organisationId, organisationId), ...also)
  const one = (id: string) => labOf(organisationId, id)

  const labs = {
    /** Newest first, without tombstones; with a person, only what that person made or has opened. */
    list(query: { limit: number; before?: { createdAt: number; id: string }; personId?: string }) {
      const { limit, before, personId } = query
      const opened = (id: string) =>
        db
          .select({ one: sql`1` })
          .from(labMember)
          .where(and(eq(labMember.labId, lab.id), eq(labMember.personId, id)))
      return db
        .select()
        .from(lab)
        .where(
          ours(
            ne(lab.state, 'tombstone'),
            before && or(lt(lab.createdAt, before.createdAt), and(eq(lab.createdAt, before.createdAt), lt(lab.id, before.id))),
            personId === undefined ? undefined : or(eq(lab.createdBy, personId), exists(opened(personId))),
          ),
        )
        .orderBy(desc(lab.createdAt), desc(lab.id))
        .limit(limit)
        .all()
    },

    /** Without tombstones. */
    count: async () =>
      (
        await db
          .select({ n: count() })
          .from(lab)
          .where(ours(ne(lab.state, 'tombstone')))
          .get()
      )?.n ?? 0,
    insert: (row: NewLab) => db.insert(lab).values({ ...row, organisationId }),
    update: (id: string, set: Partial<Pick<LabRow, 'state' | 'title' | 'seed' | 'updatedAt' | 'destroyedAt'>>) =>
      db.update(lab).set(set).where(one(id)),
    /** Only for a lab that never came into being. */
    remove: (id: string) => db.delete(lab).where(one(id)),
    /** Tombstones whose object has not confirmed that it is gone. */
    undestroyed: (limit: number) =>
      db
        .select()
        .from(lab)
        .where(ours(eq(lab.state, 'tombstone'), isNull(lab.destroyedAt)))
        .limit(limit)
        .all(),

    /** Notes a socket, and that a person has seen the lab. */
    opened(labId: string, { id, via }: Actor, now: number) {
      const at = sql<number>`${now}`.as('opened_at')
      const socket = db
        .insert(labSocket)
        .select(
          db
            .select({ actorId: sql<string>`${id}`.as('actor_id'), labId: lab.id, openedAt: at })
            .from(lab)
            .where(one(labId)),
        )
        .onConflictDoUpdate({ target: [labSocket.actorId, labSocket.labId], set: { openedAt: now } })
      const visit = db
        .insert(labMember)
        .select(
          db
            .select({ labId: lab.id, personId: membership.personId, openedAt: at })
            .from(lab)
            .innerJoin(membership, and(eq(membership.organisationId, organisationId), eq(membership.personId, id)))
            .where(one(labId)),
        )
        .onConflictDoNothing()
      return via === 'session' ? db.batch([socket, visit]) : socket
    },
    /** The labs that may have a socket of a person or key, the newest first. */
    withSocketOf: (actorId: string, limit: number) =>
      db
        .select({ id: lab.id, objectId: lab.objectId, jurisdiction: lab.jurisdiction })
        .from(labSocket)
        .innerJoin(lab, eq(lab.id, labSocket.labId))
        .where(ours(eq(labSocket.actorId, actorId), ne(lab.state, 'tombstone')))
        .orderBy(desc(labSocket.openedAt))
        .limit(limit)
        .all(),
  }

  const madeBy = (actorId: string) => and(eq(portToken.organisationId, organisationId), eq(portToken.createdBy, actorId))
  const tokenOf = (labId: string, ...also: (SQL | undefined)[]) =>
    and(eq(portToken.organisationId, organisationId), eq(portToken.labId, labId), ...also)

  /** Tokens for machines from outside. */
  const portTokens = {
    /** Oldest first, those that are over as well, until they are swept. */
    list: (labId: string) => db.select().from(portToken).where(tokenOf(labId)).orderBy(portToken.createdAt, portToken.id).all(),
    /** Makes a token if the lab has fewer than so many that still count; those that are long over go. False: it has as many. */
    async insert(row: NewPortToken, most: number, sweepBefore: number): Promise<boolean> {
      const over = or(lt(portToken.expiresAt, sweepBefore), lt(portToken.revokedAt, sweepBefore))
      await db.delete(portToken).where(tokenOf(row.labId, over))
      const valid = tokenOf(row.labId, isNull(portToken.revokedAt), gt(portToken.expiresAt, row.createdAt))
      const { n = 0 } = (await db.select({ n: count() }).from(portToken).where(valid).get()) ?? {}
      if (n >= most) return false
      await db.insert(portToken).values({ ...row, organisationId })
      return true
    },
    /** False: there is none. */
    async revoke(labId: string, id: string, now: number): Promise<boolean> {
      const ended = await db
        .update(portToken)
        .set({ revokedAt: now })
        .where(tokenOf(labId, eq(portToken.id, id)))
        .returning({ id: portToken.id })
      return ended.length > 0
    },
  }

  const member = (personId: string) => and(eq(membership.organisationId, organisationId), eq(membership.personId, personId))

  const people = {
    list: () =>
      db
        .select({ id: person.id, name: person.name, role: membership.role, createdAt: membership.createdAt })
        .from(membership)
        .innerJoin(person, eq(person.id, membership.personId))
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
        db.delete(portToken).where(madeBy(personId)),
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

  const keys = {
    list: () =>
      db
        .select({
          id: apiKey.id,
          label: apiKey.label,
          scopes: apiKey.scopes,
          createdAt: apiKey.createdAt,
          lastUsedAt: apiKey.lastUsedAt,
        })
        .from(apiKey)
        .where(eq(apiKey.organisationId, organisationId))
        .orderBy(apiKey.createdAt)
        .all(),
    insert: (row: { id: string; tokenHash: string; label: string; scopes: string[]; createdAt: number }) =>
      db.insert(apiKey).values({ ...row, organisationId, personId: null }),
    /** As whom the key has acted; undefined when there is no such key. */
    async remove(id: string): Promise<string | undefined> {
      const ending = db.delete(apiKey).where(and(eq(apiKey.organisationId, organisationId), eq(apiKey.id, id)))
      const [ended] = await ending.returning({ id: apiKey.id, personId: apiKey.personId })
      if (ended) await db.delete(portToken).where(madeBy(keyActorId(ended)))
      return ended && keyActorId(ended)
    },
  }

  return { organisationId, labs, people, keys, portTokens }
}
export type TenantDb = ReturnType<typeof tenantDb>
