import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../sim/simulation.ts'
import { frameOf } from '../test-support/sink.ts'
import { copyFrame, type Frame, rewritten } from './frame.ts'
import { BEGINNING, BYTE_RATE, DELIVERED, Recorder, SENT } from './recorder.ts'
import { verdictNumber } from './verdict.ts'

const setUp = (slots = 16, room = 1024) => {
  const sim = new Simulation(1)
  const recorder = new Recorder(sim, slots, room)
  return { sim, recorder, eth0: recorder.vantage('pc', 'eth0'), tunnel: recorder.vantage('pc', 'vpn', 'raw-ip') }
}

describe('a recorder', () => {
  it('tells what was seen, where, when, which way and what became of it', () => {
    const { sim, recorder, eth0, tunnel } = setUp()
    const frame: Frame = { ...frameOf(7, 60), cause: 3, origin: 2 }
    recorder.see(eth0, true, frame, SENT)
    sim.run(250)
    recorder.see(tunnel, false, frame, verdictNumber('no-route'), 'no route to 192.0.2.80')
    const common = { packet: 7, cause: 3, origin: 2, length: 60, bytes: frame.bytes }
    expect(recorder.read(0)).toEqual([
      { ...common, sequence: 0, time: 0, vantage: eth0, direction: 'out', verdict: 'sent', detail: '' },
      {
        ...common,
        sequence: 1,
        time: 250,
        vantage: tunnel,
        direction: 'in',
        verdict: 'no-route',
        detail: 'no route to 192.0.2.80',
      },
    ])
    expect(recorder.vantages.map(({ linkType }) => linkType)).toEqual(['ethernet', 'raw-ip'])
    expect(recorder.vantage('pc', 'eth0')).toBe(eth0)
  })

  it('keeps the bytes as they were there, once per rewrite', () => {
    // 100 bytes fit: one frame of 60 seen three times and rewritten once would not, were it kept each time.
    const { recorder, eth0 } = setUp(16, 128)
    const frame = frameOf(1, 60)
    for (let i = 0; i < 3; i++) recorder.see(eth0, true, frame, SENT)
    recorder.see(eth0, false, copyFrame(frame), DELIVERED)
    frame.bytes[8] = 63
    rewritten(frame)
    recorder.see(eth0, true, frame, SENT)
    const seen = recorder.read(0)
    expect(seen.map(({ bytes }) => bytes[8])).toEqual([9, 9, 9, 9, 63])
    expect(seen.every(({ bytes }) => bytes.length === 60)).toBe(true)
  })

  it('keeps the beginnings only of what comes in a second after too many bytes, and says how long it was', () => {
    const lengths = (recorder: Recorder, sim: Simulation, from: number): number[] => {
      const eth0 = recorder.vantage('pc', 'eth0')
      const first = recorder.next
      const long = frameOf(1, 1_000)
      for (let i = 0; i < 3; i++) recorder.see(eth0, true, long, SENT)
      recorder.see(eth0, true, frameOf(2, 60), SENT)
      sim.run(from + 1_000_000)
      recorder.see(eth0, true, long, SENT)
      expect(recorder.read(first).map(({ length }) => length)).toEqual([1_000, 1_000, 1_000, 60, 1_000])
      return recorder.read(first).map(({ bytes }) => bytes.length)
    }
    const { sim, recorder } = setUp(16, 8_192)
    recorder.rate = { second: 0, bytes: BYTE_RATE - 2_000 }
    expect(lengths(recorder, sim, 0)).toEqual([1_000, 1_000, BEGINNING, 60, 1_000])
    // Restored in the middle, it keeps the same: what the ring has forgotten makes no difference.
    const again = setUp(16, 8_192)
    const frame = frameOf(1, 1_000)
    again.recorder.rate = { second: 0, bytes: BYTE_RATE - 2_000 }
    again.recorder.see(0, true, frame, SENT)
    const restored = setUp(16, 8_192)
    restored.recorder.rate = again.recorder.rate
    restored.recorder.see(0, true, { ...frame, stored: -1 }, SENT)
    restored.recorder.see(0, true, { ...frame, stored: -1 }, SENT)
    expect(restored.recorder.read(0).map(({ bytes }) => bytes.length)).toEqual([1_000, BEGINNING])
  })

  it('is not changed by what happens to a frame afterwards, nor by what a reader does', () => {
    const { recorder, eth0 } = setUp()
    const frame = frameOf(1, 300)
    recorder.see(eth0, true, frame, SENT)
    frame.bytes.fill(0xdd)
    recorder.read(0)[0].bytes.fill(0xdd)
    expect(recorder.read(0)[0].bytes).toEqual(frameOf(1, 300).bytes)
  })

  it('amends a verdict that became known later, but not in a slot that is somebody else’s by now', () => {
    const { recorder, eth0 } = setUp(4)
    const first = recorder.see(eth0, false, frameOf(1, 60), DELIVERED)
    recorder.amend(first, verdictNumber('firewall'), 'no rule')
    expect(recorder.read(0)[0]).toMatchObject({ verdict: 'firewall', detail: 'no rule', direction: 'in', vantage: eth0 })
    for (let id = 2; id <= 5; id++) recorder.see(eth0, true, frameOf(id, 60), SENT)
    recorder.amend(first, verdictNumber('lost'), 'too late')
    expect(recorder.read(0).map(({ sequence, verdict }) => [sequence, verdict])).toEqual([1, 2, 3, 4].map((s) => [s, 'sent']))
  })

  it('forgets the oldest when its slots are used up', () => {
    const { recorder, eth0 } = setUp(4)
    for (let id = 1; id <= 10; id++) recorder.see(eth0, true, frameOf(id, 60), SENT, `${id}`)
    expect(recorder.oldest).toBe(6)
    expect(recorder.read(0).map(({ sequence, packet, detail }) => [sequence, packet, detail])).toEqual(
      [7, 8, 9, 10].map((id) => [id - 1, id, `${id}`]),
    )
  })

  it('reads a window, and which packets a command caused', () => {
    const { recorder, eth0 } = setUp()
    for (let id = 1; id <= 6; id++) recorder.see(eth0, true, { ...frameOf(id, 60), origin: id % 2 }, SENT)
    recorder.see(eth0, false, { ...frameOf(5, 60), origin: 1 }, DELIVERED)
    expect(recorder.read(2, 4).map(({ packet }) => packet)).toEqual([3, 4])
    expect(recorder.packetsOf(1, 0, 100)).toEqual([1, 3, 5])
    expect(recorder.packetsOf(1, 1, 100)).toEqual([3, 5])
    expect(recorder.packetsOf(1, 0, 2)).toEqual([1, 3])
  })

  it('goes on counting when a lab is restored, and has nothing from before', () => {
    const { recorder, eth0 } = setUp(4)
    recorder.next = 1_000_003
    expect([recorder.oldest, recorder.read(0), recorder.packetsOf(0, 0, 9)]).toEqual([1_000_003, [], []])
    for (let id = 1; id <= 6; id++) {
      recorder.see(eth0, true, frameOf(id, 60), SENT)
      expect(recorder.next).toBe(1_000_003 + id)
    }
    expect(recorder.read(0).map(({ sequence, packet }) => [sequence, packet])).toEqual([
      [1_000_005, 3],
      [1_000_006, 4],
      [1_000_007, 5],
      [1_000_008, 6],
    ])
  })
})

it('drops a sighting whose bytes were kept early and are gone, even when one before it is still whole', () => {
  // Room for four frames of 60 bytes. The first is seen again after the second; the fifth takes the place of its bytes.
  const { recorder, eth0 } = setUp(16, 240)
  const slow = frameOf(1, 60)
  recorder.see(eth0, true, slow, SENT)
  recorder.see(eth0, true, frameOf(2, 60), SENT)
  recorder.see(eth0, false, slow, DELIVERED)
  for (let id = 3; id <= 5; id++) recorder.see(eth0, true, frameOf(id, 60), SENT)
  expect(recorder.read(0).map(({ packet, bytes }) => [packet, bytes[0]])).toEqual([
    [3, 3],
    [4, 4],
    [5, 5],
  ])
})

it('never shows other bytes than were there, however long a frame was on its way', () => {
  // Some frames are seen again much later, by the copy of the bytes that was kept the first time.
  const act = fc.oneof(
    fc.record({ again: fc.constant(false), at: fc.nat({ max: 5 }), length: fc.constantFrom(60, 60, 60, 98) }),
    fc.record({ again: fc.constant(true), at: fc.nat({ max: 9 }), length: fc.constant(0) }),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(5, 40),
      fc.constantFrom(240, 300, 500),
      fc.array(act, { minLength: 10, maxLength: 60 }),
      (slots, room, acts) => {
        const { recorder, eth0 } = setUp(slots, room)
        const frames: Frame[] = []
        const expected: Frame[] = []
        for (const { again, at, length } of acts) {
          let frame = again ? frames[frames.length - 1 - at] : undefined
          if (frame === undefined) {
            frame = frameOf(frames.length + 1, Math.max(14, length), frames.length * 7)
            frames.push(frame)
          }
          recorder.see(eth0, true, frame, SENT)
          expected.push(frame)
          const seen = recorder.read(0)
          expect(seen.length).toBe(recorder.next - recorder.oldest)
          for (const one of seen) {
            expect(one.packet).toBe(expected[one.sequence].id)
            expect([...one.bytes]).toEqual([...expected[one.sequence].bytes])
          }
        }
        // The newest always fits, and so do all when there is room for all.
        if (expected.length > 0) expect(recorder.oldest).toBeLessThan(recorder.next)
      },
    ),
    { numRuns: 300 },
  )
})
