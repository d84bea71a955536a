import {
  and,
  type Column,
  count,
  desc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  notExists,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Actor } from '../../auth/actor.ts'
import type { Db } from '../database.ts'
import { assignment, copy, lab, labGuest, labMember, labSocket, membership, stage, submission } from '../schema/index.ts'

export type LabRow = typeof lab.$inferSelect
export type LabState = LabRow['state']
/** How a lab is found: in an organisation, never by its id alone. */
export const labOf = (organisationId: string | Column, id: string) => and(eq(lab.organisationId, organisationId), eq(lab.id, id))

export type NewLab = Omit<typeof lab.$inferInsert, 'organisationId'>

export function labsOf(db: Db, organisationId: string) {
  const ours = (...also: (SQL | undefined)[]) => and(eq(lab.organisationId, organisationId), ...also)
  const one = (id: string) => labOf(organisationId, id)

  return {
    /** What people started for themselves, newest first, without tombstones; with a person, only what they made or have opened. */
    list(query: { limit: number; before?: { createdAt: number; id: string }; personId?: string }) {
      const { limit, before, personId } = query
      const opened = (id: string) =>
        db
          .select({ one: sql`1` })
          .from(labMember)
          .where(and(eq(labMember.labId, lab.id), eq(labMember.personId, id)))
      // Who came by a link has it in the list as long as a link counts.
      const came = (id: string, ...also: SQL[]) =>
        db
          .select({ one: sql`1` })
          .from(labGuest)
          .where(and(eq(labGuest.labId, lab.id), eq(labGuest.personId, id), ...also))
      const mayStill = (id: string) => or(notExists(came(id)), exists(came(id, gt(labGuest.expiresAt, Date.now()))))
      return db
        .select()
        .from(lab)
        .where(
          ours(
            ne(lab.state, 'tombstone'),
            eq(lab.kind, 'own'),
            before && or(lt(lab.createdAt, before.createdAt), and(eq(lab.createdAt, before.createdAt), lt(lab.id, before.id))),
            personId === undefined
              ? undefined
              : or(eq(lab.createdBy, personId), and(exists(opened(personId)), mayStill(personId))),
          ),
        )
        .orderBy(desc(lab.createdAt), desc(lab.id))
        .limit(limit)
        .all()
    },

    /** Whatever its state; who may see it is asked by `openLab`. */
    find: (id: string) => db.select().from(lab).where(one(id)).get(),
    /** Of these, the ones that are ours and are not gone. */
    async named(ids: readonly string[]) {
      const found: { id: string; title: string }[] = []
      // A hundred parameters are the most that one statement takes.
      for (let at = 0; at < ids.length; at += 80) {
        const some = and(inArray(lab.id, ids.slice(at, at + 80)), ne(lab.state, 'tombstone'))
        found.push(...(await db.select({ id: lab.id, title: lab.title }).from(lab).where(ours(some)).all()))
      }
      return found
    },
    /** Of every kind, the newest first, without tombstones. */
    all: (limit: number) =>
      db
        .select()
        .from(lab)
        .where(ours(ne(lab.state, 'tombstone')))
        .orderBy(desc(lab.createdAt), desc(lab.id))
        .limit(limit)
        .all(),
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
    update: (id: string, set: Partial<Pick<LabRow, 'state' | 'title' | 'seed' | 'machines' | 'updatedAt' | 'destroyedAt'>>) =>
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

    /**
     * Labs that were made for an assignment and to which nothing refers any more: whoever made them was cut off, or what they were
     * for is gone. `before`: those that are younger may be on their way to it.
     */
    forsaken(before: number, limit: number) {
      const assignments = db.select({ id: assignment.id }).from(assignment).where(eq(assignment.organisationId, organisationId))
      const ofOurs = (assignmentId: Column) => inArray(assignmentId, assignments)
      // A null among them would make `not in` unknown.
      const notIn = (id: Column, table: SQLiteTable, whose: SQL) =>
        sql`${lab.id} not in (select ${id} from ${table} where ${id} is not null and ${whose})`
      const referred = [
        notIn(assignment.templateLabId, assignment, eq(assignment.organisationId, organisationId)),
        notIn(stage.labId, stage, ofOurs(stage.assignmentId)),
        notIn(copy.labId, copy, ofOurs(copy.assignmentId)),
        notIn(copy.previousLabId, copy, ofOurs(copy.assignmentId)),
        notIn(submission.labId, submission, eq(submission.organisationId, organisationId)),
      ]
      const tried = and(eq(lab.kind, 'trial'), isNotNull(lab.assignmentId), notInArray(lab.assignmentId, assignments))
      const unused = and(inArray(lab.kind, ['template', 'copy', 'submission']), ...referred)
      return db
        .select()
        .from(lab)
        .where(ours(ne(lab.state, 'tombstone'), lt(lab.createdAt, before), or(unused, tried)))
        .limit(limit)
        .all()
    },

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
    /** Whether a person has been at a lab that somebody else made. */
    async hasOpened(labId: string, personId: string): Promise<boolean> {
      const visit = db
        .select({ labId: labMember.labId })
        .from(labMember)
        .innerJoin(lab, eq(lab.id, labMember.labId))
        .where(ours(eq(labMember.labId, labId), eq(labMember.personId, personId)))
      return (await visit.get()) !== undefined
    },
    /** Labs in which a person may have typed or spoken, the newest first. */
    typedInBy: (personId: string, limit: number) =>
      db
        .select()
        .from(lab)
        .where(
          ours(
            ne(lab.state, 'tombstone'),
            or(
              eq(lab.createdBy, personId),
              exists(
                db
                  .select({ one: sql`1` })
                  .from(labSocket)
                  .where(and(eq(labSocket.labId, lab.id), eq(labSocket.actorId, personId))),
              ),
            ),
          ),
        )
        .orderBy(desc(lab.createdAt))
        .limit(limit)
        .all(),
    /** Notes that somebody works there; what the socket notes too. */
    worked: (labId: string, actorId: string, now: number) =>
      db
        .insert(labSocket)
        .select(
          db
            .select({
              actorId: sql<string>`${actorId}`.as('actor_id'),
              labId: lab.id,
              openedAt: sql<number>`${now}`.as('opened_at'),
            })
            .from(lab)
            .where(one(labId)),
        )
        .onConflictDoNothing(),
    used: (labId: string, now: number) => db.update(lab).set({ lastUsedAt: now }).where(one(labId)),
    /** The frozen lab of a submission is gone; the submission and its grades stay. Copies are made again when they are opened. */
    letGo: (labId: string) =>
      db.batch([
        db
          .update(submission)
          .set({ labId: null })
          .where(and(eq(submission.organisationId, organisationId), eq(submission.labId, labId))),
        db
          .update(copy)
          .set({ labId: null })
          .where(
            and(
              eq(copy.labId, labId),
              inArray(
                copy.assignmentId,
                db.select({ id: assignment.id }).from(assignment).where(eq(assignment.organisationId, organisationId)),
              ),
            ),
          ),
      ]),
    actorsWithSockets: async (limit: number) =>
      (
        await db
          .selectDistinct({ actorId: labSocket.actorId })
          .from(labSocket)
          .innerJoin(lab, eq(lab.id, labSocket.labId))
          .where(ours(ne(lab.state, 'tombstone')))
          .limit(limit)
          .all()
      ).map(({ actorId }) => actorId),
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
}
