import { labFull } from './budgets.ts'
import { hasTerminal, openConsole } from './consoles.ts'
import type { Answer, Caller, Refusal } from './contract.ts'
import type { LabApi } from './engine/lab/lab-api.ts'
import type { LabKeeper, Live, Said, Turn } from './lab-keeper.ts'
import type { ExecAnswer, ExecRequest, HandAction } from './protocol.ts'
import { frozenLab, noConsole, refuse } from './refusal.ts'
import { findClientLine, findLine, type Line, NO_ANSWER } from './store/journal.ts'
import { boundOutput } from './store/text.ts'
import type { Terminals, Via } from './terminals.ts'

type Input = Parameters<LabKeeper['turn']>[1]
/** `reach` brings a lab in live time to now, before an input; `publish` tells everybody what came of it. */
type Around = {
  readonly reach: (live: Live) => void
  readonly publish: (live: Live, turn: Turn) => void
  /** Who types where. */
  readonly terminals: () => Pick<Terminals, 'claim' | 'hold'>
}

/** What people and scripts can do to a lab, over whatever way they came. */
export class Commands {
  private readonly keeper: LabKeeper
  private readonly around: Around

  constructor(keeper: LabKeeper, around: Around) {
    this.keeper = keeper
    this.around = around
  }

  exec(live: Live, { console, line, clientId }: ExecRequest, caller: Caller, via: Via): Answer<ExecAnswer> {
    const first = findClientLine(this.keeper.db, clientId)
    if (first) {
      const same = first.byPerson === caller.personId && first.console === console && first.line === line
      if (!same) return refuse(409, 'client-id-taken', 'Another command has this client id.', { field: 'clientId' })
      return { ok: true, value: toAnswer(first, true) }
    }
    if (!hasTerminal(live.lab, console)) return noConsole(console)
    const terminals = this.around.terminals()
    const taken = terminals.claim(console, caller, via)
    if (taken) return taken
    const operation = { do: 'line', console, line } as const
    const turn = this.input(live, { kind: 'exec', console, line, clientId, operation, caller }, (lab, id) => {
      const { output, exitStatus, status, startedAt, endedAt, prompt, unsettled } = lab.exec(console, line, id)
      // The packets are named by the keeper: it has seen them all, the lab only the last.
      const answer = { ...NO_ANSWER, prompt, unsettled, endedAt }
      if (via === 'call' && status !== 'done') terminals.hold(console, caller, id)
      return { output: boundOutput(output), exitStatus, status, started: startedAt, answer }
    })
    if (!turn) throw new Error('a command left no line')
    if ('ok' in turn) return turn
    return { ok: true, value: toAnswer(turn.line, false) }
  }

  job(id: string): Answer<ExecAnswer> {
    const line = /^\d{1,15}$/.test(id) ? findLine(this.keeper.db, Number(id)) : undefined
    if (line?.kind !== 'exec') return refuse(404, 'no-job', 'There is no such job.')
    return { ok: true, value: toAnswer(line, false) }
  }

  /** Ctrl-C is an input like any other: what happens after it depends on it. */
  interrupt(live: Live, console: string, caller: Caller, via: Via): Answer<{ readonly prompt: string }> {
    if (!openConsole(live.lab, console)) return noConsole(console)
    const taken = this.around.terminals().claim(console, caller, via)
    if (taken) return taken
    const operation = { do: 'interrupt', console } as const
    this.turn(live, { kind: 'interrupt', console, line: '', clientId: null, operation, caller }, (lab) => {
      lab.interrupt(console)
      return quiet(lab)
    })
    return { ok: true, value: { prompt: live.lab.console(console)?.prompt ?? '' } }
  }

  hand(live: Live, action: HandAction, caller: Caller): Answer<null> {
    let refusal: Refusal | undefined
    const line = `${action.action} ${'link' in action ? action.link : action.machine}`
    const operation = { do: 'hand', hand: action } as const
    const turn = this.input(live, { kind: 'hand', console: '', line, clientId: null, operation, caller }, (lab, id) => {
      const done = lab.hand(action, id)
      if (done.ok) return quiet(lab)
      refusal = refuse(409, 'not-possible', done.message)
      return undefined
    })
    if (turn && 'ok' in turn) return turn
    return refusal ?? { ok: true, value: null }
  }

  /** Any input that adds to the lab: refused when it is frozen or full, undefined when nothing was done. */
  input(live: Live, input: Input, run: Parameters<LabKeeper['turn']>[2]): Turn | Refusal | undefined {
    const { frozen } = this.keeper
    if (frozen) return frozenLab(frozen)
    return labFull(this.keeper.db) ?? this.turn(live, input, run)
  }

  /** What must be possible also when the lab is full. */
  always(live: Live, input: Input, run: Parameters<LabKeeper['turn']>[2]): void {
    this.turn(live, input, run)
  }

  /** A line of the journal that puts nothing into the lab. `write` is part of its commit. */
  note(live: Live, line: string, caller: Caller, write: () => void): void {
    const input = { kind: 'owner', console: '', line, clientId: null, operation: null, caller } as const
    this.always(live, input, (lab) => {
      write()
      return quiet(lab)
    })
  }

  reach(live: Live): void {
    this.around.reach(live)
  }

  private turn(live: Live, input: Input, run: Parameters<LabKeeper['turn']>[2]): Turn | undefined {
    this.reach(live)
    const turn = this.keeper.turn(live, input, run)
    if (turn) this.around.publish(live, turn)
    return turn
  }
}

const quiet = (lab: LabApi): Said => ({ output: '', exitStatus: 0, status: 'done', started: lab.now, answer: NO_ANSWER })

/** A line as an answer, as it stands now. */
export const toAnswer = (line: Line, repeated: boolean): ExecAnswer => ({
  status: line.status,
  job: String(line.id),
  output: line.output,
  exitStatus: line.exitStatus,
  prompt: line.answer.prompt,
  startedAt: line.started,
  endedAt: line.ended ?? line.answer.endedAt,
  packets: [...line.answer.packets],
  unsettled: [...line.answer.unsettled],
  repeated,
})
