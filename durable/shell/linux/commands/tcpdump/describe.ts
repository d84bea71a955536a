import type { Bases } from '../../../../engine/wire/capture/conversations.ts'
import { asText, hexAndText, hexDump } from './hex-dump.ts'
import { printCooked, printEthernet, printRaw } from './link.ts'
import { Sheet, type Style } from './sheet.ts'
import { type Stamped, type StampStyle, stamp } from './stamp.ts'

export type DumpStyle = Omit<Style, 'dumpsUnknown'> & {
  readonly stamp: StampStyle
  /** Octets behind each packet: `x` hexadecimal, `X` with characters, `A` as text; twice with the link header. */
  readonly octets: '' | 'x' | 'xx' | 'X' | 'XX' | 'A' | 'AA'
  readonly numbered: boolean
  readonly zoneMinutes: number
  /** Names of interfaces by number, for captures of all of them. */
  readonly interfaces: ReadonlyMap<number, string>
}

export type Captured = Stamped & {
  readonly linkType: number
  readonly bytes: Uint8Array
  readonly length: number
  readonly bases: Bases
  /** Names of addresses, where they were looked up. */
  readonly names: ReadonlyMap<string, string>
  readonly number: number
}

/** Everything that tcpdump writes about a packet, with its line feed. */
export function describePacket(packet: Captured, style: DumpStyle): string {
  const { bytes, length } = packet
  const dumpsUnknown = style.octets === '' && !style.quick
  const sheet = new Sheet(
    bytes,
    { ...style, dumpsUnknown },
    { names: packet.names, bases: packet.bases, interfaces: style.interfaces },
  )
  if (style.numbered) sheet.put(`${String(packet.number).padStart(5)}  `)
  sheet.put(stamp(style.stamp, packet, style.zoneMinutes))
  const header = printLink(sheet, packet.linkType, length)
  const from = style.octets.length === 2 ? 0 : Math.min(header, bytes.length)
  switch (style.octets.charAt(0)) {
    case 'x':
      sheet.put(hexDump(bytes, from, bytes.length))
      break
    case 'X':
      sheet.put(hexAndText(bytes, from, bytes.length))
      break
    case 'A':
      sheet.put(asText(bytes, from, bytes.length))
      break
    default:
      break
  }
  return `${sheet.text}\n`
}

function printLink(sheet: Sheet, linkType: number, length: number): number {
  if (linkType === 276) return printCooked(sheet, length)
  return linkType === 101 ? printRaw(sheet, length) : printEthernet(sheet, length)
}
