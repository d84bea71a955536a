import { SUBPROTOCOL } from '../../durable/protocol.ts'
import { accessTo } from '../access/lab-access.ts'
import { findCaller } from '../auth/allow.ts'
import { closeSockets } from '../close-sockets.ts'
import { upgradeLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { createRoute, labId, labProblems, newRoutes, problems, security } from '../openapi.ts'
import { noSuchLab, Problem } from '../problem.ts'
import { limitLive } from '../quotas/live-time.ts'

/** Headers carry bytes, and names are in any script. */
export const asciiJson = (value: unknown) =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const offers = (header: string | undefined) => (header ?? '').split(',').map((one) => one.trim())

/** The lab may have no room. Its words are plain text, because browsers show nothing of a refused upgrade anyway. */
async function refused(answer: Response): Promise<Problem> {
  const words = (await answer.text()).slice(0, 200)
  if (answer.status === 404) return noSuchLab()
  if (answer.status === 429) return new Problem(429, 'too-many', words, {}, { 'retry-after': '10' })
  return new Problem(503, 'lab-unreachable', 'The lab did not open the socket.', {}, { 'retry-after': '1' })
}

const socket = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/socket',
  tags: ['socket'],
  security,
  middleware: openLab('labs:read'),
  description: `A WebSocket with the subprotocol \`${SUBPROTOCOL}\`: console input and output, topology and packets as they happen.`,
  request: { params: labId },
  responses: { 101: { description: 'Switched to the WebSocket' }, ...labProblems, ...problems(426, 429) },
})

export const socketRoutes = newRoutes().openapi(socket, async (c) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw new Problem(426, 'websocket-only', 'Connect with a WebSocket.', {}, { upgrade: 'websocket', connection: 'Upgrade' })
  }
  if (!offers(c.req.header('sec-websocket-protocol')).includes(SUBPROTOCOL)) {
    throw new Problem(400, 'unknown-subprotocol', `Offer the subprotocol ${SUBPROTOCOL}.`, { field: 'sec-websocket-protocol' })
  }
  const row = c.get('lab')
  const actor = c.get('actor')
  const tenant = c.get('tenant')
  await tenant.labs.opened(row.id, actor, Date.now())

  // Only these headers reach the lab: neither the cookie nor what a client may have written into `x-caller`.
  const caller = c.get('caller')
  const answer = await upgradeLab(c.env, row, {
    upgrade: 'websocket',
    'sec-websocket-protocol': SUBPROTOCOL,
    'x-caller': asciiJson(caller),
  })
  if (answer.webSocket === null) throw await refused(answer)
  // Whoever was signed out in the meantime, or whose link was ended, was looked for before the socket was there.
  const closeIfGone = async () => {
    const now = await findCaller(c, row.id)
    const gone = now?.lab == null || accessTo(now.actor, now.lab, now.tie) === 'none'
    if (gone) await closeSockets(c.env, tenant, actor.id)
  }
  c.executionCtx.waitUntil(closeIfGone())
  c.executionCtx.waitUntil(limitLive(c.env, tenant, row))
  // The headers of an answer from an object cannot be changed, so this is a new one around the same socket.
  return new Response(null, { status: 101, webSocket: answer.webSocket, headers: { 'sec-websocket-protocol': SUBPROTOCOL } })
})
