import { DurableObject } from 'cloudflare:workers'
import { whatFailed } from '../what-failed.ts'
import type { JobsCalls, Named, NewJob, Owner, TaskState } from './contract.ts'
import { type Attempt, GiveUp, type Kind, type Lane, lanes, TryLater, waitOf } from './kind.ts'
import { type Due, Queue } from './queue.ts'
import { rest } from './rest.ts'

/** Tasks that one run of the alarm begins, and milliseconds in which it does: the platform bounds what one invocation may ask and last. */
const MOST_IN_A_RUN = 400
const LONGEST_RUN = 8 * 60_000
const LONGEST_ERROR = 500
/** After so long without a rest nothing is begun until there was one. */
const REST_AFTER = 1_000
/** Until somebody who found the queue full looks again. */
const FULL_WAIT = 60_000

type Run = {
  readonly begun: number
  left: number
  /** When it last was at rest. */
  rested: number
  readonly under: Map<Promise<void>, Lane>
  /** Something may have become due. */
  poke: () => void
}

/**
 * The queue of one organisation. It does nothing itself: it calls labs, the database and the outside, some at once, and remembers
 * how far it is. There is one alarm, at the time when something is due, and none when nothing is. Who makes a class of it says
 * which kinds of jobs there are.
 */
export abstract class JobsObject<E> extends DurableObject<E> implements JobsCalls {
  /** A getter, not a field: it is asked before the fields of the class are there. */
  protected abstract get kinds(): readonly Kind<E>[]
  private queue: Queue
  private run: Run | undefined

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    this.queue = new Queue(ctx.storage)
    ctx.blockConcurrencyWhile(async () => {
      this.queue.wake(Date.now())
      await this.arm()
    })
  }

  async enqueue(owner: Owner, job: NewJob) {
    const added = this.queue.add(owner, job, newId(), Date.now())
    await this.arm()
    return added
  }

  async job(id: string) {
    return this.queue.job(id) ?? null
  }

  async jobs({ before, limit }: { before: number | null; limit: number }) {
    return this.queue.jobs(before, limit)
  }

  async tasks(id: string, query: { after: number; limit: number; state?: TaskState; brief?: boolean }) {
    return this.queue.tasks(id, query)
  }

  async cancel(id: string) {
    const job = this.queue.cancel(id, Date.now()) ?? null
    await this.arm()
    return job
  }

  async dead({ before, limit }: { before: number | null; limit: number }) {
    return this.queue.dead(before, limit)
  }

  async retry(which: { job: string } | { task: number }) {
    const begun = this.queue.retry(which, Date.now())
    await this.arm()
    return begun
  }

  async forget(person: Named, alias: Named) {
    this.queue.forget(person, alias)
  }

  async destroy() {
    await this.ctx.storage.deleteAll()
    this.queue = new Queue(this.ctx.storage)
  }

  override async alarm(): Promise<void> {
    if (this.run) return
    const begun = Date.now()
    const run: Run = { begun, left: MOST_IN_A_RUN, rested: begun, under: new Map(), poke: () => {} }
    this.run = run
    try {
      do {
        if (Date.now() - run.rested > REST_AFTER) {
          await rest()
          run.rested = Date.now()
        }
        for (const lane of Object.keys(lanes) as Lane[]) this.fill(run, lane)
        const poked = new Promise<void>((resolve) => {
          run.poke = resolve
        })
        if (run.under.size > 0) await Promise.race([...run.under.keys(), poked])
      } while (run.under.size > 0)
    } finally {
      this.run = undefined
      await this.arm()
    }
  }

  /** Begins what is due, as far as the lane is wide. */
  private fill(run: Run, lane: Lane): void {
    const kinds = this.kinds.filter((kind) => kind.lane === lane).map(({ name }) => name)
    const busy = () => [...run.under.values()].filter((one) => one === lane).length
    while (kinds.length > 0 && run.left > 0 && Date.now() - run.begun < LONGEST_RUN && busy() < lanes[lane]) {
      const due = this.queue.take(kinds, Date.now())
      if (!due) return
      run.left--
      const ended: Promise<void> = this.attempt(due).finally(() => run.under.delete(ended))
      run.under.set(ended, lane)
    }
  }

  private async attempt(due: Due): Promise<void> {
    const kind = this.kinds.find(({ name }) => name === due.kind)
    const owner = this.queue.owner
    if (!kind || !owner) return
    const { id, job, key, payload, data, attempt } = due
    const enqueue = (more: NewJob) => {
      const added = this.queue.add(owner, more, newId(), Date.now())
      // What is not in the queue would be forgotten: this task is tried again instead, and with it what it had to say.
      if ('full' in added) throw new TryLater(added.full, FULL_WAIT)
    }
    const now: Attempt = { owner, job, task: id, key, payload, data, attempt, last: attempt >= kind.attempts, enqueue }
    try {
      // Whoever was lost in the middle so often that it was the last attempt, was lost because of it.
      if (attempt > kind.attempts) throw new GiveUp('It was begun several times and never came to an end.')
      const result = await kind.run(this.env, now)
      this.queue.end(id, { state: 'done', result }, Date.now())
    } catch (error) {
      const message = whatFailed(error).slice(0, LONGEST_ERROR)
      const over = now.last || error instanceof GiveUp
      if (over) {
        this.queue.end(id, { state: 'dead', error: message }, Date.now())
        await kind.gaveUp?.(this.env, now, message).catch(() => {})
      } else {
        const wait = error instanceof TryLater ? error.milliseconds : waitOf(kind, attempt)
        this.queue.again(id, message, Date.now() + wait)
      }
    }
  }

  /** While it is at work, it looks by itself, and its end sets the alarm. */
  private async arm(): Promise<void> {
    if (this.run) return this.run.poke()
    // What only another version of us knows waits for it.
    const next = this.queue.next(this.kinds.map(({ name }) => name))
    const { storage } = this.ctx
    const set = await storage.getAlarm()
    if (next === undefined) {
      if (set !== null) await storage.deleteAlarm()
    } else if (set === null || set > next) await storage.setAlarm(Math.max(next, Date.now()))
  }
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz'
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => letters[byte & 31]).join('')
