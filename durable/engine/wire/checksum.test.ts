// The Internet checksum beside the plain loop of RFC 1071 section 4.1, wherever the octets lie and however many there are.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { add, adjust16, adjust32, fold, pseudo } from './checksum.ts'

function plain(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += bytes[i] * 256 + (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

it('is that of the plain loop', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1600 }), fc.nat(9), fc.nat(9), fc.nat(0xffff), (octets, offset, from, before) => {
      const room = new Uint8Array(new ArrayBuffer(offset + from + octets.length + 3), offset)
      room.fill(0xa5)
      room.set(octets, from)
      const lead = Uint8Array.of(before >> 8, before & 255)
      const all = new Uint8Array([...lead, ...octets])
      expect(fold(add(before, room, from, from + octets.length))).toBe(plain(all))
    }),
  )
})

it('holds for the longest datagram of ones, in one piece', () => {
  const ones = new Uint8Array(65_536).fill(0xff)
  expect(fold(add(0xffff, ones, 0, 65_536))).toBe(0)
  expect(fold(add(0, ones.fill(0), 0, 65_536))).toBe(0xffff)
})

it('in pieces of even length is that of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 1600 }), fc.nat(800), (octets, cut) => {
      const middle = Math.min(octets.length & ~1, cut * 2)
      expect(fold(add(add(0, octets, 0, middle), octets, middle, octets.length))).toBe(plain(octets))
    }),
  )
})

it('is updated by its difference (RFC 1624)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 40 }), fc.nat(0xffff), fc.nat(0xffffffff), (octets, word, address) => {
      const whole = (b: Uint8Array) => fold(add(0, b, 0, b.length & ~1))
      const changed = octets.slice()
      changed[0] = word >> 8
      changed[1] = word & 255
      const old = (octets[0] << 8) | octets[1]
      const same = (a: number, b: number) => a === b || (a | b) === 0xffff || (a & b) === 0
      expect(same(adjust16(whole(octets), old, word) % 0xffff, whole(changed) % 0xffff)).toBe(true)
      new DataView(changed.buffer, changed.byteOffset).setUint32(0, address)
      const before = new DataView(octets.buffer, octets.byteOffset).getUint32(0)
      expect(adjust32(whole(octets), before, address) % 0xffff).toBe(whole(changed) % 0xffff)
    }),
  )
})

it('of IPv6 addresses is that of their words', () => {
  expect(fold(pseudo(0x20010db8000000000000000000000001n, 1n, 17, 8))).toBe(fold(0x2001 + 0x0db8 + 1 + 1 + 17 + 8))
})
