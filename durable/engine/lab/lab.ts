// A lab as its host drives it: lines in, text, packets and changed rows out. Synchronous; every call leaves the lab settled.
import type { Sighting, Vantage } from '../link/recorder.ts'
import type { ConsoleSession } from '../machine/console-session.ts'
import type { Kernel } from '../machine/kernel.ts'
import type { Machine, MachineListener } from '../machine/machine.ts'
import type { DhcpServerLeaseView } from '../machine/views.ts'
import type { Json } from '../sim/json.ts'
import type { Part, PartRow } from '../sim/part.ts'
import { DAY, NEVER } from '../sim/time.ts'
import { formatMac } from '../wire/addresses.ts'
import { type Built, buildWorld, RING } from './build.ts'
import { changesOf } from './changes.ts'
import { runChecks } from './checks/run.ts'
import type { LabDefinition } from './definition.ts'
import { SightingDigest } from './digest.ts'
import type {
  CheckOutcome,
  ConsoleOutput,
  ConsoleView,
  EventKind,
  ExecResult,
  Hand,
  JournalEntry,
  LabApi,
  LabClockRow,
  Mode,
  Operation,
  Shells,
  StoredLab,
  TopologyLink,
  TopologyNode,
} from './lab-api.ts'
import type { Change } from './query/query.ts'
import { topologyLinks, topologyNodes } from './topology.ts'
import { EVENT_BUDGET, Turner } from './turner.ts'

/** Changes when the same lab, seed and lines may give other packets. */
export const ENGINE_VERSION = 1
const MAX_PACKETS = 1000
/** Ten years, in microseconds. */
const FURTHEST = 3650 * DAY

export class Lab implements LabApi {
  readonly definition: LabDefinition
  readonly seed: number
  private readonly shells: Shells
  private readonly built: Built
  private readonly turner: Turner
  private readonly seen: SightingDigest
  /** Text by the command that runs, or for `takeOutput`. */
  private current: { console: string; text: string; ended: number | undefined; command: number } | undefined
  private output: ConsoleOutput[] = []
  /** The data of each part's last row: equal rows are not written again. Comparing texts is exact and cheaper than hashing. */
  private readonly written = new Map<string, string>()
  /** The number of each part, made anew when parts came or went. */
  private numbers: { readonly next: number; readonly count: number; readonly of: { readonly [part: string]: number } } | undefined

  constructor(
    definition: LabDefinition,
    seed: number,
    shells: Shells,
    stored?: StoredLab,
    ring: { slots: number; bytes: number } = RING,
  ) {
    this.definition = definition
    this.seed = seed
    this.shells = shells
    const listener: MachineListener = {
      printed: (session, command, text) => this.printed(session, command, text),
      ended: (session, command, status) => this.commandEnded(session, command, status),
      rebooted: (machine) => this.rebooted(machine),
    }
    this.built = buildWorld(definition, seed, shells, listener, stored, ring)
    this.seen = new SightingDigest(this.built.recorder, stored?.clock.digest)
    this.turner = new Turner(this.built, this.seen, stored?.clock.mode ?? 'instant')
    for (const row of stored?.parts ?? []) this.written.set(row.name, row.data)
    if (!stored) this.powerEverythingOn()
    else this.findParked()
  }

  private powerEverythingOn(): void {
    for (const machine of this.built.machines.values()) if (machine.definition.role !== 'guest') machine.powerOn()
    this.settle()
  }

  private findParked(): void {
    for (const machine of this.built.machines.values()) {
      for (const session of machine.sessions.values())
        if (session.waitingFor?.unbounded) this.built.sim.parked.add(session.command)
    }
  }

  get now(): number {
    return this.built.sim.now
  }
  get vantages(): readonly Vantage[] {
    return this.built.recorder.vantages
  }
  get nextSighting(): number {
    return this.built.recorder.next
  }
  get parts(): Built {
    return this.built
  }

  // Consoles

  private session(console: string): ConsoleSession | undefined {
    return this.built.machines.get(console.split(':')[0] as string)?.session(console)
  }

  exec(console: string, line: string, command: number): ExecResult {
    const { sim, recorder } = this.built
    const session = this.session(console)
    const startedAt = sim.now
    const from = recorder.next
    const nothing = { exitStatus: 1, startedAt, endedAt: startedAt, packets: [], unsettled: [] }
    if (!session) return { ...nothing, status: 'done', output: `There is no console ${console}.\n`, prompt: '' }
    const machine = this.built.machines.get(console.split(':')[0] as string) as Machine
    if (machine.power !== 'on')
      return {
        ...nothing,
        status: 'done',
        output: `${machine.hostname} is ${machine.power === 'off' ? 'switched off' : 'saved'}.\n`,
        prompt: '',
      }
    const queued = session.busy
    this.current = { console, text: '', ended: undefined, command }
    const current = this.current
    if (!session.enter(line, command)) {
      this.current = undefined
      return {
        ...nothing,
        status: 'done',
        output: 'This console already has too many lines waiting.\n',
        prompt: session.prompt(),
      }
    }
    if (!queued) this.runLine(session, command)
    const unsettled = this.settle()
    this.current = undefined
    const status = current.ended !== undefined ? 'done' : queued ? 'queued' : 'running'
    return {
      status,
      output: current.text,
      exitStatus: current.ended ?? null,
      prompt: session.busy ? '' : this.promptOf(session, machine),
      startedAt,
      endedAt: sim.now,
      packets: recorder.packetsOf(command, from, MAX_PACKETS),
      unsettled,
    }
  }

  /** A line that ran over its budget is ended, and says so; the lab stays usable. */
  private runLine(session: ConsoleSession, command: number): void {
    const budget = this.turner.runLine(session, command)
    if (budget === undefined) return
    session.interrupt()
    this.printed(session, command, `\nSwitchroom: stopped, because this command ran over its budget of ${budget}.\n`)
  }

  private settle(): string[] {
    const left = this.turner.settle()
    return [...left, ...this.storms()]
  }

  interrupt(console: string): void {
    const session = this.session(console)
    for (const command of session?.interrupt() ?? []) this.output.push({ console, text: '', command, ended: { exitStatus: 130 } })
    this.settle()
  }

  complete(console: string, line: string): { readonly from: number; readonly candidates: readonly string[] } {
    return this.session(console)?.complete(line) ?? { from: line.length, candidates: [] }
  }

  console(name: string): ConsoleView | undefined {
    const machine = this.built.machines.get(name.split(':')[0] as string)
    const session = machine?.session(name)
    if (!machine || !session) return undefined
    return {
      console: name,
      machine: machine.name,
      prompt: this.promptOf(session, machine),
      busy: session.busy,
      command: session.command,
      history: session.history,
    }
  }

  consoles(): ConsoleView[] {
    const names = [...this.built.machines.values()]
      .filter((m) => m.definition.console)
      .flatMap((m) => [m.name, ...[...m.sessions.keys()].filter((n) => n !== m.name)])
    return names.map((name) => this.console(name)).filter((view) => view !== undefined)
  }

  private promptOf(session: ConsoleSession, machine: Machine): string {
    return machine.power === 'on' ? session.prompt() : ''
  }

  private printed(session: ConsoleSession, command: number, text: string): void {
    if (this.current?.console === session.console) this.current.text += text
    else this.output.push({ console: session.console, text, command, ended: null })
  }

  private commandEnded(session: ConsoleSession, command: number, exitStatus: number): void {
    if (this.current?.command === command) this.current.ended = exitStatus
    else this.output.push({ console: session.console, text: '', command, ended: { exitStatus } })
  }

  private rebooted(machine: Machine): void {
    for (const session of machine.sessions.values()) this.printed(session, 0, `\n${machine.hostname} has restarted.\n`)
  }

  takeOutput(): ConsoleOutput[] {
    const taken = this.output
    this.output = []
    return taken
  }

  // Hands

  hand(action: Hand, command: number): { readonly ok: true } | { readonly ok: false; readonly message: string } {
    const { sim, links, machines } = this.built
    sim.origin = command
    sim.cause = 0
    if ('link' in action) {
      const link = links.find((l) => l.name === action.link)
      if (!link || link.kind === 'radio') return { ok: false, message: `There is no cable ${action.link}.` }
      link.cable.plug(action.action === 'plug')
    } else {
      const { machine: name, action: power } = action
      const machine = machines.get(name)
      if (!machine) return { ok: false, message: `There is no machine ${name}.` }
      this.setPower(machine, power === 'power-on')
    }
    this.settle()
    return { ok: true }
  }

  private setPower(machine: Machine, on: boolean): void {
    for (const { hyperV } of this.built.machines.values()) {
      const vm = hyperV?.vms.find((v) => v.guest === machine)
      if (!hyperV || !vm) continue
      if (on) hyperV.start(vm)
      else hyperV.stop(vm, 'turn-off')
      return
    }
    if (on) machine.powerOn()
    else machine.powerOff()
  }

  /** Runs one program on a machine to its end and answers what it reported: what behavioural checks do in a copy. */
  runProgram(machineName: string, program: string, args: Json): { events: Json[]; packets: number[] } {
    const { sim, recorder, machines } = this.built
    const machine = machines.get(machineName)
    const from = recorder.next
    if (machine?.power !== 'on') return { events: [], packets: [] }
    const origin = -1
    const pid = machine.spawn(program, args, '', origin)
    const last = sim.events + EVENT_BUDGET
    for (
      let process = machine.process(pid);
      process && process.exitCode === null && sim.events < last;
      process = machine.process(pid)
    )
      if (!this.turner.step()) break
    const events = machine.process(pid)?.events ?? []
    machine.reap(pid)
    return { events, packets: recorder.packetsOf(origin, from, MAX_PACKETS) }
  }

  // Time

  get mode(): Mode {
    return this.turner.mode
  }
  get events(): number {
    return this.built.sim.events
  }

  operate(operation: Operation, command: number, events = EVENT_BUDGET): ExecResult & { readonly refused?: string } {
    if (operation.do === 'line') return this.exec(operation.console, operation.line, command)
    const startedAt = this.now
    const from = this.nextSighting
    const refused = this.perform(operation, command, events)
    const unsettled = refused === undefined ? this.settle() : []
    const result = {
      status: 'done' as const,
      output: '',
      exitStatus: refused === undefined ? 0 : 1,
      prompt: '',
      startedAt,
      endedAt: this.now,
      unsettled,
    }
    const packets = this.built.recorder.packetsOf(command, from, MAX_PACKETS)
    return refused === undefined ? { ...result, packets } : { ...result, packets, refused }
  }

  /** Why it was not done, or undefined. */
  private perform(operation: Exclude<Operation, { do: 'line' }>, command: number, events: number): string | undefined {
    switch (operation.do) {
      case 'interrupt':
        this.interrupt(operation.console)
        return undefined
      case 'hand': {
        const done = this.hand(operation.hand, command)
        return done.ok ? undefined : done.message
      }
      case 'mode':
        this.turner.mode = operation.mode
        return undefined
      case 'advance':
        if (!(operation.to > this.now) || operation.to - this.now > FURTHEST)
          return 'A lab can be moved forward by at most ten years.'
        this.turner.runTo(operation.to, events)
        return undefined
      case 'step':
        return this.turner.stepOne(operation.kind) ? undefined : 'Nothing is due any more.'
      default:
        operation satisfies never
        return undefined
    }
  }

  runTo(until: number, events: number): { readonly now: number; readonly done: boolean; readonly events: number } {
    return this.turner.runTo(until, events)
  }

  nextOf(kind: EventKind): number | null {
    const at = this.turner.nextOf(kind)
    return at === NEVER ? null : at
  }

  digest(): string {
    return this.seen.value()
  }

  /** Frames that go round in circles between switches, one sentence each. */
  private storms(): string[] {
    return [...this.built.switches.values()].flatMap((hub) => hub.takeStorm() ?? [])
  }

  // Looking

  topology(): { now: number; nodes: TopologyNode[]; links: TopologyLink[] } {
    return { now: this.now, nodes: topologyNodes(this.definition, this.built), links: topologyLinks(this.built) }
  }

  machineNames(): string[] {
    return [...this.built.machines.keys()]
  }

  kernel(machine: string): Kernel | undefined {
    return this.built.machines.get(machine)?.kernelFor('', 0)
  }

  switchTable(name: string): { mac: string; port: string; age: number }[] | undefined {
    const hub = this.built.switches.get(name)
    if (hub) return hub.entries().map(({ mac, port, age }) => ({ mac: formatMac(mac), port: String(port + 1), age }))
    for (const { hyperV } of this.built.machines.values()) {
      if (hyperV?.fabric.name === name)
        return hyperV.fabric.portList
          .filter((p) => p.mac >= 0)
          .map(({ mac, label }) => ({ mac: formatMac(mac), port: label, age: 0 }))
    }
    return undefined
  }

  leases(): DhcpServerLeaseView[] {
    return this.machineNames().flatMap((name) => this.kernel(name)?.dhcpServerLeases() ?? [])
  }

  check(journal: readonly JournalEntry[]): CheckOutcome[] {
    return runChecks(this, () => this.copy(), journal)
  }

  /** The same lab in memory, with a capture of its own: what is done there leaves no trace here. */
  copy(): Lab {
    return new Lab(this.definition, this.seed, this.shells, this.save(), { slots: 2048, bytes: 1 << 19 })
  }

  sightings(from: number): Sighting[] {
    return this.built.recorder.read(from)
  }

  // Rows

  takeChanges(): {
    readonly clock: LabClockRow
    readonly changed: PartRow[]
    readonly removed: string[]
    readonly changes: Change[]
  } {
    const removed = this.built.sim.takeRemoved()
    const rows: PartRow[] = []
    const changes: Change[] = []
    for (const part of this.built.sim.parts()) {
      const row = rowOf(part)
      const before = this.written.get(row.name)
      if (before === row.data) continue
      this.written.set(row.name, row.data)
      rows.push(row)
      changes.push(...changesOf(before === undefined ? undefined : { ...row, data: before }, row, this.now, this.interfaceName))
    }
    for (const name of removed) this.written.delete(name)
    return { clock: this.clock(), changed: rows, removed, changes }
  }

  private readonly interfaceName = (machine: string, index: number): string =>
    this.built.machines.get(machine)?.stack.interfaces.get(index)?.name ?? `interface ${index}`

  save(): StoredLab {
    return { clock: this.clock(), parts: this.built.sim.parts().map(rowOf) }
  }

  private clock(): LabClockRow {
    const { sim, recorder } = this.built
    return {
      engine: ENGINE_VERSION,
      now: sim.now,
      nextPart: sim.partNumber,
      lastPacket: sim.lastPacket,
      nextSighting: recorder.next,
      mode: this.turner.mode,
      digest: this.seen.value(),
      seen: recorder.rate,
      numbers: this.partNumbers(),
    }
  }

  private partNumbers(): { readonly [part: string]: number } {
    const { sim } = this.built
    const parts = sim.parts()
    const { partNumber: next } = sim
    // Whoever comes takes the next number, so with the same one and as many parts nobody has come or gone.
    if (this.numbers?.next !== next || this.numbers.count !== parts.length) {
      this.numbers = { next, count: parts.length, of: Object.fromEntries(parts.map((part) => [part.name, sim.numberOf(part)])) }
    }
    return this.numbers.of
  }
}

const rowOf = (part: Part): PartRow => ({
  name: part.name,
  kind: part.kind,
  version: part.version,
  data: JSON.stringify(part.save()),
})
