import type { Kind } from '../../../durable/jobs/kind.ts'
import { rest } from '../../../durable/jobs/rest.ts'
import { proofJob, proveMore } from '../../courses/prove.ts'
import { openDatabase } from '../../db/database.ts'
import { tenantDb } from '../../db/tenant/index.ts'
import type { Env } from '../../env.ts'

/** Times that one task goes on; the rest is another job, in another invocation, so that others get their turn. */
const SLICES = 20
const PAUSE_MS = 500
/** Of a rest after each seed. */
const TICKS = 5

type Payload = { assignment: string; run: string }

/** Solves the variants of an assignment by the lab's own solution; how far it is, and what was found, is in its proof. */
export const solveVariants: Kind<Env> = {
  name: 'solve-variants',
  lane: 'labs',
  attempts: 5,
  wait: 5_000,
  factor: 4,
  longest: 5 * 60_000,
  async run(env, { owner, payload, enqueue }) {
    const { assignment, run } = payload as Payload
    const tenant = tenantDb(openDatabase(env.DB), owner.organisationId)
    for (let slice = 1; ; slice++) {
      const proof = await proveMore(env, tenant, owner, assignment, run, () => rest(TICKS))
      if (proof === undefined) return null
      const { state, tried, proved, of } = proof
      if (state === 'running' && slice < SLICES) continue
      if (state === 'running') enqueue(proofJob(assignment, run, tried, Date.now() + PAUSE_MS))
      return { state, tried, proved, of }
    }
  },
  async gaveUp(env, { owner, payload }, why) {
    const { assignment, run } = payload as Payload
    await tenantDb(openDatabase(env.DB), owner.organisationId).proofs.fail(assignment, run, why, Date.now())
  },
}
