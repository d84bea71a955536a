import type { Json } from '../../sim/json.ts'
import type { Machine } from '../machine.ts'

/** A line of the journal. `unit` empty: of no unit. */
export type JournalEntry = {
  readonly at: number
  readonly unit: string
  /** What the line begins with: `dnsmasq-dhcp`. */
  readonly ident: string
  readonly pid: number
  readonly text: string
}

/** What a daemon gets of the machine that runs it. */
export type DaemonHost = {
  readonly machine: Machine
  /** True while a stored daemon is put back: nothing is said, and its parts find their rows. */
  readonly restoring: boolean
  log(text: string, ident?: string): void
}

/** A service that runs until it is stopped. What it holds are parts or sockets of its own; `args` makes it again. */
export interface Daemon {
  /** What it was started with, resolved: with this it is put back after the lab was stored. */
  readonly args: Json
  /** Gives up everything; `how` is what the log says of it, empty when the machine just stops. */
  close(how: string): void
}

/** Starts a daemon, or answers why not: the text of its last words. */
export type DaemonFactory = (host: DaemonHost, args: Json | undefined) => Daemon | string
