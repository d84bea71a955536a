import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import type { LabGradingCalls, LabHostCalls } from '../../durable/contract.ts'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { randomId, randomToken, sha256 } from '../../worker/auth/tokens.ts'
import { openDatabase } from '../../worker/db/database.ts'
import { assignment, copy, course, enrolment, lab, submission } from '../../worker/db/schema/index.ts'
import { tenantDb } from '../../worker/db/tenant/index.ts'
import type { Env } from '../../worker/env.ts'
import { submissionMade } from '../../worker/grading/on-submission.ts'
import { db, newKey, newOrganisation, newPerson, origin, service, signIn } from './service.ts'

// An organisation with a course, an assignment, and students who hand in real labs; what the pages of courses would do is written
// straight into the rows, and everything about grades goes over the API.

export const real = env as unknown as Env
const all = openDatabase(db)
const scopes = ['labs:read', 'labs:write', 'labs:check', 'grades:read', 'grades:write', 'courses:read', 'courses:write']

type Host = LabHostCalls & LabGradingCalls

export async function classroom({ counts = 'last' as 'last' | 'best', definition = yaml } = {}) {
  const { asker, request } = service({ LAB_HOST: real.LAB_HOST, OUTBOUND_LOOPBACK: 'allow' })
  const organisation = await newOrganisation()
  const ask = asker(await newKey(organisation, scopes))
  const teacher = asker(await signIn(organisation, 'teacher', 'Tess Teacher'))
  const [courseId, assignmentId] = [randomId(), randomId()]
  const now = Date.now()
  const made = { organisationId: organisation, createdBy: 'somebody', createdAt: now }
  await all.insert(course).values({ id: courseId, title: 'Networks 1', joinCode: null, archivedAt: null, ...made })
  await all.insert(assignment).values({
    ...{ id: assignmentId, courseId, title: 'Two rooms', brief: null, catalogueSlug: null, definition, labBrief: '' },
    ...{ rubric: null, rubricVersion: 1, state: 'published', opensAt: null, dueAt: null, closesAt: null, attempts: null },
    ...{ late: { percentPerDay: 10, graceMinutes: 0, mostDays: null }, variants: 'same', forGroups: false, selfChecks: true },
    ...{ counts, seedSecret: 'x', templateLabId: null, updatedAt: now, ...made },
  })

  async function enrol(name: string, role: 'student' | 'assistant' | 'observer' = 'student') {
    const id = await newPerson(organisation, role === 'student' ? 'student' : role, name)
    await all.insert(enrolment).values({ courseId, personId: id, role, createdAt: now })
    const token = randomToken()
    const insert = db.prepare(
      'insert into session (token_hash, person_id, organisation_id, created_at, expires_at) values (?, ?, ?, ?, ?)',
    )
    await insert.bind(await sha256(token), id, organisation, now, now + 600_000).run()
    const headers = { cookie: `switchroom_session=${token}`, origin }
    return { id, name, headers, ask: asker(headers) }
  }
  type Student = Awaited<ReturnType<typeof enrol>>
  const copies = new Map<string, string>()
  const attempts = new Map<string, number>()

  /** Types the lines into a lab of their own, freezes it, and hands it in. */
  async function handIn(student: Student, lines: readonly (readonly [console: string, line: string])[], latePercent = 0) {
    const { id: labId } = (await (await ask('POST', '/v1/labs', { definition, seed: 5 })).json()) as { id: string }
    const caller = { personId: student.id, name: student.name, role: 'student' } as const
    const row = await all.select().from(lab).where(eq(lab.id, labId)).get()
    if (row === undefined) throw new Error('there is no lab')
    const host = real.LAB_HOST.get(real.LAB_HOST.idFromString(row.objectId)) as unknown as Host
    for (const [console, line] of lines) await host.exec({ console, line, clientId: randomId() }, caller)
    await host.freeze('it was handed in', caller)
    await db.prepare("update lab set kind = 'submission', assignment_id = ? where id = ?").bind(assignmentId, labId).run()
    const holder = `person:${student.id}`
    const known = copies.get(student.id)
    const copyId = known ?? randomId()
    copies.set(student.id, copyId)
    const attempt = (attempts.get(student.id) ?? 0) + 1
    attempts.set(student.id, attempt)
    if (known === undefined)
      await all.insert(copy).values({
        ...{ id: copyId, assignmentId, holder, personId: student.id, groupId: null, labId: null, seed: 5 },
        ...{ createdAt: now, lastActiveAt: now },
      })
    const made = {
      ...{ id: randomId(), organisationId: organisation, assignmentId, copyId, holder, attempt, labId, submittedBy: student.id },
      ...{ submittedAt: Date.now(), lateMs: latePercent > 0 ? 3600_000 : 0, latePercent, state: 'submitted' as const },
    }
    await all.insert(submission).values(made)
    await submissionMade(real, tenantDb(all, organisation), made)
    return { id: made.id, lab: labId, host }
  }

  return {
    asker,
    request,
    organisation,
    ask,
    teacher,
    courseId,
    assignmentId,
    enrol,
    handIn,
    tenant: tenantDb(all, organisation),
  }
}

/** Asks until it is as wanted: what jobs do comes to pass by their own alarm. */
export async function until<T>(look: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const found = await look()
    if (wanted(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`it never came to be: ${JSON.stringify(await look())}`)
}

export const jsonOf = async <T>(answer: Response | Promise<Response>): Promise<T> => (await (await answer).json()) as T
