import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LINK_ETHERNET, pcapng } from '../../durable/engine/lab/pcapng.ts'
import { placeOf } from './ends.ts'
import { Frames, framed } from './framing.ts'
import { readCapture } from './pcap-file.ts'
import { replay } from './replay.ts'

const frames = fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 20 })

describe('frames on a stream', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(framed))
        const got: Uint8Array[] = []
        const reader = new Frames((frame) => got.push(new Uint8Array(frame)))
        for (let at = 0, n = 0; at < stream.length; n++) {
          const length = cuts[n % cuts.length] ?? 1
          reader.push(stream.subarray(at, at + length))
          at += length
        }
        expect(got).toEqual(sent)
      }),
    )
  })

  it('are not looked for in something else', () => {
    expect(() => new Frames(() => {}).push(Buffer.from('GET / HTTP/1.1\r\n'))).toThrow('not QEMU')
  })
})

describe('a capture', () => {
  const times = [1_000_000, 1_000_250, 3_500_000]
  const bytes = [new Uint8Array(60).fill(1), new Uint8Array(1_514).fill(2), new Uint8Array(42).fill(3)]

  it('is read as pcapng', () => {
    const packets = times.map((timeMicros, at) => {
      return {
        interface: 0,
        timeMicros,
        bytes: bytes[at] ?? bytes[0],
        originalLength: at === 1 ? 9_000 : 60,
        direction: 'in',
      } as const
    })
    const read = readCapture(pcapng([{ name: 'a', linkType: LINK_ETHERNET }], packets, 1_700_000_000_000_000))
    expect(read.map(({ at }) => at)).toEqual([0, 250, 2_500_000])
    expect(read.map((one) => one.bytes.length)).toEqual([60, 1_514, 42])
    expect(read[1]?.cut).toBe(9_000 - 1_514)
  })

  it.each([
    [true, 0xa1b2c3d4, 1],
    [false, 0xa1b2c3d4, 1],
    [true, 0xa1b23c4d, 1_000],
    [false, 0xa1b23c4d, 1_000],
  ])('is read as pcap: little-endian %s, magic %x', (little, magic, scale) => {
    const file = new Uint8Array(24 + bytes.reduce((sum, one) => sum + 16 + one.length, 0))
    const view = new DataView(file.buffer)
    view.setUint32(0, magic, little)
    view.setUint32(20, 1, little)
    let at = 24
    bytes.forEach((one, n) => {
      const time = times[n] ?? 0
      view.setUint32(at, Math.floor(time / 1e6), little)
      view.setUint32(at + 4, (time % 1e6) * scale, little)
      view.setUint32(at + 8, one.length, little)
      view.setUint32(at + 12, one.length, little)
      file.set(one, at + 16)
      at += 16 + one.length
    })
    const read = readCapture(file)
    expect(read.map((one) => one.at)).toEqual([0, 250, 2_500_000])
    expect(read.map((one) => [...one.bytes])).toEqual(bytes.map((one) => [...one]))
  })

  it('is refused with a sentence when it is none, is damaged, or is not of Ethernet', () => {
    expect(() => readCapture(new Uint8Array(3))).toThrow('too short')
    expect(() => readCapture(new Uint8Array(100))).toThrow('neither')
    const raw = pcapng(
      [{ name: 'a', linkType: 101 }],
      [{ interface: 0, timeMicros: 1, bytes: bytes[0] ?? new Uint8Array(), originalLength: 60, direction: 'in' }],
      0,
    )
    expect(() => readCapture(raw)).toThrow('link type 101')
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 400 }), fc.nat(), (noise, cut) => {
        const good = pcapng(
          [{ name: 'a', linkType: LINK_ETHERNET }],
          [{ interface: 0, timeMicros: 1, bytes: noise, originalLength: noise.length, direction: 'in' }],
          0,
        )
        for (const file of [noise, good.subarray(0, cut % good.length), new Uint8Array([...good.subarray(0, 40), ...noise])]) {
          try {
            for (const one of readCapture(file)) expect(one.at).toBeGreaterThanOrEqual(0)
          } catch (error) {
            expect(error).toBeInstanceOf(Error)
          }
        }
      }),
    )
  })

  it('is sent with its timing, and faster when that is wanted', async () => {
    const captured = [0, 40_000, 120_000].map((at) => ({ at, bytes: new Uint8Array(60), cut: 0 }))
    const went: number[] = []
    const begun = performance.now()
    const target = { open: true, waiting: 0, send: () => void went.push(performance.now() - begun) }
    await replay(captured, 1, target)
    expect(went).toHaveLength(3)
    expect(went[1]).toBeGreaterThanOrEqual(39)
    expect(went[2]).toBeGreaterThanOrEqual(119)
    await replay(captured, Number.POSITIVE_INFINITY, target)
    expect(went).toHaveLength(6)
  })
})

it('a place is HOST:PORT, :PORT or unix:PATH', () => {
  expect(placeOf('127.0.0.1:5555')).toEqual({ host: '127.0.0.1', port: 5555 })
  expect(placeOf(':5555')).toEqual({ host: '127.0.0.1', port: 5555 })
  expect(placeOf('unix:/tmp/a')).toEqual({ path: '/tmp/a' })
  expect(placeOf('nothing')).toBeUndefined()
})
