// The mappings of a NAPT (RFC 3022, RFC 4787, RFC 5382, RFC 5508): endpoint-independent, each with the flows that go through it.
import type { Json } from '../sim/json.ts'
import { PairMap } from '../sim/pair-map.ts'
import type { Micros } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import { UDP } from '../wire/ipv4.ts'
import { ESTABLISHED, type Phase, type Protocol, type Session, type StoredSession } from './nat-session.ts'

export type { Protocol } from './nat-session.ts'

export const MAX_MAPPINGS = 16384
/** Flows through one mapping, and through all together. */
export const MAX_SESSIONS_EACH = 256
export const MAX_SESSIONS = 65536
/** Mappings given up at a time by a full table: one each would mean to look at all of them for every packet of a flood. */
const EVICTED_AT_ONCE = 256

/** One inside endpoint and the outside endpoint that stands for it. For ICMP the ports are echo identifiers. */
export type Mapping = {
  readonly protocol: Protocol
  readonly insideIp: Ip4
  readonly insidePort: number
  readonly outsideIp: Ip4
  readonly outsidePort: number
  /** Made for a port that is forwarded: anybody outside may begin. */
  readonly forwarded: boolean
  /** Oldest first; the last of them is the one that spoke first last. */
  readonly sessions: Session[]
  /** The latest end among its sessions. */
  endsAt: Micros
  /** Place of another mapping of the same inside endpoint; -1 when there is none. */
  elsewhere: number
  /** What rewriting adds to the checksums, outwards; computed once a mapping (RFC 1624). */
  readonly ipDelta: number
  readonly portDelta: number
}

export type StoredMapping = readonly [Protocol, Ip4, number, Ip4, number, boolean, Micros, readonly StoredSession[]]

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
  private sessionCount = 0

  /**
   * The live mapping of an inside endpoint towards an outside address. Of several (a port that is forwarded besides), the one
   * through which the remote endpoint speaks already.
   */
  outward(
    protocol: number,
    ip: Ip4,
    port: number,
    outsideIp: Ip4,
    now: Micros,
    remoteIp = 0,
    remotePort = 0,
  ): Mapping | undefined {
    let found: Mapping | undefined
    for (let slot = this.inside.get(ip, key(protocol, port)); slot >= 0; ) {
      const mapping = this.slots[slot] as Mapping
      slot = mapping.elsewhere
      if (mapping.outsideIp !== outsideIp) continue
      if (now > mapping.endsAt) {
        this.remove(mapping)
        continue
      }
      if (found === undefined && slot < 0) return mapping
      if (this.session(mapping, remoteIp, remotePort, now) !== undefined) return mapping
      // One that was made by the inside itself is what a new flow goes through, before one that is forwarded.
      if (found === undefined || before(mapping, found)) found = mapping
    }
    return found
  }

  /** The live mapping behind an outside endpoint. */
  inward(protocol: number, ip: Ip4, port: number, now: Micros): Mapping | undefined {
    const slot = this.outside.get(ip, key(protocol, port))
    if (slot < 0) return undefined
    const mapping = this.slots[slot] as Mapping
    if (now <= mapping.endsAt) return mapping
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
    taken: (protocol: Protocol, port: number) => boolean,
  ): Mapping | undefined {
    if (!this.makeRoom(now)) return undefined
    let outsidePort = port
    // RFC 4787 section 4.2: stay in the range of the port, above the well-known ones; for UDP even stays even (REQ-4).
    const step = protocol === UDP ? 2 : 1
    const lowest = protocol === UDP ? 1024 + (port & 1) : 1024
    for (
      let tries = 0;
      this.inward(protocol, outsideIp, outsidePort, now) !== undefined || taken(protocol, outsidePort);
      tries++
    ) {
      if (tries > 0xffff) return undefined
      outsidePort = outsidePort + step > 65535 ? lowest : Math.max(lowest, outsidePort + step)
    }
    return this.put(make(protocol, ip, port, outsideIp, outsidePort, false, now))
  }

  /** A mapping for a port that is forwarded; what was mapped to that port before gives way. */
  openForwarded(
    protocol: Protocol,
    ip: Ip4,
    port: number,
    outsideIp: Ip4,
    outsidePort: number,
    now: Micros,
  ): Mapping | undefined {
    const old = this.inward(protocol, outsideIp, outsidePort, now)
    if (old?.insideIp === ip && old.insidePort === port && old.forwarded) return old
    if (old !== undefined) this.remove(old)
    return this.makeRoom(now) ? this.put(make(protocol, ip, port, outsideIp, outsidePort, true, now)) : undefined
  }

  /** Whether a live mapping of any protocol has this port or identifier outside. */
  holds(port: number, now: Micros): boolean {
    return this.slots.some((m) => m !== undefined && m.outsidePort === port && now <= m.endsAt)
  }

  get size(): number {
    return this.slots.length - this.free.length
  }
  get sessions(): number {
    return this.sessionCount
  }

  // Flows

  /** The live flow with a remote endpoint; port 0 stands for any. */
  session({ sessions }: Mapping, ip: Ip4, port: number, now: Micros): Session | undefined {
    for (let at = sessions.length - 1; at >= 0; at--) {
      const session = sessions[at]
      if (session.remoteIp === ip && (session.remotePort === port || port === 0) && now <= session.endsAt) return session
    }
    return undefined
  }

  /** A new flow; it ends at once unless it is given time. The one nearest to its end makes room, one that is established last. */
  begin(mapping: Mapping, remoteIp: Ip4, remotePort: number, phase: Phase, now: Micros): Session {
    const { sessions } = mapping
    if (sessions.length > 0 && (sessions.length >= MAX_SESSIONS_EACH || this.sessionCount >= MAX_SESSIONS)) this.forget(mapping)
    const same = sessions.findIndex((one) => one.remoteIp === remoteIp && one.remotePort === remotePort)
    if (same >= 0) sessions.splice(same, 1)
    else this.sessionCount++
    const session: Session = { remoteIp, remotePort, phase, endsAt: now, since: now }
    sessions.push(session)
    return session
  }

  private forget({ sessions }: Mapping): void {
    let worst = 0
    for (let at = 1; at < sessions.length; at++) if (sooner(sessions[at], sessions[worst])) worst = at
    sessions.splice(worst, 1)
    this.sessionCount--
  }

  /** Gives a flow time, and the mapping with it. */
  keep(mapping: Mapping, session: Session, until: Micros): void {
    const shorter = until < session.endsAt
    session.endsAt = until
    if (until > mapping.endsAt) mapping.endsAt = until
    else if (shorter) {
      let latest = 0
      for (const one of mapping.sessions) if (one.endsAt > latest) latest = one.endsAt
      mapping.endsAt = latest
    }
  }

  // Limits

  /** A full table gives up what has ended, then the oldest that are not established; when all are, nothing. */
  private makeRoom(now: Micros): boolean {
    if (this.size < MAX_MAPPINGS) return true
    this.purge(now)
    if (this.size < MAX_MAPPINGS) return true
    const transitory = this.sorted().filter((m) => !m.sessions.some(({ phase }) => phase === ESTABLISHED))
    transitory.sort((a, b) => a.endsAt - b.endsAt)
    for (const mapping of transitory.slice(0, EVICTED_AT_ONCE)) this.remove(mapping)
    return this.size < MAX_MAPPINGS
  }

  live(now: Micros): Mapping[] {
    this.purge(now)
    return this.sorted()
  }

  /** In an order that does not depend on which places were free: a restored table must be the same table. */
  private sorted(): Mapping[] {
    return this.slots
      .filter((m) => m !== undefined)
      .sort(
        (a, b) =>
          a.protocol - b.protocol ||
          a.insideIp - b.insideIp ||
          a.insidePort - b.insidePort ||
          a.outsideIp - b.outsideIp ||
          a.outsidePort - b.outsidePort,
      )
  }

  /** Ends what stands behind an outside port. */
  close(protocol: Protocol, matches: (mapping: Mapping) => boolean): void {
    for (const m of this.slots) if (m !== undefined && m.protocol === protocol && matches(m)) this.remove(m)
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
      m.forwarded,
      m.endsAt,
      m.sessions.map((s) =>
        s.since === undefined
          ? [s.remoteIp, s.remotePort, s.phase, s.endsAt]
          : [s.remoteIp, s.remotePort, s.phase, s.endsAt, s.since],
      ),
    ])
  }

  load(stored: readonly StoredMapping[]): void {
    for (const [protocol, insideIp, insidePort, outsideIp, outsidePort, forwarded, endsAt, sessions] of stored) {
      const mapping = make(protocol, insideIp, insidePort, outsideIp, outsidePort, forwarded, endsAt)
      for (const [remoteIp, remotePort, phase, end, since] of sessions)
        mapping.sessions.push({ remoteIp, remotePort, phase, endsAt: end, ...(since === undefined ? {} : { since }) })
      this.sessionCount += sessions.length
      this.put(mapping)
    }
  }

  private put(mapping: Mapping): Mapping {
    const slot = this.free.pop() ?? this.slots.length
    this.slots[slot] = mapping
    const insideKey = key(mapping.protocol, mapping.insidePort)
    mapping.elsewhere = this.inside.get(mapping.insideIp, insideKey)
    this.inside.set(mapping.insideIp, insideKey, slot)
    this.outside.set(mapping.outsideIp, key(mapping.protocol, mapping.outsidePort), slot)
    return mapping
  }

  private remove(mapping: Mapping): void {
    this.sessionCount -= mapping.sessions.length
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
    for (const mapping of this.slots) if (mapping !== undefined && now > mapping.endsAt) this.remove(mapping)
  }
}

const before = (a: Mapping, b: Mapping): boolean => (a.forwarded !== b.forwarded ? b.forwarded : a.outsidePort < b.outsidePort)

/** Whether `a` is given up before `b`. */
const sooner = (a: Session, b: Session): boolean =>
  (a.phase === ESTABLISHED) !== (b.phase === ESTABLISHED) ? b.phase === ESTABLISHED : a.endsAt < b.endsAt

function make(
  protocol: Protocol,
  insideIp: Ip4,
  insidePort: number,
  outsideIp: Ip4,
  outsidePort: number,
  forwarded: boolean,
  endsAt: Micros,
): Mapping {
  const ipDelta = delta32(insideIp, outsideIp)
  const portDelta = fold((~insidePort & 0xffff) + outsidePort)
  return {
    protocol,
    insideIp,
    insidePort,
    outsideIp,
    outsidePort,
    forwarded,
    sessions: [],
    endsAt,
    elsewhere: -1,
    ipDelta,
    portDelta,
  }
}
