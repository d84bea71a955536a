// Tries to open a TCP connection and reports how that ended.

import type { Socket, StreamError, StreamEvent } from '../../ip/hooks.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { type IpAddress, loadIp, type StoredIp } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'
import { failureEvent } from './stream-target.ts'
import { beginTarget, started, type Target, targetFrom } from './target.ts'

export type ConnectArgs = { readonly host: string; readonly port: number; readonly timeoutMs?: number }

/** `again`: an opening of a lab that was stored before stacks kept them, to be begun anew. */
type State = { startedAt: Micros; dueAt: number | null; socket: Socket; again?: readonly [StoredIp, number] | null }

export class TcpConnect implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: ConnectArgs
  private startedAt: Micros = 0
  private dueAt: Micros = NEVER
  private socket: Socket = 0
  private again: State['again']

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as ConnectArgs
    if (state) {
      const stored = state as unknown as State
      this.startedAt = stored.startedAt
      this.dueAt = loadTime(stored.dueAt)
      this.socket = stored.socket
      this.again = stored.again
    }
  }

  start(): void {
    const target = beginTarget(this.host, this.args.host)
    if (target) this.begin(target)
  }

  resolved(_token: number, result: LookupResult): void {
    const target = targetFrom(this.host, this.args.host, result)
    if (target) this.begin(target)
  }

  private begin(target: Target): void {
    const { host, args } = this
    started(host, target)
    this.startedAt = host.now
    if (args.timeoutMs !== undefined) this.dueAt = host.now + args.timeoutMs * MILLISECOND
    this.open(target.address, args.port, target.scope)
  }

  private open(address: IpAddress, port: number, scope = 0): void {
    const options = scope === 0 ? undefined : { scope }
    const socket = this.host.stack.tcp.connect(this.host.owner, address, port, options)
    if (typeof socket === 'number') {
      this.socket = socket
      this.host.touch()
    } else this.end({ kind: 'no-route' }, 1)
  }

  streamEvent(_socket: Socket, event: StreamEvent, error?: StreamError): void {
    const micros = this.host.now - this.startedAt
    if (event === 'connected') this.end({ kind: 'connected', micros }, 0)
    else if (event === 'failed') this.end(failureEvent(error, micros), 1)
  }

  private end(event: Json, code: number): void {
    this.host.emit(event)
    this.host.exit(code)
  }

  pollAt(): Micros {
    return this.again ? this.host.now : this.dueAt
  }
  poll(): void {
    const { again } = this
    if (!again) return this.end({ kind: 'timeout', micros: this.host.now - this.startedAt }, 1)
    this.again = null
    this.open(loadIp(again[0]), again[1])
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {}
  save(): Json {
    const { startedAt, dueAt, socket, again } = this
    const state: State = { startedAt, dueAt: storeTime(dueAt), socket, ...(again ? { again } : {}) }
    return state as unknown as Json
  }
}
