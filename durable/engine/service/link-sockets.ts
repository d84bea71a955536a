// The sockets of names of the link: both protocols speak on both families (RFC 6762 section 20, RFC 4795 section 2).
import type { DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, sendUdp } from '../ip/udp.ts'
import type { Ip4, Ip6, IpAddress } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'

export const MDNS_GROUP: Ip4 = 0xe00000fb
export const LLMNR_GROUP: Ip4 = 0xe00000fc
/** ff02::fb and ff02::1:3. */
export const MDNS_GROUP6: Ip6 = (0xff02n << 112n) | 0xfbn
export const LLMNR_GROUP6: Ip6 = (0xff02n << 112n) | 0x10003n

export const MDNS_PORT = 5353
export const LLMNR_PORT = 5355

/** Whether a machine speaks on a link to a group, of either family. */
export function speaks(stack: Stack, via: Interface, group: IpAddress): boolean {
  if (typeof group === 'number') return via.up && via.primary !== undefined && via.membership.has(group)
  const i6 = stack.ip6?.interfaces.get(via.index)
  if (i6 === undefined || !i6.running) return false
  return i6.linkLocal?.state === 'preferred' && i6.groups.has(group)
}

export class LinkSockets {
  private readonly stack: Stack
  private readonly mdns: readonly UdpSocket[]
  private readonly llmnr: readonly UdpSocket[]

  constructor(stack: Stack, owner: DatagramOwner, wanted: { readonly mdns: boolean; readonly llmnr: boolean }, shown: Shown) {
    this.stack = stack
    const bind = (port: number): UdpSocket[] =>
      [bindUdp(stack, owner, { port, ...shown }), stack.ip6 && bindUdp(stack, owner, { port, localIp: 0n, ...shown })].filter(
        (socket) => socket !== undefined,
      )
    this.mdns = wanted.mdns ? bind(MDNS_PORT) : []
    this.llmnr = wanted.llmnr ? bind(LLMNR_PORT) : []
  }

  isMdns(socket: UdpSocket): boolean {
    return this.mdns.includes(socket)
  }

  isLlmnr(socket: UdpSocket): boolean {
    return this.llmnr.includes(socket)
  }

  /** To everybody on a link, by both families. */
  sayMdns(via: Interface, message: dns.Dns): void {
    for (const group of [MDNS_GROUP, MDNS_GROUP6]) if (speaks(this.stack, via, group)) this.answerMdns(via, message, group)
  }

  answerMdns(via: Interface, message: dns.Dns, to: IpAddress, port = MDNS_PORT): void {
    this.send(this.mdns, via, message, to, port)
  }

  answerLlmnr(via: Interface, message: dns.Dns, to: IpAddress, port: number): void {
    this.send(this.llmnr, via, message, to, port)
  }

  private send(sockets: readonly UdpSocket[], via: Interface, message: dns.Dns, to: IpAddress, port: number): void {
    const socket = sockets.find(({ localIp }) => typeof localIp === typeof to)
    if (socket) sendUdp(this.stack, socket, to, port, dns.encode(message), { via, ttl: 255 })
  }
}

export type Shown = { readonly component?: string; readonly image: string }
