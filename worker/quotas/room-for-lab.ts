import type { Actor } from '../auth/actor.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { Holdings } from '../db/tenant/organisation.ts'
import type { Env } from '../env.ts'
import { Problem } from '../problem.ts'
import { type Limits, limitsOf, monthOf } from './limits.ts'
import { liveLeft } from './live-time.ts'

// What counts as what stands in docs/decisions/0012: a frozen lab counts its bytes alone, what stands behind an assignment is the
// organisation's and nobody's own, and handing in asks only whether the organisation has bytes left.

type Kind = LabRow['kind']
const units = { labs: 'labs', machines: 'machines in labs', bytes: 'bytes at rest' } as const
type Unit = keyof typeof units

/** What is handed in may pass the organisation's bytes by so much: nobody misses a date for what others have filled. */
const HANDING_IN = 1.1

/** What the organisation holds is not counted anew for each of a class that opens at once, but so often at most; oftener when it is full. */
const KNOWN_MS = 5_000
const FULL_MS = 1_000
const MOST_KNOWN = 2_000
/** Counted on as labs are let through. */
type Tally = { readonly at: number; labs: number; machines: number; readonly bytes: number }
const tallies = new Map<string, Tally>()

async function organisationHolds(tenant: TenantDb, now: number, recent: boolean): Promise<Tally> {
  const known = () => {
    const tally = recent ? tallies.get(tenant.organisationId) : undefined
    return tally !== undefined && tally.at > now - KNOWN_MS ? tally : undefined
  }
  const before = known()
  if (before !== undefined) return before
  const held = await tenant.organisation.holdings()
  // Of many that looked at once, all count on in the same tally.
  const meanwhile = known()
  if (meanwhile !== undefined) return meanwhile
  const tally = { ...held, at: now }
  if (tallies.size >= MOST_KNOWN) tallies.clear()
  tallies.set(tenant.organisationId, tally)
  return tally
}

/** In the words of whoever wanted the lab: a student cannot delete what fills the organisation, but can tell their teacher. */
function full(kind: Kind, actor: Actor, whose: 'organisation' | 'person', unit: Unit, limit: number): Problem {
  const amount = unit === 'bytes' && limit >= 1024 ** 3 ? `${Math.round(limit / 1024 ** 3)} GiB` : `${limit} ${units[unit]}`
  const what = `${whose === 'organisation' ? 'Your organisation' : 'You'} may have ${amount}, and there is no room left.`
  const studies = actor.role === 'student' || actor.role === 'observer'
  const tell = studies ? 'Tell your teacher.' : 'Delete some labs, or ask who runs this service for more.'
  const code = unit === 'labs' && whose === 'organisation' ? 'too-many-labs' : `quota-${unit}`
  if (kind === 'submission')
    return new Problem(429, code, `Nothing was handed in, and your lab is as it was. ${what} Tell your teacher.`)
  if (kind === 'copy') {
    const remedy =
      whose === 'person' ? 'Delete labs of your own that you do not need, or tell your teacher.' : 'Tell your teacher.'
    return new Problem(429, code, `Your lab for this assignment was not made. ${what} ${remedy}`)
  }
  return new Problem(429, code, `${what} ${whose === 'person' ? 'Delete some of your labs.' : tell}`)
}

export type Room = {
  /** Refuses a lab that is there and has more machines than there is room for. */
  readonly machines: (machines: number) => void
  /** Milliseconds of live time that its maker, and the organisation, have left this month; null: more than matters now. */
  readonly liveLeft: number | null
}

/**
 * Refuses another lab when the organisation or its maker has as much as they may. Costs one small query for a copy, of which a
 * whole class wants one at the same moment; there a quota can be passed by what other places where the Worker runs made within seconds.
 */
export async function roomForLab(env: Env, tenant: TenantDb, actor: Actor, kind: Kind, now = Date.now()): Promise<Room> {
  const recent = kind === 'copy'
  const [mine, first] = await Promise.all([
    tenant.organisation.holdingsOf(actor.id, monthOf(now)),
    organisationHolds(tenant, now, recent),
  ])
  const limits = limitsOf(env, mine.quotas)
  let all = first
  let refusal = ofOrganisation(kind, actor, all, limits)
  // Not at once: what was let through a moment ago is not yet in the rows.
  if (refusal !== null && recent && all.at < now - FULL_MS) {
    all = await organisationHolds(tenant, now, false)
    refusal = ofOrganisation(kind, actor, all, limits)
  }
  refusal ??= ofPerson(kind, actor, mine, limits)
  if (refusal !== null) throw refusal
  const frozen = isFrozen(kind)
  if (!frozen) all.labs++
  const machines = (count: number) => {
    if (frozen) return
    if (all.machines + count > limits.machines) throw full(kind, actor, 'organisation', 'machines', limits.machines)
    if (isOwn(kind, actor) && mine.machines + count > limits.personMachines)
      throw full(kind, actor, 'person', 'machines', limits.personMachines)
    all.machines += count
  }
  return { machines, liveLeft: liveLeft(mine, limits) }
}

const isFrozen = (kind: Kind) => kind === 'submission' || kind === 'view'
/** A key acts for the organisation. */
const isOwn = (kind: Kind, actor: Actor) => actor.role !== null && !isFrozen(kind) && kind !== 'template'

function ofOrganisation(kind: Kind, actor: Actor, held: Holdings, limits: Limits): Problem | null {
  if (!isFrozen(kind) && held.labs >= limits.labs) return full(kind, actor, 'organisation', 'labs', limits.labs)
  const bytes = limits.bytes * (kind === 'submission' ? HANDING_IN : 1)
  return held.bytes >= bytes ? full(kind, actor, 'organisation', 'bytes', limits.bytes) : null
}

function ofPerson(kind: Kind, actor: Actor, held: Holdings, limits: Limits): Problem | null {
  if (!isOwn(kind, actor)) return null
  if (held.labs >= limits.personLabs) return full(kind, actor, 'person', 'labs', limits.personLabs)
  return held.bytes >= limits.personBytes ? full(kind, actor, 'person', 'bytes', limits.personBytes) : null
}
