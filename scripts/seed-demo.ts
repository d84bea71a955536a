import { keyScopes } from '../worker/auth/actor.ts'
import { randomToken, sha256 } from '../worker/auth/tokens.ts'
import type { D1 } from './d1.ts'

/** What `npm start` prints. Paths are relative to the server's address. */
export type Demo = {
  readonly organisation: string
  readonly signIn: readonly { readonly name: string; readonly role: string; readonly path: string }[]
  readonly apiKey: string
}

export const organisation = { id: 'demo', name: 'Demo School' }
export const people = [
  { id: 'demo-teacher', name: 'Tess Teacher', role: 'teacher' },
  { id: 'demo-student-1', name: 'Sam Student', role: 'student' },
  { id: 'demo-student-2', name: 'Ines Student', role: 'student' },
  { id: 'demo-assistant', name: 'Amy Assistant', role: 'assistant' },
  { id: 'demo-observer', name: 'Otto Observer', role: 'observer' },
  { id: 'demo-owner', name: 'Olga Owner', role: 'owner' },
] as const
const scopes = keyScopes
const MONTH = 30 * 24 * 3600 * 1000

/**
 * Writes the demo organisation and its people, and returns fresh sign-in links and a fresh key. It lives here and not in the
 * Worker, so that nothing that is deployed can make one. At a later start the people and their labs are there already and
 * stay as they are; what was printed in the last month still opens the door.
 */
export async function seedDemo(db: D1, now = Date.now()): Promise<Demo> {
  const key = randomToken('sr_')
  const links = people.map((person) => ({ ...person, token: randomToken() }))
  const run = (sql: string, ...values: unknown[]) => db.prepare(sql).bind(...values)

  await db.batch([
    run('INSERT OR IGNORE INTO organisation (id, name, created_at) VALUES (?, ?, ?)', organisation.id, organisation.name, now),
    run('DELETE FROM sign_in_link WHERE organisation_id = ? AND expires_at < ?', organisation.id, now),
    run('DELETE FROM api_key WHERE organisation_id = ? AND created_at < ?', organisation.id, now - MONTH),
    ...people.flatMap(({ id, name, role }) => [
      run('INSERT OR IGNORE INTO person (id, name, created_at) VALUES (?, ?, ?)', id, name, now),
      run('INSERT OR IGNORE INTO membership VALUES (?, ?, ?, ?)', organisation.id, id, role, now),
    ]),
    ...(await Promise.all(links.map(async ({ id, token }) => [await sha256(token), id] as const))).map(([hash, id]) =>
      run(
        'INSERT INTO sign_in_link (token_hash, person_id, organisation_id, reusable, created_at, expires_at) VALUES (?, ?, ?, 1, ?, ?)',
        ...[hash, id, organisation.id, now, now + MONTH],
      ),
    ),
    run(
      'INSERT INTO api_key (id, token_hash, organisation_id, person_id, label, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[`demo-${now}`, await sha256(key), organisation.id, people[0].id, 'Demo key', JSON.stringify(scopes), now],
    ),
  ])
  return {
    organisation: organisation.name,
    signIn: links.map(({ name, role, token }) => ({ name, role, path: `/auth/link/${token}` })),
    apiKey: key,
  }
}
