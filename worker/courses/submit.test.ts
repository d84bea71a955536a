import { beforeAll, describe, expect, it } from 'vitest'
import { classroom, jsonOf, real, until } from '../../test/worker/classroom.ts'
import { db, logged, problemOf, service } from '../../test/worker/service.ts'
import type { Env } from '../env.ts'
import { settleSubmissions } from './settle-submissions.ts'

// Handing in when something breaks on the way: nothing is lost, nothing stays ungraded, no lab stays that belongs to nobody.

type Room = Awaited<ReturnType<typeof classroom>>
type Student = Awaited<ReturnType<Room['enrol']>>
type Made = { id: string; attempt: number; state: string; labId: string }

let room: Room
let sam: Student
const at = (path: string) => `/v1/assignments/${room.assignmentId}${path}`
const submissions = async () =>
  (await db.prepare('select * from submission where submitted_by = ? order by attempt').bind(sam.id).all()).results
/** Submitted labs that are not gone. */
const labs = async () =>
  (
    await db
      .prepare("select id from lab where created_by = ? and kind = 'submission' and state <> 'tombstone'")
      .bind(sam.id)
      .all<{ id: string }>()
  ).results.map(({ id }) => id)
const stateOf = (id: string) => db.prepare('select state from submission where id = ?').bind(id).first<string>('state')
const graded = (id: string) =>
  until(
    () => stateOf(id),
    (state) => state === 'graded',
  )
const make = (set: string, id: string) => db.prepare(`update submission set ${set} where id = ?`).bind(id).run()
const handIn = async (who: { ask: Student['ask'] } = sam) => jsonOf<Made>(who.ask('POST', at('/submissions'), {}))
const settle = () => settleSubmissions(real, room.tenant, Date.now())

/** The same student at a service of which something is broken. */
const broken = (more: Partial<Env>) => {
  const { asker } = service({ LAB_HOST: real.LAB_HOST, OUTBOUND_LOOPBACK: 'allow', ...more })
  return { ask: asker(sam.headers) }
}
const fullQueue = {
  idFromName: (name: string) => name,
  get: () => ({ enqueue: async () => ({ full: 'The queue holds 50000 tasks; wait until some have ended.' }) }),
} as unknown as DurableObjectNamespace
/** Lab objects of which one method fails. */
function labsWithout(method: string): DurableObjectNamespace {
  type Methods = Record<string, (...given: unknown[]) => unknown>
  const instead = (target: Methods, change: (name: string) => ((...given: unknown[]) => unknown) | undefined) =>
    new Proxy(target, { get: (_, name) => change(String(name)) ?? ((...given: unknown[]) => target[String(name)](...given)) })
  const failing = async () => Promise.reject(new Error('the power failed'))
  return instead(real.LAB_HOST as unknown as Methods, (name) =>
    name !== 'get'
      ? undefined
      : (id) =>
          instead(real.LAB_HOST.get(id as DurableObjectId) as unknown as Methods, (called) =>
            called === method ? failing : undefined,
          ),
  ) as unknown as DurableObjectNamespace
}

beforeAll(async () => {
  room = await classroom()
  sam = await room.enrol('Sam')
  expect((await sam.ask('POST', at('/open'))).status).toBe(200)
})

describe('what was handed in', { timeout: 60_000 }, () => {
  it('is handed in when the queue refuses, and graded when it takes things again', async () => {
    const made = await handIn(broken({ JOBS: fullQueue }))
    expect(made).toMatchObject({ state: 'submitted', attempt: 1 })
    expect(logged.some((line) => line.includes('submission-not-queued') && line.includes(made.id))).toBe(true)
    expect(await settle()).toBe(0)
    expect(await stateOf(made.id)).toBe('submitted')
    await make('submitted_at = 1', made.id)
    // As long as it refuses, nothing is lost.
    await settleSubmissions({ ...real, JOBS: fullQueue }, room.tenant, Date.now())
    expect(await stateOf(made.id)).toBe('submitted')
    expect(await settle()).toBe(1)
    await graded(made.id)
    expect(await settle()).toBe(0)
  })

  it('is looked after while somebody looks at the class', async () => {
    const made = await handIn(broken({ JOBS: fullQueue }))
    await make('submitted_at = 1', made.id)
    expect((await room.teacher('GET', at('/table'))).status).toBe(200)
    await graded(made.id)
  })

  it('is away, with its lab, when it could not be frozen, and can be handed in again', async () => {
    const before = [await submissions(), await labs()]
    const answer = await broken({ LAB_HOST: labsWithout('freeze') }).ask('POST', at('/submissions'), {})
    expect(await problemOf(answer)).toMatchObject({ status: 500 })
    expect([await submissions(), await labs()]).toEqual(before)
    const again = await handIn()
    expect(again).toMatchObject({ state: 'submitted', attempt: before[0].length + 1 })
    await graded(again.id)
  })

  it('is gone on with where whoever made it was cut off: its fork was whole', async () => {
    const made = await handIn()
    await graded(made.id)
    await db.prepare('delete from grade where submission_id = ?').bind(made.id).run()
    await make("state = 'making', submitted_at = 1", made.id)
    const next = await handIn()
    expect(next.attempt).toBe(made.attempt + 1)
    expect(await db.prepare('select lab_id from submission where id = ?').bind(made.id).first('lab_id')).toBe(made.labId)
    expect(await stateOf(made.id)).not.toBe('making')
    expect((await labs()).includes(made.labId)).toBe(true)
  })

  it('was never there when there is no fork: the attempt is not used up', async () => {
    const made = await handIn()
    await make("state = 'making', lab_id = null, submitted_at = 1", made.id)
    expect(await settle()).toBeGreaterThan(0)
    expect(await stateOf(made.id)).toBeNull()
    expect(await handIn()).toMatchObject({ attempt: made.attempt })
  })

  it('failed, and says so, when its job has ended and nobody wrote down how', async () => {
    const made = await handIn()
    await graded(made.id)
    await make("state = 'grading', submitted_at = 1", made.id)
    await settle()
    expect(await stateOf(made.id)).toBe('graded')
    await db.prepare('delete from grade where submission_id = ?').bind(made.id).run()
    await make("state = 'grading', submitted_at = 1", made.id)
    await settle()
    expect(await stateOf(made.id)).toBe('failed')
  })
})
