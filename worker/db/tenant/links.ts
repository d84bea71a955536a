import { and, asc, count, eq, exists, gt, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { apiKey, lab, labGuest, labLink, membership } from '../schema/index.ts'

export type LinkRow = typeof labLink.$inferSelect
export type NewLink = Omit<typeof labLink.$inferInsert, 'organisationId' | 'uses' | 'revokedAt'>
export type GuestRow = typeof labGuest.$inferSelect
/** What somebody who came by links may do; `until` when that is over. */
export type Guest = { readonly role: 'watch' | 'work'; readonly until: number } | 'ended'

/** Links to labs, and who came by them. */
export function linksOf(db: Db, organisationId: string) {
  const ofLab = (labId: string, ...also: (SQL | undefined)[]) =>
    and(eq(labLink.organisationId, organisationId), eq(labLink.labId, labId), ...also)
  const guests = (...also: (SQL | undefined)[]) => and(eq(labGuest.organisationId, organisationId), ...also)
  const counts = (now: number) =>
    and(isNull(labLink.revokedAt), gt(labLink.expiresAt, now), or(isNull(labLink.maxUses), lt(labLink.uses, labLink.maxUses)))

  // A link ends with whoever made it.
  const maker = db
    .select({ one: sql`1` })
    .from(membership)
    .where(and(eq(membership.organisationId, organisationId), eq(membership.personId, labLink.createdBy)))
  const makingKey = db
    .select({ one: sql`1` })
    .from(apiKey)
    .where(and(eq(apiKey.organisationId, organisationId), eq(sql`'key:' || ${apiKey.id}`, labLink.createdBy)))

  return {
    /** Oldest first, those that are over as well, until they are swept. */
    list: (labId: string) => db.select().from(labLink).where(ofLab(labId)).orderBy(asc(labLink.createdAt), labLink.id).all(),
    find: (labId: string, id: string) =>
      db
        .select()
        .from(labLink)
        .where(ofLab(labId, eq(labLink.id, id)))
        .get(),

    /** Makes a link if the lab has fewer than so many that still count; those that are long over go. False: it has as many. */
    async insert(row: NewLink, most: number, sweepBefore: number): Promise<boolean> {
      const over = or(lt(labLink.expiresAt, sweepBefore), lt(labLink.revokedAt, sweepBefore))
      await db.delete(labLink).where(ofLab(row.labId, over))
      const valid = ofLab(row.labId, isNull(labLink.revokedAt), gt(labLink.expiresAt, row.createdAt))
      const { n = 0 } = (await db.select({ n: count() }).from(labLink).where(valid).get()) ?? {}
      if (n >= most) return false
      await db.insert(labLink).values({ ...row, organisationId })
      return true
    },

    /** With its lab, when it still opens anything, or has opened something for this person. */
    byToken: (tokenHash: string, now: number) =>
      db
        .select({ link: labLink, lab })
        .from(labLink)
        .innerJoin(lab, and(eq(lab.organisationId, labLink.organisationId), eq(lab.id, labLink.labId)))
        .where(
          and(
            eq(labLink.organisationId, organisationId),
            eq(labLink.tokenHash, tokenHash),
            isNull(labLink.revokedAt),
            gt(labLink.expiresAt, now),
            or(exists(maker), exists(makingKey)),
          ),
        )
        .get(),

    /** Counts one more use. False: it has none left; of two that come at once, one gets the last. */
    async use(id: string, now: number): Promise<boolean> {
      const used = await db
        .update(labLink)
        .set({ uses: sql`${labLink.uses} + 1` })
        .where(and(eq(labLink.organisationId, organisationId), eq(labLink.id, id), counts(now)))
        .returning({ id: labLink.id })
      return used.length > 0
    },

    addGuest: (row: Omit<GuestRow, 'organisationId'>) =>
      db
        .insert(labGuest)
        .values({ ...row, organisationId })
        .onConflictDoNothing(),

    /** Whether this person has opened this link before. */
    async hasOpened(linkId: string, personId: string): Promise<boolean> {
      const where = guests(eq(labGuest.linkId, linkId), eq(labGuest.personId, personId))
      return (await db.select({ linkId: labGuest.linkId }).from(labGuest).where(where).get()) !== undefined
    },

    /** What somebody who came by links may do in a lab; undefined: they did not come by one. */
    async guestOf(labId: string, personId: string, now: number): Promise<Guest | undefined> {
      const rows = await db
        .select({ role: labGuest.role, expiresAt: labGuest.expiresAt })
        .from(labGuest)
        .where(guests(eq(labGuest.labId, labId), eq(labGuest.personId, personId)))
        .all()
      if (rows.length === 0) return undefined
      const until = (role: 'watch' | 'work') =>
        Math.max(0, ...rows.filter((one) => one.role === role).map((one) => one.expiresAt))
      for (const role of ['work', 'watch'] as const) if (until(role) > now) return { role, until: until(role) }
      return 'ended'
    },

    /** Who came by a link and is not over yet. */
    guestsOf: (linkId: string) =>
      db
        .select({ personId: labGuest.personId, expiresAt: labGuest.expiresAt, openedAt: labGuest.openedAt })
        .from(labGuest)
        .where(guests(eq(labGuest.linkId, linkId)))
        .all(),

    /** Ends a link, and what it has given. False: there is none. */
    async revoke(labId: string, id: string, now: number): Promise<boolean> {
      const [ended] = await db.batch([
        db
          .update(labLink)
          .set({ revokedAt: sql`coalesce(${labLink.revokedAt}, ${now})` })
          .where(ofLab(labId, eq(labLink.id, id)))
          .returning({ id: labLink.id }),
        db
          .update(labGuest)
          .set({ expiresAt: sql`min(${labGuest.expiresAt}, ${now})` })
          .where(guests(eq(labGuest.labId, labId), eq(labGuest.linkId, id))),
      ])
      return ended.length > 0
    },
  }
}
