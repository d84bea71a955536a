// The line that `-j LOG` leaves with the kernel (net/netfilter/nf_log_syslog.c).
import { formatIp, formatMac } from '../../wire/addresses.ts'
import { hexNumber, u16 } from '../../wire/bytes.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { Look } from './match.ts'

const FLAGS = [
  ['URG', tcp.URG],
  ['ACK', tcp.ACK],
  ['PSH', tcp.PSH],
  ['RST', tcp.RST],
  ['SYN', tcp.SYN],
  ['FIN', tcp.FIN],
] as const

export function logLine(prefix: string, { bytes, at, head, end, from, to }: Look): string {
  const words = [`${prefix}IN=${from?.name ?? ''}`, `OUT=${to?.name ?? ''}`]
  if (from !== undefined && at >= 14 && from.kind !== 'loopback') words.push(`MAC=${macs(bytes)}`)
  words.push(`SRC=${formatIp(ipv4.src(bytes, at))}`, `DST=${formatIp(ipv4.dst(bytes, at))}`, `LEN=${ipv4.totalLen(bytes, at)}`)
  words.push(
    `TOS=0x${hexNumber(bytes[at + 1] & 0x1e, 2).toUpperCase()}`,
    `PREC=0x${hexNumber(bytes[at + 1] & 0xe0, 2).toUpperCase()}`,
  )
  words.push(`TTL=${ipv4.ttl(bytes, at)}`, `ID=${u16(bytes, at + 4)}`)
  if (ipv4.dontFragment(bytes, at)) words.push('DF')
  const protocol = ipv4.protocol(bytes, at)
  if (protocol === ipv4.TCP && head + 20 <= end) {
    words.push(
      'PROTO=TCP',
      `SPT=${u16(bytes, head)}`,
      `DPT=${u16(bytes, head + 2)}`,
      `WINDOW=${tcp.window(bytes, head)}`,
      'RES=0x00',
    )
    for (const [name, bit] of FLAGS) if ((tcp.flags(bytes, head) & bit) !== 0) words.push(name)
    words.push(`URGP=${tcp.urgent(bytes, head)}`)
  } else if (protocol === ipv4.UDP && head + 8 <= end) {
    words.push('PROTO=UDP', `SPT=${u16(bytes, head)}`, `DPT=${u16(bytes, head + 2)}`, `LEN=${u16(bytes, head + 4)}`)
  } else if (protocol === ipv4.ICMP && head + 8 <= end) {
    words.push('PROTO=ICMP', `TYPE=${bytes[head]}`, `CODE=${bytes[head + 1]}`)
    if (bytes[head] === 8 || bytes[head] === 0) words.push(`ID=${u16(bytes, head + 4)}`, `SEQ=${u16(bytes, head + 6)}`)
  } else words.push(`PROTO=${protocol}`)
  return `${words.join(' ')} `
}

/** The whole link header, as the kernel prints it. */
function macs(bytes: Uint8Array): string {
  const of = (at: number) => formatMac(u16(bytes, at) * 0x1_0000_0000 + u16(bytes, at + 2) * 0x10000 + u16(bytes, at + 4))
  return `${of(0)}:${of(6)}:${hexNumber(bytes[12], 2)}:${hexNumber(bytes[13], 2)}`
}
