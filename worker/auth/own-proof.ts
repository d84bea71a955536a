import type { Context } from 'hono'
import { openDatabase } from '../db/database.ts'
import { organisationsOf } from '../db/identities.ts'
import type { AppEnv } from '../env.ts'
import { Problem } from '../problem.ts'
import type { Actor } from './actor.ts'

/** Ways in which somebody shows who they are by what is theirs alone. By all others an organisation vouches for them: its teachers
 * make links and codes, its platforms sign messages. That counts there, and nowhere else. */
const own: ReadonlySet<string> = new Set(['password', 'mail', 'oidc', 'switch'])

export const hasOwnProof = ({ via, way }: Actor): boolean => via === 'session' && own.has(way ?? '')

const refusal = () =>
  new Problem(
    403,
    'own-proof',
    'You came in by what your organisation gave you: a link, a code, or its learning platform. You belong to another organisation too, so this needs your own password, a link by e-mail, or your provider. Sign in with one of them first.',
  )

/** For what is of the person and not of one organisation: their ways in, and going from one to the other. */
export async function speaksForAll(c: Context<AppEnv>, actor: Actor): Promise<boolean> {
  if (hasOwnProof(actor)) return true
  const all = await organisationsOf(openDatabase(c.env.DB), actor.id)
  return all.every(({ id }) => id === actor.organisationId)
}
export async function needOwnProof(c: Context<AppEnv>): Promise<void> {
  if (!(await speaksForAll(c, c.get('actor')))) throw refusal()
}

/** Coming into another organisation as who is signed in here: what they are there already, they have to have shown by themselves. */
export async function needOwnProofFor(c: Context<AppEnv>, actor: Actor, organisationId: string): Promise<void> {
  if (hasOwnProof(actor) || actor.organisationId === organisationId) return
  const all = await organisationsOf(openDatabase(c.env.DB), actor.id)
  if (all.some(({ id }) => id === organisationId)) throw refusal()
}
