// Tells what changes in links, addresses, routes, neighbours and rules, as rtnetlink does: `ip monitor`.

import type { Json } from '../../sim/json.ts'
import type { Observer } from '../../sim/simulation.ts'
import type { Micros } from '../../sim/time.ts'
import type { NetworkObject, NetworkRow } from '../linux/network-rows.ts'
import type { ProcessHost, Program } from '../program.ts'

/** Empty: all of them. */
export type NetworkMonitorArgs = { readonly objects: readonly NetworkObject[] }

export class NetworkMonitor implements Program, Observer {
  readonly unbounded = true
  private readonly host: ProcessHost
  private readonly objects: readonly NetworkObject[]
  private rows: Map<string, NetworkRow>
  private mark = ''

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.objects = (args as unknown as NetworkMonitorArgs).objects
    this.rows = new Map(((state ?? []) as unknown as NetworkRow[]).map((row) => [row.key, row]))
    host.stack.sim.observers.add(this)
  }

  start(): void {
    this.rows = this.look()
  }

  private look(): Map<string, NetworkRow> {
    const all = this.host.network?.rows() ?? []
    return new Map(
      all.filter(({ object }) => this.objects.length === 0 || this.objects.includes(object)).map((row) => [row.key, row]),
    )
  }

  observe(people: boolean): void {
    if (this.host.stopped || this.host.restoring) return
    const mark = this.host.network?.mark() ?? ''
    if (!people && mark === this.mark) return
    this.mark = mark
    const before = this.rows
    this.rows = this.look()
    const gone = [...before.values()].filter(({ key }) => !this.rows.has(key))
    const tell = (object: NetworkObject) => {
      for (const row of gone) if (row.object === object) this.tell(row, true)
      for (const row of this.rows.values()) {
        const old = before.get(row.key)
        if (row.object === object && row.shown !== old?.shown && worthTelling(row, old)) this.tell(row, false)
      }
    }
    for (const row of this.rows.values())
      if (row.object === 'link' && row.shown !== before.get(row.key)?.shown) this.tell(row, false)
    for (const object of ['address', 'route', 'neigh', 'rule'] as const) tell(object)
    for (const row of gone) if (row.object === 'link') this.tell(row, true)
    this.host.touch()
  }

  private tell({ object, family, device, view }: NetworkRow, deleted: boolean): void {
    const down = deleted && this.host.stack.byName(device)?.enabled !== true
    this.host.emit({ kind: 'change', object, family, device, deleted, down, at: this.host.now, view })
  }

  pollAt(): Micros {
    return this.host.network?.nextStale() ?? Number.POSITIVE_INFINITY
  }
  poll(): void {
    this.observe(true)
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {
    this.host.stack.sim.observers.delete(this)
  }
  continued(): void {
    this.observe(true)
  }
  save(): Json {
    return [...this.rows.values()] as unknown as Json
  }
}

/** Linux tells of a neighbour when it is known or known to be lost, not while it is being asked for (neighbour.c, neigh_update). */
function worthTelling({ object, shown }: NetworkRow, before: NetworkRow | undefined): boolean {
  if (object !== 'neigh') return true
  const [mac, state] = JSON.parse(shown) as [string, string]
  if (state === 'incomplete') return false
  return state !== 'delay' || before === undefined || (JSON.parse(before.shown) as [string])[0] !== mac
}
