import { and, eq, gte, isNotNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { lab, membership, organisation, requestWindow, usage } from '../schema/index.ts'
import type { Quotas } from '../schema/organisations.ts'

import type { LabRow } from './labs.ts'

export type { Quotas } from '../schema/organisations.ts'
export type OrganisationRow = typeof organisation.$inferSelect
type Measured = { readonly machines: number; readonly bytes: number; readonly liveMs: number; readonly measuredAt: number }
/** Everybody together, in counters that are also kept for each. */
export const ALL = '*'

export type Holdings = { readonly labs: number; readonly machines: number; readonly bytes: number }

/** What is frozen has nothing in it that runs: it counts for its bytes alone. */
const runs = sql`${lab.kind} not in ('submission', 'view')`
const held = {
  labs: sql<number>`coalesce(sum(${runs}), 0)`,
  machines: sql<number>`coalesce(sum(case when ${runs} then ${lab.machines} else 0 end), 0)`,
  bytes: sql<number>`coalesce(sum(${lab.bytes}), 0)`,
}
const NOTHING: Holdings = { labs: 0, machines: 0, bytes: 0 }

/** The organisation itself, and what it uses. */
export function organisationOf(db: Db, organisationId: string) {
  const ours = eq(organisation.id, organisationId)
  return {
    get: () => db.select().from(organisation).where(ours).get(),
    update: (set: Partial<Pick<OrganisationRow, 'name' | 'joinByCode' | 'retentionDays'>>) =>
      db.update(organisation).set(set).where(ours),
    setQuotas: (quotas: Quotas) => db.update(organisation).set({ quotas }).where(ours),
    suspend: (at: number | null, reason: string | null) =>
      db.update(organisation).set({ suspendedAt: at, suspendedReason: reason }).where(ours),

    /** Labs, machines and bytes of everybody. It looks at every lab: not for what a class does at once. */
    holdings: async (): Promise<Holdings> =>
      (await db
        .select(held)
        .from(lab)
        .where(and(eq(lab.organisationId, organisationId), ne(lab.state, 'tombstone')))
        .get()) ?? NOTHING,
    /** The same of one of them, with what they may use and how long their labs, and all labs, have been live this month. */
    async holdingsOf(actorId: string, month: string) {
      const live = (whose: string) =>
        sql<number>`coalesce((select ${usage.liveMs} from ${usage}
          where ${usage.organisationId} = ${organisationId} and ${usage.actorId} = ${whose} and ${usage.month} = ${month}), 0)`
      const row = await db
        .select({
          ...held,
          quotas: sql<string | null>`(select ${organisation.quotas} from ${organisation} where ${ours})`,
          allLiveMs: live(ALL),
          liveMs: live(actorId),
        })
        .from(lab)
        .where(
          and(
            eq(lab.organisationId, organisationId),
            eq(lab.createdBy, actorId),
            ne(lab.state, 'tombstone'),
            // What stands behind an assignment is the organisation's.
            ne(lab.kind, 'template'),
          ),
        )
        .get()
      const { quotas, ...rest } = row ?? { ...NOTHING, quotas: null, allLiveMs: 0, liveMs: 0 }
      return { ...rest, quotas: (quotas === null ? {} : JSON.parse(quotas)) as Quotas }
    },
    members: async () =>
      (await db.select({ n: sql<number>`count(*)` }).from(membership).where(eq(membership.organisationId, organisationId)).get())
        ?.n ?? 0,

    /** A month, by person and in all. */
    usage: (month: string, actorId?: string) =>
      db
        .select()
        .from(usage)
        .where(
          and(
            eq(usage.organisationId, organisationId),
            eq(usage.month, month),
            actorId === undefined ? undefined : sql`${usage.actorId} in (${ALL}, ${actorId})`,
          ),
        )
        .orderBy(sql`${usage.liveMs} desc, ${usage.requests} desc`)
        .limit(1000)
        .all(),

    /** Adds to the counters of this minute and month; how many there are now in this minute, by actor. */
    async count(pending: ReadonlyMap<string, number>, minute: number, month: string): Promise<Map<string, number>> {
      const windows = [...pending].map(([actorId, n]) =>
        db
          .insert(requestWindow)
          .values({ organisationId, actorId, minute, used: n })
          .onConflictDoUpdate({
            target: [requestWindow.organisationId, requestWindow.actorId],
            set: {
              minute,
              used: sql`case when ${requestWindow.minute} = ${minute} then ${requestWindow.used} + ${n} else ${n} end`,
            },
          })
          .returning({ actorId: requestWindow.actorId, used: requestWindow.used }),
      )
      const months = [...pending].map(([actorId, n]) =>
        db
          .insert(usage)
          .values({ organisationId, actorId, month, requests: n })
          .onConflictDoUpdate({
            target: [usage.organisationId, usage.actorId, usage.month],
            set: { requests: sql`${usage.requests} + ${n}` },
          }),
      )
      const [first, ...rest] = windows
      if (first === undefined) return new Map()
      const answers = await db.batch([first, ...rest, ...months])
      const counted = answers.slice(0, windows.length) as { actorId: string; used: number }[][]
      return new Map(counted.flat().map(({ actorId, used }) => [actorId, used]))
    },
    /** Labs that were used since they were measured. */
    unmeasured: (limit: number) =>
      db
        .select()
        .from(lab)
        .where(
          and(
            eq(lab.organisationId, organisationId),
            eq(lab.state, 'ready'),
            sql`(${lab.measuredAt} is null or (${lab.lastUsedAt} is not null and ${lab.lastUsedAt} >= ${lab.measuredAt} - 3600000))`,
          ),
        )
        .orderBy(sql`coalesce(${lab.measuredAt}, 0)`)
        .limit(limit)
        .all(),
    /** What a lab uses; the live time since it was measured last is its maker's and everybody's. */
    async measured({ id, createdBy, liveMs: before }: LabRow, set: Measured, month: string): Promise<void> {
      const more = Math.max(0, set.liveMs - before)
      const add = (actorId: string) =>
        db
          .insert(usage)
          .values({ organisationId, actorId, month, liveMs: more })
          .onConflictDoUpdate({
            target: [usage.organisationId, usage.actorId, usage.month],
            set: { liveMs: sql`${usage.liveMs} + ${more}` },
          })
      const measured = db
        .update(lab)
        .set(set)
        .where(and(eq(lab.organisationId, organisationId), eq(lab.id, id)))
      await db.batch(more === 0 ? [measured] : [measured, add(ALL), add(createdBy)])
    },

    /** Labs that nobody has used since a moment, the longest first. Templates and stages belong to their assignment and stay. */
    unusedSince: (before: number, limit: number) =>
      db
        .select()
        .from(lab)
        .where(
          and(
            eq(lab.organisationId, organisationId),
            eq(lab.state, 'ready'),
            sql`${lab.kind} <> 'template'`,
            sql`coalesce(${lab.lastUsedAt}, ${lab.updatedAt}) < ${before}`,
          ),
        )
        .orderBy(sql`coalesce(${lab.lastUsedAt}, ${lab.updatedAt})`)
        .limit(limit)
        .all(),
    retains: () =>
      db
        .select({ days: organisation.retentionDays })
        .from(organisation)
        .where(and(ours, isNotNull(organisation.retentionDays), gte(organisation.retentionDays, 1)))
        .get(),
  }
}
