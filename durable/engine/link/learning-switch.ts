import type { Json } from '../sim/json.ts'
import { PairMap } from '../sim/pair-map.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { StillPart } from '../sim/still-part.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { u16, u32, u48 } from '../wire/bytes.ts'
import { copyFrame, type Frame, LONGEST_FRAME } from './frame.ts'
import { type Attachment, type Device, UNPLUGGED } from './port.ts'
import type { Recorder } from './recorder.ts'
import { describeStorm, STORM_COPIES, type StormState, StormWatch } from './storm-watch.ts'
import { verdictNumber } from './verdict.ts'

/** IEEE 802.1D-2004 table 7-5: the default ageing time of a filtering database. */
export const AGEING_TIME = 300 * SECOND
const TABLE_LIMIT = 8192
const MALFORMED = verdictNumber('malformed')
const SAME_PORT = verdictNumber('same-port')
const STORM = verdictNumber('storm')

type Entry = { readonly mac: number; port: number; seen: Micros }
export type LearningSwitchState = {
  readonly table: readonly (readonly [mac: number, port: number, seen: number])[]
  readonly flooded: StormState
}

/** A physical switch or access point: learns where addresses live, floods what it does not know (IEEE 802.1D 7.7, 7.8). */
export class LearningSwitch extends StillPart implements Part, Device {
  readonly kind = 'learning-switch'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly recorder: Recorder
  private readonly vantage: number
  private readonly ports: Attachment[] = []
  private readonly entriesBySlot: Entry[] = []
  /** Slot of an address, by its upper 16 and lower 32 bits: a Map would have to hash a heap number for each frame. */
  private readonly slots = new PairMap()
  private readonly storms: StormWatch

  constructor(sim: Simulation, recorder: Recorder, name: string, state?: LearningSwitchState) {
    super()
    this.sim = sim
    this.recorder = recorder
    this.name = name
    this.vantage = recorder.vantage(name, 'switch')
    this.storms = new StormWatch(state?.flooded)
    for (const [mac, port, seen] of state?.table ?? []) this.put(mac, port, seen)
  }

  /** Adds a port; answers its number. The attachment may follow later with `attach`. */
  addPort(attachment: Attachment = UNPLUGGED): number {
    this.ports.push(attachment)
    return this.ports.length - 1
  }

  attach(port: number, attachment: Attachment): void {
    this.ports[port] = attachment
  }

  get portCount(): number {
    return this.ports.length
  }

  receive(port: number, frame: Frame): void {
    const bytes = frame.bytes
    if (bytes.length < 14) {
      this.recorder.see(this.vantage, false, frame, MALFORMED, 'shorter than an Ethernet header')
      return
    }
    if (bytes.length > LONGEST_FRAME) {
      this.recorder.see(this.vantage, false, frame, MALFORMED, `longer than the ${LONGEST_FRAME} bytes of a jumbo frame`)
      return
    }
    this.learn(bytes, port)
    if ((bytes[0] & 1) === 0) {
      const slot = this.slots.get(u16(bytes, 0), u32(bytes, 2))
      const entry = slot < 0 ? undefined : this.entriesBySlot[slot]
      if (entry !== undefined && this.sim.now - entry.seen < AGEING_TIME) {
        if (entry.port === port) this.recorder.see(this.vantage, false, frame, SAME_PORT, `port ${port + 1}`)
        else this.ports[entry.port].transmit(frame)
        return
      }
    }
    this.flood(port, frame)
  }

  /** A port that loses its link forgets who was behind it. */
  linkChanged(port: number, up: boolean): void {
    if (up) return
    const kept = this.entriesBySlot.filter((entry) => entry.port !== port)
    this.clear()
    for (const { mac, port: other, seen } of kept) this.put(mac, other, seen)
  }

  /** The live rows of the filtering database. */
  entries(): { mac: number; port: number; age: Micros }[] {
    return this.entriesBySlot
      .map(({ mac, port, seen }) => ({ mac, port, age: this.sim.now - seen }))
      .filter((entry) => entry.age < AGEING_TIME)
  }

  /** Ageing is checked when an entry is used; nothing ticks. */
  save(): LearningSwitchState & Json {
    return { table: this.entriesBySlot.map(({ mac, port, seen }) => [mac, port, seen] as const), flooded: this.storms.save() }
  }

  private learn(bytes: Uint8Array, port: number): void {
    if ((bytes[6] & 1) === 1) return
    const slot = this.slots.get(u16(bytes, 6), u32(bytes, 8))
    if (slot >= 0) {
      const entry = this.entriesBySlot[slot]
      entry.seen = this.sim.now
      entry.port = port
    } else {
      if (this.entriesBySlot.length >= TABLE_LIMIT) this.clear()
      this.put(u48(bytes, 6), port, this.sim.now)
    }
  }

  private put(mac: number, port: number, seen: Micros): void {
    this.slots.set(Math.floor(mac / 0x1_0000_0000), mac % 0x1_0000_0000, this.entriesBySlot.length)
    this.entriesBySlot.push({ mac, port, seen })
  }

  /** A full table begins anew, as a real one that is flooded with addresses does. */
  private clear(): void {
    this.entriesBySlot.length = 0
    this.slots.clear()
  }

  /** A sentence for each storm that was found since the last call. */
  takeStorm(): string[] {
    return this.storms.take().map((storm) => describeStorm(storm, this.name))
  }

  private flood(from: number, frame: Frame): void {
    if (this.storms.isStorm(frame.id, this.sim.now)) {
      this.recorder.see(this.vantage, false, frame, STORM, `more than ${STORM_COPIES} copies`)
      return
    }
    let last = -1
    for (let port = 0; port < this.ports.length; port++) {
      if (port === from || !(this.ports[port] as Attachment).up) continue
      if (last >= 0) (this.ports[last] as Attachment).transmit(copyFrame(frame))
      last = port
    }
    // The last copy is the frame itself: ownership moves on.
    if (last >= 0) (this.ports[last] as Attachment).transmit(frame)
  }
}
