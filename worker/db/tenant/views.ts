import { and, count, eq, gt, isNull, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { lab, labView } from '../schema/index.ts'

export type ViewRow = typeof labView.$inferSelect
type Wanted = Pick<ViewRow, 'ofLab' | 'actorId' | 'line' | 'at'>

/** What labs were at a moment, to be looked at. */
export function viewsOf(db: Db, organisationId: string) {
  const ours = (...also: (SQL | undefined)[]) => and(eq(labView.organisationId, organisationId), ...also)
  const same = (column: typeof labView.line | typeof labView.at, value: number | null) =>
    value === null ? isNull(column) : eq(column, value)

  return {
    insert: (row: Omit<ViewRow, 'organisationId'>) => db.insert(labView).values({ ...row, organisationId }),
    find: (labId: string) =>
      db
        .select()
        .from(labView)
        .where(ours(eq(labView.labId, labId)))
        .get(),

    /** The one that this person has of this moment already, if it is there for another while. */
    known: ({ ofLab, actorId, line, at }: Wanted, until: number) =>
      db
        .select({ labId: labView.labId, expiresAt: labView.expiresAt })
        .from(labView)
        .innerJoin(lab, and(eq(lab.id, labView.labId), eq(lab.state, 'ready')))
        .where(
          ours(
            eq(labView.ofLab, ofLab),
            eq(labView.actorId, actorId),
            same(labView.line, line),
            same(labView.at, at),
            gt(labView.expiresAt, until),
          ),
        )
        .get(),

    countOf: async (actorId: string, now: number) =>
      (
        await db
          .select({ n: count() })
          .from(labView)
          .where(ours(eq(labView.actorId, actorId), gt(labView.expiresAt, now)))
          .get()
      )?.n ?? 0,

    ofLink: (linkId: string) =>
      db
        .select({ lab, actorId: labView.actorId })
        .from(labView)
        .innerJoin(lab, eq(lab.id, labView.labId))
        .where(ours(eq(labView.linkId, linkId), ne(lab.state, 'tombstone')))
        .all(),

    endOfLink: (linkId: string, now: number) =>
      db
        .update(labView)
        .set({ expiresAt: sql`min(${labView.expiresAt}, ${now})` })
        .where(ours(eq(labView.linkId, linkId))),

    /** Labs of views whose time is over. */
    over: (now: number, limit: number) =>
      db
        .select({ lab })
        .from(labView)
        .innerJoin(lab, eq(lab.id, labView.labId))
        .where(ours(lte(labView.expiresAt, now), ne(lab.state, 'tombstone')))
        .limit(limit)
        .all(),
  }
}
