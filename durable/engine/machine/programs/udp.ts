// Datagrams between a program's input and output: `nc -u`. A listener talks with whoever speaks first.
import type { Datagram, SendError, UdpSocket } from '../../ip/hooks.ts'
import { bindUdp, closeUdp, sendUdp } from '../../ip/udp.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, storeTime } from '../../sim/time.ts'
import { formatAddress, type IpAddress, parseAddress } from '../../wire/addresses.ts'
import { ascii } from '../../wire/bytes.ts'
import type { ProcessHost, Program } from '../program.ts'
import { beginTarget, started, type Target, targetFrom } from './target.ts'

export type UdpArgs = {
  readonly listen: boolean
  readonly host: string
  readonly port: number
  readonly source?: string
  /** Silence after which it ends; none = for ever. */
  readonly timeoutMs?: number
}
type State = {
  port: number
  peer: string
  peerPort: number
  dueAt: number | null
  refused: boolean
  sent: number
  received: number
}

/** One datagram takes at most this. */
const LARGEST = 16_384

export class Udp implements Program {
  readonly unbounded: boolean
  private readonly host: ProcessHost
  private readonly args: UdpArgs
  private readonly state: State
  private socket: UdpSocket | undefined

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as unknown as UdpArgs
    this.unbounded = this.args.timeoutMs === undefined
    this.state = state
      ? { ...(state as unknown as State) }
      : { port: 0, peer: '', peerPort: 0, dueAt: null, refused: false, sent: 0, received: 0 }
    if (this.state.port !== 0) this.bind()
  }

  private bind(): boolean {
    const local = this.args.source === undefined ? undefined : parseAddress(this.args.source)
    const { port } = this.state
    this.socket = bindUdp(this.host.stack, this.host.owner, { port, ...(local === undefined ? {} : { localIp: local }) })
    return this.socket !== undefined
  }

  start(): void {
    const { args, host, state } = this
    if (args.listen) {
      state.port = args.port
      if (!this.bind()) return this.fail('in-use')
      host.emit({ kind: 'listening', port: args.port })
      return
    }
    const target = beginTarget(host, args.host)
    if (target) this.begin(target)
  }

  resolved(_token: number, result: LookupResult): void {
    const target = targetFrom(this.host, this.args.host, result)
    if (target) this.begin(target)
  }

  private begin(target: Target): void {
    const { state, args, host } = this
    started(host, target)
    state.peer = formatAddress(target.address)
    state.peerPort = args.port
    state.port = host.stack.takePort()
    if (!this.bind()) return this.fail('in-use')
    this.wait()
    this.input()
  }

  private fail(reason: string): void {
    this.host.emit({ kind: 'failed', reason })
    this.host.exit(1)
  }

  private wait(): void {
    const { timeoutMs } = this.args
    this.state.dueAt = timeoutMs === undefined ? null : this.host.now + timeoutMs * MILLISECOND
    this.host.touch()
  }

  /** Each piece of input is a datagram; a listener keeps it until it knows whom to send it to. */
  input(): void {
    const { host, state, socket } = this
    if (state.peer === '' || socket === undefined) return
    for (let octets = host.takeInput(LARGEST); octets.length > 0; octets = host.takeInput(LARGEST)) {
      const sent = sendUdp(host.stack, socket, parseAddress(state.peer) as IpAddress, state.peerPort, octets)
      if (typeof sent === 'string') return this.fail(sent)
      state.sent += octets.length
      this.wait()
    }
  }

  datagram(_socket: UdpSocket, { src, srcPort, payload }: Datagram): void {
    const { host, state } = this
    const from = formatAddress(src)
    if (state.peer === '') {
      state.peer = from
      state.peerPort = srcPort
      host.emit({ kind: 'received', from, fromPort: srcPort })
    } else if (state.peer !== from || state.peerPort !== srcPort) {
      return host.stack.drop('ignored', `this program talks with ${state.peer}:${state.peerPort}`)
    }
    state.received += payload.length
    host.emit({ kind: 'data', octets: ascii(payload, 0, payload.length) })
    this.wait()
    this.input()
  }

  sendError(_socket: UdpSocket, _dst: IpAddress, _port: number, _error: SendError): void {
    if (this.args.listen) return
    this.state.refused = true
    this.host.emit({ kind: 'refused' })
    this.end(1)
  }

  private end(code: number): void {
    const { sent, received, refused } = this.state
    this.host.emit({ kind: 'finished', sent, received, refused })
    this.host.exit(code)
  }

  pollAt(): Micros {
    return loadTime(this.state.dueAt)
  }
  poll(): void {
    this.end(0)
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {
    if (this.socket) closeUdp(this.host.stack, this.socket)
    this.socket = undefined
  }
  save(): Json {
    return { ...this.state, dueAt: storeTime(loadTime(this.state.dueAt)) }
  }
}
