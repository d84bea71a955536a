// DNS, mDNS and LLMNR (RFC 1035, 6762, 4795) as tcpdump writes them.
import { type Sheet, Truncated, visible } from './sheet.ts'
import { spanText } from './span.ts'

export type DnsStyle = { readonly overTcp: boolean; readonly multicast: boolean }

const TYPES: { readonly [type: number]: string } = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  24: 'SIG',
  25: 'KEY',
  28: 'AAAA',
  29: 'LOC',
  33: 'SRV',
  35: 'NAPTR',
  39: 'DNAME',
  41: 'OPT',
  43: 'DS',
  44: 'SSHFP',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  99: 'SPF',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
}
const CLASSES: { readonly [code: number]: string } = { 1: 'IN', 3: 'CHAOS', 4: 'HS', 255: 'ANY' }
const RESPONSES = [
  '',
  ' FormErr',
  ' ServFail',
  ' NXDomain',
  ' NotImp',
  ' Refused',
  ' YXDomain',
  ' YXRRSet',
  ' NXRRSet',
  ' NotAuth',
  ' NotZone',
  ' Resp11',
  ' Resp12',
  ' Resp13',
  ' Resp14',
  ' NoChange',
] as const
const OPERATIONS = [
  '',
  ' inv_q',
  ' stat',
  ' op3',
  ' notify',
  ' update',
  ' op6',
  ' op7',
  ' op8',
  ' updateA',
  ' updateD',
  ' updateDA',
  ' updateM',
  ' updateMA',
  ' zoneInit',
  ' zoneRef',
] as const

export function printDns(sheet: Sheet, from: number, length: number, style: DnsStyle): void {
  const at = style.overTcp ? from + 2 : from
  try {
    if (style.overTcp) sheet.need(from, 2)
    printMessage(sheet, at, style, style.overTcp ? sheet.u16(from) : length)
  } catch (fault) {
    if (!(fault instanceof Truncated)) throw fault
    sheet.put(' [|domain]')
  }
}

function printMessage(sheet: Sheet, at: number, { multicast }: DnsStyle, length: number): void {
  sheet.need(at, 12)
  const flags = sheet.u16(at + 2)
  const id = sheet.u16(at)
  const [questions, answers, servers, more] = [4, 6, 8, 10].map((offset) => sheet.u16(at + offset)) as [
    number,
    number,
    number,
    number,
  ]
  const sections = new Sections(sheet, at, multicast)
  const operation = OPERATIONS[(flags >> 11) & 15] as string
  if ((flags & 0x8000) !== 0) {
    const marks = `${(flags & 0x0400) !== 0 ? '*' : ''}${(flags & 0x0080) !== 0 ? '' : '-'}${(flags & 0x0200) !== 0 ? '|' : ''}${(flags & 0x0020) !== 0 ? '$' : ''}`
    sheet.put(`${id}${operation}${RESPONSES[flags & 15]}${marks}`)
    if (questions !== 1) sheet.put(` [${questions}q]`)
    for (let i = 0; i < questions; i++) {
      if (i > 0) sheet.put(',')
      if (sheet.verbose > 1) {
        sheet.put(' q:')
        sections.question()
      } else sections.skipQuestion()
    }
    sheet.put(` ${answers}/${servers}/${more}`)
    sections.records(answers)
    if (sheet.verbose > 1) {
      if (servers > 0) sheet.put(' ns:')
      sections.records(servers)
      if (more > 0) sheet.put(' ar:')
      sections.records(more)
    }
  } else {
    sheet.put(`${id}${operation}${(flags & 0x0100) !== 0 ? '+' : ''}${(flags & 0x0010) !== 0 ? '%' : ''}`)
    if ((flags & 0x06cf) !== 0) sheet.put(` [b2&3=0x${flags.toString(16)}]`)
    if (answers > 0) sheet.put(` [${answers}a]`)
    if (questions !== 1) sheet.put(` [${questions}q]`)
    if (servers > 0) sheet.put(` [${servers}n]`)
    if (more > 0) sheet.put(` [${more}au]`)
    for (let i = 0; i < questions; i++) sections.question()
    if (sheet.verbose > 1) {
      if (answers > 0) sheet.put(' an:')
      sections.records(answers)
      if (servers > 0) sheet.put(' ns:')
      sections.records(servers)
      if (more > 0) sheet.put(' ar:')
      sections.records(more)
    }
  }
  sheet.put(` (${length})`)
}

class Sections {
  private at: number
  private readonly sheet: Sheet
  private readonly start: number
  private readonly multicast: boolean

  constructor(sheet: Sheet, start: number, multicast: boolean) {
    this.sheet = sheet
    this.start = start
    this.multicast = multicast
    this.at = start + 12
  }

  skipQuestion(): void {
    this.at = this.skipName(this.at) + 4
  }

  question(): void {
    const { sheet } = this
    const name = this.at
    this.at = this.skipName(this.at)
    const type = sheet.u16(this.at)
    const full = sheet.u16(this.at + 2)
    this.at += 4
    const klass = this.multicast ? full & 0x7fff : full
    sheet.put(` ${TYPES[type] ?? `Type${type}`}`)
    if (klass !== 1) sheet.put(` ${CLASSES[klass] ?? `(Class ${klass})`}`)
    if (this.multicast) sheet.put((full & 0x8000) !== 0 ? ' (QU)' : ' (QM)')
    sheet.put(`? ${this.name(name)}`)
  }

  records(count: number): void {
    for (let i = 0; i < count; i++) {
      if (i > 0) this.sheet.put(',')
      this.record()
    }
  }

  private record(): void {
    const { sheet } = this
    if (sheet.verbose > 0) sheet.put(` ${this.name(this.at)}`)
    const at = this.skipName(this.at)
    const type = sheet.u16(at)
    const full = sheet.u16(at + 2)
    const klass = this.multicast ? full & 0x7fff : full
    const length = sheet.u16(at + 8)
    const data = at + 10
    if (klass !== 1 && type !== 41) sheet.put(` ${CLASSES[klass] ?? `(Class ${klass})`}`)
    if (this.multicast && type !== 41 && (full & 0x8000) !== 0) sheet.put(' (Cache flush)')
    if (type !== 41 && sheet.verbose > 2) sheet.put(` [${spanText(sheet.u32(at + 4))}]`)
    sheet.put(` ${TYPES[type] ?? `Type${type}`}`)
    if (type === 41) {
      sheet.put(` UDPsize=${full}`)
      if ((sheet.u16(at + 6) & 0x8000) !== 0) sheet.put(' DO')
      if (length > 0) this.options(data, data + length)
    } else this.data(type, data, length)
    this.at = data + length
    sheet.need(data, length)
  }

  /** EDNS options (RFC 6891). */
  private options(from: number, end: number): void {
    const { sheet } = this
    const list: string[] = []
    for (let at = from; at + 4 <= end; ) {
      const code = sheet.u16(at)
      const length = sheet.u16(at + 2)
      const name = { 3: 'NSID', 8: 'ECS', 10: 'COOKIE', 11: 'KEEPALIVE', 12: 'PADDING' }[code] ?? `Opt${code}`
      const value = code !== 12 && length > 0 ? ` ${sheet.hex(at + 4, length)}` : ''
      list.push(`${name}${value}`)
      at += 4 + length
    }
    sheet.put(` [${list.join(',')}]`)
  }

  private data(type: number, at: number, length: number): void {
    const { sheet } = this
    switch (type) {
      case 1:
        return sheet.put(` ${dotted(sheet, at)}`)
      case 2:
      case 5:
      case 12:
      case 39:
        return sheet.put(` ${this.name(at)}`)
      case 6: {
        if (sheet.verbose === 0) return
        const mailbox = this.skipName(at)
        const rest = this.skipName(mailbox)
        const numbers = [0, 4, 8, 12, 16].map((offset) => sheet.u32(rest + offset))
        return sheet.put(` ${this.name(at)} ${this.name(mailbox)} ${numbers.join(' ')}`)
      }
      case 15:
        return sheet.put(` ${this.name(at + 2)} ${sheet.u16(at)}`)
      case 16:
        for (let i = at; i < at + length; i += 1 + sheet.u8(i)) sheet.put(` "${sheet.ascii(i + 1, sheet.u8(i))}"`)
        return
      case 28: {
        sheet.need(at, 16)
        return sheet.put(` ${sheet.ip6Plain(at)}`)
      }
      case 33:
        return sheet.put(` ${this.name(at + 6)}:${sheet.u16(at + 4)} ${sheet.u16(at)} ${sheet.u16(at + 2)}`)
      default:
        return
    }
  }

  private skipName(from: number): number {
    const { sheet } = this
    for (let at = from; ; ) {
      const length = sheet.u8(at)
      if (length === 0) return at + 1
      if (length >= 0xc0) return at + 2
      at += 1 + length
    }
  }

  private name(from: number): string {
    const { sheet } = this
    let text = ''
    let jumps = 0
    for (let at = from; ; ) {
      const length = sheet.u8(at)
      if (length === 0) return text === '' ? '.' : text
      if (length >= 0xc0) {
        if (++jumps > 32) return `${text}<BAD PTR>`
        at = this.start + (sheet.u16(at) & 0x3fff)
        continue
      }
      for (let i = at + 1; i <= at + length; i++) text += visible(sheet.u8(i))
      text += '.'
      at += 1 + length
    }
  }
}

const dotted = (sheet: Sheet, at: number): string => [0, 1, 2, 3].map((i) => sheet.u8(at + i)).join('.')
