// What the way to a destination carries, as routers on it said (RFC 8201).
import type { Json } from '../../sim/json.ts'
import { MINUTE, type Micros } from '../../sim/time.ts'
import { formatIp6, type Ip6, parseIp6 } from '../../wire/addresses.ts'
import { MIN_MTU } from '../../wire/ipv6.ts'

/** RFC 8201 section 4: after ten minutes the way may have become wider. */
const LIFETIME = 10 * MINUTE
const LIMIT = 256

export class PathMtus {
  private readonly table = new Map<Ip6, { mtu: number; until: Micros }>()

  of(dst: Ip6, now: Micros): number | undefined {
    const known = this.table.get(dst)
    return known === undefined || known.until <= now ? undefined : known.mtu
  }

  /** False when it is not news. A full table forgets what it learned first. */
  learn(dst: Ip6, said: number, linkMtu: number, now: Micros): boolean {
    const mtu = Math.max(said, MIN_MTU)
    if (mtu >= (this.of(dst, now) ?? linkMtu)) return false
    this.table.delete(dst)
    if (this.table.size >= LIMIT) this.table.delete(this.table.keys().next().value as Ip6)
    this.table.set(dst, { mtu, until: now + LIFETIME })
    return true
  }

  clear(): void {
    this.table.clear()
  }
  get size(): number {
    return this.table.size
  }

  save(now: Micros): Json {
    return [...this.table].filter(([, { until }]) => until > now).map(([ip, { mtu, until }]) => [formatIp6(ip), mtu, until])
  }

  load(stored: readonly (readonly [string, number, number])[]): void {
    this.table.clear()
    for (const [ip, mtu, until] of stored) this.table.set(parseIp6(ip) ?? 0n, { mtu, until })
  }
}
