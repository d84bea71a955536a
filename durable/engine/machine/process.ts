import type {
  Datagram,
  DatagramOwner,
  EchoOwner,
  SendError,
  StreamError,
  StreamEvent,
  StreamOwner,
  UdpSocket,
} from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { DhcpClient } from '../service/dhcp-client.ts'
import type { DnsClient, DnsRequester } from '../service/dns-client.ts'
import type { Netbios } from '../service/netbios.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import type { IpAddress } from '../wire/addresses.ts'
import { octetsOf } from '../wire/bytes.ts'
import type { JournalEntry } from './daemons/daemon.ts'
import { type Held, holdDatagram, holdError, holdResolved, holdStream, tellHeld } from './held.ts'
import { isJob } from './jobs.ts'
import type { Outcome } from './kernel.ts'
import type { NetworkLook, ProcessFiles, ProcessHost, Program, ProgramFactory, VpnControl } from './program.ts'

export type ProcessState = {
  readonly pid: number
  readonly program: string
  readonly args: Json
  readonly console: string
  readonly origin: number
  readonly startedAt: Micros
  readonly events: readonly Json[]
  readonly exitCode: number | null
  /** One character an octet, and whether more may come; absent while it was never used. */
  readonly input?: { readonly octets: string; readonly closed: boolean; readonly refused: boolean }
  /** It is stopped, and what it was to be told meanwhile; absent while it runs. */
  readonly held?: readonly Held[]
  readonly state: Json
}

/** Input that waits for a program to take it. */
const INPUT_LIMIT = 64 * 1024

/** What a process needs of its machine. */
export interface ProcessMachine {
  readonly name: string
  readonly stack: Stack
  readonly dns: DnsClient
  readonly files: ProcessFiles
  followJournal(follower: (entry: JournalEntry) => void): () => void
  dhcpClient(index: number): DhcpClient | undefined
  vpn(name: string): VpnControl | undefined
  readonly netlink: NetworkLook | undefined
  readonly netbios: Netbios | undefined
  /** A process has something to tell, or has ended. */
  processSpoke(process: Process): void
}

/** A process of a machine, as a part: runs one program and keeps what it reports until its console takes it. */
export class Process implements Part, ProcessHost, EchoOwner, DatagramOwner, StreamOwner, DnsRequester {
  readonly kind = 'process'
  readonly version = 2
  readonly name: string
  readonly pid: number
  readonly program: string
  /** Whose it is; it changes when its line is parted. */
  console: string
  readonly startedAt: Micros
  /** The command that started it. */
  readonly origin: number
  events: Json[]
  exitCode: number | null
  restoring: boolean
  private readonly args: Json
  private readonly machine: ProcessMachine
  private readonly running: Program
  private input: string
  private inputClosed: boolean
  /** Somebody wanted to write more than there was room for. */
  private inputRefused: boolean
  /** Set while it is stopped. */
  private held: Held[] | undefined

  constructor(
    machine: ProcessMachine,
    factory: ProgramFactory,
    state: ProcessState | Omit<ProcessState, 'events' | 'exitCode' | 'state'>,
  ) {
    this.machine = machine
    this.pid = state.pid
    this.name = `${machine.name}/process/${state.pid}`
    this.program = state.program
    this.args = state.args
    this.console = state.console
    this.origin = state.origin
    this.startedAt = state.startedAt
    this.events = 'events' in state ? [...state.events] : []
    this.exitCode = 'exitCode' in state ? state.exitCode : null
    const input = 'input' in state ? state.input : undefined
    this.input = input?.octets ?? ''
    this.inputClosed = input?.closed ?? false
    this.inputRefused = input?.refused ?? false
    this.held = 'held' in state && state.held ? [...state.held] : undefined
    this.restoring = 'state' in state
    machine.stack.tcp.attach(this)
    this.running = factory(this, state.args, 'state' in state ? state.state : undefined)
    this.restoring = false
    // What has ended waits only to be read: it holds no socket and no echo identifier any more.
    if (this.exitCode !== null) this.end()
  }

  get owner(): this {
    return this
  }
  get stack(): Stack {
    return this.machine.stack
  }
  get dns(): DnsClient {
    return this.machine.dns
  }
  get now(): Micros {
    return this.machine.stack.sim.now
  }
  get unbounded(): boolean {
    return this.running.unbounded
  }

  start(): void {
    this.running.start()
    this.touch()
  }

  interrupt(): void {
    if (this.exitCode === null) this.running.interrupt()
  }

  get stopped(): boolean {
    return this.held !== undefined
  }

  /** It does nothing and is told nothing until it goes on. */
  stop(): void {
    if (this.exitCode !== null) return
    this.held ??= []
    this.touch()
  }

  goOn(): void {
    const { held } = this
    if (held === undefined) return
    this.held = undefined
    tellHeld(held, this.stack, this)
    if (this.exitCode === null) this.running.continued?.()
    this.touch()
  }

  /** Ended from outside, without a last word: the machine was switched off. */
  kill(): void {
    if (this.exitCode === null) this.exit(1)
  }

  write(octets: string): Outcome {
    if (this.exitCode !== null || this.inputClosed || this.running.input === undefined) return { ok: false, error: 'wrong-state' }
    if (this.input.length + octets.length > INPUT_LIMIT && this.input !== '') {
      this.inputRefused = true
      return { ok: false, error: 'in-use' }
    }
    this.input += octets
    this.running.input()
    this.touch()
    return { ok: true }
  }

  closeInput(): Outcome {
    if (this.exitCode !== null || this.running.input === undefined) return { ok: false, error: 'wrong-state' }
    this.inputClosed = true
    this.running.input()
    this.touch()
    return { ok: true }
  }

  takeInput(limit: number): Uint8Array {
    const taken = octetsOf(this.input.slice(0, limit))
    this.input = this.input.slice(taken.length)
    if (this.input === '' && this.inputRefused) {
      this.inputRefused = false
      this.emit({ kind: 'drained' })
    }
    return taken
  }

  get inputEnded(): boolean {
    return this.inputClosed && this.input === ''
  }
  get pending(): number {
    return this.events.length
  }

  get netbios(): Netbios | undefined {
    return this.machine.netbios
  }

  dhcpClient(index: number): DhcpClient | undefined {
    return this.machine.dhcpClient(index)
  }
  followJournal(follower: (entry: JournalEntry) => void): () => void {
    return this.machine.followJournal(follower)
  }
  get files(): ProcessFiles {
    return this.machine.files
  }
  interface(index: number): Interface | undefined {
    return this.machine.stack.interfaces.get(index)
  }
  vpn(name: string): VpnControl | undefined {
    return this.machine.vpn(name)
  }
  get network(): NetworkLook | undefined {
    return this.machine.netlink
  }

  emit(event: Json): void {
    this.events.push(event)
    this.machine.processSpoke(this)
    this.touch()
  }

  exit(code: number): void {
    if (this.exitCode !== null) return
    this.exitCode = code
    this.end()
    this.machine.processSpoke(this)
    this.touch()
  }

  /** Everything that the system holds for it is given up; its connections end in the background. */
  private end(): void {
    this.running.close()
    this.machine.stack.tcp.detach(this)
  }

  touch(): void {
    this.machine.stack.sim.touch(this)
  }

  echoReply(from: IpAddress, ident: number, sequence: number, bytes: number, ttl: number): void {
    this.running.echoReply?.(from, ident, sequence, bytes, ttl)
    this.touch()
  }
  echoError(ident: number, sequence: number, dst: IpAddress, error: SendError): void {
    this.running.echoError?.(ident, sequence, dst, error)
    this.touch()
  }
  datagram(socket: UdpSocket, datagram: Datagram): void {
    if (this.held) holdDatagram(this.held, socket, datagram)
    else this.running.datagram?.(socket, datagram)
    this.touch()
  }
  sendError(socket: UdpSocket, dst: IpAddress, dstPort: number, error: SendError): void {
    if (this.held) holdError(this.held, socket, dst, dstPort, error)
    else this.running.sendError?.(socket, dst, dstPort, error)
    this.touch()
  }
  streamEvent(socket: number, event: StreamEvent, error?: StreamError): void {
    if (this.held) holdStream(this.held, socket, event, error)
    else this.running.streamEvent?.(socket, event, error)
    this.touch()
  }
  resolved(...result: Parameters<DnsRequester['resolved']>): void {
    if (this.held) holdResolved(this.held, ...result)
    else this.running.resolved?.(...result)
    this.touch()
  }

  pollAt(): Micros {
    return this.exitCode === null && !this.held ? this.running.pollAt() : NEVER
  }
  /** What never ends by itself, or runs in the background, is not waited for, but what it does at this very moment is. */
  transientAt(): Micros {
    const at = this.pollAt()
    return (this.running.unbounded || isJob(this.console)) && at > this.now ? NEVER : at
  }
  poll(now: Micros): void {
    this.stack.sim.origin = this.origin
    this.running.poll(now)
  }

  save(): ProcessState & Json {
    return {
      pid: this.pid,
      program: this.program,
      args: this.args,
      console: this.console,
      origin: this.origin,
      startedAt: this.startedAt,
      events: this.events,
      exitCode: this.exitCode,
      ...(this.input === '' && !this.inputClosed && !this.inputRefused
        ? {}
        : { input: { octets: this.input, closed: this.inputClosed, refused: this.inputRefused } }),
      ...(this.held ? { held: this.held } : {}),
      state: this.running.save(),
    }
  }
}
