// ARP requests to one address, and who answers (arping).
import { sendArp } from '../../ip/arp.ts'
import type { StackWatcher } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../../sim/time.ts'
import { formatIp, formatMac, MAC_BROADCAST, parseIp } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'

/** `first`: ends with the first answer. */
export type ArpingArgs = {
  readonly interface: number
  readonly address: string
  readonly count: number | null
  readonly first?: boolean
  /** Whether somebody has the address (RFC 5227), or telling everybody that it is ours: as a question, or as an answer. */
  readonly mode?: 'probe' | 'announce' | 'answer'
}
type State = { sent: number; sentAt: Micros; dueAt: number | null; answered: boolean; replies: number; mac?: number }
const REQUEST = 1
const REPLY = 2

export class Arping implements Program, StackWatcher {
  readonly unbounded: boolean
  private readonly host: ProcessHost
  private readonly args: ArpingArgs
  private readonly state: State

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as ArpingArgs
    this.unbounded = this.args.count === null
    this.state = state ? { ...(state as unknown as State) } : { sent: 0, sentAt: 0, dueAt: null, answered: false, replies: 0 }
    host.stack.watchers.push(this)
  }

  start(): void {
    this.send()
  }

  private send(): void {
    const { host, args, state } = this
    const via = host.interface(args.interface)
    const target = parseIp(args.address)
    const { mode } = args
    if (via === undefined || target === undefined || (via.primary === undefined && mode === undefined)) return this.finish()
    state.sent++
    state.sentAt = host.now
    state.answered = false
    state.dueAt = storeTime(host.now + SECOND)
    const sender = mode === 'probe' ? 0 : mode === undefined ? (via.primary?.ip ?? 0) : target
    const to = mode === 'answer' ? via.mac : 0
    const everybody = mode !== undefined || state.mac === undefined
    sendArp(
      host.stack,
      via,
      mode === 'answer' ? REPLY : REQUEST,
      sender,
      to,
      target,
      everybody ? MAC_BROADCAST : (state.mac ?? 0),
    )
    host.touch()
  }

  arpReply(via: Interface, ip: number, mac: number): void {
    const { host, args, state } = this
    if (via.index !== args.interface || formatIp(ip) !== args.address || state.dueAt === null) return
    state.answered = true
    state.replies++
    // iputils asks whoever answered directly from then on.
    state.mac = mac
    host.emit({ kind: 'reply', address: args.address, mac: formatMac(mac), micros: host.now - state.sentAt })
    if (args.first || args.mode === 'probe') this.finish()
  }

  pollAt(): Micros {
    return this.state.dueAt === null ? NEVER : loadTime(this.state.dueAt)
  }

  poll(): void {
    if (!this.state.answered) this.host.emit({ kind: 'timeout' })
    const { count } = this.args
    if (count === null || this.state.sent < count) this.send()
    else this.finish()
  }

  private finish(): void {
    this.state.dueAt = null
    this.host.emit({ kind: 'finished' })
    this.host.exit(this.state.replies > 0 ? 0 : 1)
  }

  interrupt(): void {
    this.finish()
  }
  close(): void {
    const { watchers } = this.host.stack
    const at = watchers.indexOf(this)
    if (at >= 0) watchers.splice(at, 1)
  }
  save(): Json {
    return this.state as unknown as Json
  }
}
