// pfirewall.log: the W3C extended log of Windows Firewall, version 1.5.
import type { Micros } from '../../sim/time.ts'
import { formatAddress } from '../../wire/addresses.ts'
import { u16, u32 } from '../../wire/bytes.ts'
import { ICMP, TCP, UDP } from '../../wire/ipv4.ts'
import { ICMP6 } from '../../wire/ipv6.ts'
import type { Packet } from './rule.ts'

/** Lab time, and what stands behind date and time. */
export type LoggedPacket = readonly [at: Micros, line: string]

export const MOST_LOGGED = 200

export const LOG_HEAD = [
  '#Version: 1.5',
  '#Software: Microsoft Windows Firewall',
  '#Time Format: Local',
  '#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path pid',
  '',
]

const NAMES: { readonly [protocol: number]: string } = { [TCP]: 'TCP', [UDP]: 'UDP', [ICMP]: 'ICMP', [ICMP6]: 'ICMPV6' }
/** From the highest bit of the octet that we log. */
const FLAGS = 'UAPRSF'

export function logLine(
  action: 'ALLOW' | 'DROP',
  packet: Packet,
  size: number,
  path: 'SEND' | 'RECEIVE',
  bytes: Uint8Array,
  head: number,
): string {
  const { protocol, local, remote, localPort, remotePort } = packet
  const ports = protocol === TCP || protocol === UDP
  const received = path === 'RECEIVE'
  const [source, target] = received ? [remote, local] : [local, remote]
  const [from, to] = received ? [remotePort, localPort] : [localPort, remotePort]
  const tcp = protocol === TCP && head + 20 <= bytes.length
  const types = packet.icmpType >= 0
  const flags = tcp ? [...FLAGS].filter((_, at) => (bytes[head + 13] & (0x20 >> at)) !== 0).join('') : ''
  return [
    action,
    NAMES[protocol] ?? String(protocol),
    formatAddress(source),
    formatAddress(target),
    ports ? from : '-',
    ports ? to : '-',
    size,
    flags === '' ? '-' : flags,
    tcp ? u32(bytes, head + 4) : '-',
    tcp ? u32(bytes, head + 8) : '-',
    tcp ? u16(bytes, head + 14) : '-',
    types ? packet.icmpType : '-',
    types ? packet.icmpCode : '-',
    '-',
    path,
  ].join(' ')
}
