// The life of a neighbour: solicitations and advertisements (RFC 4861 section 7), with the states of section 7.3.3.
import type { Frame } from '../../link/frame.ts'
import { verdictNumber } from '../../link/verdict.ts'
import { MILLISECOND, type Micros, NEVER } from '../../sim/time.ts'
import { formatIp6, type Ip6, isMulticastIp6, type Mac, solicitedNode } from '../../wire/addresses.ts'
import { put48 } from '../../wire/bytes.ts'
import * as ndp from '../../wire/ndp.ts'
import type { NdOption } from '../../wire/ndp-options.ts'
import { BASE_REACHABLE_TIME, DELAY_FIRST_PROBE, MAX_PROBES, RETRANS_TIMER } from '../neighbors.ts'
import { transmit } from '../output.ts'
import { heardSolicitation, taken } from './dad.ts'
import { unresolved6 } from './icmp6.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { MAX_WAITING, type Neighbor6 } from './neighbors6.ts'
import { sendDirect } from './output6.ts'
import { selectSource } from './select-source.ts'

const NO_NEIGHBOR = verdictNumber('no-neighbor')
const TABLE_FULL = verdictNumber('table-full')

/** The link address of a neighbour, or -1: it is being asked for and the frame waits. */
export function linkAddress6(ip6: Ip6Stack, i6: Interface6, ip: Ip6, frame: Frame): Mac {
  const { neighbors } = i6
  let entry = neighbors.get(ip)
  if (entry === undefined) {
    entry = create(ip6, i6, ip, 'incomplete', 0)
    ask(ip6, i6, entry)
  }
  entry.times.used = ip6.sim.now
  switch (entry.state) {
    case 'reachable':
      if (entry.reachableUntil >= ip6.sim.now) return entry.mac
      delay(ip6, i6, entry)
      return entry.mac
    case 'stale':
      delay(ip6, i6, entry)
      return entry.mac
    case 'permanent':
    case 'delay':
    case 'probe':
      return entry.mac
    case 'unreachable':
      entry.state = 'incomplete'
      entry.probes = 0
      ask(ip6, i6, entry)
      break
    case 'incomplete':
      break
    default:
      entry.state satisfies never
  }
  entry.waiting.push(frame)
  if (entry.waiting.length > MAX_WAITING) {
    const oldest = entry.waiting.shift() as Frame
    ip6.recorder.see(i6.via.vantage, true, oldest, NO_NEIGHBOR, `more than ${MAX_WAITING} packets wait for ${formatIp6(ip)}`)
  }
  ip6.sim.touch(ip6)
  return -1
}

function create(ip6: Ip6Stack, i6: Interface6, ip: Ip6, state: Neighbor6['state'], mac: Mac): Neighbor6 {
  const { entry, lost } = i6.neighbors.add(ip, state, mac, ip6.sim.now)
  for (const frame of lost) ip6.recorder.see(i6.via.vantage, true, frame, TABLE_FULL, 'the neighbour cache is full')
  return entry
}

/** A stale entry is used: for five seconds what goes there may prove that it still holds. */
function delay(ip6: Ip6Stack, i6: Interface6, entry: Neighbor6): void {
  entry.state = 'delay'
  entry.due = ip6.sim.now + DELAY_FIRST_PROBE
  i6.neighbors.rearm()
  ip6.sim.touch(ip6)
}

const retransTimer = (i6: Interface6): Micros => (i6.retransTimer === 0 ? RETRANS_TIMER : i6.retransTimer * MILLISECOND)

/** BaseReachableTime times a random factor of 0.5 to 1.5 (section 6.3.2). */
function reachableTime(ip6: Ip6Stack, i6: Interface6): Micros {
  const base = i6.reachableTime === 0 ? BASE_REACHABLE_TIME : i6.reachableTime * MILLISECOND
  return Math.floor(base / 2) + ip6.random.below(base)
}

function ask(ip6: Ip6Stack, i6: Interface6, entry: Neighbor6): void {
  entry.probes++
  entry.times.probes = entry.probes + (entry.state === 'probe' ? 0 : MAX_PROBES)
  entry.due = ip6.sim.now + retransTimer(i6)
  i6.neighbors.rearm()
  ip6.sim.touch(ip6)
  const probing = entry.state === 'probe'
  // Section 7.2.2: the source of the packet that waits, if it is ours, so that the answer finds an entry at once.
  const waiting = entry.waiting[0]
  const prompted = waiting === undefined ? undefined : ip6.sourceOf(waiting, i6)
  const source = prompted ?? selectSource(ip6, i6, entry.ip)?.ip
  if (source === undefined) return
  solicit(ip6, i6, source, entry.ip, probing ? entry.ip : solicitedNode(entry.ip), probing ? entry.mac : undefined, [
    { type: 'source-link', mac: i6.via.mac },
  ])
}

export function solicit(
  ip6: Ip6Stack,
  i6: Interface6,
  src: Ip6,
  target: Ip6,
  dst: Ip6,
  toMac: Mac | undefined,
  options: readonly NdOption[],
): void {
  const message: ndp.Ndp = { kind: 'neighbor-solicitation', target, options }
  sendNdp(ip6, i6, src, dst, message, toMac)
}

export function sendNdp(ip6: Ip6Stack, i6: Interface6, src: Ip6, dst: Ip6, message: ndp.Ndp, toMac?: Mac): void {
  sendDirect(ip6, i6, {
    src,
    dst,
    hopLimit: ndp.HOP_LIMIT,
    length: ndp.len(message),
    write: (out, at) => ndp.emit(message, out, at, { src, dst }),
    ...(toMac === undefined ? {} : { toMac }),
  })
}

/** Section 7.2.3: somebody asks for an address. Answers why the question is worth nothing, or undefined. */
export function receiveSolicitation(
  ip6: Ip6Stack,
  i6: Interface6,
  src: Ip6,
  dst: Ip6,
  { target, options }: Extract<ndp.Ndp, { kind: 'neighbor-solicitation' }>,
): string | undefined {
  if (isMulticastIp6(target)) return 'ndp: the target is a group'
  const mac = ndp.linkAddress(options, 'source-link')
  if (src === 0n && (dst !== solicitedNode(target) || mac !== undefined)) return 'ndp: asked by nobody'
  const own = i6.address(target)
  if (own === undefined || own.state === 'duplicate') return undefined
  if (own.state === 'tentative') {
    heardSolicitation(ip6, i6, own, src, options)
    return undefined
  }
  if (src !== 0n && mac !== undefined) heard(ip6, i6, src, mac)
  const answer: ndp.Ndp = {
    kind: 'neighbor-advertisement',
    router: i6.forwarding,
    solicited: src !== 0n,
    override: true,
    target,
    options: [{ type: 'target-link', mac: i6.via.mac }],
  }
  sendNdp(ip6, i6, target, src === 0n ? 0xff020000000000000000000000000001n : src, answer)
  return undefined
}

/** A link address that came with a question or a router's word: true, but not proof that we are heard (section 7.2.3). */
export function heard(ip6: Ip6Stack, i6: Interface6, ip: Ip6, mac: Mac): Neighbor6 {
  const known = i6.neighbors.get(ip)
  if (known === undefined) {
    const entry = create(ip6, i6, ip, 'stale', mac)
    ip6.sim.touch(ip6)
    return entry
  }
  if (known.state === 'permanent') return known
  if (known.mac !== mac || known.state === 'incomplete' || known.state === 'unreachable') settle(ip6, i6, known, mac, false)
  return known
}

function settle(ip6: Ip6Stack, i6: Interface6, entry: Neighbor6, mac: Mac, confirmed: boolean): void {
  if (confirmed) entry.times.confirmed = ip6.sim.now
  entry.times.updated = ip6.sim.now
  entry.mac = mac
  entry.state = confirmed ? 'reachable' : 'stale'
  entry.reachableUntil = confirmed ? ip6.sim.now + reachableTime(ip6, i6) : 0
  entry.probes = 0
  entry.due = NEVER
  const { waiting } = entry
  entry.waiting = []
  if (waiting.length > 0 && !confirmed) {
    entry.state = 'delay'
    entry.due = ip6.sim.now + DELAY_FIRST_PROBE
  }
  i6.neighbors.rearm()
  ip6.sim.touch(ip6)
  for (const frame of waiting) {
    put48(frame.bytes, 0, mac)
    transmit(ip6.stack, i6.via, frame)
  }
}

/** Section 7.2.5. */
export function receiveAdvertisement(
  ip6: Ip6Stack,
  i6: Interface6,
  dst: Ip6,
  { target, router, solicited, override, options }: Extract<ndp.Ndp, { kind: 'neighbor-advertisement' }>,
): string | undefined {
  if (isMulticastIp6(target) || (solicited && isMulticastIp6(dst))) return 'ndp: the target or the answer is a group'
  const own = i6.address(target)
  if (own !== undefined) {
    if (own.state === 'tentative') taken(ip6, i6, own, ndp.linkAddress(options, 'target-link') ?? 0)
    return undefined
  }
  const entry = i6.neighbors.get(target)
  if (entry === undefined || entry.state === 'permanent') return undefined
  const mac = ndp.linkAddress(options, 'target-link')
  const wasRouter = entry.isRouter
  if (entry.state === 'incomplete' || entry.state === 'unreachable') {
    if (mac === undefined) return 'ndp: an answer without a link address'
    entry.isRouter = router
    settle(ip6, i6, entry, mac, solicited)
    if (!solicited && entry.due === NEVER) entry.state = 'stale'
  } else {
    const other = mac !== undefined && mac !== entry.mac
    if (other && !override) {
      if (entry.state === 'reachable') entry.state = 'stale'
      return undefined
    }
    entry.isRouter = router
    if (solicited) settle(ip6, i6, entry, mac ?? entry.mac, true)
    else if (other) settle(ip6, i6, entry, mac, false)
  }
  // Who was a router and is none any more leads nowhere (section 7.2.5).
  if (wasRouter && !entry.isRouter) ip6.routerLeft(i6, target)
  return undefined
}

export function pollNeighbors6(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  for (const entry of [...i6.neighbors.all]) {
    if (entry.due > now) continue
    if (entry.state === 'delay') {
      entry.state = 'probe'
      entry.probes = 0
    }
    if (entry.probes < MAX_PROBES) ask(ip6, i6, entry)
    else giveUp(ip6, i6, entry)
  }
  i6.neighbors.rearm()
}

/** Nobody answered: what waited is undeliverable, and another router is tried from now on. */
function giveUp(ip6: Ip6Stack, i6: Interface6, entry: Neighbor6): void {
  entry.state = 'unreachable'
  entry.due = NEVER
  const { waiting } = entry
  entry.waiting = []
  i6.neighbors.rearm()
  ip6.cachedPaths().clear()
  for (const frame of waiting) {
    ip6.recorder.see(i6.via.vantage, true, frame, NO_NEIGHBOR, `${formatIp6(entry.ip)} on ${i6.via.name}`)
    unresolved6(ip6, frame)
  }
}
