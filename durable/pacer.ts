import { CatchUp } from './catch-up.ts'
import { type Hand, labAt, labMicros, wallMillis } from './clock-hand.ts'
import type { Answer } from './contract.ts'
import type { ConsoleOutput, LabApi } from './engine/lab/lab-api.ts'
import type { Text } from './happened.ts'
import type { LabKeeper, Live, Passage } from './lab-keeper.ts'
import { openLines } from './store/journal.ts'
import { readMeter, writeMeter } from './store/meter.ts'
import { type Pace, readPace, writePace } from './store/pace.ts'

// The only file with a timer. A pending one keeps the object in memory, and billed: so there is one only while time is live,
// not paused, and the page of somebody here is in sight; and it is short.

const TICK = 50
/** While a real machine is there, the lab wakes up for the next event, but not more often than the clock can tell. */
const SHORTEST = 1
/** What follows within so many microseconds of lab time is run at once: the clock of the platform tells only milliseconds. */
const AT_ONCE = 500
/** The lab may be so far ahead of the wall clock for it. */
const AHEAD = 2_000
/** Sightings that are taken for one commit while a real machine is there; of more, those that the ring of the engine still has. */
const RUSH = 4_000
/**
 * Milliseconds that the lab makes up for in one turn while something is due in it. Had it not been able to run for a while, what a
 * machine has answered meanwhile still waits in its socket; it must come in before a lab's patience is over.
 */
const STRIDE = 10
/** Between two commits, in milliseconds: rows written are billed. */
const COMMIT = 1_000
/** What is not committed yet may have so many sightings and characters, or it is committed sooner. */
const HELD = { sightings: 2_000, text: 64 * 1024 } as const
/** Events in one tick. */
export const TICK_EVENTS = 20_000
/** A lab that falls further behind the wall clock goes slower than it should, instead of never coming to rest. */
const FURTHEST_BEHIND = 2_000
/** Without an input for so long, time stands still although somebody watches. */
export const IDLE = 30 * 60_000
const SAME_INPUT = 10
/** A loop of cables storms with every broadcast: it is told about so often, in milliseconds. */
const STORM_PAUSE = 10_000
const NO_LIVE_TIME = 'Time stands still: the live hours of this month are used up. Time can still be moved by hand.'
/** Should the object be lost while time goes on, this wakes it. */
const WATCHDOG = 60_000

/** Real machines in the lab. */
export interface Machines {
  readonly anybody: boolean
  beat(live: Live): void
  committed(live: Live): void
}

/** Those who watch. */
export interface Audience {
  readonly watched: boolean
  stream(texts: readonly Text[]): void
  feed(): void
  publish(live: Live, passage: Passage): void
  tellClock(live: Live, notice?: string): void
  reset(live: Live): void
  welcomeAll(live: Live): void
}

/** Makes live time go on: keeps the lab's clock with the wall clock's, while somebody watches. */
export class Pacer {
  private readonly storage: DurableObjectStorage
  private readonly keeper: LabKeeper
  private readonly audience: Audience
  private readonly machines: Machines
  private readonly withLab: <T>(use: (live: Live) => Answer<T>) => Answer<T>
  private timer: ReturnType<typeof setTimeout> | undefined
  /** When the timer fires, and whether it may be set anew. */
  private wakeAt = 0
  private hand: Hand = { wall: 0, lab: 0, speed: 1 }
  private lab: LabApi | undefined
  private catching: CatchUp | undefined
  /** What people were told since the last commit may not be so. */
  private lost = false
  private lastInput = 0
  private lastCommit = 0
  private lastStorm = 0
  private lastFeed = 0
  /** Live time before it is in the rows. */
  private countedTo = 0
  private endsAt = Number.POSITIVE_INFINITY
  /** Something happened that has no row yet. */
  private dirty = false
  private toldText = 0
  /** Lines that run, as of the last commit. */
  private running: ReadonlySet<number> | undefined

  constructor(
    storage: DurableObjectStorage,
    keeper: LabKeeper,
    audience: Audience,
    machines: Machines,
    withLab: Pacer['withLab'],
  ) {
    this.storage = storage
    this.keeper = keeper
    this.audience = audience
    this.machines = machines
    this.withLab = withLab
  }

  get ticking(): boolean {
    return this.timer !== undefined
  }

  /** Begins or stops, as who is here and how time goes would have it. To be called after whatever may have changed that. */
  review(live: Live): void {
    const { lab } = live
    if (lab.mode === 'instant' && !this.ticking) return
    const pace = readPace(this.keeper.db)
    const there = lab.mode === 'live' && pace.running && (this.audience.watched || this.machines.anybody)
    const wanted = there && this.mayGoOn()
    this.keeper.most = this.machines.anybody ? RUSH : Number.POSITIVE_INFINITY
    if (wanted && this.ticking) {
      this.hold(live, pace)
      if (this.machines.anybody) this.schedule(live)
    } else if (wanted) this.begin(live, pace)
    else if (this.ticking) this.end(live)
    // It was lost while time went on, and nobody is here any more.
    else if (lab.mode === 'live' && pace.running && pace.leftAt === null) writePace(this.keeper.db, { leftAt: Date.now() })
  }

  /** Before an input: the lab is brought to now. What that brings is committed with the input. */
  reach(live: Live): void {
    const now = Date.now()
    // Once an input, however many look at the clock for it.
    const again = now - this.lastInput < SAME_INPUT
    this.lastInput = now
    if (again || !this.ticking || this.catching || live.lab !== this.lab) return
    this.goOn(live, labAt(this.hand, now))
  }

  /**
   * Real machines have sent something: the lab is brought to now, takes it, and what comes of it within moments comes at once, so that
   * an answer does not wait for a tick.
   */
  flow(live: Live, feed: (lab: LabApi) => void): void {
    const { lab } = live
    if (!this.ticking || this.catching || lab !== this.lab) return
    const now = Date.now()
    const target = this.stride(lab, labAt(this.hand, now))
    if (target > lab.now && !this.goOn(live, target)) return
    this.lastInput = now
    this.dirty = true
    feed(lab)
    for (let left = TICK_EVENTS; left > 0; ) {
      const at = lab.nextAt
      if (at === null || at > lab.now + AT_ONCE || at > target + AHEAD) break
      left -= Math.max(1, lab.runTo(at, left).events)
    }
    const outputs = lab.takeOutput()
    if (outputs.length > 0) this.tell(live, outputs)
    this.schedule(live)
  }

  private stride(lab: LabApi, target: number): number {
    const { nextAt, now } = lab
    if (!this.machines.anybody || nextAt === null || nextAt > target) return target
    return Math.min(target, now + labMicros(STRIDE, this.hand.speed))
  }

  /** Before somebody reads packets: also those of this moment. */
  show(live: Live): void {
    const { keeper } = this
    if (this.ticking && keeper.frames.waiting.length < keeper.most && keeper.fresh(live) > 0) keeper.drift(live, [])
  }

  /** After an input: everything that was held is committed. */
  committed(): void {
    this.running = undefined
    this.dirty = false
    this.toldText = 0
    this.lastCommit = Date.now()
  }

  /** The lab is made from its rows again, and they do not have what happened since the last commit. */
  failed(): void {
    this.lost = this.ticking
  }

  /** Time stands still from now on, until somebody lets it go on. */
  stop(live: Live): void {
    if (this.ticking) this.end(live, undefined, { running: false })
    else if (live.lab.mode === 'live') writePace(this.keeper.db, { running: false })
  }

  /** Stops without a word: the rows are gone, or cannot be used. */
  halt(): void {
    if (this.timer !== undefined) clearTimeout(this.timer)
    this.timer = undefined
    this.catching = undefined
    this.lab = undefined
    this.lost = false
  }

  /** So many milliseconds of live time are left, or more than matters: when they are used up time stands still until there are more. */
  allow(live: Live, left: number | null): void {
    if (this.ticking) this.countLive()
    const { liveMs, liveAllowed, liveUntil } = readMeter(this.keeper.db)
    const allowed = left === null || left > 0
    const until = left === null || left <= 0 ? null : liveMs + left
    if (allowed === liveAllowed && until === liveUntil) return
    writeMeter(this.keeper.db, { liveAllowed: allowed, liveUntil: until })
    this.setEnd()
    if (!allowed && this.ticking) this.end(live, NO_LIVE_TIME)
    else this.review(live)
  }

  /** The moment at which the live time that is left is used up, if time goes on from now. */
  private setEnd(): void {
    const { liveMs, liveUntil } = readMeter(this.keeper.db)
    this.endsAt = liveUntil === null ? Number.POSITIVE_INFINITY : this.countedTo + liveUntil - liveMs
  }

  /** For how long time has gone on by itself, up to now. */
  get liveMs(): number {
    return readMeter(this.keeper.db).liveMs + (this.ticking ? Date.now() - this.countedTo : 0)
  }

  private mayGoOn(): boolean {
    const { liveMs, liveAllowed, liveUntil } = readMeter(this.keeper.db)
    return liveAllowed && (liveUntil === null || liveMs < liveUntil)
  }

  private countLive(): void {
    const now = Date.now()
    writeMeter(this.keeper.db, { liveMs: readMeter(this.keeper.db).liveMs + Math.max(0, now - this.countedTo) })
    this.countedTo = now
  }

  /** The watchdog. */
  woken(live: Live): void {
    if (this.ticking) this.countLive()
    this.review(live)
    if (this.ticking) void this.storage.setAlarm(Date.now() + WATCHDOG)
  }

  private begin(live: Live, pace: Pace): void {
    const now = Date.now()
    const { lab } = live
    // Lost while time went on: what people were told in the last second may not be so.
    if (pace.leftAt === null) this.audience.reset(live)
    this.countedTo = now
    this.setEnd()
    const missed = pace.leftAt === null || pace.absence === 'frozen' ? 0 : labMicros(now - pace.leftAt, pace.speed)
    this.catching = missed >= labMicros(COMMIT, 1) ? new CatchUp(lab.now, missed) : undefined
    writePace(this.keeper.db, { leftAt: null })
    this.committed()
    this.lastInput = now
    this.hold(live, pace)
    this.schedule(live)
    void this.storage.setAlarm(now + WATCHDOG)
    this.audience.tellClock(live)
  }

  private end(live: Live, notice?: string, change: Partial<Pace> = {}): void {
    const { lab } = live
    const now = Date.now()
    const { speed } = this.hand
    const left = this.catching?.left(lab.now) ?? 0
    if (!this.catching && lab === this.lab && lab.mode === 'live') this.goOn(live, labAt(this.hand, now))
    this.countLive()
    this.halt()
    this.commit(live)
    writePace(this.keeper.db, { ...change, leftAt: now - wallMillis(left, speed) })
    void this.storage.deleteAlarm()
    this.audience.tellClock(live, notice)
  }

  /** Lab time goes on from where it is, unless it goes on already as it should. */
  private hold(live: Live, { speed }: Pace): void {
    const { lab } = live
    if (this.lost) this.takeBack(live)
    const now = Date.now()
    const ahead = this.machines.anybody ? 5 * AHEAD : 0
    const same = lab === this.lab && speed === this.hand.speed && lab.now <= labAt(this.hand, now) + ahead
    if (same) return
    this.lab = lab
    this.hand = { wall: now, lab: lab.now, speed }
  }

  private takeBack(live: Live): void {
    this.lost = false
    this.catching = undefined
    this.committed()
    this.audience.reset(live)
  }

  private schedule({ lab }: Live): void {
    const now = Date.now()
    const at = this.machines.anybody ? lab.nextAt : null
    const due = at === null ? TICK : wallMillis(at - labAt(this.hand, now), this.hand.speed)
    const wakeAt = now + Math.min(TICK, Math.max(SHORTEST, due))
    if (this.timer !== undefined) {
      if (this.wakeAt <= wakeAt) return
      clearTimeout(this.timer)
    }
    this.wakeAt = wakeAt
    this.timer = setTimeout(() => this.tick(), wakeAt - now)
  }

  private tick(): void {
    if (!this.ticking) return
    this.wakeAt = Number.POSITIVE_INFINITY
    const answer = this.withLab((live) => {
      this.beat(live)
      if (this.ticking) this.schedule(live)
      return { ok: true, value: null }
    })
    if (!answer.ok || this.lost) this.halt()
  }

  private beat(live: Live): void {
    const now = Date.now()
    if (live.lab !== this.lab) {
      this.catching = undefined
      this.committed()
      this.hold(live, readPace(this.keeper.db))
    }
    if (now - this.lastInput > IDLE) return this.idle(live)
    if (now >= this.endsAt) return this.end(live, NO_LIVE_TIME)
    if (this.catching) return this.catchUp(live, this.catching)
    const { lab } = live
    const seen = lab.nextSighting
    const done = this.goOn(live, this.stride(lab, labAt(this.hand, now)))
    this.machines.beat(live)
    if (!this.ticking) return
    const behind = labAt(this.hand, now) - lab.now
    if (behind < (this.machines.anybody ? -5 * AHEAD : 0) || (!done && behind > labMicros(FURTHEST_BEHIND, this.hand.speed)))
      this.hand = { ...this.hand, wall: now, lab: lab.now }
    // With a real machine there is always much to see; so often nobody commits.
    const many = !this.machines.anybody && this.keeper.frames.waiting.length > HELD.sightings
    if (this.dirty && (many || this.toldText > HELD.text || now - this.lastCommit >= COMMIT)) this.commit(live)
    else if (lab.nextSighting !== seen && now - this.lastFeed >= TICK) {
      this.lastFeed = now
      this.show(live)
      this.audience.feed()
    }
  }

  /** Runs the lab up to a moment; what consoles print is told at once. False: there was more to do than fits in a tick. */
  private goOn(live: Live, target: number): boolean {
    const { lab } = live
    const { done, events } = lab.runTo(target, TICK_EVENTS)
    // Inputs come between two moments, not in the middle of one: so it is when the session is run again.
    if (!done) lab.runTo(lab.now, TICK_EVENTS)
    if (events > 0) {
      this.dirty = true
      const outputs = lab.takeOutput()
      if (outputs.length > 0 || !this.machines.anybody) this.tell(live, outputs)
    }
    return done
  }

  private tell(live: Live, outputs: readonly ConsoleOutput[]): void {
    this.running ??= new Set(openLines(this.keeper.db).flatMap(({ id, status }) => (status === 'running' ? [id] : [])))
    // What ends, begins or is nobody's changes lines, and that is a matter for rows.
    if (outputs.some(({ command, ended }) => ended !== null || !this.running?.has(command))) {
      this.audience.publish(live, this.keeper.pass(live, outputs))
      return this.committed()
    }
    this.keeper.drift(live, outputs)
    if (outputs.length === 0) return
    const texts: Text[] = []
    for (const { console, text } of outputs) {
      this.toldText += text.length
      const last = texts.at(-1)
      if (last?.console === console) texts[texts.length - 1] = { ...last, text: last.text + text }
      else texts.push({ console, text, by: null })
    }
    this.audience.stream(texts)
  }

  private commit(live: Live): void {
    const storm = this.storm(live)
    if (storm !== undefined) return this.notice(live, storm)
    this.audience.publish(live, this.keeper.pass(live, live.lab.takeOutput()))
    this.committed()
    this.machines.committed(live)
    this.audience.tellClock(live)
  }

  /** What is to be told of frames that go round in circles, now. */
  private storm({ lab }: Live): string | undefined {
    const now = Date.now()
    if (now - this.lastStorm < STORM_PAUSE) return undefined
    const [first, ...more] = lab.takeStorms()
    if (first === undefined) return undefined
    this.lastStorm = now
    return more.length === 0 ? first : `${first} And ${more.length} more.`
  }

  private catchUp(live: Live, catching: CatchUp): void {
    if (!catching.slice(this.keeper, live)) return this.audience.tellClock(live)
    this.catching = undefined
    this.lab = undefined
    this.hold(live, readPace(this.keeper.db))
    this.notice(live, catching.sentence(live.lab.now))
    if (catching.printed) this.audience.welcomeAll(live)
  }

  private idle(live: Live): void {
    const notice = `Time stands still, because nothing was done for ${IDLE / 60_000} minutes. It goes on when you let it.`
    this.end(live, notice, { running: false })
  }

  /** A sentence that belongs to no console, in the journal and for everybody here. */
  private notice(live: Live, text: string): void {
    const said: ConsoleOutput = { console: '', text: `${text}\n`, command: 0, ended: null }
    this.audience.publish(live, this.keeper.pass(live, [...live.lab.takeOutput(), said]))
    this.committed()
    this.audience.tellClock(live, text)
  }
}
