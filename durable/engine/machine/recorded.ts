import type { Json } from '../sim/json.ts'
import type { Wake } from './console.ts'
import type { HyperVCalls, Kernel } from './kernel.ts'

/** What a running line was told, in order: answers of system calls (`c`, absent = undefined) and wakes (`w`). */
export type LogEntry = { readonly c?: Json } | { readonly w: Wake }

/** Past this many entries a suspended line is not restored but ended with a message. */
export const LOG_BUDGET = 4_000

/**
 * The log of one line. While there are entries left from before, calls and wakes are answered from them (the line is
 * catching up); afterwards they are real and written down.
 */
export class CallLog {
  readonly entries: LogEntry[]
  private at = 0

  constructor(entries: readonly LogEntry[] = []) {
    this.entries = [...entries]
  }

  get catchingUp(): boolean {
    return this.at < this.entries.length
  }

  get overBudget(): boolean {
    return this.entries.length > LOG_BUDGET
  }

  /** The answer of a call: an old one, or `real()`. */
  call(real: () => unknown): unknown {
    if (this.catchingUp) {
      const entry = this.entries[this.at++]
      return 'c' in (entry as object) ? structuredClone0((entry as { c?: Json }).c) : undefined
    }
    const answer = real()
    this.entries.push(answer === undefined ? {} : { c: structuredClone0(answer as Json) })
    this.at++
    return answer
  }

  /** The next recorded wake, or undefined when the line has caught up. */
  replayedWake(): Wake | undefined {
    if (!this.catchingUp) return undefined
    const entry = this.entries[this.at]
    if (entry === undefined || !('w' in entry)) return undefined
    this.at++
    return entry.w
  }

  recordWake(wake: Wake): void {
    this.entries.push({ w: wake })
    this.at++
  }
}

/** Shells may change what they were given; the log must not change with it. */
const structuredClone0 = <T extends Json | undefined>(value: T): T =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T)

/** The same system calls, each written to the log. */
export function recorded(kernel: Kernel, log: CallLog): Kernel {
  const hyperV = kernel.hyperV
  return wrap(kernel, log, hyperV === undefined ? undefined : wrap(hyperV, log, undefined))
}

function wrap<T extends Kernel | HyperVCalls>(target: T, log: CallLog, hyperV: HyperVCalls | undefined): T {
  const wrapped: { [name: string]: unknown } = {}
  for (const [name, member] of Object.entries(target)) {
    if (name === 'hyperV') wrapped[name] = hyperV
    else if (typeof member === 'function') wrapped[name] = (...args: unknown[]) => log.call(() => member.apply(target, args))
  }
  return wrapped as unknown as T
}
