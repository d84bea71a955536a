// The forwarding database of a bridge: where link addresses live, learned (with an age) or written by hand.
import type { Json } from '../../sim/json.ts'
import type { Micros } from '../../sim/time.ts'
import type { Mac } from '../../wire/addresses.ts'

export type FdbEntry = { readonly mac: Mac; readonly vid: number; port: number; seen: Micros; readonly fixed: boolean }
export type StoredFdb = readonly (readonly [mac: number, vid: number, port: number, seen: number, fixed: number])[]

/** Linux sets no limit; a bridge of a lab that is flooded with addresses forgets those that it learned first. */
const LIMIT = 4096

export class Fdb {
  /** By VLAN (0 = the bridge does not filter), then by address. */
  private readonly tables = new Map<number, Map<Mac, FdbEntry>>()
  private size = 0

  get(mac: Mac, vid: number): FdbEntry | undefined {
    return this.tables.get(vid)?.get(mac)
  }

  learn(mac: Mac, vid: number, port: number, now: Micros): void {
    const known = this.get(mac, vid)
    if (known === undefined) return this.put({ mac, vid, port, seen: now, fixed: false })
    if (known.fixed) return
    known.seen = now
    known.port = port
  }

  put(entry: FdbEntry): void {
    let table = this.tables.get(entry.vid)
    if (table === undefined) {
      table = new Map()
      this.tables.set(entry.vid, table)
    }
    if (!table.has(entry.mac)) {
      if (this.size >= LIMIT) this.evict()
      this.size++
    }
    table.set(entry.mac, { ...entry })
  }

  delete(mac: Mac, vid: number): boolean {
    const gone = this.tables.get(vid)?.delete(mac) ?? false
    if (gone) this.size--
    return gone
  }

  forget(matches: (entry: FdbEntry) => boolean): void {
    for (const entry of this.all()) if (matches(entry)) this.delete(entry.mac, entry.vid)
  }

  all(): FdbEntry[] {
    return [...this.tables.values()].flatMap((table) => [...table.values()])
  }

  private evict(): void {
    for (const table of this.tables.values()) {
      for (const entry of table.values()) {
        if (entry.fixed) continue
        this.delete(entry.mac, entry.vid)
        return
      }
    }
  }

  save(): Json {
    return this.all().map(({ mac, vid, port, seen, fixed }) => [mac, vid, port, seen, fixed ? 1 : 0])
  }

  load(stored: StoredFdb): void {
    for (const [mac, vid, port, seen, fixed] of stored) this.put({ mac, vid, port, seen, fixed: fixed === 1 })
  }
}
