import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { db, logged, newKey, newOrganisation, problemOf, service, signIn } from '../../test/worker/service.ts'
import type { Env } from '../env.ts'

// A course from its making to the last submission, on real labs.

const { asker } = service({ LAB_HOST: (env as unknown as Env).LAB_HOST })
type Ask = ReturnType<typeof asker>
const personOf = (headers: Record<string, string>) =>
  asker(headers)('GET', '/auth/session').then(async (answer) => ((await answer.json()) as { person: { id: string } }).person.id)

let organisation: string
let teacher: Ask
let ann: Ask
let ben: Ask
let assistant: Ask
let observer: Ask
let annId: string
let benId: string
let course: string
let code: string
let assignment: string

// biome-ignore lint/suspicious/noExplicitAny: bodies are checked by what is asked of them
const read = async (answer: Response | Promise<Response>, status = 200): Promise<any> => {
  const got = await answer
  const text = await got.text()
  if (got.status >= 500) throw new Error(logged.slice(-3).join('\n'))
  expect([got.status, got.status === status ? '' : text]).toEqual([status, ''])
  return text === '' ? null : JSON.parse(text)
}
const problem = async (answer: Promise<Response>) => problemOf(await answer)
const at = (path: string) => `/v1/assignments/${assignment}${path}`

beforeAll(async () => {
  organisation = await newOrganisation()
  teacher = asker(await signIn(organisation, 'teacher', 'Tove'))
  const people = await Promise.all(
    (['Ann', 'Ben', 'Assi', 'Obi'] as const).map((name) => signIn(organisation, name === 'Assi' ? 'assistant' : 'student', name)),
  )
  const [annId_, benId_, assiId, obiId] = await Promise.all(people.map(personOf))
  annId = annId_
  benId = benId_
  ;[ann, ben, assistant, observer] = people.map((one) => asker(one))
  const made = await read(teacher('POST', '/v1/courses', { title: 'Networks 1' }), 201)
  course = made.id
  code = made.joinCode
  await read(teacher('POST', `/v1/courses/${course}/people`, { person: assiId, role: 'assistant' }), 201)
  await read(teacher('POST', `/v1/courses/${course}/people`, { person: obiId, role: 'observer' }), 201)
})

describe('a course', () => {
  it('is joined by its code, once, and shows itself to who is in it', async () => {
    expect((await read(ann('GET', '/v1/courses'))).courses).toEqual([])
    expect((await ann('GET', `/v1/courses/${course}`)).status).toBe(404)
    for (const who of [ann, ann, ben]) await read(who('POST', '/auth/join', { code: code.toLowerCase() }), 201)
    expect((await read(ann('GET', '/v1/courses'))).courses).toMatchObject([{ id: course, part: 'study', joinCode: null }])
    expect((await read(teacher('GET', '/v1/courses'))).courses).toMatchObject([{ id: course, students: 2, joinCode: code }])
    expect((await read(teacher('GET', `/v1/courses/${course}/people`))).people.map((one: { name: string }) => one.name)).toEqual([
      'Ann',
      'Ben',
      'Assi',
      'Obi',
    ])
  })

  it('has a code that can be renewed and switched off', async () => {
    const renewed = (await read(teacher('POST', `/v1/courses/${course}/join-code`))).joinCode
    expect(renewed).toMatch(/^[A-Z2-9]{8}$/)
    expect((await problem(ann('POST', '/auth/join', { code }))).code).toBe('no-such-code')
    expect((await read(teacher('DELETE', `/v1/courses/${course}/join-code`))).joinCode).toBeNull()
    expect((await problem(ann('POST', '/auth/join', { code: renewed }))).code).toBe('no-such-code')
  })

  it('takes a class list whole or not at all', async () => {
    const broken = 'name,email,group\nCleo,cleo@example.org,Red\nDan,nothing,Red\n,x@example.org,'
    const seen = await read(teacher('POST', `/v1/courses/${course}/roster/preview`, { csv: broken }))
    expect(seen.faults).toMatchObject([
      { line: 3, column: 'email' },
      { line: 4, column: 'name' },
    ])
    const refused = await problem(teacher('POST', `/v1/courses/${course}/roster`, { csv: broken }))
    expect(refused).toMatchObject({ status: 422, code: 'bad-roster', line: 3, field: 'email' })
    expect((await read(teacher('GET', `/v1/courses/${course}/people`))).people).toHaveLength(4)
    const whole = 'name,email,group\nCleo,cleo@example.org,Red\nDan,dan@example.org,Red\nBen,,Blue'
    const done = await read(teacher('POST', `/v1/courses/${course}/roster`, { csv: whole }))
    expect(done).toMatchObject({ added: 2, known: 1, links: [{ name: 'Cleo' }, { name: 'Dan' }] })
    const again = await read(teacher('POST', `/v1/courses/${course}/roster/preview`, { csv: whole }))
    expect(again.rows.map((row: { becomes: string }) => row.becomes)).toEqual(['enrolled', 'enrolled', 'enrolled'])
    expect((await read(teacher('POST', `/v1/courses/${course}/roster`, { csv: whole }))).added).toBe(0)
    const { groups } = await read(teacher('GET', `/v1/courses/${course}/groups`))
    expect(groups.map((one: { name: string; members: unknown[] }) => [one.name, one.members.length])).toEqual([
      ['Blue', 1],
      ['Red', 2],
    ])
  })
})

describe('an assignment', () => {
  it('is a draft that students do not see', async () => {
    const wish = { definition: yaml, labBrief: '# Find out', title: 'Two rooms' }
    const made = await read(teacher('POST', `/v1/courses/${course}/assignments`, wish), 201)
    assignment = made.id
    expect(made).toMatchObject({ state: 'draft', brief: '# Find out', attempts: null, part: 'manage', opened: false })
    expect((await read(ann('GET', `/v1/courses/${course}/assignments`))).assignments).toEqual([])
    expect((await ann('GET', at(''))).status).toBe(404)
    expect((await ann('POST', at('/open'))).status).toBe(404)
    expect((await read(assistant('GET', at('')))).definition).toBe(yaml)
  })

  it('is not published as long as something is wrong with it, which is said by line and field', async () => {
    const rubric =
      'total: 5\nchecks:\n  - id: ping\n    check: reaches\n    title: Ping\n    points: 3\n    hint: x\n    machine: nobody\n    target: 192.0.2.1\n'
    await read(teacher('PATCH', at(''), { rubric, dueAt: '2030-01-02T00:00:00Z', closesAt: '2030-01-01T00:00:00Z' }))
    const { findings } = await read(teacher('POST', at('/review')))
    expect(findings.map((one: { in: string; line: number; field: string }) => [one.in, one.line, one.field])).toEqual([
      ['rubric', 1, 'total'],
      ['rubric', 8, 'checks[0].machine'],
      ['assignment', null, 'closesAt'],
    ])
    expect(await problem(teacher('POST', at('/publish')))).toMatchObject({ status: 422, code: 'bad-assignment', line: 1 })
    await read(teacher('PATCH', at(''), { rubric: null, dueAt: null, closesAt: null, attempts: 2 }))
    expect((await read(teacher('POST', at('/review')))).findings).toEqual([])
  })

  it('when published has a stored state, of which each student gets a copy on opening', async () => {
    expect(await read(teacher('POST', at('/publish')))).toMatchObject({ state: 'published' })
    const opened = await Promise.all([1, 2, 3].map(() => read(ann('POST', at('/open')))))
    expect(new Set(opened.map((one) => one.labId)).size).toBe(1)
    expect(opened.filter((one) => one.made)).toHaveLength(1)
    const his = await read(ben('POST', at('/open')))
    expect(his.labId).not.toBe(opened[0].labId)
    expect(await read(ann('POST', at('/open')))).toEqual({ labId: opened[0].labId, made: false })
    const rows = await db
      .prepare("select kind, count(*) n from lab where assignment_id = ? and state <> 'tombstone' group by kind order by kind")
      .bind(assignment)
      .all()
    expect(rows.results).toEqual([
      { kind: 'copy', n: 2 },
      { kind: 'template', n: 1 },
    ])
    expect(await problem(teacher('PATCH', at(''), { forGroups: true }))).toMatchObject({ status: 409, code: 'opened' })
    expect((await teacher('POST', at('/open'))).status).toBe(403)
    const lab = await read(ann('GET', `/v1/labs/${his.labId}/assignment`), 404)
    expect(lab.code).toBe('not-found')
    expect(await read(ben('GET', `/v1/labs/${his.labId}/assignment`))).toMatchObject({
      kind: 'copy',
      assignment: { id: assignment },
      part: 'study',
      holder: 'Ben',
    })
    expect(await read(observer('GET', `/v1/labs/${his.labId}`))).toMatchObject({ title: 'Two rooms' })
    expect(
      (await observer('POST', `/v1/labs/${his.labId}/exec`, { console: 'desk', line: 'hostname', clientId: 'observed' })).status,
    ).toBe(403)
  })

  it('is handed in as a frozen fork while the student goes on', async () => {
    const { labId } = await read(ann('POST', at('/open')))
    const type = (lab: string, clientId: string) =>
      ann('POST', `/v1/labs/${lab}/exec`, { console: 'desk', line: 'hostname', clientId })
    await read(type(labId, 'first-line'))
    const made = await read(ann('POST', at('/submissions'), { attempt: 1 }), 201)
    expect(made).toMatchObject({ attempt: 1, state: 'submitted', lateMs: 0, by: 'Ann' })
    expect(await read(ann('POST', at('/submissions'), { attempt: 1 }), 201)).toMatchObject({ id: made.id })
    await read(type(labId, 'second-line'))
    expect((await read(ann('GET', `/v1/labs/${made.labId}/journal`))).entries).toHaveLength(1)
    expect((await type(made.labId, 'third-line')).status).toBe(403)
    expect(
      await problem(teacher('POST', `/v1/labs/${made.labId}/exec`, { console: 'desk', line: 'hostname', clientId: 'teaching' })),
    ).toMatchObject({ status: 409, code: 'frozen' })
    expect((await ben('GET', `/v1/labs/${made.labId}`)).status).toBe(404)
    expect(await problem(ann('POST', at('/submissions'), { attempt: 7 }))).toMatchObject({
      code: 'wrong-attempt',
      field: 'attempt',
    })
    await read(ann('POST', at('/submissions'), {}), 201)
    expect(await problem(ann('POST', at('/submissions'), {}))).toMatchObject({ code: 'no-attempts-left' })
    expect((await read(ann('GET', at('')))).work).toMatchObject({
      nextAttempt: null,
      whyNot: 'You may hand in 2 times, and you have.',
    })
    expect((await read(teacher('GET', at('/submissions')))).submissions).toHaveLength(2)
    expect((await read(ben('GET', at('/submissions')))).submissions).toEqual([])
    expect((await read(ben('POST', at('/submissions'), { attempt: 1 }), 201)).id).not.toBe(made.id)
  })

  it('is put back to its start in another lab, and back again', async () => {
    const before = (await read(ann('POST', at('/open')))).labId
    const after = (await read(ann('POST', at('/reset'), {}))).labId
    expect(after).not.toBe(before)
    expect((await read(ann('GET', `/v1/labs/${after}/journal`))).entries).toEqual([])
    expect((await ann('GET', `/v1/labs/${before}`)).status).toBe(404)
    expect((await read(ann('POST', at('/undo-reset')))).labId).toBe(before)
    expect((await read(ann('POST', at('/open')))).labId).toBe(before)
    expect((await read(ann('GET', `/v1/labs/${before}/journal`))).entries).toHaveLength(2)
    expect((await problem(ann('POST', at('/reset'), { stage: 'none' }))).field).toBe('stage')
  })

  it('is gone for a student who was removed, and there again when they come back', async () => {
    const { labId } = await read(ben('POST', at('/open')))
    expect((await teacher('DELETE', `/v1/courses/${course}/people/${benId}`)).status).toBe(204)
    expect((await ben('GET', `/v1/labs/${labId}`)).status).toBe(404)
    expect((await ben('GET', at(''))).status).toBe(404)
    expect((await ben('POST', at('/open'))).status).toBe(404)
    expect((await teacher('DELETE', `/v1/courses/${course}/people/${benId}`)).status).toBe(404)
    await read(teacher('POST', `/v1/courses/${course}/people`, { person: benId, role: 'student' }), 201)
    expect((await read(ben('POST', at('/open')))).labId).toBe(labId)
  })

  it('of a group is one lab for all in it', async () => {
    const wish = { definition: yaml, title: 'Together', forGroups: true }
    const { id } = await read(teacher('POST', `/v1/courses/${course}/assignments`, wish), 201)
    await read(teacher('POST', `/v1/assignments/${id}/publish`))
    const open = (who: Ask) => who('POST', `/v1/assignments/${id}/open`)
    expect(await problem(open(ann))).toMatchObject({ status: 409, code: 'no-group' })
    expect((await read(ann('GET', `/v1/assignments/${id}`))).work).toMatchObject({ inNoGroup: true })
    await read(teacher('POST', `/v1/courses/${course}/groups`, { name: 'Green', members: [annId, benId] }), 201)
    const [hers, his] = await Promise.all([read(open(ann)), read(open(ben))])
    expect(hers.labId).toBe(his.labId)
    await read(ann('POST', `/v1/assignments/${id}/submissions`, { attempt: 1 }), 201)
    expect((await read(ben('GET', `/v1/assignments/${id}`))).work).toMatchObject({
      group: { name: 'Green' },
      submissions: [{ by: 'Ann' }],
    })
  })
})

describe('while a class works', () => {
  it('the table tells who is how far, and who keeps trying what in vain', async () => {
    const { labId } = await read(ann('POST', at('/open')))
    for (let times = 0; times < 3; times++)
      await read(
        ann('POST', `/v1/labs/${labId}/exec`, { console: 'ubuntu-1', line: 'ls /nowhere', clientId: `failing-${times}` }),
      )
    await read(ann('POST', `/v1/labs/${labId}/check`))
    const { rows, checks } = await read(observer('GET', at('/table')))
    expect(checks.map((one: { id: string }) => one.id)).toEqual(['guest-has-lease', 'guest-reaches-server'])
    const hers = rows.find((one: { name: string }) => one.name === 'Ann')
    expect(hers).toMatchObject({ labId, submissions: 2, checksFrom: 'self-check', stuck: null })
    const told = await db.prepare(
      'select failing_line, failing_times from copy_progress join copy on copy.id = copy_id where lab_id = ?',
    )
    expect(await told.bind(labId).first()).toEqual({ failing_line: 'ls /nowhere', failing_times: 3 })
    expect(hers.checks[0]).toMatchObject({ id: 'guest-has-lease', outcome: 'pass' })
    expect(rows.find((one: { name: string }) => one.name === 'Cleo')).toMatchObject({ labId: null, submissions: 0, stuck: null })
    expect((await ann('GET', at('/table'))).status).toBe(403)
  })

  it('checks are for students only as far as the assignment allows', async () => {
    const { labId } = await read(ann('POST', at('/open')))
    await read(teacher('PATCH', at(''), { selfChecks: false }))
    expect(await problem(ann('POST', `/v1/labs/${labId}/check`))).toMatchObject({ status: 403, code: 'no-self-checks' })
    expect(await read(ann('GET', `/v1/labs/${labId}/tasks`))).toMatchObject({ mayCheck: false })
    expect(await read(teacher('GET', `/v1/labs/${labId}/tasks`))).toMatchObject({ mayCheck: true })
    await read(assistant('POST', `/v1/labs/${labId}/check`))
    await read(teacher('PATCH', at(''), { selfChecks: true }))
  })

  it('more time and attempts are given to one student, and never less', async () => {
    await read(teacher('PATCH', at(''), { dueAt: '2020-01-01T00:00:00Z', closesAt: '2020-01-02T00:00:00Z' }))
    expect(await problem(ann('POST', at('/submissions'), {}))).toMatchObject({ code: 'closed' })
    const extend = (who: Ask, person: string, dueAt: string) =>
      who('PUT', at(`/extensions/${person}`), { dueAt, extraAttempts: 1, reason: 'was ill' })
    expect(await problem(extend(assistant, annId, '2019-01-01T00:00:00Z'))).toMatchObject({ status: 422, field: 'dueAt' })
    expect((await extend(assistant, 'nobody', '2999-01-01T00:00:00Z')).status).toBe(404)
    expect((await extend(ann, annId, '2999-01-01T00:00:00Z')).status).toBe(403)
    await read(extend(assistant, annId, '2999-01-01T00:00:00Z'))
    const { work } = await read(ann('GET', at('')))
    expect(work).toMatchObject({
      dueAt: '2999-01-01T00:00:00.000Z',
      attempts: 3,
      nextAttempt: 3,
      extended: { reason: 'was ill' },
    })
    expect(await read(ann('POST', at('/submissions'), { attempt: 3 }), 201)).toMatchObject({ lateMs: 0 })
    expect(await problem(ben('POST', at('/submissions'), {}))).toMatchObject({ code: 'closed' })
    expect((await teacher('DELETE', at(`/extensions/${annId}`))).status).toBe(204)
    expect((await read(ann('GET', at('')))).work.moment.state).toBe('closed')
    await read(teacher('PATCH', at(''), { dueAt: null, closesAt: null }))
  })

  it('more time is given in minutes and in percent, for every assignment of the course', async () => {
    const dates = { opensAt: '2020-01-01T00:00:00Z', dueAt: '2020-01-11T00:00:00Z' }
    await read(teacher('PATCH', at(''), dates))
    const give = (json: object) => teacher('PATCH', `/v1/courses/${course}/people/${annId}`, json)
    const { people } = await read(give({ extraPercent: 25, extraMinutes: 30 }))
    expect(people.find((one: { id: string }) => one.id === annId)).toMatchObject({ extraPercent: 25, extraMinutes: 30 })
    expect((await read(ann('GET', at('')))).work).toMatchObject({ dueAt: '2020-01-13T12:30:00.000Z', extended: { reason: '' } })
    expect((await read(ben('GET', at('')))).work).toMatchObject({ dueAt: '2020-01-11T00:00:00.000Z', extended: null })
    const { rows } = await read(teacher('GET', at('/table')))
    expect(rows.find((one: { name: string }) => one.name === 'Ann')).toMatchObject({
      dueAt: '2020-01-13T12:30:00.000Z',
      extended: true,
    })
    expect(await problem(give({ extraPercent: 1000 }))).toMatchObject({ status: 400, field: 'extraPercent' })
    await read(give({ extraPercent: 0, extraMinutes: 0 }))
    await read(teacher('PATCH', at(''), { opensAt: null, dueAt: null }))
  })

  it('a state to catch up is stored from a try, given, and gone on from', async () => {
    const { labId: tried } = await read(assistant('POST', at('/try')), 201)
    await read(assistant('POST', `/v1/labs/${tried}/exec`, { console: 'desk', line: 'hostname', clientId: 'in-the-try' }))
    expect((await ann('GET', `/v1/labs/${tried}`)).status).toBe(404)
    const { stages } = await read(assistant('POST', at('/stages'), { name: 'Half way', labId: tried }), 201)
    const [stage] = stages
    const { labId: hers } = await read(ann('POST', at('/open')))
    expect((await problem(assistant('POST', at('/stages'), { name: 'Stolen', labId: hers }))).field).toBe('labId')
    expect((await read(ann('GET', at('')))).work.stages).toEqual([])
    expect((await problem(ann('POST', at('/reset'), { stage: stage.id }))).status).toBe(404)
    expect((await problem(assistant('POST', at(`/stages/${stage.id}/give`), { holders: ['person:nobody'] }))).field).toBe(
      'holders',
    )
    await read(assistant('POST', at(`/stages/${stage.id}/give`), { holders: [`person:${annId}`] }))
    expect((await read(ann('GET', at('')))).work.stages).toMatchObject([{ id: stage.id, name: 'Half way' }])
    expect((await read(ben('GET', at('')))).work.stages).toEqual([])
    const { labId } = await read(ann('POST', at('/reset'), { stage: stage.id }))
    expect((await read(ann('GET', `/v1/labs/${labId}/journal`))).entries).toMatchObject([{ line: 'hostname' }])
    expect((await read(teacher('POST', at(`/stages/${stage.id}/give`), {}))).stages[0].given).toBeGreaterThan(1)
    expect((await read(ben('GET', at('')))).work.stages).toHaveLength(1)
  })
})

describe('isolation', () => {
  it('nobody of another organisation, and nobody who is not in the course, finds anything', async () => {
    const elsewhere = await newOrganisation()
    const stranger = asker(await signIn(elsewhere, 'owner'))
    const key = asker(await newKey(elsewhere, ['courses:read', 'courses:write', 'labs:read', 'labs:write']))
    // Assists in a course of the same organisation, and in that alone.
    const other = await signIn(organisation, 'assistant')
    const theirs = await read(teacher('POST', '/v1/courses', { title: 'Another' }), 201)
    await read(teacher('POST', `/v1/courses/${theirs.id}/people`, { person: await personOf(other), role: 'assistant' }), 201)
    const { labId } = await read(ann('POST', at('/open')))
    const below: [string, string, unknown?][] = [
      ['GET', `/v1/courses/${course}`],
      ['PATCH', `/v1/courses/${course}`, { title: 'Mine' }],
      ['POST', `/v1/courses/${course}/join-code`],
      ['GET', `/v1/courses/${course}/people`],
      ['POST', `/v1/courses/${course}/people`, { person: annId, role: 'student' }],
      ['DELETE', `/v1/courses/${course}/people/${annId}`],
      ['POST', `/v1/courses/${course}/roster`, { csv: 'name\nEve' }],
      ['GET', `/v1/courses/${course}/groups`],
      ['GET', `/v1/courses/${course}/assignments`],
      ['POST', `/v1/courses/${course}/assignments`, { definition: yaml }],
      ['GET', at('')],
      ['PATCH', at(''), { title: 'Mine' }],
      ['DELETE', at('')],
      ['POST', at('/publish')],
      ['POST', at('/archive')],
      ['POST', at('/open')],
      ['POST', at('/reset'), {}],
      ['POST', at('/submissions'), {}],
      ['GET', at('/submissions')],
      ['GET', at('/table')],
      ['POST', at('/try')],
      ['GET', at('/stages')],
      ['POST', at('/stages'), { name: 'Mine', labId }],
      ['PUT', at(`/extensions/${annId}`), { dueAt: null }],
      ['GET', `/v1/labs/${labId}`],
      ['GET', `/v1/labs/${labId}/assignment`],
    ]
    for (const who of [stranger, key, asker(other)])
      for (const [method, path, body] of below) expect([path, (await who(method, path, body)).status]).toEqual([path, 404])
    expect((await read(teacher('GET', `/v1/courses/${course}/people`))).people.length).toBeGreaterThan(4)
  })

  it('what the part in the course does not allow is refused', async () => {
    const refused: [Ask, string, string, unknown?][] = [
      [ann, 'GET', `/v1/courses/${course}/people`],
      [ann, 'PATCH', at(''), { title: 'Mine' }],
      [ann, 'POST', '/v1/courses', { title: 'Mine' }],
      [assistant, 'PATCH', at(''), { title: 'Mine' }],
      [assistant, 'POST', `/v1/courses/${course}/roster`, { csv: 'name\nEve' }],
      [assistant, 'POST', at('/submissions'), {}],
      [observer, 'POST', at('/publish')],
      [observer, 'POST', at('/open')],
    ]
    for (const [who, method, path, body] of refused) expect([path, (await who(method, path, body)).status]).toEqual([path, 403])
  })
})
