import type { Context } from 'hono'
import { audit } from '../audit.ts'
import { allow } from '../auth/allow.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import type { AppEnv } from '../env.ts'
import { ensureKeys, READY_MS, rotateKeys } from '../lti/keys.ts'
import { forgetKeys } from '../lti/platform-keys.ts'
import { testPlatform } from '../lti/platform-test.ts'
import { newPlatform, overview, platformChange, platformShown, toKey, toPlatform } from '../lti/schemas.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
import { checkTarget } from '../outbound/outbound.ts'
import { Problem } from '../problem.ts'

// The learning platforms of an organisation, as its owners describe them.

const tags = ['learning platforms']
const owns = allow('organisation:write', 'owner')
const one = z.strictObject({ platform: z.string().max(64) })
const some = problems(400, 401, 403, 404)
const writes = problems(409, 413, 415, 422)

const read = createRoute({
  method: 'get',
  path: '/v1/lti',
  tags,
  security,
  middleware: allow('organisation:write', 'teacher'),
  description: 'The platforms, our keys, and what has to be typed into a platform.',
  responses: { 200: json(overview, 'Everything about learning platforms'), ...problems(401, 403) },
})
const add = createRoute({
  method: 'post',
  path: '/v1/lti/platforms',
  tags,
  security,
  middleware: [owns, jsonBody],
  request: { body: body(newPlatform) },
  responses: { 201: json(platformShown, 'Registered'), ...problems(400, 401, 403), ...writes },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/lti/platforms/{platform}',
  tags,
  security,
  middleware: [owns, jsonBody],
  request: { params: one, body: body(platformChange) },
  responses: { 200: json(platformShown, 'As it is now'), ...some, ...writes },
})
const remove = createRoute({
  method: 'delete',
  path: '/v1/lti/platforms/{platform}',
  tags,
  security,
  middleware: owns,
  description: 'Nobody can come from there any more and no grade goes there. People, courses, work and grades here stay.',
  request: { params: one },
  responses: { 204: { description: 'Removed' }, ...some },
})
const attempt = createRoute({
  method: 'post',
  path: '/v1/lti/platforms/{platform}/test',
  tags,
  security,
  middleware: owns,
  description: 'Reads the keys of the platform and asks it for access, as a grade would.',
  request: { params: one },
  responses: {
    200: json(
      z.object({ steps: z.array(z.object({ step: z.enum(['keys', 'token']), ok: z.boolean(), message: z.string() })) }),
      'What was tried and how it went',
    ),
    ...some,
  },
})
const rotate = createRoute({
  method: 'post',
  path: '/v1/lti/keys/rotate',
  tags,
  security,
  middleware: [owns, jsonBody],
  description:
    'The next key signs from now on; the present one stays published. Within a day of the last time only with `force`, because platforms may not have read the next key yet.',
  request: { body: body(z.strictObject({ force: z.boolean().default(false) }).meta({ id: 'LtiRotation' })) },
  responses: {
    200: json(z.object({ keys: overview.shape.keys }), 'The keys'),
    ...problems(400, 401, 403),
    ...writes,
    ...problems(503),
  },
})

const missing = () => new Problem(404, 'not-found', 'There is no such platform.')
const taken = () =>
  new Problem(409, 'already-registered', 'A platform with this issuer and client id is registered already.', {
    field: 'clientId',
  })

type Addresses = Partial<Record<'issuer' | 'authUrl' | 'tokenUrl' | 'jwksUrl', string>> & { frameOrigins?: readonly string[] }

/** Every address must be one that may be called, or shown as a frame's owner. */
function refuseAddresses(c: Context<AppEnv>, given: Addresses): void {
  for (const field of ['authUrl', 'tokenUrl', 'jwksUrl'] as const) {
    const value = given[field]
    const target = value === undefined ? undefined : checkTarget(c.env, value)
    if (target?.ok === false) throw new Problem(422, 'bad-address', target.message, { field })
  }
  if (given.issuer !== undefined && !/^https?:\/\/[^\s?#]+$/.test(given.issuer))
    throw new Problem(422, 'bad-address', 'An issuer is an address without “?” or “#”, such as https://moodle.example.edu.', {
      field: 'issuer',
    })
  for (const [at, origin] of (given.frameOrigins ?? []).entries()) {
    const url = URL.parse(origin)
    if (url === null || url.origin !== origin || !checkTarget(c.env, origin).ok)
      throw new Problem(422, 'bad-address', 'This is not an origin such as https://moodle.example.edu.', {
        field: `frameOrigins.${at}`,
      })
  }
}

const originsOf = (...addresses: string[]) => [
  ...new Set(
    addresses.flatMap((address) => (/^https?:$/.test(URL.parse(address)?.protocol ?? '') ? [new URL(address).origin] : [])),
  ),
]

export const ltiPlatformRoutes = newRoutes()
  .openapi(read, async (c) => {
    const tenant = c.get('tenant')
    const ready = Boolean(c.env.LTI_KEY_SECRET)
    const [keys, platforms] = await Promise.all([ready ? ensureKeys(c.env, tenant) : [], tenant.ltiPlatforms.list()])
    const { origin, host } = new URL(c.req.url)
    const base = `${origin}/lti/${tenant.organisationId}`
    const tool = { loginUrl: `${base}/login`, launchUrl: `${base}/launch`, jwksUrl: `${base}/jwks.json`, domain: host }
    return c.json({ ready, tool, keys: keys.map(toKey), platforms: platforms.map(toPlatform) }, 200)
  })
  .openapi(add, async (c) => {
    const { deploymentIds, ...wish } = c.req.valid('json')
    const frameOrigins =
      wish.frameOrigins ?? originsOf(wish.issuer, wish.authUrl).filter((origin) => checkTarget(c.env, origin).ok)
    refuseAddresses(c, { ...wish, frameOrigins })
    const tenant = c.get('tenant')
    const row = { ...wish, frameOrigins, id: randomId(), createdBy: c.get('actor').id, createdAt: Date.now() }
    if (!(await tenant.ltiPlatforms.insert(row, deploymentIds))) throw taken()
    await audit(c, 'platform.registered', { kind: 'lti-platform', id: row.id, name: row.name }, `${row.issuer} ${row.clientId}`)
    const made = await tenant.ltiPlatforms.find(row.id)
    if (made === undefined) throw missing()
    return c.json(toPlatform(made), 201)
  })
  .openapi(change, async (c) => {
    const { deploymentIds, ...set } = c.req.valid('json')
    const { platform: id } = c.req.valid('param')
    const tenant = c.get('tenant')
    const before = await tenant.ltiPlatforms.find(id)
    if (before === undefined) throw missing()
    refuseAddresses(c, set)
    const [issuer, clientId] = [set.issuer ?? before.issuer, set.clientId ?? before.clientId]
    const same = await tenant.ltiPlatforms.byIssuer(issuer, clientId)
    if (same.some((other) => other.id !== id)) throw taken()
    await tenant.ltiPlatforms.update(id, set, deploymentIds, Date.now())
    forgetKeys(before.jwksUrl)
    const fields = Object.keys(c.req.valid('json')).join(', ')
    await audit(c, 'platform.changed', { kind: 'lti-platform', id, name: before.name }, fields)
    const after = await tenant.ltiPlatforms.find(id)
    if (after === undefined) throw missing()
    return c.json(toPlatform(after), 200)
  })
  .openapi(remove, async (c) => {
    const { platform: id } = c.req.valid('param')
    const tenant = c.get('tenant')
    const before = await tenant.ltiPlatforms.find(id)
    if (before === undefined || !(await tenant.ltiPlatforms.remove(id))) throw missing()
    await audit(c, 'platform.removed', { kind: 'lti-platform', id, name: before.name })
    return c.body(null, 204)
  })
  .openapi(attempt, async (c) => {
    const tenant = c.get('tenant')
    const found = await tenant.ltiPlatforms.find(c.req.valid('param').platform)
    if (found === undefined) throw missing()
    return c.json({ steps: await testPlatform(c.env, tenant, found) }, 200)
  })
  .openapi(rotate, async (c) => {
    const { force } = c.req.valid('json')
    const tenant = c.get('tenant')
    const next = (await ensureKeys(c.env, tenant)).find(({ state }) => state === 'next')
    if (!force && next !== undefined && Date.now() - next.createdAt < READY_MS)
      throw new Problem(409, 'too-soon', 'The next key is published for less than a day, so platforms may not know it yet.')
    if (!(await rotateKeys(c.env, tenant))) throw new Problem(409, 'rotated', 'Somebody else has changed the keys just now.')
    await audit(c, 'platform.keys-rotated', { kind: 'lti-key', id: next?.id ?? '' }, force ? 'forced' : '')
    return c.json({ keys: (await tenant.ltiKeys.list()).map(toKey) }, 200)
  })
