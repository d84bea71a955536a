// What the stack calls without knowing who it is: address translation, packet filter, watchers. Declared here, below, so
// that services above can be handed in.
import type { Frame } from '../link/frame.ts'
import type { VerdictCode } from '../link/verdict.ts'
import type { Ip4, Ip6, IpAddress, Mac } from '../wire/addresses.ts'
import type { Address, Interface } from './interface.ts'
import type { Route } from './routes.ts'
import type { Route6 } from './v6/routes6.ts'

/** A decision against a packet: the closed code and the row or rule that made it. */
export type Drop = { readonly code: VerdictCode; readonly detail: string }

export interface AddressTranslator {
  /** A packet for one of our own addresses. `true`: rewritten towards the inside, forward it. `false`: not ours to translate. */
  inbound(from: Interface, frame: Frame, at: number): boolean | Drop
  /** A packet about to leave by `to` whose own address there is `source`. True or false: goes out, rewritten or as it is. */
  outbound(from: Interface, to: Interface, frame: Frame, at: number, source: Ip4): boolean | Drop
  /** A fragment about to leave by `to`: whether it must be put together with its others before it can be translated. */
  wantsWhole(from: Interface, to: Interface, bytes: Uint8Array, at: number): boolean
  /** Whether a port or identifier of ours stands for somebody inside at the moment. */
  holds(port: number): boolean
}

export interface PacketFilter {
  /** A packet for one of this machine's own addresses. Undefined: admitted. */
  admits(via: Interface, bytes: Uint8Array, at: number): Drop | undefined
  /** A packet that this machine sends for itself: its answers will be admitted. */
  sent(via: Interface, bytes: Uint8Array, at: number): void
  /** The same for IPv6; what stands behind the extension headers is `protocol`, at `from`. */
  admits6?(via: Interface, bytes: Uint8Array, at: number, protocol: number, from: number): Drop | undefined
  sent6?(via: Interface, bytes: Uint8Array, at: number): void
  /** A packet of this machine's own before it leaves. Undefined: it may. */
  leaves?(via: Interface, bytes: Uint8Array, at: number): Drop | undefined
  leaves6?(via: Interface, bytes: Uint8Array, at: number): Drop | undefined
}

/** What stands between an adapter and the protocols above it: bridges, VLANs and other devices made of software. */
export interface LinkLayer {
  /** A frame that came in by `via`, before its destination is looked at. True: taken, the protocols get nothing of it. */
  receive(via: Interface, frame: Frame): boolean
}

/** What a routing decision may depend on besides the destination. `out` and `from` are interface indexes, 0 = any. */
export type RouteQuestion<Ip extends IpAddress = Ip4> = {
  readonly source: Ip
  readonly mark: number
  readonly from: number
  readonly out: number
}

/** Rules and route tables of IPv6. */
export interface RoutePolicy6 {
  /** Whether more than the destination decides, so that a path found once does not hold for the next packet. */
  readonly selective: boolean
  route(dst: Ip6, question: RouteQuestion<Ip6>): Route6 | undefined
}

/** Rules, several route tables, and what interfaces accept: a system whose networking people administer (Linux). */
export interface RoutePolicy {
  /** Whether more than the destination decides, so that a path found once does not hold for the next packet. */
  readonly selective: boolean
  route(dst: Ip4, question: RouteQuestion): Route | undefined
  /** A packet that came in by `via`, before it is delivered or forwarded. Undefined: admitted. */
  admits(via: Interface, src: Ip4, dst: Ip4): Drop | undefined
  /** Whether an ARP request that came in by `via` is answered with the link address of `via`. */
  answersArp(via: Interface, senderIp: Ip4, targetIp: Ip4): boolean
  /** The sender's address in an ARP request for `target` on behalf of a packet from `source`. */
  arpSource(via: Interface, target: Ip4, source: Ip4): Ip4
  /** Time to live of new packets. */
  readonly ttl: number
}

/**
 * Netfilter's five places. Each may rewrite the packet, and answers why it goes no further, or undefined. The packet's mark
 * is that of the packet that passed `prerouting` or `output` last: nothing comes between the places of one packet.
 */
export interface PacketHooks {
  /** False while there is neither a rule nor a policy: then no hook need be called. */
  readonly active: boolean
  readonly mark: number
  prerouting(via: Interface, frame: Frame, at: number): Drop | undefined
  input(via: Interface, frame: Frame, at: number): Drop | undefined
  forward(from: Interface, to: Interface, frame: Frame, at: number): Drop | undefined
  output(to: Interface, frame: Frame, at: number): Drop | undefined
  postrouting(to: Interface, frame: Frame, at: number): Drop | undefined
}

/** Sees the frames of all interfaces as they come and go: a capture. The bytes are not its own. */
export interface FrameTap {
  frame(via: Interface, out: boolean, bytes: Uint8Array): void
  /** The frame that came in last went no further. */
  dropped?(detail: string): void
}

export interface StackWatcher {
  linkChanged?(via: Interface, up: boolean): void
  /** Duplicate address detection has ended: the address is usable, or somebody else (`owner`) has it. */
  addressSettled?(via: Interface, address: Address, owner: Mac): void
  /** An IPv4 address came into use. */
  addressUsed?(via: Interface, address: Address): void
  /** Somebody answered an ARP request of ours. */
  arpReply?(via: Interface, ip: Ip4, mac: Mac): void
}

export type Datagram = {
  readonly src: IpAddress
  readonly srcPort: number
  readonly dst: IpAddress
  readonly dstPort: number
  readonly payload: Uint8Array
  readonly via: Interface
  readonly srcMac: Mac
}

/** Why an outgoing packet came to nothing, as the sender learns it. `from` 0 = this machine itself. */
export type SendError = {
  readonly kind: 'net' | 'host' | 'protocol' | 'port' | 'fragmentation' | 'prohibited' | 'ttl' | 'reassembly'
  readonly from: IpAddress
  readonly mtu: number
}

export interface DatagramOwner {
  readonly name: string
  datagram(socket: UdpSocket, datagram: Datagram): void
  /** An ICMP error about a datagram of this socket, or its local equivalent. */
  sendError?(socket: UdpSocket, dst: IpAddress, dstPort: number, error: SendError): void
}

export type UdpSocket = {
  /** 0 = all IPv4 addresses, 0n = all IPv6 addresses. */
  readonly localIp: IpAddress
  /** Bound to `::` and not to IPv6 only: what comes over IPv4 comes here too (RFC 3493 section 3.7). */
  readonly dual: boolean
  readonly port: number
  /** Only datagrams that arrive here; undefined = any interface. */
  readonly via: Interface | undefined
  readonly owner: DatagramOwner
  readonly component: string
  readonly image: string
}

export interface EchoOwner {
  echoReply(from: IpAddress, ident: number, sequence: number, bytes: number, ttl: number): void
  echoError(ident: number, sequence: number, dst: IpAddress, error: SendError): void
}

/** A stream socket (TCP) by the number that the stack gave it: the same after the lab was stored and restored, never given twice. */
export type Socket = number

/** Why a connection is no more. `refused`: a reset answered our SYN; `timeout`: nobody answered, or not for too long. */
export type StreamError = 'refused' | 'reset' | 'timeout' | SendError

/**
 * What happens to a socket. `connected`: our opening has succeeded. `incoming`: a listener has a connection to accept.
 * `readable`: there are octets to read, or the other side has finished. `writable`: there is room again after a send took
 * less than it was given. `failed`: the connection is over and the number means nothing any more.
 */
export type StreamEvent = 'connected' | 'incoming' | 'readable' | 'writable' | 'failed'

export interface StreamOwner {
  /** Unique on the machine and stable: by this name a restored connection finds its owner again. */
  readonly name: string
  /** Told within the event that made it so; the owner may call the socket at once. `error` goes with `failed`. */
  streamEvent(socket: Socket, event: StreamEvent, error?: StreamError): void
}

export type ListenOptions = {
  readonly port: number
  /** Only connections to this address; all of both families without one. */
  readonly address?: IpAddress
  /** How many connections may wait to be accepted: 1 to 4,096, 128 without one. */
  readonly backlog?: number
  readonly component?: string
  readonly image?: string
}

export type ConnectOptions = {
  readonly source?: IpAddress
  readonly sourcePort?: number
  /** Index of the interface to send by, for a link-local destination. */
  readonly scope?: number
  readonly component?: string
  readonly image?: string
}

export type SocketOptions = {
  /** Off: small segments are sent at once (RFC 9293 section 3.7.4). */
  readonly nagle?: boolean
  /** Asks a silent peer whether it is still there (RFC 9293 section 3.8.4): seconds of silence, between probes, and how many. */
  readonly keepAlive?: { readonly idle: number; readonly interval: number; readonly probes: number } | null
}

/**
 * The stream sockets of a machine, as services and programs use them (`stack.tcp`). Nothing blocks: what cannot be done now
 * answers less or nothing, and an event says when it can. A socket that its owner does not know is answered with nothing.
 */
export interface StreamSockets {
  /** Makes an owner known by its name. Whoever has sockets calls this when it is built, new or restored, before any event. */
  attach(owner: StreamOwner): void
  /** The owner goes: listeners close, connections are closed in the background as a system does it for a process that ended. */
  detach(owner: StreamOwner): void
  listen(owner: StreamOwner, options: ListenOptions): Socket | 'in-use' | 'table-full'
  connect(
    owner: StreamOwner,
    remote: IpAddress,
    port: number,
    options?: ConnectOptions,
  ): Socket | 'no-route' | 'no-address' | 'in-use' | 'table-full'
  /** The oldest connection that waits at a listener, or undefined. It belongs to the listener's owner. */
  accept(listener: Socket): Socket | undefined
  /** How many octets were taken; less than all: `writable` comes when there is room. After `shutdown`, none. */
  send(socket: Socket, octets: Uint8Array): number
  /** Octets received and not read yet. */
  readableBytes(socket: Socket): number
  /** Takes at most `limit` octets; empty when there are none at the moment. */
  receive(socket: Socket, limit?: number): Uint8Array
  /** The other side has finished and everything it sent has been read. */
  ended(socket: Socket): boolean
  /** The other side has finished; what it sent may still wait to be read. */
  finished(socket: Socket): boolean
  /** Finishes our side: what was sent still goes out, then FIN. Reading goes on. */
  shutdown(socket: Socket): void
  /** Gives the socket up: FIN after what was sent, or RST when something was left unread. No more events. */
  close(socket: Socket): void
  /** Resets the connection at once. */
  abort(socket: Socket): void
  configure(socket: Socket, options: SocketOptions): void
  /** Both ends of a connection, or undefined. */
  ends(socket: Socket): StreamEnds | undefined
}

export type StreamEnds = {
  readonly local: IpAddress
  readonly localPort: number
  readonly remote: IpAddress
  readonly remotePort: number
}
