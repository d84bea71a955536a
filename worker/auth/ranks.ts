import { Problem } from '../problem.ts'
import { atLeast, type Role } from './actor.ts'

/** Nobody hands out, or takes away, a role above their own. */
export function refuseAbove(own: Role | null, role: Role): void {
  if (own === null || !atLeast(own, role)) throw new Problem(403, 'not-allowed', `This needs the role ${role}.`)
}
