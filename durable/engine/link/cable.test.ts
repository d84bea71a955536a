import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../sim/simulation.ts'
import { NEVER, SECOND } from '../sim/time.ts'
import { frameOf, Sink } from '../test-support/sink.ts'
import { Cable, type CableOptions, type CableState } from './cable.ts'
import { Recorder } from './recorder.ts'

function lay(options: Partial<CableOptions>, stored?: { now: number; state: CableState }) {
  const sim = new Simulation(1)
  sim.now = stored?.now ?? 0
  const a = new Sink(sim, 'a')
  const b = new Sink(sim, 'b')
  const cable = new Cable(sim, 'cable', options, stored?.state)
  const [fromA, fromB] = cable.connect(a, 1, b, 2)
  sim.add(cable)
  return { sim, a, b, cable, fromA, fromB }
}

describe('a cable', () => {
  it('delivers after its latency, both ways, at the port at the other end', () => {
    const { sim, a, b, fromA, fromB } = lay({ latency: 50 })
    fromA.transmit(frameOf(1, 60))
    sim.run(30)
    fromB.transmit(frameOf(2, 60))
    sim.run(1000)
    expect(b.got.map(({ at, port, frame }) => [at, port, frame.id])).toEqual([[50, 2, 1]])
    expect(a.got.map(({ at, port, frame }) => [at, port, frame.id])).toEqual([[80, 1, 2]])
  })

  it('hands on the very bytes that it was given, under the id and cause of the packet', () => {
    const { sim, b, fromA } = lay({ latency: 5 })
    const frame = frameOf(9, 64)
    fromA.transmit(frame)
    let seen: number[] = []
    b.receive = () => {
      seen = [sim.cause, sim.origin]
    }
    sim.run(10)
    expect(seen).toEqual([9, 0])
  })

  it('takes the time that the bits need at its rate, one frame after the other, each way for itself', () => {
    // 10 Mbit/s: 1,250 bytes take a millisecond.
    const { sim, a, b, fromA, fromB } = lay({ latency: 100, rate: 10_000_000 })
    fromA.transmit(frameOf(1, 1250))
    fromA.transmit(frameOf(2, 625))
    fromB.transmit(frameOf(3, 1250))
    sim.run(SECOND)
    expect(b.arrivals).toEqual([
      [1_100, 1],
      [1_600, 2],
    ])
    expect(a.arrivals).toEqual([[1_100, 3]])
  })

  it('loses the share of frames that it is said to, the same ones every time and after a restore', () => {
    const lost = (every: number) => {
      let { sim, b, cable, fromA } = lay({ loss: 20_000 })
      const got: number[] = []
      for (let id = 1; id <= 5_000; id++) {
        fromA.transmit(frameOf(id, 60))
        sim.run(sim.now + 10)
        got.push(...b.got.splice(0).map(({ frame }) => frame.id))
        if (every > 0 && id % every === 0)
          ({ sim, b, cable, fromA } = lay({ loss: 20_000 }, { now: sim.now, state: cable.save() }))
      }
      return got
    }
    const got = lost(0)
    expect(5_000 - got.length).toBeGreaterThan(60)
    expect(5_000 - got.length).toBeLessThan(140)
    expect(lost(7)).toEqual(got)
  })

  it('shows what it lost, where somebody looks', () => {
    const sim = new Simulation(1)
    const recorder = new Recorder(sim)
    const cable = new Cable(sim, 'bad', { loss: 1_000_000 }, undefined, recorder)
    const [fromA] = cable.connect(new Sink(sim, 'a'), 1, new Sink(sim, 'b'), 2)
    fromA.transmit(frameOf(4, 60))
    expect(recorder.read(0)).toMatchObject([{ packet: 4, verdict: 'lost' }])
    expect(recorder.vantages).toMatchObject([{ machine: 'bad', adapter: 'cable' }])
  })

  it('never changes the order of frames', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300 }),
        fc.constantFrom(0, 1_000_000, 100_000_000),
        fc.array(fc.tuple(fc.nat({ max: 400 }), fc.integer({ min: 14, max: 1514 })), { maxLength: 150 }),
        (latency, rate, frames) => {
          const { sim, b, fromA } = lay({ latency, rate })
          let id = 0
          for (const [pause, length] of frames) {
            sim.run(sim.now + pause)
            fromA.transmit(frameOf(++id, length))
          }
          sim.run(NEVER)
          expect(b.got.map(({ frame }) => frame.id)).toEqual(frames.map((_, at) => at + 1))
          for (let i = 1; i < b.got.length; i++) expect(b.got[i].at).toBeGreaterThanOrEqual(b.got[i - 1].at)
        },
      ),
    )
  })

  it('drops what comes when its queue is full, and only then', () => {
    const { sim, b, fromA } = lay({ latency: 10, queue: 3 })
    for (let id = 1; id <= 5; id++) fromA.transmit(frameOf(id, 60))
    sim.run(20)
    fromA.transmit(frameOf(6, 60))
    sim.run(40)
    expect(b.got.map(({ frame }) => frame.id)).toEqual([1, 2, 3, 6])
  })

  it('shows what its queue has no room for', () => {
    const sim = new Simulation(1)
    const recorder = new Recorder(sim)
    const cable = new Cable(sim, 'thin', { latency: 10, queue: 3 }, undefined, recorder)
    sim.add(cable)
    const [fromA] = cable.connect(new Sink(sim, 'a'), 0, new Sink(sim, 'b'), 0)
    for (let id = 1; id <= 3; id++) fromA.transmit(frameOf(id, 60))
    expect(recorder.vantages).toEqual([])
    for (let id = 4; id <= 5; id++) fromA.transmit(frameOf(id, 60))
    expect(recorder.vantages).toMatchObject([{ machine: 'thin', adapter: 'cable' }])
    expect(recorder.read(0).map(({ packet, verdict, detail }) => [packet, verdict, detail])).toEqual([
      [4, 'queue-full', '3 frames wait or fly'],
      [5, 'queue-full', '3 frames wait or fly'],
    ])
  })

  it('keeps the lab waiting while a frame is on its way', () => {
    const { sim, fromA } = lay({ latency: 10 })
    expect(sim.transientAt()).toBe(NEVER)
    fromA.transmit(frameOf(1, 60))
    expect(sim.transientAt()).toBe(10)
  })
})

describe('an unplugged cable', () => {
  it('loses what was on the wire, tells both ends, and carries nothing', () => {
    const { sim, a, b, cable, fromA, fromB } = lay({ latency: 100 })
    fromA.transmit(frameOf(1, 60))
    fromB.transmit(frameOf(2, 60))
    sim.run(50)
    cable.plug(false)
    expect([fromA.up, fromB.up]).toEqual([false, false])
    fromA.transmit(frameOf(3, 60))
    sim.run(1000)
    cable.plug(false)
    cable.plug(true)
    sim.run(2000)
    expect([...a.got, ...b.got]).toEqual([])
    expect(a.links).toEqual([
      [1, false],
      [1, true],
    ])
    expect(b.links).toEqual([
      [2, false],
      [2, true],
    ])
    fromA.transmit(frameOf(4, 60))
    sim.run(3000)
    expect(b.arrivals).toEqual([[2100, 4]])
  })

  it('forgets the queue at its sender: a frame after the plug is in again does not wait for frames that are gone', () => {
    // 8 kbit/s: 1,000 bytes take a second.
    const { sim, b, cable, fromA } = lay({ latency: 0, rate: 8_000 })
    for (let id = 1; id <= 10; id++) fromA.transmit(frameOf(id, 1000))
    sim.run(SECOND / 2)
    cable.plug(false)
    cable.plug(true)
    fromA.transmit(frameOf(11, 1000))
    sim.run(60 * SECOND)
    expect(b.arrivals).toEqual([[1.5 * SECOND, 11]])
  })
})

it('stores the frames in flight: a restored cable delivers the same bytes at the same times', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 90 }), fc.boolean(), fc.integer({ min: 14, max: 200 })), { maxLength: 40 }),
      fc.constantFrom(0, 10_000_000),
      (frames, rate) => {
        const straight = lay({ latency: 200, rate })
        let id = 0
        for (const [pause, toB, length] of frames) {
          straight.sim.run(straight.sim.now + pause)
          ;(toB ? straight.fromA : straight.fromB).transmit(frameOf(++id, length))
        }
        const { sim, cable } = straight
        const row = JSON.parse(JSON.stringify(cable.save())) as CableState
        const restored = lay({ latency: 200, rate }, { now: sim.now, state: row })
        const before = [straight.a.got.length, straight.b.got.length]
        for (const one of [straight, restored]) {
          one.fromA.transmit(frameOf(1000, 60))
          one.sim.run(NEVER)
        }
        const tell = (sink: Sink, from: number) => sink.got.slice(from).map(({ at, frame }) => [at, frame.id, [...frame.bytes]])
        expect(tell(restored.a, 0)).toEqual(tell(straight.a, before[0]))
        expect(tell(restored.b, 0)).toEqual(tell(straight.b, before[1]))
        expect(restored.cable.save()).toEqual(straight.cable.save())
      },
    ),
  )
})
