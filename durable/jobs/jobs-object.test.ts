import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Jobs } from '../../worker/jobs/jobs.ts'
import { kinds } from '../../worker/jobs/kinds/index.ts'
import type { JobsCalls, NewJob, Plain } from './contract.ts'
import type { JobsObject } from './jobs-object.ts'
import { type Attempt, GiveUp, type Kind, lanes, TryLater } from './kind.ts'

// The real object of the real class, with kinds of jobs put into it that do what a test wants.

const { JOBS } = env as unknown as { JOBS: DurableObjectNamespace }
let nth = 0
let calls: { key: string; attempt: number }[]
let most: number
let under: number
let does: (attempt: Attempt) => Promise<Plain>

const kind = (name: string, lane: Kind<unknown>['lane']): Kind<unknown> => ({
  name,
  lane,
  attempts: 3,
  wait: 1_000,
  factor: 2,
  longest: 10_000,
  async run(_env, attempt) {
    calls.push({ key: attempt.key, attempt: attempt.attempt })
    most = Math.max(most, ++under)
    try {
      return await does(attempt)
    } finally {
      under--
    }
  },
})

const known = Object.getOwnPropertyDescriptor(Jobs.prototype, 'kinds') as PropertyDescriptor
beforeAll(() => {
  const get = () => [...kinds, kind('task', 'labs'), kind('other', 'outbound')]
  Object.defineProperty(Jobs.prototype, 'kinds', { configurable: true, get })
})
afterAll(() => void Object.defineProperty(Jobs.prototype, 'kinds', known))

beforeEach(() => {
  calls = []
  most = 0
  under = 0
  does = async ({ key }) => `${key} done`
})

function newQueue() {
  const name = `queue-${nth++}-${crypto.randomUUID()}`
  const get = () => JOBS.get(JOBS.idFromName(name))
  const calling = () => get() as unknown as JobsCalls
  const owner = { organisationId: name, jurisdiction: null }
  const within = <T>(use: (object: JobsObject<unknown>, state: DurableObjectState) => T | Promise<T>) =>
    runInDurableObject(get(), (object, state) => use(object as unknown as JobsObject<unknown>, state))
  return {
    within,
    calling,
    async add(job: Partial<NewJob> & { keys: readonly string[] }) {
      const { keys, ...rest } = job
      const whole: NewJob = {
        ...{
          kind: 'task',
          key: `job-${keys.join()}`,
          label: 'A job',
          by: 'me',
          tasks: keys.map((key) => ({ key, payload: { key } })),
        },
        ...rest,
      }
      const added = await calling().enqueue(owner, whole)
      if ('full' in added) throw new Error(added.full)
      return added
    },
    enqueue: (job: NewJob) => calling().enqueue(owner, job),
    runAlarm: () => runDurableObjectAlarm(get()),
    /** As if the time of everything that waits had come. */
    due: () => within((_, state) => void state.storage.sql.exec("UPDATE task SET due = 0 WHERE state = 'waiting'")),
    alarm: () => within((_, state) => state.storage.getAlarm()),
    evict: () => evictDurableObject(get()),
  }
}

/** Until the job is in that state: the alarm of the platform may have run it before we do. */
async function settle(queue: ReturnType<typeof newQueue>, id: string) {
  for (let round = 0; round < 50; round++) {
    await queue.runAlarm()
    const job = await queue.calling().job(id)
    if (job?.state !== 'running') return job
    await queue.due()
  }
  throw new Error('the job does not end')
}

const later = { notBefore: Date.now() + 3600_000 }

describe('a queue', () => {
  it('does what it was given, tells how far it is, and has no alarm when it is empty', async () => {
    const queue = newQueue()
    const { job, fresh } = await queue.add({ keys: ['a', 'b', 'c'], ...later })
    expect(fresh).toBe(true)
    expect(job).toMatchObject({ state: 'running', total: 3, done: 0, failed: 0, by: 'me', label: 'A job' })
    expect(await queue.alarm()).toBeGreaterThan(Date.now())
    await queue.due()
    expect(await settle(queue, job.id)).toMatchObject({ state: 'done', total: 3, done: 3, failed: 0 })
    const tasks = await queue.calling().tasks(job.id, { after: 0, limit: 10 })
    expect(tasks.map(({ key, result, attempts }) => [key, result, attempts])).toEqual([
      ['a', 'a done', 1],
      ['b', 'b done', 1],
      ['c', 'c done', 1],
    ])
    expect(await queue.alarm()).toBeNull()
  })

  it('takes the same key once, whatever else the job says', async () => {
    const queue = newQueue()
    const first = await queue.add({ keys: ['a'], key: 'once', ...later })
    const again = await queue.add({ keys: ['x', 'y'], key: 'once', ...later })
    expect(again.fresh).toBe(false)
    expect(again.job).toEqual(first.job)
    expect(await queue.calling().tasks(first.job.id, { after: 0, limit: 10 })).toHaveLength(1)
  })

  it('has so many under way at once, and no lane waits for another', async () => {
    const queue = newQueue()
    const keys = Array.from({ length: 12 }, (_, i) => `k${i}`)
    const { job } = await queue.add({ keys, ...later })
    const other = await queue.add({ kind: 'other', keys: ['quick'], ...later })
    let open = () => {}
    const closed = new Promise<void>((resolve) => {
      open = resolve
    })
    does = async ({ key }) => {
      if (key === 'quick') open()
      else await closed
      return key
    }
    await queue.due()
    await queue.runAlarm()
    expect(await queue.calling().job(job.id)).toMatchObject({ done: 12 })
    expect(await queue.calling().job(other.job.id)).toMatchObject({ done: 1 })
    expect(most).toBe(lanes.labs + 1)
  })

  it('tries again with more and more patience, then keeps a dead letter, which can be begun again', async () => {
    const queue = newQueue()
    does = async ({ attempt }) => {
      throw new Error(`no luck ${attempt}`)
    }
    const { job } = await queue.add({ keys: ['a'], ...later })
    const waits: number[] = []
    for (let attempt = 1; attempt <= 3; attempt++) {
      await queue.due()
      const before = Date.now()
      await queue.runAlarm()
      const [task] = await queue.calling().tasks(job.id, { after: 0, limit: 1 })
      expect(task.error).toBe(`no luck ${attempt}`)
      if (task.state === 'waiting') {
        waits.push(Math.round((task.at - before) / 1000))
        expect(await queue.alarm()).toBe(task.at)
      }
    }
    expect(waits).toEqual([1, 2])
    expect(await queue.calling().job(job.id)).toMatchObject({ state: 'done', failed: 1, done: 0 })
    expect(await queue.alarm()).toBeNull()
    expect(await queue.calling().dead({ before: null, limit: 10 })).toMatchObject([
      { job: job.id, key: 'a', attempts: 3, state: 'dead' },
    ])
    does = async () => 'at last'
    expect(await queue.calling().retry({ job: job.id })).toBe(1)
    expect(await settle(queue, job.id)).toMatchObject({ state: 'done', failed: 0, done: 1 })
    expect(await queue.calling().dead({ before: null, limit: 10 })).toEqual([])
  })

  it('gives up at once what would never be better, and waits as long as it is asked to', async () => {
    const queue = newQueue()
    does = async ({ key }) => {
      if (key === 'never') throw new GiveUp('it is gone')
      throw new TryLater('too busy', 77_000)
    }
    const { job } = await queue.add({ keys: ['never', 'later'], ...later })
    await queue.due()
    const before = Date.now()
    await queue.runAlarm()
    const [never, waits] = await queue.calling().tasks(job.id, { after: 0, limit: 2 })
    expect(never).toMatchObject({ state: 'dead', error: 'it is gone', attempts: 1 })
    expect(waits.state).toBe('waiting')
    expect(Math.round((waits.at - before) / 1000)).toBe(77)
  })

  it('can be stopped: what waits is not begun, what is under way ends', async () => {
    const queue = newQueue()
    const { job } = await queue.add({ keys: ['a', 'b', 'c', 'd', 'e'], ...later })
    let stopping: Promise<unknown> | undefined
    does = async ({ key }) => {
      stopping ??= queue.calling().cancel(job.id)
      await stopping
      return key
    }
    await queue.due()
    await queue.runAlarm()
    const seen = await queue.calling().job(job.id)
    expect(seen?.state).toBe('cancelled')
    expect((seen?.done ?? 0) + (seen?.cancelled ?? 0)).toBe(5)
    expect(seen?.done).toBeLessThanOrEqual(lanes.labs)
    expect(calls.length).toBe(seen?.done)
    expect(await queue.alarm()).toBeNull()
  })

  it('begins again what was under way when the object was lost, and counts it', async () => {
    const queue = newQueue()
    const { job } = await queue.add({ keys: ['a', 'b'], ...later })
    // As it stands in the rows when the machine is gone in the middle of both tasks.
    await queue.within((_, state) => void state.storage.sql.exec("UPDATE task SET state = 'running', attempts = 1"))
    await queue.within((_, state) => state.storage.deleteAlarm())
    await queue.evict()
    expect(await queue.calling().tasks(job.id, { after: 0, limit: 2 })).toMatchObject([
      { state: 'waiting' },
      { state: 'waiting' },
    ])
    // An alarm is set by whoever wakes up, because the one that was at work is gone.
    expect(await settle(queue, job.id)).toMatchObject({ state: 'done', done: 2 })
    expect(calls.every(({ attempt }) => attempt >= 2)).toBe(true)
  })

  it('gives up what was lost with the object again and again', async () => {
    const queue = newQueue()
    const { job } = await queue.add({ keys: ['deadly'], ...later })
    for (let times = 1; times <= 3; times++) {
      await queue.within((_, state) => void state.storage.sql.exec(`UPDATE task SET state = 'running', attempts = ${times}`))
      await queue.evict()
    }
    await settle(queue, job.id)
    const [task] = await queue.calling().tasks(job.id, { after: 0, limit: 1 })
    expect(task.state).toBe('dead')
    expect(task.error).toMatch(/never came to an end/)
    expect(calls).toEqual([])
  })

  it('lets what it does not know wait for the version that does', async () => {
    const queue = newQueue()
    const { job } = await queue.add({ keys: ['a'], kind: 'of-tomorrow', ...later })
    await queue.due()
    await queue.runAlarm()
    expect(await queue.calling().job(job.id)).toMatchObject({ state: 'running', done: 0, failed: 0 })
    expect(await queue.alarm()).toBeNull()
  })

  it('takes jobs from its own tasks, and begins them while others are still under way', async () => {
    const queue = newQueue()
    let told = () => {}
    const heard = new Promise<void>((resolve) => {
      told = resolve
    })
    does = async ({ key, enqueue }) => {
      if (key === 'first') {
        enqueue({ kind: 'other', key: 'news', label: 'Tell', by: null, tasks: [{ key: 'news', payload: null }] })
        return null
      }
      if (key === 'news') {
        told()
        return null
      }
      await heard
      return null
    }
    const { job } = await queue.add({ keys: ['first', 'slow'], ...later })
    await queue.due()
    await queue.runAlarm()
    expect(await queue.calling().job(job.id)).toMatchObject({ state: 'done', done: 2 })
    expect(calls.map(({ key }) => key).sort()).toEqual(['first', 'news', 'slow'])
    // The service's own jobs are not in the list of jobs that people started.
    expect((await queue.calling().jobs({ before: null, limit: 10 })).map(({ id }) => id)).toEqual([job.id])
  })

  it('does not lose what a task puts into it when it is full: the task is tried again', async () => {
    const queue = newQueue()
    const tasks = (many: number) => Array.from({ length: many }, (_, i) => ({ key: `${i}`, payload: null }))
    does = async ({ enqueue, attempt }) => {
      enqueue({ kind: 'task', key: 'more', label: 'More', by: 'me', tasks: tasks(attempt === 1 ? 10_001 : 1), ...later })
      return null
    }
    const { job } = await queue.add({ keys: ['a'], ...later })
    await queue.due()
    const before = Date.now()
    await queue.runAlarm()
    const [task] = await queue.calling().tasks(job.id, { after: 0, limit: 1 })
    expect(task).toMatchObject({ state: 'waiting', error: expect.stringMatching(/10000/) })
    expect(task.at).toBeGreaterThan(before + 50_000)
    await queue.within((_, state) => void state.storage.sql.exec('UPDATE task SET due = 0 WHERE id = ?', task.id))
    await queue.runAlarm()
    expect(await queue.calling().job(job.id)).toMatchObject({ state: 'done', done: 1 })
    expect((await queue.calling().jobs({ before: null, limit: 10 })).map(({ label }) => label)).toEqual(['More', 'A job'])
  })

  it('refuses what is too much, and takes nothing of it', async () => {
    const queue = newQueue()
    const tasks = Array.from({ length: 10_001 }, (_, i) => ({ key: `${i}`, payload: null }))
    const job = { kind: 'task', key: 'many', label: 'Many', by: 'me', ...later }
    expect(await queue.enqueue({ ...job, tasks })).toMatchObject({ full: expect.stringMatching(/10000/) })
    expect(await queue.enqueue({ ...job, tasks: [] })).toHaveProperty('full')
    expect(await queue.enqueue({ ...job, data: 'x'.repeat(1_000_001), tasks: tasks.slice(0, 1) })).toHaveProperty('full')
    expect(await queue.calling().jobs({ before: null, limit: 10 })).toEqual([])
    expect(await queue.alarm()).toBeNull()
  })
})
