import type { Recorder } from '../link/recorder.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'

/** What everything of a lab is built into, from nothing or from rows. */
export interface World {
  readonly sim: Simulation
  readonly recorder: Recorder
  readonly epochMicros: number
  readonly zoneMinutes: number
  /** The stored state of a part, or undefined when the lab is new or the part was not there. */
  stored<T>(name: string): T | undefined
  /** Adds a part, under its stored number when it has one. */
  add<T extends Part>(part: T): T
}

export type Stored = { readonly [name: string]: Json }
