import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import { ALL } from '../db/tenant/organisation.ts'
import type { Env } from '../env.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { limitsOf, monthOf } from './limits.ts'

const MOST = 200
const TOGETHER = 6

/** Asks the labs that were used since last time what they have used; how many were asked. Those that slept on are left asleep. */
export async function measureLabs(env: Env, tenant: TenantDb, now: number): Promise<number> {
  const rows = await tenant.organisation.unmeasured(MOST)
  for (let at = 0; at < rows.length; at += TOGETHER) {
    await Promise.all(
      rows.slice(at, at + TOGETHER).map(async (row) => {
        try {
          const { machines, bytes, liveMs } = await callLab(env, row, (host) => host.usage())
          await tenant.organisation.measured(row.id, { machines, bytes, liveMs, measuredAt: now })
          const more = Math.max(0, liveMs - row.liveMs)
          if (more === 0) return
          await tenant.organisation.addLive(ALL, monthOf(now), more)
          await tenant.organisation.addLive(row.createdBy, monthOf(now), more)
        } catch (error) {
          log.warn('lab-not-measured', { lab: row.id, message: (error as Error).message })
        }
      }),
    )
  }
  await allowLive(env, tenant, rows, now)
  return rows.length
}

const HOUR = 3_600_000

/** Labs of an organisation or person that has used up its live hours stand still; those that were measured now are told. */
async function allowLive(env: Env, tenant: TenantDb, rows: readonly LabRow[], now: number): Promise<void> {
  if (rows.length === 0) return
  const limits = limitsOf(env, (await tenant.organisation.get())?.quotas ?? {})
  const used = new Map((await tenant.organisation.usage(monthOf(now))).map(({ actorId, liveMs }) => [actorId, liveMs]))
  const all = (used.get(ALL) ?? 0) < limits.liveHours * HOUR
  for (const row of rows) {
    const allowed = all && (used.get(row.createdBy) ?? 0) < limits.personLiveHours * HOUR
    try {
      await callLab(env, row, (host) => host.allowLive(allowed))
    } catch (error) {
      log.warn('lab-not-limited', { lab: row.id, message: (error as Error).message })
    }
  }
}
