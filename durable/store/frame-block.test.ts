import { expect, it } from 'vitest'
import { VERDICTS } from '../engine/link/verdict.ts'
import { packFrames, type Seen, unpackFrames } from './frame-block.ts'
import { boundOutput, LONGEST_OUTPUT, packText, unpackText } from './text.ts'
import { ByteReader, ByteWriter } from './varint.ts'

const frames = (count: number): Seen[] =>
  Array.from({ length: count }, (_, i) => ({
    sequence: 1_000 + i * 3,
    time: 2 ** 40 + i * 17,
    packet: i,
    cause: i % 5,
    origin: i % 7,
    place: { machine: `m${i % 4}`, adapter: 'eth0', linkType: i % 2 === 0 ? 'ethernet' : 'raw-ip' },
    direction: i % 3 === 0 ? 'in' : 'out',
    verdict: VERDICTS[i % VERDICTS.length].code,
    detail: i % 2 === 0 ? '' : `rule ${i % 3}`,
    length: 1514,
    bytes: Uint8Array.from({ length: (i * 7) % 128 }, (_, at) => at * i),
  }))

it('gives sightings back as they were', () => {
  for (const count of [0, 1, 2, 500]) expect(unpackFrames(packFrames(frames(count)))).toEqual(frames(count))
})

it('throws on a block that is cut off or nonsense', () => {
  const packed = packFrames(frames(20))
  for (let length = 0; length < packed.length; length += 7) expect(() => unpackFrames(packed.subarray(0, length))).toThrow()
  expect(() => unpackFrames(new Uint8Array(40).fill(9))).toThrow()
})

it('writes numbers in seven-bit pieces', () => {
  const numbers = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER]
  const writer = new ByteWriter()
  for (const number of numbers) writer.number(number)
  const reader = new ByteReader(writer.taken())
  expect(numbers.map(() => reader.number())).toEqual(numbers)
  expect(() => reader.number()).toThrow()
  expect(() => writer.number(-1)).toThrow()
})

it('packs text, long or short', () => {
  for (const text of ['', 'ünïcode\n', 'row\n'.repeat(9_000)]) expect(unpackText(packText(text))).toBe(text)
  expect(packText('row\n'.repeat(9_000)).length).toBeLessThan(1_000)
})

it('keeps the end of a long output, from the start of a line', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join('')
  const kept = boundOutput(lines)
  expect(kept.length).toBeLessThanOrEqual(LONGEST_OUTPUT)
  expect(kept).toMatch(/^\[earlier output is not kept\]\nline \d+\n/)
  expect(kept.endsWith('line 19999\n')).toBe(true)
  expect(boundOutput(kept)).toBe(kept)
})
