import { and, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import {
  assignment,
  course,
  externalIdentity,
  identity,
  ltiContext,
  ltiLaunch,
  ltiLineItem,
  ltiLink,
  ltiMember,
  ltiPlatform,
  membership,
  person,
} from '../schema/index.ts'

export type LtiContextRow = typeof ltiContext.$inferSelect
export type LtiLaunchRow = typeof ltiLaunch.$inferSelect
export type LtiKnown = Awaited<ReturnType<ReturnType<typeof ltiContextsOf>['known']>>[number]
type LtiRole = NonNullable<typeof ltiMember.$inferSelect.role>
export type LtiContextSeen = Pick<
  LtiContextRow,
  'platformId' | 'deploymentId' | 'foreignId' | 'title' | 'membershipsUrl' | 'lineItemsUrl' | 'scopes'
>

/** Courses at platforms, the links in them, and the launches that came from them. */
export function ltiContextsOf(db: Db, organisationId: string) {
  const ours = eq(ltiContext.organisationId, organisationId)
  const one = (id: string) => and(ours, eq(ltiContext.id, id))
  const launchOf = (id: string, personId: string) =>
    and(eq(ltiLaunch.organisationId, organisationId), eq(ltiLaunch.id, id), eq(ltiLaunch.personId, personId))

  return {
    list: () =>
      db
        .select({ context: ltiContext, platform: ltiPlatform.name, course: course.title })
        .from(ltiContext)
        .innerJoin(ltiPlatform, eq(ltiPlatform.id, ltiContext.platformId))
        .leftJoin(course, eq(course.id, ltiContext.courseId))
        .where(ours)
        .orderBy(ltiPlatform.name, ltiContext.title)
        .all(),
    find: (id: string) => db.select().from(ltiContext).where(one(id)).get(),
    ofCourse: (courseId: string) =>
      db
        .select()
        .from(ltiContext)
        .where(and(ours, eq(ltiContext.courseId, courseId)))
        .all(),
    /** What the platform says of the course now; which of ours belongs to it stays. */
    async seen(row: LtiContextSeen, fresh: { id: string; now: number }): Promise<LtiContextRow> {
      const { title, membershipsUrl, lineItemsUrl, scopes } = row
      const values = { ...row, id: fresh.id, organisationId, createdAt: fresh.now }
      return db
        .insert(ltiContext)
        .values(values)
        .onConflictDoUpdate({
          target: [ltiContext.platformId, ltiContext.deploymentId, ltiContext.foreignId],
          set: { title, membershipsUrl, lineItemsUrl, scopes },
          setWhere: ours,
        })
        .returning()
        .get()
    },
    /** The course must be of this organisation too; false: it is not, or there is no such context. */
    async connect(id: string, courseId: string | null): Promise<boolean> {
      const exists = sql`exists (select 1 from ${course} where ${course.id} = ${courseId} and ${course.organisationId} = ${organisationId})`
      const may = and(one(id), courseId === null ? undefined : exists)
      const [, set] = await db.batch([
        // In another course nobody has decided anything yet: what the platform says is taken anew.
        db
          .update(ltiMember)
          .set({ role: null })
          .where(
            inArray(
              ltiMember.contextId,
              db
                .select({ id: ltiContext.id })
                .from(ltiContext)
                .where(and(may, sql`${ltiContext.courseId} is not ${courseId}`)),
            ),
          ),
        db.update(ltiContext).set({ courseId }).where(may).returning({ id: ltiContext.id }),
      ])
      return set.length === 1
    },
    /** What the platform said last that somebody is there; null: nothing, or nothing for the course that it leads to now. */
    roleOf: async (contextId: string, personId: string): Promise<LtiRole | null> =>
      (
        await db
          .select({ role: ltiMember.role })
          .from(ltiMember)
          .innerJoin(ltiContext, eq(ltiContext.id, ltiMember.contextId))
          .where(and(one(contextId), eq(ltiMember.personId, personId)))
          .get()
      )?.role ?? null,
    member: (contextId: string, personId: string, role: LtiRole, now: number) =>
      db
        .insert(ltiMember)
        .select(sql`select ${ltiContext.id}, ${personId}, ${role}, ${now} from ${ltiContext} where ${one(contextId)}`)
        .onConflictDoUpdate({ target: [ltiMember.contextId, ltiMember.personId], set: { role } }),
    /** Everybody whom the platform has ever told of, by its names for them: what was taken over, and whether they still belong to us. */
    known: (contextId: string, issuer: string) =>
      db
        .select({
          subject: externalIdentity.subject,
          personId: person.id,
          name: person.name,
          account: identity.userId,
          given: externalIdentity.role,
          part: ltiMember.role,
          member: sql<string | null>`${membership.personId}`.as('member_person'),
        })
        .from(externalIdentity)
        .innerJoin(person, eq(person.id, externalIdentity.personId))
        .leftJoin(identity, eq(identity.personId, person.id))
        .leftJoin(membership, and(eq(membership.personId, person.id), eq(membership.organisationId, organisationId)))
        .leftJoin(ltiMember, and(eq(ltiMember.personId, person.id), eq(ltiMember.contextId, contextId)))
        .where(and(eq(externalIdentity.organisationId, organisationId), eq(externalIdentity.issuer, issuer)))
        .all(),
    rosterRead: (id: string, now: number) => db.update(ltiContext).set({ rosterAt: now }).where(one(id)),

    link: (contextId: string, foreignId: string) =>
      db
        .select({ assignmentId: ltiLink.assignmentId, lineItemUrl: ltiLink.lineItemUrl })
        .from(ltiLink)
        .innerJoin(ltiContext, and(eq(ltiContext.id, ltiLink.contextId), ours))
        .where(and(eq(ltiLink.contextId, contextId), eq(ltiLink.foreignId, foreignId)))
        .get(),
    /** The column that the platform says belongs to a link stays known when it is not said again. */
    async setLink(row: { contextId: string; foreignId: string; assignmentId: string; lineItemUrl: string | null; now: number }) {
      const { now, lineItemUrl, assignmentId, ...key } = row
      await db
        .insert(ltiLink)
        .select(
          sql`select ${ltiContext.id}, ${key.foreignId}, ${assignmentId}, ${lineItemUrl}, ${now} from ${ltiContext} where ${one(key.contextId)}`,
        )
        .onConflictDoUpdate({
          target: [ltiLink.contextId, ltiLink.foreignId],
          set: { assignmentId, lineItemUrl: sql`coalesce(${lineItemUrl}, ${ltiLink.lineItemUrl})` },
        })
    },
    /** Columns for an assignment: those of links to it first, then the one that we found or made. */
    async lineItem(contextId: string, assignmentId: string): Promise<string | null> {
      const linked = await db
        .select({ url: ltiLink.lineItemUrl })
        .from(ltiLink)
        .innerJoin(ltiContext, and(eq(ltiContext.id, ltiLink.contextId), ours))
        .where(
          and(eq(ltiLink.contextId, contextId), eq(ltiLink.assignmentId, assignmentId), sql`${ltiLink.lineItemUrl} is not null`),
        )
        .orderBy(ltiLink.createdAt)
        .get()
      if (linked?.url) return linked.url
      const made = await db
        .select({ url: ltiLineItem.url })
        .from(ltiLineItem)
        .innerJoin(ltiContext, and(eq(ltiContext.id, ltiLineItem.contextId), ours))
        .where(and(eq(ltiLineItem.contextId, contextId), eq(ltiLineItem.assignmentId, assignmentId)))
        .get()
      return made?.url ?? null
    },
    setLineItem: (contextId: string, assignmentId: string, url: string, now: number) =>
      db
        .insert(ltiLineItem)
        .select(sql`select ${ltiContext.id}, ${assignmentId}, ${url}, ${now} from ${ltiContext} where ${one(contextId)}`)
        .onConflictDoUpdate({ target: [ltiLineItem.contextId, ltiLineItem.assignmentId], set: { url } }),
    /** The platform does not know the column any more. */
    forgetLineItem: (contextId: string, assignmentId: string, url: string) =>
      db.batch([
        db
          .delete(ltiLineItem)
          .where(and(eq(ltiLineItem.contextId, contextId), eq(ltiLineItem.assignmentId, assignmentId), eq(ltiLineItem.url, url))),
        db
          .update(ltiLink)
          .set({ lineItemUrl: null })
          .where(and(eq(ltiLink.contextId, contextId), eq(ltiLink.assignmentId, assignmentId), eq(ltiLink.lineItemUrl, url))),
      ]),

    /** An assignment that people may come to by a link; undefined: of another organisation, or gone. */
    assignment: (id: string) =>
      db
        .select({ id: assignment.id, courseId: assignment.courseId, title: assignment.title, state: assignment.state })
        .from(assignment)
        .where(and(eq(assignment.organisationId, organisationId), eq(assignment.id, id)))
        .get(),
    courses: () =>
      db
        .select({ id: course.id, title: course.title })
        .from(course)
        .where(and(eq(course.organisationId, organisationId), isNull(course.archivedAt)))
        .orderBy(course.title)
        .all(),
    assignments: (courseId: string) =>
      db
        .select({ id: assignment.id, title: assignment.title, state: assignment.state, dueAt: assignment.dueAt })
        .from(assignment)
        .where(and(eq(assignment.organisationId, organisationId), eq(assignment.courseId, courseId)))
        .orderBy(desc(assignment.createdAt))
        .all(),

    /** Those that are over go with it. */
    insertLaunch: (row: Omit<LtiLaunchRow, 'organisationId' | 'answeredAt'>) =>
      db.batch([
        db.delete(ltiLaunch).where(and(eq(ltiLaunch.organisationId, organisationId), lt(ltiLaunch.expiresAt, row.createdAt))),
        db.insert(ltiLaunch).values({ ...row, organisationId, answeredAt: null }),
      ]),
    /** Only for the person who came by it. */
    launch: (id: string, personId: string, now: number) =>
      db
        .select()
        .from(ltiLaunch)
        .where(and(launchOf(id, personId), gt(ltiLaunch.expiresAt, now)))
        .get(),
    /** Uses up a ticket; undefined when there is none. */
    useTicket: (ticketHash: string, notBefore: number) =>
      db
        .update(ltiLaunch)
        .set({ ticketHash: null })
        .where(
          and(
            eq(ltiLaunch.organisationId, organisationId),
            eq(ltiLaunch.ticketHash, ticketHash),
            gt(ltiLaunch.createdAt, notBefore),
          ),
        )
        .returning({ personId: ltiLaunch.personId, path: ltiLaunch.path })
        .get(),
    /** True once: a deep link is answered by one message. */
    async answerLaunch(id: string, personId: string, now: number): Promise<boolean> {
      const where = and(launchOf(id, personId), gt(ltiLaunch.expiresAt, now), isNull(ltiLaunch.answeredAt))
      return (await db.update(ltiLaunch).set({ answeredAt: now }).where(where).returning({ id: ltiLaunch.id })).length === 1
    },
  }
}
