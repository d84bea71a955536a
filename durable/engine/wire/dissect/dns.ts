// DNS over UDP and TCP, LLMNR and mDNS.
import { formatIp } from '../addresses.ts'
import { printable, u16 } from '../bytes.ts'
import * as dns from '../dns.ts'
import { readName } from '../dns-name.ts'
import { add, broken, type Context, data, type Field, field, hex16, type Layer, layer, protocol } from './context.ts'

const OPCODES = new Map([
  [0, 'Standard query'],
  [1, 'Inverse query'],
  [2, 'Server status request'],
  [4, 'Zone change notification'],
  [5, 'Dynamic update'],
])
const RCODES = [
  'No error',
  'Format error',
  'Server failure',
  'No such name',
  'Not implemented',
  'Refused',
  'Name exists',
  'RRset exists',
  'RRset does not exist',
  'Not authoritative',
  'Name out of zone',
]

const shown = (name: string): string => (name === '' ? '<Root>' : name)
const typeText = (type: string): string => (type.startsWith('TYPE') ? `Unknown (${type.slice(4)})` : type)
const recordType = (r: dns.DnsRecord): string => typeText(dns.typeName(dns.recordTypeCode(r)))

/** What follows the type in the list of packets; empty when only the type is told. */
function summary(r: dns.DnsRecord): string {
  switch (r.type) {
    case 'A':
      return formatIp(r.address)
    case 'AAAA':
      return r.address
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return shown(r.target)
    case 'SOA':
      return shown(r.primary)
    case 'MX':
      return `${r.preference} ${shown(r.exchange)}`
    case 'SRV':
      return `${r.priority} ${r.weight} ${r.port} ${shown(r.target)}`
    case 'TXT':
    case 'OPT':
    case 'other':
      return ''
    default:
      return r satisfies never
  }
}

function details(r: dns.DnsRecord): string {
  if (r.type === 'TXT') return r.strings.map((s) => `"${s}"`).join(' ')
  if (r.type === 'OPT') return `UDP payload size ${r.udpSize}${r.dnssecOk ? ', DNSSEC OK' : ''}`
  if (r.type === 'SOA') {
    return `${r.primary} ${r.mailbox} ${r.serial} ${r.refresh} ${r.retry} ${r.expire} ${r.minimum}`
  }
  return summary(r)
}

function info(d: dns.Dns, multicast: boolean): string {
  const parts = [`${OPCODES.get(d.opcode) ?? `Unknown operation (${d.opcode})`}${d.response ? ' response' : ''} ${hex16(d.id)}`]
  if (d.response && d.rcode !== 0) parts.push(RCODES[d.rcode] ?? `Unknown error (${d.rcode})`)
  for (const q of d.questions) {
    const mode = multicast && !d.response ? `, "${(q.class & 0x8000) === 0 ? 'QM' : 'QU'}" question` : ''
    parts.push(`${typeText(q.type)} ${shown(q.name)}${mode}`)
  }
  for (const r of [...d.answers, ...d.authorities, ...d.additionals]) {
    const flush = multicast && r.type !== 'OPT' && ((r.class ?? 1) & 0x8000) !== 0 ? ', cache flush' : ''
    parts.push(`${recordType(r)}${flush} ${summary(r)}`.trimEnd())
  }
  return printable(parts.join(' '))
}

/** The ranges of records are not in the parsed value: their names and lengths are walked again. */
function sectionFields(c: Context, l: Layer, d: dns.Dns, at: number, end: number): void {
  let i = at + dns.HEADER_LEN
  for (const q of d.questions) {
    const next = (readName(c.b, at, i, end)?.next ?? end) + 4
    l.fields.push(field('Query', `${shown(q.name)}: type ${typeText(q.type)}, class ${q.class}`, i, next))
    i = next
  }
  for (const [title, records] of [
    ['Answer', d.answers],
    ['Authoritative nameserver', d.authorities],
    ['Additional record', d.additionals],
  ] as const) {
    for (const r of records) {
      const fixed = readName(c.b, at, i, end)?.next ?? end
      const next = Math.min(end, fixed + 10 + u16(c.b, fixed + 8))
      const parts: Field[] = [field('Name', r.type === 'OPT' ? '<Root>' : shown(r.name), i, fixed)]
      parts.push(field('Type', recordType(r), fixed, fixed + 2))
      if (r.type !== 'OPT') parts.push(field('Time to live', `${r.ttl} s`, fixed + 4, fixed + 8))
      const text = details(r) || `${next - fixed - 10} bytes`
      parts.push(field('Data', text, fixed + 10, next))
      l.fields.push(field(title, `${r.type === 'OPT' ? '<Root>' : shown(r.name)}: ${recordType(r)} ${text}`, i, next, parts))
      i = next
    }
  }
}

function message(c: Context, name: string, at: number, end: number): void {
  protocol(c, name, '')
  const d = dns.parse(c.b, at, end)
  if (typeof d === 'string') return broken(c, d, at, end)
  const l = layer(c, `Domain Name System (${d.response ? 'response' : 'query'})`, at, end)
  add(l, 'Transaction ID', hex16(d.id), at, 2)
  const flags = [
    d.authoritative ? 'authoritative' : '',
    d.truncated ? 'truncated' : '',
    d.recursionDesired ? 'recursion desired' : '',
    d.recursionAvailable ? 'recursion available' : '',
  ].filter((s) => s !== '')
  const reply = d.response ? `${RCODES[d.rcode] ?? d.rcode}` : ''
  add(l, 'Flags', [hex16(u16(c.b, at + 2)), ...flags, reply].filter((s) => s !== '').join(', '), at + 2, 2)
  add(l, 'Questions', d.questions.length, at + 4, 2)
  add(l, 'Answer RRs', d.answers.length, at + 6, 2)
  add(l, 'Authority RRs', d.authorities.length, at + 8, 2)
  add(l, 'Additional RRs', d.additionals.length, at + 10, 2)
  sectionFields(c, l, d, at, end)
  c.columns.info = info(d, name === 'MDNS')
}

export const dissectDns = (c: Context, at: number, end: number): void => message(c, 'DNS', at, end)
export const dissectLlmnr = (c: Context, at: number, end: number): void => message(c, 'LLMNR', at, end)
export const dissectMdns = (c: Context, at: number, end: number): void => message(c, 'MDNS', at, end)

/** RFC 1035 section 4.2.2: two octets of length in front. Only a message within one segment is read. */
export function dissectDnsOverTcp(c: Context, at: number, end: number): void {
  const length = end - at >= 2 ? u16(c.b, at) : 0
  if (length < dns.HEADER_LEN || length > end - at - 2) return data(c, at, end)
  message(c, 'DNS', at + 2, at + 2 + length)
}
