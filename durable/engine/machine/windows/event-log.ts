// The event logs of a Windows machine: a ring of what happened, written when it happens. On disk: a restart leaves it.
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import type { Micros } from '../../sim/time.ts'
import type { Machine } from '../machine.ts'
import { EMPTY_LOGS, type EventKey, type EventKind, eventKinds, HYPER_V_LOGS, textOf } from './event-catalogue.ts'
import type { ServiceDefinition } from './service-list.ts'
import type { EventLogView, EventView } from './windows-views.ts'

/** One event: when, what, the values of its words, its number in its log. */
type Entry = readonly [at: Micros, key: EventKey, values: readonly string[], record: number]
export type EventLogState = {
  readonly entries: readonly Entry[]
  /** How many each log ever had. */
  readonly counts: readonly (readonly [log: string, count: number])[]
}

/** All logs of a machine together: the real ones hold megabytes. */
const MOST = 300
const LONGEST = 200

const kindOf = (key: EventKey): EventKind => eventKinds[key]

export class EventLog extends StillPart implements Part {
  readonly kind = 'event-log'
  readonly version = 1
  readonly name: string
  private readonly machine: Machine
  private readonly entries: Entry[]
  private readonly counts: Map<string, number>
  private added = false

  constructor(machine: Machine) {
    super()
    this.machine = machine
    this.name = `${machine.name}/event-log`
    const stored = machine.world.stored<EventLogState>(this.name)
    this.entries = [...(stored?.entries ?? [])]
    this.counts = new Map(stored?.counts)
    if (stored) this.keep()
  }

  /** A part of its own from the first event on. */
  private keep(): void {
    if (this.added) return
    this.added = true
    this.machine.world.add(this)
  }

  write(key: EventKey, ...values: readonly (string | number)[]): void {
    const { log } = kindOf(key)
    const record = (this.counts.get(log) ?? 0) + 1
    this.counts.set(log, record)
    this.entries.push([this.machine.sim.now, key, values.map((value) => String(value).slice(0, LONGEST)), record])
    if (this.entries.length > MOST) this.entries.shift()
    this.keep()
  }

  service({ displayName, driver }: ServiceDefinition, running: boolean): void {
    if (!driver) this.write('scm.state', displayName, running ? 'running' : 'stopped')
  }

  /** The newest of these kinds since the computer came up whose values fit. */
  lastSinceBoot(
    keys: readonly EventKey[],
    fits: (values: readonly string[]) => boolean,
  ): { readonly key: EventKey; readonly values: readonly string[] } | undefined {
    for (let at = this.entries.length - 1; at >= 0; at--) {
      const [, key, values] = this.entries[at] as Entry
      if (key === 'boot.log') return undefined
      if (keys.includes(key) && fits(values)) return { key, values }
    }
    return undefined
  }

  /** Newest last; of one log, when it is named. */
  events(log?: string): EventView[] {
    const wanted = log?.toLowerCase()
    return this.entries
      .filter(([, key]) => wanted === undefined || kindOf(key).log.toLowerCase() === wanted)
      .map(([at, key, values, record]) => {
        const kind = kindOf(key)
        const { provider, id, level } = kind
        return { log: kind.log, provider, id, level, at, record, values: [...values], message: textOf(kind, values) }
      })
  }

  logs(): EventLogView[] {
    const known = new Set<string>(EMPTY_LOGS)
    for (const { log } of Object.values(eventKinds))
      if (this.machine.definition.hyperV !== null || !HYPER_V_LOGS.has(log)) known.add(log)
    return [...known].sort().map((name) => ({
      name,
      records: this.entries.filter(([, key]) => kindOf(key).log === name).length,
      maximumBytes: name === 'System' || name === 'Application' || name === 'Security' ? 20_971_520 : 1_052_672,
    }))
  }

  /** False: there is no such log. */
  clear(log: string): boolean {
    const name = this.logs().find((one) => one.name.toLowerCase() === log.toLowerCase())?.name
    if (name === undefined) return false
    for (let at = this.entries.length - 1; at >= 0; at--) {
      const entry = this.entries[at]
      if (entry !== undefined && kindOf(entry[1]).log === name) this.entries.splice(at, 1)
    }
    this.counts.delete(name)
    return true
  }

  save(): Json {
    return { entries: this.entries, counts: [...this.counts] } as EventLogState & Json
  }
}
