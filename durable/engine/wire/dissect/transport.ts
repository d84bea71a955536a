// UDP and TCP.
import type { IpAddress } from '../addresses.ts'
import { fold, pseudo, add as sumOver } from '../checksum.ts'
import * as tcp from '../tcp.ts'
import * as udp from '../udp.ts'
import { add, broken, type Context, data, field, flagNames, hex16, type Layer, layer, protocol } from './context.ts'
import { checksumText } from './ip.ts'

const HTTP_PORT = 80

/** The lower port is tried first: it is more often the service. HTTP is known by its first line on any port. */
function carried(c: Context, table: 'udp-port' | 'tcp-port', at: number, end: number): void {
  const { src, dst } = c.ports
  if (c.next(c, table, Math.min(src, dst), at, end) || c.next(c, table, Math.max(src, dst), at, end)) return
  if (table === 'udp-port' || !c.next(c, table, HTTP_PORT, at, end)) data(c, at, end)
}

export function dissectUdp(c: Context, at: number, end: number): void {
  const { b, ip } = c
  protocol(c, 'UDP', '')
  if (end - at < udp.HEADER_LEN || (!c.quoted && !udp.check(b, at, end))) return broken(c, 'udp: bad length', at, end)
  c.ports = { src: udp.srcPort(b, at), dst: udp.dstPort(b, at) }
  const length = udp.length(b, at)
  const stop = Math.min(end, at + Math.max(length, udp.HEADER_LEN))
  const l = layer(c, 'User Datagram Protocol', at, at + udp.HEADER_LEN)
  add(l, 'Source port', c.ports.src, at, 2)
  add(l, 'Destination port', c.ports.dst, at + 2, 2)
  add(l, 'Length', length, at + 4, 2)
  const start = ip === undefined ? 0 : pseudo(ip.src, ip.dst, udp.PROTOCOL, length)
  const summed = !c.quoted && stop <= c.kept && ip !== undefined && udp.sum(b, at) !== 0
  const shown = udp.sum(b, at) === 0 ? '0x0000 [none]' : hex16(udp.sum(b, at))
  add(l, 'Checksum', summed ? checksumText(b, at + 6, start, at, stop) : shown, at + 6, 2)
  c.columns.info = `${c.ports.src} → ${c.ports.dst} Len=${length - udp.HEADER_LEN}`
  if (stop > at + udp.HEADER_LEN) carried(c, 'udp-port', at + udp.HEADER_LEN, stop)
  if (summed && fold(sumOver(start, b, at, stop)) !== 0) broken(c, 'udp: bad checksum', at, stop)
}

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']

function optionTexts(o: tcp.TcpOptions, b: Uint8Array, at: number, end: number): string[] {
  const texts: string[] = []
  // In the order of the wire, which the parsed value does not keep.
  for (let i = at; i < end && b[i] !== 0; i += b[i] === 1 ? 1 : b[i + 1]) {
    if (b[i] === 2 && o.mss !== undefined) texts.push(`MSS=${o.mss}`)
    else if (b[i] === 3 && o.windowScale !== undefined) texts.push(`WS=${1 << Math.min(o.windowScale, 14)}`)
    else if (b[i] === 4 && o.sackPermitted) texts.push('SACK_PERM')
    else if (b[i] === 5 && o.sack !== undefined) texts.push(...o.sack.map((s) => `SLE=${s.left} SRE=${s.right}`))
    else if (b[i] === 8 && o.timestamps !== undefined) texts.push(`TSval=${o.timestamps.value} TSecr=${o.timestamps.echo}`)
  }
  return texts
}

/** Sequence numbers count from the first one seen when there is a memory, and windows are scaled as the SYNs agreed. */
function relative(c: Context, at: number): { seq: number; ack: number; window: number; base: number } {
  const { b, ip, ports, memory } = c
  const found = { seq: tcp.seq(b, at), ack: tcp.ack(b, at), window: tcp.window(b, at), base: 0 }
  if (memory === undefined || ip === undefined || c.quoted) return found
  const key = (from: IpAddress, fromPort: number, to: IpAddress, toPort: number) => `${from}:${fromPort}>${to}:${toPort}`
  const here = key(ip.src, ports.src, ip.dst, ports.dst)
  const there = key(ip.dst, ports.dst, ip.src, ports.src)
  const flags = tcp.flags(b, at)
  const syn = (flags & tcp.SYN) !== 0
  const options = tcp.parseOptions(b, at + tcp.HEADER_LEN, at + tcp.dataOffset(b, at))
  const scale = typeof options === 'string' ? undefined : options.windowScale
  // What was not seen from its SYN on counts from just before its first octet, as if that had been the SYN.
  const mine = syn ? { base: found.seq, scale } : (memory.tcp.get(here) ?? { base: (found.seq - 1) >>> 0, scale: undefined })
  memory.tcp.set(here, mine)
  if ((flags & tcp.ACK) !== 0 && !memory.tcp.has(there)) memory.tcp.set(there, { base: (found.ack - 1) >>> 0, scale: undefined })
  const theirs = memory.tcp.get(there)
  const agreed = mine.scale !== undefined && theirs?.scale !== undefined && !syn
  return {
    seq: (found.seq - mine.base) >>> 0,
    ack: theirs === undefined ? found.ack : (found.ack - theirs.base) >>> 0,
    window: agreed ? found.window * (1 << Math.min(mine.scale ?? 0, 14)) : found.window,
    base: theirs?.base ?? 0,
  }
}

function optionFields(l: Layer, b: Uint8Array, at: number, end: number, options: tcp.TcpOptions): void {
  if (end === at) return
  const texts = optionTexts(options, b, at, end)
  l.fields.push(field('Options', texts.join(', ') || 'none known', at, end))
}

export function dissectTcp(c: Context, at: number, end: number): void {
  const { b, ip } = c
  protocol(c, 'TCP', '')
  if (c.quoted && end - at >= 8 && end - at < tcp.HEADER_LEN) {
    const l = layer(c, 'Transmission Control Protocol', at, end)
    add(l, 'Source port', tcp.srcPort(b, at), at, 2)
    add(l, 'Destination port', tcp.dstPort(b, at), at + 2, 2)
    add(l, 'Sequence number', tcp.seq(b, at), at + 4, 4)
    return
  }
  const checked = tcp.check(b, at, end)
  if (checked !== true) return broken(c, checked, at, end)
  c.ports = { src: tcp.srcPort(b, at), dst: tcp.dstPort(b, at) }
  const dataAt = at + tcp.dataOffset(b, at)
  const flags = tcp.flags(b, at)
  const { seq, ack, window, base } = relative(c, at)
  const l = layer(c, 'Transmission Control Protocol', at, dataAt)
  const start = ip === undefined ? 0 : pseudo(ip.src, ip.dst, tcp.PROTOCOL, end - at)
  const summed = !c.quoted && end <= c.kept && ip !== undefined
  const counted = c.memory === undefined ? '' : ' (relative)'
  add(l, 'Source port', c.ports.src, at, 2)
  add(l, 'Destination port', c.ports.dst, at + 2, 2)
  add(l, 'Sequence number', `${seq}${counted}`, at + 4, 4)
  add(l, 'Acknowledgment number', `${ack}${counted}`, at + 8, 4)
  add(l, 'Header length', `${dataAt - at} bytes`, at + 12, 1)
  add(l, 'Flags', flagNames(flags, FLAGS) || 'none', at + 13, 1)
  add(l, 'Window', window, at + 14, 2)
  add(l, 'Checksum', summed ? checksumText(b, at + 16, start, at, end) : hex16(tcp.sum(b, at)), at + 16, 2)
  add(l, 'Urgent pointer', tcp.urgent(b, at), at + 18, 2)
  const options = dataAt > c.kept ? undefined : tcp.parseOptions(b, at + tcp.HEADER_LEN, dataAt)
  const parts = [`Seq=${seq}`]
  if ((flags & tcp.ACK) !== 0) parts.push(`Ack=${ack}`)
  parts.push(`Win=${window}`)
  if ((flags & tcp.URG) !== 0) parts.push(`Urg=${tcp.urgent(b, at)}`)
  parts.push(`Len=${end - dataAt}`)
  if (typeof options === 'object') {
    optionFields(l, b, at + tcp.HEADER_LEN, dataAt, options)
    const sack = options.sack?.map((s) => ({ left: (s.left - base) >>> 0, right: (s.right - base) >>> 0 }))
    parts.push(...optionTexts(sack === undefined ? options : { ...options, sack }, b, at + tcp.HEADER_LEN, dataAt))
  }
  const names = flagNames(flags, FLAGS) || '<None>'
  c.columns.info = `${c.ports.src} → ${c.ports.dst} [${names}] ${parts.join(' ')}`
  if (typeof options === 'string') broken(c, options, at + tcp.HEADER_LEN, dataAt)
  if (end > dataAt) carried(c, 'tcp-port', dataAt, end)
  if (summed && fold(sumOver(start, b, at, end)) !== 0) broken(c, 'tcp: bad checksum', at, end)
}
