// IPv6 and its extension headers (RFC 8200).
import { printIcmp6 } from './icmp6.ts'
import { type Around, printIp4, printPayload } from './ip4.ts'
import type { Sheet } from './sheet.ts'

const NAMES: { readonly [number: number]: string } = {
  0: 'Options',
  1: 'ICMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  43: 'Routing',
  44: 'Fragment',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  59: 'No Next Header',
  60: 'Destination Options',
  89: 'OSPF',
  103: 'PIM',
  112: 'VRRP',
  132: 'SCTP',
}

export function printIp6(sheet: Sheet, at: number, length: number): void {
  if (++sheet.depth > 8) return
  if (!sheet.style.link) sheet.put('IP6 ')
  sheet.layer('ip6', () => {
    const version = sheet.u8(at) >> 4
    if (version !== 6) sheet.put(`IP${version}, wrong link-layer encapsulation`)
    if (version !== 6 || length < 40) {
      if (version === 6) sheet.put(`truncated-ip6 ${length}`)
      return
    }
    sheet.need(at, 40)
    const payload = sheet.u16(at + 4)
    if (length < payload + 40) sheet.put(`truncated-ip6 - ${payload + 40 - length} bytes missing!`)
    let next = sheet.u8(at + 6)
    if (sheet.verbose > 0) {
      const first = sheet.u32(at)
      sheet.put('(')
      if ((first >>> 20) % 256 !== 0) sheet.put(`class 0x${((first >>> 20) & 255).toString(16).padStart(2, '0')}, `)
      if ((first & 0xfffff) !== 0) sheet.put(`flowlabel 0x${(first & 0xfffff).toString(16).padStart(5, '0')}, `)
      sheet.put(`hlim ${sheet.u8(at + 7)}, next-header ${NAMES[next] ?? 'unknown'} (${next}) payload length: ${payload}) `)
    }
    const [src, dst] = [sheet.ip6(at + 8), sheet.ip6(at + 24)]
    const around: Around = { at, version: 6, src, dst, addresses: at + 8, fragment: false, end: at + 40 + payload }
    let from = at + 40
    let named = false
    for (;;) {
      if (!named && next !== 6 && next !== 17 && next !== 132) {
        sheet.put(`${src} > ${dst}: `)
        named = true
      }
      const left = around.end - from
      if (next === 0 || next === 60) {
        sheet.put(next === 0 ? 'HBH ' : 'DSTOPT ')
        if (sheet.verbose > 0) printOptions(sheet, from)
        const size = (sheet.u8(from + 1) + 1) * 8
        next = sheet.u8(from)
        from += size
        continue
      }
      if (next === 44) {
        const offset = sheet.u16(from + 2)
        const id = sheet
          .u32(from + 4)
          .toString(16)
          .padStart(8, '0')
        const size = around.end - from - 8
        sheet.put(sheet.verbose > 0 ? `frag (0x${id}:${offset & 0xfff8}|${size})` : `frag (${offset & 0xfff8}|${size})`)
        if ((offset & 0xfff8) !== 0) return
        sheet.put(' ')
        next = sheet.u8(from)
        from += 8
        printNext(sheet, next, from, around.end - from, { ...around, fragment: true })
        return
      }
      if (next === 43) {
        sheet.put(`srcrt (len=${sheet.u8(from + 1)}, type=${sheet.u8(from + 2)}, segleft=${sheet.u8(from + 3)}) `)
        const size = (sheet.u8(from + 1) + 1) * 8
        next = sheet.u8(from)
        from += size
        continue
      }
      printNext(sheet, next, from, left, around)
      return
    }
  })
}

function printNext(sheet: Sheet, next: number, from: number, left: number, around: Around): void {
  switch (next) {
    case 58:
      return printIcmp6(sheet, from, left, around)
    case 59:
      return sheet.put('no next header')
    case 4:
      return printIp4(sheet, from, left)
    case 6:
    case 17:
    case 41:
    case 47:
    case 50:
      return printPayload(sheet, next, from, around)
    default:
      return sheet.put(`ip-proto-${next} ${left}`)
  }
}

/** Hop-by-hop and destination options: the router alert, padding. */
function printOptions(sheet: Sheet, at: number): void {
  const end = at + (sheet.u8(at + 1) + 1) * 8
  for (let i = at + 2; i < end; ) {
    const type = sheet.u8(i)
    if (type === 0) {
      sheet.put('(pad1)')
      i++
      continue
    }
    const length = sheet.u8(i + 1)
    if (type === 1) sheet.put('(padn)')
    else if (type === 5)
      sheet.put(
        `(rtalert: 0x${sheet
          .u16(i + 2)
          .toString(16)
          .padStart(4, '0')})`,
      )
    else sheet.put(`(opt_type 0x${type.toString(16).padStart(2, '0')}: len=${length})`)
    sheet.put(i + 2 + length >= end ? '' : ' ')
    i += 2 + length
  }
  sheet.put(' ')
}
