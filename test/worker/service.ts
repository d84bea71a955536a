import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { app } from '../../worker/app.ts'
import type { Role } from '../../worker/auth/actor.ts'
import { randomId, randomToken, sha256 } from '../../worker/auth/tokens.ts'
import type { Env } from '../../worker/env.ts'
import type { ProblemDocument } from '../../worker/problem.ts'
import { FakeNamespace } from './fake-lab-host.ts'

export const db = (env as unknown as Env).DB
export const origin = 'https://switchroom.test'

/** What the app logs, one JSON object a line; kept out of the tests' output. */
export const logged: string[] = []
function listen(): void {
  for (const method of ['log', 'warn', 'error'] as const)
    if (!vi.isMockFunction(console[method]))
      vi.spyOn(console, method).mockImplementation((line: unknown) => void logged.push(String(line)))
}
listen()

type Options = { method?: string; headers?: Record<string, string>; body?: BodyInit; json?: unknown }

/** The app with a namespace of fake labs, and people of organisations of their own, so that tests do not meet. */
export function service(more: Partial<Env> = {}) {
  // Another file's test may have restored what was spied upon.
  listen()
  const labs = new FakeNamespace()
  const { JOBS } = env as unknown as Env
  const bindings: Env = { DB: db, LAB_HOST: labs as unknown as DurableObjectNamespace, JOBS, ...more }

  async function request(path: string, { headers = {}, json, ...options }: Options = {}): Promise<Response> {
    const context = createExecutionContext()
    const init: RequestInit = {
      ...options,
      headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      redirect: 'manual',
    }
    const answer = await app.fetch(new Request(new URL(path, origin), init), bindings, context)
    await waitOnExecutionContext(context)
    return answer
  }

  /** As a person or key would ask: `ask('GET', '/v1/labs')`. */
  const asker =
    (headers: Record<string, string>) =>
    (method: string, path: string, json?: unknown): Promise<Response> =>
      request(path, { method, json, headers })

  return { labs, request, asker }
}

export async function newOrganisation(jurisdiction: string | null = null): Promise<string> {
  const id = randomId()
  await db
    .prepare('insert into organisation (id, name, jurisdiction, created_at) values (?, ?, ?, ?)')
    .bind(id, `Org ${id}`, jurisdiction, 1)
    .run()
  return id
}

export async function newPerson(organisation: string, role: Role, name = `${role} ${randomId()}`): Promise<string> {
  const id = randomId()
  await db.batch([
    db.prepare('insert into person values (?, ?, ?)').bind(id, name, 1),
    db.prepare('insert into membership values (?, ?, ?, ?)').bind(organisation, id, role, 1),
  ])
  return id
}

/** Headers of a signed-in browser on our own page. */
export async function signIn(organisation: string, role: Role, name?: string): Promise<Record<string, string>> {
  const person = await newPerson(organisation, role, name)
  const token = randomToken()
  const insert = db.prepare(
    'insert into session (token_hash, person_id, organisation_id, created_at, expires_at) values (?, ?, ?, ?, ?)',
  )
  await insert.bind(await sha256(token), person, organisation, Date.now(), Date.now() + 60_000).run()
  return { cookie: `switchroom_session=${token}`, origin }
}

export async function newKey(
  organisation: string,
  scopes: string[],
  person: string | null = null,
): Promise<Record<string, string>> {
  const token = randomToken('sr_')
  const insert = db.prepare(
    'insert into api_key (id, token_hash, organisation_id, person_id, label, scopes, created_at, last_used_at) values (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  await insert.bind(randomId(), await sha256(token), organisation, person, 'a key', JSON.stringify(scopes), 1, null).run()
  return { authorization: `Bearer ${token}` }
}

export async function problemOf(answer: Response): Promise<ProblemDocument> {
  if (answer.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`not a problem document: ${answer.status} ${await answer.text()}`)
  }
  const document = (await answer.json()) as ProblemDocument
  if (document.status !== answer.status) throw new Error(`status ${document.status} in an answer of ${answer.status}`)
  return document
}

export const newLab = async (ask: (method: string, path: string, json?: unknown) => Promise<Response>): Promise<string> =>
  ((await (await ask('POST', '/v1/labs', { definition: 'title: A', seed: 3 })).json()) as { id: string }).id
