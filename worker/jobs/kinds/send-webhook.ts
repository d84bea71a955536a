import { GiveUp, type Kind } from '../../../durable/jobs/kind.ts'
import { openDatabase } from '../../db/database.ts'
import { tenantDb } from '../../db/tenant/index.ts'
import type { Env } from '../../env.ts'
import { callOut } from '../../outbound/outbound.ts'
import { SIGNATURE_HEADER, sign } from '../../outbound/signature.ts'

const EXCERPT = 500

/** Sends one message to one webhook: 2xx is received, 410 and what is forbidden is given up, everything else is tried again. */
export const sendWebhook: Kind<Env> = {
  name: 'send-webhook',
  lane: 'outbound',
  // Over some nine hours: 10 s, 1 min, 6 min, 36 min, 3 h, 5 h.
  attempts: 7,
  wait: 10_000,
  factor: 6,
  longest: 5 * 3600_000,
  async run(env, { owner, payload, attempt, last }) {
    const { delivery: id } = payload as { delivery: string }
    const { webhooks } = tenantDb(openDatabase(env.DB), owner.organisationId)
    const found = await webhooks.delivery(id)
    if (found === undefined) throw new GiveUp('The webhook was deleted.')
    const { delivery, webhook } = found
    if (delivery.state === 'delivered') return { status: delivery.status }
    const triedAt = Date.now()
    const previous = webhook.previousSecret !== null && (webhook.previousUntil ?? 0) > triedAt ? [webhook.previousSecret] : []
    const outcome = await callOut(env, webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Switchroom-Webhook/1',
        'switchroom-event': delivery.event,
        'switchroom-delivery': id,
        [SIGNATURE_HEADER]: await sign([webhook.secret, ...previous], Math.floor(triedAt / 1000), delivery.payload),
      },
      body: delivery.payload,
      mostBytes: EXCERPT * 4,
    })
    const status = outcome.ok ? outcome.status : null
    const answer = (outcome.ok ? outcome.text : outcome.message).slice(0, EXCERPT)
    const delivered = status !== null && status >= 200 && status < 300
    const final = status === 410 || (!outcome.ok && outcome.why === 'refused')
    const state = delivered ? 'delivered' : last || final ? 'failed' : 'waiting'
    await webhooks.tried(id, webhook.id, { state, attempts: delivery.attempts + 1, status, answer, triedAt })
    if (delivered) return { status }
    const why = status === null ? answer : `It answered ${status}.`
    throw final ? new GiveUp(why) : new Error(`Attempt ${attempt}: ${why}`)
  },
}
