import type { Json } from '../sim/json.ts'
import type { Wake } from './console.ts'
import type { HyperVCalls, Kernel } from './kernel.ts'
import type { LinuxCalls } from './linux/linux-views.ts'
import type { WindowsNetCalls } from './windows/net-calls.ts'
import type { WindowsCalls } from './windows/windows-views.ts'

/** What a running line was told, in order: answers of system calls (`c`, absent = undefined) and wakes (`w`). */
export type LogEntry = { readonly c?: Json } | { readonly w: Wake }

/** What one line may be told, in characters of JSON, and still wait: what waits must be run again with all of it one day. */
export const LOG_BUDGET = 2 * 1024 * 1024
/** What has grown to this is a page of its own: what is written anew with every commit stays short, and no row too long. */
const PAGE = 32 * 1024

/**
 * The log of one line. While there are entries left from before, calls and wakes are answered from them (the line is
 * catching up); afterwards they are real and written down.
 */
export class CallLog {
  /** Called after each real call, by its name. */
  after: ((name: string) => void) | undefined
  private readonly entries: LogEntry[]
  private at = 0
  /** Where full pages end that were not taken yet; where those end that were; the sizes of the last page and of all. */
  private readonly full: number[] = []
  private paged = 0
  private pageSize = 0
  private size = 0

  constructor(pages: readonly (readonly LogEntry[])[] = [], last: readonly LogEntry[] = []) {
    this.entries = [...pages.flat(), ...last]
    this.paged = this.entries.length - last.length
    for (const [at, entry] of this.entries.entries()) {
      const { length } = JSON.stringify(entry)
      this.size += length
      if (at < this.paged) continue
      this.pageSize += length
      if (this.pageSize >= PAGE) this.endPage(at + 1)
    }
  }

  get catchingUp(): boolean {
    return this.at < this.entries.length
  }

  get overBudget(): boolean {
    return this.size > LOG_BUDGET
  }

  /** All of it so far. */
  get all(): readonly LogEntry[] {
    return this.entries
  }

  /** What is in no full page yet. */
  get last(): readonly LogEntry[] {
    return this.entries.slice(this.paged)
  }

  /** The pages that have become full since the last call. */
  takePages(): (readonly LogEntry[])[] {
    return this.full.splice(0).map((end) => {
      const page = this.entries.slice(this.paged, end)
      this.paged = end
      return page
    })
  }

  /** The answer of a call: an old one, or `real()`. */
  call(real: () => unknown): unknown {
    if (this.catchingUp) {
      const entry = this.entries[this.at++] as { readonly c?: Json }
      return 'c' in entry ? copy(entry.c as Json) : undefined
    }
    const answer = real()
    // Shells may change what they were given; the log must not change with it.
    this.push(answer === undefined ? {} : { c: answer as Json })
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
    this.push({ w: wake })
  }

  private push(entry: LogEntry): void {
    const text = JSON.stringify(entry)
    this.entries.push(JSON.parse(text) as LogEntry)
    this.at++
    this.size += text.length
    this.pageSize += text.length
    if (this.pageSize >= PAGE) this.endPage(this.entries.length)
  }

  private endPage(end: number): void {
    this.pageSize = 0
    this.full.push(end)
  }
}

const copy = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json

/** The same system calls, each written to the log. */
export function recorded(kernel: Kernel, log: CallLog): Kernel {
  const hyperV = kernel.hyperV
  const { linux, windows, windowsNet } = kernel
  return {
    ...wrap(kernel, log),
    guest: (vmId) => recordedGuest(kernel, vmId, log),
    hyperV: hyperV === undefined ? undefined : wrap(hyperV, log),
    linux: linux === undefined ? undefined : wrap(linux, log),
    windowsNet: windowsNet === undefined ? undefined : wrap(windowsNet, log),
    windows: windows === undefined ? undefined : wrap(windows, log),
  }
}

/** What a guest answers goes into the same log. A guest that has gone since answers what it answered then, and nothing more. */
function recordedGuest(kernel: Kernel, vmId: string, log: CallLog): Kernel | undefined {
  const guest = kernel.guest(vmId)
  const known = log.call(() => guest !== undefined) === true
  return known ? recorded(guest ?? gone(kernel), log) : undefined
}

const gone = <T extends object>(kernel: T): T =>
  Object.fromEntries(
    Object.entries(kernel).map(([name, member]) => [
      name,
      typeof member === 'function' ? () => undefined : member && typeof member === 'object' ? gone(member) : member,
    ]),
  ) as T

function wrap<T extends Kernel | HyperVCalls | LinuxCalls | WindowsCalls | WindowsNetCalls>(target: T, log: CallLog): T {
  const wrapped: { [name: string]: unknown } = {}
  for (const [name, member] of Object.entries(target)) {
    if (typeof member === 'function')
      wrapped[name] = (...args: unknown[]) =>
        log.call(() => {
          const answer = member.apply(target, args)
          log.after?.(name)
          return answer
        })
  }
  return wrapped as unknown as T
}
