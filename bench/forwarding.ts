// Frames through a switch and through a NAT: ports, cables, event queue and lookups; the recorder stands beside, as in a lab.
import { Interface } from '../durable/engine/ip/interface.ts'
import { LINUX } from '../durable/engine/ip/profile.ts'
import { Stack } from '../durable/engine/ip/stack.ts'
import { Cable } from '../durable/engine/link/cable.ts'
import type { Frame } from '../durable/engine/link/frame.ts'
import { LearningSwitch } from '../durable/engine/link/learning-switch.ts'
import type { Attachment, Device } from '../durable/engine/link/port.ts'
import { Recorder } from '../durable/engine/link/recorder.ts'
import { Nat } from '../durable/engine/service/nat.ts'
import { Simulation } from '../durable/engine/sim/simulation.ts'
import { NEVER } from '../durable/engine/sim/time.ts'
import * as ethernet from '../durable/engine/wire/ethernet.ts'
import * as ipv4 from '../durable/engine/wire/ipv4.ts'
import * as udp from '../durable/engine/wire/udp.ts'
import { type Benchmark, COPY, copyRate, RUNS, rate } from './harness.ts'

const STATIONS = 8
const BURST = 16

/** Takes frames and keeps them, to be sent again. */
class Sink implements Device {
  readonly name = 'sink'
  readonly frames: Frame[] = []
  out: Attachment | undefined
  received = 0
  receive(_port: number, frame: Frame): void {
    this.received++
    this.frames.push(frame)
  }
  linkChanged(): void {}
}

const macOf = (station: number): number => 0x020000000001 + station

function etherFrame(from: number, to: number, length: number, id: number): Frame {
  const bytes = new Uint8Array(length)
  ethernet.emit(bytes, macOf(to), macOf(from), 0x88b5)
  return { bytes, id, cause: 0, origin: 0, stored: -1 }
}

/** Every station sends bursts to the next one; a frame that has arrived goes on to the next station after that. */
function switchBench(length: number): number {
  const sim = new Simulation(1)
  const hub = new LearningSwitch(sim, new Recorder(sim, 16, 4096), 'switch')
  sim.add(hub)
  const stations = Array.from({ length: STATIONS }, (_, at) => {
    const sink = new Sink()
    const cable = new Cable(sim, `cable-${at}`, { latency: 5 })
    sim.add(cable)
    const port = hub.addPort()
    const [fromStation, fromSwitch] = cable.connect(sink, 0, hub, port)
    sink.out = fromStation
    hub.attach(port, fromSwitch)
    for (let i = 0; i < BURST; i++) sink.frames.push(etherFrame(at, (at + 1) % STATIONS, length, at * BURST + i))
    return sink
  })
  // One round to teach the switch where everybody is.
  return rate((count) => {
    for (let left = count; left > 0; ) {
      for (let at = 0; at < STATIONS && left > 0; at++) {
        const station = stations[at] as Sink
        const frames = station.frames.splice(0)
        for (const frame of frames) {
          ethernet.setSrc(frame.bytes, macOf(at))
          ethernet.setDst(frame.bytes, macOf((at + 1) % STATIONS))
          station.out?.transmit(frame)
        }
        left -= frames.length
      }
      sim.run(sim.now + 20)
    }
  })
}

const INSIDE = 0xc0a80301
const OUTSIDE = 0xcb007102

function addInterface(stack: Stack, index: number, ip: number, recorder: Recorder, sim: Simulation, far: Sink): void {
  const via = new Interface({
    index,
    name: index === 1 ? 'lan' : 'wan',
    description: '',
    kind: 'ethernet',
    guid: '',
    mac: 0x02aa00000000 + index,
    mtu: 1500,
    metric: 0,
    speed: 0,
    vantage: recorder.vantage('router', String(index)),
  })
  via.forwarding = true
  stack.addInterface(via)
  via.addresses.push({ ip, prefixLength: 24, origin: 'manual', state: 'preferred', validUntil: NEVER, probes: 0, probeAt: NEVER })
  const cable = new Cable(sim, `router-${index}`, { latency: 5 })
  sim.add(cable)
  const [fromFar, fromRouter] = cable.connect(far, 0, stack, index)
  far.out = fromFar
  stack.attach(index, fromRouter)
  stack.useAddress(via, via.addresses[0] as (typeof via.addresses)[0])
  via.neighbors.add(((ip & 0xffffff00) >>> 0) + 200, 'permanent', 0x02bb00000000 + index)
  stack.changed()
}

/** UDP datagrams of 64 flows from the inside to the outside of a router with NAPT. */
function naptBench(length: number): number {
  const sim = new Simulation(1)
  const recorder = new Recorder(sim, 4096, 1 << 20)
  const stack = new Stack(sim, recorder, 'router', LINUX)
  sim.add(stack)
  const inside = new Sink()
  const outside = new Sink()
  addInterface(stack, 1, INSIDE, recorder, sim, inside)
  addInterface(stack, 2, OUTSIDE, recorder, sim, outside)
  stack.translator = new Nat(stack, {
    inside: () => [{ network: (INSIDE & 0xffffff00) >>> 0, prefixLength: 24 }],
    isOutside: (via) => via.index === 2,
  })
  sim.add(stack.translator as Nat)
  sim.run(sim.now + 1000)
  inside.frames.length = 0
  outside.frames.length = 0
  const templates = Array.from({ length: 64 }, (_, flow) => {
    const bytes = new Uint8Array(length)
    const src = INSIDE + 1 + (flow % 40)
    const dst = ((OUTSIDE & 0xffffff00) >>> 0) + 200
    ethernet.emit(bytes, 0x02aa00000001, 0x020000000100 + flow, ethernet.TYPE_IPV4)
    ipv4.emit({ src, dst, protocol: ipv4.UDP, ttl: 64, id: flow, dontFragment: false }, length - 34, bytes, 14)
    udp.emit({ srcPort: 20_000 + flow, dstPort: 7, payload: new Uint8Array(length - 42) }, bytes, 34, { src, dst })
    return bytes
  })
  let id = 0
  return rate((count) => {
    for (let left = count; left > 0; left -= 64) {
      for (let flow = 0; flow < 64; flow++) {
        const used = outside.frames.pop()
        const bytes = used?.bytes ?? new Uint8Array(length)
        bytes.set(templates[flow] as Uint8Array)
        inside.out?.transmit({ bytes, id: ++id, cause: 0, origin: 0, stored: -1 })
      }
      sim.run(sim.now + 20)
    }
  })
}

const forwarding = (name: string, says: string, length: number, work: (length: number) => number): Benchmark => ({
  name,
  says,
  run: () => ({
    value: work(length),
    unit: 'frames per processor second',
    reference: copyRate(length),
    referenceIs: COPY,
    runs: RUNS,
  }),
})

export const switch64 = forwarding('switch-64', 'frames of 64 bytes through a learning switch with 8 stations', 64, switchBench)
export const switch1500 = forwarding('switch-1500', 'the same with 1,500 bytes', 1500, switchBench)
export const napt64 = forwarding('napt-64', 'UDP in frames of 64 bytes through a router that translates 64 flows', 64, naptBench)
export const napt1500 = forwarding('napt-1500', 'the same with 1,500 bytes', 1500, naptBench)
