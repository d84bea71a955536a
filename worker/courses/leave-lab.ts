import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { callLab } from '../lab-stub.ts'
import { log } from '../log.ts'
import type { Standing } from './copies.ts'

/** Whoever holds a copy is not in the lab any more that it had: their sockets there end. */
export async function leaveLab(env: Env, tenant: TenantDb, { copy, lab, assignment }: Standing): Promise<void> {
  if (copy === null || lab === null) return
  const people =
    copy.groupId === null
      ? [copy.personId]
      : (await tenant.copies.members(assignment.courseId, copy.groupId)).map(({ personId }) => personId)
  await Promise.all(
    people.map(async (personId) => {
      if (personId === null) return
      try {
        await callLab(env, lab, (host) => host.disconnect(personId))
      } catch (error) {
        log.warn('lab-disconnect-failed', { lab: lab.id, message: (error as Error).message })
      }
    }),
  )
}
