// TCP between two simulated hosts on one cable, 1,460 octets a segment, everything recorded as in a lab.
import type { Socket, StreamEvent, StreamOwner } from '../durable/engine/ip/hooks.ts'
import { Interface } from '../durable/engine/ip/interface.ts'
import { LINUX, WINDOWS } from '../durable/engine/ip/profile.ts'
import { Stack } from '../durable/engine/ip/stack.ts'
import { Cable } from '../durable/engine/link/cable.ts'
import { Recorder } from '../durable/engine/link/recorder.ts'
import { Simulation } from '../durable/engine/sim/simulation.ts'
import { NEVER } from '../durable/engine/sim/time.ts'
import { type Benchmark, COPY, copyRate, RUNS, rate } from './harness.ts'

const MSS = 1460
const LATENCY = 20
const CLIENT = 0xc0a80001
const SERVER = 0xc0a80002

function host(sim: Simulation, recorder: Recorder, name: string, ip: number, peer: number, windows: boolean): Stack {
  // Without timestamps, as Windows sends them, a segment carries the whole 1,460 octets.
  const stack = new Stack(sim, recorder, name, windows ? WINDOWS : LINUX)
  const via = new Interface({
    index: 1,
    name: 'eth0',
    description: '',
    kind: 'ethernet',
    guid: '',
    mac: 0x020000000000 + (ip & 255),
    mtu: 1500,
    metric: 25,
    speed: 0,
    vantage: recorder.vantage(name, 'eth0'),
  })
  stack.addInterface(via)
  const address = {
    ip,
    prefixLength: 24,
    origin: 'manual',
    state: 'preferred',
    validUntil: NEVER,
    probes: 0,
    probeAt: NEVER,
  } as const
  via.addresses.push({ ...address })
  via.neighbors.add(peer, 'permanent', 0x020000000000 + (peer & 255))
  sim.add(stack)
  return stack
}

/** Sends for ever. */
class Source implements StreamOwner {
  readonly name = 'source'
  private readonly stack: Stack
  private readonly chunk = new Uint8Array(16 * MSS).fill(0x5a)
  constructor(stack: Stack) {
    this.stack = stack
  }
  streamEvent(socket: Socket, event: StreamEvent): void {
    if (event === 'failed') throw new Error('the connection failed')
    if (event !== 'connected' && event !== 'writable') return
    while (this.stack.tcp.send(socket, this.chunk) === this.chunk.length) {
      // As much as it takes.
    }
  }
}

/** Takes everything. */
class Drain implements StreamOwner {
  readonly name = 'drain'
  octets = 0
  private readonly stack: Stack
  constructor(stack: Stack) {
    this.stack = stack
  }
  streamEvent(socket: Socket, event: StreamEvent): void {
    const { tcp } = this.stack
    if (event === 'incoming') tcp.accept(socket)
    else if (event === 'readable') this.octets += tcp.receive(socket).length
  }
}

function segments(): number {
  const sim = new Simulation(1)
  const recorder = new Recorder(sim)
  const left = host(sim, recorder, 'client', CLIENT, SERVER, true)
  const right = host(sim, recorder, 'server', SERVER, CLIENT, true)
  const cable = new Cable(sim, 'cable', { latency: LATENCY, rate: 10_000_000_000 })
  sim.add(cable)
  const [fromLeft, fromRight] = cable.connect(left, 1, right, 1)
  left.attach(1, fromLeft)
  right.attach(1, fromRight)
  for (const stack of [left, right])
    for (const via of stack.interfaces.values()) for (const address of via.addresses) stack.useAddress(via, address)
  sim.run(sim.now + 1000)
  const drain = new Drain(right)
  right.tcp.listen(drain, { port: 5001 })
  left.tcp.connect(new Source(left), SERVER, 5001)
  const advance = (count: number) => {
    const until = drain.octets + count * MSS
    while (drain.octets < until) if (!sim.step()) throw new Error('nothing moves')
  }
  advance(2000)
  const before = { seen: recorder.next, octets: drain.octets }
  const value = rate(advance)
  const sent = (drain.octets - before.octets) / MSS
  if (recorder.next - before.seen < 2 * sent) throw new Error('not every segment was seen at both ends')
  if (left.tcp.counters.retransSegs > 0) throw new Error('something was lost')
  return value
}

export const tcpSegments: Benchmark = {
  name: 'tcp-segments',
  says: 'TCP segments of 1,460 bytes from one host to another and their acknowledgements, everything recorded',
  run: () => ({
    value: segments(),
    unit: 'segments per processor second',
    reference: copyRate(54 + MSS),
    referenceIs: COPY,
    runs: RUNS,
  }),
}
