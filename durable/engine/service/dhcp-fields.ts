// The fields of a DHCP message read where they stand: a server answers as fast as it can find them. What `dhcp.parse` would
// refuse is refused here, with the same words.
import { type Ip4, maskOf, prefixOf } from '../wire/addresses.ts'
import { ascii, u32, u48 } from '../wire/bytes.ts'
import * as dhcp from '../wire/dhcp.ts'

/** RFC 2131 figure 1. */
const XID = 4
const FLAGS = 10
const CIADDR = 12
const YIADDR = 16
const GIADDR = 24
const CHADDR = 28
const OPTIONS = 240
const OVERLOAD = 52
const END = 255

export class DhcpFields {
  private bytes: Uint8Array = new Uint8Array(0)
  /** Where the data of an option begins, by code; valid when `mark` bears the number of this reading. */
  private readonly places = new Uint16Array(256)
  private readonly marks = new Uint32Array(256)
  private reading = 0

  /** Reads another message; answers why it is none, or ''. */
  read(bytes: Uint8Array): string {
    this.bytes = bytes
    if (this.scan(bytes)) return ''
    // Overloaded fields and options in pieces are rare: they are brought into plain order first.
    const parsed = dhcp.parse(bytes, 0, bytes.length)
    if (typeof parsed === 'string') return parsed
    this.bytes = new Uint8Array(dhcp.len(parsed))
    dhcp.emit(parsed, this.bytes, 0)
    this.scan(this.bytes)
    return ''
  }

  /** False when it takes more than one look. */
  private scan(b: Uint8Array): boolean {
    const end = b.length
    if (end < OPTIONS || b[1] !== 1 || b[2] !== 6 || (b[0] !== 1 && b[0] !== 2) || u32(b, 236) !== dhcp.MAGIC_COOKIE) return false
    const reading = ++this.reading
    let at = OPTIONS
    while (at < end && b[at] !== END) {
      const code = b[at]
      if (code === 0) {
        at++
        continue
      }
      const next = at + 2 + (at + 1 < end ? b[at + 1] : end)
      if (next > end || code === OVERLOAD || this.marks[code] === reading) return false
      this.marks[code] = reading
      this.places[code] = at + 2
      at = next
    }
    return true
  }

  get op(): number {
    return this.bytes[0]
  }
  get xid(): number {
    return u32(this.bytes, XID)
  }
  get broadcast(): boolean {
    return (this.bytes[FLAGS] & 0x80) !== 0
  }
  get ciaddr(): Ip4 {
    return u32(this.bytes, CIADDR)
  }
  get yiaddr(): Ip4 {
    return u32(this.bytes, YIADDR)
  }
  get giaddr(): Ip4 {
    return u32(this.bytes, GIADDR)
  }
  get chaddr(): number {
    return u48(this.bytes, CHADDR)
  }

  /** Where the data of an option begins; 0 when it is absent or has another length. */
  private place(code: number, length: number): number {
    if (this.marks[code] !== this.reading) return 0
    const at = this.places[code]
    return length >= 0 && this.bytes[at - 1] !== length ? 0 : at
  }

  private number32(code: number): number | undefined {
    const at = this.place(code, 4)
    return at === 0 ? undefined : u32(this.bytes, at)
  }

  private addresses(code: number): Ip4[] {
    const at = this.place(code, -1)
    const found: Ip4[] = []
    if (at !== 0) for (let i = at; i + 4 <= at + this.bytes[at - 1]; i += 4) found.push(u32(this.bytes, i))
    return found
  }

  /** Some senders end text with a NUL (RFC 2132 section 2 tells receivers to trim it). */
  private text(code: number, skip = 0): string | undefined {
    const at = this.place(code, -1)
    if (at === 0) return undefined
    let end = at + this.bytes[at - 1]
    while (end > at && this.bytes[end - 1] === 0) end--
    return ascii(this.bytes, at + skip, end)
  }

  get messageType(): number {
    const at = this.place(dhcp.CODE.messageType, 1)
    return at === 0 ? 0 : this.bytes[at]
  }
  get requestedAddress(): Ip4 | undefined {
    return this.number32(dhcp.CODE.requestedAddress)
  }
  get serverId(): Ip4 | undefined {
    return this.number32(dhcp.CODE.serverId)
  }
  get leaseSeconds(): number | undefined {
    return this.number32(dhcp.CODE.leaseSeconds)
  }
  get renewal(): number | undefined {
    return this.number32(dhcp.CODE.renewal)
  }
  get rebinding(): number | undefined {
    return this.number32(dhcp.CODE.rebinding)
  }
  get routers(): Ip4[] {
    return this.addresses(dhcp.CODE.routers)
  }
  get dns(): Ip4[] {
    return this.addresses(dhcp.CODE.dns)
  }
  get domainName(): string {
    return this.text(dhcp.CODE.domainName) ?? ''
  }
  /** The name the client goes by: that of option 12, else the one of option 81 when it stands there as plain text. */
  get hostName(): string {
    const at = this.place(dhcp.CODE.fqdn, -1)
    const plain = at !== 0 && this.bytes[at - 1] >= 3 && (this.bytes[at] & 4) === 0
    return this.text(dhcp.CODE.hostName) ?? (plain ? this.text(dhcp.CODE.fqdn, 3) : undefined) ?? ''
  }
  /** -1: the mask has a hole. Without one the class of the address decides (RFC 1122 section 3.3.6). */
  get prefixLength(): number {
    const mask = this.number32(dhcp.CODE.mask)
    if (mask !== undefined) return mask === maskOf(24) ? 24 : prefixOf(mask)
    const ip = this.yiaddr
    return ip >>> 31 === 0 ? 8 : ip >>> 30 === 2 ? 16 : 24
  }
}
