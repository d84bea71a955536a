// A connection between a program's input and output: `nc HOST PORT`.
import type { Socket, StreamError, StreamEvent } from '../../ip/hooks.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import type { ProcessHost, Program } from '../program.ts'
import { newPump, Pump, type PumpState } from './pump.ts'
import { endsView, type From, failureEvent, openStream } from './stream-target.ts'
import { beginTarget, type Family, started, type Target, targetFrom } from './target.ts'

export type ClientArgs = From & {
  readonly host: string
  readonly port: number
  readonly family?: Family
  /** To connect, and between octets afterwards; none = for ever. */
  readonly timeoutMs?: number
  /** Our side stays open when the input ends. */
  readonly keepOpen?: boolean
  /** Only whether it connects. */
  readonly probe?: boolean
}

type State = PumpState & { startedAt: Micros; dueAt: number | null; socket: Socket; connected: boolean }

export class TcpClient implements Program {
  private readonly host: ProcessHost
  private readonly args: ClientArgs
  private readonly state: State
  private readonly pump: Pump

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as unknown as ClientArgs
    this.state = state
      ? { ...(state as unknown as State) }
      : { ...newPump(), startedAt: 0, dueAt: null, socket: 0, connected: false }
    this.pump = new Pump(host, this.state)
  }

  /** Nobody knows when the other side will say something, or the person; one who has nothing to say waits as long as agreed. */
  get unbounded(): boolean {
    return this.state.connected && !(this.host.inputEnded && this.args.timeoutMs !== undefined)
  }

  start(): void {
    const target = beginTarget(this.host, this.args.host, this.args.family)
    if (target) this.begin(target)
  }

  resolved(_token: number, result: LookupResult): void {
    const target = targetFrom(this.host, this.args.host, result)
    if (target) this.begin(target)
  }

  private begin(target: Target): void {
    const { host, args, state } = this
    started(host, target)
    state.startedAt = host.now
    this.wait()
    const socket = openStream(host, target, args.port, args)
    if (socket !== undefined) state.socket = socket
    host.touch()
  }

  private wait(): void {
    const { timeoutMs } = this.args
    this.state.dueAt = timeoutMs === undefined ? null : this.host.now + timeoutMs * MILLISECOND
  }

  streamEvent(_socket: Socket, event: StreamEvent, error?: StreamError): void {
    const { host, state, args } = this
    if (event === 'failed') {
      host.emit(failureEvent(error, host.now - state.startedAt))
      return this.end(1)
    }
    if (event === 'connected') {
      state.connected = true
      host.emit({ kind: 'connected', micros: host.now - state.startedAt, ...endsView(host.stack.tcp.ends(state.socket)) })
      if (args.probe) return this.end(0)
    }
    this.wait()
    this.goOn()
  }

  private goOn(): void {
    const { state, pump, args } = this
    if (!state.connected) return
    pump.feed(state.socket, args.keepOpen ?? false)
    if (pump.drain(state.socket)) this.end(0)
  }

  input(): void {
    this.goOn()
  }

  private end(code: number): void {
    const { host, state } = this
    host.emit({ kind: 'finished', sent: state.sent, received: state.received })
    host.exit(code)
  }

  pollAt(): Micros {
    return this.pump.resumes ? this.host.now : loadTime(this.state.dueAt) || NEVER
  }
  poll(now: Micros): void {
    const { host, state } = this
    if (this.pump.resumes) return this.goOn()
    if (loadTime(state.dueAt) > now) return
    host.emit({ kind: 'timeout', micros: host.now - state.startedAt })
    this.end(1)
  }
  interrupt(): void {
    this.end(130)
  }
  close(): void {}
  save(): Json {
    return { ...this.state, dueAt: storeTime(loadTime(this.state.dueAt)) } as unknown as Json
  }
}
