import type { LabDefinition } from '../engine/lab/definition.ts'
import { ENGINE_VERSION } from '../engine/lab/index.ts'
import type { ConsoleOutput, LabApi } from '../engine/lab/lab-api.ts'
import { after, causedBy } from '../happened.ts'
import { seenSince } from '../lab-keeper.ts'
import { openParsed } from '../runtime.ts'
import type { Seen } from '../store/frame-block.ts'
import { KEPT } from '../store/frames.ts'
import type { Came } from '../store/inputs.ts'
import type { Line } from '../store/journal.ts'
import { operationOf } from '../store/operation.ts'
import { boundOutput } from '../store/text.ts'

/** What may be run again for one question; the platform allows a call so much processor time and no more. */
export type Budget = { readonly lines: number; readonly events: number }
export const BUDGET: Budget = { lines: 1_000, events: 4_000_000 }

/** Sightings between two looks at them: the ring of the engine holds some thousand. */
const OFTEN = 500

/** More than the budget would have to be run again. */
export class TooFar extends Error {}
/** What a machine from outside has sent is not kept any more. */
export class InputsGone extends TooFar {}

export type Numbers = { readonly lastPacket: number; readonly nextSighting: number }

/** A lab beside the one in use, in which lines are given again, each at its lab time. */
export class Rerun {
  /** Lines that were given here, or had not ended when this began, as they stand now. */
  readonly lines = new Map<number, Line>()
  /** What was seen, the newest of it, until somebody empties this. */
  seen: Seen[] = []
  /** What of it no line has been told yet. */
  private fresh: Seen[] = []
  private current: LabApi
  private from: number
  private ran = 0
  private spent = 0
  private events: number
  private readonly budget: Budget

  constructor(lab: LabApi, open: readonly Line[], budget: Budget = BUDGET) {
    this.current = lab
    this.from = lab.nextSighting
    this.events = lab.events
    lab.readBy(() => this.collect())
    this.budget = budget
    for (const line of open) this.lines.set(line.id, line)
  }

  get lab(): LabApi {
    return this.current
  }

  /** Lines that have not ended. */
  get open(): Line[] {
    return [...this.lines.values()].filter(({ status }) => status !== 'done')
  }

  /** Lets time pass, as it does while nobody types. */
  passTo(until: number): void {
    if (until <= this.current.now) return
    const { done } = this.current.runTo(until, Math.max(0, this.left()))
    if (!done) throw new TooFar()
    this.giveOut(this.current.takeOutput())
  }

  /** Gives a line as `id`, at the lab time it has; answers it as it stands then. Lines that put nothing in only pass the time. */
  give(line: Line, id = line.id): Line {
    this.passTo(line.at)
    const operation = operationOf(line)
    if (operation === undefined) return line
    if (++this.ran > this.budget.lines || this.left() <= 0) throw new TooFar()
    const lab = this.current
    const at = lab.now
    const prompt = lab.console(line.console)?.prompt ?? ''
    const { status, output, exitStatus, startedAt, endedAt, unsettled, prompt: next } = lab.operate(operation, id)
    this.collect()
    const isLine = operation.do === 'line'
    const packets = causedBy(id, this.fresh)
    const again: Line = {
      ...line,
      id,
      at,
      prompt,
      status,
      output: boundOutput(output),
      exitStatus,
      started: startedAt,
      ended: status === 'done' ? lab.now : null,
      answer: isLine ? { prompt: next, packets, unsettled, endedAt } : line.answer,
      engine: ENGINE_VERSION,
      digest: lab.digest(),
    }
    if (isLine) this.lines.set(id, again)
    this.giveOut(lab.takeOutput())
    return this.lines.get(id) ?? again
  }

  /** Frames of machines from outside, each at the lab time at which it came. */
  giveFrames(came: Iterable<Came>): void {
    const lab = this.current
    let read = lab.nextSighting
    for (const { at, port, bytes } of came) {
      if (at > lab.now && !lab.runTo(at, Math.max(0, this.left())).done) throw new TooFar()
      lab.frame(port, bytes)
      if (lab.nextSighting - read < OFTEN) continue
      read = lab.nextSighting
      this.giveOut(lab.takeOutput())
    }
    if (lab.nextSighting > read) this.giveOut(lab.takeOutput())
  }

  /** From here on packets get numbers that none has had. */
  renumber(definition: LabDefinition, { lastPacket, nextSighting }: Numbers): void {
    this.spent += this.current.events - this.events
    const { clock, parts } = this.current.save()
    this.current = openParsed(definition, this.current.seed, { clock: { ...clock, lastPacket, nextSighting }, parts })
    this.events = this.current.events
    this.from = nextSighting
    this.seen = []
    this.fresh = []
    this.current.readBy(() => this.collect())
  }

  private left(): number {
    return this.budget.events - this.spent - (this.current.events - this.events)
  }

  /** As `spread` does it for the lab in use. */
  private giveOut(outputs: readonly ConsoleOutput[]): void {
    const lab = this.current
    const begin = (one: Line): Line => (one.status === 'queued' ? { ...one, status: 'running', started: lab.now } : one)
    for (const output of outputs) {
      const known = this.lines.get(output.command)
      if (!known || known.status === 'done') continue
      const one = after(begin(known), output, lab)
      this.lines.set(one.id, { ...one, output: boundOutput(one.output) })
    }
    this.collect()
    for (const one of this.open) {
      const begun = lab.console(one.console)?.command === one.id ? begin(one) : one
      this.lines.set(one.id, {
        ...begun,
        answer: { ...begun.answer, packets: causedBy(one.id, this.fresh, begun.answer.packets) },
      })
    }
    this.fresh = []
  }

  /** Before the lab overwrites it. */
  private collect(): void {
    const seen = seenSince(this.current, this.from)
    this.from = this.current.nextSighting
    for (const one of seen) {
      this.seen.push(one)
      this.fresh.push(one)
    }
    if (this.seen.length > 2 * KEPT.sightings) this.seen = this.seen.slice(-KEPT.sightings)
    if (this.fresh.length > 2 * KEPT.sightings) this.fresh = this.fresh.slice(-KEPT.sightings)
  }
}
