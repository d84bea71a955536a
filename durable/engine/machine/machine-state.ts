// What a machine stores of itself, and whom it tells what.
import type { Micros } from '../sim/time.ts'
import type { ConsoleSession } from './console-session.ts'
import type { StoredFile } from './files.ts'
import type { Machine } from './machine.ts'

export type Power = 'on' | 'off' | 'saved'

export type MachineState = {
  readonly power: Power
  readonly bootedAt: Micros
  readonly boots: number
  readonly nextPid: number
  readonly rebootAt: number | null
  /** The command that ordered the restart: what the machine does while it starts is its doing. */
  readonly rebootOrigin: number
  readonly files: readonly StoredFile[]
  readonly manualDns: readonly number[]
  readonly pids: readonly number[]
  readonly consoles: readonly string[]
}

export type MachineListener = {
  printed(session: ConsoleSession, command: number, text: string): void
  ended(session: ConsoleSession, command: number, exitStatus: number): void
  /** The machine went down and came up again. */
  rebooted(machine: Machine): void
}
