// Who may do what on a lab: the one place that decides it (docs/decisions/0009).
import type { Caller } from '../../durable/contract.ts'
import { type Actor, atLeast, type Role } from '../auth/actor.ts'
import type { LabRow } from '../db/tenant/labs.ts'

/** What binds somebody to a lab besides their role in the organisation; found by the statement that finds the lab. */
export type Tie = {
  /** Their part in the course that the lab's assignment is of. */
  readonly enrolled: 'assistant' | 'student' | 'observer' | null
  /** The copy, or the copy that a submission was made of, is theirs or their group's. */
  readonly holds: boolean
  /** Until when they may work or watch because of a link; null: they came by none of that kind. */
  readonly works?: number | null
  readonly watches?: number | null
}
export const NO_TIE: Tie = { enrolled: null, holds: false }

/** none: as if it did not exist. watch: read. work: type. teach: all, also against the will of those who work there. */
export type Access = 'none' | 'watch' | 'work' | 'teach'
const ranks = ['none', 'watch', 'work', 'teach'] as const

const higher = (one: Access, other: Access): Access => (ranks.indexOf(one) >= ranks.indexOf(other) ? one : other)

type Which = Pick<LabRow, 'kind' | 'createdBy'>
type Whoever = Pick<Actor, 'id' | 'role'>
type Until = { readonly access: Access; readonly until?: number }

/** What links give, and until when; null: they came by none. Links that are over give nothing. */
function byLink({ works = null, watches = null }: Tie, now: number): Until | null {
  if (works !== null && works > now) return { access: 'work', until: works }
  if (watches !== null && watches > now) return { access: 'watch', until: watches }
  return works === null && watches === null ? null : { access: 'none' }
}

/** What somebody may do, and until when if that is because of a link. */
export function accessUntil(actor: Whoever, lab: Which, tie: Tie, now: number): Until {
  const link = byLink(tie, now)
  const access = withoutLink(actor, lab, tie)
  if (link === null) return { access }
  // A lab that somebody started is open to all who know it: for whoever knows it by a link, the link alone counts.
  const stranger = lab.kind === 'own' && lab.createdBy !== actor.id && access !== 'teach'
  return stranger || !allows(access, link.access) ? link : { access }
}

export const accessTo = (actor: Whoever, lab: Which, tie: Tie, now = Date.now()): Access =>
  accessUntil(actor, lab, tie, now).access

function withoutLink(actor: Whoever, lab: Which, tie: Tie): Access {
  const { role } = actor
  // Who tries a lab sees it as a student does.
  if (lab.kind === 'trial' && lab.createdBy === actor.id) return 'work'
  // A machine of the organisation: its scopes decide. Teachers and owners work in every course.
  if (role === null || atLeast(role, 'teacher')) return 'teach'
  if (lab.kind === 'own') return role === 'assistant' ? 'teach' : role === 'student' ? 'work' : 'watch'
  const taught: Access = tie.enrolled === 'assistant' ? 'teach' : 'none'
  if (lab.kind === 'trial' || lab.kind === 'template') return taught
  // What a lab was at a moment: for whoever opened it, as long as it lasts, which `watches` says.
  if (lab.kind === 'view') return 'none'
  const watched: Access = tie.enrolled === 'observer' ? 'watch' : 'none'
  // A submission is frozen: its object refuses to be changed, whoever asks.
  // Whoever is not a student of the course any more holds nothing.
  const own: Access = tie.holds && tie.enrolled === 'student' ? (lab.kind === 'copy' ? 'work' : 'watch') : 'none'
  return higher(taught, higher(watched, own))
}

/** The least role that a route on a lab names, in the words of access. */
export const wantedAccess = (role: Role): Access => (role === 'observer' ? 'watch' : role === 'student' ? 'work' : 'teach')
export const allows = (access: Access, wanted: Access): boolean => ranks.indexOf(access) >= ranks.indexOf(wanted)

/** As the lab sees who calls. Without the right to write, a key is an observer there, whoever's it is. */
export function callerOf(actor: Actor, access: Access, until?: number): Caller {
  const caller = partIn(actor, access)
  return until === undefined ? caller : { ...caller, until }
}

function partIn(actor: Actor, access: Access): Caller {
  const { id: personId, name } = actor
  if (access === 'watch' || !actor.scopes.includes('labs:write')) return { personId, name, role: 'observer' }
  if (actor.role === null) return { personId, name, role: 'machine' }
  if (access === 'work') return { personId, name, role: 'student' }
  return { personId, name, role: atLeast(actor.role, 'assistant') ? actor.role : 'assistant' }
}
