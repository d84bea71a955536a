// Groups of an interface, and telling routers and switches about them (RFC 3810). Reports are sent twice, a random moment
// apart (section 6.1); queries are answered after a random delay (section 6.2).
import { MILLISECOND, type Micros, NEVER, SECOND } from '../../sim/time.ts'
import { ALL_NODES, type Ip6, multicastScope } from '../../wire/addresses.ts'
import * as mld from '../../wire/mld.ts'
import { INTERVAL_CODE, Listening, millis } from '../querier.ts'
import { type Interface6, MAX_GROUPS } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { sendDirect } from './output6.ts'

/** Robustness variable and Unsolicited Report Interval (section 9). */
const ROBUSTNESS = 2
const UNSOLICITED_INTERVAL = SECOND
/** A group joined by several owners at the same moment is told once. */
const SETTLE = 10 * MILLISECOND

/** Groups that nobody is told about: all nodes, and what stays within the interface (section 6). */
const isTold = (group: Ip6): boolean => group !== ALL_NODES && multicastScope(group) > 1

/** False when the interface is in too many groups. */
export function joinGroup(ip6: Ip6Stack, i6: Interface6, group: Ip6): boolean {
  const owners = i6.groups.get(group) ?? 0
  if (owners === 0 && i6.groups.size >= MAX_GROUPS) return false
  i6.groups.set(group, owners + 1)
  if (owners === 0) changed(ip6, i6, group, 'join')
  return true
}

export function leaveGroup(ip6: Ip6Stack, i6: Interface6, group: Ip6): void {
  const owners = i6.groups.get(group) ?? 0
  if (owners > 1) i6.groups.set(group, owners - 1)
  else if (i6.groups.delete(group)) changed(ip6, i6, group, 'leave')
}

function changed(ip6: Ip6Stack, i6: Interface6, group: Ip6, change: 'join' | 'leave'): void {
  if (!isTold(group) || !i6.running || i6.via.kind === 'loopback') return
  i6.changes.delete(group)
  i6.changes.set(group, change)
  i6.reportsLeft = ROBUSTNESS
  i6.reportAt = Math.min(i6.reportAt, ip6.sim.now + SETTLE)
  ip6.sim.touch(ip6)
}

/** Section 5.1.10: from our link-local address, or from nobody while there is none. */
function report(ip6: Ip6Stack, i6: Interface6, records: readonly mld.AddressRecord[]): void {
  if (records.length === 0) return
  const own = i6.linkLocal
  send(ip6, i6, own?.state === 'preferred' ? own.ip : 0n, mld.ALL_V2_ROUTERS, { kind: 'report', records })
}

function send(ip6: Ip6Stack, i6: Interface6, src: Ip6, dst: Ip6, message: mld.Mld): void {
  sendDirect(ip6, i6, {
    src,
    dst,
    hopLimit: 1,
    alert: true,
    length: mld.len(message),
    write: (out, at) => mld.emit(message, out, at, { src, dst }),
  })
}

// As a querier (section 7)

/** The interface begins to ask who listens to what, or ends. */
export function setQuerying6(ip6: Ip6Stack, i6: Interface6, on: boolean): void {
  if (on === (i6.querying !== undefined)) return
  i6.querying = on ? new Listening<Ip6>(ip6.sim.now) : undefined
  ip6.sim.touch(ip6)
}

export function pollQuerying6(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  i6.querying?.poll(now, (group, response) => {
    const own = i6.linkLocal
    // Section 5.1.14: from a link-local address, or not at all.
    if (own?.state !== 'preferred' || !i6.via.up) return false
    const told = { robustness: ROBUSTNESS, intervalCode: INTERVAL_CODE, suppress: false }
    const message: mld.Mld = { kind: 'query', maxResponseCode: millis(response), group: group ?? 0n, sources: [], ...told }
    send(ip6, i6, own.ip, group ?? ALL_NODES, message)
    return true
  })
}

/** What a querier hears: others that ask, and who listens to what. */
export function heardByQuerier6(ip6: Ip6Stack, i6: Interface6, message: mld.Mld, src: Ip6): void {
  const { querying } = i6
  const { now } = ip6.sim
  if (querying === undefined) return
  if (message.kind === 'query') {
    const own = i6.linkLocal?.ip
    const lower = src !== 0n && own !== undefined && src < own
    querying.heardQuery(now, lower, message.group === 0n ? undefined : message.group)
  } else
    for (const { type, group, sources } of message.records) {
      const wants = type === mld.IS_EXCLUDE || type === mld.CHANGE_TO_EXCLUDE
      if (wants || (sources.length > 0 && type !== mld.BLOCK_OLD_SOURCES)) querying.joined(now, group)
      else if (type === mld.CHANGE_TO_INCLUDE) querying.left(now, group)
    }
  ip6.sim.touch(ip6)
}

export function pollReports(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  if (i6.reportAt <= now) {
    const records = [...i6.changes].map(([group, change]) => ({
      type: change === 'join' ? mld.CHANGE_TO_EXCLUDE : mld.CHANGE_TO_INCLUDE,
      group,
      sources: [],
    }))
    i6.reportsLeft--
    i6.reportAt = i6.reportsLeft > 0 ? now + 1 + ip6.random.below(UNSOLICITED_INTERVAL) : NEVER
    if (i6.reportsLeft === 0) i6.changes.clear()
    report(ip6, i6, records)
  }
  if (i6.answerAt <= now) {
    i6.answerAt = NEVER
    const told = [...i6.groups.keys()].filter(isTold)
    report(
      ip6,
      i6,
      told.map((group) => ({ type: mld.IS_EXCLUDE, group, sources: [] })),
    )
  }
}

/** A query: general ones, and those about a group that we are in, are answered with all there is. */
export function receiveQuery(
  ip6: Ip6Stack,
  i6: Interface6,
  { group, maxResponseCode }: Extract<mld.Mld, { kind: 'query' }>,
): void {
  if (group !== 0n && !i6.groups.has(group)) return
  const at = ip6.sim.now + 1 + ip6.random.below(Math.max(1, mld.responseMillis(maxResponseCode)) * MILLISECOND)
  if (at < i6.answerAt) i6.answerAt = at
  ip6.sim.touch(ip6)
}
