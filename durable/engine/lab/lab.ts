// A lab as its host drives it: lines in, text, packets and changed rows out. Synchronous; every call leaves the lab settled.
import type { Sighting, Vantage } from '../link/recorder.ts'
import type { VerdictCode } from '../link/verdict.ts'
import type { Kernel } from '../machine/kernel.ts'
import type { DhcpServerLeaseView } from '../machine/views.ts'
import type { Json } from '../sim/json.ts'
import { DAY, NEVER } from '../sim/time.ts'
import { formatMac } from '../wire/addresses.ts'
import { type Built, buildWorld, RING } from './build.ts'
import { askedOf, readFact } from './checks/facts/read.ts'
import { factNow } from './checks/property.ts'
import { runChecks } from './checks/run.ts'
import { Consoles, Printout, packetsOf } from './consoles.ts'
import type { CheckDefinition, LabDefinition } from './definition.ts'
import { SightingDigest } from './digest.ts'
import { takeHand } from './hands.ts'
import type {
  CheckMaterial,
  CheckOutcome,
  ConsoleOutput,
  ConsoleView,
  EventKind,
  ExecResult,
  GivenAnswer,
  Hand,
  JournalEntry,
  LabApi,
  Mode,
  Operation,
  PortView,
  Shells,
  StoredLab,
  TopologyLink,
  TopologyNode,
} from './lab-api.ts'
import { prepare } from './prepare.ts'
import { Rows } from './rows.ts'
import { topologyLinks, topologyNodes } from './topology.ts'
import { EVENT_BUDGET, Turner } from './turner.ts'

/** What a copy remembers of its packets. */
const COPY_RING = { slots: 2048, bytes: 1 << 19 } as const

/** Ten years, in microseconds. */
const FURTHEST = 3650 * DAY

export class Lab implements LabApi {
  readonly definition: LabDefinition
  readonly seed: number
  private readonly shells: Shells
  private readonly built: Built
  private readonly turner: Turner
  private readonly seen: SightingDigest
  private readonly printout = new Printout()
  private readonly desk: Consoles
  private readonly rows: Rows

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
    this.built = buildWorld(definition, seed, shells, this.printout, stored, ring)
    this.seen = new SightingDigest(this.built.recorder, stored?.clock.digest)
    this.turner = new Turner(this.built, this.seen, stored?.clock.mode ?? 'instant')
    this.desk = new Consoles(this.built, this.turner, this.printout)
    this.rows = new Rows(this.built, this.turner, this.seen, stored)
    if (stored) this.desk.findParked()
    else {
      this.powerEverythingOn()
      prepare(this)
    }
  }

  private powerEverythingOn(): void {
    for (const machine of this.built.machines.values()) if (machine.definition.role !== 'guest') machine.powerOn()
    this.turner.settle()
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

  exec(console: string, line: string, command: number): ExecResult {
    return this.desk.exec(console, line, command)
  }

  interrupt(console: string): void {
    this.desk.interrupt(console)
    this.turner.settle()
  }

  complete(console: string, line: string): { readonly from: number; readonly candidates: readonly string[] } {
    return this.desk.complete(console, line)
  }

  console(name: string): ConsoleView | undefined {
    return this.desk.one(name)
  }

  consoles(): ConsoleView[] {
    return this.desk.all()
  }

  hasTerminal(machine: string): boolean {
    const { machines } = this.built
    const isGone = [...machines.values()].some(({ hyperV }) => hyperV?.farm.idle.includes(machine))
    return machines.get(machine)?.definition.console === true && !isGone
  }

  takeOutput(): ConsoleOutput[] {
    return this.printout.take()
  }

  // Hands

  hand(action: Hand, command: number): { readonly ok: true } | { readonly ok: false; readonly message: string } {
    const message = takeHand(this.built, action, command)
    if (message !== undefined) return { ok: false, message }
    this.turner.settle()
    return { ok: true }
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
    return { events, packets: packetsOf(recorder, origin, from) }
  }

  // Machines from outside

  frame(port: string, bytes: Uint8Array): VerdictCode | undefined {
    return this.built.jacks.send(port, bytes)
  }

  listen(sink: ((port: string, bytes: Uint8Array) => void) | undefined): void {
    this.built.jacks.listen(sink)
  }

  ports(): PortView[] {
    return this.built.jacks.list()
  }

  get nextAt(): number | null {
    const at = this.built.sim.nextAt()
    return at === NEVER ? null : at
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
    const unsettled = refused === undefined ? this.turner.settle() : []
    const result = {
      status: 'done' as const,
      output: '',
      exitStatus: refused === undefined ? 0 : 1,
      prompt: '',
      startedAt,
      endedAt: this.now,
      unsettled,
    }
    const packets = packetsOf(this.built.recorder, command, from)
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
      case 'plug-in':
        return this.built.jacks.plugIn(operation.port, operation.mac, command, operation.spoofing)
      case 'plug-out':
        return this.built.jacks.unplug(operation.port)
      case 'frame':
        // Dropped or not, it came: that is a matter for the packet list.
        this.frame(operation.port, operation.bytes.slice())
        return undefined
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

  takeStorms(): string[] {
    return this.turner.takeStorms()
  }

  digest(): string {
    return this.seen.value()
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
      const fabric = hyperV?.views().find((view) => view.fabric.name === name)?.fabric
      if (fabric)
        return fabric.portList.filter((p) => p.mac >= 0).map(({ mac, label }) => ({ mac: formatMac(mac), port: label, age: 0 }))
    }
    return undefined
  }

  leases(): DhcpServerLeaseView[] {
    return this.machineNames().flatMap((name) => this.kernel(name)?.dhcpServerLeases() ?? [])
  }

  check(journal: readonly JournalEntry[], seen: () => readonly Sighting[]): CheckOutcome[] {
    return this.grade(this.definition.checks, { journal, seen })
  }

  grade(checks: readonly CheckDefinition[], material: CheckMaterial): CheckOutcome[] {
    return runChecks(this, checks, material)
  }

  noted({ verb }: CheckDefinition): GivenAnswer['noted'] {
    if (verb.kind !== 'answer' || verb.value === undefined || !['answered', 'ever'].includes(verb.when) || verb.after.length > 0)
      return {}
    const told = readFact(this, factNow({ lab: this, beginning: () => this.beginning() }, verb.value))
    return 'couldNotRun' in told || told.values.length === 0 ? {} : { [askedOf(verb.value)]: told.values }
  }

  /** The same lab in memory, with a capture of its own: what is done there leaves no trace here. `stored`: what it was saved as, if that is known. */
  copy(stored: StoredLab = this.save()): Lab {
    return new Lab(this.definition, this.seed, this.shells, stored, COPY_RING)
  }

  /** As it was when it began: built anew, from the same definition and seed. */
  beginning(): Lab {
    return new Lab(this.definition, this.seed, this.shells, undefined, COPY_RING)
  }

  sightings(from: number): Sighting[] {
    return this.built.recorder.read(from)
  }

  readBy(read: () => void): void {
    this.turner.reader = read
  }

  // Rows

  takeChanges(): ReturnType<LabApi['takeChanges']> {
    return this.rows.takeChanges()
  }

  save(): StoredLab {
    return this.rows.save()
  }
}
