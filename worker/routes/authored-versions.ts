import { examine } from '../../durable/definition/examine.ts'
import { allow } from '../auth/allow.ts'
import { randomId } from '../auth/tokens.ts'
import { diffTexts } from '../authored/diff.ts'
import { detailsOf, findDraft, findLab, teacherWrites } from '../authored/find.ts'
import { authoredLabDetails, authoredVersion, revision, textDiff, toVersion, versionTexts } from '../authored/schemas.ts'
import { digestOf, headlineOf } from '../authored/texts.ts'
import type { LabTexts } from '../db/tenant/authored.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { body, createRoute, json, newRoutes, problems, security, whole, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// What was published stays as it was for ever; drafts come and go.

const tags = ['authoring']
const MOST_VERSIONS = 500
const reads = allow('courses:read', 'assistant')
const writes = allow('courses:write', 'teacher')
const idOf = z.strictObject({ id: z.string().max(64) })
const number = whole(1, 100_000)
const readProblems = problems(400, 401, 403, 404)

const publish = createRoute({
  method: 'post',
  path: '/v1/authored-labs/{id}/publish',
  tags,
  security,
  middleware: teacherWrites,
  description:
    'Makes a version of the draft that never changes again and that assignments can pick. A draft with faults is refused with all of them. A draft that is the newest version already gives that version, which can be picked again if it was withdrawn.',
  request: {
    params: idOf,
    body: body(z.strictObject({ revision, note: z.string().trim().max(500).default('') }).meta({ id: 'Publish' })),
  },
  responses: {
    200: json(authoredVersion, 'It is the newest version already'),
    201: json(authoredVersion, 'Published'),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422),
  },
})

const withdraw = createRoute({
  method: 'post',
  path: '/v1/authored-labs/{id}/withdraw',
  tags,
  security,
  middleware: writes,
  description: 'From now on no assignment can pick it. Assignments and labs made of it go on.',
  request: { params: idOf },
  responses: { 200: json(authoredLabDetails, 'Withdrawn'), ...readProblems, ...problems(409) },
})

const restore = createRoute({
  method: 'post',
  path: '/v1/authored-labs/{id}/restore',
  tags,
  security,
  middleware: teacherWrites,
  description: 'Puts the texts of a version into the draft, also of a lab whose draft was deleted.',
  request: {
    params: idOf,
    body: body(
      z
        .strictObject({
          version: z.int().min(1),
          revision: revision.nullable().meta({ description: 'of the draft that is replaced; null: there is none' }),
        })
        .meta({ id: 'RestoreVersion' }),
    ),
  },
  responses: { 200: json(authoredLabDetails, 'The draft as it is now'), ...readProblems, ...problems(409, 413, 415) },
})

const versions = createRoute({
  method: 'get',
  path: '/v1/authored-labs/{id}/versions',
  tags,
  security,
  middleware: reads,
  request: { params: idOf },
  responses: { 200: json(z.object({ versions: z.array(authoredVersion) }), 'The newest first'), ...readProblems },
})

const version = createRoute({
  method: 'get',
  path: '/v1/authored-labs/{id}/versions/{number}',
  tags,
  security,
  middleware: reads,
  description: 'One version with its texts; also when the draft is gone.',
  request: { params: idOf.extend({ number }) },
  responses: { 200: json(versionTexts, 'The version'), ...readProblems },
})

const diff = createRoute({
  method: 'get',
  path: '/v1/authored-labs/{id}/diff',
  tags,
  security,
  middleware: reads,
  description: 'What changed from one version to another, or to the draft.',
  request: {
    params: idOf,
    query: z.strictObject({ from: number, to: number.optional().describe('default: the draft') }),
  },
  responses: { 200: json(textDiff, 'Changed files, by line'), ...readProblems },
})

const changed = () =>
  new Problem(409, 'draft-changed', 'The draft is not the one that you have read. Nothing was changed.', { field: 'revision' })

async function textsOf(
  tenant: TenantDb,
  id: string,
  wanted: number,
  field: string,
): Promise<LabTexts & { title: string; summary: string }> {
  const found = await tenant.authored.versionOf(id, wanted)
  if (found === undefined) throw new Problem(404, 'not-found', `There is no version ${wanted}.`, { field })
  return found
}

/** All faults, for programs and people; the first one in the sentence. */
function refuseFaults(texts: LabTexts): void {
  const { faults } = examine(texts, 0)
  const [first] = faults
  if (first === undefined) return
  const place = first.file === 'definition' ? 'line' : `${first.file}, line`
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`
  const detail = `The draft cannot be published: ${place} ${first.line}: ${first.path || 'the file'} ${first.reason}${more}`
  const errors = faults.map(({ file, line, path, reason }) => ({ in: file, path, line, message: reason }))
  throw new Problem(422, 'bad-definition', detail, { field: first.path || first.file, line: first.line, errors })
}

export const authoredVersionRoutes = newRoutes()
  .openapi(publish, async (c) => {
    const { id } = c.req.valid('param')
    const { revision: read, note } = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const { lab, draft } = await findDraft(tenant, id)
    if (draft.revision !== read) throw changed()
    refuseFaults(draft)
    const sha256 = await digestOf(draft)
    const [newest] = await tenant.authored.versions(id)
    const now = Date.now()
    if (newest?.sha256 === sha256) {
      if (lab.state !== 'published') await tenant.authored.setState(id, 'published', now)
      return c.json(toVersion(newest), 200)
    }
    if (newest !== undefined && newest.number >= MOST_VERSIONS)
      throw new Problem(409, 'too-many-versions', `A lab has ${MOST_VERSIONS} versions at most. Duplicate it and go on there.`)
    const row = {
      ...{ id: randomId(), labId: id, number: (newest?.number ?? 0) + 1, ...headlineOf(draft.definition, lab) },
      ...{ definition: draft.definition, brief: draft.brief, solutions: draft.solutions, sha256, note },
      ...{ publishedBy: actor.id, publishedByName: actor.name, publishedAt: now },
    }
    if (!(await tenant.authored.publish(row))) throw changed()
    return c.json(toVersion(row), 201)
  })
  .openapi(withdraw, async (c) => {
    const { id } = c.req.valid('param')
    const tenant = c.get('tenant')
    const { lab } = await findDraft(tenant, id)
    if (lab.state !== 'published') throw new Problem(409, 'not-published', 'This lab is not published.')
    await tenant.authored.setState(id, 'withdrawn', Date.now())
    return c.json(await detailsOf(tenant, c.get('actor'), id), 200)
  })
  .openapi(restore, async (c) => {
    const { id } = c.req.valid('param')
    const wish = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const { draft } = await findLab(tenant, id)
    if ((draft?.revision ?? null) !== wish.revision) throw changed()
    const { title, summary, definition, brief, solutions } = await textsOf(tenant, id, wish.version, 'version')
    const savedAt = Date.now()
    const saved = { definition, brief, solutions, savedBy: actor.id, savedByName: actor.name, savedAt }
    const done =
      wish.revision === null
        ? // A revision that no editor that was left open has ever read.
          await tenant.authored.newDraft(id, saved, savedAt, 'withdrawn', { title, summary })
        : await tenant.authored.saveDraft(id, wish.revision, saved, { title, summary })
    if (!done) throw changed()
    return c.json(await detailsOf(tenant, actor, id), 200)
  })
  .openapi(versions, async (c) => {
    const { id } = c.req.valid('param')
    await findLab(c.get('tenant'), id)
    return c.json({ versions: (await c.get('tenant').authored.versions(id)).map(toVersion) }, 200)
  })
  .openapi(version, async (c) => {
    const { id, number: wanted } = c.req.valid('param')
    const tenant = c.get('tenant')
    await findLab(tenant, id)
    const found = await tenant.authored.versionOf(id, wanted)
    if (found === undefined) throw new Problem(404, 'not-found', `There is no version ${wanted}.`, { field: 'number' })
    const { definition, brief, solutions } = found
    return c.json({ ...toVersion(found), lab: id, definition, brief, solutions: [...solutions] }, 200)
  })
  .openapi(diff, async (c) => {
    const { id } = c.req.valid('param')
    const { from, to } = c.req.valid('query')
    const tenant = c.get('tenant')
    await findLab(tenant, id)
    const older = await textsOf(tenant, id, from, 'from')
    const newer = to === undefined ? (await findDraft(tenant, id)).draft : await textsOf(tenant, id, to, 'to')
    return c.json(diffTexts(older, newer), 200)
  })
