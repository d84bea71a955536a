import { vi } from 'vitest'
import { openDatabase } from '../../worker/db/database.ts'
import { tenantDb } from '../../worker/db/tenant/index.ts'
import type { Env } from '../../worker/env.ts'
import type { Launch } from '../lti/messages.ts'
import { Platform } from '../lti/platform.ts'
import { newPlatformKey } from '../lti/platform-keys.ts'
import type { Member } from '../lti/roster.ts'
import { db, newOrganisation, origin, service } from './service.ts'

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership'
export const LEARNER = `${membership}#Learner`
export const INSTRUCTOR = `${membership}#Instructor`
export const members: readonly Member[] = [
  {
    id: 'jane',
    name: 'Ms Jane Marie Doe',
    given_name: 'Jane',
    family_name: 'Doe',
    email: 'jane@example.edu',
    roles: [INSTRUCTOR],
  },
  { id: 'ta', name: 'Tom Assistant', roles: [INSTRUCTOR, `${membership}/Instructor#TeachingAssistant`] },
  { id: 'ada', name: 'Ada Lovelace', email: 'ada@example.edu', roles: [LEARNER] },
  { id: '0ae836b9-7fc9-4060-006f-27b2066ac545', roles: [LEARNER] },
  {
    id: 'both',
    name: 'Bo Both',
    roles: [LEARNER, `${membership}#Mentor`, 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student'],
  },
]

// Each test file has its own: what a platform's address has answered is kept in the isolate, which the files share.
let port = 4_000 + Math.floor(Math.random() * 50_000)
const key = newPlatformKey('p1')
const platforms = new Map<string, Platform>()
/** The tests' Internet. The runner takes spies away after each file, but keeps modules. */
const internet = () =>
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init)
    const platform = platforms.get(new URL(request.url).origin)
    if (platform === undefined) throw new TypeError('no route to host')
    return platform.handle(request)
  })

export const bindings: Partial<Env> = { OUTBOUND_LOOPBACK: 'allow', LTI_KEY_SECRET: 'a secret of the tests, long enough' }
export const { request, asker } = service(bindings)
export const testEnv = { DB: db, ...bindings } as Env

type Wish = Partial<{
  issuer: string
  clientId: string
  deploymentId: string
  organisation: string
  register: boolean
  members: readonly Member[]
}>

/** An organisation with a platform, each of its own. */
export async function newSchool(wish: Wish = {}) {
  internet()
  const organisation = wish.organisation ?? (await newOrganisation())
  const url = `http://localhost:${++port}`
  const at = (page: string) => `${origin}/lti/${organisation}/${page}`
  const platform = new Platform({
    url,
    issuer: wish.issuer ?? 'https://platform.example.edu',
    clientId: wish.clientId ?? '962fa4d8-bcbf-49a0-94b2-2de05ad274af',
    deploymentId: wish.deploymentId ?? '07940580-b309-415e-a37c-914d387c1150',
    tool: { loginUrl: at('login'), launchUrl: at('launch'), jwksUrl: at('jwks.json') },
    key: await key,
    members: wish.members ?? members,
    fetch: (address) => request(new URL(address).pathname),
  })
  platforms.set(url, platform)
  const tenant = tenantDb(openDatabase(db), organisation)
  const { issuer, clientId, deploymentId } = platform.settings
  const id = `platform${port}`
  if (wish.register !== false)
    await tenant.ltiPlatforms.insert(
      {
        id,
        name: 'Example Platform',
        issuer,
        clientId,
        authUrl: `${url}/auth`,
        tokenUrl: `${url}/token`,
        jwksUrl: `${url}/jwks`,
        tokenAudience: null,
        frameOrigins: [url],
        instructorRole: 'teacher',
        createdBy: 'test',
        createdAt: Date.now(),
      },
      [deploymentId],
    )
  return { organisation, platform, settingsKey: await key, tenant, id, at, browser: () => new Browser(platform) }
}
export type School = Awaited<ReturnType<typeof newSchool>>

/** A course with an assignment, without a lab behind it. */
export async function newAssignment(organisation: string, title = 'Default Switch detective') {
  const [course, assignment] = [`c${crypto.randomUUID().slice(0, 12)}`, `a${crypto.randomUUID().slice(0, 12)}`]
  const now = Date.now()
  await db
    .prepare('insert into course (id, organisation_id, title, created_by, created_at) values (?, ?, ?, ?, ?)')
    .bind(course, organisation, 'Networks 1', 'test', now)
    .run()
  await db
    .prepare(
      `insert into assignment (id, organisation_id, course_id, title, definition, lab_brief, rubric_version, state, late, variants,
        for_groups, self_checks, counts, seed_secret, created_by, created_at, updated_at)
        values (?, ?, ?, ?, 'title: A', '', 1, 'published', '{}', 'same', 0, 1, 'last', 's', 'test', ?, ?)`,
    )
    .bind(assignment, organisation, course, title, now, now)
    .run()
  return { course, assignment }
}

/** What one browser keeps, and how it goes from the platform to the tool and back. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly platform: Platform
  constructor(platform: Platform) {
    this.platform = platform
  }

  private keep(answer: Response): Response {
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined) continue
      if (/max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value ?? '')
    }
    return answer
  }

  get headers(): Record<string, string> {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin }
  }

  /** Presses a link in the course; what the tool answers to that. */
  async press(
    user: string,
    launch: Launch,
    more: Record<string, string> = {},
    method: 'GET' | 'POST' = 'POST',
  ): Promise<Response> {
    const fields = new URLSearchParams({ ...this.platform.begin(user, launch), ...more })
    const path = new URL(this.platform.settings.tool.loginUrl).pathname
    const answer =
      method === 'GET' ? await request(`${path}?${fields}`, { headers: this.headers }) : await this.post(path, fields)
    return this.keep(answer)
  }

  private post(path: string, fields: URLSearchParams, headers: Record<string, string> = {}): Promise<Response> {
    const all = { ...this.headers, ...headers, origin: 'null', 'content-type': 'application/x-www-form-urlencoded' }
    return request(path, { method: 'POST', headers: all, body: fields.toString() })
  }

  /** Carries the platform's form to the tool. */
  async carry(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.keep(
      await this.post(new URL(this.platform.settings.tool.launchUrl).pathname, new URLSearchParams(fields), headers),
    )
  }

  /** The platform's answer to the tool's question. */
  async authorized(user: string, launch: Launch, more: Record<string, string> = {}): Promise<Record<string, string>> {
    const question = (await this.press(user, launch, more)).headers.get('location') ?? ''
    return this.platform.authorize(new URL(question).searchParams).fields
  }

  async launch(user: string, launch: Launch, headers: Record<string, string> = {}): Promise<Response> {
    return this.carry(await this.authorized(user, launch), headers)
  }
}

export const link: Launch = { kind: 'link' }
/** The reason that a refusal page gives. */
export async function reasonOf(answer: Response): Promise<string> {
  const text = await answer.text()
  const reason = /Reason: ([a-z-]+)/.exec(text)?.[1]
  if (reason === undefined)
    throw new Error(`no refusal page: ${answer.status} ${answer.headers.get('location')} ${text.slice(0, 300)}`)
  return reason
}
