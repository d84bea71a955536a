// What TCP needs of IP, the same for both families. A family says how wide its headers are, how its checksum begins and how
// a segment gets out; connections keep the path that they were given until the configuration of the machine changes.
import type { IpAddress } from '../wire/addresses.ts'
import type { Interface } from './interface.ts'
import type { PathError, SendResult } from './output.ts'
import type { Stack } from './stack.ts'

/** Where segments between two addresses go. Derived: never stored. */
export type TransportPath = {
  readonly family: IpFamily
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly via: Interface
  /** Octets of an IP packet that the first link carries, or that the way there was found to carry. */
  readonly mtu: number
  /** To this machine itself. */
  readonly local: boolean
  /** Sum of the pseudo header's addresses: protocol and length are added to it. */
  readonly pseudo: number
  /** The family's own route. */
  readonly route: unknown
}

export type TransportChoice = {
  /** The address to send from; without one the stack chooses. */
  readonly source?: IpAddress
  /** The interface to send by: of a link-local destination. */
  readonly via?: Interface
}

export interface IpFamily {
  readonly version: 4 | 6
  /** Octets in front of the transport header in a buffer that is handed to `send`: Ethernet and IP headers. */
  readonly headroom: number
  /** Octets of the IP header: an MSS is the MTU without it and without the 20 of TCP's. */
  readonly headerLen: number
  /** The MSS of who names none (RFC 9293 section 3.7.1). */
  readonly defaultMss: number
  /** No smaller MTU is believed: RFC 1191 section 3 with Linux's floor, RFC 8200 section 5. */
  readonly minMtu: number
  readonly any: IpAddress
  path(stack: Stack, destination: IpAddress, choice: TransportChoice | undefined): TransportPath | PathError
  /** `bytes` has `headroom` octets of room, then the message. Never fragmented. */
  send(stack: Stack, bytes: Uint8Array, protocol: number, path: TransportPath): SendResult
  /** Sum of the pseudo header's addresses. */
  pseudo(src: IpAddress, dst: IpAddress): number
  /** False for what connections cannot be made with (RFC 9293 section 3.9.2.3): groups, broadcasts. */
  unicast(via: Interface, address: IpAddress): boolean
}
