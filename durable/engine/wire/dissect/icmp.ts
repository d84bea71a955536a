// ICMP, IGMP and the few ICMPv6 messages of neighbour discovery.
import { formatIp, formatIp6, formatMac, readIp6 } from '../addresses.ts'
import { u16, u32, u48 } from '../bytes.ts'
import { fold, add as sumOver } from '../checksum.ts'
import { TYPE_IPV4 } from '../ethernet.ts'
import * as icmp from '../icmp.ts'
import * as igmp from '../igmp.ts'
import { add, broken, type Context, data, field, hex16, type Layer, layer, protocol } from './context.ts'
import { checksumText } from './ip.ts'

const UNREACHABLE = [
  'Network unreachable',
  'Host unreachable',
  'Protocol unreachable',
  'Port unreachable',
  'Fragmentation needed',
  'Source route failed',
  'Destination network unknown',
  'Destination host unknown',
  'Source host isolated',
  'Network administratively prohibited',
  'Host administratively prohibited',
  'Network unreachable for TOS',
  'Host unreachable for TOS',
  'Communication administratively filtered',
  'Host precedence violation',
  'Precedence cutoff in effect',
]
const EXCEEDED = ['Time to live exceeded in transit', 'Fragment reassembly time exceeded']
const REDIRECTS = ['network', 'host', 'type of service and network', 'type of service and host'].map((s) => `Redirect for ${s}`)
const PROBLEMS = ['Pointer indicates the error', 'Required option missing', 'Bad length']

const TYPES = new Map<number, readonly [title: string, codes: readonly string[]]>([
  [icmp.ECHO_REPLY, ['Echo (ping) reply', []]],
  [icmp.UNREACHABLE, ['Destination unreachable', UNREACHABLE]],
  [icmp.REDIRECT, ['Redirect', REDIRECTS]],
  [icmp.ECHO_REQUEST, ['Echo (ping) request', []]],
  [icmp.TIME_EXCEEDED, ['Time-to-live exceeded', EXCEEDED]],
  [icmp.PARAMETER_PROBLEM, ['Parameter problem', PROBLEMS]],
])

/** The packet an error quotes: shown in the tree, without changing what the columns say. */
function original(c: Context, at: number, end: number): void {
  const { columns, ip, ttl, ports, quoted } = c
  const kept = { ...columns }
  c.quoted = true
  c.next(c, 'ethertype', TYPE_IPV4, at, end)
  Object.assign(c, { ip, ttl, ports, quoted })
  Object.assign(columns, kept)
}

export function dissectIcmp(c: Context, at: number, end: number): void {
  const { b } = c
  protocol(c, 'ICMP', '')
  if (end - at < icmp.HEADER_LEN) return broken(c, 'icmp: truncated', at, end)
  const type = icmp.type(b, at)
  const code = icmp.code(b, at)
  const [title, codes] = TYPES.get(type) ?? [`Type ${type}`, []]
  const l = layer(c, 'Internet Control Message Protocol', at, icmp.isEcho(b, at) ? end : at + icmp.HEADER_LEN)
  add(l, 'Type', `${type} (${title})`, at, 1)
  add(l, 'Code', codes[code] === undefined ? code : `${code} (${codes[code]})`, at + 1, 1)
  const summed = !c.quoted && end <= c.kept
  add(l, 'Checksum', !summed ? hex16(icmp.sum(b, at)) : checksumText(b, at + 2, 0, at, end), at + 2, 2)
  if (icmp.isEcho(b, at)) {
    const ident = icmp.ident(b, at)
    const seq = icmp.sequence(b, at)
    // Windows writes the sequence number in the other byte order, so both readings are shown.
    const swapped = ((seq & 255) << 8) | (seq >> 8)
    add(l, 'Identifier', `${ident} (${hex16(ident)})`, at + 4, 2)
    add(l, 'Sequence number', `${seq} (${hex16(seq)})`, at + 6, 2)
    add(l, 'Data', `${end - at - 8} bytes`, at + 8, end - at - 8)
    c.columns.info = `${title.padEnd(20)} id=${hex16(ident)}, seq=${seq}/${swapped}, ttl=${c.ttl}`
  } else {
    if (type === icmp.UNREACHABLE && code === icmp.FRAGMENTATION_NEEDED) add(l, 'MTU of next hop', u16(b, at + 6), at + 6, 2)
    if (type === icmp.REDIRECT) add(l, 'Gateway address', formatIp(u32(b, at + 4)), at + 4, 4)
    if (type === icmp.PARAMETER_PROBLEM) add(l, 'Pointer', b[at + 4], at + 4, 1)
    c.columns.info = `${title.padEnd(20)} (${codes[code] ?? `Code ${code}`})`
    if (icmp.isError(b, at)) original(c, at + icmp.HEADER_LEN, end)
    else data(c, at + icmp.HEADER_LEN, end)
  }
  if (summed && fold(sumOver(0, b, at, end)) !== 0) broken(c, 'icmp: bad checksum', at, end)
}

function reportText(r: igmp.GroupRecord): string {
  const group = formatIp(r.group)
  const sources = `{${r.sources.map(formatIp).join(', ')}}`
  if (r.type === igmp.CHANGE_TO_INCLUDE || r.type === igmp.IS_INCLUDE) {
    return r.sources.length === 0 ? `Leave group ${group}` : `Join group ${group} for source ${sources}`
  }
  if (r.type === igmp.ALLOW_NEW_SOURCES) return `Group ${group}, ALLOW new sources ${sources}`
  if (r.type === igmp.BLOCK_OLD_SOURCES) return `Group ${group}, BLOCK old sources ${sources}`
  return r.sources.length === 0 ? `Join group ${group} for any sources` : `Join group ${group}, not for source ${sources}`
}

const IGMP_TYPES = {
  query: 'Membership Query (0x11)',
  report: 'Membership Report (0x22)',
  'report-v2': 'Membership Report (0x16)',
  leave: 'Leave Group (0x17)',
} as const

export function dissectIgmp(c: Context, at: number, end: number): void {
  protocol(c, 'IGMPv3', '')
  const m = igmp.parse(c.b, at, end)
  if (typeof m === 'string') {
    if (m === 'igmp: unknown type') protocol(c, 'IGMP', `Type 0x${c.b[at].toString(16)}`)
    return broken(c, m, at, end)
  }
  const l = layer(c, 'Internet Group Management Protocol', at, end)
  add(l, 'Type', IGMP_TYPES[m.kind], at, 1)
  add(l, 'Checksum', `${hex16(u16(c.b, at + 2))} [correct]`, at + 2, 2)
  if (m.kind === 'query') {
    if (end - at < 12) c.columns.protocol = 'IGMPv2'
    add(l, 'Max response code', m.maxResponseCode, at + 1, 1)
    add(l, 'Multicast address', formatIp(m.group), at + 4, 4)
    c.columns.info = `Membership Query, ${m.group === 0 ? 'general' : `specific for group ${formatIp(m.group)}`}`
    return
  }
  if (m.kind !== 'report') {
    c.columns.protocol = 'IGMPv2'
    add(l, 'Multicast address', formatIp(m.group), at + 4, 4)
    c.columns.info = `${m.kind === 'leave' ? 'Leave Group' : 'Membership Report group'} ${formatIp(m.group)}`
    return
  }
  let i = at + 8
  for (const r of m.records) {
    const size = 8 + 4 * r.sources.length
    add(l, `Group record (type ${r.type})`, reportText(r), i, size)
    i += size
  }
  c.columns.info = ['Membership Report', ...m.records.map(reportText)].join(' / ')
}

const ROUTER_SOLICITATION = 133
const NEIGHBOUR_SOLICITATION = 135
const NEIGHBOUR_ADVERTISEMENT = 136
const TITLES_V6 = new Map([
  [1, 'Destination Unreachable'],
  [3, 'Time Exceeded'],
  [128, 'Echo (ping) request'],
  [129, 'Echo (ping) reply'],
  [131, 'Multicast Listener Report'],
  [ROUTER_SOLICITATION, 'Router Solicitation'],
  [134, 'Router Advertisement'],
  [NEIGHBOUR_SOLICITATION, 'Neighbor Solicitation'],
  [NEIGHBOUR_ADVERTISEMENT, 'Neighbor Advertisement'],
  [143, 'Multicast Listener Report Message v2'],
])

/** Link-layer address options (RFC 4861 section 4.6.1); returns the first one's text. */
function linkLayerOption(c: Context, l: Layer, at: number, end: number): string | undefined {
  for (let i = at; i + 8 <= end && c.b[i + 1] > 0; i += 8 * c.b[i + 1]) {
    if (c.b[i] !== 1 && c.b[i] !== 2) continue
    const mac = formatMac(u48(c.b, i + 2))
    l.fields.push(field(c.b[i] === 1 ? 'Source link-layer address' : 'Target link-layer address', mac, i, i + 8))
    return mac
  }
  return undefined
}

export function dissectIcmp6(c: Context, at: number, end: number): void {
  const { b } = c
  protocol(c, 'ICMPv6', '')
  if (end - at < 8) return broken(c, 'icmpv6: truncated', at, end)
  const title = TITLES_V6.get(b[at]) ?? `Type ${b[at]}`
  const l = layer(c, 'Internet Control Message Protocol v6', at, end)
  add(l, 'Type', `${title} (${b[at]})`, at, 1)
  add(l, 'Code', b[at + 1], at + 1, 1)
  add(l, 'Checksum', hex16(u16(b, at + 2)), at + 2, 2)
  c.columns.info = title
  if (b[at] === 128 || b[at] === 129) {
    c.columns.info = `${title} id=${hex16(u16(b, at + 4))}, seq=${u16(b, at + 6)}, hop limit=${c.ttl}`
  } else if ((b[at] === NEIGHBOUR_SOLICITATION || b[at] === NEIGHBOUR_ADVERTISEMENT) && end - at >= 24) {
    const target = formatIp6(readIp6(b, at + 8))
    add(l, 'Target address', target, at + 8, 16)
    const mac = linkLayerOption(c, l, at + 24, end)
    if (b[at] === NEIGHBOUR_SOLICITATION) c.columns.info += ` for ${target}${mac === undefined ? '' : ` from ${mac}`}`
    else {
      const flags = [b[at + 4] & 0x80 ? 'rtr' : '', b[at + 4] & 0x40 ? 'sol' : '', b[at + 4] & 0x20 ? 'ovr' : '']
      c.columns.info += ` ${target} (${flags.filter((s) => s !== '').join(', ')})${mac === undefined ? '' : ` is at ${mac}`}`
    }
  } else if (b[at] === ROUTER_SOLICITATION || b[at] === 134) {
    const mac = linkLayerOption(c, l, at + (b[at] === ROUTER_SOLICITATION ? 8 : 16), end)
    if (mac !== undefined) c.columns.info += ` from ${mac}`
  }
}
