import { GiveUp } from '../../durable/jobs/kind.ts'
import { openDatabase } from '../../worker/db/database.ts'
import { tenantDb } from '../../worker/db/tenant/index.ts'
import { returnGrade } from '../../worker/jobs/kinds/return-grade.ts'
import { returnJobs } from '../../worker/lti/return-to-platforms.ts'
import { type Browser, link, newAssignment, newSchool, request, type School, testEnv } from './lti-school.ts'
import { db } from './service.ts'

/** A school whose teacher has connected the course at the platform with one here, with an assignment in it. */
export async function newCourse(wish: Parameters<typeof newSchool>[0] = {}) {
  const school = await newSchool(wish)
  const { course, assignment } = await newAssignment(school.organisation)
  const teacher = school.browser()
  const opened = await teacher.launch('jane', link)
  const launch = /launches\/([a-z0-9]+)$/.exec(opened.headers.get('location') ?? '')?.[1] ?? ''
  const ask = askerOf(teacher)
  const connected = await ask('POST', `/v1/lti/launches/${launch}/course`, { course })
  if (connected.status !== 200) throw new Error(`not connected: ${await connected.text()}`)
  const toAssignment = { kind: 'link', link: { id: 'rl1', custom: { switchroom_assignment: assignment } } } as const
  return { ...school, course, assignment, teacher, ask, launch, toAssignment }
}
export type Course = Awaited<ReturnType<typeof newCourse>>

export const askerOf = (browser: Browser) => (method: string, path: string, json?: unknown) =>
  request(path, { method, json, headers: browser.headers })

export const personIn = async (browser: Browser): Promise<string> =>
  ((await (await request('/auth/session', { headers: browser.headers })).json()) as { person: { id: string } }).person.id

const check = (id: string, points: number, of: number) => ({
  ...{
    id,
    title: id,
    outcome: points === of ? 'pass' : 'fail',
    points,
    of,
    message: '',
    packets: [],
    hints: null,
    expected: null,
  },
  evidence: { trial: false, packets: [], rows: [], lines: [], at: 0 },
})

/** A submission of somebody, graded if points are given; null: not yet. */
export async function handIn(course: Course, person: string, attempt: number, points: number | null, late = 0): Promise<string> {
  const id = `s-${crypto.randomUUID().slice(0, 8)}`
  const holder = `person:${person}`
  await db
    .prepare(
      'insert or ignore into copy (id, assignment_id, holder, person_id, seed, created_at, last_active_at) values (?, ?, ?, ?, 1, 1, 1)',
    )
    .bind(`copy-${course.assignment}-${person}`, course.assignment, holder, person)
    .run()
  await db
    .prepare(
      `insert into submission (id, organisation_id, assignment_id, copy_id, holder, attempt, submitted_by, submitted_at, late_ms, late_percent, state)
       values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    )
    .bind(
      ...[
        id,
        course.organisation,
        course.assignment,
        `copy-${course.assignment}-${person}`,
        holder,
        attempt,
        person,
        Date.now(),
        late,
      ],
      points === null ? 'submitted' : 'graded',
    )
    .run()
  if (points !== null) await grade(id, points)
  return id
}

export async function grade(submission: string, points: number): Promise<void> {
  const report = { at: 0, rubric: null, chain: '', state: '', results: [check('one', points, 15), check('two', 0, 5)] }
  await db.prepare('update grade set current = 0 where submission_id = ?').bind(submission).run()
  await db
    .prepare(
      `insert into grade (id, submission_id, rubric_version, engine_version, points, "of", digest, report, graded_at, current)
       values (?, ?, 1, 1, ?, 20, 'd', ?, ?, 1)`,
    )
    .bind(crypto.randomUUID(), submission, points, JSON.stringify(report), Date.now())
    .run()
}

/** What the queue would do: every task of the jobs for this person, each once. Answers what went wrong. */
export async function deliver(
  course: School & { assignment: string },
  person: string,
  wish = { anew: false },
): Promise<string[]> {
  const tenant = tenantDb(openDatabase(db), course.organisation)
  const jobs = await returnJobs(tenant, course.assignment, [`person:${person}`], crypto.randomUUID(), wish)
  const faults: string[] = []
  for (const task of jobs.flatMap(({ tasks }) => tasks)) {
    const attempt = {
      owner: { organisationId: course.organisation, jurisdiction: null },
      ...{ job: 'j', task: 1, key: task.key, payload: task.payload, data: null, attempt: 1, last: false, enqueue: () => {} },
    }
    await returnGrade.run(testEnv, attempt).catch((error: Error) => {
      faults.push(`${error instanceof GiveUp ? 'given up' : 'again'}: ${error.message}`)
    })
  }
  return faults
}
