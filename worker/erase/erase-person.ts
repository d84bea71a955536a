import { randomId } from '../auth/tokens.ts'
import { closeSockets } from '../close-sockets.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { ownerOf, queueOf } from '../jobs/queue-of.ts'
import { destroyLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import { Problem } from '../problem.ts'

/** Labs that are asked while somebody waits; the rest follows by the sweep. */
const AT_ONCE = 40
const TOGETHER = 6

export type Erased = { readonly alias: string; readonly altogether: boolean; readonly labsLeft: number }

/**
 * Takes a person out of the organisation: the labs that were theirs are destroyed, rows about them go, what they did for others
 * stays under another name, also in the journals of labs. What is still to be done in labs is written down first, so that it is
 * done even if this is cut off.
 */
export async function erasePerson(env: Env, tenant: TenantDb, personId: string): Promise<Erased> {
  const name = (await tenant.people.find(personId))?.name ?? ''
  const tag = randomId().slice(0, 8)
  const alias = { id: `erased:${tag}`, name: `Erased person ${tag}` }
  await closeSockets(env, tenant, personId)
  for (const row of await tenant.personal.labsOf(personId)) await destroyLab(env, tenant, row)
  await tenant.personal.remember(personId, alias, Date.now())
  await queueOf(env, await ownerOf(tenant)).forget({ id: personId, name }, alias)
  const { altogether } = await tenant.personal.erase({ id: personId, name }, alias)
  await forgetInLabs(env, tenant, AT_ONCE)
  log.info('person-erased', { organisation: tenant.organisationId, alias: alias.id, altogether })
  return { alias: alias.name, altogether, labsLeft: await tenant.personal.countRemaining() }
}

/** Goes on with what was written down; how many labs were asked. */
export async function forgetInLabs(env: Env, tenant: TenantDb, most: number): Promise<number> {
  const tasks = await tenant.personal.remaining(most)
  for (let at = 0; at < tasks.length; at += TOGETHER) {
    await Promise.all(
      tasks.slice(at, at + TOGETHER).map(async ({ erasure, lab }) => {
        const { personId, aliasId: id, aliasName: name } = erasure
        try {
          await callLab(env, lab, (host) => host.forget(personId, { id, name }))
        } catch (error) {
          // It has no lab, so nobody is in it. Otherwise it is asked again.
          if (!(error instanceof Problem) || error.status >= 500) {
            log.warn('lab-forget-failed', { lab: lab.id, message: (error as Error).message })
            return
          }
        }
        await tenant.personal.done(lab.id, personId)
      }),
    )
  }
  return tasks.length
}
