import { mayInCourse, partIn } from '../access/course-access.ts'
import { audit } from '../audit.ts'
import { allow } from '../auth/allow.ts'
import { randomId } from '../auth/tokens.ts'
import { jsonBody } from '../body.ts'
import { newJoinCode } from '../courses/join-code.ts'
import { course, courseId, title } from '../courses/schemas.ts'
import type { CourseRow } from '../db/tenant/courses.ts'
import { openCourse } from '../open-course.ts'
import { body, createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'

// Courses themselves: who is in one is in course-people.ts, what they have to do in assignments.ts.

const tags = ['courses']
const some = problems(400, 401, 403, 404)
const manages = openCourse('courses:write', 'manage')

type Shown = z.infer<typeof course>
const toCourse = (row: CourseRow, part: Shown['part'], students: number): Shown => ({
  id: row.id,
  title: row.title,
  part,
  students,
  archived: row.archivedAt !== null,
  createdAt: toTime(row.createdAt),
  joinCode: part === 'manage' || part === 'assist' ? row.joinCode : null,
})

const list = createRoute({
  method: 'get',
  path: '/v1/courses',
  tags,
  security,
  middleware: allow('courses:read'),
  description: 'The courses that you are in; for owners, teachers and keys of the organisation all of it.',
  responses: { 200: json(z.object({ courses: z.array(course) }), 'Courses, newest first'), ...problems(401, 403) },
})
const create = createRoute({
  method: 'post',
  path: '/v1/courses',
  tags,
  security,
  middleware: [allow('courses:write', 'teacher'), jsonBody],
  request: { body: body(z.strictObject({ title }).meta({ id: 'NewCourse' })) },
  responses: { 201: json(course, 'Made'), ...problems(400, 401, 403, 413, 415) },
})
const read = createRoute({
  method: 'get',
  path: '/v1/courses/{course}',
  tags,
  security,
  middleware: openCourse('courses:read', 'see'),
  request: { params: courseId },
  responses: { 200: json(course, 'The course'), ...some },
})
const change = createRoute({
  method: 'patch',
  path: '/v1/courses/{course}',
  tags,
  security,
  middleware: [manages, jsonBody],
  description: 'Another name; or puts the course away, after which students do not find it any more, and back.',
  request: {
    params: courseId,
    body: body(z.strictObject({ title: title.optional(), archived: z.boolean().optional() }).meta({ id: 'CourseChange' })),
  },
  responses: { 200: json(course, 'The course after it'), ...some, ...problems(413, 415) },
})
const renewCode = createRoute({
  method: 'post',
  path: '/v1/courses/{course}/join-code',
  tags,
  security,
  middleware: manages,
  description: 'A new code with which students join. The one before does not work any more.',
  request: { params: courseId },
  responses: { 200: json(course, 'The course with its new code'), ...some },
})
const endCode = createRoute({
  method: 'delete',
  path: '/v1/courses/{course}/join-code',
  tags,
  security,
  middleware: manages,
  description: 'Nobody joins by a code any more.',
  request: { params: courseId },
  responses: { 200: json(course, 'The course without a code'), ...some },
})
export const courseRoutes = newRoutes()
  .openapi(list, async (c) => {
    const actor = c.get('actor')
    const all = partIn(actor, null) === 'manage'
    const rows = await c.get('tenant').courses.list(all ? undefined : actor.id)
    const courses = rows.flatMap(({ course: row, role, students }) => {
      const part = partIn(actor, role)
      return part === 'none' ? [] : [toCourse(row, part, students)]
    })
    return c.json({ courses }, 200)
  })
  .openapi(create, async (c) => {
    const actor = c.get('actor')
    const now = Date.now()
    const { title: name } = c.req.valid('json')
    const row = { id: randomId(), title: name, joinCode: newJoinCode(), createdBy: actor.id, createdAt: now }
    await c.get('tenant').courses.insert(row)
    await audit(c, 'course.made', { kind: 'course', id: row.id, name })
    const made = { ...row, organisationId: actor.organisationId, archivedAt: null }
    return c.json(toCourse(made, 'manage', 0), 201, { location: `/v1/courses/${row.id}` })
  })
  .openapi(read, async (c) => {
    const part = c.get('part') as Shown['part']
    const { courses } = c.get('tenant')
    const row = c.get('course') as CourseRow
    const students = mayInCourse(part, 'watch') ? await courses.countStudents(row.id) : 0
    return c.json(toCourse(row, part, students), 200)
  })
  .openapi(change, async (c) => {
    const { title: name, archived } = c.req.valid('json')
    const row = c.get('course') as CourseRow
    const { courses } = c.get('tenant')
    const set = {
      ...(name !== undefined && { title: name }),
      ...(archived !== undefined && { archivedAt: archived ? (row.archivedAt ?? Date.now()) : null }),
    }
    if (Object.keys(set).length > 0) {
      await courses.update(row.id, set)
      await audit(c, 'course.changed', { kind: 'course', id: row.id, name: name ?? row.title }, Object.keys(set).join(', '))
    }
    return c.json(toCourse({ ...row, ...set }, 'manage', await courses.countStudents(row.id)), 200)
  })
  .openapi(renewCode, async (c) => {
    const row = c.get('course') as CourseRow
    const { courses } = c.get('tenant')
    const joinCode = newJoinCode()
    await courses.update(row.id, { joinCode })
    await audit(c, 'course.code-renewed', { kind: 'course', id: row.id, name: row.title })
    return c.json(toCourse({ ...row, joinCode }, 'manage', await courses.countStudents(row.id)), 200)
  })
  .openapi(endCode, async (c) => {
    const row = c.get('course') as CourseRow
    const { courses } = c.get('tenant')
    await courses.update(row.id, { joinCode: null })
    await audit(c, 'course.code-ended', { kind: 'course', id: row.id, name: row.title })
    return c.json(toCourse({ ...row, joinCode: null }, 'manage', await courses.countStudents(row.id)), 200)
  })
