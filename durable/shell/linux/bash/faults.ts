import type { Io } from '../io.ts'
import { lineOf } from './grammar.ts'

/** Something wrong in an expansion: the command is not run, and the rest of the line is left out. */
export class ShellFault extends Error {
  readonly status: number
  /** A script ends of it, as of `${x:?}` and unset variables under `set -u`. */
  readonly fatal: boolean
  constructor(message: string, status = 1, fatal = false) {
    super(message)
    this.status = status
    this.fatal = fatal
  }
}

/** Thrown into what is in front when it was stopped: it goes on in a job of its own. */
export class Stopped extends Error {
  readonly pid: number
  constructor(pid: number) {
    super('stopped')
    this.pid = pid
  }
}

/** Who complains: the shell at the console, or a script with its line. */
export function who(io: Io): string {
  const { script, scope } = io.session
  return script === undefined ? io.tools.name : `${script}: line ${lineOf(scope.at.source, scope.at.position)}`
}

export const complain = (io: Io, text: string): void => io.err(`${who(io)}: ${text}\n`)
