import type { CreateLab, LabSummary } from '../durable/contract.ts'
import type { Actor } from './auth/actor.ts'
import { randomId } from './auth/tokens.ts'
import type { TenantDb } from './db/tenant/index.ts'
import type { LabRow } from './db/tenant/labs.ts'
import type { Env } from './env.ts'
import { callLab, newObjectId } from './lab-stub.ts'
import { log } from './log.ts'
import { noSuchLab, Problem } from './problem.ts'
import { tellLive } from './quotas/live-time.ts'
import { roomForLab } from './quotas/room-for-lab.ts'

/** After this long, a lab that is still `creating` is looked at: the request that made it is gone. */
export const CREATING_MS = 60_000

/** What was made for an assignment is referred to soon, or never. */
const FORSAKEN_MS = 3600_000
const MOST_FORSAKEN = 100

type Wish = {
  readonly input: CreateLab
  readonly slug: string | null
  /** What it is for; default: somebody's own. */
  readonly kind?: LabRow['kind']
  readonly assignmentId?: string
  readonly title: string
  /** The title is a person's wish, whatever the definition says. */
  readonly keepTitle?: boolean
  readonly seed: number
  /** Its row is written, and nothing is made yet: whoever wants to refer to it does so here. */
  readonly noted?: (row: LabRow) => PromiseLike<unknown>
}
export type Made = { readonly row: LabRow; readonly summary: LabSummary }

/** A lab that is about to be made. */
export function newLabRow(env: Env, actor: Actor, wish: Omit<Wish, 'input' | 'noted'>): LabRow {
  const now = Date.now()
  return {
    id: randomId(),
    organisationId: actor.organisationId,
    createdBy: actor.id,
    createdByName: actor.name,
    title: wish.title,
    slug: wish.slug,
    kind: wish.kind ?? 'own',
    assignmentId: wish.assignmentId ?? null,
    objectId: newObjectId(env, actor.jurisdiction),
    jurisdiction: actor.jurisdiction,
    state: 'creating',
    seed: wish.seed,
    createdAt: now,
    updatedAt: now,
    destroyedAt: null,
    machines: 0,
    bytes: 0,
    liveMs: 0,
    measuredAt: null,
    lastUsedAt: null,
  }
}

/** The row comes first, so that no object can exist that no row names. */
export async function createLab(env: Env, tenant: TenantDb, actor: Actor, wish: Wish): Promise<Made> {
  const room = await roomForLab(env, tenant, actor, wish.kind ?? 'own')
  const row = newLabRow(env, actor, wish)
  await tenant.labs.insert(row)
  let made = false
  try {
    await wish.noted?.(row)
    // Not repeated: the second attempt would find the lab that the first one made.
    const summary = await callLab(env, row, (host) => host.create(wish.input), { again: false })
    made = true
    const machines = summary.machines.length
    room.machines(machines)
    if (room.liveLeft !== null) await tellLive(env, row, room.liveLeft)
    const title = wish.keepTitle ? wish.title : summary.title
    const ready = { state: 'ready', title, seed: summary.seed, machines, updatedAt: Date.now() } as const
    await tenant.labs.update(row.id, ready)
    log.info('lab-created', { lab: row.id, organisation: row.organisationId, slug: row.slug })
    return { row: { ...row, ...ready }, summary }
  } catch (error) {
    // Refused: nothing was created. Failed: nobody knows, so a tombstone stays until the object has confirmed that it is empty.
    const refused = error instanceof Problem && error.status < 500
    if (refused && !made) await tenant.labs.remove(row.id)
    else await destroyLab(env, tenant, row)
    throw error
  }
}

/** The tombstone first: from then on nobody finds the lab, whatever becomes of the object. */
export async function destroyLab(env: Env, tenant: TenantDb, row: LabRow): Promise<void> {
  await tenant.labs.update(row.id, { state: 'tombstone', updatedAt: Date.now() })
  await emptyObject(env, tenant, row)
}

async function emptyObject(env: Env, tenant: TenantDb, row: LabRow): Promise<void> {
  try {
    await callLab(env, row, (host) => host.destroy())
    await tenant.labs.update(row.id, { destroyedAt: Date.now() })
    log.info('lab-destroyed', { lab: row.id, organisation: row.organisationId })
  } catch (error) {
    log.warn('lab-destroy-failed', { lab: row.id, message: (error as Error).message })
  }
}

/**
 * Storage of labs whose destruction failed, and of views whose time is over, costs money until it is gone; a few are tried along with
 * other writes, and more by the sweep of every hour.
 */
export async function sweepTombstones(env: Env, tenant: TenantDb, most = 3, now = Date.now()): Promise<void> {
  for (const { lab } of await tenant.views.over(now, most)) await destroyLab(env, tenant, lab)
  for (const row of await tenant.labs.undestroyed(most)) await emptyObject(env, tenant, row)
}

/** Labs of assignments that nothing refers to; the young ones may just be on their way to somebody. */
export async function sweepForsaken(env: Env, tenant: TenantDb, now: number): Promise<number> {
  const rows = await tenant.labs.forsaken(now - FORSAKEN_MS, MOST_FORSAKEN)
  for (const row of rows) await destroyLab(env, tenant, row)
  return rows.length
}

/** The lab if it can be used now. A creation that was cut off is settled by asking the object what became of it. */
export async function usableLab(env: Env, tenant: TenantDb, row: LabRow | null): Promise<LabRow> {
  if (row === null || row.state === 'tombstone') throw noSuchLab()
  if (row.state === 'ready') return row
  if (Date.now() - row.createdAt < CREATING_MS) {
    throw new Problem(409, 'lab-not-ready', 'The lab is being created.', {}, { 'retry-after': '1' })
  }
  const summary = await callLab(env, row, (host) => host.summary()).catch((error: unknown) => {
    if (error instanceof Problem && error.status < 500) return null
    throw error
  })
  if (summary === null) {
    await destroyLab(env, tenant, row)
    throw noSuchLab()
  }
  const ready = { state: 'ready', title: summary.title, seed: summary.seed, updatedAt: Date.now() } as const
  await tenant.labs.update(row.id, ready)
  return { ...row, ...ready }
}
