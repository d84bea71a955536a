import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { StillPart } from '../sim/still-part.ts'
import { CallLog, type LogEntry } from './recorded.ts'

export type LogPageState = { readonly entries: readonly LogEntry[] }

/** A full page of what a running line was told, as a part: it never changes, so its row is written once. */
export class LogPage extends StillPart implements Part {
  readonly kind = 'console-log'
  readonly version = 1
  readonly name: string
  readonly entries: readonly LogEntry[]

  constructor(name: string, entries: readonly LogEntry[]) {
    super()
    this.name = name
    this.entries = entries
  }

  save(): Json {
    return { entries: this.entries } as LogPageState & Json
  }
}

/** Where pages are kept: a machine. */
export interface PageKeeper {
  readonly name: string
  readonly sim: Simulation
  /** A page of the log of a running line, as it was stored. */
  storedPage(name: string): LogPageState | undefined
  addPage(page: LogPage): void
}

/** The log of the line that a console runs, with its full pages as parts of their own. */
export class PagedLog {
  readonly calls: CallLog
  private readonly keeper: PageKeeper
  private readonly terminal: string
  private readonly pages: LogPage[]

  /** `terminal`: the number of the console. `pages`: how many there were, with what came after them. */
  constructor(keeper: PageKeeper, terminal: string, pages = 0, last: readonly LogEntry[] = []) {
    this.keeper = keeper
    this.terminal = terminal
    this.pages = Array.from({ length: pages }, (_, at) => this.add(at, keeper.storedPage(this.nameOf(at))?.entries ?? []))
    this.calls = new CallLog(
      this.pages.map(({ entries }) => entries),
      last,
    )
  }

  get count(): number {
    return this.pages.length
  }

  /** Full pages become parts: to be called when the line waits. */
  turn(): void {
    for (const entries of this.calls.takePages()) this.pages.push(this.add(this.pages.length, entries))
  }

  /** The line has ended. */
  drop(): void {
    for (const page of this.pages) this.keeper.sim.remove(page)
  }

  private nameOf(at: number): string {
    return `${this.keeper.name}/console-log/${this.terminal}/${at + 1}`
  }

  private add(at: number, entries: readonly LogEntry[]): LogPage {
    const page = new LogPage(this.nameOf(at), entries)
    this.keeper.addPage(page)
    return page
  }
}
