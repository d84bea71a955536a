import { and, desc, eq, exists, gt, inArray, isNull, lt, ne, or, type SQLWrapper, sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import {
  addressProof,
  authAccount,
  authUser,
  course,
  identity,
  invitation,
  membership,
  organisation,
  person,
  returnCode,
  session,
} from './schema/index.ts'

// Who a proved identity, a code or an invitation stands for. Like accounts.ts, this is asked before the tenant is known: from a
// user that the auth library has proved, or from the hash of a secret.

/** The person whom a proved user is; undefined when that is nobody yet. */
export const personOfUser = (db: Db, userId: string) =>
  db
    .select({ id: person.id, name: person.name })
    .from(identity)
    .innerJoin(person, eq(person.id, identity.personId))
    .where(eq(identity.userId, userId))
    .get()

/** The address of a person, whether it is proved, and the ways in that hang on it. */
export async function userOfPerson(db: Db, personId: string) {
  const rows = await db
    .select({ userId: authUser.id, email: authUser.email, verified: authUser.emailVerified, provider: authAccount.providerId })
    .from(identity)
    .innerJoin(authUser, eq(authUser.id, identity.userId))
    .leftJoin(authAccount, eq(authAccount.userId, authUser.id))
    .where(eq(identity.personId, personId))
    .all()
  const [first] = rows
  if (first === undefined) return undefined
  const { userId, email, verified } = first
  return { userId, email, verified, providers: rows.flatMap(({ provider }) => (provider === null ? [] : [provider])) }
}

/** False: the user or the person is taken. */
export async function linkIdentity(db: Db, userId: string, personId: string, now: number): Promise<boolean> {
  const made = await db
    .insert(identity)
    .values({ userId, personId, createdAt: now })
    .onConflictDoNothing()
    .returning({ id: identity.userId })
  return made.length === 1
}

type AddressProof = typeof addressProof.$inferSelect

/** In the place of the one before; those of everybody that are over go. */
export const askForProof = (db: Db, row: AddressProof) =>
  db.batch([
    db.delete(addressProof).where(or(eq(addressProof.personId, row.personId), lt(addressProof.expiresAt, row.createdAt))),
    db.insert(addressProof).values(row),
  ])
/** What somebody has still to prove. */
export const unproved = (db: Db, personId: string, now: number) =>
  db
    .select({ email: addressProof.email })
    .from(addressProof)
    .where(and(eq(addressProof.personId, personId), gt(addressProof.expiresAt, now)))
    .get()
/** Once, and only for whoever has given the address. */
export const useProof = (db: Db, tokenHash: string, personId: string, now: number) =>
  db
    .delete(addressProof)
    .where(and(eq(addressProof.tokenHash, tokenHash), eq(addressProof.personId, personId), gt(addressProof.expiresAt, now)))
    .returning({ email: addressProof.email, passwordHash: addressProof.passwordHash })
    .get()

export const rename = (db: Db, personId: string, name: string) => db.update(person).set({ name }).where(eq(person.id, personId))

/** Their sessions, the newest first. A session is named by the beginning of its hash, which opens nothing. */
export const sessionsOf = (db: Db, personId: string, now: number) =>
  db
    .select({
      hash: session.tokenHash,
      organisation: organisation.name,
      organisationId: organisation.id,
      way: session.way,
      agent: session.agent,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
    })
    .from(session)
    .innerJoin(organisation, eq(organisation.id, session.organisationId))
    .where(and(eq(session.personId, personId), gt(session.expiresAt, now)))
    .orderBy(desc(session.createdAt))
    .limit(100)
    .all()

/** Ends one of a person's sessions, or all but one. In which organisations they were. */
export const endSessions = (db: Db, personId: string, which: { readonly hash: string } | { readonly allBut: string }) =>
  db
    .delete(session)
    .where(
      and(
        eq(session.personId, personId),
        'hash' in which ? eq(session.tokenHash, which.hash) : ne(session.tokenHash, which.allBut),
      ),
    )
    .returning({ organisationId: session.organisationId })

/** Where a person is a member, the one they were in last first. */
export const organisationsOf = (db: Db, personId: string) =>
  db
    .select({
      id: organisation.id,
      name: organisation.name,
      role: membership.role,
      suspended: sql<number>`${organisation.suspendedAt} is not null`,
    })
    .from(membership)
    .innerJoin(organisation, eq(organisation.id, membership.organisationId))
    .where(eq(membership.personId, personId))
    .orderBy(
      sql`${organisation.suspendedAt} is not null`,
      desc(
        sql`(select max(${session.createdAt}) from ${session} where ${session.personId} = ${personId} and ${session.organisationId} = ${organisation.id})`,
      ),
      membership.createdAt,
    )
    .all()

export const useReturnCode = (db: Db, codeHash: string) =>
  db
    .select({ personId: returnCode.personId, organisationId: returnCode.organisationId })
    .from(returnCode)
    .where(eq(returnCode.codeHash, codeHash))
    .get()

const rank = (role: SQLWrapper) =>
  sql`case ${role} when 'owner' then 5 when 'teacher' then 4 when 'assistant' then 3 when 'student' then 2 else 1 end`

/** Whoever has made an invitation could still make it: it ends with them, and with the role that they had. */
const makerStands = (db: Db) =>
  exists(
    db
      .select({ one: sql`1` })
      .from(membership)
      .where(
        and(
          eq(membership.organisationId, invitation.organisationId),
          eq(membership.personId, invitation.createdBy),
          sql`${rank(membership.role)} >= max(4, ${rank(invitation.role)})`,
        ),
      ),
  )

/** An invitation that still stands. */
export const findInvitation = (db: Db, tokenHash: string, now: number) =>
  db
    .select({ invitation, organisationName: organisation.name, courseTitle: course.title })
    .from(invitation)
    .innerJoin(organisation, eq(organisation.id, invitation.organisationId))
    .leftJoin(course, eq(course.id, invitation.courseId))
    .where(
      and(
        eq(invitation.tokenHash, tokenHash),
        isNull(invitation.acceptedAt),
        gt(invitation.expiresAt, now),
        or(eq(invitation.createdBy, 'operator'), makerStands(db)),
      ),
    )
    .get()

/** The course that a code opens, if its organisation lets people join by code. */
export const findJoinCode = (db: Db, typed: string) =>
  db
    .select({
      courseId: course.id,
      courseTitle: course.title,
      organisationId: organisation.id,
      organisationName: organisation.name,
    })
    .from(course)
    .innerJoin(organisation, eq(organisation.id, course.organisationId))
    .where(
      and(
        inArray(course.joinCode, [...new Set([typed, typed.toLowerCase(), typed.toUpperCase()])]),
        isNull(course.archivedAt),
        isNull(organisation.suspendedAt),
        eq(organisation.joinByCode, true),
      ),
    )
    .get()
