// Who spoke with whom a short while ago: packets of a flow that was let through need no rule of their own.
import type { Micros } from '../../sim/time.ts'
import { formatIp6, type IpAddress, parseIp6 } from '../../wire/addresses.ts'

/** Protocol, local port and remote address: a safe integer for IPv4, a longer one for IPv6. */
export type FlowKey = number | bigint

export const flowKey = (protocol: number, localPort: number, remote: IpAddress): FlowKey => {
  const asked = protocol * 65536 + localPort
  return typeof remote === 'number' ? asked * 0x1_0000_0000 + remote : (BigInt(asked) << 128n) | remote
}

/** Keys as they are stored: those of IPv6 as `17/5353/fe80::1`. */
export type StoredFlows = readonly (readonly [key: number | string, lastUse: Micros])[]

function storeKey(key: FlowKey): number | string {
  if (typeof key === 'number') return key
  const asked = Number(key >> 128n)
  return `${asked >> 16}/${asked & 0xffff}/${formatIp6(BigInt.asUintN(128, key))}`
}

function loadKey(stored: number | string): FlowKey {
  if (typeof stored === 'number') return stored
  const [protocol, port, remote] = stored.split('/')
  return flowKey(Number(protocol), Number(port), parseIp6(remote ?? '') ?? 0n)
}

const MOST = 512

export class Flows {
  private readonly used = new Map<FlowKey, Micros>()
  private readonly lifetime: Micros

  constructor(lifetime: Micros, stored: StoredFlows = []) {
    this.lifetime = lifetime
    for (const [key, at] of stored) this.used.set(loadKey(key), at)
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
    return [...this.used].flatMap(([key, at]) => (now - at <= this.lifetime ? [[storeKey(key), at] as const] : []))
  }

  private purge(now: Micros): void {
    for (const [key, at] of this.used) if (now - at > this.lifetime) this.used.delete(key)
    while (this.used.size >= MOST) this.used.delete(this.used.keys().next().value as FlowKey)
  }
}
