// Groups of an interface, and telling routers and switches about them (IGMP version 3, RFC 3376; version 2 where a querier speaks
// it, RFC 2236). Changes are told twice, a random moment apart; queries are answered after a random delay.
import type { Json } from '../sim/json.ts'
import { loadTime, MILLISECOND, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import { formatIp, type Ip4 } from '../wire/addresses.ts'
import { newFrame } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as igmp from '../wire/igmp.ts'
import * as ipv4 from '../wire/ipv4.ts'
import type { Interface } from './interface.ts'
import { newPacket, transmitIp } from './output.ts'
import { INTERVAL_CODE, Listening, ROBUSTNESS as QUERIER_ROBUSTNESS, tenths } from './querier.ts'
import type { Stack } from './stack.ts'

/** Robustness variable and Unsolicited Report Interval (RFC 3376 section 8). */
const ROBUSTNESS = 2
const UNSOLICITED_INTERVAL = SECOND
/** Groups joined at the same moment are told in one report. */
const SETTLE = 10 * MILLISECOND
/** Older Version Querier Present Timeout (section 8.12) with the default intervals. */
const OLDER_QUERIER = 260 * SECOND
export const MAX_GROUPS = 64
/** RFC 2113: routers look at the packet although it is not theirs. */
const ROUTER_ALERT = [148, 4, 0, 0]

export type MembershipState = {
  readonly changes: readonly (readonly [Ip4, 'join' | 'leave'])[]
  readonly left: number
  readonly reportAt: number | null
  readonly answerAt: number | null
  readonly answerTo: Ip4
  readonly version2Until: Micros
}

export class Membership {
  /** Groups joined, and by how many. Derived: whoever joins does so again when it is restored. */
  readonly groups = new Map<Ip4, number>()
  /** What is still to be told. */
  readonly changes = new Map<Ip4, 'join' | 'leave'>()
  left = 0
  reportAt: Micros = NEVER
  /** When a query is answered, and about which group; 0 = all. */
  answerAt: Micros = NEVER
  answerTo: Ip4 = 0
  version2Until: Micros = 0

  /** Everybody is in 224.0.0.1 and never says so. */
  has(group: Ip4): boolean {
    return group === igmp.ALL_SYSTEMS || this.groups.has(group)
  }

  get dueAt(): Micros {
    return this.reportAt < this.answerAt ? this.reportAt : this.answerAt
  }

  quiet(): void {
    this.changes.clear()
    this.left = 0
    this.reportAt = NEVER
    this.answerAt = NEVER
    this.version2Until = 0
  }

  save(): MembershipState & Json {
    const { left, answerTo, version2Until } = this
    const [reportAt, answerAt] = [storeTime(this.reportAt), storeTime(this.answerAt)]
    return { changes: [...this.changes], left, reportAt, answerAt, answerTo, version2Until }
  }

  load(state: MembershipState): void {
    this.changes.clear()
    for (const [group, change] of state.changes) this.changes.set(group, change)
    this.left = state.left
    this.reportAt = loadTime(state.reportAt)
    this.answerAt = loadTime(state.answerAt)
    this.answerTo = state.answerTo
    this.version2Until = state.version2Until
  }
}

/** False when the interface is in too many groups. */
export function joinGroup(stack: Stack, via: Interface, group: Ip4): boolean {
  const { groups } = via.membership
  const owners = groups.get(group) ?? 0
  if (owners === 0 && groups.size >= MAX_GROUPS) return false
  groups.set(group, owners + 1)
  if (owners === 0) changed(stack, via, group, 'join')
  return true
}

export function leaveGroup(stack: Stack, via: Interface, group: Ip4): void {
  const { groups } = via.membership
  const owners = groups.get(group) ?? 0
  if (owners > 1) groups.set(group, owners - 1)
  else if (groups.delete(group)) changed(stack, via, group, 'leave')
}

/** The interface has come up or has an address now: all its groups are told. */
export function tellGroups(stack: Stack, via: Interface): void {
  for (const group of via.membership.groups.keys()) changed(stack, via, group, 'join')
}

function changed(stack: Stack, via: Interface, group: Ip4, change: 'join' | 'leave'): void {
  if (group === igmp.ALL_SYSTEMS || !stack.powered || !via.up || via.kind === 'loopback' || via.kind === 'ppp') return
  if (via.primary === undefined) return
  const m = via.membership
  m.changes.delete(group)
  m.changes.set(group, change)
  m.left = ROBUSTNESS
  m.reportAt = Math.min(m.reportAt, stack.sim.now + SETTLE)
  stack.sim.touch(stack)
}

export function pollMembership(stack: Stack, via: Interface, now: Micros): void {
  const m = via.membership
  if (m.reportAt <= now) {
    const changes = [...m.changes]
    m.left--
    m.reportAt = m.left > 0 ? now + 1 + stack.random.below(UNSOLICITED_INTERVAL) : NEVER
    if (m.left === 0) m.changes.clear()
    tell(stack, via, changes, true)
  }
  if (m.answerAt <= now) {
    m.answerAt = NEVER
    const asked = [...m.groups.keys()].filter((group) => m.answerTo === 0 || m.answerTo === group)
    tell(
      stack,
      via,
      asked.map((group) => [group, 'join'] as const),
      false,
    )
  }
}

function tell(stack: Stack, via: Interface, list: readonly (readonly [Ip4, 'join' | 'leave'])[], changes: boolean): void {
  if (list.length === 0 || !via.up) return
  if (stack.sim.now >= via.membership.version2Until) {
    const [joined, left] = changes ? [igmp.CHANGE_TO_EXCLUDE, igmp.CHANGE_TO_INCLUDE] : [igmp.IS_EXCLUDE, igmp.IS_INCLUDE]
    const records = list.map(([group, change]) => ({ type: change === 'join' ? joined : left, group, sources: [] }))
    return send(stack, via, igmp.ALL_V3_ROUTERS, { kind: 'report', records })
  }
  // RFC 2236: a report goes to the group itself, a farewell to all routers.
  for (const [group, change] of list)
    if (change === 'join') send(stack, via, group, { kind: 'report-v2', group })
    else send(stack, via, igmp.ALL_ROUTERS, { kind: 'leave', group })
}

function send(stack: Stack, via: Interface, dst: Ip4, message: igmp.Igmp): void {
  const at = ethernet.HEADER_LEN
  const head = ipv4.HEADER_LEN + ROUTER_ALERT.length
  const bytes = newFrame(at + head + igmp.len(message))
  stack.ipId = (stack.ipId + 1) & 0xffff
  stack.mib.outRequests++
  const linux = stack.profile.name === 'linux'
  const header = { src: via.primary?.ip ?? 0, dst, protocol: ipv4.IGMP, ttl: 1, id: stack.ipId, dontFragment: linux }
  // Linux: Internetwork Control (net/ipv4/igmp.c).
  ipv4.emit({ ...header, tos: linux ? 0xc0 : 0 }, bytes.length - at - ipv4.HEADER_LEN, bytes, at)
  bytes[at] = 0x40 | (head >> 2)
  bytes.set(ROUTER_ALERT, at + ipv4.HEADER_LEN)
  ipv4.fixChecksum(bytes, at)
  igmp.emit(message, bytes, at + head)
  transmitIp(stack, via, dst, newPacket(stack, bytes))
}

// As a querier

/** The interface begins to ask who listens to what, or ends. */
export function setQuerying(stack: Stack, via: Interface, on: boolean): void {
  if (on === (via.querying !== undefined)) return
  via.querying = on ? new Listening<Ip4>(stack.sim.now) : undefined
  stack.sim.touch(stack)
}

export function pollQuerying(stack: Stack, via: Interface, now: Micros): void {
  via.querying?.poll(now, (group, response) => {
    if (!via.up) return false
    const told = { robustness: QUERIER_ROBUSTNESS, intervalCode: INTERVAL_CODE }
    const message: igmp.Igmp = { kind: 'query', maxResponseCode: tenths(response), group: group ?? 0, sources: [], ...told }
    send(stack, via, group ?? igmp.ALL_SYSTEMS, message)
    return true
  })
}

/** What a querier hears: others that ask, and who listens to what. */
function heardByQuerier(stack: Stack, via: Interface, message: igmp.Igmp, src: Ip4): void {
  const { querying } = via
  const { now } = stack.sim
  if (querying === undefined) return
  const own = via.primary?.ip ?? 0
  if (message.kind === 'query') {
    querying.heardQuery(now, src !== 0 && (own === 0 || src < own), message.group === 0 ? undefined : message.group)
  } else if (message.kind === 'report') {
    for (const { type, group, sources } of message.records) {
      const wants = type === igmp.IS_EXCLUDE || type === igmp.CHANGE_TO_EXCLUDE
      if (wants || (sources.length > 0 && type !== igmp.BLOCK_OLD_SOURCES)) querying.joined(now, group)
      else if (type === igmp.CHANGE_TO_INCLUDE) querying.left(now, group)
    }
  } else if (message.kind === 'leave') querying.left(now, message.group)
  else querying.joined(now, message.group)
  stack.sim.touch(stack)
}

export function receiveIgmp(stack: Stack, via: Interface, bytes: Uint8Array, at: number, from: number, end: number): void {
  const message = igmp.parse(bytes, from, end)
  if (typeof message === 'string') return stack.drop(message === 'igmp: unknown type' ? 'ignored' : 'malformed', message)
  // RFC 3376 section 4: what did not come from this very link is not for us.
  if (ipv4.ttl(bytes, at) !== 1) return stack.drop('ignored', `IGMP with a time to live of ${ipv4.ttl(bytes, at)}`)
  const m = via.membership
  const { now } = stack.sim
  heardByQuerier(stack, via, message, ipv4.src(bytes, at))
  if (message.kind === 'query') {
    const { group } = message
    if (end - from < 12) m.version2Until = now + OLDER_QUERIER
    if (group !== 0 && !m.has(group)) return stack.drop('ignored', `${via.name} is not in the group ${formatIp(group)}`)
    const most = igmp.responseTenths(message.maxResponseCode, end - from < 12) * 100 * MILLISECOND
    const answerAt = now + 1 + stack.random.below(Math.max(1, most))
    // Two queries at a time are answered as one about everything.
    m.answerTo = m.answerAt === NEVER || m.answerTo === group ? group : 0
    if (answerAt < m.answerAt) m.answerAt = answerAt
    stack.sim.touch(stack)
    return
  }
  // RFC 2236 section 3: of the members of a group one answer is enough.
  if (message.kind === 'report-v2' && m.answerAt !== NEVER && m.answerTo === message.group) {
    m.answerAt = NEVER
    stack.sim.touch(stack)
  }
}
