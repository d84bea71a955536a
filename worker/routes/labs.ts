import { LIMITS } from '../../durable/protocol.ts'
import { catalogue } from '../../labs/index.ts'
import { type Actor, atLeast } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { fileBody, jsonBody } from '../body.ts'
import type { LabRow } from '../db/tenant/labs.ts'
import { createLab, destroyLab, sweepTombstones } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { body, bytes, createRoute, json, labId, labProblems, newRoutes, problems, security, whole, z } from '../openapi.ts'
import { Problem, tooLarge } from '../problem.ts'
import { lab, labDetails, newLab, toDetails, toLab } from '../schemas.ts'

const tags = ['labs']

/** Students end what they made; those who teach, any lab; a key, whatever its scope allows. */
const mayDelete = (actor: Actor, row: LabRow) =>
  actor.role === null || atLeast(actor.role, 'assistant') || row.createdBy === actor.id

const list = createRoute({
  method: 'get',
  path: '/v1/labs',
  tags,
  security,
  middleware: allow('labs:read'),
  description: 'The labs of the organisation, newest first; for students those that they made or have opened.',
  request: {
    query: z.strictObject({
      limit: whole(1, 200).default(100),
      before: z
        .string()
        .regex(/^\d+\.[a-z0-9]+$/)
        .optional()
        .meta({ description: '`next` of the page before' }),
    }),
  },
  responses: { 200: json(z.object({ labs: z.array(lab), next: z.string().nullable() }), 'Labs'), ...problems(400, 401, 403) },
})

const create = createRoute({
  method: 'post',
  path: '/v1/labs',
  tags,
  security,
  middleware: [allow('labs:write', 'student'), jsonBody],
  request: { body: body(newLab) },
  responses: { 201: json(labDetails, 'Created'), ...problems(400, 401, 403, 413, 415, 422, 429, 503) },
})

const importLab = createRoute({
  method: 'post',
  path: '/v1/labs/import',
  tags,
  security,
  middleware: [allow('labs:write', 'student'), fileBody],
  description: 'Makes a new lab out of a file that `export` gave. The body is the file.',
  request: { body: { content: { 'application/octet-stream': { schema: z.string().meta({ format: 'binary' }) } } } },
  responses: { 201: json(labDetails, 'Created'), ...problems(400, 401, 403, 413, 422, 429, 503) },
})

const read = createRoute({
  method: 'get',
  path: '/v1/labs/{id}',
  tags,
  security,
  middleware: openLab('labs:read'),
  request: { params: labId },
  responses: { 200: json(labDetails, 'The lab'), ...labProblems },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/labs/{id}',
  tags,
  security,
  middleware: openLab('labs:write', 'student'),
  request: { params: labId },
  responses: { 204: { description: 'Deleted' }, ...labProblems },
})

const exportLab = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/export',
  tags,
  security,
  middleware: openLab('labs:read', 'observer', { evenSuspended: true }),
  request: { params: labId },
  responses: { 200: bytes('application/octet-stream', 'The whole lab as one file'), ...labProblems },
})

export const labRoutes = newRoutes()
  .openapi(list, async (c) => {
    const { limit, before } = c.req.valid('query')
    const [createdAt = '', id = ''] = before?.split('.') ?? []
    const actor = c.get('actor')
    const rows = await c.get('tenant').labs.list({
      limit: limit + 1,
      before: before === undefined ? undefined : { createdAt: Number(createdAt), id },
      personId: actor.role === 'student' ? actor.id : undefined,
    })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const next = rows.length > limit && last ? `${last.createdAt}.${last.id}` : null
    return c.json({ labs: page.map(toLab), next }, 200)
  })
  .openapi(create, async (c) => {
    const { catalogue: slug, definition, brief = '', seed: wished } = c.req.valid('json')
    const seed = wished ?? crypto.getRandomValues(new Uint32Array(1))[0]
    const entry = catalogue.find((one) => one.slug === slug)
    if (slug !== undefined && entry === undefined) {
      throw new Problem(422, 'unknown-catalogue-lab', 'The catalogue has no such lab.', { field: 'catalogue' })
    }
    const yaml = definition ?? ''
    if (new TextEncoder().encode(yaml).length > LIMITS.definition) throw tooLarge(LIMITS.definition, 'definition')
    const tenant = c.get('tenant')
    const { row, summary } = await createLab(c.env, tenant, c.get('actor'), {
      input: entry ? { from: 'catalogue', slug: entry.slug, seed } : { from: 'definition', yaml, brief, seed },
      slug: entry?.slug ?? null,
      title: entry?.title ?? '',
      seed,
    })
    c.executionCtx.waitUntil(sweepTombstones(c.env, tenant))
    return c.json(toDetails(row, summary), 201, { location: `/v1/labs/${row.id}` })
  })
  .openapi(importLab, async (c) => {
    const file = new Uint8Array(await c.req.arrayBuffer())
    if (file.length === 0) throw new Problem(400, 'invalid-request', 'Send the file as the body.', { field: 'body' })
    const wish = { input: { from: 'export', file }, slug: null, title: '', seed: 0 } as const
    const { row, summary } = await createLab(c.env, c.get('tenant'), c.get('actor'), wish)
    return c.json(toDetails(row, summary), 201, { location: `/v1/labs/${row.id}` })
  })
  .openapi(read, async (c) => {
    const row = c.get('lab')
    return c.json(toDetails(row, await callLab(c.env, row, (host) => host.summary())), 200)
  })
  .openapi(remove, async (c) => {
    const row = c.get('lab')
    if (!mayDelete(c.get('actor'), row)) {
      throw new Problem(403, 'not-allowed', 'Only who made the lab, or who teaches here, may delete it.')
    }
    // Copies, submissions and stored states are what assignments and grades rest on; they end with those.
    if (row.kind === 'copy' || row.kind === 'submission' || row.kind === 'template')
      throw new Problem(409, 'of-assignment', 'This lab belongs to an assignment, and is not deleted by itself.')
    await destroyLab(c.env, c.get('tenant'), row)
    c.executionCtx.waitUntil(sweepTombstones(c.env, c.get('tenant')))
    return c.body(null, 204)
  })
  .openapi(exportLab, async (c) => {
    const row = c.get('lab')
    const file = await callLab(c.env, row, (host) => host.export())
    const name = `${row.slug ?? 'lab'}-${row.id}.switchroom`
    return c.body(file as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
    })
  })
