import type { Actor } from '../auth/actor.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { Problem } from '../problem.ts'
import { type Limits, limitsOf } from './limits.ts'

/** What a quota is called in a sentence. */
const words = { labs: 'labs', machines: 'machines in labs', bytes: 'bytes at rest' } as const
type Kind = keyof typeof words

const full = (whose: string, kind: Kind, limit: number) =>
  new Problem(429, `quota-${kind}`, `${whose} may have ${limit} ${words[kind]}, and there is no room left. Delete some labs.`)

export type Room = { readonly machines: number; readonly personMachines: number; readonly limits: Limits }

/** How many machines another lab may have. Refuses when the organisation or the person has as much as they may. */
export async function roomForLab(env: Env, tenant: TenantDb, actor: Actor): Promise<Room> {
  const [row, held] = await Promise.all([tenant.organisation.get(), tenant.organisation.holdings(actor.id)])
  const limits = limitsOf(env, row?.quotas ?? {})
  if (held.labs >= limits.labs) {
    const detail = `This organisation has ${limits.labs} labs, which is as many as it may have. Delete some.`
    throw new Problem(429, 'too-many-labs', detail)
  }
  if (held.bytes >= limits.bytes) throw full('This organisation', 'bytes', limits.bytes)
  // A key acts for the organisation, and what stands behind an assignment is not the teacher's own.
  if (actor.role === 'student' || actor.role === 'observer') {
    if (held.personLabs >= limits.personLabs) throw full('You', 'labs', limits.personLabs)
    if (held.personBytes >= limits.personBytes) throw full('You', 'bytes', limits.personBytes)
  }
  const personMachines = actor.role === 'student' ? limits.personMachines - held.personMachines : Number.POSITIVE_INFINITY
  return { machines: limits.machines - held.machines, personMachines, limits }
}

/** The lab is there, and has more machines than there is room for. */
export function refuseTooMany(room: Room, machines: number): void {
  if (machines > room.machines) throw full('This organisation', 'machines', room.limits.machines)
  if (machines > room.personMachines) throw full('You', 'machines', room.limits.personMachines)
}
