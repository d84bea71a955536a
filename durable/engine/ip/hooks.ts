// What the stack calls without knowing who it is: address translation, packet filter, watchers. Declared here, below, so
// that services above can be handed in.
import type { Frame } from '../link/frame.ts'
import type { VerdictCode } from '../link/verdict.ts'
import type { Ip4, Mac } from '../wire/addresses.ts'
import type { Address, Interface } from './interface.ts'

/** A decision against a packet: the closed code and the row or rule that made it. */
export type Drop = { readonly code: VerdictCode; readonly detail: string }

export interface AddressTranslator {
  /** A packet for one of our own addresses. `true`: rewritten towards the inside, forward it. `false`: not ours to translate. */
  inbound(from: Interface, frame: Frame, at: number): boolean | Drop
  /** A packet about to leave by `to` whose own address there is `source`. True or false: goes out, rewritten or as it is. */
  outbound(from: Interface, to: Interface, frame: Frame, at: number, source: Ip4): boolean | Drop
  /** Whether a port or identifier of ours stands for somebody inside at the moment. */
  holds(port: number): boolean
}

export interface PacketFilter {
  /** A packet for one of this machine's own addresses. Undefined: admitted. */
  admits(via: Interface, bytes: Uint8Array, at: number): Drop | undefined
  /** A packet that this machine sends for itself: its answers will be admitted. */
  sent(via: Interface, bytes: Uint8Array, at: number): void
}

export interface StackWatcher {
  linkChanged?(via: Interface, up: boolean): void
  /** Duplicate address detection has ended: the address is usable, or somebody else (`owner`) has it. */
  addressSettled?(via: Interface, address: Address, owner: Mac): void
  /** Somebody answered an ARP request of ours. */
  arpReply?(via: Interface, ip: Ip4, mac: Mac): void
}

export type Datagram = {
  readonly src: Ip4
  readonly srcPort: number
  readonly dst: Ip4
  readonly dstPort: number
  readonly payload: Uint8Array
  readonly via: Interface
  readonly srcMac: Mac
}

/** Why an outgoing packet came to nothing, as the sender learns it. `from` 0 = this machine itself. */
export type SendError = {
  readonly kind: 'net' | 'host' | 'protocol' | 'port' | 'fragmentation' | 'prohibited' | 'ttl'
  readonly from: Ip4
  readonly mtu: number
}

export interface DatagramOwner {
  readonly name: string
  datagram(socket: UdpSocket, datagram: Datagram): void
  /** An ICMP error about a datagram of this socket, or its local equivalent. */
  sendError?(socket: UdpSocket, dst: Ip4, dstPort: number, error: SendError): void
}

export type UdpSocket = {
  /** 0 = all addresses. */
  readonly localIp: Ip4
  readonly port: number
  /** Only datagrams that arrive here; undefined = any interface. */
  readonly via: Interface | undefined
  readonly owner: DatagramOwner
  readonly component: string
  readonly image: string
}

export interface EchoOwner {
  echoReply(from: Ip4, ident: number, sequence: number, bytes: number, ttl: number): void
  echoError(ident: number, sequence: number, dst: Ip4, error: SendError): void
}

export interface ConnectOwner {
  connectSettled(localPort: number, outcome: 'connected' | 'refused' | 'timeout' | SendError): void
}
