import { allow } from '../auth/allow.ts'
import { findDraft } from '../authored/find.ts'
import { digestOf } from '../authored/texts.ts'
import { jsonBody } from '../body.ts'
import { createLab, destroyLab, sweepTombstones } from '../lab-life.ts'
import { callLab, newObjectId } from '../lab-stub.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
import { Problem } from '../problem.ts'
import { labDetails, seed, toDetails } from '../schemas.ts'

const tryIt = createRoute({
  method: 'post',
  path: '/v1/authored-labs/{id}/try',
  tags: ['authoring'],
  security,
  middleware: [allow('courses:write', 'teacher'), jsonBody],
  description:
    'Builds a lab of the draft, in which whoever asks for it is a student. The one that the same person tried before is gone then. A draft that cannot be built is refused with line and field.',
  request: {
    params: z.strictObject({ id: z.string().max(64) }),
    body: body(z.strictObject({ seed: seed.optional() }).meta({ id: 'TryDraft' })),
  },
  responses: { 201: json(labDetails, 'Built'), ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503) },
})

const solved = z
  .object({
    seed: z.number(),
    outcome: z
      .enum(['solved', 'unsolved', 'solved-at-start', 'wrong'])
      .describe('wrong: the definition or the script does not fit, or a line did not print what the script says'),
    points: z.number(),
    of: z.number(),
    missed: z.array(z.string()).describe('checks without all their points, and what is wrong, a sentence each'),
  })
  .meta({ id: 'SolvedDraft' })

const solve = createRoute({
  method: 'post',
  path: '/v1/authored-labs/{id}/solve',
  tags: ['authoring'],
  security,
  middleware: [allow('courses:write', 'teacher'), jsonBody],
  description: 'Builds a lab of the draft that is not kept, types a solution of the draft into it, and grades it.',
  request: {
    params: z.strictObject({ id: z.string().max(64) }),
    body: body(z.strictObject({ solution: z.string().max(64), seed: seed.default(1) }).meta({ id: 'SolveDraft' })),
  },
  responses: { 200: json(solved, 'How it went'), ...problems(400, 401, 403, 404, 413, 415, 503) },
})

export const authoredTrialRoutes = newRoutes()
  .openapi(solve, async (c) => {
    const { solution, seed } = c.req.valid('json')
    const { draft } = await findDraft(c.get('tenant'), c.req.valid('param').id)
    const found = draft.solutions.find(({ name }) => name === solution)
    if (!found) throw new Problem(404, 'not-found', 'The draft has no such solution.', { field: 'solution' })
    // An object that holds nothing, before and after.
    const { jurisdiction } = c.get('actor')
    const nobodys = { objectId: newObjectId(c.env, jurisdiction), jurisdiction }
    const input = { yaml: draft.definition, script: found.text, seed }
    const { outcome, points, of, missed } = await callLab(c.env, nobodys, (host) => host.solve(input))
    return c.json({ seed, outcome, points, of, missed: missed.slice(0, 50) }, 200)
  })
  .openapi(tryIt, async (c) => {
    const { id } = c.req.valid('param')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const { lab, draft } = await findDraft(tenant, id)
    const seed = c.req.valid('json').seed ?? crypto.getRandomValues(new Uint32Array(1))[0]
    const before = await tenant.authored.trialOf(id, actor.id)
    const { definition, brief } = draft
    const { row, summary } = await createLab(c.env, tenant, actor, {
      input: { from: 'definition', yaml: definition, brief, seed },
      ...{ slug: null, kind: 'trial', title: lab.title, seed },
    })
    await tenant.authored.setTrial({
      ...{ labId: id, actorId: actor.id, trialId: row.id, sha256: await digestOf(draft), createdAt: Date.now() },
    })
    const old = before && (await tenant.labs.find(before.trialId))
    if (old && old.kind === 'trial' && old.state !== 'tombstone') c.executionCtx.waitUntil(destroyLab(c.env, tenant, old))
    c.executionCtx.waitUntil(sweepTombstones(c.env, tenant))
    return c.json(toDetails(row, summary), 201, { location: `/v1/labs/${row.id}` })
  })
