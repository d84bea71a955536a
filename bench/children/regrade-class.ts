// regrade-class.ts SUBMISSIONS: two students hand in so often between them (nobody may have more than 200 labs), everything is graded
// again in one call, and the job is followed. In a process of its own, because the service writes its log to the standard output.
import { setTimeout } from 'node:timers/promises'
import type { LocalServer } from '../../scripts/local-server.ts'
import { type Client, milliseconds } from '../client.ts'
import { Service } from '../local-service.ts'

const SUBMISSIONS = Number(process.argv[2] ?? 200)
type Job = { readonly id: string; readonly state: string; readonly total: number; readonly done: number; readonly failed: number }

/** Of the first or the second student. */
async function sessionOf(server: LocalServer, nth: number): Promise<string> {
  const path = server.demo?.signIn.filter((one) => one.role === 'student')[nth]?.path ?? ''
  const answer = await fetch(server.url + path, { redirect: 'manual' })
  const page = answer.headers.getSetCookie().find((one) => one.startsWith('switchroom_session='))
  if (page === undefined) throw new Error(`no session for student ${nth}`)
  return page.split(';')[0]
}

async function measure(client: Client, server: LocalServer) {
  const cookies = [await sessionOf(server, 0), await sessionOf(server, 1)]
  const asStudent = async (nth: number, path: string, json: object = {}) => {
    const headers = { cookie: cookies[nth], origin: server.url, 'content-type': 'application/json' }
    const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(json) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string; labId: string }
  }
  const post = <T>(status: number, path: string, json: object) => client.want<T>(status, 'POST', path, json)
  const course = await post<{ id: string }>(201, '/v1/courses', { title: 'Bench' })
  for (const person of ['demo-student-1', 'demo-student-2'])
    await post(201, `/v1/courses/${course.id}/people`, { person, role: 'student' })
  const wish = { catalogue: 'default-switch', title: 'Bench' }
  const { id } = await post<{ id: string }>(201, `/v1/courses/${course.id}/assignments`, wish)
  await post(200, `/v1/assignments/${id}/publish`, {})
  for (const nth of [0, 1]) await asStudent(nth, `/v1/assignments/${id}/open`)
  for (let at = 0; at < SUBMISSIONS; at++) await asStudent(at % 2, `/v1/assignments/${id}/submissions`)
  type Overview = { assignments: { id: string; ungraded: number }[] }
  const ungraded = async () => {
    const { assignments } = await client.want<Overview>(200, 'GET', '/v1/grading/overview')
    return assignments.find((one) => one.id === id)?.ungraded
  }
  while ((await ungraded()) !== 0) await setTimeout(500)

  const seen = new Set<number>()
  let ended: Job | undefined
  const value = await milliseconds(async () => {
    const { job } = await post<{ job: Job }>(202, `/v1/assignments/${id}/regrade`, { reason: 'bench' })
    do {
      await setTimeout(100)
      ended = await client.want<Job>(200, 'GET', `/v1/jobs/${job.id}`)
      seen.add(ended.done)
    } while (ended.state === 'running')
  })
  if (ended?.done !== SUBMISSIONS) throw new Error(`only ${ended?.done} were graded: ${JSON.stringify(ended)}`)
  return { value: value / SUBMISSIONS, steps: seen.size, total: value }
}

const service = await Service.make()
try {
  console.log(JSON.stringify(await service.run(measure)))
} finally {
  service.remove()
}
