// ICMPv6, neighbour discovery and multicast listener discovery (RFC 4443, 4861, 2710, 3810).
import { formatIp6, readIp6 } from '../../../../engine/wire/addresses.ts'
import { sourcesText } from './igmp.ts'
import { type Around, correct } from './ip4.ts'
import type { Sheet } from './sheet.ts'
import { spanText } from './span.ts'
import { pseudoHeader } from './udp.ts'

const NAMES: { readonly [type: number]: string } = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded in-transit',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  137: 'redirect',
  138: 'router renumbering',
  143: 'multicast listener report v2',
}
const UNREACHABLE = [
  'unreachable route',
  'unreachable prohibited',
  'beyond scope',
  'unreachable address',
  'unreachable port',
] as const

export function printIcmp6(sheet: Sheet, at: number, length: number, around: Around): void {
  sheet.layer('icmp6', () => {
    const type = sheet.u8(at)
    const code = sheet.u8(at + 1)
    sheet.need(at, 4)
    if (sheet.verbose > 0 && !around.fragment && sheet.has(at, length)) {
      const sum = sheet.checksum(at, at + length, pseudoHeader(sheet, around, 58, length))
      const given = sheet.u16(at + 2)
      if (sum === 0xffff) sheet.put('[icmp6 sum ok] ')
      else
        sheet.put(
          `[bad icmp6 cksum 0x${given.toString(16).padStart(4, '0')} -> 0x${correct(sum, given).toString(16).padStart(4, '0')}!] `,
        )
    }
    sheet.put(`ICMP6, ${NAMES[type] ?? `unknown icmp6 type (${type})`}`)
    switch (type) {
      case 1:
        return printUnreachable(sheet, at, code, length)
      case 2:
        sheet.put(`, mtu ${sheet.u32(at + 4)}`)
        return printLength(sheet, length)
      case 3:
        sheet.put(code === 0 ? ` for ${sheet.ip6(at + 32)}` : code === 1 ? ' (reassembly)' : `, unknown code (${code})`)
        return printLength(sheet, length)
      case 128:
      case 129:
        sheet.put(`, id ${sheet.u16(at + 4)}, seq ${sheet.u16(at + 6)}`)
        return sheet.put(sheet.verbose > 0 ? '' : `, length ${length}`)
      case 130:
        if (length > 24) {
          sheet.put(' v2')
          return printQuery2(sheet, at, length)
        }
        return printListener(sheet, at, length)
      case 131:
      case 132:
        return printListener(sheet, at, length)
      case 133:
        sheet.put(`, length ${length}`)
        if (sheet.verbose > 0) printOptions(sheet, at + 8, at + length)
        return
      case 134:
        sheet.put(`, length ${length}`)
        return printAdvertisement(sheet, at, length)
      case 135:
        sheet.put(told(sheet, `, who has ${sheet.ip6(at + 8)}`, length))
        if (sheet.verbose > 0) printOptions(sheet, at + 24, at + length)
        return
      case 136: {
        sheet.put(told(sheet, `, tgt is ${sheet.ip6(at + 8)}`, length))
        if (sheet.verbose === 0) return
        const flags = sheet.u8(at + 4)
        const list = ['router', 'solicited', 'override'].filter((_, bit) => (flags & (0x80 >> bit)) !== 0)
        sheet.put(`, Flags [${list.join(', ') || 'none'}]`)
        return printOptions(sheet, at + 24, at + length)
      }
      case 137:
        sheet.put(`, ${sheet.ip6(at + 24)} to ${sheet.ip6(at + 8)}`)
        return sheet.put(`, length ${length}`)
      case 143:
        return printReport2(sheet, at, length)
      default:
        return sheet.put(`, length ${length}`)
    }
  })
}

function printUnreachable(sheet: Sheet, at: number, code: number, length: number): void {
  const inner = at + 8
  const target = sheet.ip6(inner + 24)
  const what = UNREACHABLE[code]
  if (code === 4) {
    const protocol = sheet.u8(inner + 6)
    const port = sheet.u16(inner + 42)
    if (protocol === 6) sheet.put(`, ${what}, ${target} tcp port ${sheet.port(port, 'tcp')}`)
    else if (protocol === 17) sheet.put(`, ${what}, ${target} udp port ${sheet.port(port, 'udp')}`)
    else sheet.put(`, ${what}, ${target} protocol ${protocol} port ${port} unreachable`)
  } else if (what === undefined) sheet.put(`, unknown unreach code (${code})`)
  else sheet.put(`, ${what} ${target}`)
  printLength(sheet, length)
}

const printLength = (sheet: Sheet, length: number): void => sheet.put(sheet.verbose > 0 ? '' : `, length ${length}`)

function printListener(sheet: Sheet, at: number, length: number): void {
  sheet.put(`max resp delay: ${sheet.u16(at + 4)} addr: ${sheet.ip6(at + 8)}, length ${length}`)
}

function printQuery2(sheet: Sheet, at: number, length: number): void {
  const code = sheet.u16(at + 4)
  const delay = code < 32_768 ? code : ((code & 0x0fff) | 0x1000) << (((code >> 12) & 7) + 3)
  if (sheet.verbose > 0) sheet.put(` [max resp delay=${delay}]`)
  if (sheet.u32(at + 8) !== 0) sheet.put(` [gaddr ${sheet.ip6(at + 8)}]`)
  else sheet.put(' [gaddr ::]')
  sheet.put(`, length ${length}`)
}

const RECORDS = ['', 'is_in', 'is_ex', 'to_in', 'to_ex', 'allow', 'block'] as const

function printReport2(sheet: Sheet, at: number, length: number): void {
  const groups = sheet.u16(at + 6)
  sheet.put(`, ${groups} group record(s)`)
  if (sheet.verbose > 0) {
    for (let i = 0, group = at + 8; i < groups; i++) {
      const sources = sheet.u16(group + 2)
      const kind = RECORDS[sheet.u8(group)] || `[v2-report-#${sheet.u8(group)}]`
      const first = group + 20
      sheet.put(
        ` [gaddr ${sheet.ip6(group + 4)} ${kind}${sourcesText(sources, sheet.verbose, (n) => sheet.ip6(first + 16 * n))}]`,
      )
      group += 20 + sources * 16 + sheet.u8(group + 1) * 4
    }
    return
  }
  sheet.put(`, length ${length}`)
}

/** The length comes before what is said with -v, and last without. */
const told = (sheet: Sheet, what: string, length: number): string =>
  sheet.verbose > 0 ? `, length ${length}${what}` : `${what}, length ${length}`

const PREFERENCES = ['medium', 'high', 'reserved', 'low'] as const

function printAdvertisement(sheet: Sheet, at: number, length: number): void {
  if (sheet.verbose === 0) return
  const flags = sheet.u8(at + 5)
  const names = ['managed', 'other stateful', 'home agent'].filter((_, bit) => (flags & (0x80 >> bit)) !== 0)
  sheet.put(`\n\thop limit ${sheet.u8(at + 4)}, Flags [${names.join(', ') || 'none'}]`)
  sheet.put(`, pref ${PREFERENCES[(flags >> 3) & 3]}, router lifetime ${sheet.u16(at + 6)}s`)
  sheet.put(`, reachable time ${sheet.u32(at + 8)}ms, retrans timer ${sheet.u32(at + 12)}ms`)
  printOptions(sheet, at + 16, at + length)
}

const OPTIONS: { readonly [type: number]: string } = {
  1: 'source link-address',
  2: 'destination link-address',
  3: 'prefix info',
  4: 'redirected header',
  5: 'mtu',
  7: 'advertisement interval',
  24: 'route info',
  25: 'rdnss',
  31: 'dnssl',
}

const lifetime = (seconds: number): string => (seconds === 0xffffffff ? 'infinity' : `${seconds}s`)

function printOptions(sheet: Sheet, from: number, end: number): void {
  for (let at = from; at + 2 <= end; ) {
    const type = sheet.u8(at)
    const units = sheet.u8(at + 1)
    if (units === 0) {
      return
    }
    sheet.put(`\n\t  ${OPTIONS[type] ?? 'unknown'} option (${type}), length ${units * 8} (${units}): `)
    switch (type) {
      case 1:
      case 2:
        sheet.put(sheet.hex(at + 2, 6, ':'))
        break
      case 3: {
        const flags = sheet.u8(at + 3)
        const names = ['onlink', 'auto', 'router'].filter((_, bit) => (flags & (0x80 >> bit)) !== 0)
        sheet.put(`${sheet.ip6(at + 16)}/${sheet.u8(at + 2)}, Flags [${names.join(', ') || 'none'}]`)
        sheet.put(`, valid time ${lifetime(sheet.u32(at + 4))}, pref. time ${lifetime(sheet.u32(at + 8))}`)
        break
      }
      case 5:
        sheet.put(` ${sheet.u32(at + 4)}`)
        break
      case 24: {
        const prefix = new Uint8Array(16)
        for (let i = 0; i < units * 8 - 8; i++) prefix[i] = sheet.u8(at + 8 + i)
        sheet.put(
          ` ${formatIp6(readIp6(prefix, 0))}/${sheet.u8(at + 2)}, pref=${PREFERENCES[(sheet.u8(at + 3) >> 3) & 3]}, lifetime=${lifetimeShort(sheet.u32(at + 4))}`,
        )
        break
      }
      case 25: {
        const list: string[] = []
        for (let i = at + 8; i + 16 <= at + units * 8; i += 16) list.push(` addr: ${sheet.ip6(i)}`)
        sheet.put(` lifetime ${sheet.u32(at + 4)}s,${list.join('')}`)
        break
      }
      case 31:
        sheet.put(` lifetime ${sheet.u32(at + 4)}s, domain(s):${names(sheet, at + 8, at + units * 8)}`)
        break
      default:
        if (sheet.verbose < 2) sheet.put(dump(sheet, at + 2, at + units * 8, '\t  '))
    }
    if (sheet.verbose > 1) sheet.put(dump(sheet, at + 2, at + units * 8, '\t    '))
    at += units * 8
  }
}

const lifetimeShort = (seconds: number): string => (seconds === 0xffffffff ? 'infinity' : spanText(seconds))

function dump(sheet: Sheet, from: number, end: number, indent: string): string {
  let text = ''
  for (let at = from; at < end; at += 16) {
    const pairs: string[] = []
    for (let i = at; i < Math.min(at + 16, end); i += 2) pairs.push(sheet.hex(i, Math.min(2, end - i)))
    text += `\n${indent}0x${(at - from).toString(16).padStart(4, '0')}:  ${pairs.join(' ')}`
  }
  return text
}

function names(sheet: Sheet, from: number, end: number): string {
  let text = ''
  for (let at = from; at < end && sheet.u8(at) !== 0; at++) {
    let name = ''
    for (; sheet.u8(at) !== 0; at += 1 + sheet.u8(at)) name += `${sheet.ascii(at + 1, sheet.u8(at))}.`
    text += ` ${name}`
  }
  return text
}
