import { audit } from '../audit.ts'
import { atLeast } from '../auth/actor.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { closeSockets } from '../close-sockets.ts'
import { groupsOf } from '../courses/groups.ts'
import { importRoster, previewRoster } from '../courses/import-roster.ts'
import {
  courseGroup,
  courseId,
  coursePerson,
  courseRole,
  otherPerson,
  rosterDone,
  rosterPreview,
  rosterRequest,
} from '../courses/schemas.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import { openCourse } from '../open-course.ts'
import { body, createRoute, json, newRoutes, problems, security, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// Who is in a course, class lists, and groups.

const tags = ['courses']
const some = problems(400, 401, 403, 404)
const writes = { ...some, ...problems(413, 415) }
const manages = openCourse('courses:write', 'manage')
const id = z.string().min(1).max(64)
const personOf = courseId.extend({ person: id })
const groupOf = courseId.extend({ group: id })

const listPeople = createRoute({
  method: 'get',
  path: '/v1/courses/{course}/people',
  tags,
  security,
  middleware: openCourse('courses:read', 'watch'),
  request: { params: courseId },
  responses: { 200: json(z.object({ people: z.array(coursePerson) }), 'Students first, then by name'), ...some },
})
const listOthers = createRoute({
  method: 'get',
  path: '/v1/courses/{course}/others',
  tags,
  security,
  middleware: openCourse('courses:read', 'manage'),
  description: 'Members of the organisation who are not in the course and could be added.',
  request: { params: courseId },
  responses: { 200: json(z.object({ people: z.array(otherPerson) }), 'By name'), ...some },
})
const addPerson = createRoute({
  method: 'post',
  path: '/v1/courses/{course}/people',
  tags,
  security,
  middleware: [manages, jsonBody],
  description: 'Adds a member of the organisation. New people come by a class list, the class code or an invitation.',
  request: { params: courseId, body: body(z.strictObject({ person: id, role: courseRole }).meta({ id: 'NewEnrolment' })) },
  responses: { 201: json(z.object({ people: z.array(coursePerson) }), 'All who are in it now'), ...writes, ...problems(409) },
})
const changePerson = createRoute({
  method: 'patch',
  path: '/v1/courses/{course}/people/{person}',
  tags,
  security,
  middleware: [manages, jsonBody],
  description: 'Another part in the course, or more time for every assignment of it.',
  request: {
    params: personOf,
    body: body(
      z
        .strictObject({
          role: courseRole.optional(),
          extraMinutes: z.number().int().min(0).max(525_600).optional(),
          extraPercent: z
            .number()
            .int()
            .min(0)
            .max(400)
            .optional()
            .meta({ description: 'of the time between opening and due; it adds to the minutes' }),
        })
        .meta({ id: 'EnrolmentChange' }),
    ),
  },
  responses: { 200: json(z.object({ people: z.array(coursePerson) }), 'All who are in it'), ...writes },
})
const removePerson = createRoute({
  method: 'delete',
  path: '/v1/courses/{course}/people/{person}',
  tags,
  security,
  middleware: manages,
  description: 'They see nothing of the course any more. What they did stays, and is theirs again when they come back.',
  request: { params: personOf },
  responses: { 204: { description: 'Removed' }, ...some },
})
const preview = createRoute({
  method: 'post',
  path: '/v1/courses/{course}/roster/preview',
  tags,
  security,
  middleware: [manages, jsonBody],
  description:
    'Reads a class list (CSV with a line of headings: name, or first name and last name; email, role, group) and tells what importing it would do. Changes nothing.',
  request: { params: courseId, body: body(rosterRequest) },
  responses: { 200: json(rosterPreview, 'Who it names, and every broken line'), ...writes },
})
const importList = createRoute({
  method: 'post',
  path: '/v1/courses/{course}/roster',
  tags,
  security,
  middleware: [manages, jsonBody],
  description: 'Imports a class list: all of it, or nothing when a line is broken. New people get a link that signs them in.',
  request: { params: courseId, body: body(rosterRequest) },
  responses: { 200: json(rosterDone, 'Imported'), ...writes, ...problems(422) },
})
const listGroups = createRoute({
  method: 'get',
  path: '/v1/courses/{course}/groups',
  tags,
  security,
  middleware: openCourse('courses:read', 'watch'),
  request: { params: courseId },
  responses: { 200: json(z.object({ groups: z.array(courseGroup) }), 'By name'), ...some },
})
const groupBody = z
  .strictObject({ name: z.string().trim().min(1, 'Give it a name.').max(80), members: z.array(id).max(50) })
  .meta({ id: 'NewGroup' })
const addGroup = createRoute({
  method: 'post',
  path: '/v1/courses/{course}/groups',
  tags,
  security,
  middleware: [manages, jsonBody],
  description: 'Students who share one lab in group assignments. Nobody is in two: who comes into this one leaves another.',
  request: { params: courseId, body: body(groupBody) },
  responses: { 201: json(z.object({ groups: z.array(courseGroup) }), 'All groups'), ...writes },
})
const changeGroup = createRoute({
  method: 'patch',
  path: '/v1/courses/{course}/groups/{group}',
  tags,
  security,
  middleware: [manages, jsonBody],
  request: { params: groupOf, body: body(groupBody) },
  responses: { 200: json(z.object({ groups: z.array(courseGroup) }), 'All groups'), ...writes },
})
const removeGroup = createRoute({
  method: 'delete',
  path: '/v1/courses/{course}/groups/{group}',
  tags,
  security,
  middleware: manages,
  description: 'The group. Its labs and submissions stay with those who teach.',
  request: { params: groupOf },
  responses: { 204: { description: 'Removed' }, ...some },
})

const nobody = () => new Problem(404, 'not-found', 'There is nobody with this id in the course.')
const noGroup = () => new Problem(404, 'not-found', 'There is no such group.')

async function peopleOf(tenant: TenantDb, course: string): Promise<z.infer<typeof coursePerson>[]> {
  const [people, groups] = await Promise.all([tenant.courses.people(course), groupsOf(tenant, course)])
  const groupOfPerson = new Map(
    groups.flatMap(({ id: group, name, members }) => members.map((one) => [one.id, { id: group, name }])),
  )
  return people.map(({ id: person, name, role, extraMinutes, extraPercent }) => {
    return { id: person, name, role, extraMinutes, extraPercent, group: groupOfPerson.get(person) ?? null }
  })
}

export const coursePeopleRoutes = newRoutes()
  .openapi(listPeople, async (c) => c.json({ people: await peopleOf(c.get('tenant'), c.get('course').id) }, 200))
  .openapi(listOthers, async (c) => {
    // Teachers and owners are in every course without being added.
    const others = await c.get('tenant').courses.others(c.get('course').id)
    return c.json({ people: others.filter(({ role }) => !atLeast(role, 'teacher')) }, 200)
  })
  .openapi(addPerson, async (c) => {
    const { person, role } = c.req.valid('json')
    const tenant = c.get('tenant')
    const course = c.get('course')
    const member = await tenant.people.find(person)
    if (member === undefined) throw new Problem(404, 'not-found', 'There is nobody with this id in the organisation.')
    if (!(await tenant.courses.enrol(course.id, { personId: person, role, now: Date.now() })))
      throw new Problem(409, 'in-course', `${member.name} is in the course already.`, { field: 'person' })
    await audit(
      c,
      'course.person-added',
      { kind: 'course', id: course.id, name: course.title },
      `${member.name} (${person}), ${role}`,
    )
    return c.json({ people: await peopleOf(tenant, course.id) }, 201)
  })
  .openapi(changePerson, async (c) => {
    const { person } = c.req.valid('param')
    const { role, extraMinutes, extraPercent } = c.req.valid('json')
    const tenant = c.get('tenant')
    const course = c.get('course')
    const set = {
      ...(role !== undefined && { role }),
      ...(extraMinutes !== undefined && { extraMinutes }),
      ...(extraPercent !== undefined && { extraPercent }),
    }
    if ((await tenant.courses.personIn(course.id, person)) === undefined) throw nobody()
    if (Object.keys(set).length > 0) {
      await tenant.courses.updatePerson(course.id, person, set)
      await audit(
        c,
        'course.person-changed',
        { kind: 'course', id: course.id, name: course.title },
        `${person} ${JSON.stringify(set)}`,
      )
      // What they had open may be open with rights that they have no more.
      if (role !== undefined) await closeSockets(c.env, tenant, person)
    }
    return c.json({ people: await peopleOf(tenant, course.id) }, 200)
  })
  .openapi(removePerson, async (c) => {
    const { person } = c.req.valid('param')
    const tenant = c.get('tenant')
    const course = c.get('course')
    if (!(await tenant.courses.removePerson(course.id, person))) throw nobody()
    await audit(c, 'course.person-removed', { kind: 'course', id: course.id, name: course.title }, person)
    await closeSockets(c.env, tenant, person)
    return c.body(null, 204)
  })
  .openapi(preview, async (c) => {
    const { matched, faults, columns, ignored } = await previewRoster(
      c.get('tenant'),
      c.get('course').id,
      c.req.valid('json').csv,
    )
    const rows = matched.map(({ person: _, ...row }) => row)
    return c.json({ rows, faults: [...faults], columns: [...columns], ignored: [...ignored] }, 200)
  })
  .openapi(importList, async (c) => {
    const tenant = c.get('tenant')
    const course = c.get('course')
    const { matched, faults } = await previewRoster(tenant, course.id, c.req.valid('json').csv)
    const [first] = faults
    if (first !== undefined) {
      const errors = faults.map(({ line, column, message }) => ({ in: `line ${line}`, path: column, message }))
      const detail = `Line ${first.line}${first.column === '' ? '' : `, column “${first.column}”`}: ${first.message} Nothing was imported.`
      throw new Problem(422, 'bad-roster', detail, { line: first.line, field: first.column, errors })
    }
    const done = await importRoster(tenant, course.id, matched)
    const object = { kind: 'course', id: course.id, name: course.title }
    await audit(c, 'course.roster-imported', object, `${done.added} new, ${done.known} known`)
    return c.json({ ...done, links: [...done.links] }, 200)
  })
  .openapi(listGroups, async (c) => c.json({ groups: await groupsOf(c.get('tenant'), c.get('course').id) }, 200))
  .openapi(addGroup, async (c) => {
    const { name, members } = c.req.valid('json')
    const tenant = c.get('tenant')
    const { id: course } = c.get('course')
    await tenant.groups.save(course, { id: randomId(), name, now: Date.now(), isNew: true }, members)
    return c.json({ groups: await groupsOf(tenant, course) }, 201)
  })
  .openapi(changeGroup, async (c) => {
    const { group } = c.req.valid('param')
    const { name, members } = c.req.valid('json')
    const tenant = c.get('tenant')
    const { id: course } = c.get('course')
    if ((await tenant.groups.find(course, group)) === undefined) throw noGroup()
    const before = (await groupsOf(tenant, course)).find((one) => one.id === group)?.members ?? []
    await tenant.groups.save(course, { id: group, name, now: Date.now(), isNew: false }, members)
    const gone = before.filter((one) => !members.includes(one.id))
    await Promise.all(gone.map((one) => closeSockets(c.env, tenant, one.id)))
    return c.json({ groups: await groupsOf(tenant, course) }, 200)
  })
  .openapi(removeGroup, async (c) => {
    const { group } = c.req.valid('param')
    const tenant = c.get('tenant')
    const { id: course } = c.get('course')
    const before = (await groupsOf(tenant, course)).find((one) => one.id === group)?.members ?? []
    if (!(await tenant.groups.remove(course, group))) throw noGroup()
    await Promise.all(before.map((one) => closeSockets(c.env, tenant, one.id)))
    return c.body(null, 204)
  })
