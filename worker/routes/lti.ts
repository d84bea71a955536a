import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { framedAttributes, writeFramedCookie, writeSessionCookie } from '../auth/cookie.ts'
import { startExternalSession } from '../auth/external.ts'
import { SESSION_SECONDS } from '../auth/start-session.ts'
import { randomToken, sha256 } from '../auth/tokens.ts'
import { closeSockets } from '../close-sockets.ts'
import { openDatabase } from '../db/database.ts'
import { type TenantDb, tenantDb } from '../db/tenant/index.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { AppEnv } from '../env.ts'
import { log } from '../log.ts'
import { enter } from '../lti/enter.ts'
import { ensureKeys, keySet } from '../lti/keys.ts'
import { checkLaunch } from '../lti/launch.ts'
import { beginLogin } from '../lti/login.ts'
import { newTabPage, recallPage, refusalPage, rememberPage, ticketPage } from '../lti/pages.ts'
import { LtiRefused, refuse } from '../lti/refusal.ts'
import { createRoute, json, newRoutes, problems, z } from '../openapi.ts'
import { Problem, tooLarge } from '../problem.ts'

// What a learning platform and the browser that it sends here call: LTI 1.3. All of it is below the organisation's own
// address, so that a platform of one organisation means nothing to another.

const tags = ['learning platforms']
const MOST_FORM = 256 * 1024
const COOKIE_SECONDS = 600
const TICKET_MS = 5 * 60_000

const school = z.strictObject({ organisation: z.string().max(64) })
const text = z.unknown().optional().openapi({ type: 'string' })
const loginFields = z
  .looseObject({
    iss: text,
    login_hint: text,
    target_link_uri: text,
    lti_message_hint: text,
    client_id: text,
    lti_deployment_id: text,
    lti_storage_target: text,
  })
  .openapi('LtiLogin')
const form = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { 'application/x-www-form-urlencoded': { schema } },
})
const small = bodyLimit({
  maxSize: MOST_FORM,
  onError: () => {
    throw tooLarge(MOST_FORM, 'body')
  },
})
const toPlatform = {
  200: { description: 'A page that leaves the state with the platform first' },
  302: { description: 'On to the platform, which signs the person in' },
  400: { description: 'A page that says what is wrong' },
  401: { description: 'A page that says what is wrong' },
}

const loginByLink = createRoute({
  method: 'get',
  path: '/lti/{organisation}/login',
  tags,
  description: 'Third-party initiated login: where a platform begins a launch.',
  request: { params: school, query: loginFields },
  responses: toPlatform,
})
const loginByForm = createRoute({
  method: 'post',
  path: '/lti/{organisation}/login',
  tags,
  middleware: small,
  description: 'The same as a form.',
  request: { params: school, body: form(loginFields) },
  responses: toPlatform,
})
const launched = createRoute({
  method: 'post',
  path: '/lti/{organisation}/launch',
  tags,
  middleware: small,
  description: 'The signed answer of the platform. Signs the person in and leads to the assignment, the course or the picker.',
  request: {
    params: school,
    body: form(z.looseObject({ id_token: text, state: text, error: text, error_description: text }).openapi('LtiLaunchAnswer')),
  },
  responses: {
    200: { description: 'A page that asks for what the browser must show first' },
    303: { description: 'Signed in' },
    400: { description: 'A page that says what is wrong' },
    401: { description: 'A page that says what is wrong' },
    403: { description: 'A page that says what is wrong' },
    409: { description: 'A page that says what has to be done first' },
  },
})
const launchByLink = createRoute({
  method: 'get',
  path: '/lti/{organisation}/launch',
  tags,
  description: 'Opened by a person and not by a platform: a page that says so.',
  request: { params: school },
  responses: { 400: { description: 'A page that says what to do' } },
})
const entered = createRoute({
  method: 'post',
  path: '/lti/{organisation}/enter',
  tags,
  middleware: small,
  description: 'The way in from a tab of its own, by a ticket of the launch that works once.',
  request: { params: school, body: form(z.looseObject({ ticket: text }).openapi('LtiTicket')) },
  responses: { 303: { description: 'Signed in' }, 401: { description: 'The ticket is used or too old' } },
})
const keys = createRoute({
  method: 'get',
  path: '/lti/{organisation}/jwks.json',
  tags,
  description:
    'The public keys with which this organisation signs for its platforms: the current, the next and the previous one.',
  request: { params: school },
  responses: {
    200: json(z.object({ keys: z.array(z.looseObject({})) }).openapi('LtiKeySet'), 'A JSON Web Key Set'),
    ...problems(404, 503),
  },
})
/** Where one of the organisation's addresses is. */
const own = (c: Context, organisation: string, page: string) => `${new URL(c.req.url).origin}/lti/${organisation}/${page}`
const cookieOf = async (state: string) => `switchroom_lti_${(await sha256(state)).slice(0, 16)}`
const cookie = { ...framedAttributes, path: '/lti/' } as const

async function tenantOf(c: Context<AppEnv>, organisation: string): Promise<TenantDb> {
  const tenant = tenantDb(openDatabase(c.env.DB), organisation)
  const standing = await tenant.ltiKeys.standing()
  if (standing === null) throw refuse.noSuchSchool()
  if (standing === 'suspended') throw refuse.suspended()
  return tenant
}

/** A refusal is a page for whoever sits before the screen, and a line in the log; the messages themselves are in neither. */
async function answer(organisation: string, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LtiRefused)) throw error
    log.warn('lti-refused', { organisation, code: error.refusal.code })
    return refusalPage(error.refusal)
  }
}

async function begin(c: Context<AppEnv>, organisation: string, given: Record<string, unknown>): Promise<Response> {
  return answer(organisation, async () => {
    const begun = await beginLogin(await tenantOf(c, organisation), given, own(c, organisation, 'launch'))
    const name = await cookieOf(begun.state)
    setCookie(c, name, begun.browser, { ...cookie, maxAge: COOKIE_SECONDS })
    if (begun.storageTarget === null) return c.redirect(begun.authUrl, 302)
    const storage = { target: begun.storageTarget, origin: new URL(begun.authUrl).origin, key: name }
    const page = await rememberPage(storage, begun.browser, begun.authUrl, {})
    return withCookies(c, page)
  })
}

/** A response that was not made by hono does not carry the cookies that were set before. */
function withCookies(c: Context, response: Response): Response {
  for (const line of c.res.headers.getSetCookie()) response.headers.append('set-cookie', line)
  return response
}

const said = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

async function launch(c: Context<AppEnv>, organisation: string, given: Record<string, unknown>): Promise<Response> {
  const tenant = await tenantOf(c, organisation)
  const [idToken, state, error] = [said(given['id_token']), said(given['state']), said(given['error'])]
  if (error !== undefined) {
    const about = said(given['error_description'])?.slice(0, 500)
    throw refuse.platformError([
      ['Reason', error.slice(0, 100)],
      ['In its words', about],
    ])
  }
  if (idToken === undefined || state === undefined) throw refuse.otherAnswer()
  const name = await cookieOf(state)
  const kept = getCookie(c, name)
  const recalled = said(given['browser'])
  const { origin } = new URL(c.req.url)
  const checked = await checkLaunch(c.env, tenant, { idToken, state, browser: kept ?? recalled }, origin)
  if (!checked.ok) {
    const { login, platform } = checked
    if (login.storageTarget === null || recalled !== undefined)
      return newTabPage(own(c, organisation, 'login'), withoutStorage(login.request))
    const storage = { target: login.storageTarget, origin: new URL(platform.authUrl).origin, key: name }
    return recallPage(storage, own(c, organisation, 'launch'), { id_token: idToken, state })
  }
  deleteCookie(c, name, cookie)

  // Without cookies there is no session in the frame either: the person goes on in a tab.
  const ticket = kept === undefined ? randomToken() : null
  const db = openDatabase(c.env.DB)
  const { personId, path, changed } = await enter(db, tenant, checked.platform, checked.launch, ticket)
  if (changed) await closeSockets(c.env, tenant, personId)
  log.info('lti-launch', { organisation, platform: checked.platform.id, type: checked.launch.type })
  if (ticket !== null) return ticketPage(own(c, organisation, 'enter'), ticket)
  return goOn(c, tenant, checked.platform, personId, path)
}

const withoutStorage = ({ lti_storage_target: _, ...request }: Readonly<Record<string, string>>) => request

/** In a window of its own the session is as any other; in a frame its cookie and its pages are bound to the platform. */
async function goOn(
  c: Context<AppEnv>,
  tenant: TenantDb,
  platform: LtiPlatform,
  personId: string,
  path: string,
): Promise<Response> {
  const agent = c.req.header('user-agent') ?? null
  const token = await startExternalSession(openDatabase(c.env.DB), tenant.organisationId, personId, agent)
  if (c.req.header('sec-fetch-dest') === 'document') {
    writeSessionCookie(c, token, SESSION_SECONDS)
    return c.redirect(path, 303)
  }
  writeFramedCookie(c, token, SESSION_SECONDS)
  return c.redirect(`/frame/${tenant.organisationId}/${platform.id}${path}`, 303)
}

export const ltiRoutes = newRoutes()
  .openapi(loginByLink, (c) => begin(c, c.req.valid('param').organisation, c.req.query()))
  .openapi(loginByForm, async (c) => begin(c, c.req.valid('param').organisation, await c.req.parseBody()))
  .openapi(launched, async (c) => {
    const { organisation } = c.req.valid('param')
    const given = await c.req.parseBody()
    return answer(organisation, () => launch(c, organisation, given))
  })
  .openapi(launchByLink, () => refusalPage(refuse.otherAnswer().refusal))
  .openapi(entered, async (c) => {
    const { organisation } = c.req.valid('param')
    const ticket = said((await c.req.parseBody())['ticket'])
    return answer(organisation, async () => {
      const tenant = await tenantOf(c, organisation)
      const used =
        ticket === undefined ? undefined : await tenant.ltiContexts.useTicket(await sha256(ticket), Date.now() - TICKET_MS)
      if (used === undefined) throw refuse.replayed()
      const agent = c.req.header('user-agent') ?? null
      const token = await startExternalSession(openDatabase(c.env.DB), organisation, used.personId, agent)
      writeSessionCookie(c, token, SESSION_SECONDS)
      return c.redirect(used.path, 303)
    })
  })
  .openapi(keys, async (c) => {
    const { organisation } = c.req.valid('param')
    try {
      const found = await ensureKeys(c.env, await tenantOf(c, organisation))
      // Platforms ask again when they meet a key that they do not know; a few minutes save the rest.
      c.header('cache-control', 'public, max-age=300')
      return c.json(keySet(found), 200)
    } catch (error) {
      if (!(error instanceof LtiRefused)) throw error
      const { status, code, text: detail } = error.refusal
      throw new Problem(status, code, detail)
    }
  })

/** The console for a frame of a platform, which alone may show it; what comes after is the console's own path. */
ltiRoutes.get('/frame/:organisation/:platform/*', async (c) => {
  const { organisation, platform } = c.req.param()
  const found = await tenantDb(openDatabase(c.env.DB), organisation).ltiPlatforms.find(platform)
  if (found === undefined || c.env.ASSETS === undefined) throw new Problem(404, 'not-found', 'There is nothing at this address.')
  const page = await c.env.ASSETS.fetch(new URL('/', c.req.url))
  const headers = new Headers(page.headers)
  const policy = (headers.get('content-security-policy') ?? "default-src 'self'").replace(/;? *frame-ancestors [^;]*/, '')
  headers.set('content-security-policy', `${policy}; frame-ancestors ${["'self'", ...found.frameOrigins].join(' ')}`)
  headers.set('cache-control', 'private, no-store')
  // The same page under another address would be taken for this one, with the policy of that.
  headers.delete('etag')
  return new Response(page.body, { status: page.status, headers })
})
