import type { CaptureRate, Sighting, Vantage } from '../link/recorder.ts'
import type { VerdictCode } from '../link/verdict.ts'
import type { Shell } from '../machine/console.ts'
import type { Kernel } from '../machine/kernel.ts'
import type { DhcpServerLeaseView, Os } from '../machine/views.ts'
import type { PartRow } from '../sim/part.ts'
import type { CheckDefinition, LabDefinition } from './definition.ts'
import type { Change } from './query/query.ts'

/** Shells by operating system, handed in by whoever composes the lab: the engine imports none. */
export type Shells = { readonly [os in Os]: Shell }

/** `instant`: a command runs until it ends and the lab has settled. `live`: time goes on only by `runTo` and `step`. */
export type Mode = 'instant' | 'live'

/** What an advance can lead to. */
export type EventKind = 'event' | 'lease-renewal' | 'lease-expiry' | 'arp-expiry' | 'nat-expiry' | 'dns-expiry'

/**
 * Everything that can be put into a lab from outside. Definition, seed and the list of these with the lab times they were
 * given at are a session: run again, they give the same packets.
 */
export type Operation =
  | { readonly do: 'line'; readonly console: string; readonly line: string }
  | { readonly do: 'interrupt'; readonly console: string }
  | { readonly do: 'hand'; readonly hand: Hand }
  | { readonly do: 'mode'; readonly mode: Mode }
  | { readonly do: 'advance'; readonly to: number }
  | { readonly do: 'step'; readonly kind: 'event' | 'packet' }
  /** A machine from outside comes to a port, with this address or that of its first frame, or leaves it. */
  | { readonly do: 'plug-in'; readonly port: string; readonly mac: string | null; readonly spoofing?: boolean }
  | { readonly do: 'plug-out'; readonly port: string }
  /** What such a machine sends. Hosts give these by `frame`, and record many in one row. */
  | { readonly do: 'frame'; readonly port: string; readonly bytes: Uint8Array }

/** A port at which a machine from outside can be plugged in, or could be were it free. */
export type PortView = {
  /** `home:5`, `pc.default-switch:1`, `router.lan2`. */
  readonly port: string
  /** The node of the picture that it is on; empty when a machine is still there and its switch was removed. */
  readonly on: string
  readonly kind: 'switch' | 'virtual-switch' | 'machine'
  readonly label: string
  /** `cable`: of the lab itself. `real`: a machine from outside. */
  readonly state: 'free' | 'cable' | 'real'
  readonly link: string | null
  readonly mac: string | null
}

/** The lab's own row: time, counters, what is plugged, which power state. Everything else is parts. */
export type LabClockRow = {
  readonly engine: number
  readonly now: number
  readonly nextPart: number
  readonly lastPacket: number
  readonly nextSighting: number
  readonly mode: Mode
  /** Of everything seen since the lab was built. */
  readonly digest: string
  /** How much the capture saw in this second; rows of before have none. */
  readonly seen?: CaptureRate
  readonly numbers: { readonly [part: string]: number }
  /** Places where packets are seen that came while the lab was used, in order; absent when there are none. */
  readonly places?: readonly (readonly [machine: string, adapter: string, linkType: Vantage['linkType']])[]
}

export type StoredLab = { readonly clock: LabClockRow; readonly parts: readonly PartRow[] }

export type ExecResult = {
  readonly status: 'done' | 'running' | 'queued'
  readonly output: string
  readonly exitStatus: number | null
  readonly prompt: string
  readonly startedAt: number
  readonly endedAt: number
  /** Ids of packets whose chain of causes begins at this command. */
  readonly packets: readonly number[]
  readonly unsettled: readonly string[]
}

export type ConsoleView = {
  readonly console: string
  readonly machine: string
  readonly prompt: string
  readonly busy: boolean
  readonly command: number
  readonly history: readonly string[]
}

/** Text that a console printed outside the answer of its own `exec`: parked programs, a reboot notice. */
export type ConsoleOutput = {
  readonly console: string
  readonly text: string
  readonly command: number
  readonly ended: null | { readonly exitStatus: number }
}

export type TopologyNode = {
  readonly name: string
  readonly label: string
  readonly kind: 'computer' | 'guest' | 'router' | 'server' | 'switch' | 'access-point' | 'virtual-switch' | 'real'
  readonly inside: string | null
  readonly power: 'on' | 'off' | 'saved'
  readonly console: boolean
  readonly addresses: string[]
  readonly os: string
}
export type TopologyLink = {
  readonly name: string
  readonly a: string
  readonly b: string
  readonly aPort: string
  readonly bPort: string
  readonly kind: 'cable' | 'radio' | 'vmbus' | 'tunnel'
  readonly up: boolean
  readonly pluggable: boolean
}

export type Hand =
  | { readonly action: 'plug' | 'unplug'; readonly link: string }
  | { readonly action: 'power-on' | 'power-off'; readonly machine: string }

/** A line as the journal has it: what checks of the kind "command used" look at. */
export type JournalEntry = {
  readonly id: number
  readonly console: string
  readonly line: string
  readonly output: string
  readonly at: number
  /** Null while it runs. Who has them not leaves both out. */
  readonly exitStatus?: number | null
  readonly endedAt?: number | null
}

/** What somebody answered to a task, as the journal has it; `noted` is what was so in the lab at that moment, by the asking. */
export type GivenAnswer = {
  readonly line: number
  readonly check: string
  readonly value: string
  readonly at: number
  readonly noted: { readonly [asked: string]: readonly string[] }
}

/** What is looked at beside the lab itself. Everything that a check sees is in the lab or here. */
export type CheckMaterial = {
  /** What was typed since the lab began, in order. */
  readonly journal: readonly JournalEntry[]
  /** Everything that is kept of the packets; asked at most once. */
  readonly seen: () => readonly Sighting[]
  readonly changes?: () => readonly Change[]
  /** In order: of several answers to a task the last one counts. */
  readonly answers?: readonly GivenAnswer[]
  /** Hints that were read, by check: how many of its ladder. */
  readonly hints?: { readonly [check: string]: number }
}

/** A packet of a copy: it is kept with the outcome, since the copy is gone. */
export type Shown = Omit<Sighting, 'vantage'> & { readonly place: Omit<Vantage, 'number'> }
export type ShownRow = { readonly machine: string; readonly table: string; readonly row: string }

export type CheckOutcome = {
  readonly id: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'could-not-run'
  /** What is left of `of` after partial results and hints, in hundredths at the finest. */
  readonly points: number
  readonly of: number
  readonly message: string
  readonly packets: number[]
  /** Whether the packets are of a copy: then they are in `shown`. */
  readonly trial: boolean
  readonly shown: readonly Shown[]
  readonly rows: readonly ShownRow[]
  /** Lines of the journal. */
  readonly lines: readonly number[]
  /** Lab time of what was looked at. */
  readonly at: number
  readonly hints: { readonly taken: number; readonly of: number; readonly cost: number }
  /** The right answer to a task, for those who teach; null where nothing is asked. */
  readonly expected: string | null
}

/**
 * A built lab. Pure and synchronous: every call runs to its end and leaves the lab settled or says what is not. Made by
 * `buildLab(definition, seed, shells)` (powers everything on and settles) or `restoreLab(definition, seed, shells, stored)`.
 */
export interface LabApi {
  readonly definition: LabDefinition
  readonly seed: number
  readonly now: number

  /** Runs a line as `command` (a number that is never used twice: the journal id). A busy console queues it. */
  exec(console: string, line: string, command: number): ExecResult
  /**
   * Any input, as `command`: lines answer as `exec` does, the others with an empty output. `refused` says why nothing was done.
   * `advance` runs at most `events`; when it does not get there, `endedAt` says how far it came.
   */
  operate(operation: Operation, command: number, events?: number): ExecResult & { readonly refused?: string }
  /** Live time: runs what is due up to a moment, at most so many events. Not an operation of its own: the next one tells the time. */
  runTo(until: number, events: number): { readonly now: number; readonly done: boolean; readonly events: number }
  readonly mode: Mode
  /** Events run since this lab was made in memory: what budgets count. */
  readonly events: number
  /** When the next event of a kind is due, or null. */
  nextOf(kind: EventKind): number | null
  /** Frames found going round in circles since the last call, a sentence each; inputs tell it in `unsettled`. */
  takeStorms(): string[]
  /** A hash over everything seen so far: two runs with equal digests saw the same packets, byte for byte. */
  digest(): string

  /** Ctrl-C: ends what the console runs. Output comes through `takeOutput`. */
  interrupt(console: string): void
  complete(console: string, line: string): { readonly from: number; readonly candidates: readonly string[] }
  /** Known consoles of machines that have one; `machine` or `machine:2`. A console of a machine without terminals: undefined. */
  console(name: string): ConsoleView | undefined
  consoles(): ConsoleView[]
  /** Whether a machine that is there has terminals; none is opened. */
  hasTerminal(machine: string): boolean
  hand(action: Hand, command: number): { readonly ok: true } | { readonly ok: false; readonly message: string }
  /** What consoles printed beyond their own exec answers since the last call, and which parked commands ended. */
  takeOutput(): ConsoleOutput[]

  /** A frame of the machine at a port, now. Nothing is run; answers why it was dropped. */
  frame(port: string, bytes: Uint8Array): VerdictCode | undefined
  /** Where frames for such machines go, as they come there; what a lab is run again for goes nowhere. */
  listen(sink: ((port: string, bytes: Uint8Array) => void) | undefined): void
  ports(): PortView[]
  /** When the next thing is due: a frame on a cable, a timer. Null when nothing is. */
  readonly nextAt: number | null

  topology(): { now: number; nodes: TopologyNode[]; links: TopologyLink[] }
  machineNames(): string[]
  /** The unrecorded system calls of a machine, for tables. */
  kernel(machine: string): Kernel | undefined
  switchTable(name: string): { mac: string; port: string; age: number }[] | undefined
  leases(): DhcpServerLeaseView[]
  /**
   * Behavioural checks run in a copy; the lab itself is never disturbed. `seen` answers everything that is kept of the packets, and is
   * asked at most once: the lab itself remembers only the last, and none after it was put back.
   */
  check(journal: readonly JournalEntry[], seen: () => readonly Sighting[]): CheckOutcome[]
  /** The same with other checks, or with more to look at. The outcome rests on this lab, the checks and the material, on nothing else. */
  grade(checks: readonly CheckDefinition[], material: CheckMaterial): CheckOutcome[]

  /** To be kept with an answer to this task: what is asked for, as it is now. Empty where that does not matter. */
  noted(check: CheckDefinition): GivenAnswer['noted']

  readonly vantages: readonly Vantage[]
  /** The sequence number that the next sighting gets. */
  readonly nextSighting: number
  /** Sightings with sequence in [from, now), oldest first, as far as the ring still has them. */
  sightings(from: number): Sighting[]
  /** From now on `read` is called, in the middle of whatever runs, when what was seen would soon be overwritten. */
  readBy(read: () => void): void

  /**
   * The lab's own row and the parts that changed since the last call, as rows; `removed` names rows to delete. `changes` says
   * in a person's words what changed, at the present lab time.
   */
  takeChanges(): {
    readonly clock: LabClockRow
    readonly changed: PartRow[]
    readonly removed: string[]
    readonly changes: Change[]
  }
  /** Everything, for export, fork and tests. */
  save(): StoredLab
}
