import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { Env } from '../env.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { type Limits, limitsOf, monthOf } from './limits.ts'

const HOUR = 3_600_000
/** Labs are measured once an hour: with more than this left, nothing can be used up before they are told again. */
const MATTERS = 24 * HOUR

type Used = { readonly allLiveMs: number; readonly liveMs: number }

/** Milliseconds of live time that somebody and their organisation have left this month; null: more than matters now. */
export function liveLeft({ allLiveMs, liveMs }: Used, limits: Limits): number | null {
  const left = Math.min(limits.liveHours * HOUR - allLiveMs, limits.personLiveHours * HOUR - liveMs)
  return left > MATTERS ? null : Math.max(0, left)
}

/** Tells a lab, which then stops by itself. One that cannot be told now is told when it is measured. */
export async function tellLive(env: Env, row: LabRow, left: number | null): Promise<void> {
  try {
    await callLab(env, row, (host) => host.allowLive(left))
  } catch (error) {
    log.warn('lab-not-limited', { lab: row.id, message: (error as Error).message })
  }
}

/** When somebody comes: a lab that was not used for a while knows nothing of what others have used up, nor of a new month. */
export async function limitLive(env: Env, tenant: TenantDb, row: LabRow, now = Date.now()): Promise<void> {
  const measured = row.measuredAt ?? row.createdAt
  if (now - measured < HOUR) return
  const mine = await tenant.organisation.holdingsOf(row.createdBy, monthOf(now))
  const left = liveLeft(mine, limitsOf(env, mine.quotas))
  if (left !== null || monthOf(measured) !== monthOf(now)) await tellLive(env, row, left)
}
