// Rewriting as NAT does: checksums stay right, the way back undoes the way out, and nothing is written outside of the packet.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { add, fold, pseudo } from '../../wire/checksum.ts'
import * as icmp from '../../wire/icmp.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as udp from '../../wire/udp.ts'
import { rewriteQuoted, rewriteSide } from './rewrite.ts'

const AT = 14
const address = fc.nat(0xffffffff)
const port = fc.integer({ min: 1, max: 65_535 })

function datagram(src: number, dst: number, srcPort: number, dstPort: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(AT + ipv4.HEADER_LEN + udp.HEADER_LEN + payload.length)
  udp.emit({ srcPort, dstPort, payload }, out, AT + ipv4.HEADER_LEN, { src, dst })
  ipv4.emit({ src, dst, protocol: ipv4.UDP, ttl: 64, id: 1, dontFragment: false }, out.length - AT - ipv4.HEADER_LEN, out, AT)
  return out
}

const sound = (b: Uint8Array): boolean => {
  const head = AT + ipv4.HEADER_LEN
  const sum = add(pseudo(ipv4.src(b, AT), ipv4.dst(b, AT), ipv4.UDP, b.length - head), b, head, b.length)
  return ipv4.checksumOk(b, AT) && fold(sum) === 0
}

it('mends both checksums, and can be undone', () => {
  const side = fc.constantFrom('source' as const, 'destination' as const)
  fc.assert(
    fc.property(address, address, port, port, fc.uint8Array({ maxLength: 64 }), side, address, port, (...given) => {
      const [src, dst, srcPort, dstPort, payload, which, ip, to] = given
      const packet = datagram(src, dst, srcPort, dstPort, payload)
      const before = packet.slice()
      rewriteSide(packet, AT, packet.length, which, ip, to)
      expect(sound(packet)).toBe(true)
      expect(which === 'source' ? ipv4.src(packet, AT) : ipv4.dst(packet, AT)).toBe(ip)
      rewriteSide(packet, AT, packet.length, which, which === 'source' ? src : dst, which === 'source' ? srcPort : dstPort)
      expect(sound(packet)).toBe(true)
      // One's complement has two zeros: the sums may differ in that alone.
      for (const sum of [AT + 10, AT + 11, AT + 26, AT + 27]) before[sum] = packet[sum] = 0
      expect(packet).toEqual(before)
    }),
  )
})

it('leaves alone a checksum that nobody computed', () => {
  const packet = datagram(1, 2, 3, 4, Uint8Array.of(5))
  udp.setSum(packet, AT + ipv4.HEADER_LEN, 0)
  rewriteSide(packet, AT, packet.length, 'source', 0x0a000001, 99)
  expect(udp.sum(packet, AT + ipv4.HEADER_LEN)).toBe(0)
  expect(ipv4.checksumOk(packet, AT)).toBe(true)
})

it('rewrites what an error quotes, and the error’s own checksum holds again', () => {
  fc.assert(
    fc.property(address, address, port, port, fc.nat(30), (inside, outside, sport, wanted, cut) => {
      const quoted = datagram(outside, 0xc0000201, wanted, 53, new Uint8Array(30)).subarray(AT)
      const original = quoted.subarray(0, quoted.length - cut)
      const message = { kind: 'unreachable', code: 3, nextHopMtu: 0, original } as const
      const length = icmp.len(message)
      const out = new Uint8Array(AT + ipv4.HEADER_LEN + length)
      icmp.emit(message, out, AT + ipv4.HEADER_LEN)
      ipv4.emit({ src: 9, dst: outside, protocol: ipv4.ICMP, ttl: 64, id: 1, dontFragment: false }, length, out, AT)
      const head = AT + ipv4.HEADER_LEN
      rewriteQuoted(out, head, out.length, 'source', inside, sport)
      expect(ipv4.src(out, head + 8)).toBe(inside)
      expect(udp.srcPort(out, head + 8 + ipv4.HEADER_LEN)).toBe(sport)
      expect(ipv4.checksumOk(out, head + 8)).toBe(true)
      expect(fold(add(0, out, head, out.length))).toBe(0)
    }),
  )
})

it('writes nothing behind the end of a packet that was cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), (kept) => {
      const whole = datagram(1, 2, 3, 4, new Uint8Array(8))
      const end = AT + ipv4.HEADER_LEN + kept
      const before = whole.slice()
      rewriteSide(whole, AT, end, 'destination', 0x0a000001, 0xbeef)
      expect(whole.subarray(end)).toEqual(before.subarray(end))
    }),
  )
})
