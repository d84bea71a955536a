import { beforeAll, describe, expect, it } from 'vitest'
import { classroom, jsonOf, until } from '../../test/worker/classroom.ts'
import { problemOf } from '../../test/worker/service.ts'

type Room = Awaited<ReturnType<typeof classroom>>
type Student = Awaited<ReturnType<Room['enrol']>>
type Check = { id: string; outcome: string; points: number; of: number; message: string; expected: string | null }
type Details = {
  id: string
  state: string
  lab: string
  grade: {
    final: number
    earned: number
    of: number
    lost: number
    digest: string
    rubricVersion: number
    checks: Check[]
  } | null
  overrides: { check: string | null; points: number; reason: string; by: string }[]
  comments: { id: string; text: string; by: string; mine: boolean }[]
  requests: { id: string; state: string; answer: string | null }[]
  history: { current: boolean; rubricVersion: number }[]
}
type Job = { id: string; state: string; total: number; done: number; failed: number }
type Result = {
  state: string
  submission: string
  name: string
  digest: string
  error: string | null
  changes: { check: string; before: unknown; after: unknown }[]
}

const good = [['ubuntu-1', 'ping -c 1 198.51.100.9']] as const
const bad = [
  ['desk', 'Get-VM | Stop-VM -Force'],
  ['desk', 'ipconfig'],
] as const

let room: Room
let sam: Student
let ines: Student
let first: Awaited<ReturnType<Room['handIn']>>
let second: Awaited<ReturnType<Room['handIn']>>

const details = (id: string, who = room.teacher) => jsonOf<Details>(who('GET', `/v1/submissions/${id}`))
const graded = (id: string) =>
  until(
    () => details(id),
    ({ state }) => state === 'graded' || state === 'failed',
  )
const jobDone = (id: string) =>
  until(
    () => jsonOf<Job>(room.teacher('GET', `/v1/jobs/${id}`)),
    ({ state }) => state !== 'running',
  )
const resultsOf = async (id: string, search = '') =>
  (await jsonOf<{ results: Result[] }>(room.teacher('GET', `/v1/jobs/${id}/results${search}`))).results

beforeAll(async () => {
  room = await classroom()
  sam = await room.enrol('Sam Student')
  ines = await room.enrol('=Ines<Student>')
  first = await room.handIn(sam, good)
  second = await room.handIn(ines, bad, 10)
  await graded(first.id)
  await graded(second.id)
})

describe('a submission', () => {
  it('is graded by itself, with points and reasons, less what lateness takes', async () => {
    const one = await details(first.id)
    expect(one).toMatchObject({ state: 'graded', lab: first.lab, grade: { final: 3, of: 3, lost: 0, rubricVersion: 1 } })
    expect(one.grade?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(one.grade?.checks.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['guest-has-lease', 'pass'],
      ['guest-reaches-server', 'pass'],
    ])
    const other = await details(second.id)
    expect(other.grade?.final).toBeLessThan(3)
    expect(other.grade?.checks.some(({ outcome }) => outcome !== 'pass')).toBe(true)
  })

  it('is read by whoever handed it in and by those who teach, and does not exist for others', async () => {
    expect(await details(first.id, sam.ask)).toMatchObject({ id: first.id, grade: { final: 3 } })
    expect((await details(first.id, sam.ask)).grade?.checks.every(({ expected }) => expected === null)).toBe(true)
    const observer = await room.enrol('Olga', 'observer')
    expect(await details(first.id, observer.ask)).toMatchObject({ id: first.id })
    const stranger = (await classroom()).teacher
    for (const who of [ines.ask, stranger])
      expect(await problemOf(await who('GET', `/v1/submissions/${first.id}`))).toMatchObject({ status: 404, code: 'not-found' })
    expect((await sam.ask('GET', `/v1/submissions/${first.id}/archive`)).status).toBe(403)
    expect((await observer.ask('PUT', `/v1/submissions/${first.id}/override`, { points: 1, reason: 'x' })).status).toBe(403)
  })

  it('has evidence that is made again on the kept state, and is the same', async () => {
    const found = await jsonOf<{ digest: string; evidence: { packets: { bytes: string }[]; trial: boolean } }>(
      room.teacher('GET', `/v1/submissions/${first.id}/checks/guest-reaches-server/evidence`),
    )
    expect(found.digest).toBe((await details(first.id)).grade?.digest)
    expect(found.evidence.packets.length).toBeGreaterThan(0)
    if (found.evidence.trial) expect(found.evidence.packets[0].bytes).toMatch(/^[0-9a-f]+$/)
    expect((await room.teacher('GET', `/v1/submissions/${first.id}/checks/nonsense/evidence`)).status).toBe(404)
  })
})

describe('grading again', () => {
  it('changes nothing when nothing has changed, and says so', async () => {
    const before = await details(first.id)
    const { job } = await jsonOf<{ job: Job }>(room.teacher('POST', `/v1/submissions/${first.id}/regrade`))
    expect(await jobDone(job.id)).toMatchObject({ state: 'done', total: 1, done: 1, failed: 0 })
    const [result] = await resultsOf(job.id)
    expect(result).toMatchObject({ submission: first.id, name: 'Sam Student', digest: before.grade?.digest, changes: [] })
    expect((await details(first.id)).history).toHaveLength(1)
  })

  it('by a corrected rubric lists student, check, before and after, and keeps the old rubric', async () => {
    const rubric = `
- id: guest-has-lease
  check: has-lease
  machine: ubuntu-1
  subnet: default-switch
  from: desk
  title: The guest has an address
  points: 5
- id: used-ping
  check: command-used
  machine: ubuntu-1
  pattern: ping
  title: Somebody has pinged
  points: 4
`
    const path = `/v1/assignments/${room.assignmentId}/regrade`
    const answer = await room.teacher('POST', path, { rubric, reason: 'Pinging is worth more' })
    expect(answer.status).toBe(202)
    const { job, rubricVersion } = await jsonOf<{ job: Job; rubricVersion: number }>(answer)
    expect(rubricVersion).toBe(2)
    expect(await jobDone(job.id)).toMatchObject({ done: 2, failed: 0 })
    const changed = await resultsOf(job.id, '?changed=1')
    const sams = changed.find(({ submission }) => submission === first.id)
    expect(sams?.name).toBe('Sam Student')
    expect(sams?.changes).toContainEqual({
      check: 'used-ping',
      title: 'Somebody has pinged',
      before: null,
      after: { outcome: 'pass', points: 4, of: 4 },
    })
    expect(sams?.changes.find(({ check }) => check === 'guest-reaches-server')).toMatchObject({ after: null })
    expect(await details(first.id)).toMatchObject({
      grade: { final: 9, of: 9, rubricVersion: 2 },
      history: [{ current: true }, { current: false }],
    })
    const kept = await jsonOf<{ version: number; before: { version: number; rubric: string | null }[] }>(
      room.teacher('GET', `/v1/assignments/${room.assignmentId}/rubrics`),
    )
    expect(kept).toMatchObject({ version: 2, before: [{ version: 1, rubric: null }] })
    // And back.
    const back = await jsonOf<{ job: Job }>(room.teacher('POST', path, { rubric: null, reason: 'It was right before' }))
    await jobDone(back.job.id)
    expect(await details(first.id)).toMatchObject({ grade: { final: 3, of: 3, rubricVersion: 3 } })
  })

  it('refuses a rubric that does not fit, with line and field, and stores nothing', async () => {
    const rubric = '- id: a\n  check: has-lease\n  machine: nobody\n  subnet: default-switch\n  from: desk\n  title: A\n'
    const answer = await room.teacher('POST', `/v1/assignments/${room.assignmentId}/regrade`, { rubric, reason: 'x' })
    expect(await problemOf(answer)).toMatchObject({ status: 422, line: 3 })
    expect((await details(first.id)).grade).toMatchObject({ rubricVersion: 3 })
    const none = await room.teacher('POST', `/v1/assignments/${room.assignmentId}/regrade`, {
      reason: 'x',
      submissions: [first.id, 'nobody'],
    })
    expect(await problemOf(none)).toMatchObject({ status: 422, field: 'submissions.1' })
  })

  it('is for those who grade; the rubric is corrected by those who manage', async () => {
    const path = `/v1/assignments/${room.assignmentId}/regrade`
    const helper = await room.enrol('Hal', 'assistant')
    expect((await sam.ask('POST', path, { reason: 'x' })).status).toBe(403)
    expect((await helper.ask('POST', path, { reason: 'x', rubric: null })).status).toBe(403)
    const { job } = await jsonOf<{ job: Job }>(helper.ask('POST', path, { reason: 'x' }))
    expect((await helper.ask('GET', `/v1/jobs/${job.id}`)).status).toBe(200)
    expect((await sam.ask('GET', `/v1/jobs/${job.id}`)).status).toBe(404)
    const stranger = await classroom()
    expect((await stranger.teacher('POST', path, { reason: 'x' })).status).toBe(404)
    for (const [method, tail] of [
      ['GET', ''],
      ['GET', '/results'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['GET', '/junit.xml'],
      ['GET', '/grades.csv'],
    ])
      expect((await stranger.teacher(method, `/v1/jobs/${job.id}${tail}`)).status, tail).toBe(404)
    await jobDone(job.id)
  })
})

describe('points by hand', () => {
  it('replace those of a check, stay when it is graded again, and end', async () => {
    const path = `/v1/submissions/${first.id}/override`
    const set = await room.teacher('PUT', path, { check: 'guest-has-lease', points: 0.5, reason: 'The address was typed in' })
    expect(await jsonOf(set)).toMatchObject({ check: 'guest-has-lease', points: 0.5, by: 'Tess Teacher' })
    expect(await details(first.id)).toMatchObject({ grade: { final: 1.5 }, overrides: [{ reason: 'The address was typed in' }] })
    const { job } = await jsonOf<{ job: Job }>(room.teacher('POST', `/v1/submissions/${first.id}/regrade`))
    await jobDone(job.id)
    expect(await details(first.id, sam.ask)).toMatchObject({ grade: { final: 1.5 } })
    expect((await room.teacher('DELETE', `${path}?check=guest-has-lease`)).status).toBe(204)
    expect((await room.teacher('DELETE', `${path}?check=guest-has-lease`)).status).toBe(404)
    expect(await details(first.id)).toMatchObject({ grade: { final: 3 }, overrides: [] })
  })

  it('need a reason, a check that is there, and sensible points', async () => {
    const path = `/v1/submissions/${first.id}/override`
    const wrong = [
      { points: 1 },
      { points: 1, reason: ' ' },
      { points: -1, reason: 'x' },
      { points: 1.234, reason: 'x' },
      { points: 1e9, reason: 'x' },
    ]
    for (const body of wrong) expect((await room.teacher('PUT', path, body)).status, JSON.stringify(body)).toBe(400)
    expect(await problemOf(await room.teacher('PUT', path, { check: 'nobody', points: 1, reason: 'x' }))).toMatchObject({
      status: 422,
      field: 'check',
    })
    expect((await sam.ask('PUT', path, { points: 3, reason: 'please' })).status).toBe(403)
  })

  it('come of a request to look again, which is answered once', async () => {
    const path = `/v1/submissions/${second.id}/regrade-requests`
    expect((await room.teacher('POST', path, { text: 'x' })).status).toBe(403)
    expect((await sam.ask('POST', path, { text: 'x' })).status).toBe(404)
    const asked = await jsonOf<{ id: string }>(
      ines.ask('POST', path, { check: 'guest-has-lease', text: 'I had an address at first' }),
    )
    expect((await ines.ask('POST', path, { check: 'guest-has-lease', text: 'Well?' })).status).toBe(409)
    const open = await jsonOf<{ requests: { id: string }[] }>(
      room.teacher('GET', `/v1/assignments/${room.assignmentId}/regrade-requests`),
    )
    expect(open.requests.map(({ id }) => id)).toEqual([asked.id])
    const reply = `${path}/${asked.id}/answer`
    expect((await ines.ask('POST', reply, { accept: true, answer: 'yes', points: 2 })).status).toBe(403)
    expect((await room.teacher('POST', reply, { accept: false, answer: 'no', points: 2 })).status).toBe(400)
    const answered = await room.teacher('POST', reply, { accept: true, answer: 'You had one.', points: 2 })
    expect(await jsonOf(answered)).toMatchObject({ state: 'accepted', answer: 'You had one.' })
    expect((await room.teacher('POST', reply, { accept: false, answer: 'No.' })).status).toBe(409)
    expect(await details(second.id, ines.ask)).toMatchObject({
      overrides: [{ check: 'guest-has-lease', points: 2 }],
      requests: [{ state: 'accepted' }],
    })
  })

  it('comments are read by both sides, and taken back by whoever wrote them', async () => {
    const path = `/v1/submissions/${first.id}/comments`
    const said = await jsonOf<{ id: string }>(room.teacher('POST', path, { text: 'Well done <b>' }))
    await sam.ask('POST', path, { check: 'guest-has-lease', text: 'Thank you' })
    expect((await details(first.id, sam.ask)).comments).toMatchObject([
      { text: 'Well done <b>', by: 'Tess Teacher', mine: false },
      { text: 'Thank you', mine: true },
    ])
    expect((await sam.ask('DELETE', `${path}/${said.id}`)).status).toBe(404)
    expect((await room.teacher('DELETE', `${path}/${said.id}`)).status).toBe(204)
    expect((await ines.ask('POST', path, { text: 'Me too' })).status).toBe(404)
  })
})

describe('many at once', () => {
  it('labs and submissions are graded by the batch, by their own checks or by a rubric', async () => {
    const labs = [first.lab, second.lab]
    const made = await room.ask('POST', '/v1/grading/jobs', { labs })
    expect(made.status).toBe(202)
    const { job } = await jsonOf<{ job: Job }>(made)
    expect(made.headers.get('location')).toBe(`/v1/jobs/${job.id}`)
    expect(await jobDone(job.id)).toMatchObject({ total: 2, done: 2 })
    const { results } = await jsonOf<{ results: (Result & { lab: string; points: number; checks: Check[] })[] }>(
      room.ask('GET', `/v1/jobs/${job.id}/results`),
    )
    expect(results.map(({ lab }) => lab)).toEqual(labs)
    expect(results[0]).toMatchObject({ points: 3, digest: (await details(first.id)).grade?.digest })
    const junit = await (await room.ask('GET', `/v1/jobs/${job.id}/junit.xml`)).text()
    expect(junit).toMatch(/<testsuites [^>]*tests="4"/)
    expect(junit).toMatch(/<failure|<error/)
    const rubric = '- id: only\n  check: command-used\n  machine: ubuntu-1\n  pattern: ping\n  title: Pinged\n  points: 7\n'
    const tried = await jsonOf<{ job: Job }>(room.ask('POST', '/v1/grading/jobs', { submissions: [first.id], rubric }))
    await jobDone(tried.job.id)
    expect(await resultsOf(tried.job.id)).toMatchObject([{ submission: first.id, points: 7 }])
    expect((await details(first.id)).grade).toMatchObject({ final: 3 })
  })

  it('say which one is unknown, whoever else may have it', async () => {
    const foreign = await classroom()
    const theirs = await jsonOf<{ id: string }>(foreign.ask('POST', '/v1/labs', { definition: 'title: A', seed: 1 }))
    for (const [body, field] of [
      [{ labs: [first.lab, theirs.id ?? 'x'] }, 'labs.1'],
      [{ labs: ['nobody'] }, 'labs.0'],
      [{ submissions: ['nobody'] }, 'submissions.0'],
    ] as const)
      expect(await problemOf(await room.ask('POST', '/v1/grading/jobs', body))).toMatchObject({ status: 422, field })
    for (const body of [{}, { labs: [] }, { labs: ['a'], submissions: ['b'] }])
      expect((await room.ask('POST', '/v1/grading/jobs', body)).status).toBe(400)
    const rubric = '- id: a\n  check: nonsense\n'
    expect((await room.ask('POST', '/v1/grading/jobs', { labs: [first.lab], rubric })).status).toBe(422)
    expect((await sam.ask('POST', '/v1/grading/jobs', { labs: [first.lab] })).status).toBe(403)
  })

  it('are a table for spreadsheets and a report for CI, and names cannot break either', async () => {
    const csv = await (await room.teacher('GET', `/v1/assignments/${room.assignmentId}/grades.csv`)).text()
    expect(csv).toContain("'=Ines<Student>")
    expect(csv).not.toMatch(/(^|[,\n])"?=Ines/)
    expect(csv).toContain('The guest has an address from the Default Switch')
    const xml = await (await room.teacher('GET', `/v1/assignments/${room.assignmentId}/grades.xml`)).text()
    expect(xml).toContain('name="=Ines&lt;Student&gt;"')
    const { grades } = await jsonOf<{ grades: { name: string; points: number; attempts: number }[] }>(
      room.teacher('GET', `/v1/assignments/${room.assignmentId}/grades`),
    )
    expect(grades.map(({ name, attempts }) => [name, attempts])).toEqual([
      ['=Ines<Student>', 1],
      ['Sam Student', 1],
    ])
    expect((await sam.ask('GET', `/v1/assignments/${room.assignmentId}/grades`)).status).toBe(403)
    expect((await (await classroom()).teacher('GET', `/v1/assignments/${room.assignmentId}/grades`)).status).toBe(404)
  })
})

it('the overview tells a student what they handed in, as it counts, and a teacher where something waits', async () => {
  const its = await classroom()
  const [ann, ben] = [await its.enrol('Ann'), await its.enrol('Ben')]
  const made = await its.handIn(ann, good, 10)
  await its.handIn(ben, [])
  type Mine = { id: string; points: number | null; of: number | null; state: string }
  type Overview = { assignments: { id: string; submissions: number; ungraded: number }[]; mine: Mine[] }
  const seen = (who: { ask: Student['ask'] }) => jsonOf<Overview>(who.ask('GET', '/v1/grading/overview'))
  const teacher = { ask: its.teacher }
  await until(
    () => seen(teacher),
    ({ assignments }) => assignments[0].ungraded === 0,
  )
  const details = await jsonOf<Details>(its.teacher('GET', `/v1/submissions/${made.id}`))
  const { mine, assignments } = await seen(ann)
  expect(assignments).toEqual([])
  expect(mine).toMatchObject([{ id: made.id, state: 'graded', points: details.grade?.final, of: details.grade?.of }])
  expect(details.grade?.lost).toBeGreaterThan(0)
  const [{ id: check }] = details.grade?.checks ?? []
  const other = { check, points: 0, reason: 'It was not yours.' }
  expect((await its.teacher('PUT', `/v1/submissions/${made.id}/override`, other)).status).toBe(200)
  const after = await jsonOf<Details>(its.teacher('GET', `/v1/submissions/${made.id}`))
  expect(after.grade?.final).toBeLessThan(details.grade?.final ?? 0)
  expect((await seen(ann)).mine).toMatchObject([{ points: after.grade?.final }])
  expect((await seen(teacher)).assignments).toMatchObject([{ id: its.assignmentId, submissions: 2, ungraded: 0 }])
  expect((await seen(teacher)).mine).toEqual([])
})
