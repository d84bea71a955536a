import { expect, it } from 'vitest'
import { hex } from '../wire/bytes.ts'
import { LINK_ETHERNET, pcapng } from './pcapng.ts'

it('writes a section, an interface and a packet', () => {
  const packet = { interface: 0, timeMicros: 1, bytes: Uint8Array.of(1, 2, 3), originalLength: 60, direction: 'out' as const }
  const file = pcapng([{ name: 'eth0', linkType: LINK_ETHERNET }], [{ ...packet, comment: 'é' }], 2 ** 32)
  expect(hex(file, 0, file.length)).toBe(
    '0a0d0d0a' +
      '1c000000' +
      '4d3c2b1a' +
      '01000000' +
      'ffffffffffffffff' +
      '1c000000' +
      '01000000' +
      '28000000' +
      '0100000000000000' +
      '0200040065746830' +
      '0900010006000000' +
      '00000000' +
      '28000000' +
      '06000000' +
      '38000000' +
      '00000000' +
      '01000000' +
      '01000000' +
      '03000000' +
      '3c000000' +
      '01020300' +
      '0200040002000000' +
      '01000200c3a90000' +
      '00000000' +
      '38000000',
  )
})
