// DNS, LLMNR and mDNS, which share their format and in Wireshark their fields. A message is walked once a field that is asked
// for; names are put together only where they are the value.
import { ascii, u16, u32 } from '../../bytes.ts'
import { labelsOf, TYPE } from '../../dns.ts'
import { readName } from '../../dns-name.ts'
import { type Field, type FieldType, field, type Layer, P, protocol, type Read, u16At, type Value, when } from '../field.ts'
import { DNS_RCODES } from './names.ts'

const ALL = P.dns | P.mdns | P.llmnr
const HEADER_LEN = 12
/** Of each section; a frame of usual size holds fewer. */
const MAX_RECORDS = 512

/** After the name that begins at `at`; `end + 1` when it is cut off. No pointer is followed. */
function afterName(b: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end) {
    if (b[i] === 0) return i + 1
    if (b[i] >= 0xc0) return i + 2
    i += 1 + b[i]
  }
  return end + 1
}

type Question = (b: Uint8Array, layer: Layer, nameAt: number, fixed: number, out: Value[]) => void
/** `fixed` is where the type is; the data is b[at..end). */
type Visit = (b: Uint8Array, layer: Layer, nameAt: number, fixed: number, at: number, end: number, out: Value[]) => void

function walk(b: Uint8Array, layer: Layer, out: Value[], question: Question | undefined, record: Visit | undefined): void {
  const { at: start, end } = layer
  if (end - start < HEADER_LEN) return
  let i = start + HEADER_LEN
  for (let n = Math.min(MAX_RECORDS, u16(b, start + 4)); n > 0; n--) {
    const fixed = afterName(b, i, end)
    if (fixed + 4 > end) return
    question?.(b, layer, i, fixed, out)
    i = fixed + 4
  }
  if (record === undefined) return
  for (let section = 0; section < 3; section++) {
    for (let n = Math.min(MAX_RECORDS, u16(b, start + 6 + 2 * section)); n > 0; n--) {
      const fixed = afterName(b, i, end)
      if (fixed + 10 > end) return
      const next = fixed + 10 + u16(b, fixed + 8)
      if (next > end) return
      record(b, layer, i, fixed, fixed + 10, next, out)
      i = next
    }
  }
}

const questions =
  (take: Question): Read =>
  (b, layer, out) =>
    walk(b, layer, out, take, undefined)
const records =
  (take: Visit): Read =>
  (b, layer, out) =>
    walk(b, layer, out, undefined, take)
/** Of one type of record only. */
const ofType = (type: number, take: Visit): Read =>
  records((b, layer, nameAt, fixed, at, end, out) => {
    if (u16(b, fixed) === type) take(b, layer, nameAt, fixed, at, end, out)
  })
/** The pseudo record of EDNS uses class and TTL for its own ends (RFC 6891). */
const butOpt = (take: Visit): Read =>
  records((b, layer, nameAt, fixed, at, end, out) => {
    if (u16(b, fixed) !== TYPE.OPT) take(b, layer, nameAt, fixed, at, end, out)
  })

function name(b: Uint8Array, { at, end }: Layer, from: number, out: Value[]): number {
  const found = readName(b, at, from, end)
  if (found !== undefined) out.push(found.name === '' ? '<Root>' : found.name)
  return found?.next ?? end
}
/** A name at some place of the data of a record. */
const nameIn = (type: number, offset = 0): Read =>
  ofType(type, (b, layer, _nameAt, _fixed, at, end, out) => {
    if (at + offset < end) name(b, layer, at + offset, out)
  })
const shortIn = (type: number, offset: number): Read =>
  ofType(type, (b, _layer, _nameAt, _fixed, at, end, out) => {
    if (at + offset + 2 <= end) out.push(u16(b, at + offset))
  })
/** The numbers of an SOA record stand after its two names. */
const soaNumber = (offset: number): Read =>
  ofType(TYPE.SOA, (b, _layer, _nameAt, _fixed, at, end, out) => {
    const i = afterName(b, afterName(b, at, end), end) + offset
    if (i + 4 <= end) out.push(u32(b, i))
  })

const response = (b: Uint8Array, { at }: Layer): boolean => (b[at + 2] & 0x80) !== 0
const flag = (word: string, bit: number, of = ALL): Field => field(`dns.flags.${word}`, 'boolean', of, u16At(2, bit, 1))
const answered = (word: string, bit: number): Field =>
  field(`dns.flags.${word}`, 'boolean', P.dns | P.mdns, when(response, u16At(2, bit, 1)))
const some = (word: string, type: FieldType, read: Read): Field => field(`dns.${word}`, type, ALL, read)
/** In mDNS the first bit of a class has a meaning of its own (RFC 6762 section 18.12). */
const classOf = (b: Uint8Array, layer: Layer, at: number): number => u16(b, at) & (layer.protocol === P.mdns ? 0x7fff : 0xffff)

export const dns: readonly Field[] = [
  protocol('dns', P.dns),
  protocol('mdns', P.mdns),
  protocol('llmnr', P.llmnr),
  some('id', 'uint16', u16At(0)),
  some('flags', 'uint16', u16At(2)),
  flag('response', 15),
  some('flags.opcode', 'uint16', u16At(2, 11, 15)),
  answered('authoritative', 10),
  flag('conflict', 10, P.llmnr),
  flag('truncated', 9),
  flag('recdesired', 8, P.dns | P.mdns),
  flag('tentative', 8, P.llmnr),
  answered('recavail', 7),
  flag('z', 6, P.dns | P.mdns),
  answered('authenticated', 5),
  flag('checkdisable', 4, P.dns | P.mdns),
  field('dns.flags.rcode', 'uint16', ALL, when(response, u16At(2, 0, 15)), DNS_RCODES),
  some('count.queries', 'uint16', u16At(4)),
  some('count.answers', 'uint16', u16At(6)),
  some('count.auth_rr', 'uint16', u16At(8)),
  some('count.add_rr', 'uint16', u16At(10)),
  some(
    'qry.name',
    'string',
    questions((b, layer, nameAt, _fixed, out) => name(b, layer, nameAt, out)),
  ),
  some(
    'qry.name.len',
    'uint16',
    questions((b, layer, nameAt, _fixed, out) => {
      const found: Value[] = []
      name(b, layer, nameAt, found)
      for (const one of found) out.push((one as string).length)
    }),
  ),
  some(
    'count.labels',
    'uint16',
    questions((b, layer, nameAt, _fixed, out) => {
      const found: Value[] = []
      name(b, layer, nameAt, found)
      for (const one of found) out.push(labelsOf(one as string).length)
    }),
  ),
  field(
    'dns.qry.type',
    'uint16',
    ALL,
    questions((b, _layer, _nameAt, fixed, out) => out.push(u16(b, fixed))),
    lowered(TYPE),
  ),
  some(
    'qry.class',
    'uint16',
    questions((b, layer, _nameAt, fixed, out) => out.push(classOf(b, layer, fixed + 2))),
  ),
  field(
    'dns.qry.qu',
    'boolean',
    P.mdns,
    questions((b, _layer, _nameAt, fixed, out) => out.push(b[fixed + 2] >> 7)),
  ),
  // Of a service record Wireshark takes the name apart instead: `dns.srv.service` and so on.
  some(
    'resp.name',
    'string',
    records((b, layer, nameAt, fixed, _at, _end, out) => {
      if (u16(b, fixed) !== TYPE.SRV) name(b, layer, nameAt, out)
    }),
  ),
  field(
    'dns.resp.type',
    'uint16',
    ALL,
    records((b, _layer, _nameAt, fixed, _at, _end, out) => out.push(u16(b, fixed))),
    lowered(TYPE),
  ),
  some(
    'resp.class',
    'uint16',
    butOpt((b, layer, _nameAt, fixed, _at, _end, out) => out.push(classOf(b, layer, fixed + 2))),
  ),
  field(
    'dns.resp.cache_flush',
    'boolean',
    P.mdns,
    butOpt((b, _layer, _nameAt, fixed, _at, _end, out) => out.push(b[fixed + 2] >> 7)),
  ),
  some(
    'resp.ttl',
    'uint32',
    butOpt((b, _layer, _nameAt, fixed, _at, _end, out) => out.push(u32(b, fixed + 4))),
  ),
  some(
    'resp.len',
    'uint16',
    records((_b, _layer, _nameAt, _fixed, at, end, out) => out.push(end - at)),
  ),
  some(
    'rr.udp_payload_size',
    'uint16',
    ofType(TYPE.OPT, (b, _layer, _nameAt, fixed, _at, _end, out) => out.push(u16(b, fixed + 2))),
  ),
  some(
    'a',
    'ipv4',
    ofType(TYPE.A, (b, _layer, _nameAt, _fixed, at, end, out) => {
      if (end - at === 4) out.push(u32(b, at))
    }),
  ),
  some(
    'aaaa',
    'ipv6',
    ofType(TYPE.AAAA, (b, _layer, _nameAt, _fixed, at, end, out) => {
      if (end - at === 16) out.push(b.subarray(at, end))
    }),
  ),
  some('cname', 'string', nameIn(TYPE.CNAME)),
  some('ns', 'string', nameIn(TYPE.NS)),
  some('ptr.domain_name', 'string', nameIn(TYPE.PTR)),
  some('mx.preference', 'uint16', shortIn(TYPE.MX, 0)),
  some('mx.mail_exchange', 'string', nameIn(TYPE.MX, 2)),
  some('srv.priority', 'uint16', shortIn(TYPE.SRV, 0)),
  some('srv.weight', 'uint16', shortIn(TYPE.SRV, 2)),
  some('srv.port', 'uint16', shortIn(TYPE.SRV, 4)),
  some('srv.target', 'string', nameIn(TYPE.SRV, 6)),
  some(
    'txt',
    'string',
    ofType(TYPE.TXT, (b, _layer, _nameAt, _fixed, at, end, out) => {
      for (let i = at; i < end && i + 1 + b[i] <= end; i += 1 + b[i]) out.push(ascii(b, i + 1, i + 1 + b[i]))
    }),
  ),
  some('soa.mname', 'string', nameIn(TYPE.SOA)),
  some(
    'soa.rname',
    'string',
    ofType(TYPE.SOA, (b, layer, _nameAt, _fixed, at, end, out) => {
      name(b, layer, afterName(b, at, end), out)
    }),
  ),
  some('soa.serial_number', 'uint32', soaNumber(0)),
  some('soa.refresh_interval', 'uint32', soaNumber(4)),
  some('soa.retry_interval', 'uint32', soaNumber(8)),
  some('soa.expire_limit', 'uint32', soaNumber(12)),
  some('soa.minimum_ttl', 'uint32', soaNumber(16)),
]

function lowered(names: { readonly [word: string]: number }): { readonly [word: string]: number } {
  return Object.fromEntries(Object.entries(names).map(([word, value]) => [word.toLowerCase(), value]))
}
