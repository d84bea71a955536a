// A small network for the tests of services: stacks on one learning switch, and its state stored and restored.
import { Interface, type InterfaceKind } from '../ip/interface.ts'
import { LINUX, WINDOWS } from '../ip/profile.ts'
import { Stack, type StackState } from '../ip/stack.ts'
import { Cable, type CableState } from '../link/cable.ts'
import { LearningSwitch, type LearningSwitchState } from '../link/learning-switch.ts'
import { Recorder, type Sighting } from '../link/recorder.ts'
import type { Part } from '../sim/part.ts'
import { Simulation } from '../sim/simulation.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { hex } from '../wire/bytes.ts'

export type Stored = {
  readonly now: Micros
  readonly lastPacket: number
  readonly next: number
  readonly rows: readonly (readonly [name: string, number: number, data: string])[]
}

export class Net {
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly stored: Stored | undefined
  readonly cables = new Map<string, Cable>()
  private readonly hubs = new Map<string, LearningSwitch>()
  private macs = 0

  constructor(seed: number, stored?: Stored) {
    this.sim = new Simulation(seed)
    this.recorder = new Recorder(this.sim, 1 << 13, 1 << 21)
    this.stored = stored
    if (stored) {
      this.sim.now = stored.now
      this.sim.lastPacket = stored.lastPacket
      this.recorder.next = stored.next
    }
  }

  /** What the row of a part holds, when the network is being restored. */
  state<S>(name: string): S | undefined {
    const row = this.stored?.rows.find(([known]) => known === name)
    return row && (JSON.parse(row[2]) as S)
  }

  add<P extends Part>(part: P): P {
    const row = this.stored?.rows.find(([known]) => known === part.name)
    this.sim.add(part, row?.[1])
    return part
  }

  machine(name: string, os: 'windows' | 'linux'): Stack {
    const state = this.state<StackState>(`${name}/stack`)
    return this.add(new Stack(this.sim, this.recorder, name, os === 'windows' ? WINDOWS : LINUX, state))
  }

  loopback(stack: Stack): Interface {
    const via = stack.addInterface(this.adapter(stack, 1, 'lo', 'loopback'))
    via.attachment = { up: true, transmit() {} }
    stack.addAddress(via, 0x7f000001, 8, 'well-known')
    return via
  }

  private adapter(stack: Stack, index: number, name: string, kind: InterfaceKind): Interface {
    return new Interface({
      index,
      name,
      description: name,
      kind,
      guid: '',
      mac: 0x00155d000000 + ++this.macs,
      mtu: 1500,
      metric: 25,
      speed: 1_000_000_000,
      vantage: this.recorder.vantage(stack.machine, name),
    })
  }

  /** An adapter of a machine, plugged into the switch of that name. */
  plug(stack: Stack, hub: string, index = 2, latency = 50): Interface {
    const via = stack.addInterface(this.adapter(stack, index, `eth${index - 2}`, 'ethernet'))
    const name = `${stack.machine}/${via.name}/cable`
    const cable = this.add(new Cable(this.sim, name, { latency }, this.state<CableState>(name)))
    this.cables.set(`${stack.machine}/${via.name}`, cable)
    let learning = this.hubs.get(hub)
    if (learning === undefined) {
      learning = this.add(new LearningSwitch(this.sim, this.recorder, hub, this.state<LearningSwitchState>(hub)))
      this.hubs.set(hub, learning)
    }
    const port = learning.addPort()
    const [toSwitch, toStack] = cable.connect(stack, via.index, learning, port)
    learning.attach(port, toStack)
    stack.attach(via.index, toSwitch)
    return via
  }

  /** After all interfaces are there. */
  load(...stacks: Stack[]): void {
    for (const stack of stacks) {
      const state = this.state<StackState>(stack.name)
      if (state) stack.load(state)
    }
  }

  get fresh(): boolean {
    return this.stored === undefined
  }

  run(seconds: number): void {
    this.sim.run(this.sim.now + Math.round(seconds * SECOND))
  }

  store(): Stored {
    return {
      now: this.sim.now,
      lastPacket: this.sim.lastPacket,
      next: this.recorder.next,
      rows: this.sim.parts().map((part) => [part.name, this.sim.numberOf(part), JSON.stringify(part.save())]),
    }
  }

  seen(from = 0): Sighting[] {
    return this.recorder.read(from)
  }

  /** Every sighting from a sequence number on, as text that compares. */
  trace(from: number): string[] {
    return this.seen(from).map(
      (s) =>
        `${s.sequence} ${s.time} ${s.packet}<${s.cause} ${s.origin} ${s.vantage}${s.direction} ${s.verdict} ${s.detail} ${hex(s.bytes, 0, s.bytes.length)}`,
    )
  }
}

/**
 * The contract of a part: store everything after `steps` events and restore it into a network built anew; the rest of the
 * run is the same, frame for frame. `act` does what commands do, at fixed times.
 */
export function runs<W extends { readonly net: Net }>(
  build: (stored?: Stored) => W,
  acts: readonly (readonly [atSeconds: number, act: (world: W) => void])[],
  untilSeconds: number,
  breakAfter: number,
): { readonly plain: string[]; readonly restored: string[] } {
  const straight = drive(build, build(), acts, untilSeconds, -1)
  const broken = drive(build, build(), acts, untilSeconds, breakAfter)
  const from = broken.from
  return { plain: whole(straight.world.net, from), restored: whole(broken.world.net, from) }
}

/** The frames from a sequence number on, and every row at the end. */
const whole = (net: Net, from: number): string[] => [...net.trace(from), ...net.store().rows.map((row) => row.join(' '))]

function drive<W extends { readonly net: Net }>(
  build: (stored?: Stored) => W,
  first: W,
  acts: readonly (readonly [number, (world: W) => void])[],
  untilSeconds: number,
  breakAfter: number,
): { world: W; from: number } {
  let world = first
  let from = 0
  let left = breakAfter
  for (const [at, act] of [...acts, [untilSeconds, () => {}] as const]) {
    while (world.net.sim.step(at * SECOND)) {
      if (left >= 0 && left-- === 0) {
        const stored = JSON.parse(JSON.stringify(world.net.store())) as Stored
        from = stored.next
        world = build(stored)
      }
    }
    world.net.sim.now = Math.max(world.net.sim.now, at * SECOND)
    world.net.sim.cause = 0
    world.net.sim.origin = 0
    act(world)
  }
  return { world, from }
}
