import { formatIp, formatIp6, readIp6 } from '../../../../engine/wire/addresses.ts'
import { nameOfPort } from '../../../../engine/wire/pcap-filter/index.ts'

/** The captured part of a packet ended before the field that was to be printed. */
export class Truncated extends Error {}

export type Style = {
  /** `-n`: addresses and ports as numbers. */
  readonly numeric: boolean
  readonly link: boolean
  readonly verbose: number
  readonly quick: boolean
  /** What no printer knows is shown as octets: unless they are shown anyway. */
  readonly dumpsUnknown: boolean
  /** `-S`: TCP sequence numbers as they are. */
  readonly absolute: boolean
}

/** What is known of a packet beyond its bytes. */
export type Beside = {
  /** Names of addresses, where they were looked up. */
  readonly names: ReadonlyMap<string, string>
  /** What to take from TCP's sequence number, acknowledgement and selective acknowledgements. */
  readonly bases: readonly [number, number, number]
  /** Names of interfaces by number, for captures of all of them. */
  readonly interfaces: ReadonlyMap<number, string>
}

/** Where a packet is described: its bytes on one side, the text so far on the other. */
export class Sheet {
  text = ''
  readonly bytes: Uint8Array
  readonly style: Style
  readonly beside: Beside
  /** Headers inside headers stop here. */
  depth = 0

  constructor(bytes: Uint8Array, style: Style, beside: Beside) {
    this.bytes = bytes
    this.style = style
    this.beside = beside
  }

  put(text: string): void {
    this.text += text
  }

  get verbose(): number {
    return this.style.verbose
  }

  /** Whether so many octets were captured. */
  has(at: number, length: number): boolean {
    return at + length <= this.bytes.length
  }

  need(at: number, length: number): void {
    if (!this.has(at, length)) throw new Truncated()
  }

  u8(at: number): number {
    this.need(at, 1)
    return this.bytes[at] as number
  }
  u16(at: number): number {
    return this.u8(at) * 256 + this.u8(at + 1)
  }
  u32(at: number): number {
    return this.u16(at) * 65_536 + this.u16(at + 2)
  }

  /** Text of which only what can be shown is shown. */
  ascii(at: number, length: number): string {
    let text = ''
    for (let i = at; i < at + length; i++) text += visible(this.u8(i))
    return text
  }

  hex(at: number, length: number, separator = ''): string {
    const parts: string[] = []
    for (let i = at; i < at + length; i++) parts.push(this.u8(i).toString(16).padStart(2, '0'))
    return parts.join(separator)
  }

  mac(at: number): string {
    const text = this.hex(at, 6, ':')
    if (this.style.numeric) return text
    return text === 'ff:ff:ff:ff:ff:ff' ? 'Broadcast' : `${text} (oui ${ouiOf(text)})`
  }

  ip(at: number): string {
    return this.named(formatIp(this.u32(at)))
  }

  ip6(at: number): string {
    return this.named(this.ip6Plain(at))
  }
  ip6Plain(at: number): string {
    this.need(at, 16)
    return formatIp6(readIp6(this.bytes, at))
  }

  private named(address: string): string {
    return this.style.numeric ? address : (this.beside.names.get(address) ?? address)
  }

  port(port: number, transport: 'tcp' | 'udp'): string {
    return (this.style.numeric ? undefined : nameOfPort(port, transport)) ?? String(port)
  }

  /** Prints a layer; when it runs out of octets, `[|name]` is the last word. */
  layer(name: string, print: () => void): void {
    try {
      print()
    } catch (fault) {
      if (!(fault instanceof Truncated)) throw fault
      this.put(` [|${name}]`)
    }
  }

  /** The Internet checksum of a range, begun with `sum`. */
  checksum(at: number, end: number, sum = 0): number {
    let total = sum
    for (let i = at; i < end; i += 2) total += this.u8(i) * 256 + (i + 1 < end ? this.u8(i + 1) : 0)
    while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 65_536)
    return total
  }
}

/** As `fn_print_char` of tcpdump shows octets. */
export function visible(octet: number): string {
  if (octet >= 128) return `M-${visible(octet - 128)}`
  return octet < 32 || octet === 127 ? `^${String.fromCharCode(octet ^ 0x40)}` : String.fromCharCode(octet)
}

/** The few manufacturers that tcpdump knows. */
function ouiOf(mac: string): string {
  switch (mac.slice(0, 8)) {
    case '00:00:00':
      return 'Ethernet'
    case '00:00:0c':
      return 'Cisco'
    case '00:80:c2':
      return 'Ethernet bridged'
    case '00:e0:2b':
      return 'Extreme'
    default:
      return 'Unknown'
  }
}

export const hex4 = (value: number): string => value.toString(16).padStart(4, '0')
