// IEEE 802.1D-2004 sections 7.7 to 7.9: learning, forwarding, flooding, ageing.
import { describe, expect, it } from 'vitest'
import { Simulation } from '../sim/simulation.ts'
import { SECOND } from '../sim/time.ts'
import { Port } from '../test-support/sink.ts'
import { MAC_BROADCAST, type Mac, multicastMac } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import type { Frame } from './frame.ts'
import { AGEING_TIME, LearningSwitch, type LearningSwitchState } from './learning-switch.ts'
import { Recorder } from './recorder.ts'

const A: Mac = 0x00155d033200
const B: Mac = 0x00155d033201
const C: Mac = 0xfe155d033202

let packets = 0
function frame(dst: Mac, src: Mac): Frame {
  const bytes = new Uint8Array(60)
  ethernet.emit(bytes, dst, src, ethernet.TYPE_ARP)
  return { bytes, id: ++packets, cause: 0, origin: 0, stored: -1 }
}

function setUp(count = 4, state?: LearningSwitchState) {
  const sim = new Simulation(1)
  const recorder = new Recorder(sim, 64, 1 << 12)
  const hub = new LearningSwitch(sim, recorder, 'home-switch', state)
  const ports = Array.from({ length: count }, () => new Port())
  for (const port of ports) hub.addPort(port)
  sim.add(hub)
  const send = (from: number, dst: Mac, src: Mac) => {
    const one = frame(dst, src)
    hub.receive(from, one)
    return ports.flatMap((port, at) => port.take().map(() => at))
  }
  return { sim, recorder, hub, ports, send }
}

describe('a learning switch', () => {
  it('floods what it does not know to every port but the one it came from', () => {
    const { send } = setUp()
    expect(send(1, B, A)).toEqual([0, 2, 3])
    expect(send(0, MAC_BROADCAST, C)).toEqual([1, 2, 3])
    expect(send(2, multicastMac(0xe00000fb), B)).toEqual([0, 1, 3])
  })

  it('learns where an address lives from the source of its frames, also when it moves', () => {
    const { send, hub } = setUp()
    send(0, MAC_BROADCAST, A)
    send(1, MAC_BROADCAST, B)
    expect(send(1, A, B)).toEqual([0])
    expect(send(0, B, A)).toEqual([1])
    send(3, MAC_BROADCAST, B)
    expect(send(0, B, A)).toEqual([3])
    expect(hub.entries()).toEqual([
      { mac: A, port: 0, age: 0 },
      { mac: B, port: 3, age: 0 },
    ])
  })

  it('never learns a group address as a source', () => {
    const { send, hub } = setUp()
    send(0, B, MAC_BROADCAST)
    expect(hub.entries()).toEqual([])
  })

  it('does not send a frame back to where it came from, and says why', () => {
    const { send, recorder } = setUp()
    send(0, MAC_BROADCAST, A)
    send(0, MAC_BROADCAST, C)
    expect(send(0, C, A)).toEqual([])
    expect(recorder.read(0).map(({ verdict, detail }) => [verdict, detail])).toEqual([['same-port', 'port 1']])
  })

  it('forgets an address that was silent for 300 seconds, counted from its last frame', () => {
    const { sim, send, hub } = setUp()
    send(0, MAC_BROADCAST, A)
    sim.run(200 * SECOND)
    send(0, B, A)
    sim.run(200 * SECOND + AGEING_TIME - 1)
    expect(send(1, A, B)).toEqual([0])
    expect(hub.entries()).toContainEqual({ mac: A, port: 0, age: AGEING_TIME - 1 })
    sim.run(200 * SECOND + AGEING_TIME)
    expect(send(1, A, B)).toEqual([0, 2, 3])
    expect(hub.entries().map(({ mac }) => mac)).toEqual([B])
  })

  it('forgets who was behind a port that lost its link, and does not flood to it', () => {
    const { send, hub, ports } = setUp()
    send(0, MAC_BROADCAST, A)
    send(1, MAC_BROADCAST, B)
    ports[0].up = false
    hub.linkChanged(0, false)
    expect(hub.entries().map(({ mac }) => mac)).toEqual([B])
    expect(send(1, A, B)).toEqual([2, 3])
    expect(send(2, B, C)).toEqual([1])
  })

  it('begins anew when more than 8,192 addresses were seen', () => {
    const { send, hub } = setUp()
    for (let i = 0; i < 8192; i++) send(0, MAC_BROADCAST, 0x020000000000 + i)
    expect(hub.entries()).toHaveLength(8192)
    send(1, MAC_BROADCAST, A)
    expect(hub.entries()).toEqual([{ mac: A, port: 1, age: 0 }])
    expect(send(2, A, B)).toEqual([1])
  })

  it('gives every port bytes of its own', () => {
    const { hub, ports } = setUp()
    const one = frame(MAC_BROADCAST, A)
    hub.receive(0, one)
    const copies = ports.flatMap((port) => port.sent)
    expect(new Set(copies.map(({ bytes }) => bytes.buffer)).size).toBe(3)
    copies[0].bytes.fill(0xdd)
    for (const copy of copies.slice(1)) expect(ethernet.src(copy.bytes)).toBe(A)
    expect(copies.every(({ id }) => id === one.id)).toBe(true)
  })

  it.each([0, 1, 6, 13])('drops a frame of %i bytes as malformed', (length) => {
    const { hub, ports, recorder } = setUp()
    hub.receive(0, { bytes: new Uint8Array(length), id: 1, cause: 0, origin: 0, stored: -1 })
    expect(ports.flatMap((port) => port.sent)).toEqual([])
    expect(recorder.read(0).map(({ verdict }) => verdict)).toEqual(['malformed'])
  })

  it('is restored with its table, ages and all', () => {
    const { sim, send, hub } = setUp()
    send(0, MAC_BROADCAST, A)
    sim.run(100 * SECOND)
    send(1, MAC_BROADCAST, C)
    const again = setUp(4, JSON.parse(JSON.stringify(hub.save())))
    again.sim.run(100 * SECOND)
    expect(again.hub.entries()).toEqual(hub.entries())
    expect(again.send(2, C, B)).toEqual([1])
    again.sim.run(AGEING_TIME)
    expect(again.send(2, A, B)).toEqual([0, 1, 3])
  })
})
