import type { Context } from 'hono'
import { auditAs } from '../audit.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { organisationsOf, personOfUser } from '../db/identities.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { writeSessionCookie } from './cookie.ts'
import type { Proved } from './prover.ts'
import { SESSION_SECONDS, startSession, type Way } from './start-session.ts'

export type CameIn = { readonly organisations: readonly { readonly id: string; readonly name: string }[] }
type Who = { readonly id: string; readonly name: string }

/** Starts the session of a person in an organisation and hands out its cookie. */
export async function comeInto(c: Context<AppEnv>, db: Db, who: Who, organisationId: string, way: Way): Promise<void> {
  const agent = c.req.header('user-agent') ?? null
  const token = await startSession(db, { personId: who.id, organisationId, way, agent })
  writeSessionCookie(c, token, SESSION_SECONDS)
  const by = { ...who, via: 'session' } as const
  await auditAs(c, tenantDb(db, organisationId), by, 'session.started', { kind: 'person', id: who.id, name: who.name }, way)
}

/**
 * Somebody has proved who they are. They get a session where they were last, and may change to another of their organisations;
 * null when they are nobody's member.
 */
export async function comeIn(
  c: Context<AppEnv>,
  proved: Pick<Proved, 'userId'>,
  way: Way,
  only?: string,
): Promise<CameIn | null> {
  const db = openDatabase(c.env.DB)
  const who = await personOfUser(db, proved.userId)
  if (who === undefined) return null
  const all = await organisationsOf(db, who.id)
  const into = only === undefined ? all[0] : all.find(({ id }) => id === only)
  if (into === undefined) return null
  await comeInto(c, db, who, into.id, way)
  return { organisations: all.map(({ id, name }) => ({ id, name })) }
}
