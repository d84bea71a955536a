import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import { ALL } from '../db/tenant/organisation.ts'
import type { Env } from '../env.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { limitsOf, monthOf } from './limits.ts'
import { liveLeft, tellLive } from './live-time.ts'

const MOST = 200
const TOGETHER = 6

/** Asks the labs that were used since last time what they have used; how many were asked. Those that slept on are left asleep. */
export async function measureLabs(env: Env, tenant: TenantDb, now: number): Promise<number> {
  const rows = await tenant.organisation.unmeasured(MOST)
  await inTurns(rows, async (row) => {
    try {
      const used = await callLab(env, row, (host) => host.usage())
      await tenant.organisation.measured(row, { ...used, measuredAt: now }, monthOf(now))
    } catch (error) {
      log.warn('lab-not-measured', { lab: row.id, message: (error as Error).message })
    }
  })
  await allowLive(env, tenant, rows, now)
  return rows.length
}

/**
 * Tells the labs that were measured now how much live time is left to them; each stops by itself at that. Of several that run at the
 * same time each may use all of it: what they use together is known an hour later.
 */
async function allowLive(env: Env, tenant: TenantDb, rows: readonly LabRow[], now: number): Promise<void> {
  if (rows.length === 0) return
  const limits = limitsOf(env, (await tenant.organisation.get())?.quotas ?? {})
  const used = new Map((await tenant.organisation.usage(monthOf(now))).map(({ actorId, liveMs }) => [actorId, liveMs]))
  const allLiveMs = used.get(ALL) ?? 0
  await inTurns(rows, (row) => tellLive(env, row, liveLeft({ allLiveMs, liveMs: used.get(row.createdBy) ?? 0 }, limits)))
}

async function inTurns(rows: readonly LabRow[], each: (row: LabRow) => Promise<void>): Promise<void> {
  for (let at = 0; at < rows.length; at += TOGETHER) await Promise.all(rows.slice(at, at + TOGETHER).map(each))
}
