// NTP and L2TP, in short.
import { printPpp } from './ppp.ts'
import type { Sheet } from './sheet.ts'

const NTP_MODES = [
  'unspecified',
  'symmetric active',
  'symmetric passive',
  'Client',
  'Server',
  'Broadcast',
  'Control Message',
  'Reserved',
] as const

export function printNtp(sheet: Sheet, at: number, length: number): void {
  sheet.layer('ntp', () => {
    const first = sheet.u8(at)
    sheet.put(`NTPv${(first >> 3) & 7}, ${NTP_MODES[first & 7]}, length ${length}`)
  })
}

const AVPS: { readonly [code: number]: string } = {
  0: 'MSGTYPE',
  1: 'RESULT_CODE',
  2: 'PROTO_VER',
  3: 'FRAMING_CAP',
  4: 'BEARER_CAP',
  5: 'TIE_BREAKER',
  6: 'FIRM_VER',
  7: 'HOST_NAME',
  8: 'VENDOR_NAME',
  9: 'ASSND_TUN_ID',
  10: 'RECV_WIN_SIZE',
  14: 'ASSND_SESS_ID',
  15: 'CALL_SER_NUM',
  16: 'MINIMUM_BPS',
  17: 'MAXIMUM_BPS',
  18: 'BEARER_TYPE',
  19: 'FRAMING_TYPE',
  24: 'TX_CONN_SPEED',
  39: 'SEQ_REQUIRED',
}
const MESSAGES: { readonly [type: number]: string } = {
  1: 'SCCRQ',
  2: 'SCCRP',
  3: 'SCCCN',
  4: 'StopCCN',
  6: 'HELLO',
  7: 'OCRQ',
  8: 'OCRP',
  9: 'OCCN',
  10: 'ICRQ',
  11: 'ICRP',
  12: 'ICCN',
  14: 'CDN',
  15: 'WEN',
  16: 'SLI',
}

/** RFC 2661: which message it is, and the names of its attributes. */
export function printL2tp(sheet: Sheet, at: number, length: number): void {
  sheet.layer('l2tp', () => {
    const flags = sheet.u16(at)
    if ((flags & 15) !== 2) {
      sheet.put(' (unknown version)')
      return
    }
    const control = (flags & 0x8000) !== 0
    sheet.put(
      ` l2tp:[${control ? 'T' : ''}${(flags & 0x4000) !== 0 ? 'L' : ''}${(flags & 0x0800) !== 0 ? 'S' : ''}${(flags & 0x0200) !== 0 ? 'O' : ''}](`,
    )
    let next = at + 2
    if ((flags & 0x4000) !== 0) next += 2
    sheet.put(`${sheet.u16(next)}/${sheet.u16(next + 2)})`)
    next += 4
    if ((flags & 0x0800) !== 0) {
      sheet.put(`Ns=${sheet.u16(next)},Nr=${sheet.u16(next + 2)}`)
      next += 4
    }
    if ((flags & 0x0200) !== 0) next += 2 + sheet.u16(next)
    if (!control) {
      sheet.put(' {')
      printPpp(sheet, next, at + length - next)
      sheet.put('}')
      return
    }
    if (next >= at + length) {
      sheet.put(' ZLB')
      return
    }
    while (next + 6 <= at + length) {
      const size = sheet.u16(next) & 0x3ff
      if (size < 6) break
      const code = sheet.u16(next + 4)
      const mandatory = (sheet.u16(next) & 0x8000) !== 0 ? '*' : ''
      const value = `(${avpText(sheet, code, next + 6, size - 6)})`
      sheet.put(` ${mandatory}${AVPS[code] ?? `AVP-#${code}`}${value}`)
      next += size
    }
  })
}

function avpText(sheet: Sheet, code: number, at: number, length: number): string {
  switch (code) {
    case 0:
      return MESSAGES[sheet.u16(at)] ?? String(sheet.u16(at))
    case 1:
      return `${sheet.u16(at)}${length > 2 ? `/${sheet.u16(at + 2)}` : ''}${length > 4 ? ` ${sheet.ascii(at + 4, length - 4)}` : ''}`
    case 2:
      return `${sheet.u8(at)}.${sheet.u8(at + 1)}`
    case 3:
    case 19: {
      const bits = sheet.u32(at)
      return `${(bits & 2) !== 0 ? 'A' : ''}${(bits & 1) !== 0 ? 'S' : ''}`
    }
    case 4:
    case 18: {
      const bits = sheet.u32(at)
      return `${(bits & 2) !== 0 ? 'A' : ''}${(bits & 1) !== 0 ? 'D' : ''}`
    }
    case 7:
    case 8:
      return sheet.ascii(at, length)
    case 15:
    case 16:
    case 17:
    case 24:
      return String(sheet.u32(at))
    case 39:
      return ''
    default:
      return length === 2 ? String(sheet.u16(at)) : sheet.hex(at, length)
  }
}
