import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { RandomStream } from '../sim/random.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { Frame } from './frame.ts'
import type { Attachment, Device } from './port.ts'
import type { Recorder } from './recorder.ts'
import { verdictNumber } from './verdict.ts'

const LOST = verdictNumber('lost')
const QUEUE_FULL = verdictNumber('queue-full')
/** Loss is told in parts of this. */
const MILLION = 1_000_000

type StoredFrame = readonly [arriveAt: number, id: number, cause: number, origin: number, bytes: string]
export type CableState = {
  readonly plugged: boolean
  readonly flying: readonly [readonly StoredFrame[], readonly StoredFrame[]]
  readonly busyUntil: readonly [number, number]
  /** Numbers drawn for losses. */
  readonly drawn: number
}

export type CableOptions = {
  /** One way, in microseconds. */
  readonly latency: Micros
  /** Bits per second; 0 means that sending takes no time. */
  readonly rate: number
  /** Frames waiting or flying in one direction before new ones are dropped. */
  readonly queue: number
  /** Of a million frames, how many are lost on the way; each direction draws from the cable's own random numbers. */
  readonly loss: number
}

/** One direction: a queue in order of arrival, since every frame takes the same way. */
class Lane implements Attachment {
  frames: Frame[] = []
  arrivals: number[] = []
  head = 0
  busyUntil = 0
  device: Device | undefined
  port = 0
  private readonly cable: Cable

  constructor(cable: Cable) {
    this.cable = cable
  }

  get up(): boolean {
    return this.cable.up
  }

  get dueAt(): Micros {
    return this.head < this.arrivals.length ? this.arrivals[this.head] : NEVER
  }

  transmit(frame: Frame): void {
    this.cable.carry(this, frame)
  }

  /** Takes the frame that is due, oldest first; the array is cut when half of it is spent. */
  take(): Frame {
    const frame = this.frames[this.head] as Frame
    this.head++
    if (this.head === this.frames.length) {
      this.frames.length = 0
      this.arrivals.length = 0
      this.head = 0
    } else if (this.head >= 64 && this.head * 2 >= this.frames.length) {
      this.frames.splice(0, this.head)
      this.arrivals.splice(0, this.head)
      this.head = 0
    }
    return frame
  }

  clear(): void {
    this.frames = []
    this.arrivals = []
    this.head = 0
    this.busyUntil = 0
  }

  save(): StoredFrame[] {
    return this.frames
      .slice(this.head)
      .map((f, i) => [this.arrivals[this.head + i] as number, f.id, f.cause, f.origin, toBase64(f.bytes)] as const)
  }

  load(stored: readonly StoredFrame[]): void {
    this.clear()
    for (const [arriveAt, id, cause, origin, bytes] of stored) {
      this.frames.push({ id, cause, origin, bytes: fromBase64(bytes) ?? new Uint8Array(0), stored: -1 })
      this.arrivals.push(arriveAt)
    }
  }
}

/**
 * A link between two ports: a copper cable, a radio link, the VMBus channel between a guest's adapter and its switch. It
 * delays every frame by its latency and, with a rate, by the time the bits take. Frames in flight are its state.
 */
export class Cable implements Part {
  readonly kind = 'cable'
  readonly version = 2
  readonly name: string
  plugged = true
  readonly options: CableOptions
  private readonly sim: Simulation
  private readonly toB = new Lane(this)
  private readonly toA = new Lane(this)
  private readonly luck: RandomStream
  private readonly recorder: Recorder | undefined
  /** What loses frames is a place where they are seen; any other cable becomes one with the first that its queue has no room for. */
  private vantage = -1

  constructor(sim: Simulation, name: string, options: Partial<CableOptions> = {}, state?: CableState, recorder?: Recorder) {
    this.sim = sim
    this.name = name
    const { latency = 5, rate = 0, queue = 4096, loss = 0 } = options
    this.options = { latency, rate, queue, loss }
    this.luck = sim.random(`${name}/loss`, state?.drawn ?? 0)
    this.recorder = recorder
    if (loss > 0) this.becomePlace()
    if (state) {
      this.plugged = state.plugged
      this.toB.load(state.flying[0])
      this.toA.load(state.flying[1])
      this.toB.busyUntil = state.busyUntil[0]
      this.toA.busyUntil = state.busyUntil[1]
    }
  }

  /** Names both ends and answers what each sends into: `[for A, for B]`. */
  connect(a: Device, aPort: number, b: Device, bPort: number): readonly [Attachment, Attachment] {
    this.toA.device = a
    this.toA.port = aPort
    this.toB.device = b
    this.toB.port = bPort
    return [this.toB, this.toA]
  }

  get up(): boolean {
    return this.plugged
  }

  /** Pulling the plug loses what is on the wire, and both ends see the link go. */
  plug(plugged: boolean): void {
    if (plugged === this.plugged) return
    this.plugged = plugged
    this.toA.clear()
    this.toB.clear()
    this.sim.touch(this)
    this.toA.device?.linkChanged(this.toA.port, plugged)
    this.toB.device?.linkChanged(this.toB.port, plugged)
  }

  private becomePlace(): void {
    this.vantage = this.recorder?.vantage(this.name, 'cable') ?? -1
  }

  carry(lane: Lane, frame: Frame): void {
    if (!this.plugged) return
    if (lane.frames.length - lane.head >= this.options.queue) {
      if (this.vantage < 0) this.becomePlace()
      this.recorder?.see(this.vantage, false, frame, QUEUE_FULL, `${this.options.queue} frames wait or fly`)
      return
    }
    let leaveAt = this.sim.now
    if (this.options.rate > 0) {
      if (lane.busyUntil > leaveAt) leaveAt = lane.busyUntil
      leaveAt += Math.ceil((frame.bytes.length * 8_000_000) / this.options.rate)
      lane.busyUntil = leaveAt
    }
    if (this.options.loss > 0 && this.luck.below(MILLION) < this.options.loss) {
      this.recorder?.see(this.vantage, false, frame, LOST)
      return
    }
    lane.frames.push(frame)
    lane.arrivals.push(leaveAt + this.options.latency)
    if (lane.frames.length - lane.head === 1) this.sim.touch(this)
  }

  pollAt(): Micros {
    const a = this.toA.dueAt
    const b = this.toB.dueAt
    return a < b ? a : b
  }

  /** A frame on its way is always waited for. */
  transientAt(): Micros {
    return this.pollAt()
  }

  poll(now: Micros): void {
    this.deliver(this.toB, now)
    this.deliver(this.toA, now)
  }

  save(): CableState & Json {
    return {
      plugged: this.plugged,
      flying: [this.toB.save(), this.toA.save()],
      busyUntil: [this.toB.busyUntil, this.toA.busyUntil],
      drawn: this.luck.counter,
    }
  }

  private deliver(lane: Lane, now: Micros): void {
    const device = lane.device
    while (lane.head < lane.arrivals.length && lane.arrivals[lane.head] <= now) {
      const frame = lane.take()
      this.sim.cause = frame.id
      this.sim.origin = frame.origin
      device?.receive(lane.port, frame)
    }
  }
}
