import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import {
  apiKey,
  assignment,
  copy,
  enrolment,
  groupMember,
  lab,
  labGuest,
  labView,
  membership,
  organisation,
  person,
  portToken,
  session,
  signInLink,
  submission,
} from './schema/index.ts'
import { labOf } from './tenant/labs.ts'

// What is asked before it is known whose tenant it is: everything here starts from the hash of a secret. Who asks and the
// lab that they ask for are found by one statement, because each takes as long as the command that it is for.

const who = {
  organisationId: organisation.id,
  organisationName: organisation.name,
  jurisdiction: organisation.jurisdiction,
  suspendedAt: organisation.suspendedAt,
  quotas: organisation.quotas,
  personId: person.id,
  personName: person.name,
  role: membership.role,
}

/** What binds a person to the lab. For a lab that is somebody's own nothing is looked up but whether they came by a link. */
function tieOf(personId: typeof session.personId | typeof apiKey.personId | typeof membership.personId) {
  const holdersCopy = sql`select 1 from ${copy} left join ${groupMember} on ${groupMember.groupId} = ${copy.groupId} and ${groupMember.personId} = ${personId}
    where (${copy.personId} = ${personId} or ${groupMember.personId} is not null)`
  const ofSubmission = sql`select ${submission.copyId} from ${submission} where ${submission.labId} = ${lab.id}`
  return {
    enrolled: sql<'assistant' | 'student' | 'observer' | null>`(select ${enrolment.role} from ${assignment}
      inner join ${enrolment} on ${enrolment.courseId} = ${assignment.courseId} and ${enrolment.personId} = ${personId}
      where ${assignment.id} = ${lab.assignmentId})`.as('enrolled'),
    holds: sql<number>`case ${lab.kind}
      when 'copy' then exists (${holdersCopy} and ${copy.labId} = ${lab.id})
      when 'submission' then exists (${holdersCopy} and ${copy.id} in (${ofSubmission}))
      else 0 end`.as('holds'),
    works: sql<number | null>`(select max(${labGuest.expiresAt}) from ${labGuest}
      where ${labGuest.labId} = ${lab.id} and ${labGuest.personId} = ${personId} and ${labGuest.role} = 'work')`.as('works'),
    watches: sql<number | null>`case ${lab.kind}
      when 'view' then (select ${labView.expiresAt} from ${labView} where ${labView.labId} = ${lab.id} and ${labView.actorId} = ${personId})
      else (select max(${labGuest.expiresAt}) from ${labGuest}
        where ${labGuest.labId} = ${lab.id} and ${labGuest.personId} = ${personId} and ${labGuest.role} = 'watch') end`.as(
      'watches',
    ),
  }
}

export const findSession = (db: Db, tokenHash: string, now: number, labId: string) =>
  db
    .select({ ...who, way: session.way, lab, ...tieOf(session.personId) })
    .from(session)
    .innerJoin(person, eq(person.id, session.personId))
    .innerJoin(organisation, eq(organisation.id, session.organisationId))
    // Whoever has left the organisation is signed out of it.
    .innerJoin(membership, and(eq(membership.personId, person.id), eq(membership.organisationId, organisation.id)))
    .leftJoin(lab, labOf(session.organisationId, labId))
    .where(and(eq(session.tokenHash, tokenHash), gt(session.expiresAt, now)))
    .get()

export const insertSession = (db: Db, row: typeof session.$inferInsert) =>
  db.batch([
    db.delete(session).where(and(eq(session.personId, row.personId), lt(session.expiresAt, row.createdAt))),
    db.insert(session).values(row),
  ])

export const deleteSession = (db: Db, tokenHash: string) =>
  db
    .delete(session)
    .where(eq(session.tokenHash, tokenHash))
    .returning({ personId: session.personId, organisationId: session.organisationId })
    .get()

export const findKey = (db: Db, tokenHash: string, now: number, labId: string) =>
  db
    .select({
      organisationId: organisation.id,
      organisationName: organisation.name,
      jurisdiction: organisation.jurisdiction,
      suspendedAt: organisation.suspendedAt,
      quotas: organisation.quotas,
      keyId: apiKey.id,
      label: apiKey.label,
      scopes: apiKey.scopes,
      lastUsedAt: apiKey.lastUsedAt,
      ownerId: apiKey.personId,
      ownerName: person.name,
      role: membership.role,
      lab,
      ...tieOf(apiKey.personId),
    })
    .from(apiKey)
    .innerJoin(organisation, eq(organisation.id, apiKey.organisationId))
    .leftJoin(person, eq(person.id, apiKey.personId))
    .leftJoin(membership, and(eq(membership.personId, apiKey.personId), eq(membership.organisationId, organisation.id)))
    .leftJoin(lab, labOf(apiKey.organisationId, labId))
    .where(and(eq(apiKey.tokenHash, tokenHash), or(isNull(apiKey.expiresAt), gt(apiKey.expiresAt, now))))
    .get()

/** A busy key costs one write a minute, not one a request. */
export const touchKey = (db: Db, keyId: string, now: number) =>
  db
    .update(apiKey)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKey.id, keyId), or(isNull(apiKey.lastUsedAt), lt(apiKey.lastUsedAt, now - 60_000))))

/** Marks the link as used and tells whose it is, in one statement: of two that open it at once, one gets in. */
export async function useLink(db: Db, tokenHash: string, now: number) {
  const [link] = await db
    .update(signInLink)
    .set({ usedAt: now })
    .where(
      and(
        eq(signInLink.tokenHash, tokenHash),
        gt(signInLink.expiresAt, now),
        or(isNull(signInLink.usedAt), eq(signInLink.reusable, true)),
      ),
    )
    .returning({ personId: signInLink.personId, organisationId: signInLink.organisationId })
  return link
}

/** A token for a port, with its lab. */
export const findPortToken = (db: Db, tokenHash: string) =>
  db
    .select({ token: portToken, lab, suspendedAt: organisation.suspendedAt })
    .from(portToken)
    .innerJoin(organisation, eq(organisation.id, portToken.organisationId))
    .innerJoin(lab, and(eq(lab.organisationId, portToken.organisationId), eq(lab.id, portToken.labId)))
    .where(eq(portToken.tokenHash, tokenHash))
    .get()

/** What whoever has made something at a lab is there now: a person as the member that they are, a key as itself. */
export async function findMaker(db: Db, organisationId: string, actorId: string, labId: string) {
  if (actorId.startsWith('key:')) {
    const key = await db
      .select({ id: apiKey.id })
      .from(apiKey)
      .where(and(eq(apiKey.organisationId, organisationId), eq(apiKey.id, actorId.slice(4)), isNull(apiKey.personId)))
      .get()
    return key && { role: null, enrolled: null, holds: 0, works: null, watches: null }
  }
  return db
    .select({ role: membership.role, ...tieOf(membership.personId) })
    .from(membership)
    .innerJoin(lab, labOf(membership.organisationId, labId))
    .where(and(eq(membership.organisationId, organisationId), eq(membership.personId, actorId)))
    .get()
}

/** Marks a token as used: once, or again by the session that has used it. Of two that come at once, one gets it. */
export async function usePortToken(db: Db, tokenHash: string, session: string | null, now: number): Promise<boolean> {
  const its = session === null ? undefined : eq(portToken.session, session)
  const used = await db
    .update(portToken)
    .set({ usedAt: sql`coalesce(${portToken.usedAt}, ${now})`, session })
    .where(
      and(
        eq(portToken.tokenHash, tokenHash),
        isNull(portToken.revokedAt),
        gt(portToken.expiresAt, now),
        or(isNull(portToken.usedAt), its),
      ),
    )
    .returning({ id: portToken.id })
  return used.length > 0
}

/** It opened nothing after all. */
export const releasePortToken = (db: Db, tokenHash: string) =>
  db.update(portToken).set({ usedAt: null, session: null }).where(eq(portToken.tokenHash, tokenHash))

/** Organisation, owner and session come into being together, and only if the instance has no organisation at all. */
export async function insertFirstOwner(
  db: Db,
  first: { organisationId: string; organisation: string; personId: string; person: string; now: number },
): Promise<boolean> {
  const { organisationId, personId, now } = first
  const mine = sql`select 1 from ${organisation} where ${organisation.id} = ${organisationId}`
  const [made] = await db.batch([
    db
      .insert(organisation)
      .select(
        sql`select ${organisationId}, ${first.organisation}, null, ${now}, null, null, 1, null, null where not exists (select 1 from ${organisation})`,
      )
      .returning({ id: organisation.id }),
    db.insert(person).select(sql`select ${personId}, ${first.person}, ${now} where exists (${mine})`),
    db.insert(membership).select(sql`select ${organisationId}, ${personId}, 'owner', ${now} where exists (${mine})`),
  ])
  return made.length === 1
}

export const hasOrganisation = async (db: Db) => (await db.select({ id: organisation.id }).from(organisation).limit(1)).length > 0
