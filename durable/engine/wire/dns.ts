// DNS messages (RFC 1035 section 4), the same for UDP, LLMNR and mDNS. Pointers are relative to the first octet.
import { put16, u16 } from './bytes.ts'
import { readName, room, write16, writeName, writer } from './dns-name.ts'
import { type DnsRecord, readRecord, typeCode, typeName, writeRecord } from './dns-records.ts'

export { canonical, isValidName, labelsOf, sameName } from './dns-name.ts'
export { CLASS_IN, type Data, type DnsRecord, type Opt, recordTypeCode, TYPE, typeCode, typeName } from './dns-records.ts'

export const PORT = 53
export const HEADER_LEN = 12
/** Without EDNS a UDP answer is at most this long (RFC 1035 section 4.2.1). */
export const UDP_LIMIT = 512

export const QUERY = 0
export const NOERROR = 0
export const FORMERR = 1
export const SERVFAIL = 2
export const NXDOMAIN = 3
export const NOTIMP = 4
export const REFUSED = 5

/** `type` is the text of `typeName`, so that it compares with the `type` of a record. */
export type Question = { readonly name: string; readonly type: string; readonly class: number }
export type Dns = {
  readonly id: number
  readonly response: boolean
  readonly opcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  readonly rcode: number
  readonly questions: readonly Question[]
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}
export type Malformed = 'dns: truncated' | 'dns: bad question' | 'dns: bad record'

export function parse(b: Uint8Array, at: number, end: number): Dns | Malformed {
  if (end - at < HEADER_LEN) return 'dns: truncated'
  const flags = u16(b, at + 2)
  let i = at + HEADER_LEN
  const questions: Question[] = []
  for (let n = u16(b, at + 4); n > 0; n--) {
    const name = readName(b, at, i, end)
    if (name === undefined || name.next + 4 > end) return 'dns: bad question'
    questions.push({ name: name.name, type: typeName(u16(b, name.next)), class: u16(b, name.next + 2) })
    i = name.next + 4
  }
  const sections: DnsRecord[][] = [[], [], []]
  for (let s = 0; s < 3; s++) {
    for (let n = u16(b, at + 6 + 2 * s); n > 0; n--) {
      const read = readRecord(b, at, i, end)
      if (read === undefined) return 'dns: bad record'
      sections[s].push(read.record)
      i = read.next
    }
  }
  return {
    id: u16(b, at),
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x400) !== 0,
    truncated: (flags & 0x200) !== 0,
    recursionDesired: (flags & 0x100) !== 0,
    recursionAvailable: (flags & 0x80) !== 0,
    rcode: flags & 15,
    questions,
    answers: sections[0],
    authorities: sections[1],
    additionals: sections[2],
  }
}

const flagsOf = (d: Dns): number =>
  (d.response ? 0x8000 : 0) |
  (d.opcode << 11) |
  (d.authoritative ? 0x400 : 0) |
  (d.truncated ? 0x200 : 0) |
  (d.recursionDesired ? 0x100 : 0) |
  (d.recursionAvailable ? 0x80 : 0) |
  d.rcode

/** The whole message. Compression makes the length known only after writing, so `len` and `emit` call this too. */
export function encode(d: Dns): Uint8Array {
  const w = writer()
  room(w, HEADER_LEN)
  const counts = [d.questions, d.answers, d.authorities, d.additionals].map((s) => s.length)
  put16(w.bytes, 0, d.id)
  put16(w.bytes, 2, flagsOf(d))
  for (let i = 0; i < 4; i++) put16(w.bytes, 4 + 2 * i, counts[i])
  for (const q of d.questions) {
    writeName(w, q.name, true)
    write16(w, typeCode(q.type))
    write16(w, q.class)
  }
  for (const r of [...d.answers, ...d.authorities, ...d.additionals]) writeRecord(w, r)
  return w.bytes.subarray(0, w.at)
}

export const len = (d: Dns): number => encode(d).length

export const emit = (d: Dns, out: Uint8Array, at: number): void => out.set(encode(d), at)

/**
 * The message cut to `limit` octets: additional records go first and silently (RFC 2181 section 9), then authorities and answers,
 * which sets the truncated flag. OPT stays.
 */
export function truncate(d: Dns, limit: number): Dns {
  let cut = d
  while (len(cut) > limit) {
    const spare = cut.additionals.findLastIndex((r) => r.type !== 'OPT')
    if (spare >= 0) cut = { ...cut, additionals: cut.additionals.toSpliced(spare, 1) }
    else if (cut.authorities.length > 0) cut = { ...cut, truncated: true, authorities: cut.authorities.slice(0, -1) }
    else if (cut.answers.length > 0) cut = { ...cut, truncated: true, answers: cut.answers.slice(0, -1) }
    else break
  }
  return cut
}

type Asked = { readonly name: string; readonly type?: string; readonly recursionDesired?: boolean }

/** A query for one name. */
export const query = (id: number, { name, type = 'A', recursionDesired = true }: Asked): Dns => ({
  id,
  response: false,
  opcode: QUERY,
  authoritative: false,
  truncated: false,
  recursionDesired,
  recursionAvailable: false,
  rcode: NOERROR,
  questions: [{ name, type, class: 1 }],
  answers: [],
  authorities: [],
  additionals: [],
})
