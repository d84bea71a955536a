import { auditAs } from '../audit.ts'
import { settleSubmissions } from '../courses/settle-submissions.ts'
import { openDatabase } from '../db/database.ts'
import { allOrganisations } from '../db/operator.ts'
import { sweepOver } from '../db/over.ts'
import { type TenantDb, tenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import { sweepTries } from '../db/throttle.ts'
import type { Env } from '../env.ts'
import { forgetInLabs } from '../erase/erase-person.ts'
import { destroyLab, sweepForsaken, sweepTombstones } from '../lab-life.ts'
import { log } from '../log.ts'
import { measureLabs } from '../quotas/measure.ts'

export const DAY = 24 * 3_600_000
/** So long before it goes, a lab is named on the page. */
export const WARN_DAYS = 14
/** Labs of one organisation in one run; the next goes on. */
const MOST_LABS = 100
const MOST_FORGET = 300
const MOST_OVER = 2_000
const MOST_GONE = 60

export const lastUse = (row: Pick<LabRow, 'lastUsedAt' | 'updatedAt'>): number => row.lastUsedAt ?? row.updatedAt

/** Removes what nobody has used for as long as the organisation keeps things. Grades stay; the frozen lab behind them goes. */
export async function applyRetention(env: Env, tenant: TenantDb, days: number, now: number): Promise<number> {
  const old = await tenant.organisation.unusedSince(now - days * DAY, MOST_LABS)
  for (const row of old) {
    await destroyLab(env, tenant, row)
    await tenant.labs.letGo(row.id)
    const by = { id: 'retention', name: 'Retention', via: 'system' } as const
    await auditAs(null, tenant, by, 'lab.expired', { kind: 'lab', id: row.id, name: row.title }, `unused for ${days} days`)
  }
  return old.length
}

/** Once an hour: what is measured, what goes, and what could not be finished when it was asked for. */
export async function sweep(env: Env, now = Date.now()): Promise<void> {
  const db = openDatabase(env.DB)
  await sweepTries(db, now - DAY)
  await sweepOver(db, now, MOST_OVER)
  for (const { id, retentionDays } of await allOrganisations(db)) {
    const tenant = tenantDb(db, id)
    try {
      const settled = await settleSubmissions(env, tenant, now)
      const forgotten = await forgetInLabs(env, tenant, MOST_FORGET)
      const measured = await measureLabs(env, tenant, now)
      const removed = retentionDays === null ? 0 : await applyRetention(env, tenant, retentionDays, now)
      const forsaken = await sweepForsaken(env, tenant, now)
      await sweepTombstones(env, tenant, MOST_GONE, now)
      if (settled + forgotten + measured + removed + forsaken > 0)
        log.info('swept', { organisation: id, settled, forgotten, measured, removed, forsaken })
    } catch (error) {
      log.error('sweep-failed', { organisation: id, message: (error as Error).message })
    }
  }
}
