// TCP (RFC 9293) and its options.
import { printDns } from './dns.ts'
import { type Around, correct } from './ip4.ts'
import type { Sheet } from './sheet.ts'
import { printText } from './text-protocols.ts'
import { pseudoHeader } from './udp.ts'

const FLAGS: readonly (readonly [bit: number, text: string])[] = [
  [1, 'F'],
  [2, 'S'],
  [4, 'R'],
  [8, 'P'],
  [16, '.'],
  [32, 'U'],
  [64, 'E'],
  [128, 'W'],
  [256, 'e'],
]

export function printTcp(sheet: Sheet, at: number, length: number, around: Around): void {
  const { src, dst } = around
  if (!sheet.has(at, 4)) {
    sheet.put(`${src} > ${dst}: [|tcp]`)
    return
  }
  const [from, to] = [sheet.u16(at), sheet.u16(at + 2)]
  sheet.layer('tcp', () => {
    sheet.put(`${src}.${sheet.port(from, 'tcp')} > ${dst}.${sheet.port(to, 'tcp')}: `)
    sheet.need(at, 20)
    const headerLen = (sheet.u8(at + 12) >> 4) * 4
    if (headerLen < 20) {
      sheet.put(`tcp ${length - headerLen} [bad hdr length ${headerLen} - too short, < 20]`)
      return
    }
    if (sheet.style.quick) {
      sheet.put(`tcp ${length - headerLen}`)
      if (headerLen > length) sheet.put(` [bad hdr length ${headerLen} - too long, > ${length}]`)
      return
    }
    const flags = sheet.u16(at + 12) & 0x1ff
    sheet.put(
      `Flags [${
        FLAGS.filter(([bit]) => (flags & bit) !== 0)
          .map(([, text]) => text)
          .join('') || 'none'
      }]`,
    )
    if (headerLen > length) {
      sheet.put(` [bad hdr length ${headerLen} - too long, > ${length}]`)
      return
    }
    const payload = length - headerLen
    if (sheet.verbose > 0 && !around.fragment) {
      sheet.put(
        `, cksum 0x${sheet
          .u16(at + 16)
          .toString(16)
          .padStart(4, '0')}`,
      )
      if (sheet.has(at, length)) {
        const sum = sheet.checksum(at, at + length, pseudoHeader(sheet, around, 6, length))
        sheet.put(
          sum === 0xffff
            ? ' (correct)'
            : ` (incorrect -> 0x${correct(sum, sheet.u16(at + 16))
                .toString(16)
                .padStart(4, '0')})`,
        )
      }
    }
    const [sequenceBase, ackBase] = sheet.style.absolute ? [0, 0] : sheet.beside.bases
    const sequence = (sheet.u32(at + 4) - sequenceBase) >>> 0
    if (sheet.verbose > 1 || payload > 0 || (flags & 7) !== 0) {
      sheet.put(`, seq ${sequence}`)
      if (payload > 0) sheet.put(`:${(sequence + payload) >>> 0}`)
    }
    if ((flags & 16) !== 0) sheet.put(`, ack ${(sheet.u32(at + 8) - ackBase) >>> 0}`)
    sheet.put(`, win ${sheet.u16(at + 14)}`)
    if ((flags & 32) !== 0) sheet.put(`, urg ${sheet.u16(at + 18)}`)
    if (headerLen > 20) printOptions(sheet, at + 20, at + headerLen)
    sheet.put(`, length ${payload}`)
    if (payload > 0 && (flags & 4) !== 0) {
      sheet.put(` [RST ${sheet.ascii(at + headerLen, Math.min(payload, 30))}]`)
    } else if (payload > 0) printPayload(sheet, at + headerLen, payload, from, to)
  })
}

function printOptions(sheet: Sheet, from: number, end: number): void {
  sheet.put(', options [')
  for (let at = from, first = true; at < end; first = false) {
    if (!first) sheet.put(',')
    const kind = sheet.u8(at)
    if (kind === 0) {
      sheet.put('eol')
      break
    }
    if (kind === 1) {
      sheet.put('nop')
      at++
      continue
    }
    const len = sheet.u8(at + 1)
    if (len < 2 || at + len > end) {
      sheet.put(`${NAMES[kind] ?? `unknown-${kind}`} [bad opt]`)
      break
    }
    sheet.put(optionText(sheet, kind, at, len))
    at += len
  }
  sheet.put(']')
}

const NAMES: { readonly [kind: number]: string } = {
  2: 'mss',
  3: 'wscale',
  4: 'sackOK',
  5: 'sack',
  8: 'TS',
  28: 'uto',
  30: 'mptcp',
  34: 'tfo',
}

function optionText(sheet: Sheet, kind: number, at: number, len: number): string {
  switch (kind) {
    case 2:
      return `mss ${sheet.u16(at + 2)}`
    case 3:
      return `wscale ${sheet.u8(at + 2)}`
    case 4:
      return 'sackOK'
    case 5: {
      const base = sheet.style.absolute ? 0 : sheet.beside.bases[2]
      const blocks: string[] = []
      for (let i = at + 2; i + 8 <= at + len; i += 8)
        blocks.push(`{${(sheet.u32(i) - base) >>> 0}:${(sheet.u32(i + 4) - base) >>> 0}}`)
      return `sack ${blocks.length} ${blocks.join('')}`
    }
    case 8:
      return `TS val ${sheet.u32(at + 2)} ecr ${sheet.u32(at + 6)}`
    case 34:
      return len === 2 ? 'tfo cookiereq' : `tfo cookie ${sheet.hex(at + 2, len - 2)}`
    default:
      return `${NAMES[kind] ?? `unknown-${kind}`}${len > 2 ? ` 0x${sheet.hex(at + 2, len - 2)}` : ''}`
  }
}

function printPayload(sheet: Sheet, at: number, length: number, from: number, to: number): void {
  const is = (port: number): boolean => from === port || to === port
  if (is(53)) {
    sheet.put(' ')
    printDns(sheet, at, length, { overTcp: true, multicast: false })
  } else if (is(80) || is(8080) || is(3128)) printText(sheet, 'http', at, length)
  else if (is(21)) printText(sheet, 'ftp', at, length)
  else if (is(22)) printText(sheet, 'ssh', at, length)
  else if (is(25)) printText(sheet, 'smtp', at, length)
}
