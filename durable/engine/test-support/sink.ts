// The far end of a link in a test: keeps what arrives, or what it is told to carry.
import type { Frame } from '../link/frame.ts'
import type { Attachment, Device } from '../link/port.ts'
import type { Simulation } from '../sim/simulation.ts'

/** A frame of this length whose bytes count up from `first`, as if packet `id` had just been made. */
export function frameOf(id: number, length: number, first = id): Frame {
  return { bytes: Uint8Array.from({ length }, (_, at) => first + at), id, cause: 0, origin: 0, stored: -1 }
}

/** A device that notes what it receives and when. */
export class Sink implements Device {
  readonly name: string
  readonly got: { readonly at: number; readonly port: number; readonly frame: Frame }[] = []
  readonly links: (readonly [port: number, up: boolean])[] = []
  private readonly sim: Simulation

  constructor(sim: Simulation, name: string) {
    this.sim = sim
    this.name = name
  }
  receive(port: number, frame: Frame): void {
    this.got.push({ at: this.sim.now, port, frame })
  }
  linkChanged(port: number, up: boolean): void {
    this.links.push([port, up])
  }
  /** When which packet came. */
  get arrivals(): (readonly [number, number])[] {
    return this.got.map(({ at, frame }) => [at, frame.id] as const)
  }
}

/** A port of a switch under test: keeps the frames that leave by it. */
export class Port implements Attachment {
  up: boolean
  sent: Frame[] = []

  constructor(up = true) {
    this.up = up
  }
  transmit(frame: Frame): void {
    this.sent.push(frame)
  }
  take(): number[] {
    const ids = this.sent.map(({ id }) => id)
    this.sent = []
    return ids
  }
}
