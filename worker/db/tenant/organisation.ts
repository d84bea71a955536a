import { and, eq, gte, isNotNull, ne, sql } from 'drizzle-orm'
import type { Db } from '../database.ts'
import { lab, membership, organisation, requestWindow, usage } from '../schema/index.ts'
import type { Quotas } from '../schema/organisations.ts'

export type { Quotas } from '../schema/organisations.ts'
export type OrganisationRow = typeof organisation.$inferSelect
/** Everybody together, in counters that are also kept for each. */
export const ALL = '*'

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

    /** Labs, machines and bytes of everybody, and of one of them. */
    async holdings(actorId: string) {
      const mine = (what: ReturnType<typeof sql>) =>
        sql<number>`coalesce(sum(case when ${lab.createdBy} = ${actorId} then ${what} else 0 end), 0)`
      const row = await db
        .select({
          labs: sql<number>`count(*)`,
          machines: sql<number>`coalesce(sum(${lab.machines}), 0)`,
          bytes: sql<number>`coalesce(sum(${lab.bytes}), 0)`,
          personLabs: mine(sql`1`),
          personMachines: mine(sql`${lab.machines}`),
          personBytes: mine(sql`${lab.bytes}`),
        })
        .from(lab)
        .where(and(eq(lab.organisationId, organisationId), ne(lab.state, 'tombstone')))
        .get()
      return row ?? { labs: 0, machines: 0, bytes: 0, personLabs: 0, personMachines: 0, personBytes: 0 }
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
    addLive: (actorId: string, month: string, liveMs: number) =>
      db
        .insert(usage)
        .values({ organisationId, actorId, month, liveMs })
        .onConflictDoUpdate({
          target: [usage.organisationId, usage.actorId, usage.month],
          set: { liveMs: sql`${usage.liveMs} + ${liveMs}` },
        }),
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
    measured: (labId: string, set: { machines: number; bytes: number; liveMs: number; measuredAt: number }) =>
      db
        .update(lab)
        .set(set)
        .where(and(eq(lab.organisationId, organisationId), eq(lab.id, labId))),

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
