// DHCPv6 (RFC 8415).
import type { Sheet } from './sheet.ts'

const MESSAGES = [
  'reserved',
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconf',
  'inf-req',
  'relay-fwd',
  'relay-reply',
] as const
const OPTIONS: { readonly [code: number]: string } = {
  1: 'client-ID',
  2: 'server-ID',
  3: 'IA_NA',
  4: 'IA_TA',
  5: 'IA_ADDR',
  6: 'option-request',
  7: 'preference',
  8: 'elapsed-time',
  9: 'relay-message',
  13: 'status-code',
  14: 'rapid-commit',
  16: 'vendor-class',
  23: 'DNS-server',
  24: 'DNS-search-list',
  25: 'IA_PD',
  31: 'SNTP-servers',
  26: 'IA_PD-prefix',
  39: 'Client-FQDN',
}
const STATUS = ['Success', 'UnspecFail', 'NoAddrAvail', 'NoBinding', 'NotOnLink', 'UseMulticast', 'NoPrefixAvail'] as const

export function printDhcp6(sheet: Sheet, at: number, length: number): void {
  sheet.layer('dhcp6', () => {
    sheet.put('dhcp6')
    const type = sheet.u8(at)
    sheet.put(` ${MESSAGES[type] ?? `msgtype-${type}`}`)
    if (sheet.verbose === 0) return
    if (type === 12 || type === 13) {
      sheet.put(` (linkaddr=${sheet.ip6(at + 2)} peeraddr=${sheet.ip6(at + 18)}`)
      printOptions(sheet, at + 34, at + length)
    } else {
      sheet.put(` (xid=${(sheet.u32(at) & 0xffffff).toString(16)}`)
      printOptions(sheet, at + 4, at + length)
    }
    sheet.put(')')
  })
}

function printOptions(sheet: Sheet, from: number, end: number): void {
  for (let at = from; at + 4 <= end; ) {
    const code = sheet.u16(at)
    const length = sheet.u16(at + 2)
    const data = at + 4
    sheet.put(` (${OPTIONS[code] ?? `opt_${code}`}`)
    switch (code) {
      case 1:
      case 2:
        printDuid(sheet, data, length)
        break
      case 3:
      case 25:
        sheet.put(` IAID:${sheet.u32(data)} T1:${sheet.u32(data + 4)} T2:${sheet.u32(data + 8)}`)
        printOptions(sheet, data + 12, data + length)
        break
      case 5:
        sheet.put(` ${sheet.ip6(data)} pltime:${sheet.u32(data + 16)} vltime:${sheet.u32(data + 20)}`)
        printOptions(sheet, data + 24, data + length)
        break
      case 6:
        for (let i = data; i + 2 <= data + length; i += 2) sheet.put(` ${OPTIONS[sheet.u16(i)] ?? `opt_${sheet.u16(i)}`}`)
        break
      case 7:
        sheet.put(` ${sheet.u8(data)}`)
        break
      case 8:
        sheet.put(` ${sheet.u16(data)}`)
        break
      case 13:
        sheet.put(` ${STATUS[sheet.u16(data)] ?? `code${sheet.u16(data)}`}`)
        break
      case 23:
        for (let i = data; i + 16 <= data + length; i += 16) sheet.put(` ${sheet.ip6(i)}`)
        break
      case 24:
        for (let i = data; i < data + length; i++) {
          let name = ''
          for (; sheet.u8(i) !== 0; i += 1 + sheet.u8(i)) name += `${sheet.ascii(i + 1, sheet.u8(i))}.`
          sheet.put(` ${name}`)
        }
        break
      case 26:
        sheet.put(` ${sheet.ip6(data + 9)}/${sheet.u8(data + 8)} pltime:${sheet.u32(data)} vltime:${sheet.u32(data + 4)}`)
        printOptions(sheet, data + 25, data + length)
        break
      case 39: {
        sheet.put(` ${sheet.ascii(data + 1, Math.max(0, length - 1))}`)
        break
      }
      case 14:
        break
      default:
        sheet.put(` ${sheet.hex(data, Math.min(length, 16))}`)
    }
    sheet.put(')')
    at = data + length
  }
}

function printDuid(sheet: Sheet, at: number, length: number): void {
  switch (sheet.u16(at)) {
    case 1:
      sheet.put(` hwaddr/time type ${sheet.u16(at + 2)} time ${sheet.u32(at + 4)} ${sheet.hex(at + 8, length - 8)}`)
      return
    case 2:
      sheet.put(` vid ${sheet.hex(at + 2, Math.min(length - 2, 8))}`)
      return
    case 3:
      sheet.put(` hwaddr type ${sheet.u16(at + 2)} ${sheet.hex(at + 4, length - 4)}`)
      return
    default:
      sheet.put(` type ${sheet.u16(at)}`)
  }
}
