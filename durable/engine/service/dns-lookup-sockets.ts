// The sockets of lookups: each asks from a port of its own.
import type { DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import type { IpAddress } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import type { Lookup } from './dns-lookup.ts'

/** A socket that asks servers of either family. */
export const anyFamily = (stack: Stack): { readonly localIp?: bigint; readonly dual?: boolean } =>
  stack.ip6 === undefined ? {} : { localIp: 0n, dual: true }

export class LookupSockets {
  private readonly stack: Stack
  private readonly owner: DatagramOwner
  readonly shown: { readonly component?: string; readonly image: string }
  private readonly sockets = new Map<Lookup, UdpSocket>()

  constructor(stack: Stack, owner: DatagramOwner, dialect: 'windows' | 'linux') {
    this.stack = stack
    this.owner = owner
    this.shown = dialect === 'windows' ? { component: 'Dnscache', image: 'svchost.exe' } : { image: 'systemd-resolve' }
  }

  send(lookup: Lookup, server: IpAddress): void {
    const socket = this.sockets.get(lookup)
    if (!lookup.asked.includes(server)) lookup.asked.push(server)
    const query = dns.encode(dns.query(lookup.id, { name: lookup.names[lookup.at], type: lookup.type }))
    const sent = socket === undefined ? 'no-route' : sendUdp(this.stack, socket, server, dns.PORT, query)
    if (typeof sent === 'string') lookup.failed.push(server)
  }

  bind(lookup: Lookup): void {
    const socket = bindUdp(this.stack, this.owner, { port: lookup.port, ...anyFamily(this.stack), ...this.shown })
    if (socket !== undefined) this.sockets.set(lookup, socket)
  }

  unbind(lookup: Lookup): void {
    const socket = this.sockets.get(lookup)
    if (socket !== undefined) closeUdp(this.stack, socket)
    this.sockets.delete(lookup)
    lookup.port = 0
  }

  of(socket: UdpSocket): Lookup | undefined {
    for (const [lookup, own] of this.sockets) if (own === socket) return lookup
    return undefined
  }
}
