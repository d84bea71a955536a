import { CatchUp } from './catch-up.ts'
import { type Hand, labAt, labMicros, wallMillis } from './clock-hand.ts'
import type { Answer } from './contract.ts'
import type { ConsoleOutput, LabApi } from './engine/lab/lab-api.ts'
import type { Text } from './happened.ts'
import type { LabKeeper, Live, Passage } from './lab-keeper.ts'
import { openLines } from './store/journal.ts'
import { type Pace, readPace, writePace } from './store/pace.ts'

// The only file with a timer. A pending one keeps the object in memory, and billed: so there is one only while time is live,
// not paused, and the page of somebody here is in sight; and it is short.

const TICK = 50
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
/** Should the object be lost while time goes on, this wakes it. */
const WATCHDOG = 60_000

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
  private readonly withLab: <T>(use: (live: Live) => Answer<T>) => Answer<T>
  private timer: ReturnType<typeof setTimeout> | undefined
  private hand: Hand = { wall: 0, lab: 0, speed: 1 }
  private lab: LabApi | undefined
  private catching: CatchUp | undefined
  /** What people were told since the last commit may not be so. */
  private lost = false
  private lastInput = 0
  private lastCommit = 0
  private lastStorm = 0
  /** Something happened that has no row yet. */
  private dirty = false
  private toldText = 0
  /** Lines that run, as of the last commit. */
  private running: ReadonlySet<number> | undefined

  constructor(storage: DurableObjectStorage, keeper: LabKeeper, audience: Audience, withLab: Pacer['withLab']) {
    this.storage = storage
    this.keeper = keeper
    this.audience = audience
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
    const wanted = lab.mode === 'live' && pace.running && this.audience.watched
    if (wanted && this.ticking) this.hold(live, pace)
    else if (wanted) this.begin(live, pace)
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

  /** Stops without a word: the rows are gone, or cannot be used. */
  halt(): void {
    if (this.timer !== undefined) clearTimeout(this.timer)
    this.timer = undefined
    this.catching = undefined
    this.lab = undefined
    this.lost = false
  }

  /** The watchdog. */
  woken(live: Live): void {
    this.review(live)
    if (this.ticking) void this.storage.setAlarm(Date.now() + WATCHDOG)
  }

  private begin(live: Live, pace: Pace): void {
    const now = Date.now()
    const { lab } = live
    // Lost while time went on: what people were told in the last second may not be so.
    if (pace.leftAt === null) this.audience.reset(live)
    const missed = pace.leftAt === null || pace.absence === 'frozen' ? 0 : labMicros(now - pace.leftAt, pace.speed)
    this.catching = missed >= labMicros(COMMIT, 1) ? new CatchUp(lab.now, missed) : undefined
    writePace(this.keeper.db, { leftAt: null })
    this.committed()
    this.lastInput = now
    this.hold(live, pace)
    this.schedule()
    void this.storage.setAlarm(now + WATCHDOG)
    this.audience.tellClock(live)
  }

  private end(live: Live, notice?: string, change: Partial<Pace> = {}): void {
    const { lab } = live
    const now = Date.now()
    const { speed } = this.hand
    const left = this.catching?.left(lab.now) ?? 0
    if (!this.catching && lab === this.lab && lab.mode === 'live') this.goOn(live, labAt(this.hand, now))
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
    const same = lab === this.lab && speed === this.hand.speed && lab.now <= labAt(this.hand, now)
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

  private schedule(): void {
    this.timer = setTimeout(() => this.tick(), TICK)
  }

  private tick(): void {
    if (!this.ticking) return
    const answer = this.withLab((live) => {
      this.beat(live)
      return { ok: true, value: null }
    })
    if (!answer.ok || this.lost) this.halt()
    if (this.ticking) this.schedule()
  }

  private beat(live: Live): void {
    const now = Date.now()
    if (live.lab !== this.lab) {
      this.catching = undefined
      this.committed()
      this.hold(live, readPace(this.keeper.db))
    }
    if (now - this.lastInput > IDLE) return this.idle(live)
    if (this.catching) return this.catchUp(live, this.catching)
    const { lab } = live
    const seen = lab.nextSighting
    const done = this.goOn(live, labAt(this.hand, now))
    const behind = labAt(this.hand, now) - lab.now
    if (behind < 0 || (!done && behind > labMicros(FURTHEST_BEHIND, this.hand.speed)))
      this.hand = { ...this.hand, wall: now, lab: lab.now }
    const full = this.keeper.frames.waiting.length > HELD.sightings || this.toldText > HELD.text
    if (this.dirty && (full || now - this.lastCommit >= COMMIT)) this.commit(live)
    else if (lab.nextSighting !== seen) this.audience.feed()
  }

  /** Runs the lab up to a moment; what consoles print is told at once. False: there was more to do than fits in a tick. */
  private goOn(live: Live, target: number): boolean {
    const { lab } = live
    const { done, events } = lab.runTo(target, TICK_EVENTS)
    // Inputs come between two moments, not in the middle of one: so it is when the session is run again.
    if (!done) lab.runTo(lab.now, TICK_EVENTS)
    if (events > 0) {
      this.dirty = true
      this.tell(live, lab.takeOutput())
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
