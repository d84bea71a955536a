// A message that is sent again and again with a few fields changed: emitted once, then only written over.
import type { Ip4, Mac } from '../wire/addresses.ts'
import { put16, put32, put48 } from '../wire/bytes.ts'
import * as dhcp from '../wire/dhcp.ts'

/** RFC 2131 figure 1. */
const XID = 4
const SECS = 8
const FLAGS = 10
const CIADDR = 12
const YIADDR = 16
const GIADDR = 24
const CHADDR = 28
const OPTIONS = 240

export class DhcpTemplate {
  /** Whoever sends them copies them. */
  readonly bytes: Uint8Array
  private readonly requestedAt: number
  private readonly serverAt: number

  constructor(op: 1 | 2, siaddr: Ip4, options: readonly dhcp.Option[]) {
    const empty = { op, xid: 0, secs: 0, broadcast: false, ciaddr: 0, yiaddr: 0, siaddr, giaddr: 0, chaddr: 0, options }
    this.bytes = new Uint8Array(dhcp.len(empty))
    dhcp.emit(empty, this.bytes, 0)
    this.requestedAt = placeOf(options, dhcp.CODE.requestedAddress)
    this.serverAt = placeOf(options, dhcp.CODE.serverId)
  }

  set(xid: number, broadcast: boolean, ciaddr: Ip4, yiaddr: Ip4, chaddr: Mac): void {
    const { bytes } = this
    put32(bytes, XID, xid)
    bytes[FLAGS] = broadcast ? 0x80 : 0
    put32(bytes, CIADDR, ciaddr)
    put32(bytes, YIADDR, yiaddr)
    put48(bytes, CHADDR, chaddr)
  }

  /** The relay that a reply goes back by, 0 when none. */
  relay(ip: Ip4): void {
    put32(this.bytes, GIADDR, ip)
  }

  /** What a client says beside: seconds since it began, and the options that name an address and a server. */
  ask(seconds: number, requested: Ip4, server: Ip4): void {
    put16(this.bytes, SECS, seconds)
    if (this.requestedAt !== 0) put32(this.bytes, this.requestedAt, requested)
    if (this.serverAt !== 0) put32(this.bytes, this.serverAt, server)
  }
}

/** Where the data of an option stands, 0 when it is not there. */
function placeOf(options: readonly dhcp.Option[], code: number): number {
  let at = OPTIONS
  for (const option of options) {
    if (option.code === code) return at + 2
    at += 2 + option.data.length
  }
  return 0
}
