// Two machines on a line that loses, delays, doubles and swaps frames as it is told, and can be put away and restored at any moment.
import { Interface } from '../ip/interface.ts'
import { LINUX, type StackProfile, WINDOWS } from '../ip/profile.ts'
import { Stack, type StackState } from '../ip/stack.ts'
import { fromBase64, toBase64 } from '../link/base64.ts'
import type { Frame } from '../link/frame.ts'
import { Recorder } from '../link/recorder.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import { Simulation } from '../sim/simulation.ts'
import { MILLISECOND, type Micros, NEVER, SECOND } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import * as icmp from '../wire/icmp.ts'
import * as ipv4 from '../wire/ipv4.ts'

/** Per thousand frames; delays one way, in microseconds. */
export type Faults = {
  readonly loss?: number
  readonly double?: number
  readonly delay?: Micros
  /** Up to this much more, drawn for every frame: frames overtake each other. */
  readonly jitter?: Micros
  /** Octets of an IP packet that the middle of the line carries; what is longer is answered with ICMP. */
  readonly mtu?: number
  /** Bits per second of each direction. */
  readonly rate?: number
}

type Flying = { at: Micros; order: number; to: 0 | 1; frame: Frame }

/** A line between two stacks, as a part: what is on it is its state. */
class Line implements Part {
  readonly kind = 'line'
  readonly version = 1
  readonly name = 'line'
  faults: Faults
  flying: Flying[] = []
  lost = 0
  carried = 0
  /** Looked at every frame before the line does what it does; true drops it. */
  drop: ((bytes: Uint8Array, to: 0 | 1) => boolean) | undefined
  readonly ends: Stack[] = []
  private order = 0
  private readonly busy: [Micros, Micros] = [0, 0]
  private readonly random: RandomStream
  private readonly sim: Simulation

  constructor(sim: Simulation, faults: Faults, seed: string) {
    this.sim = sim
    this.faults = faults
    this.random = sim.random(seed)
  }

  send(frame: Frame, to: 0 | 1): void {
    const { faults, random } = this
    this.carried++
    if (this.drop?.(frame.bytes, to) || random.below(1000) < (faults.loss ?? 0)) {
      this.lost++
      return
    }
    if (faults.mtu !== undefined && frame.bytes.length - 14 > faults.mtu) return this.tooBig(frame, to, faults.mtu)
    const copies = random.below(1000) < (faults.double ?? 0) ? 2 : 1
    for (let i = 0; i < copies; i++) {
      let leave = this.sim.now
      if (faults.rate !== undefined) {
        leave = Math.max(leave, this.busy[to]) + Math.ceil((frame.bytes.length * 8_000_000) / faults.rate)
        this.busy[to] = leave
      }
      const at = leave + (faults.delay ?? 10) + (faults.jitter ? random.below(faults.jitter) : 0)
      this.flying.push({ at, order: this.order++, to, frame: { ...frame, bytes: frame.bytes.slice(), stored: -1 } })
    }
    this.sim.touch(this)
  }

  /** A router in the middle cannot pass it on (RFC 1191 section 4). */
  private tooBig(frame: Frame, to: 0 | 1, mtu: number): void {
    this.lost++
    const original = frame.bytes.slice(14, 14 + 28)
    const message: icmp.Icmp = { kind: 'unreachable', code: 4, nextHopMtu: mtu, original }
    const bytes = new Uint8Array(34 + icmp.len(message))
    bytes.set(frame.bytes.subarray(6, 12), 0)
    bytes.set(frame.bytes.subarray(0, 6), 6)
    bytes[12] = 8
    const header = { src: ipv4.dst(frame.bytes, 14), dst: ipv4.src(frame.bytes, 14), protocol: ipv4.ICMP, ttl: 64, id: 1 }
    ipv4.emit({ ...header, dontFragment: false }, icmp.len(message), bytes, 14)
    icmp.emit(message, bytes, 34)
    const at = this.sim.now + (this.faults.delay ?? 10)
    const answer = { bytes, id: ++this.sim.lastPacket, cause: frame.id, origin: frame.origin, stored: -1 }
    this.flying.push({ at, order: this.order++, to: to === 0 ? 1 : 0, frame: answer })
    this.sim.touch(this)
  }

  pollAt(): Micros {
    let at = NEVER
    for (const one of this.flying) if (one.at < at) at = one.at
    return at
  }
  transientAt(): Micros {
    return this.pollAt()
  }
  poll(now: Micros): void {
    const due = this.flying.filter((one) => one.at <= now).sort((a, b) => a.at - b.at || a.order - b.order)
    this.flying = this.flying.filter((one) => one.at > now)
    for (const { to, frame } of due) {
      this.sim.cause = frame.id
      this.sim.origin = frame.origin
      this.ends[to]?.receive(2, frame)
    }
  }
  save(): Json {
    return {
      order: this.order,
      random: this.random.counter,
      busy: [...this.busy],
      flying: this.flying.map(({ at, order, to, frame }) => [
        at,
        order,
        to,
        frame.id,
        frame.cause,
        frame.origin,
        toBase64(frame.bytes),
      ]),
    }
  }
  load(state: Json): void {
    const stored = state as unknown as {
      order: number
      random: number
      busy: [number, number]
      flying: [number, number, 0 | 1, number, number, number, string][]
    }
    this.order = stored.order
    this.random.counter = stored.random
    ;[this.busy[0], this.busy[1]] = stored.busy
    this.flying = stored.flying.map(([at, order, to, id, cause, origin, bytes]) => ({
      at,
      order,
      to,
      frame: { id, cause, origin, bytes: fromBase64(bytes) ?? new Uint8Array(0), stored: -1 },
    }))
    this.sim.touch(this)
  }
}

export const LEFT: Ip4 = 0xc0a80101
export const RIGHT: Ip4 = 0xc0a80102

export type PairOptions = Faults & {
  readonly seed?: number
  readonly systems?: readonly ['windows' | 'linux', 'windows' | 'linux']
  readonly profiles?: readonly [StackProfile, StackProfile]
  readonly ring?: readonly [slots: number, octets: number]
}

export type StoredPair = { readonly now: Micros; readonly packet: number; readonly rows: readonly string[] }

export class TcpPair {
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly line: Line
  readonly left: Stack
  readonly right: Stack

  constructor(options: PairOptions = {}, stored?: StoredPair) {
    this.sim = new Simulation(options.seed ?? 1)
    this.recorder = new Recorder(this.sim, options.ring?.[0] ?? 1 << 14, options.ring?.[1] ?? 1 << 24)
    if (stored) {
      this.sim.now = stored.now
      this.sim.lastPacket = stored.packet
    }
    this.line = new Line(this.sim, options, 'line')
    const os = options.systems ?? ['linux', 'linux']
    const profile = (at: 0 | 1) => options.profiles?.[at] ?? (os[at] === 'windows' ? WINDOWS : LINUX)
    this.left = this.machine('left', profile(0), LEFT, RIGHT, 0, stored)
    this.right = this.machine('right', profile(1), RIGHT, LEFT, 1, stored)
    this.sim.add(this.left)
    this.sim.add(this.right)
    this.sim.add(this.line)
    if (stored) this.line.load(JSON.parse(stored.rows[2] as string) as Json)
    else this.wait(0.001)
  }

  private machine(name: string, profile: StackProfile, own: Ip4, peer: Ip4, at: 0 | 1, stored: StoredPair | undefined): Stack {
    const stack = new Stack(this.sim, this.recorder, name, profile)
    const adapter = (index: number, kind: 'loopback' | 'ethernet') =>
      new Interface({
        index,
        name: kind === 'loopback' ? 'lo' : 'eth0',
        description: '',
        kind,
        guid: '',
        mac: 0x020000000001 + at,
        mtu: kind === 'loopback' ? 65536 : 1500,
        metric: 25,
        speed: 1_000_000_000,
        vantage: this.recorder.vantage(name, kind),
      })
    const lo = stack.addInterface(adapter(1, 'loopback'))
    const via = stack.addInterface(adapter(2, 'ethernet'))
    const line = this.line
    via.attachment = { up: true, transmit: (frame) => line.send(frame, at === 0 ? 1 : 0) }
    line.ends[at] = stack
    const row = stored?.rows[at]
    if (row !== undefined) stack.load(JSON.parse(row) as StackState)
    else {
      stack.addAddress(lo, 0x7f000001, 8, 'well-known')
      const address = {
        ip: own,
        prefixLength: 24,
        origin: 'manual',
        state: 'preferred',
        validUntil: NEVER,
        probes: 0,
        probeAt: NEVER,
      }
      via.addresses.push(address as (typeof via.addresses)[number])
      stack.useAddress(via, address as (typeof via.addresses)[number])
      via.neighbors.add(peer, 'permanent', 0x020000000001 + (at === 0 ? 1 : 0))
    }
    return stack
  }

  wait(seconds: number): void {
    this.sim.run(this.sim.now + Math.round(seconds * SECOND))
  }

  /** Runs until something is so, at most this long. True when it came to be so. */
  until(what: () => boolean, seconds: number): boolean {
    const limit = this.sim.now + Math.round(seconds * SECOND)
    while (!what()) if (!this.sim.step(limit)) return what()
    return true
  }

  store(): StoredPair {
    return {
      now: this.sim.now,
      packet: this.sim.lastPacket,
      rows: [this.left, this.right, this.line].map((part) => JSON.stringify(part.save())),
    }
  }
}

export const milliseconds = (n: number): Micros => n * MILLISECOND
