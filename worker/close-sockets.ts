import type { TenantDb } from './db/tenant/index.ts'
import type { LabRow } from './db/tenant/labs.ts'
import type { Env } from './env.ts'
import { callLab } from './lab-stub.ts'
import { log } from './log.ts'

/** Labs that are asked at most; each is one call on its object. */
const MOST = 500

/**
 * Closes the sockets of a person or key, wherever they have one. A socket is as good as the session or key and the role that
 * opened it, so this must follow whatever takes one of these away; who still has another comes back by it at once.
 */
export async function closeSockets(env: Env, tenant: TenantDb, actorId: string): Promise<void> {
  const labs = await tenant.labs.withSocketOf(actorId, MOST)
  await Promise.all(labs.map((lab) => disconnect(env, lab, actorId)))
}

async function disconnect(env: Env, lab: Pick<LabRow, 'id' | 'objectId' | 'jurisdiction'>, actorId: string): Promise<void> {
  try {
    await callLab(env, lab, (host) => host.disconnect(actorId))
  } catch (error) {
    log.error('lab-disconnect-failed', { lab: lab.id, actor: actorId, message: (error as Error).message })
  }
}

/** Closes the sockets of all who came by a link, at the lab and at what it was; who may still be there comes back at once. */
export async function closeGuests(env: Env, tenant: TenantDb, lab: LabRow, linkId: string): Promise<void> {
  const guests = (await tenant.links.guestsOf(linkId)).map(({ personId }) => ({ lab, actorId: personId }))
  const viewers = await tenant.views.ofLink(linkId)
  await Promise.all([...guests, ...viewers].map((one) => disconnect(env, one.lab, one.actorId)))
}
