import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import yaml from '../../durable/definition/fixtures/two-rooms.yaml'
import { classroom, jsonOf } from '../../test/worker/classroom.ts'
import { db as d1, logged, problemOf } from '../../test/worker/service.ts'
import { openDatabase } from '../db/database.ts'
import { tenantDb } from '../db/tenant/index.ts'
import type { Env } from '../env.ts'
import { limitLive } from './live-time.ts'
import { measureLabs } from './measure.ts'

const HOUR = 3_600_000
let room: Awaited<ReturnType<typeof classroom>>
beforeEach(async () => {
  room = await classroom()
})
const limit = (quotas: object) =>
  d1.prepare('update organisation set quotas = ? where id = ?').bind(JSON.stringify(quotas), room.organisation).run()
const labs = async (): Promise<string[]> => {
  const rows = await d1
    .prepare("select kind from lab where organisation_id = ? and state <> 'tombstone' order by kind")
    .bind(room.organisation)
    .all<{ kind: string }>()
  return rows.results.map(({ kind }) => kind)
}
const open = (student: { ask: ReturnType<typeof room.asker> }) => student.ask('POST', `/v1/assignments/${room.assignmentId}/open`)
const send = (student: { ask: ReturnType<typeof room.asker> }) =>
  student.ask('POST', `/v1/assignments/${room.assignmentId}/submissions`, {})

describe('the copies of a class', () => {
  it('stop at what the organisation may have, in words for a student, and nothing is left of the one that was refused', async () => {
    await limit({ labs: 2 })
    const students = await Promise.all(['Ann', 'Ben', 'Cleo', 'Dan'].map((name) => room.enrol(name)))
    const answers = await Promise.all(students.map(open))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429])
    const refused = await problemOf(answers.find(({ status }) => status === 429) as Response)
    expect(refused).toMatchObject({
      code: 'too-many-labs',
      detail:
        'Your lab for this assignment was not made. Your organisation may have 2 labs, and there is no room left. Tell your teacher.',
    })
    expect(await labs()).toEqual(['copy', 'copy'])
    const copies = await d1.prepare('select count(*) as n from copy where assignment_id = ?').bind(room.assignmentId).first('n')
    expect(copies).toBe(2)

    // Room is made, and found a moment later although it was counted just now.
    const had = students[answers.findIndex(({ status }) => status === 200)]
    await d1.prepare("update lab set state = 'tombstone' where created_by = ?").bind(had?.id).run()
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const without = students[answers.findIndex(({ status }) => status === 429)]
    expect((await open(without as (typeof students)[0])).status).toBe(200)
  })

  it('stop at what one person may have: labs, machines and bytes', async () => {
    const [ann, ben] = [await room.enrol('Ann'), await room.enrol('Ben')]
    await limit({ personLabs: 1 })
    expect((await ann.ask('POST', '/v1/labs', { definition: yaml, seed: 1 })).status).toBe(201)
    const refused = await problemOf(await open(ann))
    expect(refused.code).toBe('quota-labs')
    expect(refused.detail).toContain('Delete labs of your own that you do not need, or tell your teacher.')
    await limit({ personMachines: 1 })
    expect((await problemOf(await open(ben))).code).toBe('quota-machines')
    expect(await labs()).toEqual(['own'])
    await limit({ personBytes: 1000 })
    await d1.prepare('update lab set bytes = 1000 where created_by = ?').bind(ann.id).run()
    expect((await problemOf(await open(ann))).code).toBe('quota-bytes')
    expect((await open(ben)).status).toBe(200)
  })

  it('are put back to the start as often as wanted by whoever has as many labs as they may', async () => {
    const ann = await room.enrol('Ann')
    await limit({ personLabs: 2 })
    expect((await open(ann)).status).toBe(200)
    const reset = () => ann.ask('POST', `/v1/assignments/${room.assignmentId}/reset`, {})
    for (let times = 0; times < 3; times++) expect((await reset()).status).toBe(200)
    expect(await labs()).toEqual(['copy', 'copy'])
  })
})

describe('handing in', () => {
  it('asks for bytes of the organisation alone, with a tenth more than others may fill', async () => {
    const ann = await room.enrol('Ann')
    expect((await open(ann)).status).toBe(200)
    await limit({ labs: 1, personLabs: 1, machines: 2, personMachines: 2, personBytes: 1, bytes: 1000 })
    const bytes = (n: number) => d1.prepare('update lab set bytes = ? where created_by = ?').bind(n, ann.id).run()
    await bytes(1000)
    expect((await problemOf(await ann.ask('POST', '/v1/labs', { definition: yaml, seed: 1 }))).status).toBe(429)
    expect((await send(ann)).status).toBe(201)
    await bytes(600)
    const refused = await problemOf(await send(ann))
    expect(refused).toMatchObject({ status: 429, code: 'quota-bytes' })
    expect(refused.detail).toMatch(/^Nothing was handed in, and your lab is as it was\. .* Tell your teacher\.$/)
    expect(await labs()).toEqual(['copy', 'submission'])
    const used = await jsonOf<{ labs: number; machines: number; bytes: number }>(ann.ask('GET', '/v1/account/usage'))
    expect(used).toMatchObject({ labs: 1, machines: 4, bytes: 1200 })
  })
})

describe('a person who teaches', () => {
  it('has a quota of their own too; what stands behind an assignment and what a key makes is not theirs', async () => {
    await limit({ personLabs: 1 })
    const post = (ask: typeof room.ask) => ask('POST', '/v1/labs', { definition: yaml, seed: 1 })
    expect((await post(room.teacher)).status).toBe(201)
    expect((await problemOf(await post(room.teacher))).detail).toContain('Delete some of your labs.')
    for (let times = 0; times < 2; times++) expect((await post(room.ask)).status).toBe(201)
    await d1.prepare("update lab set kind = 'template' where organisation_id = ?").bind(room.organisation).run()
    expect((await post(room.teacher)).status).toBe(201)
  })
})

describe('live hours', () => {
  const now = Date.now()
  const month = new Date(now).toISOString().slice(0, 7)
  const use = (actor: string, ms: number) =>
    d1
      .prepare(
        'insert into usage (organisation_id, actor_id, month, requests, live_ms) values (?, ?, ?, 0, ?) on conflict do update set live_ms = excluded.live_ms',
      )
      .bind(room.organisation, actor, month, ms)
      .run()
  /** What the lab was told last; undefined: nothing. */
  const told: (number | null)[] = []
  const listening = () => {
    const { LAB_HOST, ...rest } = env as unknown as Env
    const get = (id: DurableObjectId) => {
      const host = LAB_HOST.get(id) as unknown as { allowLive(left: number | null): Promise<unknown> }
      return new Proxy(host, {
        get: (target, call) =>
          call === 'allowLive'
            ? (left: number | null) => {
                told.push(left)
                return target.allowLive(left)
              }
            : Reflect.get(target, call),
      })
    }
    const proxy = { get, idFromString: (id: string) => LAB_HOST.idFromString(id), newUniqueId: () => LAB_HOST.newUniqueId() }
    return { LAB_HOST: proxy as unknown as DurableObjectNamespace, ...rest }
  }
  const rowOf = async (id: string) =>
    (await room.tenant.labs.find(id)) as NonNullable<Awaited<ReturnType<typeof room.tenant.labs.find>>>

  it('that are left are told to a lab when it is made, when somebody comes to it after a while, and when it is measured', async () => {
    await limit({ personLiveHours: 2, liveHours: 100 })
    const ann = await room.enrol('Ann')
    await use(ann.id, 2 * HOUR)
    const { labId } = await jsonOf<{ labId: string }>(open(ann))
    const live = await ann.ask('PATCH', `/v1/labs/${labId}/clock`, { mode: 'live' })
    expect(live.status).toBe(200)
    const env = listening()
    const tenant = tenantDb(openDatabase(d1), room.organisation)
    await limitLive(env, tenant, await rowOf(labId), now)
    expect(told).toEqual([])
    await use(ann.id, 1.5 * HOUR)
    await limitLive(env, tenant, await rowOf(labId), now + 2 * HOUR)
    expect(told).toEqual([0.5 * HOUR])
    await measureLabs(env, tenant, now)
    expect(told).toEqual([0.5 * HOUR, 0.5 * HOUR])
    await limit({})
    await measureLabs(env, tenant, now)
    expect(told.at(-1)).toBeNull()
    expect(logged.join('\n')).not.toContain('lab-not-limited')
  })
})
