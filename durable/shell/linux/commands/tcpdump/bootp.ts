// BOOTP and DHCP (RFC 951, 2131, 2132).
import { formatOf, optionName } from './dhcp-names.ts'
import { hex4, type Sheet, Truncated } from './sheet.ts'

const MESSAGES = ['', 'Discover', 'Offer', 'Request', 'Decline', 'ACK', 'NACK', 'Release', 'Inform'] as const
const COOKIE = 0x63825363
const OPTIONS_AT = 236

export function printBootp(sheet: Sheet, at: number, length: number): void {
  sheet.layer('bootp', () => {
    sheet.need(at, 44)
    const operation = sheet.u8(at)
    const [kind, macLen] = [sheet.u8(at + 1), sheet.u8(at + 2)]
    sheet.put(`BOOTP/DHCP, ${['', 'Request', 'Reply'][operation] || `unknown (0x${operation.toString(16).padStart(2, '0')})`}`)
    if (kind === 1 && macLen === 6 && operation === 1) sheet.put(` from ${sheet.mac(at + 28)}`)
    sheet.put(`, length ${length}`)
    if (sheet.verbose === 0) return
    if (kind !== 1) sheet.put(`, htype ${kind}`)
    if (kind === 1 && macLen !== 6) sheet.put(`, hlen ${macLen}`)
    const [hops, transaction, seconds, flags] = [sheet.u8(at + 3), sheet.u32(at + 4), sheet.u16(at + 8), sheet.u16(at + 10)]
    if (hops > 0) sheet.put(`, hops ${hops}`)
    if (transaction > 0) sheet.put(`, xid 0x${transaction.toString(16)}`)
    if (seconds > 0) sheet.put(`, secs ${seconds}`)
    sheet.put(`, Flags [${(flags & 0x8000) !== 0 ? 'Broadcast' : 'none'}]`)
    if (sheet.verbose > 1) sheet.put(` (0x${hex4(flags)})`)
    for (const [offset, name] of [
      [12, 'Client-IP'],
      [16, 'Your-IP'],
      [20, 'Server-IP'],
      [24, 'Gateway-IP'],
    ] as const) {
      if (sheet.u32(at + offset) !== 0) sheet.put(`\n\t  ${name} ${sheet.ip(at + offset)}`)
    }
    if (kind === 1 && macLen === 6) sheet.put(`\n\t  Client-Ethernet-Address ${sheet.mac(at + 28)}`)
    if (sheet.u8(at + 44) !== 0) sheet.put(`\n\t  sname "${untilZero(sheet, at + 44, 64)}"`)
    if (sheet.u8(at + 108) !== 0) sheet.put(`\n\t  file "${untilZero(sheet, at + 108, 128)}"`)
    if (length <= OPTIONS_AT) return
    const cookie = sheet.u32(at + OPTIONS_AT)
    if (cookie === COOKIE) printOptions(sheet, at + OPTIONS_AT, at + length)
    else if (cookie !== 0) sheet.put(`\n\t  Vendor-#0x${cookie.toString(16).padStart(8, '0')}`)
  })
}

function untilZero(sheet: Sheet, at: number, most: number): string {
  let end = at
  while (end < at + most && sheet.u8(end) !== 0) end++
  return sheet.ascii(at, end - at)
}

function printOptions(sheet: Sheet, from: number, end: number): void {
  sheet.put(`\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x${sheet.u32(from).toString(16)}`)
  for (let at = from + 4; at < Math.min(end, sheet.bytes.length); ) {
    const code = sheet.u8(at++)
    const bare = code === 0 || code === 255
    if (bare && sheet.verbose < 3) {
      if (code === 0) continue
      return
    }
    const length = bare ? 0 : sheet.u8(at++)
    sheet.put(`\n\t    ${optionName(code)} (${code}), length ${length}${length > 0 ? ': ' : ''}`)
    if (code === 0 && sheet.verbose > 2) {
      let many = 1
      while (at < sheet.bytes.length && sheet.u8(at) === 0) [at, many] = [at + 1, many + 1]
      sheet.put(`, occurs ${many}`)
    }
    if (!sheet.has(at, length)) {
      sheet.put(`[|rfc1048 ${length}]`)
      return
    }
    if (code === 53 && length === 1) sheet.put(MESSAGES[sheet.u8(at)] || `Unknown (${sheet.u8(at)})`)
    else if (code === 55) printRequests(sheet, at, length)
    else if (length > 0) sheet.put(dataText(sheet, code, at, length))
    at += length
  }
}

function printRequests(sheet: Sheet, at: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const code = sheet.u8(at + i)
    sheet.put(`${i % 4 === 0 ? '\n\t      ' : ', '}${optionName(code)} (${code})`)
  }
}

function dataText(sheet: Sheet, code: number, at: number, length: number): string {
  const every = (size: number, text: (at: number) => string, separator = ','): string => {
    const parts: string[] = []
    for (let i = at; i + size <= at + length; i += size) parts.push(text(i))
    return parts.join(separator)
  }
  switch (formatOf(code, length)) {
    case 'a':
      return `"${sheet.ascii(at, length)}"`
    case 'i':
      return every(4, (i) => sheet.ip(i))
    case 'l':
      return every(4, (i) => String(sheet.u32(i)))
    case 'L':
      return every(4, (i) => String(sheet.u32(i) | 0))
    case 'p':
      return every(8, (i) => `(${sheet.ip(i)}:${sheet.ip(i + 4)})`)
    case 's':
      return every(2, (i) => String(sheet.u16(i)))
    case 'B':
      return every(1, (i) => (sheet.u8(i) === 0 ? 'N' : sheet.u8(i) === 1 ? 'Y' : `${sheet.u8(i)}?`))
    case '$':
      return special(sheet, code, at, length)
    default:
      return every(1, (i) => String(sheet.u8(i)), '.')
  }
}

function special(sheet: Sheet, code: number, at: number, length: number): string {
  switch (code) {
    case 46: {
      const modes: readonly (readonly [number, string])[] = [
        [1, 'b-node'],
        [2, 'p-node'],
        [4, 'm-node'],
        [8, 'h-node'],
      ]
      return modes
        .filter(([bit]) => (sheet.u8(at) & bit) !== 0)
        .map(([, text]) => text)
        .join(', ')
    }
    case 52:
      return ['', 'file', 'sname', 'file+sname'][sheet.u8(at)] || `Unknown (${sheet.u8(at)})`
    case 61: {
      const type = sheet.u8(at)
      if (type === 0) return `"${sheet.ascii(at + 1, length - 1)}"`
      return `${type === 1 ? 'ether' : `hardware-type ${type},`} ${sheet.hex(at + 1, length - 1, ':')}`
    }
    case 81: {
      if (length < 3) return 'ERROR: option 81 len < 3 bytes'
      const flags = sheet.u8(at)
      const letters = [...'SOEN'].filter((_, bit) => (flags & (1 << bit)) !== 0).join('')
      const codes = sheet.u8(at + 1) + sheet.u8(at + 2) > 0 ? `${sheet.u8(at + 1)}/${sheet.u8(at + 2)} ` : ''
      return `${flags !== 0 ? `[${letters}] ` : ''}${codes}"${sheet.ascii(at + 3, length - 3)}"`
    }
    case 82: {
      let text = ''
      for (let i = at; i + 2 <= at + length; ) {
        const [sub, subLen] = [sheet.u8(i), sheet.u8(i + 1)]
        const name = { 1: 'Circuit-ID', 2: 'Remote-ID', 6: 'Subscriber-ID', 5: 'Link-selection' }[sub] ?? 'Unknown'
        text += `\n\t      ${name} SubOption ${sub}, length ${subLen}: `
        text += sub === 1 || sub === 2 || sub === 6 ? sheet.ascii(i + 2, subLen) : sheet.hex(i + 2, subLen, ' ')
        i += 2 + subLen
      }
      return text
    }
    case 121:
    case 249:
      return classless(sheet, at, length)
    default:
      return ''
  }
}

/** RFC 3442. */
function classless(sheet: Sheet, from: number, length: number): string {
  const parts: string[] = []
  for (let at = from; at < from + length; ) {
    const width = sheet.u8(at++)
    if (width > 32) return [...parts, `[ERROR: Mask width (${width}) > 32]`].join(',')
    const octets = Math.ceil(width / 8)
    if (at + octets + 4 > from + length) throw new Truncated()
    const network = [0, 1, 2, 3].map((i) => (i < octets ? sheet.u8(at + i) : 0)).join('.')
    parts.push(`(${width === 0 ? 'default' : `${network}/${width}`}:${sheet.ip(at + octets)})`)
    at += octets + 4
  }
  return parts.join(',')
}
