import { examine } from '../../durable/definition/examine.ts'
import { catalogue } from '../../labs/index.ts'
import { solutions } from '../../labs/solutions.ts'
import { type Actor, atLeast } from '../auth/actor.ts'
import { allow } from '../auth/allow.ts'
import { randomId } from '../auth/tokens.ts'
import { blankLab } from '../authored/blank.ts'
import { detailsOf, findDraft, findLab, teacherWrites } from '../authored/find.ts'
import {
  authoredLab,
  authoredLabDetails,
  draftChange,
  examination,
  newAuthoredLab,
  textsToExamine,
  toAuthored,
} from '../authored/schemas.ts'
import { headlineOf, refuseLarge, retitled, sameTexts } from '../authored/texts.ts'
import { jsonBody } from '../body.ts'
import type { LabTexts } from '../db/tenant/authored.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { body, createRoute, json, newRoutes, problems, security, time, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// Labs that an organisation writes itself. Teachers and owners write them, also each other's; assistants read.

const tags = ['authoring']
const MOST = 500
const reads = allow('courses:read', 'assistant')
const idOf = z.strictObject({ id: z.string().max(64) })

const list = createRoute({
  method: 'get',
  path: '/v1/authored-labs',
  tags,
  security,
  middleware: reads,
  description: 'The labs that the organisation has written, the last changed first, without their texts.',
  request: {
    query: z.strictObject({
      published: z.enum(['1']).optional().describe('only those that an assignment can pick'),
      deleted: z.enum(['1']).optional().describe('those of which only versions are left'),
    }),
  },
  responses: { 200: json(z.object({ labs: z.array(authoredLab) }), 'Labs'), ...problems(400, 401, 403) },
})

const create = createRoute({
  method: 'post',
  path: '/v1/authored-labs',
  tags,
  security,
  middleware: teacherWrites,
  description: 'Duplicates a lab of the catalogue or an authored one, or begins a new one.',
  request: { body: body(newAuthoredLab) },
  responses: { 201: json(authoredLabDetails, 'Made'), ...problems(400, 401, 403, 404, 413, 415, 422, 429) },
})

const validate = createRoute({
  method: 'post',
  path: '/v1/authored-labs/validate',
  tags,
  security,
  middleware: [reads, jsonBody],
  description: 'What is wrong with the texts of a lab, with line and field, and what is in it. Nothing is stored.',
  request: { body: body(textsToExamine) },
  responses: { 200: json(examination, 'Faults; none: it can be published'), ...problems(400, 401, 403, 413, 415) },
})

const read = createRoute({
  method: 'get',
  path: '/v1/authored-labs/{id}',
  tags,
  security,
  middleware: reads,
  request: { params: idOf },
  responses: { 200: json(authoredLabDetails, 'The draft with its texts, and all versions'), ...problems(400, 401, 403, 404) },
})

const save = createRoute({
  method: 'patch',
  path: '/v1/authored-labs/{id}/draft',
  tags,
  security,
  middleware: teacherWrites,
  description:
    'Saves the draft, however wrong it is. `revision` is the one that was read: when somebody else has saved in the meantime, this answers 409 `draft-changed` and changes nothing. The same texts once more are no change.',
  request: { params: idOf, body: body(draftChange) },
  responses: {
    200: json(z.object({ revision: z.number(), savedAt: time, title: z.string() }).meta({ id: 'DraftSaved' }), 'Saved'),
    ...problems(400, 401, 403, 404, 409, 413, 415),
  },
})

const remove = createRoute({
  method: 'delete',
  path: '/v1/authored-labs/{id}',
  tags,
  security,
  middleware: allow('courses:write', 'teacher'),
  description:
    'Deletes the draft. Versions that were published stay as they are. Only for its owner and owners of the organisation.',
  request: { params: idOf },
  responses: { 204: { description: 'Deleted' }, ...problems(400, 401, 403, 404) },
})

type Source = { readonly texts: LabTexts; readonly origin: string | null }

async function sourceOf(tenant: TenantDb, wish: z.infer<typeof newAuthoredLab>): Promise<Source> {
  if (wish.catalogue !== undefined) {
    const entry = catalogue.find(({ slug }) => slug === wish.catalogue)
    if (!entry) throw new Problem(422, 'unknown-catalogue-lab', 'The catalogue has no such lab.', { field: 'catalogue' })
    const own = solutions[entry.slug]
    const scripts = own === undefined ? [] : [{ name: 'solution', text: own }]
    return { texts: { definition: entry.yaml, brief: entry.brief, solutions: scripts }, origin: entry.title }
  }
  if (wish.lab === undefined) return { texts: blankLab, origin: null }
  const { lab, draft } = await findLab(tenant, wish.lab)
  if (wish.version === undefined) {
    if (draft === null) throw new Problem(404, 'not-found', 'This lab has no draft any more. Name one of its versions.')
    return { texts: draft, origin: lab.title }
  }
  const version = await tenant.authored.versionOf(lab.id, wish.version)
  if (!version) throw new Problem(404, 'not-found', 'There is no such version.', { field: 'version' })
  return { texts: version, origin: `${version.title}, version ${version.number}` }
}

const mayDelete = (actor: Actor, ownerId: string) => actor.role === null || atLeast(actor.role, 'owner') || actor.id === ownerId

export const authoredLabRoutes = newRoutes()
  .openapi(list, async (c) => {
    const { published, deleted } = c.req.valid('query')
    const { authored } = c.get('tenant')
    const states = deleted
      ? (['deleted'] as const)
      : published
        ? (['published'] as const)
        : (['draft', 'published', 'withdrawn'] as const)
    const [rows, versions] = await Promise.all([authored.list(states, MOST), authored.latest()])
    const latest = new Map(versions.map((one) => [one.labId, one]))
    return c.json({ labs: rows.map(({ lab, revision }) => toAuthored(lab, revision, latest.get(lab.id))) }, 200)
  })
  .openapi(create, async (c) => {
    const wish = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    if ((await tenant.authored.count()) >= MOST)
      throw new Problem(
        429,
        'too-many-labs',
        `The organisation has written ${MOST} labs, which is as many as it may. Delete some.`,
      )
    const { texts, origin } = await sourceOf(tenant, wish)
    const title = wish.title ?? (origin === null ? undefined : `Copy of ${headlineOf(texts.definition).title}`.slice(0, 100))
    const definition = title === undefined ? texts.definition : retitled(texts.definition, title)
    const now = Date.now()
    const id = randomId()
    const [owner, savedBy] = [
      { ownerId: actor.id, ownerName: actor.name },
      { savedBy: actor.id, savedByName: actor.name, savedAt: now },
    ]
    const row = { id, ...headlineOf(definition), ...owner, state: 'draft' as const, origin, createdAt: now, updatedAt: now }
    await tenant.authored.insert(row, { definition, brief: texts.brief, solutions: texts.solutions, ...savedBy })
    return c.json(await detailsOf(tenant, actor, id), 201, { location: `/v1/authored-labs/${id}` })
  })
  .openapi(validate, (c) => {
    const { seed, ...texts } = c.req.valid('json')
    refuseLarge(texts)
    const { faults, lab } = examine(texts, seed)
    const told = faults.map(({ file, line, path, reason }) => ({ file, line, field: path, reason }))
    return c.json(
      {
        faults: told,
        lab: lab && { ...lab, machines: [...lab.machines], checks: [...lab.checks], values: [...lab.values] },
      },
      200,
    )
  })
  .openapi(read, async (c) => c.json(await detailsOf(c.get('tenant'), c.get('actor'), c.req.valid('param').id), 200))
  .openapi(save, async (c) => {
    const { revision, ...change } = c.req.valid('json')
    const { id } = c.req.valid('param')
    refuseLarge(change)
    const { authored } = c.get('tenant')
    const { lab, draft } = await findDraft(c.get('tenant'), id)
    const actor = c.get('actor')
    const texts: LabTexts = {
      definition: change.definition ?? draft.definition,
      brief: change.brief ?? draft.brief,
      solutions: change.solutions ?? draft.solutions,
    }
    // Also what a client sends again because the answer was lost.
    if (sameTexts(texts, draft))
      return c.json({ revision: draft.revision, savedAt: toTime(draft.savedAt), title: lab.title }, 200)
    const savedAt = Date.now()
    const headline = headlineOf(texts.definition, lab)
    const saved =
      draft.revision === revision &&
      (await authored.saveDraft(id, revision, { ...texts, savedBy: actor.id, savedByName: actor.name, savedAt }, headline))
    if (!saved) {
      const now = (await authored.find(id))?.draft
      const who = now ? `${now.savedByName} saved this draft` : 'Somebody deleted this draft'
      throw new Problem(409, 'draft-changed', `${who} after you had read it. Nothing was changed.`, { field: 'revision' })
    }
    return c.json({ revision: revision + 1, savedAt: toTime(savedAt), title: headline.title }, 200)
  })
  .openapi(remove, async (c) => {
    const tenant = c.get('tenant')
    const { lab } = await findDraft(tenant, c.req.valid('param').id)
    if (!mayDelete(c.get('actor'), lab.ownerId))
      throw new Problem(
        403,
        'not-allowed',
        `Only ${lab.ownerName}, whose lab it is, or an owner of the organisation may delete it.`,
      )
    await tenant.authored.remove(lab.id, Date.now())
    return c.body(null, 204)
  })
