// IPv4 (RFC 791).
import { printIcmp } from './icmp.ts'
import { printIgmp } from './igmp.ts'
import { printIp6 } from './ip6.ts'
import { hex4, type Sheet } from './sheet.ts'
import { printTcp } from './tcp.ts'
import { printUdp } from './udp.ts'

/** Names that getprotobynumber knows, as they are printed: `proto UDP (17)`. */
const PROTOCOLS: { readonly [number: number]: string } = {
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  43: 'IPv6-Route',
  44: 'IPv6-Frag',
  46: 'RSVP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  115: 'L2TPv3',
  132: 'SCTP',
}

const OPTIONS: { readonly [code: number]: string } = {
  0: 'EOL',
  1: 'NOP',
  7: 'RR',
  68: 'timestamp',
  130: 'security',
  131: 'LSRR',
  137: 'SSRR',
  148: 'RA',
}

/** What transports need of the packet around them. */
export type Around = {
  readonly at: number
  readonly version: 4 | 6
  readonly src: string
  readonly dst: string
  /** Where the addresses stand, for checksums. */
  readonly addresses: number
  readonly fragment: boolean
  /** The end of the packet as its header says, not of what was captured. */
  readonly end: number
}

export function printIp4(sheet: Sheet, at: number, length: number): void {
  if (++sheet.depth > 8) return
  if (!sheet.style.link) sheet.put('IP ')
  sheet.layer('ip', () => {
    const version = sheet.u8(at) >> 4
    if (version !== 4) {
      sheet.put(version === 6 ? 'IP6, wrong link-layer encapsulation' : `IP${version}, wrong link-layer encapsulation `)
      if (version !== 6) return
    }
    if (length < 20) {
      sheet.put(`truncated-ip ${length}`)
      return
    }
    sheet.need(at, 20)
    const headerLen = (sheet.u8(at) & 15) * 4
    if (headerLen < 20) {
      sheet.put(`bad-hlen ${headerLen}`)
      return
    }
    const total = sheet.u16(at + 2)
    if (length < total) sheet.put(`truncated-ip - ${total - length} bytes missing! `)
    if (total < headerLen) {
      sheet.put(`bad-len ${total}`)
      return
    }
    const offset = sheet.u16(at + 6)
    const protocol = sheet.u8(at + 9)
    if (sheet.verbose > 0) printHeader(sheet, at, headerLen, total, offset, protocol)
    const [src, dst] = [sheet.ip(at + 12), sheet.ip(at + 16)]
    const around: Around = {
      at,
      version: 4,
      src,
      dst,
      addresses: at + 12,
      fragment: (offset & 0x3fff) !== 0,
      end: at + total,
    }
    if ((offset & 0x1fff) !== 0) {
      sheet.put(`${src} > ${dst}:`)
      const name = sheet.style.numeric ? undefined : PROTOCOLS[protocol]
      sheet.put(name === undefined ? ` ip-proto-${protocol}` : ` ${name.toLowerCase()}`)
      return
    }
    if (protocol !== 6 && protocol !== 17 && protocol !== 132) sheet.put(`${src} > ${dst}: `)
    printPayload(sheet, protocol, at + headerLen, around)
  })
}

function printHeader(sheet: Sheet, at: number, headerLen: number, total: number, offset: number, protocol: number): void {
  const tos = sheet.u8(at + 1)
  sheet.put(`(tos 0x${tos.toString(16)}`)
  if ((tos & 3) !== 0) sheet.put([',ECT(1)', ',ECT(0)', ',CE'][(tos & 3) - 1] as string)
  const ttl = sheet.u8(at + 8)
  if (ttl >= 1) sheet.put(`, ttl ${ttl}`)
  const flags = [
    ...((offset & 0x2000) !== 0 ? ['+'] : []),
    ...((offset & 0x4000) !== 0 ? ['DF'] : []),
    ...((offset & 0x8000) !== 0 ? ['rsvd'] : []),
  ]
  sheet.put(`, id ${sheet.u16(at + 4)}, offset ${(offset & 0x1fff) * 8}, flags [${flags.join(', ') || 'none'}]`)
  sheet.put(`, proto ${PROTOCOLS[protocol] ?? 'unknown'} (${protocol}), length ${total}`)
  if (headerLen > 20) printOptions(sheet, at + 20, at + headerLen)
  if (sheet.has(at, headerLen)) {
    const sum = sheet.checksum(at, at + headerLen)
    if (sum !== 0xffff) {
      const given = sheet.u16(at + 10)
      sheet.put(`, bad cksum ${given.toString(16)} (->${correct(sum, given).toString(16)})!`)
    }
  }
  sheet.put(')\n    ')
}

/** The checksum that should have stood where `given` does, when the sum over all came out as `sum`. */
export function correct(sum: number, given: number): number {
  let rest = 0xffff - (sum % 0xffff) + given
  rest = (rest & 0xffff) + (rest >>> 16)
  return rest === 0xffff && given === 0 ? rest : rest & 0xffff
}

function printOptions(sheet: Sheet, from: number, end: number): void {
  sheet.put(', options (')
  for (let at = from, first = true; at < end; first = false) {
    const code = sheet.u8(at)
    if (!first) sheet.put(',')
    sheet.put(OPTIONS[code] ?? `unknown ${code}`)
    if (code === 0) break
    if (code === 1) {
      at++
      continue
    }
    const len = sheet.u8(at + 1)
    if (len < 2 || at + len > end) {
      sheet.put(' [bad length]')
      break
    }
    if (code === 148) sheet.put(len === 4 && sheet.u16(at + 2) === 0 ? '' : ` value ${sheet.u16(at + 2)}`)
    else if (code === 7 || code === 131 || code === 137) {
      for (let hop = at + 3; hop + 4 <= at + len; hop += 4) {
        const pointer = sheet.u8(at + 2) - 1
        sheet.put(` ${sheet.ip(hop)}${hop - at === pointer ? ',' : ''}`)
      }
    }
    at += len
  }
  sheet.put(')')
}

export function printPayload(sheet: Sheet, protocol: number, at: number, around: Around): void {
  const left = around.end - at
  switch (protocol) {
    case 1:
      return printIcmp(sheet, at, left, around)
    case 2:
      return printIgmp(sheet, at, left)
    case 4:
      printIp4(sheet, at, left)
      if (sheet.verbose === 0) sheet.put(' (ipip-proto-4)')
      return
    case 6:
      return printTcp(sheet, at, left, around)
    case 17:
      return printUdp(sheet, at, left, around)
    case 41:
      return printIp6(sheet, at, left)
    case 47:
      return printGre(sheet, at, left)
    case 50:
      sheet.put(
        `ESP(spi=0x${sheet.u32(at).toString(16).padStart(8, '0')},seq=0x${sheet.u32(at + 4).toString(16)}), length ${left}`,
      )
      return
    default: {
      const name = sheet.style.numeric ? undefined : PROTOCOLS[protocol]
      sheet.put(name === undefined ? ` ip-proto-${protocol}` : ` ${name.toLowerCase()}`)
      sheet.put(` ${left}`)
    }
  }
}

/** RFC 2784, 2890. */
function printGre(sheet: Sheet, at: number, left: number): void {
  const flags = sheet.u16(at)
  const type = sheet.u16(at + 2)
  sheet.put(`GREv${flags & 7}`)
  let next = at + 4
  if ((flags & 0x8000) !== 0) next += 4
  if ((flags & 0x2000) !== 0) {
    sheet.put(`, key=0x${sheet.u32(next).toString(16)}`)
    next += 4
  }
  if ((flags & 0x1000) !== 0) {
    sheet.put(`, seq ${sheet.u32(next)}`)
    next += 4
  }
  sheet.put(`, length ${left}: `)
  if (type === 0x0800) printIp4(sheet, next, left - (next - at))
  else if (type === 0x86dd) printIp6(sheet, next, left - (next - at))
  else sheet.put(`gre-proto-0x${hex4(type)}`)
}
