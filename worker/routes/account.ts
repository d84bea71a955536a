import { audit } from '../audit.ts'
import { roles } from '../auth/actor.ts'
import { sendProof, taken, takeProof } from '../auth/address.ts'
import { inPerson } from '../auth/allow.ts'
import { comeInto } from '../auth/come-in.ts'
import { clearSessionCookie, readSessionCookie } from '../auth/cookie.ts'
import { displayName } from '../auth/names.ts'
import { openProver } from '../auth/open-prover.ts'
import { hasOwnProof, needOwnProof } from '../auth/own-proof.ts'
import { newPassword } from '../auth/password.ts'
import { newReturnCode } from '../auth/return-code.ts'
import { slowed } from '../auth/throttle.ts'
import { sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { closeSockets } from '../close-sockets.ts'
import { openDatabase } from '../db/database.ts'
import { endSessions, linkIdentity, organisationsOf, rename, sessionsOf, unproved, userOfPerson } from '../db/identities.ts'
import { tenantDb } from '../db/tenant/index.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// What is a person's own: name, ways in, sessions. Nobody does this for somebody else, and no key does it at all.

const tags = ['account']
const organisation = z.object({ id: z.string(), name: z.string(), role: z.enum(roles), suspended: z.boolean() })
const session = z.object({
  id: z.string(),
  organisation: z.string(),
  way: z.string().describe('how it began: password, mail, oidc, link, code, return, invitation, lti, switch, first-owner'),
  agent: z.string().nullable(),
  createdAt: time,
  current: z.boolean(),
})
const account = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    verified: z
      .boolean()
      .describe('the address is proved; otherwise it is only a name beside a password, from when no letters were sent from here'),
    unproved: z.string().nullable().describe('an address to which a letter was sent: it counts when its link is opened'),
    ways: z.array(z.string()).describe('credential: a password; others are OpenID Connect providers'),
    organisations: z.array(organisation),
    sessions: z.array(session),
  })
  .meta({ id: 'Account' })

const read = createRoute({
  method: 'get',
  path: '/v1/account',
  tags,
  security,
  middleware: inPerson(),
  responses: { 200: json(account, 'Who is signed in, and how they may'), ...problems(401, 403) },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/account',
  tags,
  security,
  middleware: [inPerson(), jsonBody],
  request: { body: body(z.strictObject({ name: displayName }).meta({ id: 'AccountChange' })) },
  responses: { 204: { description: 'Changed' }, ...problems(400, 401, 403, 413, 415) },
})
const setPassword = createRoute({
  method: 'post',
  path: '/v1/account/password',
  tags,
  security,
  middleware: [inPerson(), jsonBody],
  description:
    'Sets a password: with the old one, if there is one. Who has no e-mail address yet gives one to sign in with; where letters are sent, one goes there, and both count when its link is opened. All other sessions end.',
  request: {
    body: body(
      z
        .strictObject({ old: z.string().max(256).optional(), password: newPassword, email: z.email().max(254).optional() })
        .meta({ id: 'PasswordChange' }),
    ),
  },
  responses: {
    202: { description: 'A letter was sent' },
    204: { description: 'Set' },
    ...problems(400, 401, 403, 409, 413, 415, 429, 503),
  },
})
const setAddress = createRoute({
  method: 'post',
  path: '/v1/account/address',
  tags,
  security,
  middleware: [inPerson(), jsonBody],
  description:
    'Sends a letter to an e-mail address of who asks; it counts when the link in it is opened. Who has a password gives it. Only where letters are sent (`mail` of `/auth/ways`).',
  request: {
    body: body(
      z.strictObject({ email: z.email().max(254), password: z.string().max(256).optional() }).meta({ id: 'AddressChange' }),
    ),
  },
  responses: { 202: { description: 'A letter was sent' }, ...problems(400, 401, 403, 409, 413, 415, 429, 503) },
})
const proveAddress = createRoute({
  method: 'post',
  path: '/v1/account/address/proof',
  tags,
  security,
  middleware: [inPerson(), jsonBody],
  description: 'The link of the letter: its token is in the fragment of a page, which sends it here for who is signed in.',
  request: { body: body(z.strictObject({ token: z.string().min(8).max(128) }).meta({ id: 'AddressProof' })) },
  responses: {
    200: json(z.object({ email: z.string() }).meta({ id: 'ProvedAddress' }), 'Proved'),
    ...problems(400, 401, 403, 404, 409, 413, 415, 429),
  },
})
const returnCode = createRoute({
  method: 'post',
  path: '/v1/account/return-code',
  tags,
  security,
  middleware: inPerson(),
  description: 'A new code to come back with; the one before ends.',
  responses: { 201: json(z.object({ code: z.string() }), 'Shown once'), ...problems(401, 403) },
})
const endOne = createRoute({
  method: 'delete',
  path: '/v1/account/sessions/{id}',
  tags,
  security,
  middleware: inPerson(),
  request: { params: z.strictObject({ id: z.string().max(64) }) },
  responses: { 204: { description: 'Ended' }, ...problems(400, 401, 403, 404) },
})
const toOther = createRoute({
  method: 'post',
  path: '/v1/account/organisation',
  tags,
  security,
  middleware: [inPerson({ evenSuspended: true }), jsonBody],
  description: 'Goes to another organisation of the same person: a new session there, in the place of this one.',
  request: { body: body(z.strictObject({ id: z.string().max(64) }).meta({ id: 'OrganisationChoice' })) },
  responses: { 204: { description: 'Changed' }, ...problems(400, 401, 403, 404, 413, 415) },
})

const nameOf = (hash: string) => hash.slice(0, 16)

export const accountRoutes = newRoutes()
  .openapi(read, async (c) => {
    const db = openDatabase(c.env.DB)
    const actor = c.get('actor')
    const { id, name } = actor
    const here = await sha256(readSessionCookie(c) ?? '')
    const now = Date.now()
    const [user, all, rows, waiting] = await Promise.all([
      userOfPerson(db, id),
      organisationsOf(db, id),
      sessionsOf(db, id, now),
      unproved(db, id, now),
    ])
    // Whom an organisation vouches for is somebody there; what else they are is nobody's there.
    const seen = (of: string) => hasOwnProof(actor) || of === actor.organisationId
    const sessions = rows
      .filter((one) => seen(one.organisationId))
      .map(({ hash, organisation, way, agent, createdAt }) => {
        return { id: nameOf(hash), organisation, way, agent, createdAt: toTime(createdAt), current: hash === here }
      })
    const organisations = all.filter((one) => seen(one.id)).map((one) => ({ ...one, suspended: one.suspended === 1 }))
    const { email = null, verified = false, providers: ways = [] } = user ?? {}
    return c.json({ id, name, email, verified, unproved: waiting?.email ?? null, ways, organisations, sessions }, 200)
  })
  .openapi(change, async (c) => {
    const { id } = c.get('actor')
    const { name } = c.req.valid('json')
    await rename(openDatabase(c.env.DB), id, name)
    await audit(c, 'account.renamed', { kind: 'person', id, name })
    return c.body(null, 204)
  })
  .openapi(setPassword, async (c) => {
    const { id, name } = c.get('actor')
    await needOwnProof(c)
    const { old, password, email } = c.req.valid('json')
    const db = openDatabase(c.env.DB)
    const user = await userOfPerson(db, id)
    const prover = await openProver(c.env, db, new URL(c.req.url).origin)
    let waits = false
    if (user === undefined) {
      if (email === undefined)
        throw new Problem(400, 'invalid-request', 'Give an e-mail address to sign in with.', { field: 'email' })
      waits = await sendProof(c, { id, name }, email, password)
    }
    if (user === undefined && email !== undefined && !waits) {
      const made = await prover.makeUser({ email, name, verified: false, password })
      if (made === null || !(await linkIdentity(db, made.userId, id, Date.now()))) {
        throw taken()
      }
    } else if (user !== undefined) {
      const set = await slowed(
        c,
        'password',
        user.email,
        async () => (await prover.setPassword(user.userId, old, password)) || null,
      )
      if (set === null) throw new Problem(403, 'wrong-credentials', 'The old password is wrong.', { field: 'old' })
    }
    const ended = await endSessions(db, id, { allBut: await sha256(readSessionCookie(c) ?? '') })
    for (const organisationId of new Set(ended.map((one) => one.organisationId))) {
      await closeSockets(c.env, tenantDb(db, organisationId), id)
    }
    await audit(c, waits ? 'account.letter-sent' : 'account.password-set', { kind: 'person', id, name })
    return c.body(null, waits ? 202 : 204)
  })
  .openapi(setAddress, async (c) => {
    const { id, name } = c.get('actor')
    await needOwnProof(c)
    const { email, password } = c.req.valid('json')
    const db = openDatabase(c.env.DB)
    const user = await userOfPerson(db, id)
    if (user !== undefined) {
      const prover = await openProver(c.env, db, new URL(c.req.url).origin)
      const may = await slowed(c, 'password', user.email, async () => (await prover.mayChange(user.userId, password)) || null)
      if (may === null) throw new Problem(403, 'wrong-credentials', 'The password is wrong.', { field: 'password' })
    }
    if (!(await sendProof(c, { id, name }, email)))
      throw new Problem(409, 'no-mail', 'No letters are sent from here, so no address can be proved.', { field: 'email' })
    await audit(c, 'account.letter-sent', { kind: 'person', id, name })
    return c.body(null, 202)
  })
  .openapi(proveAddress, async (c) => {
    const { id, name } = c.get('actor')
    await needOwnProof(c)
    const email = await takeProof(c, { id, name }, c.req.valid('json').token)
    if (email === null) {
      const detail =
        'This link was used already, is too old, or was sent to somebody else. Ask for another letter under “Your account”.'
      throw new Problem(404, 'link-over', detail)
    }
    await audit(c, 'account.address-proved', { kind: 'person', id, name })
    return c.json({ email }, 200)
  })
  .openapi(returnCode, async (c) => {
    const { id, name } = c.get('actor')
    const code = await newReturnCode(c.get('tenant'), id)
    await audit(c, 'account.return-code', { kind: 'person', id, name })
    return c.json({ code }, 201)
  })
  .openapi(endOne, async (c) => {
    const db = openDatabase(c.env.DB)
    const actor = c.get('actor')
    const { id } = actor
    const wanted = c.req.valid('param').id
    const found = (await sessionsOf(db, id, Date.now())).find(
      ({ hash, organisationId }) => nameOf(hash) === wanted && (hasOwnProof(actor) || organisationId === actor.organisationId),
    )
    if (found === undefined) throw new Problem(404, 'not-found', 'There is no such session.')
    await endSessions(db, id, { hash: found.hash })
    await closeSockets(c.env, tenantDb(db, found.organisationId), id)
    return c.body(null, 204)
  })
  .openapi(toOther, async (c) => {
    const db = openDatabase(c.env.DB)
    const { id, name, organisationId } = c.get('actor')
    const wanted = c.req.valid('json').id
    await needOwnProof(c)
    const into = (await organisationsOf(db, id)).find((one) => one.id === wanted)
    if (into === undefined) throw new Problem(404, 'not-found', 'You are no member of such an organisation.')
    await endSessions(db, id, { hash: await sha256(readSessionCookie(c) ?? '') })
    await closeSockets(c.env, tenantDb(db, organisationId), id)
    clearSessionCookie(c)
    await comeInto(c, db, { id, name }, into.id, 'switch')
    return c.body(null, 204)
  })
