// What a field of the filter language is, and the packet that fields are read from.
import { u16, u32, u48 } from '../bytes.ts'

/** What a filter is asked about: one packet as it was seen at one place. */
export type Subject = {
  /** What was kept; shorter than `length` when the capture was cut. */
  readonly bytes: Uint8Array
  readonly linkType: 'ethernet' | 'raw-ip'
  /** Its place in the list of packets: `frame.number`. */
  readonly number: number
  /** Lab time: `frame.time_relative`. */
  readonly timeMicros: number
  readonly interfaceName: string
  /** Its length on the wire. */
  readonly length: number
}

/** One bit a protocol, so that a field names the headers it is in by a mask. */
export const P = {
  frame: 1,
  eth: 1 << 1,
  vlan: 1 << 2,
  arp: 1 << 3,
  ip: 1 << 4,
  ipv6: 1 << 5,
  icmp: 1 << 6,
  icmpv6: 1 << 7,
  igmp: 1 << 8,
  udp: 1 << 9,
  tcp: 1 << 10,
  dhcp: 1 << 11,
  dns: 1 << 12,
  mdns: 1 << 13,
  llmnr: 1 << 14,
  l2tp: 1 << 15,
  ppp: 1 << 16,
  lcp: 1 << 17,
  ipcp: 1 << 18,
  pap: 1 << 19,
  http: 1 << 20,
  ssh: 1 << 21,
  dhcpv6: 1 << 22,
} as const

/** A header in a packet. */
export type Layer = {
  readonly protocol: number
  readonly at: number
  /** The end of what it carries. */
  readonly end: number
  /** Where the IP header around it begins, or -1. */
  readonly ip: number
  /** Inside what an ICMP error quotes. */
  readonly quoted: boolean
}

export type Packet = { readonly subject: Subject; readonly layers: readonly Layer[] }

/** Numbers: unsigned integers, booleans (0 and 1), IPv4 and MAC addresses, microseconds. Text has one character an octet. */
export type Value = number | string | Uint8Array

export type FieldType =
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'boolean'
  | 'time'
  | 'ipv4'
  | 'ipv6'
  | 'ether'
  | 'bytes'
  | 'string'
  | 'protocol'

/** Adds the values that the field has in one header: none, one, or more. */
export type Read = (b: Uint8Array, layer: Layer, out: Value[], subject: Subject) => void

/** Words that stand for a number, in lower case. */
export type Names = { readonly [word: string]: number }

export type Field = {
  readonly name: string
  readonly type: FieldType
  /** The protocols whose headers have it, as a mask of `P`. */
  readonly of: number
  readonly read: Read
  readonly names?: Names
}

export const field = (name: string, type: FieldType, of: number, read: Read, names?: Names): Field => ({
  name,
  type,
  of,
  read,
  ...(names === undefined ? undefined : { names }),
})

/** The header itself: `udp`, which is there or not, and whose octets can be looked into. */
export const protocol = (name: string, of: number): Field =>
  field(name, 'protocol', of, (b, { at, end }, out) => {
    out.push(b.subarray(at, end))
  })

/** Readers at a fixed place of the header; what was cut off has no value. */
export const u8At =
  (offset: number, shift = 0, mask = 0xff): Read =>
  (b, { at, end }, out) => {
    if (at + offset < end) out.push((b[at + offset] >> shift) & mask)
  }
export const u16At =
  (offset: number, shift = 0, mask = 0xffff): Read =>
  (b, { at, end }, out) => {
    if (at + offset + 2 <= end) out.push((u16(b, at + offset) >> shift) & mask)
  }
export const u32At =
  (offset: number): Read =>
  (b, { at, end }, out) => {
    if (at + offset + 4 <= end) out.push(u32(b, at + offset))
  }
export const macAt =
  (offset: number): Read =>
  (b, { at, end }, out) => {
    if (at + offset + 6 <= end) out.push(u48(b, at + offset))
  }
export const bytesAt =
  (offset: number, length: number): Read =>
  (b, { at, end }, out) => {
    if (at + offset + length <= end) out.push(b.subarray(at + offset, at + offset + length))
  }
export const both =
  (first: Read, second: Read): Read =>
  (b, layer, out, subject) => {
    first(b, layer, out, subject)
    second(b, layer, out, subject)
  }
/** Only in headers that fit. */
export const when =
  (fits: (b: Uint8Array, layer: Layer) => boolean, read: Read): Read =>
  (b, layer, out, subject) => {
    if (fits(b, layer)) read(b, layer, out, subject)
  }
