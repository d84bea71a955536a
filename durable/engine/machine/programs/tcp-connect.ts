// Tries to open a TCP connection and reports how that ended.
import type { ConnectOwner } from '../../ip/hooks.ts'
import { Connect, connectTcp, restoreConnect } from '../../ip/tcp/connect.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, storeTime } from '../../sim/time.ts'
import { formatAddress } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'
import { beginTarget, started, type Target, targetFrom } from './target.ts'

export type ConnectArgs = { readonly host: string; readonly port: number; readonly timeoutMs?: number }

/** A connection attempt as a program stores it. */
export type StoredConnect = readonly [
  localPort: number,
  remote: number,
  port: number,
  iss: number,
  attempts: number,
  refusals: number,
  due: number | null,
]

export function storeConnect(connect: Connect | undefined): StoredConnect | null {
  if (connect === undefined) return null
  return [
    connect.localPort,
    connect.remote,
    connect.remotePort,
    connect.iss,
    connect.attempts,
    connect.refusals,
    storeTime(connect.due),
  ]
}

export function loadConnect(host: ProcessHost, stored: StoredConnect | null): void {
  if (stored === null) return
  const [localPort, remote, port, iss, attempts, refusals, due] = stored
  const connect = new Connect(host.owner, localPort, remote, port, iss)
  connect.attempts = attempts
  connect.refusals = refusals
  connect.due = loadTime(due)
  restoreConnect(host.stack, connect)
}

type State = { startedAt: Micros; dueAt: number | null; localPort: number; connect: StoredConnect | null }

export class TcpConnect implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: ConnectArgs
  private startedAt: Micros = 0
  private dueAt: Micros = NEVER
  private localPort = 0

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as ConnectArgs
    if (state) {
      const stored = state as unknown as State
      this.startedAt = stored.startedAt
      this.dueAt = loadTime(stored.dueAt)
      this.localPort = stored.localPort
      loadConnect(host, stored.connect)
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
    const port = typeof target.address === 'number' ? connectTcp(host.stack, host.owner, target.address, args.port) : 'no-route'
    if (typeof port === 'number') {
      this.localPort = port
      host.touch()
    } else this.end({ kind: 'no-route' }, 1)
  }

  connectSettled(_localPort: number, outcome: Parameters<ConnectOwner['connectSettled']>[1]): void {
    const micros = this.host.now - this.startedAt
    if (typeof outcome === 'string') this.end({ kind: outcome, micros }, outcome === 'connected' ? 0 : 1)
    else this.end({ kind: 'unreachable', from: formatAddress(outcome.from) }, 1)
  }

  private end(event: Json, code: number): void {
    this.host.emit(event)
    this.host.exit(code)
  }

  pollAt(): Micros {
    return this.dueAt
  }
  poll(): void {
    this.end({ kind: 'timeout', micros: this.host.now - this.startedAt }, 1)
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {
    const connect = this.host.stack.connects.get(this.localPort)
    if (connect?.owner === this.host.owner) this.host.stack.connects.delete(this.localPort)
  }
  save(): Json {
    const state: State = {
      startedAt: this.startedAt,
      dueAt: storeTime(this.dueAt),
      localPort: this.localPort,
      connect: storeConnect(this.host.stack.connects.get(this.localPort)),
    }
    return state as unknown as Json
  }
}
