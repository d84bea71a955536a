import type { Tie } from '../access/lab-access.ts'
import * as accounts from '../db/accounts.ts'
import type { Db } from '../db/database.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import type { Quotas } from '../db/tenant/organisation.ts'
import { type Actor, everyScope, type KeyScope, keyActorId } from './actor.ts'
import { startSession } from './start-session.ts'
import { randomId, sha256 } from './tokens.ts'

/** Who it is, with the lab of their organisation that was asked for, if it has one of that id, and what binds them to it. */
export type Found = {
  readonly actor: Actor
  readonly lab: LabRow | null
  readonly tie: Tie
  readonly touch: (() => Promise<unknown>) | null
  readonly standing: Standing
}
/** Of the organisation. */
export type Standing = { readonly suspended: boolean; readonly quotas: Quotas }

/** Everything that the rest of the Worker knows about signing in. Another kind of sign-in is another implementation. */
export interface Auth {
  fromSession(token: string, labId: string): Promise<Found | null>
  fromKey(token: string, labId: string): Promise<Found | null>
  /** Uses up a sign-in link; a session token, or null when the link is unknown, used or too old. */
  openLink(token: string, agent: string | null): Promise<string | null>
  /** Whose session it was; null when it was nobody's. */
  signOut(token: string): Promise<Signed | null>
  claim(expected: string | undefined, input: { token: string; organisation: string; person: string }): Promise<Claim>
}
export type Signed = { readonly personId: string; readonly organisationId: string }
export type Claim =
  | { readonly ok: true; readonly session: string; readonly organisationId: string }
  | { readonly ok: false; readonly why: 'taken' | 'wrong-token' }

export function ownAuth(db: Db, now: () => number = Date.now): Auth {
  return {
    async fromSession(token, labId) {
      const row = await accounts.findSession(db, await sha256(token), now(), labId)
      if (row === undefined) return null
      const { personId, personName, lab, enrolled, holds, works, watches, suspendedAt, quotas, ...rest } = row
      const actor: Actor = { ...rest, id: personId, name: personName, via: 'session', scopes: everyScope }
      const standing = { suspended: suspendedAt !== null, quotas: quotas ?? {} }
      return { actor, lab, tie: { enrolled, holds: holds === 1, works, watches }, touch: null, standing }
    },

    async fromKey(token, labId) {
      if (!token.startsWith('sr_')) return null
      const row = await accounts.findKey(db, await sha256(token), now(), labId)
      // A key that acts for a person ends with that person's membership.
      if (row === undefined || (row.ownerId !== null && row.role === null)) return null
      const { organisationId, organisationName, jurisdiction } = row
      const actor: Actor = {
        organisationId,
        organisationName,
        jurisdiction,
        id: keyActorId({ id: row.keyId, personId: row.ownerId }),
        name: row.ownerName ?? row.label,
        role: row.role,
        via: 'key',
        scopes: row.scopes as KeyScope[],
      }
      const fresh = row.lastUsedAt !== null && row.lastUsedAt >= now() - 60_000
      const standing = { suspended: row.suspendedAt !== null, quotas: row.quotas ?? {} }
      const { enrolled, holds, works, watches } = row
      const tie = { enrolled, holds: holds === 1, works, watches }
      return { actor, lab: row.lab, tie, touch: fresh ? null : async () => accounts.touchKey(db, row.keyId, now()), standing }
    },

    async openLink(token, agent) {
      const link = await accounts.useLink(db, await sha256(token), now())
      return link === undefined ? null : startSession(db, { ...link, way: 'link', agent }, now())
    },

    async signOut(token) {
      return (await accounts.deleteSession(db, await sha256(token))) ?? null
    },

    async claim(expected, input) {
      if (!expected || (await sha256(input.token)) !== (await sha256(expected))) return { ok: false, why: 'wrong-token' }
      const first = { organisationId: randomId(), personId: randomId(), now: now() }
      const made = await accounts.insertFirstOwner(db, { ...first, organisation: input.organisation, person: input.person })
      if (!made) return { ok: false, why: 'taken' }
      const { personId, organisationId } = first
      return {
        ok: true,
        session: await startSession(db, { personId, organisationId, way: 'first-owner', agent: null }, now()),
        organisationId,
      }
    },
  }
}
