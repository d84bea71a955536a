import type { Context } from 'hono'
import type { Refusal } from '../../durable/contract.ts'
import type { Plug } from '../../durable/ports/seat.ts'
import { ATTACH_PROTOCOL, portName } from '../../durable/protocol.ts'
import { accessTo, allows } from '../access/lab-access.ts'
import { suspended } from '../auth/allow.ts'
import { failed, refuseSlowed } from '../auth/throttle.ts'
import { sha256 } from '../auth/tokens.ts'
import { findMaker, findPortToken, releasePortToken, usePortToken } from '../db/accounts.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { AppEnv } from '../env.ts'
import { usableLab } from '../lab-life.ts'
import { callLab, upgradeLab } from '../lab-stub.ts'
import { createRoute, labId, labProblems, newRoutes, problems, z } from '../openapi.ts'
import { fromRefusal, Problem } from '../problem.ts'
import { asciiJson } from './socket.ts'

/** Subprotocols are all that a browser may add to an upgrade. */
const TOKEN = 'token.'
const SESSION = 'session.'

const attach = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/ports/{port}/attach',
  tags: ['ports'],
  security: [{ portToken: [] }],
  description: `Upgrades to a WebSocket on which one binary message is one Ethernet frame, without preamble and check sequence, both ways; the convention of v86 and websockproxy. The lab is in live time from then on. The token comes as \`Authorization: Bearer\`, as a subprotocol \`${TOKEN}srp_…\` beside \`${ATTACH_PROTOCOL}\`, or, for tools that can do neither, as \`?token=\`. It lets in once; a tool that names its session (\`x-attach-session\`, \`${SESSION}…\` or \`?session=\`, any secret of its own) may come back by it. Frames that are malformed or from an address that is not the machine's are dropped, counted and shown among the packets. More than 20,000 frames or 32 MiB a second wait, then the oldest are lost; after five seconds of it the connection is cut, and its close frame says so.`,
  request: {
    params: labId.extend({ port: portName }),
    query: z.strictObject({ token: z.string().max(200).optional(), session: z.string().max(200).optional() }),
    headers: z.object({ 'x-attach-session': z.string().max(200).optional() }),
  },
  responses: { 101: { description: 'Switched to the WebSocket' }, ...labProblems, ...problems(426, 429) },
})

const offered = (c: Context<AppEnv>) => (c.req.header('sec-websocket-protocol') ?? '').split(',').map((one) => one.trim())
const named = (offers: readonly string[], kind: string) => offers.find((one) => one.startsWith(kind))?.slice(kind.length)

const noEntry = (code: string, detail: string) => new Problem(401, code, detail, {}, { 'www-authenticate': 'Bearer' })

/** Why the lab let nobody in. */
async function refused(answer: Response): Promise<Problem> {
  const words = (await answer.json().catch(() => undefined)) as Refusal | undefined
  if (words?.ok === false) return fromRefusal(words)
  return new Problem(503, 'lab-unreachable', 'The lab did not open the socket.', {}, { 'retry-after': '1' })
}

export const attachRoutes = newRoutes().openapi(attach, async (c) => {
  const { id, port } = c.req.valid('param')
  const query = c.req.valid('query')
  const offers = offered(c)
  const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const secret = bearer ?? named(offers, TOKEN) ?? query.token
  if (!secret?.startsWith('srp_')) throw noEntry('no-token', 'Send a token for this port: `Authorization: Bearer srp_…`.')

  const db = openDatabase(c.env.DB)
  const now = Date.now()
  const tokenHash = await sha256(secret)
  await refuseSlowed(c, 'key')
  const found = await findPortToken(db, tokenHash)
  if (!found) {
    await failed(c, 'key')
    throw noEntry('unknown-token', 'There is no such token.')
  }
  const { token } = found
  if (found.suspendedAt !== null) throw suspended()
  if (token.labId !== id || token.port !== port) throw new Problem(403, 'foreign-token', 'This token is for another port.')
  if (token.revokedAt !== null) throw noEntry('revoked-token', 'This token was revoked.')
  if (token.expiresAt <= now) throw noEntry('expired-token', 'This token has expired.')
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Problem(426, 'websocket-only', 'Connect with a WebSocket.', {}, { upgrade: 'websocket', connection: 'Upgrade' })
  }
  // A token is as good as whoever has made it: they must still be able to work there.
  const works = async () => {
    const maker = await findMaker(db, token.organisationId, token.createdBy, token.labId)
    if (maker === undefined) return false
    const { role, holds, ...tie } = maker
    return allows(accessTo({ id: token.createdBy, role }, found.lab, { ...tie, holds: holds === 1 }), 'work')
  }
  if (!(await works())) throw noEntry('revoked-token', 'Whoever has made this token may not work in this lab any more.')
  const row = await usableLab(c.env, tenantDb(db, token.organisationId), found.lab)
  const name = c.req.header('x-attach-session') ?? named(offers, SESSION) ?? query.session
  const session = name === undefined || name === '' ? null : await sha256(name)
  // Claimed first, so that of two that come at once only one gets further.
  if (!(await usePortToken(db, tokenHash, session, now))) throw noEntry('used-token', 'This token has been used.')

  const plug: Plug = {
    port,
    token: token.id,
    label: token.label,
    mac: token.mac,
    spoofing: token.spoofing,
    expiresAt: token.expiresAt,
    session,
    caller: { personId: token.createdBy, name: token.createdByName, role: 'machine' },
  }
  let answer: Response | undefined
  try {
    answer = await upgradeLab(c.env, row, { upgrade: 'websocket', 'x-plug': asciiJson(plug) }, false)
  } finally {
    // It let nobody in; a token that had been used before stays used.
    if (!answer?.webSocket && token.usedAt === null) await releasePortToken(db, tokenHash)
  }
  if (answer.webSocket === null) throw await refused(answer)
  // Whoever lost their right meanwhile was looked for before the socket was there.
  const closeIfGone = async () => {
    if (!(await works())) await callLab(c.env, row, (host) => host.disconnect(token.createdBy))
  }
  c.executionCtx.waitUntil(closeIfGone())
  const protocol = offers.find((one) => one === ATTACH_PROTOCOL) ?? offers.find((one) => one !== '')
  return new Response(null, {
    status: 101,
    webSocket: answer.webSocket,
    headers: protocol === undefined ? {} : { 'sec-websocket-protocol': protocol },
  })
})
