// A packet as rules are asked about it, and who has the socket that it is for.
import type { Interface } from '../../ip/interface.ts'
import type { Stack } from '../../ip/stack.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import * as icmp from '../../wire/icmp.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import type { Owner, Packet } from './rule.ts'

export const hasPorts = (protocol: number): boolean => protocol === ipv4.UDP || protocol === ipv4.TCP

export class AskedPacket implements Packet {
  readonly stack: Stack
  readonly via: Interface
  readonly protocol: number
  readonly local: IpAddress
  readonly remote: IpAddress
  readonly localPort: number
  readonly remotePort: number
  readonly icmpType: number
  readonly icmpCode: number

  constructor(
    stack: Stack,
    via: Interface,
    protocol: number,
    local: IpAddress,
    remote: IpAddress,
    localPort: number,
    remotePort: number,
    bytes: Uint8Array,
    head: number,
  ) {
    const types = (protocol === ipv4.ICMP || protocol === ipv6.ICMP6) && head + 2 <= bytes.length
    this.stack = stack
    this.via = via
    this.protocol = protocol
    this.local = local
    this.remote = remote
    this.localPort = localPort
    this.remotePort = remotePort
    this.icmpType = types ? bytes[head] : -1
    this.icmpCode = types ? bytes[head + 1] : -1
  }

  /** Errors about one's own packets, and what neighbours on a link tell each other: wanted whatever the rules say. */
  get needsNoRule(): boolean {
    const { protocol, icmpType } = this
    if (protocol === ipv4.ICMP) return icmpType >= 0 && icmpType !== icmp.ECHO_REQUEST
    return protocol === ipv6.ICMP6 && icmpType !== icmpv6.ECHO_REQUEST
  }

  /** Everything without ports is the system's. */
  owners(): Owner[] {
    const { protocol, local, localPort, remote, remotePort } = this
    const { udp, tcp } = this.stack
    if (protocol === ipv4.UDP) return (udp.get(localPort) ?? []).map(shown)
    if (protocol !== ipv4.TCP) return [{ component: '', image: 'System' }]
    const listeners = tcp.context.table.listenersAt(localPort)
    if (listeners.length > 0) return listeners.map(shown)
    const connection = tcp.context.table.find(local, localPort, remote, remotePort)
    return connection === undefined ? [] : [shown(connection)]
  }

  /** What it is, in a sentence. */
  get subject(): string {
    const { protocol, localPort } = this
    if (protocol === ipv4.ICMP) return 'ICMP echo requests'
    if (protocol === ipv6.ICMP6) return 'ICMPv6 echo requests'
    const name = protocol === ipv4.TCP ? 'TCP' : protocol === ipv4.UDP ? 'UDP' : `protocol ${protocol}`
    return `${name} port ${localPort}`
  }
}

/** What a person runs at a prompt has no name of its own. */
const shown = ({ component, image }: Owner): Owner => ({ component, image: image === '' ? 'powershell.exe' : image })
