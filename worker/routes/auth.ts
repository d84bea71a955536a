import { keyScopes, roles } from '../auth/actor.ts'
import { findCaller, suspended } from '../auth/allow.ts'
import { ownAuth } from '../auth/auth.ts'
import { clearSessionCookie, readSessionCookie, refuseForeignOrigin, writeSessionCookie } from '../auth/cookie.ts'
import { firstOwnerPage, html, linkFailedPage } from '../auth/pages.ts'
import { SESSION_SECONDS } from '../auth/start-session.ts'
import { failed, refuseSlowed } from '../auth/throttle.ts'
import { jsonBody } from '../body.ts'
import { closeSockets } from '../close-sockets.ts'
import { hasOrganisation } from '../db/accounts.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import { log } from '../log.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

const tags = ['sign-in']

const openLink = createRoute({
  method: 'get',
  path: '/auth/link/{token}',
  tags,
  description: 'Opened by a person in the browser: signs in and goes to the console.',
  request: { params: z.strictObject({ token: z.string().max(128) }) },
  responses: { 302: { description: 'Signed in' }, 410: { description: 'The link is unknown, used or too old' } },
})

const who = z
  .object({
    person: z.object({ id: z.string(), name: z.string() }),
    organisation: z.object({ id: z.string(), name: z.string() }),
    role: z.enum([...roles, 'machine']),
    scopes: z.array(z.enum([...keyScopes, 'organisation:write'])),
  })
  .meta({ id: 'Session' })

const session = createRoute({
  method: 'get',
  path: '/auth/session',
  tags,
  security,
  description: 'Who is signed in, or whose key it is.',
  responses: { 200: json(who, 'Who is asking'), ...problems(401, 403, 429) },
})

const signOut = createRoute({
  method: 'post',
  path: '/auth/sign-out',
  tags,
  security: [{ session: [] }],
  responses: { 204: { description: 'Signed out' }, ...problems(403) },
})

const firstOwnerForm = createRoute({
  method: 'get',
  path: '/auth/first-owner',
  tags,
  hide: true,
  description: 'The page of the one-time link that opens an empty instance.',
  responses: { 200: { description: 'A form' }, 404: { description: 'The instance has an owner' } },
})

const claim = createRoute({
  method: 'post',
  path: '/auth/first-owner',
  tags,
  middleware: jsonBody,
  description: 'Makes the first organisation and its owner; works once, with the token that the instance was deployed with.',
  request: {
    body: body(
      z
        .strictObject({
          token: z.string().max(256),
          organisation: z.string().trim().min(1).max(120),
          name: z.string().trim().min(1).max(120),
        })
        .meta({ id: 'FirstOwner' }),
    ),
  },
  responses: {
    201: json(z.object({ organisation: z.string() }), 'Signed in as the owner'),
    ...problems(400, 403, 404, 415, 429),
  },
})

// The same answer for a wrong token as for none, and for an instance that is taken: nothing to learn here.
const closed = () => new Problem(404, 'not-found', 'There is nothing at this address.')

export const authRoutes = newRoutes()
  .openapi(openLink, async (c) => {
    // Mail programs look at links with HEAD; that must not use them up.
    if (c.req.method === 'HEAD') return new Response(null, { status: 200 })
    const token = await ownAuth(openDatabase(c.env.DB)).openLink(c.req.valid('param').token, c.req.header('user-agent') ?? null)
    if (token === null) return html(linkFailedPage, 410)
    writeSessionCookie(c, token, SESSION_SECONDS)
    return c.redirect('/', 302)
  })
  .openapi(session, async (c) => {
    const found = await findCaller(c)
    if (found === null) throw new Problem(401, 'not-signed-in', 'Nobody is signed in.', {}, { 'www-authenticate': 'Bearer' })
    if (found.standing.suspended) throw suspended()
    const { actor } = found
    const { id, name, role, scopes } = actor
    const organisation = { id: actor.organisationId, name: actor.organisationName }
    c.header('cache-control', 'no-store')
    return c.json({ person: { id, name }, organisation, role: role ?? ('machine' as const), scopes: [...scopes] }, 200)
  })
  .openapi(signOut, async (c) => {
    refuseForeignOrigin(c.req.raw)
    const token = readSessionCookie(c)
    const db = openDatabase(c.env.DB)
    const ended = token === undefined ? null : await ownAuth(db).signOut(token)
    if (ended !== null) await closeSockets(c.env, tenantDb(db, ended.organisationId), ended.personId)
    clearSessionCookie(c)
    return c.body(null, 204)
  })
  .openapi(firstOwnerForm, async (c) => {
    if (!c.env.FIRST_OWNER_TOKEN || (await hasOrganisation(openDatabase(c.env.DB)))) throw closed()
    return html(firstOwnerPage, 200)
  })
  .openapi(claim, async (c) => {
    await refuseSlowed(c, 'operator')
    const { token, organisation, name } = c.req.valid('json')
    const made = await ownAuth(openDatabase(c.env.DB)).claim(c.env.FIRST_OWNER_TOKEN, { token, organisation, person: name })
    if (!made.ok) {
      log.warn('first-owner-refused', { why: made.why })
      if (made.why === 'wrong-token') await failed(c, 'operator')
      throw closed()
    }
    log.info('first-owner', { organisation: made.organisationId })
    writeSessionCookie(c, made.session, SESSION_SECONDS)
    return c.json({ organisation }, 201)
  })
