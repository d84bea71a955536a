// The consoles of a lab: lines in, and what they print, in the answer of the line or beside it.
import type { Recorder } from '../link/recorder.ts'
import type { ConsoleSession } from '../machine/console-session.ts'
import { isJob, screenOf } from '../machine/jobs.ts'
import type { Machine, MachineListener } from '../machine/machine.ts'
import type { Built } from './build.ts'
import type { ConsoleOutput, ConsoleView, ExecResult } from './lab-api.ts'
import type { Turner } from './turner.ts'

/** An answer names at most so many packets. */
const MAX_PACKETS = 1000

/** Ids of packets whose chain of causes begins at a command, as an answer names them. */
export const packetsOf = (recorder: Recorder, command: number, from: number): number[] =>
  recorder.packetsOf(command, from, MAX_PACKETS)

/** What machines print: text of the line that runs, and of everything else. */
export class Printout implements MachineListener {
  private running: { readonly console: string; readonly command: number; text: string; ended: number | undefined } | undefined
  private output: ConsoleOutput[] = []

  /** From now on text of this console belongs to this line. */
  begin(console: string, command: number): void {
    this.running = { console, command, text: '', ended: undefined }
  }

  /** The line has ended already: a program that runs has read it. */
  get taken(): boolean {
    return this.running?.ended !== undefined
  }

  /** What the line printed since `begin`, and its exit status when it has one. */
  end(): { readonly text: string; readonly ended: number | undefined } {
    const { text, ended } = this.running ?? { text: '', ended: undefined }
    this.running = undefined
    return { text, ended }
  }

  // A machine hands this on by itself, so it is a value and not a method.
  readonly printed = (session: ConsoleSession, command: number, text: string): void => {
    const console = screenOf(session.console)
    if (this.running?.console === console) this.running.text += text
    else this.output.push({ console, text, command, ended: null })
  }

  ended(session: ConsoleSession, command: number, exitStatus: number): void {
    if (this.running?.command === command) this.running.ended = exitStatus
    else this.cut(session.console, command, exitStatus)
  }

  rebooted(machine: Machine): void {
    for (const session of machine.sessions.values())
      if (!session.job) this.printed(session, 0, `\n${machine.hostname} has restarted.\n`)
  }

  /** A command that was parked or waited has ended. */
  cut(console: string, command: number, exitStatus: number): void {
    this.output.push({ console, text: '', command, ended: { exitStatus } })
  }

  take(): ConsoleOutput[] {
    const taken = this.output
    this.output = []
    return taken
  }
}

export class Consoles {
  private readonly built: Built
  private readonly turner: Turner
  private readonly printout: Printout

  constructor(built: Built, turner: Turner, printout: Printout) {
    this.built = built
    this.turner = turner
    this.printout = printout
  }

  /** After a lab was put back: lines that wait for what never comes by itself. */
  findParked(): void {
    for (const machine of this.built.machines.values()) {
      for (const session of machine.sessions.values()) if (session.parked) this.built.sim.parked.add(session.command)
    }
  }

  exec(console: string, line: string, command: number): ExecResult {
    const { sim, recorder } = this.built
    const machine = this.machineOf(console)
    const session = machine?.session(console)
    const startedAt = sim.now
    const from = recorder.next
    const refused = (output: string, prompt = ''): ExecResult => ({
      status: 'done',
      output,
      exitStatus: 1,
      prompt,
      startedAt,
      endedAt: startedAt,
      packets: [],
      unsettled: [],
    })
    if (!machine || !session) return refused(`There is no console ${console}.\n`)
    if (machine.power !== 'on') return refused(`${machine.hostname} is ${machine.power === 'off' ? 'switched off' : 'saved'}.\n`)
    const queued = session.busy
    this.printout.begin(console, command)
    if (!session.enter(line, command)) {
      this.printout.end()
      return refused('This console already has too many lines waiting.\n', session.prompt())
    }
    if (!queued) this.runLine(session, command)
    // What was typed for a program that reads lets that program go on.
    else if (this.printout.taken && session.busy) this.runLine(session, session.command)
    const unsettled = this.turner.settle()
    const { text, ended } = this.printout.end()
    return {
      status: ended !== undefined ? 'done' : queued ? 'queued' : 'running',
      output: text,
      exitStatus: ended ?? null,
      prompt: session.busy ? '' : promptOf(session, machine),
      startedAt,
      endedAt: sim.now,
      packets: packetsOf(recorder, command, from),
      unsettled,
    }
  }

  /** A line that ran over its budget is ended, and says so; the lab stays usable. */
  private runLine(session: ConsoleSession, command: number): void {
    const budget = this.turner.runLine(session, command)
    if (budget === undefined) return
    session.interrupt()
    this.printout.printed(session, command, `\nSwitchroom: stopped, because this command ran over its budget of ${budget}.\n`)
  }

  /** The lab is left as it is: whoever asked lets it settle. */
  interrupt(console: string): void {
    for (const command of this.machineOf(console)?.session(console)?.interrupt() ?? []) this.printout.cut(console, command, 130)
  }

  complete(console: string, line: string): { readonly from: number; readonly candidates: readonly string[] } {
    return this.machineOf(console)?.session(console)?.complete(line) ?? { from: line.length, candidates: [] }
  }

  one(name: string): ConsoleView | undefined {
    const machine = this.machineOf(name)
    const session = machine?.session(name)
    if (!machine || !session) return undefined
    return {
      console: name,
      machine: machine.name,
      prompt: promptOf(session, machine),
      busy: session.busy,
      command: session.command,
      history: session.history,
    }
  }

  all(): ConsoleView[] {
    const names = [...this.built.machines.values()]
      .filter((m) => m.definition.console)
      .flatMap((m) => [m.name, ...[...m.sessions.keys()].filter((n) => n !== m.name && !isJob(n))])
    return names.map((name) => this.one(name)).filter((view) => view !== undefined)
  }

  private machineOf(console: string): Machine | undefined {
    return this.built.machines.get(console.split(':')[0] as string)
  }
}

const promptOf = (session: ConsoleSession, machine: Machine): string => (machine.power === 'on' ? session.prompt() : '')
