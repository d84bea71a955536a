// NetBIOS names over UDP (RFC 1002 section 4.2): messages are those of DNS, names are sixteen octets, each of them written as two letters.
import { put16, put32, put48, u16, u32, u48 } from './bytes.ts'
import * as dns from './dns.ts'
import { readName } from './dns-name.ts'

export const PORT = 137
export const NB = 0x20
export const NBSTAT = 0x21
/** Bit of the flags: it was sent to everybody. */
const BROADCAST = 0x10
const RESPONSE = 0x8000
const GROUP = 0x8000
const ACTIVE = 0x0400

/** `suffix`: what kind of service has the name: 0x00 the workstation, 0x20 the file server. */
export type Name = { readonly name: string; readonly suffix: number }
export type Owned = Name & { readonly group: boolean }

export type Nbns =
  | { readonly kind: 'query'; readonly id: number; readonly name: Name; readonly status: boolean }
  | {
      readonly kind: 'found'
      readonly id: number
      readonly name: Name
      readonly ttl: number
      readonly addresses: readonly number[]
    }
  | { readonly kind: 'status'; readonly id: number; readonly names: readonly Owned[]; readonly mac: number }

/** Padded with blanks, but for the name of anybody. */
export function encodeName({ name, suffix }: Name): string {
  const anybody = name === '*'
  let label = ''
  for (let at = 0; at < 16; at++) {
    const octet = at === 15 ? suffix : at < name.length ? name.charCodeAt(at) & 255 : anybody ? 0 : 0x20
    label += String.fromCharCode(0x41 + (octet >> 4), 0x41 + (octet & 15))
  }
  return label
}

export function decodeName(label: string): Name | undefined {
  if (!/^[A-P]{32}$/i.test(label)) return undefined
  let name = ''
  for (let at = 0; at < 30; at += 2) {
    const octet = ((label.charCodeAt(at) & 31) - 1) * 16 + ((label.charCodeAt(at + 1) & 31) - 1)
    if (octet !== 0) name += String.fromCharCode(octet)
  }
  return {
    name: name.trimEnd(),
    suffix: ((label.charCodeAt(30) & 31) - 1) * 16 + ((label.charCodeAt(31) & 31) - 1),
  }
}

const message = (change: Partial<dns.Dns>): dns.Dns => ({
  ...dns.query(0, { name: '', recursionDesired: false }),
  questions: [],
  ...change,
})

/** `toAll`: to the broadcast address. */
export function encode(one: Nbns, toAll = false): Uint8Array {
  if (one.kind === 'query') {
    const type = dns.typeName(one.status ? NBSTAT : NB)
    const question = { name: encodeName(one.name), type, class: dns.CLASS_IN }
    const bytes = dns.encode(message({ id: one.id, recursionDesired: !one.status, questions: [question] })).slice()
    if (toAll) bytes[3] = (bytes[3] ?? 0) | BROADCAST
    return bytes
  }
  const found = one.kind === 'found'
  const record: dns.DnsRecord = {
    type: 'other',
    code: found ? NB : NBSTAT,
    name: encodeName(found ? one.name : { name: '*', suffix: 0 }),
    ttl: found ? one.ttl : 0,
    data: found ? addressData(one.addresses) : statusData(one.names, one.mac),
  }
  return dns
    .encode(message({ id: one.id, response: true, authoritative: true, recursionDesired: found, answers: [record] }))
    .slice()
}

function addressData(addresses: readonly number[]): Uint8Array {
  const data = new Uint8Array(6 * addresses.length)
  for (const [at, ip] of addresses.entries()) put32(data, 6 * at + 2, ip)
  return data
}

const NAME_LEN = 18
/** Of the statistics only the address of the adapter is told; the rest is zero, as Windows has it. */
const STATISTICS = 46

function statusData(names: readonly Owned[], mac: number): Uint8Array {
  const data = new Uint8Array(1 + NAME_LEN * names.length + STATISTICS)
  data[0] = names.length
  for (const [index, { name, suffix, group }] of names.entries()) {
    const at = 1 + NAME_LEN * index
    for (let n = 0; n < 15; n++) data[at + n] = n < name.length ? name.charCodeAt(n) & 255 : 0x20
    data[at + 15] = suffix
    put16(data, at + 16, ACTIVE | (group ? GROUP : 0))
  }
  put48(data, 1 + NAME_LEN * names.length, mac)
  return data
}

/** The only record of an answer. DNS has other meanings for these types, so its records are not asked. */
function answerOf(b: Uint8Array, at: number, end: number) {
  const named = u16(b, at + 4) === 0 && u16(b, at + 6) === 1 ? readName(b, at, at + dns.HEADER_LEN, end) : undefined
  if (named === undefined || named.next + 10 > end) return undefined
  const from = named.next + 10
  const to = from + u16(b, named.next + 8)
  return to > end
    ? undefined
    : { name: named.name, code: u16(b, named.next), ttl: u32(b, named.next + 4), data: b.subarray(from, to) }
}

/** Of what may be sent to this port only these three are known; anything else is a reason. */
export function parse(b: Uint8Array, at: number, end: number): Nbns | string {
  if (end - at < dns.HEADER_LEN) return 'nbns: truncated'
  const id = u16(b, at)
  if ((u16(b, at + 2) & RESPONSE) === 0) {
    const read = dns.parse(b, at, end)
    if (typeof read === 'string') return read.replace('dns', 'nbns')
    const [question] = read.questions
    const name = question && decodeName(question.name)
    const code = question ? dns.typeCode(question.type) : 0
    if (name === undefined || read.opcode !== dns.QUERY || (code !== NB && code !== NBSTAT)) return 'nbns: not a question'
    return { kind: 'query', id, name, status: code === NBSTAT }
  }
  const answer = answerOf(b, at, end)
  if (answer === undefined) return 'nbns: no answer'
  const { data } = answer
  if (answer.code === NB) {
    const name = decodeName(answer.name)
    if (name === undefined || data.length % 6 !== 0) return 'nbns: bad address'
    const addresses = Array.from({ length: data.length / 6 }, (_, n) => u32(data, 6 * n + 2))
    return { kind: 'found', id, name, ttl: answer.ttl, addresses }
  }
  const count = data[0] ?? 0
  if (answer.code !== NBSTAT || data.length < 1 + NAME_LEN * count + 6) return 'nbns: bad status'
  const names = Array.from({ length: count }, (_, n) => {
    const from = 1 + NAME_LEN * n
    const name = String.fromCharCode(...data.subarray(from, from + 15)).trimEnd()
    return { name, suffix: data[from + 15] ?? 0, group: (u16(data, from + 16) & GROUP) !== 0 }
  })
  return { kind: 'status', id, names, mac: u48(data, 1 + NAME_LEN * count) }
}
