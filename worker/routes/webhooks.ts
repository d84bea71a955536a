import type { Context } from 'hono'
import { audit } from '../audit.ts'
import { allow } from '../auth/allow.ts'
import { randomId, randomToken } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import type { DeliveryRow, WebhookRow } from '../db/tenant/webhooks.ts'
import type { AppEnv } from '../env.ts'
import { eventTypes } from '../grading/events.ts'
import { sendJob } from '../grading/tell-webhooks.ts'
import { enqueue } from '../jobs/queue-of.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, whole, z } from '../openapi.ts'
import { checkTarget } from '../outbound/outbound.ts'
import { Problem } from '../problem.ts'

// Addresses that are told of submissions and grades. Every message is signed; the log says what came of it.

const tags = ['webhooks']
const MOST = 20
/** The old secret signs as well for so long after a new one was made. */
const OVERLAP_MS = 24 * 3600_000
const teaches = allow('organisation:write', 'teacher')
const some = problems(400, 401, 403, 404)
const idOf = z.strictObject({ webhook: z.string().max(64) })
const events = z.array(z.enum(eventTypes)).min(1, 'Choose at least one event.').max(eventTypes.length)
const label = z.string().trim().min(1, 'Give it a name.').max(120)
const url = z.string().min(1).max(2_048)

const webhook = z
  .object({
    id: z.string(),
    label: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    paused: z.boolean(),
    createdBy: z.string(),
    createdAt: time,
    oldSecretUntil: time.nullable().describe('until then both secrets sign'),
  })
  .meta({ id: 'Webhook' })
const withSecret = webhook.extend({ secret: z.string().describe('shown here and never again') }).meta({ id: 'WebhookWithSecret' })
const delivery = z
  .object({
    id: z.string(),
    event: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.number(),
    status: z.number().nullable().describe('HTTP status of the last answer'),
    answer: z.string().describe('its beginning, or why there was none'),
    payload: z.string(),
    createdAt: time,
    triedAt: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })

const list = createRoute({
  method: 'get',
  path: '/v1/webhooks',
  tags,
  security,
  middleware: teaches,
  responses: { 200: json(z.object({ webhooks: z.array(webhook) }), 'Webhooks, without their secrets'), ...problems(401, 403) },
})
const add = createRoute({
  method: 'post',
  path: '/v1/webhooks',
  tags,
  security,
  middleware: [teaches, jsonBody],
  description:
    'Messages are POST requests with JSON. `Switchroom-Signature: t=TIME,v1=HEX` is the HMAC-SHA256 of `TIME.BODY` under the secret, TIME in seconds: refuse what is older than some minutes. `Switchroom-Delivery` names the message; the same may come again.',
  request: { body: body(z.strictObject({ label, url, events }).meta({ id: 'NewWebhook' })) },
  responses: { 201: json(withSecret, 'Made'), ...problems(400, 401, 403, 413, 415, 422, 429) },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/webhooks/{webhook}',
  tags,
  security,
  middleware: [teaches, jsonBody],
  request: {
    params: idOf,
    body: body(
      z
        .strictObject({ label: label.optional(), url: url.optional(), events: events.optional(), paused: z.boolean().optional() })
        .meta({ id: 'ChangeWebhook' }),
    ),
  },
  responses: { 200: json(webhook, 'Changed'), ...some, ...problems(413, 415, 422) },
})
const remove = createRoute({
  method: 'delete',
  path: '/v1/webhooks/{webhook}',
  tags,
  security,
  middleware: teaches,
  request: { params: idOf },
  responses: { 204: { description: 'Gone, with its log' }, ...some },
})
const rotate = createRoute({
  method: 'post',
  path: '/v1/webhooks/{webhook}/rotate',
  tags,
  security,
  middleware: teaches,
  description: 'Makes a new secret. For a day messages carry two signatures, one under each.',
  request: { params: idOf },
  responses: { 201: json(withSecret, 'The new secret'), ...some },
})
const deliveries = createRoute({
  method: 'get',
  path: '/v1/webhooks/{webhook}/deliveries',
  tags,
  security,
  middleware: teaches,
  description: 'The last messages with what came of them, the newest first; 200 are remembered.',
  request: { params: idOf, query: z.strictObject({ limit: whole(1, 200).default(50) }) },
  responses: { 200: json(z.object({ deliveries: z.array(delivery) }), 'Messages'), ...some },
})
const test = createRoute({
  method: 'post',
  path: '/v1/webhooks/{webhook}/test',
  tags,
  security,
  middleware: teaches,
  description: 'Sends a message of the type `ping`.',
  request: { params: idOf },
  responses: { 202: json(delivery, 'It is on its way; the log says what comes of it'), ...some, ...problems(429) },
})
const again = createRoute({
  method: 'post',
  path: '/v1/webhooks/{webhook}/deliveries/{delivery}/again',
  tags,
  security,
  middleware: teaches,
  description: 'Sends a message once more, as it was.',
  request: { params: idOf.extend({ delivery: z.string().max(200) }) },
  responses: { 202: json(delivery, 'It is on its way'), ...some, ...problems(429) },
})

const missing = () => new Problem(404, 'not-found', 'There is no such webhook.')

const toWebhook = (row: WebhookRow): z.infer<typeof webhook> => {
  const { id, label, url, events, paused, createdByName, createdAt, previousUntil } = row
  const until = previousUntil !== null && previousUntil > Date.now() ? toTime(previousUntil) : null
  return {
    id,
    label,
    url,
    events: [...events],
    paused,
    createdBy: createdByName,
    createdAt: toTime(createdAt),
    oldSecretUntil: until,
  }
}
const toDelivery = ({ webhookId: _, createdAt, triedAt, ...rest }: DeliveryRow): z.infer<typeof delivery> => ({
  ...rest,
  createdAt: toTime(createdAt),
  triedAt: triedAt === null ? null : toTime(triedAt),
})

function refuseInner(c: Context<AppEnv>, address: string): void {
  const target = checkTarget(c.env, address)
  if (!target.ok) throw new Problem(422, 'bad-address', target.message, { field: 'url' })
}

async function find(c: Context<AppEnv>, id: string): Promise<WebhookRow> {
  const found = await c.get('tenant').webhooks.find(id)
  if (found === undefined) throw missing()
  return found
}

async function send(c: Context<AppEnv>, row: WebhookRow, message: Pick<DeliveryRow, 'id' | 'event' | 'payload'>, again = '') {
  const { webhooks } = c.get('tenant')
  await webhooks.note({ ...message, webhookId: row.id, createdAt: Date.now() })
  await enqueue(c.env, c.get('actor'), sendJob(message.id, row.label, again))
  const noted = await webhooks.delivery(message.id)
  if (noted === undefined) throw missing()
  return toDelivery(noted.delivery)
}

export const webhookRoutes = newRoutes()
  .openapi(list, async (c) => c.json({ webhooks: (await c.get('tenant').webhooks.list()).map(toWebhook) }, 200))
  .openapi(add, async (c) => {
    const { label, url, events } = c.req.valid('json')
    const { webhooks } = c.get('tenant')
    const actor = c.get('actor')
    refuseInner(c, url)
    if ((await webhooks.list()).length >= MOST)
      throw new Problem(429, 'too-many', `An organisation has at most ${MOST} webhooks.`)
    const secret = randomToken('srw_')
    const row = { id: randomId(), label, url, events: [...new Set(events)], secret, paused: false, createdAt: Date.now() }
    await webhooks.insert({ ...row, previousSecret: null, previousUntil: null, createdBy: actor.id, createdByName: actor.name })
    await audit(c, 'webhook.added', { kind: 'webhook', id: row.id, name: label }, url)
    return c.json({ ...toWebhook(await find(c, row.id)), secret }, 201)
  })
  .openapi(change, async (c) => {
    const set = c.req.valid('json')
    const { id } = await find(c, c.req.valid('param').webhook)
    if (set.url !== undefined) refuseInner(c, set.url)
    const changed = Object.keys(set).length === 0 ? await find(c, id) : await c.get('tenant').webhooks.update(id, set)
    if (changed === undefined) throw missing()
    await audit(c, 'webhook.changed', { kind: 'webhook', id, name: changed.label })
    return c.json(toWebhook(changed), 200)
  })
  .openapi(remove, async (c) => {
    const { id, label } = await find(c, c.req.valid('param').webhook)
    await c.get('tenant').webhooks.remove(id)
    await audit(c, 'webhook.removed', { kind: 'webhook', id, name: label })
    return c.body(null, 204)
  })
  .openapi(rotate, async (c) => {
    const { id, secret: previousSecret, label } = await find(c, c.req.valid('param').webhook)
    const secret = randomToken('srw_')
    const changed = await c.get('tenant').webhooks.update(id, { secret, previousSecret, previousUntil: Date.now() + OVERLAP_MS })
    if (changed === undefined) throw missing()
    await audit(c, 'webhook.rotated', { kind: 'webhook', id, name: label })
    return c.json({ ...toWebhook(changed), secret }, 201)
  })
  .openapi(deliveries, async (c) => {
    const { id } = await find(c, c.req.valid('param').webhook)
    const all = await c.get('tenant').webhooks.deliveries(id, { limit: c.req.valid('query').limit })
    return c.json({ deliveries: all.map(toDelivery) }, 200)
  })
  .openapi(test, async (c) => {
    const row = await find(c, c.req.valid('param').webhook)
    const id = `ping.${randomId()}`
    const payload = JSON.stringify({ type: 'ping', id, createdAt: toTime(Date.now()), data: { webhook: row.label } })
    return c.json(await send(c, row, { id: `${id}.${row.id}`, event: 'ping', payload }), 202)
  })
  .openapi(again, async (c) => {
    const { webhook, delivery: id } = c.req.valid('param')
    const row = await find(c, webhook)
    const found = await c.get('tenant').webhooks.delivery(id)
    if (found === undefined || found.webhook.id !== row.id) throw new Problem(404, 'not-found', 'There is no such message.')
    const copy = `${id.split('~')[0]}~${randomId().slice(0, 6)}`
    return c.json(await send(c, row, { id: copy, event: found.delivery.event, payload: found.delivery.payload }), 202)
  })
