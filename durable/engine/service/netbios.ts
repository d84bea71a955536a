// NetBIOS over TCP/IP of a Windows machine (RFC 1001, RFC 1002): its own names, who asks for them, and what it learned of others. Names
// are not claimed by broadcast when the machine starts: nobody here contests them.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, sendUdp } from '../ip/udp.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { StillPart } from '../sim/still-part.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { broadcastOf, type Ip4 } from '../wire/addresses.ts'
import * as nbns from '../wire/nbns.ts'

/** How long what somebody said of a name is remembered, and how much of it. */
const REMEMBERED = 600 * SECOND
const MOST_REMEMBERED = 256
const TTL = 300_000
const WORKGROUP = 'WORKGROUP'

export type Remembered = { readonly name: string; readonly suffix: number; readonly ip: Ip4; readonly until: Micros }
export type NetbiosState = { readonly cache: readonly Remembered[] }
/** Who waits for an answer. */
export type NetbiosListener = (message: nbns.Nbns, from: Ip4, via: Interface) => void

export class Netbios extends StillPart implements Part, DatagramOwner {
  readonly kind = 'netbios'
  readonly version = 1
  readonly name: string
  readonly listeners = new Set<NetbiosListener>()
  private readonly stack: Stack
  private readonly hostname: () => string
  /** A part of its own from the first name on that it remembers. */
  private readonly keep: (part: Netbios) => void
  private readonly socket: UdpSocket | undefined
  private cache: Remembered[]
  private kept: boolean

  constructor(stack: Stack, hostname: () => string, keep: (part: Netbios) => void, state?: NetbiosState) {
    super()
    this.stack = stack
    this.hostname = hostname
    this.keep = keep
    this.name = `${stack.machine}/netbios`
    this.cache = [...(state?.cache ?? [])]
    this.kept = state !== undefined
    if (this.kept) keep(this)
    this.socket = bindUdp(stack, this, { port: nbns.PORT, component: 'NetBT', image: 'System' })
  }

  /** What this machine answers to. */
  get names(): nbns.Owned[] {
    const name = this.hostname().toUpperCase().slice(0, 15)
    return [
      { name, suffix: 0x20, group: false },
      { name, suffix: 0x00, group: false },
      { name: WORKGROUP, suffix: 0x00, group: true },
    ]
  }

  remembered(): Remembered[] {
    return this.cache.filter(({ until }) => until > this.stack.sim.now)
  }

  forget(): void {
    this.cache = []
  }

  /** Everybody on every link is asked, or one address. */
  ask(question: nbns.Nbns & { readonly kind: 'query' }, to?: Ip4): void {
    const { stack, socket } = this
    if (socket === undefined) return
    if (to !== undefined) return void sendUdp(stack, socket, to, nbns.PORT, nbns.encode(question))
    for (const via of stack.interfaces.values()) {
      const own = via.primary
      if (!via.up || via.kind === 'loopback' || via.kind === 'ppp' || own === undefined) continue
      const everybody = broadcastOf(own.ip, own.prefixLength)
      sendUdp(stack, socket, everybody, nbns.PORT, nbns.encode(question, true), { via, source: own.ip })
    }
  }

  datagram(socket: UdpSocket, { payload, src, srcPort, via }: Datagram): void {
    const message = nbns.parse(payload, 0, payload.length)
    if (typeof message === 'string') return this.stack.drop('ignored', message)
    if (typeof src !== 'number' || this.stack.ownerOf(src) !== undefined) return
    if (message.kind !== 'query') {
      if (message.kind === 'found') this.remember(message)
      for (const listener of [...this.listeners]) listener(message, src, via)
      return
    }
    const own = via.primary
    const asked = message.name
    const mine = this.names.find(({ name, suffix }) => name === asked.name.toUpperCase() && suffix === asked.suffix)
    if (own === undefined || !(message.status ? asked.name === '*' || mine : mine && !mine.group)) return
    const answer: nbns.Nbns = message.status
      ? { kind: 'status', id: message.id, names: this.names, mac: via.mac }
      : { kind: 'found', id: message.id, name: asked, ttl: TTL, addresses: [own.ip] }
    sendUdp(this.stack, socket, src, srcPort, nbns.encode(answer), { via, source: own.ip })
  }

  private remember({ name: { name, suffix }, addresses }: nbns.Nbns & { readonly kind: 'found' }): void {
    const [ip] = addresses
    if (ip === undefined) return
    const others = this.remembered().filter((one) => one.name !== name || one.suffix !== suffix)
    this.cache = [...others.slice(1 - MOST_REMEMBERED), { name, suffix, ip, until: this.stack.sim.now + REMEMBERED }]
    if (!this.kept) this.keep(this)
    this.kept = true
  }

  /** The machine was switched off. */
  reset(): void {
    this.forget()
  }

  save(): NetbiosState & Json {
    return { cache: this.cache }
  }
}
