import jwt from 'jsonwebtoken'
import { GradeBook } from './grade-book.ts'
import { type Launch, messageOf } from './messages.ts'
import { type Jwk, type PlatformKey, pemOfJwk } from './platform-keys.ts'
import { type Member, Roster } from './roster.ts'

export type PlatformSettings = {
  /** Where it is reached: `http://localhost:4010`. */
  readonly url: string
  readonly issuer: string
  readonly clientId: string
  readonly deploymentId: string
  /** What the administrator has typed in of the tool. */
  readonly tool: { readonly loginUrl: string; readonly launchUrl: string; readonly jwksUrl: string }
  readonly key: PlatformKey
  readonly members: readonly Member[]
  /** How it reaches the tool's key set. */
  readonly fetch?: (url: string) => Promise<Response>
}
export type Answered = { readonly claims: jwt.JwtPayload; readonly items: readonly Record<string, unknown>[] }
type Begun = { readonly launch: Launch; readonly user: string }

/**
 * A learning platform as 1EdTech describes one (LTI 1.3, Deep Linking 2.0, NRPS 2.0, AGS 2.0). It signs and verifies with
 * `jsonwebtoken` and OpenSSL's routines, not with the library of the product, and refuses what a real one refuses. What it
 * refused, and why, is in `refusals`.
 */
export class Platform {
  readonly settings: PlatformSettings
  keys: PlatformKey[]
  readonly book: GradeBook
  readonly roster: Roster
  readonly refusals: string[] = []
  readonly answered: Answered[] = []
  readonly tokenRequests: jwt.JwtPayload[] = []
  /** Requests of services, as `GET /lineitems`. */
  readonly calls: string[] = []
  /** The next calls of services are answered so instead. */
  readonly faults: Response[] = []
  /** The same for its key set. */
  readonly keyFaults: Response[] = []
  private readonly begun = new Map<string, Begun>()
  private readonly tokens = new Map<string, { scopes: string[]; expires: number }>()
  private readonly seen = new Set<string>()
  tokenSeconds = 3600

  constructor(settings: PlatformSettings) {
    this.settings = settings
    this.keys = [settings.key]
    this.book = new GradeBook(`${settings.url}/api`)
    this.roster = new Roster(`${settings.url}/api/memberships`, settings.members)
  }

  /** What a link in the course sends to the tool: the fields of the login request. */
  begin(user: string, launch: Launch): Record<string, string> {
    const hint = crypto.randomUUID()
    this.begun.set(hint, { launch, user })
    return {
      iss: this.settings.issuer,
      login_hint: user,
      lti_message_hint: hint,
      target_link_uri: launch.target ?? this.settings.tool.launchUrl,
      client_id: this.settings.clientId,
      lti_deployment_id: this.settings.deploymentId,
    }
  }

  /** Answers the tool's authentication request with a signed message; throws where a real platform shows an error. */
  authorize(query: URLSearchParams): { to: string; fields: Record<string, string> } {
    const { tool, clientId } = this.settings
    const wanted = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none', client_id: clientId }
    for (const [name, value] of Object.entries({ ...wanted, redirect_uri: tool.launchUrl }))
      if (query.get(name) !== value) throw this.refused(`${name} is ${query.get(name)}`)
    const [state, nonce, hint] = [query.get('state'), query.get('nonce'), query.get('lti_message_hint') ?? '']
    const begun = this.begun.get(hint)
    if (!state || !nonce) throw this.refused('no state or nonce')
    if (begun === undefined || query.get('login_hint') !== begun.user) throw this.refused('nobody began this')
    this.begun.delete(hint)
    return { to: tool.launchUrl, fields: { id_token: this.sign(this.message(begun, nonce)), state } }
  }

  message({ launch, user }: Begun, nonce: string): Record<string, unknown> {
    const member = this.settings.members.find(({ id }) => id === user)
    return messageOf(this.settings, this.book, this.roster, member, launch, nonce)
  }

  sign(claims: object, key = this.keys[0]): string {
    return jwt.sign(claims, key.privatePem, { algorithm: 'RS256', keyid: key.kid })
  }

  private refused(why: string): Error {
    this.refusals.push(why)
    return new Error(why)
  }

  /** Everything that the tool calls: keys, token, line items, scores, members. */
  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const path = url.pathname
    this.calls.push(`${request.method} ${path}`)
    try {
      if (path === '/jwks' && this.keyFaults.length > 0) return this.keyFaults.shift() as Response
      if (path === '/jwks') return Response.json({ keys: this.keys.map(({ jwk }) => jwk) })
      const fault = this.faults.shift()
      if (fault !== undefined) return fault
      if (path === '/token' && request.method === 'POST')
        return await this.token(new URLSearchParams(await request.text()), request)
      if (!path.startsWith('/api/')) return new Response('nothing here', { status: 404 })
      const token = this.tokens.get(/^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '')
      if (token === undefined || token.expires <= Date.now()) return new Response('unauthorized', { status: 401 })
      const service = path === '/api/memberships' ? this.roster : this.book
      return await service.handle(request, token.scopes)
    } catch (error) {
      this.refusals.push((error as Error).message)
      return Response.json({ error: 'invalid_request', error_description: (error as Error).message }, { status: 400 })
    }
  }

  /** Checks a message of the tool against the key set that the tool publishes. */
  private async verified(token: string, audience: string): Promise<jwt.JwtPayload> {
    const kid = jwt.decode(token, { complete: true })?.header.kid
    const { fetch: get = fetch, tool, clientId } = this.settings
    const { keys } = (await (await get(tool.jwksUrl)).json()) as { keys: Jwk[] }
    const jwk = keys.find((key) => key.kid === kid)
    if (jwk === undefined) throw new Error(`the key ${kid} is not in the key set of the tool`)
    const how = { algorithms: ['RS256' as const], audience, issuer: clientId, maxAge: 300, complete: false as const }
    const claims = jwt.verify(token, pemOfJwk(jwk), how) as jwt.JwtPayload
    if (claims.exp === undefined || claims.exp - (claims.iat ?? 0) > 3600) throw new Error('valid for too long')
    return claims
  }

  private once(what: string | undefined, name: string): void {
    if (!what) throw new Error(`no ${name}`)
    if (this.seen.has(what)) throw new Error(`the ${name} was used before`)
    this.seen.add(what)
  }

  private async token(form: URLSearchParams, request: Request): Promise<Response> {
    if (!request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) throw new Error('not a form')
    if (form.get('grant_type') !== 'client_credentials') throw new Error('another grant')
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      throw new Error('no assertion')
    const claims = await this.verified(form.get('client_assertion') ?? '', `${this.settings.url}/token`)
    if (claims.sub !== this.settings.clientId) throw new Error('sub is not the client')
    this.once(claims.jti, 'jti')
    this.tokenRequests.push(claims)
    const scopes = (form.get('scope') ?? '').split(' ')
    const allowed = [...this.book.scopes, ...this.roster.scopes]
    for (const scope of scopes) if (!allowed.includes(scope)) return Response.json({ error: 'invalid_scope' }, { status: 400 })
    const token = crypto.randomUUID()
    this.tokens.set(token, { scopes, expires: Date.now() + this.tokenSeconds * 1000 })
    const answer = { access_token: token, token_type: 'bearer', expires_in: this.tokenSeconds, scope: scopes.join(' ') }
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } })
  }

  /** What the tool's form brings back after deep linking; throws when it must not be taken. */
  async deepLinkAnswer(token: string, asked: { data: string; acceptMultiple: boolean }): Promise<Answered> {
    const claims = await this.verified(token, this.settings.issuer)
    const claim = (name: string) => claims[`https://purl.imsglobal.org/spec/${name}`]
    this.once(claims['nonce'], 'nonce')
    if (claim('lti/claim/message_type') !== 'LtiDeepLinkingResponse') throw new Error('another message')
    if (claim('lti/claim/version') !== '1.3.0') throw new Error('another version')
    if (claim('lti/claim/deployment_id') !== this.settings.deploymentId) throw new Error('another deployment')
    if (claim('lti-dl/claim/data') !== asked.data) throw new Error('the data did not come back as it was sent')
    const items = claim('lti-dl/claim/content_items') as Record<string, unknown>[]
    if (!asked.acceptMultiple && items.length > 1) throw new Error('more than one item')
    for (const item of items) if (item['type'] !== 'ltiResourceLink') throw new Error(`an item of the type ${item['type']}`)
    const answer = { claims, items }
    this.answered.push(answer)
    return answer
  }
}
