import { spanText } from './clock-hand.ts'
import type { Commands } from './commands.ts'
import type { Answer, Caller } from './contract.ts'
import { EVENT_BUDGET } from './engine/lab/index.ts'
import type { EventKind, LabApi, Mode, Operation } from './engine/lab/lab-api.ts'
import { MOST_PACKETS } from './happened.ts'
import type { LabKeeper, Live, Said } from './lab-keeper.ts'
import { type AdvanceAnswer, type AdvanceRequest, type ClockChange, type ClockState, eventKind } from './protocol.ts'
import { refuse } from './refusal.ts'
import { NO_ANSWER } from './store/journal.ts'
import { type Pace, readPace, writePace } from './store/pace.ts'

type Step = Extract<Operation, { readonly do: 'advance' | 'step' }>
type Moved = { readonly said: Said; readonly reached: boolean }

/** What people do to the time of a lab. */
export class Clock {
  private readonly keeper: LabKeeper
  private readonly commands: Commands
  private readonly changed: (live: Live) => void

  /** `changed` is called when time goes otherwise than before; that a lab was put forward is published like every input. */
  constructor(keeper: LabKeeper, commands: Commands, changed: (live: Live) => void) {
    this.keeper = keeper
    this.commands = commands
    this.changed = changed
  }

  state({ lab }: Live): ClockState {
    const { running, speed, absence } = readPace(this.keeper.db)
    const next = Object.fromEntries(eventKind.options.map((kind) => [kind, lab.nextOf(kind)])) as Record<EventKind, number | null>
    return { mode: lab.mode, running, speed, absence, now: lab.now, next }
  }

  change(live: Live, { mode, ...change }: ClockChange, caller: Caller): Answer<ClockState> {
    this.commands.reach(live)
    const before = readPace(this.keeper.db)
    if (mode !== undefined && mode !== live.lab.mode) {
      const full = this.mode(live, mode, caller)
      if (full) return full
    }
    // Time that stood still by somebody's wish is not missed.
    const begins = live.lab.mode === 'live' && (mode === 'live' || (change.running === true && !before.running))
    const wish: Partial<Pace> = { ...defined(change), ...(begins && { leftAt: Date.now() }) }
    if (Object.keys(wish).length > 0) writePace(this.keeper.db, wish)
    this.changed(live)
    return { ok: true, value: this.state(live) }
  }

  advance(live: Live, request: AdvanceRequest, caller: Caller): Answer<AdvanceAnswer> {
    this.commands.reach(live)
    const step = stepOf(live.lab, request)
    if (!step) return refuse(409, 'nothing-due', `Nothing of this kind is due: ${'to' in request ? request.to : 'event'}.`)
    let refused: string | undefined
    let moved: Moved | undefined
    const from = live.lab.now
    const first = live.lab.nextSighting
    const input = { kind: step.do, console: '', line: lineOf(request), clientId: null, operation: step, caller }
    const turn = this.commands.input(live, input, (_, id) => {
      const done = this.move(live, step, id)
      if (typeof done === 'string') refused = done
      else moved = done
      return typeof done === 'string' ? undefined : done.said
    })
    if (turn && 'ok' in turn) return turn
    if (!turn || !moved) return refuse(409, 'not-possible', refused ?? 'Time cannot be moved so.')
    const packets = new Set<number>()
    for (const one of turn.seen) if (one.sequence >= first && packets.size < MOST_PACKETS) packets.add(one.packet)
    const { reached, said } = moved
    const times = { startedAt: from, endedAt: said.answer.endedAt }
    return {
      ok: true,
      value: { ...times, reached, packets: [...packets], unsettled: [...said.answer.unsettled], line: turn.line.id },
    }
  }

  private mode(live: Live, mode: Mode, caller: Caller) {
    const operation: Operation = { do: 'mode', mode }
    const input = { kind: 'mode', console: '', line: `time ${mode}`, clientId: null, operation, caller } as const
    const turn = this.commands.input(live, input, (lab, id) => {
      const { startedAt, endedAt, unsettled } = lab.operate(operation, id)
      return { output: '', exitStatus: 0, status: 'done', started: startedAt, answer: { ...NO_ANSWER, unsettled, endedAt } }
    })
    return turn && 'ok' in turn ? turn : undefined
  }

  /** Answers why it was refused. */
  private move({ lab }: Live, step: Step, command: number): Moved | string {
    const started = lab.now
    const { refused, unsettled, endedAt } = lab.operate(step, command)
    if (refused !== undefined) return refused
    const reached = step.do === 'step' || endedAt >= step.to
    const short = `stopped after ${spanText(endedAt - started)}, at its budget of ${EVENT_BUDGET} events`
    const answer = { ...NO_ANSWER, unsettled: reached ? unsettled : [...unsettled, short], endedAt }
    return { said: { output: '', exitStatus: reached ? 0 : 1, status: 'done', started, answer }, reached }
  }
}

function stepOf(lab: LabApi, request: AdvanceRequest): Step | undefined {
  if ('step' in request) return { do: 'step', kind: request.step }
  if ('by' in request) return { do: 'advance', to: lab.now + request.by }
  const at = lab.nextOf(request.to)
  // What is due at this very moment is reached by the next one.
  return at === null ? undefined : { do: 'advance', to: Math.max(at, lab.now + 1) }
}

function lineOf(request: AdvanceRequest): string {
  if ('step' in request) return `step ${request.step}`
  return 'by' in request ? `advance by ${spanText(request.by)}` : `advance to ${request.to}`
}

function defined({ running, speed, absence }: Omit<ClockChange, 'mode'>): Partial<Pace> {
  return {
    ...(running !== undefined && { running }),
    ...(speed !== undefined && { speed }),
    ...(absence !== undefined && { absence }),
  }
}
