// Who spoke with whom a short while ago: packets of a flow that was let through need no rule of their own.
import type { Micros } from '../../sim/time.ts'
import type { IpAddress } from '../../wire/addresses.ts'
import { formatIp6 } from '../../wire/addresses.ts'

/** Protocol, local port and remote address: a number for IPv4, a text for IPv6. */
export type FlowKey = number | string

export const flowKey = (protocol: number, localPort: number, remote: IpAddress): FlowKey =>
  typeof remote === 'number'
    ? (protocol * 65536 + localPort) * 0x1_0000_0000 + remote
    : `${protocol}/${localPort}/${formatIp6(remote)}`

export type StoredFlows = readonly (readonly [FlowKey, Micros])[]

const MOST = 512

export class Flows {
  private readonly used = new Map<FlowKey, Micros>()
  private readonly lifetime: Micros

  constructor(lifetime: Micros, stored: StoredFlows = []) {
    this.lifetime = lifetime
    for (const [key, at] of stored) this.used.set(key, at)
  }

  lastUse(key: FlowKey): Micros | undefined {
    return this.used.get(key)
  }

  isFresh(key: FlowKey, now: Micros): boolean {
    const at = this.used.get(key)
    return at !== undefined && now - at <= this.lifetime
  }

  note(key: FlowKey, now: Micros): void {
    const at = this.used.get(key)
    // One that has run out begins anew, at the end: that is where it stands when the firewall was stored in between.
    if (at !== undefined && now - at > this.lifetime) this.used.delete(key)
    if (this.used.size >= MOST && !this.used.has(key)) this.purge(now)
    this.used.set(key, now)
  }

  clear(): void {
    this.used.clear()
  }

  save(now: Micros): StoredFlows {
    return [...this.used].filter(([, at]) => now - at <= this.lifetime)
  }

  private purge(now: Micros): void {
    for (const [key, at] of this.used) if (now - at > this.lifetime) this.used.delete(key)
    while (this.used.size >= MOST) this.used.delete(this.used.keys().next().value as FlowKey)
  }
}
