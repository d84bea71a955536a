import type { Json } from './json.ts'
import type { Micros } from './time.ts'

/**
 * A part owns a piece of the lab's state: a machine's stack, a switch, a cable, a DHCP server, a process, a console.
 *
 * Timers are not closures. A part answers when it must run next from its own state, and runs when that time has come.
 * Whoever changes a part from outside so that it is due at another time must call `sim.touch(part)`, which reads `pollAt`
 * again. Rows need no such call: every part is asked for its state when a command is committed, and what is as before is not
 * written.
 */
export interface Part {
  /** Unique in the lab and stable for ever: the key of the row. */
  readonly name: string
  /** What the row holds, e.g. `stack`, `virtual-switch`, `dhcp-server`. */
  readonly kind: string
  /** Format version of `save()`; a change of format adds an upgrade function. */
  readonly version: number
  /** When the part must run next, or NEVER. */
  pollAt(): Micros
  /** Runs everything that is due at `now`. Called with `now >= pollAt()`. */
  poll(now: Micros): void
  /**
   * The next due time of work that "the lab settles" waits for (boot, DHCP before BOUND, duplicate detection, an
   * unresolved neighbour, a query under way), or NEVER. Periodic work (lease renewal, ARP expiry) is not transient.
   */
  transientAt(): Micros
  /** The part's whole state as plain data. */
  save(): Json
  /** The simulation's own bookkeeping, kept here because a look-up for every frame would cost more than the frame. */
  slot?: object
}

/** A row as it is stored: one part. */
export type PartRow = { readonly name: string; readonly kind: string; readonly version: number; readonly data: string }
