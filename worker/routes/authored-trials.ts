import { allow } from '../auth/allow.ts'
import { findDraft } from '../authored/find.ts'
import { digestOf } from '../authored/texts.ts'
import { jsonBody } from '../body.ts'
import { createLab, destroyLab, sweepTombstones } from '../lab-life.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
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

export const authoredTrialRoutes = newRoutes().openapi(tryIt, async (c) => {
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
