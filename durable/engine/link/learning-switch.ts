import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { isGroupMac } from '../wire/addresses.ts'
import { dst, src } from '../wire/ethernet.ts'
import { copyFrame, type Frame } from './frame.ts'
import { type Attachment, type Device, UNPLUGGED } from './port.ts'
import type { Recorder } from './recorder.ts'
import { verdictNumber } from './verdict.ts'

/** IEEE 802.1D-2004 table 7-5: the default ageing time of a filtering database. */
export const AGEING_TIME = 300 * SECOND
const TABLE_LIMIT = 8192
const MALFORMED = verdictNumber('malformed')
const SAME_PORT = verdictNumber('same-port')

type Entry = { port: number; seen: Micros }
export type LearningSwitchState = { readonly table: readonly (readonly [mac: number, port: number, seen: number])[] }

/** A physical switch or access point: learns where addresses live, floods what it does not know (IEEE 802.1D 7.7, 7.8). */
export class LearningSwitch implements Part, Device {
  readonly kind = 'learning-switch'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly recorder: Recorder
  private readonly vantage: number
  private readonly ports: Attachment[] = []
  private readonly table = new Map<number, Entry>()

  constructor(sim: Simulation, recorder: Recorder, name: string, state?: LearningSwitchState) {
    this.sim = sim
    this.recorder = recorder
    this.name = name
    this.vantage = recorder.vantage(name, 'switch')
    for (const [mac, port, seen] of state?.table ?? []) this.table.set(mac, { port, seen })
  }

  /** Adds a port; answers its number. The attachment may follow later with `attach`. */
  addPort(attachment: Attachment = UNPLUGGED): number {
    this.ports.push(attachment)
    return this.ports.length - 1
  }

  attach(port: number, attachment: Attachment): void {
    this.ports[port] = attachment
  }

  receive(port: number, frame: Frame): void {
    const bytes = frame.bytes
    if (bytes.length < 14) {
      this.recorder.see(this.vantage, false, frame, MALFORMED, 'shorter than an Ethernet header')
      return
    }
    this.learn(src(bytes), port)
    const destination = dst(bytes)
    if (!isGroupMac(destination)) {
      const entry = this.table.get(destination)
      if (entry !== undefined && this.sim.now - entry.seen < AGEING_TIME) {
        if (entry.port === port) this.recorder.see(this.vantage, false, frame, SAME_PORT, `port ${port}`)
        else (this.ports[entry.port] as Attachment).transmit(frame)
        return
      }
    }
    this.flood(port, frame)
  }

  linkChanged(port: number, up: boolean): void {
    if (up) return
    for (const [mac, entry] of this.table) if (entry.port === port) this.table.delete(mac)
    this.sim.touch(this)
  }

  /** The live rows of the filtering database. */
  entries(): { mac: number; port: number; age: Micros }[] {
    return [...this.table]
      .map(([mac, { port, seen }]) => ({ mac, port, age: this.sim.now - seen }))
      .filter((entry) => entry.age < AGEING_TIME)
  }

  /** Ageing is checked when an entry is used; nothing ticks. */
  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(): void {}

  save(): LearningSwitchState & Json {
    return { table: [...this.table].map(([mac, { port, seen }]) => [mac, port, seen] as const) }
  }

  private learn(mac: number, port: number): void {
    if (isGroupMac(mac)) return
    const entry = this.table.get(mac)
    if (entry !== undefined) {
      entry.seen = this.sim.now
      if (entry.port !== port) {
        entry.port = port
        this.sim.touch(this)
      }
      return
    }
    if (this.table.size >= TABLE_LIMIT) this.table.delete(this.table.keys().next().value as number)
    this.table.set(mac, { port, seen: this.sim.now })
    this.sim.touch(this)
  }

  private flood(from: number, frame: Frame): void {
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
