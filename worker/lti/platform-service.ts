import { z } from 'zod'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Env } from '../env.ts'
import { callOut, type Outbound } from '../outbound/outbound.ts'
import { signWithCurrent } from './keys.ts'

/** What the services of a platform have answered, when it was not what was asked for. In words for a teacher. */
export class PlatformFault extends Error {
  /** Tried later it may work. */
  readonly later: boolean
  readonly status: number | null
  constructor(message: string, later: boolean, status: number | null = null) {
    super(message)
    this.name = 'PlatformFault'
    this.later = later
    this.status = status
  }
}

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** A token is not used in its last seconds, nor longer than this whatever the platform says. */
const MARGIN_MS = 30_000
const LONGEST_MS = 3600_000
const MOST_TOKENS = 500
const MOST_BYTES = 1_000_000

const answered = z.object({ access_token: z.string().min(1).max(10_000), expires_in: z.coerce.number().catch(300) })

/** Access tokens of this isolate; they are nowhere else. */
const tokens = new Map<string, { readonly token: string; readonly until: number }>()

/** A service of a platform, with the scopes that it asks for. */
export type Service = {
  readonly env: Env
  readonly tenant: TenantDb
  readonly platform: LtiPlatform
  readonly scopes: readonly string[]
}
const keyOf = ({ platform, scopes }: Service) =>
  [platform.id, platform.clientId, platform.tokenUrl, ...[...scopes].sort()].join(' ')

/** Client credentials with a signed assertion (1EdTech Security Framework 1.0, 4.1; RFC 7523). */
export async function tokenFor(service: Service, { fresh = false } = {}): Promise<string> {
  const key = keyOf(service)
  const kept = tokens.get(key)
  if (!fresh && kept !== undefined && kept.until > Date.now()) return kept.token
  const { env, tenant, platform, scopes } = service
  const claims = { iss: platform.clientId, sub: platform.clientId, aud: platform.tokenAudience ?? platform.tokenUrl }
  const assertion = await signWithCurrent(env, tenant, claims, 300)
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION,
    client_assertion: assertion,
    scope: scopes.join(' '),
  }
  const answer = await callOut(env, platform.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
  })
  if (!answer.ok) throw new PlatformFault(`The token URL of the platform: ${answer.message}`, answer.why !== 'refused')
  if (answer.status !== 200) {
    const said = /"error"\s*:\s*"([\w-]{1,60})"/.exec(answer.text)?.[1]
    const why = `The platform gave no access: it answered ${answer.status}${said === undefined ? '' : ` (${said})`} at its token URL.`
    throw new PlatformFault(why, answer.status >= 500 || answer.status === 429, answer.status)
  }
  const read = answered.safeParse(parse(answer.text))
  if (!read.success) throw new PlatformFault('The answer of the token URL of the platform holds no access token.', true)
  const [oldest] = tokens.keys()
  if (tokens.size >= MOST_TOKENS && oldest !== undefined) tokens.delete(oldest)
  const lives = Math.min(read.data.expires_in * 1000, LONGEST_MS) - MARGIN_MS
  tokens.set(key, { token: read.data.access_token, until: Date.now() + lives })
  return read.data.access_token
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export type ServiceAnswer = { readonly status: number; readonly body: unknown; readonly next: string | null }

/** A call with a token; a token that the platform does not know any more is fetched anew, once. */
export async function callService(service: Service, url: string, wish: Outbound, again = true): Promise<ServiceAnswer> {
  const token = await tokenFor(service)
  const headers = { ...wish.headers, authorization: `Bearer ${token}` }
  const answer = await callOut(service.env, url, { mostBytes: MOST_BYTES, ...wish, headers })
  if (!answer.ok) throw new PlatformFault(`The platform: ${answer.message}`, answer.why !== 'refused')
  if (answer.status === 401) {
    tokens.delete(keyOf(service))
    if (again) return callService(service, url, wish, false)
  }
  if (answer.status < 200 || answer.status > 299) throw faultOf(answer.status, wish.method ?? 'GET', url)
  if (answer.cut) throw new PlatformFault(`The answer of the platform is longer than ${MOST_BYTES} bytes.`, false)
  return { status: answer.status, body: parse(answer.text), next: nextOf(answer.headers.get('link'), url) }
}

function faultOf(status: number, method: string, url: string): PlatformFault {
  const where = `${method} ${new URL(url).pathname}`
  const why: Record<number, string> = {
    401: 'it does not accept the access that it gave',
    403: 'it does not allow this to the tool; check the services of the tool there',
    404: 'it has no such thing any more',
  }
  const later = status >= 500 || status === 429 || status === 408 || status === 401
  return new PlatformFault(
    `The platform answered ${status} to ${where}${why[status] === undefined ? '.' : `: ${why[status]}.`}`,
    later,
    status,
  )
}

const LINK = /<([^>]*)>((?:\s*;\s*[^;,"=\s]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/g

/** The next page (RFC 8288); only of the same site, because the token goes along. */
export function nextOf(header: string | null, from: string): string | null {
  for (const [, target, params] of (header ?? '').matchAll(LINK)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next)(?=\s|;|$)/i.test(params)) continue
    const url = URL.parse(target, from)
    return url !== null && url.origin === new URL(from).origin ? url.href : null
  }
  return null
}

/** All pages of a list; more than so many are not asked for. */
export async function* pages(service: Service, first: string, accept: string, most = 200): AsyncGenerator<unknown> {
  const seen = new Set<string>()
  for (let url: string | null = first; url !== null && seen.size < most; ) {
    if (seen.has(url)) throw new PlatformFault('The pages of the platform go round in a circle.', false)
    seen.add(url)
    const answer: ServiceAnswer = await callService(service, url, { headers: { accept } })
    yield answer.body
    url = answer.next
  }
}
