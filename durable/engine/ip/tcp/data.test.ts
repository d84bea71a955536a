// Data and windows, segment by segment: a test plays the other side by hand.
import { describe, expect, it } from 'vitest'
import type { Said } from '../../test-support/lone-stack.ts'
import { Dialogue, ISS, octets } from '../../test-support/tcp-dialogue.ts'
import type * as tcp from '../../wire/tcp.ts'

describe('data', () => {
  it('that comes out of order is told by SACK, the latest first, and put in order', () => {
    const d = new Dialogue().open({ mss: 1460, sackPermitted: true })
    d.host.take()
    const sacks = () =>
      (d.host.take() as { tcp: tcp.Tcp }[]).map(({ tcp: { ack, options } }) => [
        ack - ISS,
        (options.sack ?? []).map(({ left, right }) => [left - ISS, right - ISS]),
      ])
    d.ack({ seq: ISS + 11, payload: octets(10, 10) })
    expect(sacks()).toEqual([[1, [[11, 21]]]])
    d.ack({ seq: ISS + 31, payload: octets(10, 30) })
    expect(sacks()).toEqual([
      [
        1,
        [
          [31, 41],
          [11, 21],
        ],
      ],
    ])
    d.ack({ seq: ISS + 1, payload: octets(10) })
    expect(sacks()).toEqual([[21, [[31, 41]]]])
    d.ack({ seq: ISS + 16, payload: octets(20, 15) })
    expect(sacks()).toEqual([[41, []]])
    expect(d.tcp.receive(d.socket)).toEqual(octets(40))
  })

  it('alone is acknowledged after 40 ms, every second full segment at once', () => {
    const d = new Dialogue().open()
    d.host.take()
    d.ack({ payload: octets(100) })
    d.host.wait(0.039)
    expect(d.heard()).toEqual([])
    d.host.wait(0.002)
    expect(d.heard()).toEqual([['ACK', 1, 101, 0]])
    d.ack({ seq: ISS + 101, payload: octets(100) })
    d.ack({ seq: ISS + 201, payload: octets(100) })
    expect(d.heard()).toEqual([['ACK', 1, 301, 0]])
  })

  it('in small pieces waits for the acknowledgement of the first, unless it must not (Nagle)', () => {
    const d = new Dialogue().open()
    d.host.take()
    for (let i = 0; i < 3; i++) d.tcp.send(d.socket, octets(10))
    expect(d.heard()).toEqual([['PSH,ACK', 1, 1, 10]])
    d.ack({}, 11)
    expect(d.heard()).toEqual([['PSH,ACK', 11, 1, 20]])
    d.ack({}, 31)
    d.tcp.configure(d.socket, { nagle: false })
    for (let i = 0; i < 2; i++) d.tcp.send(d.socket, octets(10))
    expect(d.heard()).toHaveLength(2)
  })

  it('three acknowledgements of the same bring the missing segment at once', () => {
    const d = new Dialogue().open({ mss: 1000 })
    d.host.take()
    d.tcp.send(d.socket, new Uint8Array(6000))
    expect(d.heard()).toHaveLength(6)
    for (let i = 0; i < 3; i++) d.ack({})
    expect(d.heard()).toEqual([['ACK', 1, 1, 1000]])
    expect(d.tcp.counters.retransSegs).toBe(1)
  })

  it('that nobody acknowledges is sent again after the timeout, ever later, and given up in the end', () => {
    const d = new Dialogue('windows').open()
    d.host.take()
    const begun = d.host.sim.now
    d.tcp.send(d.socket, octets(10))
    d.host.wait(600)
    const times = (d.host.take() as Said[]).map(({ at }) => (at - begun) / 1_000_000)
    expect(times.length).toBe(6)
    for (let i = 2; i < times.length; i++)
      expect((times[i] as number) - (times[i - 1] as number)).toBeCloseTo(
        2 * ((times[i - 1] as number) - (times[i - 2] as number)),
        3,
      )
    expect(d.notes.kinds.slice(-1)).toEqual(['failed "timeout"'])
  })
})

describe('a closed window', () => {
  it.each([
    ['windows', ['PSH,ACK', 11, 1, 1]],
    ['linux', ['ACK', 10, 1, 0]],
  ] as const)('is asked about again and again, %s', (os, probe) => {
    const d = new Dialogue(os).open({ mss: 1460 }, 10)
    d.host.take()
    d.tcp.send(d.socket, octets(50))
    expect(d.heard()).toEqual([['ACK', 1, 1, 10]])
    d.ack({ window: 0 }, 11)
    expect(d.heard()).toEqual([])
    d.host.wait(0.4)
    expect(d.heard()).toEqual([probe])
    let asked = 0
    for (let second = 0; second < 600; second++) {
      if (d.host.take().length > 0) asked++
      d.ack({ window: 0 }, 11)
      d.host.wait(1)
    }
    expect(d.state).toBe('ESTABLISHED')
    // Twice as long each time, up to a minute.
    expect(asked).toBeGreaterThan(12)
    expect(asked).toBeLessThan(25)
    d.host.take()
    d.ack({ window: 64240 }, 11)
    expect(d.heard()).toEqual([['PSH,ACK', 11, 1, 40]])
  })

  it('of somebody who answers nothing any more ends the connection', () => {
    const d = new Dialogue('windows').open({ mss: 1460 }, 10)
    d.tcp.send(d.socket, octets(50))
    d.ack({ window: 0 }, 11)
    d.host.wait(600)
    expect(d.notes.kinds.slice(-1)).toEqual(['failed "timeout"'])
  })

  it('that we told opens when somebody has read, and not by a little', () => {
    const d = new Dialogue('windows').open({ mss: 1460 })
    d.host.take()
    for (let at = 0; at < 64240; at += 1460) d.ack({ seq: ISS + 1 + at, payload: new Uint8Array(1460) })
    d.host.wait(1)
    const windows = () => (d.host.take() as { tcp: tcp.Tcp }[]).map(({ tcp: { window } }) => window)
    expect(windows().slice(-1)).toEqual([0])
    d.tcp.receive(d.socket, 500)
    expect(windows()).toEqual([])
    d.tcp.receive(d.socket, 60_000)
    expect(windows().slice(-1)[0]).toBeGreaterThan(50_000)
  })
})
