// The mappings of a NAPT (RFC 3022, RFC 4787, RFC 5382, RFC 5508): endpoint-independent mapping, address-dependent filtering.
import type { Json } from '../sim/json.ts'
import { PairMap } from '../sim/pair-map.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { ICMP, type TCP, UDP } from '../wire/ipv4.ts'

/** Fact sheet 2.11: what `Get-NetNat` shows, in seconds. */
export const TIMEOUTS = { icmp: 30, tcpEstablished: 1800, tcpTransient: 120, udp: 120 } as const
export const MAX_MAPPINGS = 16384
const MAX_REMOTES = 256

export type Protocol = typeof ICMP | typeof TCP | typeof UDP

/** One inside endpoint and the outside endpoint that stands for it. For ICMP the ports are echo identifiers. */
export type Mapping = {
  readonly protocol: Protocol
  readonly insideIp: Ip4
  readonly insidePort: number
  readonly outsideIp: Ip4
  readonly outsidePort: number
  /** Whom the inside has sent to: only these addresses may answer. */
  readonly remotes: Ip4[]
  remotePort: number
  used: Micros
  /** TCP only: both sides have spoken and none has finished. */
  established: boolean
  /** Place of another mapping of the same inside endpoint, behind another address of ours; -1 when there is none. */
  elsewhere: number
  /** What rewriting adds to the checksums, outwards; computed once a mapping (RFC 1624). */
  readonly ipDelta: number
  readonly portDelta: number
}

export type StoredMapping = readonly [Protocol, Ip4, number, Ip4, number, readonly Ip4[], number, Micros, boolean]

export const lifetime = (m: Mapping): Micros =>
  (m.protocol === UDP
    ? TIMEOUTS.udp
    : m.protocol === ICMP
      ? TIMEOUTS.icmp
      : m.established
        ? TIMEOUTS.tcpEstablished
        : TIMEOUTS.tcpTransient) * SECOND

const key = (protocol: number, port: number): number => ((protocol << 16) | port) >>> 0

/** The one's complement sum that turns `before` into `after`. */
const delta32 = (before: number, after: number): number =>
  fold((~(before >>> 16) & 0xffff) + (~before & 0xffff) + (after >>> 16) + (after & 0xffff))
const fold = (sum: number): number => {
  const once = (sum & 0xffff) + (sum >>> 16)
  return (once & 0xffff) + (once >>> 16)
}

export class NatTable {
  private slots: (Mapping | undefined)[] = []
  private readonly free: number[] = []
  private readonly inside = new PairMap()
  private readonly outside = new PairMap()

  /** The live mapping of an inside endpoint towards an outside address. */
  outward(protocol: number, ip: Ip4, port: number, outsideIp: Ip4, now: Micros): Mapping | undefined {
    let slot = this.inside.get(ip, key(protocol, port))
    while (slot >= 0 && (this.slots[slot] as Mapping).outsideIp !== outsideIp) slot = (this.slots[slot] as Mapping).elsewhere
    if (slot < 0) return undefined
    const mapping = this.slots[slot] as Mapping
    if (now - mapping.used <= lifetime(mapping)) return mapping
    this.remove(mapping)
    return undefined
  }

  /** The live mapping behind an outside endpoint. */
  inward(protocol: number, ip: Ip4, port: number, now: Micros): Mapping | undefined {
    const slot = this.outside.get(ip, key(protocol, port))
    if (slot < 0) return undefined
    const mapping = this.slots[slot] as Mapping
    if (now - mapping.used <= lifetime(mapping)) return mapping
    this.remove(mapping)
    return undefined
  }

  /** Makes a mapping; the inside port is kept when it is free outside. Undefined: no room. `taken` names ports in use. */
  open(
    protocol: Protocol,
    ip: Ip4,
    port: number,
    outsideIp: Ip4,
    now: Micros,
    taken: (port: number) => boolean,
  ): Mapping | undefined {
    if (this.size >= MAX_MAPPINGS) this.purge(now)
    if (this.size >= MAX_MAPPINGS) return undefined
    let outsidePort = port
    for (let tries = 0; this.inward(protocol, outsideIp, outsidePort, now) !== undefined || taken(outsidePort); tries++) {
      if (tries > 0xffff) return undefined
      // RFC 4787 section 4.2: stay in the range of the port, above the well-known ones.
      outsidePort = outsidePort >= 65535 ? 1024 : Math.max(1024, outsidePort + 1)
    }
    const mapping = make(protocol, ip, port, outsideIp, outsidePort, [], 0, now, false)
    this.put(mapping)
    return mapping
  }

  get size(): number {
    return this.slots.length - this.free.length
  }

  /** Lets a further remote address answer; the oldest of too many is forgotten. */
  allow(mapping: Mapping, remote: Ip4): void {
    const { remotes } = mapping
    if (remotes.length > 0 && remotes[remotes.length - 1] === remote) return
    if (remotes.includes(remote)) return
    remotes.push(remote)
    if (remotes.length > MAX_REMOTES) remotes.shift()
  }

  live(now: Micros): Mapping[] {
    this.purge(now)
    // In an order that does not depend on which places were free: a restored table must be the same table.
    return this.slots
      .filter((m) => m !== undefined)
      .sort(
        (a, b) => a.protocol - b.protocol || a.insideIp - b.insideIp || a.insidePort - b.insidePort || a.outsideIp - b.outsideIp,
      )
  }

  clear(): void {
    for (const mapping of this.slots) if (mapping !== undefined) this.remove(mapping)
  }

  save(now: Micros): Json {
    return this.live(now).map((m) => [
      m.protocol,
      m.insideIp,
      m.insidePort,
      m.outsideIp,
      m.outsidePort,
      m.remotes,
      m.remotePort,
      m.used,
      m.established,
    ])
  }

  load(stored: readonly StoredMapping[]): void {
    for (const [protocol, insideIp, insidePort, outsideIp, outsidePort, remotes, remotePort, used, established] of stored) {
      this.put(make(protocol, insideIp, insidePort, outsideIp, outsidePort, [...remotes], remotePort, used, established))
    }
  }

  private put(mapping: Mapping): void {
    const slot = this.free.pop() ?? this.slots.length
    this.slots[slot] = mapping
    const insideKey = key(mapping.protocol, mapping.insidePort)
    mapping.elsewhere = this.inside.get(mapping.insideIp, insideKey)
    this.inside.set(mapping.insideIp, insideKey, slot)
    this.outside.set(mapping.outsideIp, key(mapping.protocol, mapping.outsidePort), slot)
  }

  private remove(mapping: Mapping): void {
    const outsideKey = key(mapping.protocol, mapping.outsidePort)
    const slot = this.outside.get(mapping.outsideIp, outsideKey)
    this.outside.delete(mapping.outsideIp, outsideKey)
    const insideKey = key(mapping.protocol, mapping.insidePort)
    const first = this.inside.get(mapping.insideIp, insideKey)
    if (first !== slot) this.unlink(first, slot, mapping.elsewhere)
    else if (mapping.elsewhere >= 0) this.inside.set(mapping.insideIp, insideKey, mapping.elsewhere)
    else this.inside.delete(mapping.insideIp, insideKey)
    this.slots[slot] = undefined
    this.free.push(slot)
  }

  private unlink(first: number, slot: number, next: number): void {
    for (let at = first; at >= 0; ) {
      const mapping = this.slots[at] as Mapping
      if (mapping.elsewhere === slot) mapping.elsewhere = next
      at = mapping.elsewhere
    }
  }

  private purge(now: Micros): void {
    for (const mapping of this.slots) if (mapping !== undefined && now - mapping.used > lifetime(mapping)) this.remove(mapping)
  }
}

function make(
  protocol: Protocol,
  insideIp: Ip4,
  insidePort: number,
  outsideIp: Ip4,
  outsidePort: number,
  remotes: Ip4[],
  remotePort: number,
  used: Micros,
  established: boolean,
): Mapping {
  const ipDelta = delta32(insideIp, outsideIp)
  const portDelta = fold((~insidePort & 0xffff) + outsidePort)
  return {
    protocol,
    insideIp,
    insidePort,
    outsideIp,
    outsidePort,
    remotes,
    remotePort,
    used,
    established,
    elsewhere: -1,
    ipDelta,
    portDelta,
  }
}
