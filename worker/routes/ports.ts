import { macAddress, portName, portState } from '../../durable/protocol.ts'
import { randomId, randomToken, sha256 } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import type { PortTokenRow } from '../db/tenant/port-tokens.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, createRoute, json, labId, labProblems, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// Ports at which machines from outside can be plugged in, and the tokens that let them.

const tags = ['ports']
/** Tokens of a lab that still count; and how long one that does not is still listed. */
const MOST_TOKENS = 32
const LISTED_MS = 24 * 3_600_000
const reads = openLab('labs:read')
const writes = openLab('labs:write', 'student')

const portToken = z
  .object({
    id: z.string(),
    port: z.string(),
    label: z.string(),
    mac: z.string().nullable().describe('the only address that the machine may have; null: that of its first frame'),
    spoofing: z.boolean().describe('frames from any address are accepted'),
    createdBy: z.string(),
    createdAt: time,
    expiresAt: time,
    usedAt: time.nullable(),
    state: z.enum(['new', 'used', 'expired', 'revoked']),
  })
  .meta({ id: 'PortToken' })
const newPortToken = z
  .strictObject({
    label: z.string().trim().max(80).default('').describe('what the machine is, for people'),
    mac: macAddress.optional().describe('the only source address that is accepted; without it, that of the first frame'),
    spoofing: z
      .boolean()
      .default(false)
      .describe(
        'MAC address spoofing is on at the port: several machines behind it, as behind a bridge, each with its own address',
      ),
    minutes: z.number().int().min(1).max(1_440).default(240).describe('the connection ends with the token'),
  })
  .meta({ id: 'NewPortToken' })
const onPort = labId.extend({ port: portName })

const list = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/ports',
  tags,
  security,
  middleware: reads,
  description: 'Every port of the lab: free, taken by a cable, or with a real machine, and what that sent and was sent.',
  request: { params: labId },
  responses: { 200: json(z.object({ ports: z.array(portState) }), 'The ports'), ...labProblems },
})

const addToken = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/ports/{port}/tokens',
  tags,
  security,
  middleware: [writes, jsonBody],
  description:
    'A token that lets one machine to this port, once, until it expires or is revoked. It is shown here and never again. A tool that names its session when it comes may come back with the same token and session.',
  request: { params: onPort, body: body(newPortToken) },
  responses: {
    201: json(portToken.extend({ token: z.string(), path: z.string() }).meta({ id: 'PortTokenWithSecret' }), 'Made'),
    ...labProblems,
    ...problems(413, 415, 429),
  },
})

const listTokens = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/port-tokens',
  tags,
  security,
  middleware: reads,
  description: 'Tokens without their secrets; those that are over for a day.',
  request: { params: labId },
  responses: { 200: json(z.object({ tokens: z.array(portToken) }), 'Tokens'), ...labProblems },
})

const revokeToken = createRoute({
  method: 'delete',
  path: '/v1/labs/{id}/port-tokens/{token}',
  tags,
  security,
  middleware: writes,
  description: 'Ends a token, and the connection that it opened.',
  request: { params: labId.extend({ token: z.string().max(64) }) },
  responses: { 204: { description: 'Revoked' }, ...labProblems },
})

const unplug = createRoute({
  method: 'post',
  path: '/v1/labs/{id}/ports/{port}/unplug',
  tags,
  security,
  middleware: writes,
  description: 'Cuts off the real machine at this port.',
  request: { params: onPort },
  responses: { 204: { description: 'Unplugged' }, ...labProblems },
})

const stateOf = ({ revokedAt, expiresAt, usedAt }: PortTokenRow, now: number): 'new' | 'used' | 'expired' | 'revoked' => {
  if (revokedAt !== null) return 'revoked'
  return expiresAt <= now ? 'expired' : usedAt === null ? 'new' : 'used'
}

const shown = (row: PortTokenRow, now = Date.now()) => ({
  id: row.id,
  port: row.port,
  label: row.label,
  mac: row.mac,
  spoofing: row.spoofing,
  createdBy: row.createdByName,
  createdAt: toTime(row.createdAt),
  expiresAt: toTime(row.expiresAt),
  usedAt: row.usedAt === null ? null : toTime(row.usedAt),
  state: stateOf(row, now),
})

export const portRoutes = newRoutes()
  .openapi(list, async (c) => {
    const ports = await callLab(c.env, c.get('lab'), (host) => host.ports())
    return c.json({ ports: [...ports] }, 200)
  })
  .openapi(addToken, async (c) => {
    const { port } = c.req.valid('param')
    const { label, mac = null, spoofing, minutes } = c.req.valid('json')
    const row = c.get('lab')
    const actor = c.get('actor')
    const known = (await callLab(c.env, row, (host) => host.ports())).find((one) => one.port === port)
    if (!known) throw new Problem(404, 'no-port', `There is no port ${port}.`, { field: 'port' })
    if (known.state === 'cable')
      throw new Problem(409, 'port-taken', `Port ${port} is taken by the cable ${known.link}.`, { field: 'port' })
    const token = randomToken('srp_')
    const now = Date.now()
    const made = {
      id: randomId(),
      tokenHash: await sha256(token),
      labId: row.id,
      port,
      label,
      mac,
      spoofing,
      createdBy: actor.id,
      createdByName: actor.name,
      createdAt: now,
      expiresAt: now + minutes * 60_000,
      usedAt: null,
      session: null,
      revokedAt: null,
    }
    if (!(await c.get('tenant').portTokens.insert(made, MOST_TOKENS, now - LISTED_MS))) {
      throw new Problem(429, 'too-many-tokens', `A lab has at most ${MOST_TOKENS} tokens at a time: revoke some.`)
    }
    const { organisationId } = row
    const path = `/v1/labs/${row.id}/ports/${port}/attach`
    return c.json({ ...shown({ ...made, organisationId }, now), token, path }, 201)
  })
  .openapi(listTokens, async (c) => {
    const tokens = await c.get('tenant').portTokens.list(c.get('lab').id)
    return c.json({ tokens: tokens.map((one) => shown(one)) }, 200)
  })
  .openapi(revokeToken, async (c) => {
    const { token } = c.req.valid('param')
    const row = c.get('lab')
    if (!(await c.get('tenant').portTokens.revoke(row.id, token, Date.now()))) {
      throw new Problem(404, 'not-found', 'There is no such token.')
    }
    await callLab(c.env, row, (host) => host.cutToken(token))
    return c.body(null, 204)
  })
  .openapi(unplug, async (c) => {
    const { port } = c.req.valid('param')
    const caller = c.get('caller')
    await callLab(c.env, c.get('lab'), (host) => host.unplug(port, caller))
    return c.body(null, 204)
  })
