// Frames as nobody should send them: random ones, and real ones with something wrong. The same seed gives the same frames, so a
// failure can be had again by its number. For tests and benchmarks.
import { RandomStream } from '../sim/random.ts'
import { put16, put32, put48, u16 } from '../wire/bytes.ts'
import { add, fold, pseudo } from '../wire/checksum.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'

/** Whom a frame is meant to reach: used now and then instead of the addresses that a real frame has. */
export type FuzzTarget = { readonly mac: number; readonly ip: number; readonly peerMac: number; readonly peerIp: number }

const IP = ethernet.HEADER_LEN
const LONGEST = 4000
const TYPES = [0x0800, 0x0800, 0x0800, 0x0806, 0x86dd, 0x86dd, 0x8100, 0x88cc, 0x0000, 0x05dc]
const PORTS = [53, 67, 68, 80, 546, 547, 1701, 5353, 5355, 22, 443, 1900]
const GROUPS = [0xe0000001, 0xe0000016, 0xe00000fb, 0xe00000fc, 0xeffffffa, 0xffffffff]

export class FrameFuzz {
  private readonly random: RandomStream
  private readonly corpus: readonly Uint8Array[]

  /** `corpus`: real frames, each with its Ethernet header. */
  constructor(seed: number, corpus: readonly Uint8Array[]) {
    this.random = new RandomStream(seed, 'frame-fuzz')
    this.corpus = corpus
  }

  below(limit: number): number {
    return this.random.below(limit)
  }

  private one<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }

  next(target: FuzzTarget): Uint8Array {
    if (this.below(16) === 0) return this.noise(target)
    let bytes: Uint8Array = this.one(this.corpus).slice()
    if (this.below(3) > 0) this.aim(bytes, target)
    for (let changes = 1 + this.below(3); changes > 0; changes--) bytes = this.change(bytes, target)
    if (this.below(4) > 0) repair(bytes)
    return bytes
  }

  /** Random octets, most of them behind a header that is read on. */
  private noise(target: FuzzTarget): Uint8Array {
    const bytes = this.filled(this.below(200))
    if (bytes.length >= IP && this.below(8) > 0) {
      put48(bytes, 0, this.below(4) === 0 ? 0xffffffffffff : target.mac)
      put48(bytes, 6, target.peerMac)
      put16(bytes, 12, this.one(TYPES))
    }
    return bytes
  }

  private filled(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i += 4) {
      const word = this.random.next()
      for (let k = 0; k < 4 && i + k < length; k++) bytes[i + k] = word >>> (8 * k)
    }
    return bytes
  }

  /** Sends it to the target, or to all, from a neighbour of the target or from somebody who does not exist. */
  private aim(bytes: Uint8Array, target: FuzzTarget): void {
    if (bytes.length < IP) return
    const everybody = this.below(6) === 0
    put48(bytes, 0, everybody ? 0xffffffffffff : target.mac)
    put48(bytes, 6, this.below(8) === 0 ? 0x020000000000 + this.below(1 << 20) : target.peerMac)
    if (u16(bytes, 12) !== ethernet.TYPE_IPV4 || bytes.length < IP + 20) return
    put32(bytes, IP + 12, this.below(4) === 0 ? this.random.next() : target.peerIp)
    if (this.below(3) > 0) put32(bytes, IP + 16, everybody ? this.one(GROUPS) : target.ip)
  }

  private change(bytes: Uint8Array, target: FuzzTarget): Uint8Array {
    const n = bytes.length
    if (n === 0) return bytes
    switch (this.below(14)) {
      case 0:
        for (let flips = 1 + this.below(8); flips > 0; flips--) bytes[this.below(n)] ^= 1 << this.below(8)
        return bytes
      case 1:
        for (let octets = 1 + this.below(6); octets > 0; octets--) bytes[this.below(Math.min(n, 80))] = this.below(256)
        return bytes
      case 2:
        return bytes.slice(0, this.below(n))
      case 3:
        return joined(bytes, this.filled(this.below(this.below(8) === 0 ? LONGEST : 100)))
      case 4:
        // Length, version or header length of IP.
        if (n >= IP + 20) put16(bytes, this.one([IP, IP + 2, IP + 4]), this.below(0x10000))
        return bytes
      case 5:
        if (n > IP) bytes[IP] = (this.below(16) << 4) | this.below(16)
        return bytes
      case 6:
        return this.fragment(bytes)
      case 7:
        return this.loops(bytes)
      case 8:
        // Any two octets within the transport header: ports, lengths, offsets, flags, checksums.
        if (n >= IP + 42) put16(bytes, IP + 20 + 2 * this.below(10), this.one([0, 1, 7, 8, 0x7fff, 0xffff, this.below(0x10000)]))
        return bytes
      case 9:
        if (n >= IP + 24) put16(bytes, IP + (this.below(2) === 0 ? 20 : 22), this.one(PORTS))
        return bytes
      case 10:
        return this.withOptions(bytes)
      case 11:
        if (n >= IP + 10) bytes[IP + 8 + this.below(2)] = this.one([0, 1, 2, 6, 17, 47, 58, 255, this.below(256)])
        return bytes
      case 12:
        return this.crossed(bytes)
      default:
        if (n >= IP) put16(bytes, 12, this.one(TYPES))
        if (n >= IP + 2 && this.below(4) === 0) put48(bytes, 6, target.mac)
        return bytes
    }
  }

  /** A piece of a datagram, with few numbers, so that pieces meet: gaps, overlaps, pieces beyond the end. */
  private fragment(bytes: Uint8Array): Uint8Array {
    if (bytes.length < IP + 20) return bytes
    put16(bytes, IP + 4, this.below(4))
    const offset = this.one([0, 0, 1, 2, 3, 20, 185, 0x1ffe, this.below(0x2000)])
    put16(bytes, IP + 6, (this.below(8) << 13) | offset)
    return bytes
  }

  /** Names that point at themselves, at each other, ahead, or that never end. */
  private loops(bytes: Uint8Array): Uint8Array {
    const at = IP + 28 + 12
    if (bytes.length < at + 20) return bytes
    for (let i = at; i + 2 <= bytes.length && i < at + 40; i += 2) {
      const to = this.one([12, i - IP - 28, i - IP - 26, i - IP - 30, this.below(0x3fff)])
      put16(bytes, i, 0xc000 | (to & 0x3fff))
    }
    if (this.below(2) === 0) bytes[at] = 63
    for (let k = 0; k < 4; k++) if (this.below(2) === 0) put16(bytes, IP + 28 + 4 + 2 * k, this.one([1, 2, 0xffff]))
    return bytes
  }

  private withOptions(bytes: Uint8Array): Uint8Array {
    if (bytes.length < IP + 20) return bytes
    const options = this.filled(4 * (1 + this.below(10)))
    options[0] = this.one([7, 68, 131, 137, 148, 130, 1, 0, this.below(256)])
    options[1] = this.one([4, 7, 11, 39, options.length, 0, 1, this.below(256)])
    options[2] = this.one([0, 4, 5, 8, 9, this.below(256)])
    const out = joined(joined(bytes.subarray(0, IP + 20), options), bytes.subarray(IP + 20))
    out[IP] = 0x40 | ((20 + options.length) >> 2)
    put16(out, IP + 2, out.length - IP)
    return out
  }

  /** The beginning of one frame and the end of another. */
  private crossed(bytes: Uint8Array): Uint8Array {
    const other = this.one(this.corpus)
    return joined(bytes.subarray(0, this.below(bytes.length + 1)), other.subarray(this.below(other.length)))
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.min(LONGEST * 2, a.length + b.length))
  out.set(a)
  out.set(b.subarray(0, out.length - a.length), a.length)
  return out
}

/** Puts lengths and checksums right where that is possible, so that what is behind them is reached. */
export function repair(bytes: Uint8Array): void {
  if (bytes.length >= IP + 40 && u16(bytes, 12) === ethernet.TYPE_IPV6) return repair6(bytes)
  if (bytes.length < IP + 20 || u16(bytes, 12) !== ethernet.TYPE_IPV4 || bytes[IP] >> 4 !== 4) return
  const head = ipv4.headerLen(bytes, IP)
  if (head < 20 || IP + head > bytes.length) return
  if (ipv4.totalLen(bytes, IP) < head || IP + ipv4.totalLen(bytes, IP) > bytes.length) put16(bytes, IP + 2, bytes.length - IP)
  ipv4.fixChecksum(bytes, IP)
  if (ipv4.isFragment(bytes, IP)) return
  const at = IP + head
  const end = IP + ipv4.totalLen(bytes, IP)
  const protocol = ipv4.protocol(bytes, IP)
  const sumAt = at + (protocol === ipv4.TCP ? 16 : protocol === ipv4.UDP ? 6 : 2)
  if (sumAt + 2 > end || ![ipv4.TCP, ipv4.UDP, ipv4.ICMP, ipv4.IGMP].includes(protocol)) return
  if (protocol === ipv4.UDP && (u16(bytes, at + 4) < 8 || at + u16(bytes, at + 4) > end)) put16(bytes, at + 4, end - at)
  const until = protocol === ipv4.UDP ? at + u16(bytes, at + 4) : end
  const paired = protocol === ipv4.TCP || protocol === ipv4.UDP
  put16(bytes, sumAt, 0)
  const start = paired ? pseudo(ipv4.src(bytes, IP), ipv4.dst(bytes, IP), protocol, until - at) : 0
  put16(bytes, sumAt, fold(add(start, bytes, at, until)) || (protocol === ipv4.UDP ? 0xffff : 0))
}

/** The same for IPv6 without extension headers. */
function repair6(bytes: Uint8Array): void {
  const at = IP + 40
  const next = bytes[IP + 6]
  bytes[IP] = 0x60 | (bytes[IP] & 15)
  if (at + u16(bytes, IP + 4) > bytes.length) put16(bytes, IP + 4, bytes.length - at)
  const end = at + u16(bytes, IP + 4)
  const sumAt = at + (next === ipv4.TCP ? 16 : next === ipv4.UDP ? 6 : 2)
  if (sumAt + 2 > end || ![ipv4.TCP, ipv4.UDP, 58].includes(next)) return
  if (next === ipv4.UDP) put16(bytes, at + 4, end - at)
  put16(bytes, sumAt, 0)
  const addresses = add(next + end - at, bytes, IP + 8, at)
  put16(bytes, sumAt, fold(add(addresses, bytes, at, end)) || 0xffff)
}
