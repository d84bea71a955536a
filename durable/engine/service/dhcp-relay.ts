// A DHCP relay agent (RFC 951 section 8, RFC 1542, RFC 2131 section 4.1): what clients shout on one network reaches a server on another.
import type { Datagram, DatagramOwner, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import { bindUdp, closeUdp, sendUdp } from '../ip/udp.ts'
import { formatIp, type Ip4, LIMITED_BROADCAST, MAC_BROADCAST } from '../wire/addresses.ts'
import { put32, u32, u48 } from '../wire/bytes.ts'
import * as dhcp from '../wire/dhcp.ts'

/** RFC 2131 figure 1. */
const HOPS = 3
const FLAGS = 10
const YIADDR = 16
const GIADDR = 24
const CHADDR = 28
const SHORTEST = 236
const MOST_HOPS = 10

export type RelaySetup = {
  readonly servers: readonly Ip4[]
  /** Where clients are heard; empty: everywhere. */
  readonly interfaces: readonly string[]
  /** Where servers are heard; absent or empty: everywhere. */
  readonly upstream?: readonly string[]
  /** A request that has passed as many relays goes no further. */
  readonly hops?: number
}

export class DhcpRelay implements DatagramOwner {
  readonly name: string
  private readonly stack: Stack
  private readonly setup: RelaySetup
  private readonly socket: UdpSocket | undefined
  private readonly told: (text: string) => void

  constructor(stack: Stack, setup: RelaySetup, told: (text: string) => void) {
    this.stack = stack
    this.setup = setup
    this.told = told
    this.name = `${stack.machine}/dhcp-relay`
    this.socket = bindUdp(stack, this, { port: dhcp.SERVER_PORT, image: 'dhcrelay' })
  }

  get listening(): boolean {
    return this.socket !== undefined
  }

  datagram(_: UdpSocket, { payload, via }: Datagram): void {
    if (payload.length < SHORTEST) return this.stack.drop('malformed', 'DHCP: too short to relay')
    const bytes = payload.slice()
    const { servers, interfaces, upstream = [], hops = MOST_HOPS } = this.setup
    if (bytes[0] === dhcp.BOOT_REQUEST) {
      if (interfaces.length > 0 && !interfaces.includes(via.name))
        return this.stack.drop('ignored', `DHCP relay: not configured for ${via.name}`)
      const own = via.primary?.ip
      if (own === undefined) return this.stack.drop('no-address', `DHCP relay: ${via.name} has no address to relay from`)
      if ((bytes[HOPS] as number) >= hops) return this.stack.drop('ignored', 'DHCP relay: too many hops')
      bytes[HOPS] = (bytes[HOPS] as number) + 1
      if (u32(bytes, GIADDR) === 0) put32(bytes, GIADDR, own)
      for (const server of servers) {
        this.told(`Forwarded BOOTREQUEST for ${macText(bytes)} to ${formatIp(server)}`)
        if (this.socket) sendUdp(this.stack, this.socket, server, dhcp.SERVER_PORT, bytes, { source: own })
      }
      return
    }
    if (upstream.length > 0 && !upstream.includes(via.name))
      return this.stack.drop('ignored', `DHCP relay: no server is expected on ${via.name}`)
    this.answer(bytes)
  }

  private answer(bytes: Uint8Array): void {
    const relay = u32(bytes, GIADDR)
    const via = this.stack.ownerOf(relay)
    if (via === undefined || this.socket === undefined)
      return this.stack.drop('ignored', `DHCP relay: ${formatIp(relay)} is no address of ours`)
    const broadcast = ((bytes[FLAGS] as number) & 0x80) !== 0
    const yiaddr = u32(bytes, YIADDR)
    const [dst, toMac] = broadcast || yiaddr === 0 ? [LIMITED_BROADCAST, MAC_BROADCAST] : [yiaddr, u48(bytes, CHADDR)]
    this.told(`Forwarded BOOTREPLY for ${macText(bytes)} to ${formatIp(dst)}`)
    sendUdp(this.stack, this.socket, dst, dhcp.CLIENT_PORT, bytes, { via, source: relay, toMac })
  }

  close(): void {
    if (this.socket) closeUdp(this.stack, this.socket)
  }
}

const macText = (bytes: Uint8Array): string =>
  [...bytes.subarray(CHADDR, CHADDR + 6)].map((octet) => octet.toString(16).padStart(2, '0')).join(':')
