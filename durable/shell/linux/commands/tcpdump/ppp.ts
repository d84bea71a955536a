// PPP inside L2TP (RFC 1661, 1332, 1334).
import { printIp4 } from './ip4.ts'
import { printIp6 } from './ip6.ts'
import type { Sheet } from './sheet.ts'

const PROTOCOLS: { readonly [number: number]: string } = {
  33: 'IP',
  87: 'IP6',
  32801: 'IPCP',
  32855: 'IP6CP',
  33021: 'CCP',
  49185: 'LCP',
  49187: 'PAP',
  49699: 'CHAP',
}
const CODES = [
  'Vend-Ext',
  'Conf-Request',
  'Conf-Ack',
  'Conf-Nack',
  'Conf-Reject',
  'Term-Request',
  'Term-Ack',
  'Code-Reject',
  'Prot-Reject',
  'Echo-Request',
  'Echo-Reply',
  'Disc-Req',
] as const
const PAP_CODES = ['', 'Auth-Req', 'Auth-ACK', 'Auth-NACK'] as const
const LCP_OPTIONS: { readonly [type: number]: string } = {
  1: 'MRU',
  2: 'ACCM',
  3: 'Auth-Prot',
  4: 'Qual-Prot',
  5: 'Magic-Num',
  7: 'PFC',
  8: 'ACFC',
  13: 'Call-Back',
}
const IPCP_OPTIONS: { readonly [type: number]: string } = {
  1: 'IP-Addrs',
  2: 'IP-Comp',
  3: 'IP-Addr',
  129: 'Pri-DNS',
  130: 'Pri-NBNS',
  131: 'Sec-DNS',
  132: 'Sec-NBNS',
}
const hex2 = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`

export function printPpp(sheet: Sheet, from: number, length: number): void {
  let at = sheet.u16(from) === 0xff03 ? from + 2 : from
  let protocol = sheet.u8(at)
  if ((protocol & 1) === 0) protocol = sheet.u16(at)
  at += protocol > 255 || sheet.u8(at) === 0 ? 2 : 1
  const left = length - (at - from)
  const shownLength = length - (sheet.u16(from) === 0xff03 ? 2 : 0)
  const name = PROTOCOLS[protocol] ?? `unknown PPP protocol (0x${protocol.toString(16).padStart(4, '0')})`
  if (sheet.style.link) sheet.put(`${name} (0x${protocol.toString(16).padStart(4, '0')}), length ${length}: `)
  if (protocol === 0x0021) return printIp4(sheet, at, left)
  if (protocol === 0x0057) return printIp6(sheet, at, left)
  const code = sheet.u8(at)
  if (protocol === 0xc023) {
    sheet.put(`PAP, ${PAP_CODES[code] || 'Unknown'} (${hex2(code)}), id ${sheet.u8(at + 1)}`)
    return printPap(sheet, at, code)
  }
  if (![0xc021, 0x8021, 0x8057, 0x80fd].includes(protocol)) {
    sheet.put(`${name}, length ${length}`)
    return
  }
  sheet.put(`${name}, ${CODES[code] ?? 'Unknown Opcode'} (${hex2(code)}), id ${sheet.u8(at + 1)}, length ${shownLength}`)
  if (sheet.verbose === 0) return
  const size = sheet.u16(at + 2)
  const echo = code === 9 || code === 10
  sheet.put(`\n\tencoded length ${size} (=Option(s) length ${size - 4})`)
  if (sheet.verbose > 1 && size > 4) sheet.put(`\n\t${dump(sheet, at - 2, 6)}`)
  if (size <= 4) return
  if (code >= 1 && code <= 4) printOptions(sheet, at + 4, at + size, protocol)
  else if (echo || code === 11) {
    sheet.put(
      `\n\t  Magic-Num 0x${sheet
        .u32(at + 4)
        .toString(16)
        .padStart(8, '0')}`,
    )
  }
}

function printPap(sheet: Sheet, at: number, code: number): void {
  if (code === 1) {
    const idLen = sheet.u8(at + 4)
    const secret = at + 5 + idLen
    sheet.put(`, Peer ${sheet.ascii(at + 5, idLen)}, Name ${sheet.ascii(secret + 1, sheet.u8(secret))}`)
  } else if (code === 2 || code === 3) sheet.put(`, Msg ${sheet.ascii(at + 5, sheet.u8(at + 4))}`)
}

function printOptions(sheet: Sheet, from: number, end: number, protocol: number): void {
  for (let at = from; at + 2 <= end; ) {
    const [type, length] = [sheet.u8(at), sheet.u8(at + 1)]
    if (length < 2) return
    const name = (protocol === 0xc021 ? LCP_OPTIONS : protocol === 0x8021 ? IPCP_OPTIONS : {})[type]
    sheet.put(`\n\t  ${name ?? 'Unknown'} Option (${hex2(type)}), length ${length}`)
    sheet.put(optionText(sheet, protocol, type, at + 2, length - 2))
    if (sheet.verbose > 1 && length > 2) sheet.put(`\n\t    ${dump(sheet, at + 2, length - 2)}`)
    at += length
  }
}

function optionText(sheet: Sheet, protocol: number, type: number, at: number, length: number): string {
  if (protocol === 0x8021) return [3, 129, 130, 131, 132].includes(type) ? `: ${sheet.ip(at)}` : ''
  if (protocol !== 0xc021) return ''
  switch (type) {
    case 1:
      return `: ${sheet.u16(at)}`
    case 2:
    case 5:
      return `: 0x${sheet.u32(at).toString(16).padStart(8, '0')}`
    case 3: {
      const which = sheet.u16(at)
      if (which !== 0xc223) return `: ${PROTOCOLS[which] ?? 'unknown'}`
      return `: CHAP, ${{ 5: 'MD5', 128: 'MS-CHAPv1', 129: 'MS-CHAPv2' }[length > 2 ? sheet.u8(at + 2) : 0] ?? 'unknown'}`
    }
    default:
      return ''
  }
}

function dump(sheet: Sheet, at: number, length: number): string {
  const pairs: string[] = []
  for (let i = 0; i < length; i += 2) pairs.push(sheet.hex(at + i, Math.min(2, length - i)))
  return `0x0000:  ${pairs.join(' ')}`
}
