import type { TenantDb } from './db/tenant/index.ts'
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
  await Promise.all(
    labs.map(async (lab) => {
      try {
        await callLab(env, lab, (host) => host.disconnect(actorId))
      } catch (error) {
        log.error('lab-disconnect-failed', { lab: lab.id, actor: actorId, message: (error as Error).message })
      }
    }),
  )
}
