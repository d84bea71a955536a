import { type Micros, NEVER } from './time.ts'

/** A part that holds state and is never due by itself. Since that does not change, nobody need `touch` it. */
export abstract class StillPart {
  slot?: object
  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(_now: Micros): void {}
}
