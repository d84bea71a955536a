import type { Context } from 'hono'
import type { Found } from '../auth/auth.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import { ALL } from '../db/tenant/organisation.ts'
import type { AppEnv } from '../env.ts'
import { log } from '../log.ts'
import { Problem } from '../problem.ts'
import { type Limits, limitsOf, monthOf } from './limits.ts'

// Requests a minute, over all places where the Worker runs. Each place counts for itself and adds to the shared count with every
// twentieth request or after ten seconds, behind the answer: a request waits for none of it and costs a tenth of a row or so.

const MINUTE = 60_000
const EVERY = 20
const AT_LEAST_EACH = 10_000
const MOST_ORGANISATIONS = 2_000

class OrganisationMeter {
  minute = 0
  /** As of the last time that the shared count was read, by actor. */
  shared = new Map<string, number>()
  pending = new Map<string, number>()
  waiting = 0
  since = 0

  used = (actorId: string): number => (this.shared.get(actorId) ?? 0) + (this.pending.get(actorId) ?? 0)
  add(actorId: string): void {
    this.pending.set(actorId, (this.pending.get(actorId) ?? 0) + 1)
  }
}

const meters = new Map<string, OrganisationMeter>()

function meterOf(organisationId: string): OrganisationMeter {
  const known = meters.get(organisationId)
  if (known !== undefined) return known
  if (meters.size >= MOST_ORGANISATIONS) meters.clear()
  const fresh = new OrganisationMeter()
  meters.set(organisationId, fresh)
  return fresh
}

/** Counts this request; refuses it when the organisation or the caller has had as many in this minute as they may. */
export function meterRequest(c: Context<AppEnv>, { actor, standing }: Found, now = Date.now()): void {
  const meter = meterOf(actor.organisationId)
  const minute = Math.floor(now / MINUTE)
  if (meter.minute !== minute) {
    meter.minute = minute
    meter.shared.clear()
  }
  if (meter.waiting === 0) meter.since = now
  meter.waiting++
  meter.add(ALL)
  meter.add(actor.id)
  if (meter.waiting >= EVERY || now - meter.since >= AT_LEAST_EACH)
    c.executionCtx.waitUntil(share(c, actor.organisationId, meter).catch(lost))
  const limits = limitsOf(c.env, standing.quotas)
  refuseAbove(limits, 'requestsPerMinute', meter.used(ALL), now)
  refuseAbove(limits, 'personRequestsPerMinute', meter.used(actor.id), now)
}

function refuseAbove(limits: Limits, which: 'requestsPerMinute' | 'personRequestsPerMinute', used: number, now: number): void {
  if (used <= limits[which]) return
  const whose = which === 'requestsPerMinute' ? 'This organisation' : 'You'
  const detail = `${whose} may make ${limits[which]} requests a minute. Wait for the next minute.`
  const seconds = Math.ceil((MINUTE - (now % MINUTE)) / 1000)
  throw new Problem(429, 'quota-requests', detail, {}, { 'retry-after': String(Math.max(1, seconds)) })
}

const lost = (error: Error) => log.warn('usage-not-counted', { message: error.message })

async function share(c: Context<AppEnv>, organisationId: string, meter: OrganisationMeter): Promise<void> {
  const sent = meter.pending
  const { minute } = meter
  meter.pending = new Map()
  meter.waiting = 0
  const tenant = tenantDb(openDatabase(c.env.DB), organisationId)
  const counted = await tenant.organisation.count(sent, minute, monthOf(minute * MINUTE))
  if (meter.minute !== minute) return
  for (const [actorId, used] of counted) meter.shared.set(actorId, used)
}
