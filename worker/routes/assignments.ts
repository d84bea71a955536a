import type { Context } from 'hono'
import { audit } from '../audit.ts'
import { allow } from '../auth/allow.ts'
import { randomId, randomToken } from '../auth/tokens.ts'
import { versionToAssign } from '../authored/find.ts'
import { jsonBody } from '../body.ts'
import {
  assignment,
  assignmentChange,
  assignmentShort,
  newAssignment,
  review,
  variantProof,
} from '../courses/assignment-schemas.ts'
import { publish, templateOf } from '../courses/publish.ts'
import { fromCatalogue, reviewAssignment } from '../courses/review-assignment.ts'
import { assignmentId, courseId } from '../courses/schemas.ts'
import { showAssignment, toShort } from '../courses/show.ts'
import { showProof } from '../courses/show-proof.ts'
import { workOf } from '../courses/work.ts'
import type { AssignmentRow } from '../db/tenant/assignments.ts'
import type { AuthoredVersion } from '../db/tenant/authored.ts'
import type { AppEnv } from '../env.ts'
import { destroyLab } from '../lab-life.ts'
import { noSuchAssignment, openAssignment, openCourse } from '../open-course.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// Assignments as those who teach write them, and as everybody in the course finds them. What students do is in student-work.ts.

const tags = ['assignments']
const some = problems(400, 401, 403, 404)
const writes = { ...some, ...problems(409, 413, 415, 422) }
const manages = openAssignment('courses:write', 'manage')
const many = z.object({ assignments: z.array(assignmentShort) })

const mine = createRoute({
  method: 'get',
  path: '/v1/assignments',
  tags,
  security,
  middleware: allow('courses:read'),
  description: 'What you have to do as a student, in all your courses, the next first; with your own dates.',
  responses: { 200: json(many, 'Assignments'), ...problems(401, 403) },
})
const list = createRoute({
  method: 'get',
  path: '/v1/courses/{course}/assignments',
  tags,
  security,
  middleware: openCourse('courses:read', 'see'),
  description: 'The assignments of a course, the next first. Students see those that are published.',
  request: { params: courseId },
  responses: { 200: json(many, 'Assignments'), ...some },
})
const create = createRoute({
  method: 'post',
  path: '/v1/courses/{course}/assignments',
  tags,
  security,
  middleware: [openCourse('courses:write', 'manage'), jsonBody],
  description: 'A draft, of a lab of the catalogue or of a definition. Students see it when it is published.',
  request: { params: courseId, body: body(newAssignment) },
  responses: { 201: json(assignment, 'The draft'), ...writes },
})
const read = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}',
  tags,
  security,
  middleware: openAssignment('courses:read', 'see'),
  description: 'With `work`, for students: their dates, attempts and submissions.',
  request: { params: assignmentId },
  responses: { 200: json(assignment, 'The assignment'), ...some },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/assignments/{assignment}',
  tags,
  security,
  middleware: [manages, jsonBody],
  description:
    'Lab, rubric, variants and groups only as long as nobody has opened it; afterwards a rubric is corrected where it is graded.',
  request: { params: assignmentId, body: body(assignmentChange) },
  responses: { 200: json(assignment, 'The assignment after it'), ...writes },
})
const remove = createRoute({
  method: 'delete',
  path: '/v1/assignments/{assignment}',
  tags,
  security,
  middleware: manages,
  description: 'Only what nobody has opened; put away what somebody has.',
  request: { params: assignmentId },
  responses: { 204: { description: 'Gone' }, ...some, ...problems(409) },
})
const judge = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/review',
  tags,
  security,
  middleware: openAssignment('courses:read', 'assist'),
  description: 'Everything that is wrong with it, by line and field, and what it checks. Changes nothing.',
  request: { params: assignmentId },
  responses: { 200: json(review, 'What was found'), ...some },
})
const proof = createRoute({
  method: 'get',
  path: '/v1/assignments/{assignment}/variants',
  tags,
  security,
  middleware: openAssignment('courses:read', 'assist'),
  description: 'Whether the variants of students and further ones are solved by the lab’s own solution; begun by publishing.',
  request: { params: assignmentId },
  responses: { 200: json(variantProof, 'How far it is, and what was found'), ...some },
})
const publishing = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/publish',
  tags,
  security,
  middleware: manages,
  description:
    'Builds the lab, keeps that state for the copies of the students, and shows the assignment to them. With a variant each, they are solved by the lab’s own solution (`/variants`).',
  request: { params: assignmentId },
  responses: { 200: json(assignment, 'Published'), ...writes, ...problems(429, 503) },
})
const archive = createRoute({
  method: 'post',
  path: '/v1/assignments/{assignment}/archive',
  tags,
  security,
  middleware: manages,
  description: 'Students cannot open it or hand in any more. Publishing it brings it back.',
  request: { params: assignmentId },
  responses: { 200: json(assignment, 'Put away'), ...some },
})

type Change = z.infer<typeof assignmentChange>
const instant = (text: string | null | undefined) => (text === undefined ? undefined : text === null ? null : Date.parse(text))

/** The columns that a body names. */
function columnsOf(wish: Change, was: AssignmentRow | null, version?: AuthoredVersion): Partial<AssignmentRow> {
  const { catalogue, authoredVersion: _, definition, labBrief, opensAt, dueAt, closesAt, ...same } = wish
  const entry = catalogue === undefined ? undefined : fromCatalogue(catalogue)
  if (catalogue !== undefined && entry === undefined)
    throw new Problem(422, 'unknown-catalogue-lab', 'The catalogue has no such lab.', { field: 'catalogue' })
  const lab =
    entry !== undefined
      ? { catalogueSlug: catalogue, authoredVersionId: null, definition: entry.definition, labBrief: entry.labBrief }
      : version !== undefined
        ? { catalogueSlug: null, authoredVersionId: version.id, definition: version.definition, labBrief: version.brief }
        : definition !== undefined
          ? { catalogueSlug: null, authoredVersionId: null, definition, labBrief: labBrief ?? was?.labBrief ?? '' }
          : labBrief !== undefined
            ? { labBrief }
            : {}
  const dates = { opensAt: instant(opensAt), dueAt: instant(dueAt), closesAt: instant(closesAt) }
  const set = { ...same, ...lab, ...dates }
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as Partial<AssignmentRow>
}

/** A stored state that nothing refers to any more. */
async function letGo(c: Context<AppEnv>, labId: string | null): Promise<void> {
  const lab = labId === null ? undefined : await c.get('tenant').labs.find(labId)
  if (lab !== undefined && lab.state !== 'tombstone') await destroyLab(c.env, c.get('tenant'), lab)
}

const fixed = ['definition', 'labBrief', 'rubric', 'variants', 'forGroups'] as const

export const assignmentRoutes = newRoutes()
  .openapi(mine, async (c) => {
    const tenant = c.get('tenant')
    const { id, name } = c.get('actor')
    const rows = await tenant.assignments.listFor(id)
    const now = Date.now()
    const works = await Promise.all(rows.map((row) => workOf(tenant, row, { id, name }, now)))
    const assignments = rows.map((row, at) => toShort(row, row.courseTitle, 'study', works[at].dates))
    return c.json({ assignments }, 200)
  })
  .openapi(list, async (c) => {
    const part = c.get('part')
    const tenant = c.get('tenant')
    const { id, name } = c.get('actor')
    const rows = await tenant.assignments.list(c.get('course').id)
    const shown = part === 'study' ? rows.filter(({ state }) => state === 'published') : rows
    const now = Date.now()
    const dates = await Promise.all(
      shown.map(async (row) => (part === 'study' ? (await workOf(tenant, row, { id, name }, now)).dates : row)),
    )
    return c.json({ assignments: shown.map((row, at) => toShort(row, row.courseTitle, part, dates[at])) }, 200)
  })
  .openapi(create, async (c) => {
    const wish = c.req.valid('json')
    const tenant = c.get('tenant')
    const actor = c.get('actor')
    const course = c.get('course')
    const now = Date.now()
    const version = await versionToAssign(tenant, wish.authoredVersion)
    const row: AssignmentRow = {
      id: randomId(),
      organisationId: actor.organisationId,
      courseId: course.id,
      title: wish.catalogue === undefined ? (version?.title ?? 'Assignment') : (fromCatalogue(wish.catalogue)?.title ?? ''),
      brief: null,
      catalogueSlug: null,
      definition: '',
      labBrief: '',
      rubric: null,
      rubricVersion: 1,
      state: 'draft',
      opensAt: null,
      dueAt: null,
      closesAt: null,
      attempts: null,
      late: { percentPerDay: 0, graceMinutes: 0, mostDays: null },
      variants: 'same',
      forGroups: false,
      selfChecks: true,
      counts: 'last',
      authoredVersionId: null,
      seedSecret: randomToken(),
      templateLabId: null,
      createdBy: actor.id,
      createdAt: now,
      updatedAt: now,
      ...columnsOf(wish, null, version),
    }
    await tenant.assignments.insert(row)
    await audit(c, 'assignment.made', { kind: 'assignment', id: row.id, name: row.title })
    const shown = await showAssignment(tenant, row, course.title, c.get('part'), actor)
    return c.json(shown, 201, { location: `/v1/assignments/${row.id}` })
  })
  .openapi(read, async (c) => {
    const tenant = c.get('tenant')
    const row = await tenant.assignments.read(c.get('assignment').id)
    if (row === undefined) throw noSuchAssignment()
    return c.json(await showAssignment(tenant, row, c.get('course').title, c.get('part'), c.get('actor')), 200)
  })
  .openapi(change, async (c) => {
    const tenant = c.get('tenant')
    const row = await tenant.assignments.read(c.get('assignment').id)
    if (row === undefined) throw noSuchAssignment()
    const wish = c.req.valid('json')
    const set = columnsOf(wish, row, await versionToAssign(tenant, wish.authoredVersion))
    const touched = fixed.filter((field) => set[field] !== undefined && set[field] !== row[field])
    if (touched.length > 0 && (await tenant.assignments.hasCopies(row.id))) {
      const detail =
        'Somebody has opened this assignment already: its lab, variants and groups stay as they are, and its rubric is corrected where it is graded.'
      throw new Problem(409, 'opened', detail, { field: touched[0] })
    }
    const other = set.rubric !== undefined && set.rubric !== row.rubric
    // The stored state is that of another lab, or shows another brief.
    const stale = touched.length > 0 || (set.brief !== undefined && set.brief !== row.brief)
    const next: AssignmentRow = {
      ...row,
      ...set,
      updatedAt: Date.now(),
      rubricVersion: other ? row.rubricVersion + 1 : row.rubricVersion,
      templateLabId: stale ? null : row.templateLabId,
      ...(touched.length > 0 && row.state === 'published' && { state: 'draft' as const }),
    }
    const { findings } = await reviewAssignment(tenant, next)
    const wrong = next.state === 'published' ? findings.find(({ blocks }) => blocks) : undefined
    if (wrong !== undefined) throw inProblem(wrong)
    if (next.state === 'published') next.templateLabId = await templateOf(c.env, tenant, c.get('actor'), next)
    const { id: _, organisationId: __, courseId: ___, ...columns } = next
    await tenant.assignments.update(row.id, columns)
    if (next.templateLabId !== row.templateLabId) await letGo(c, row.templateLabId)
    await audit(c, 'assignment.changed', { kind: 'assignment', id: row.id, name: next.title }, Object.keys(set).join(', '))
    return c.json(await showAssignment(tenant, next, c.get('course').title, c.get('part'), c.get('actor')), 200)
  })
  .openapi(remove, async (c) => {
    const { id, title, templateLabId } = c.get('assignment')
    const tenant = c.get('tenant')
    const stages = await tenant.stages.list(id)
    if (!(await tenant.assignments.remove(id)))
      throw new Problem(409, 'opened', 'Somebody has opened this assignment. Put it away instead.')
    for (const labId of [templateLabId, ...stages.map(({ stage }) => stage.labId)]) await letGo(c, labId)
    await audit(c, 'assignment.removed', { kind: 'assignment', id, name: title })
    return c.body(null, 204)
  })
  .openapi(judge, async (c) => {
    const tenant = c.get('tenant')
    const row = await tenant.assignments.read(c.get('assignment').id)
    if (row === undefined) throw noSuchAssignment()
    return c.json(await reviewAssignment(tenant, row), 200)
  })
  .openapi(proof, async (c) => c.json({ proof: await showProof(c.get('tenant'), c.get('assignment')) }, 200))
  .openapi(publishing, async (c) => {
    const tenant = c.get('tenant')
    const row = await tenant.assignments.read(c.get('assignment').id)
    if (row === undefined) throw noSuchAssignment()
    const { findings } = await reviewAssignment(tenant, row)
    const wrong = findings.find(({ blocks }) => blocks)
    if (wrong !== undefined) throw inProblem(wrong)
    const next = await publish(c.env, tenant, c.get('actor'), row)
    await audit(c, 'assignment.published', { kind: 'assignment', id: row.id, name: row.title })
    return c.json(await showAssignment(tenant, next, c.get('course').title, c.get('part'), c.get('actor')), 200)
  })
  .openapi(archive, async (c) => {
    const tenant = c.get('tenant')
    const row = await tenant.assignments.read(c.get('assignment').id)
    if (row === undefined) throw noSuchAssignment()
    await tenant.assignments.update(row.id, { state: 'archived', updatedAt: Date.now() })
    await audit(c, 'assignment.archived', { kind: 'assignment', id: row.id, name: row.title })
    const next = { ...row, state: 'archived' as const }
    return c.json(await showAssignment(tenant, next, c.get('course').title, c.get('part'), c.get('actor')), 200)
  })

type Finding = z.infer<typeof review>['findings'][number]
function inProblem({ in: where, line, field, message }: Finding): Problem {
  const place = where === 'assignment' ? '' : where === 'rubric' ? 'Rubric, ' : 'Lab, '
  const at = line === null ? '' : `line ${line}${field === '' ? '' : `, ${field}`}: `
  const extra = {
    field: where === 'assignment' ? field : `${where}${field === '' ? '' : `.${field}`}`,
    ...(line !== null && { line }),
  }
  return new Problem(422, 'bad-assignment', `${place}${at}${message}`, extra)
}
