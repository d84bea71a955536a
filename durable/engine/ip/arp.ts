// ARP (RFC 826) and the life of a neighbour (RFC 4861 section 7.3; timings in neighbors.ts).
import type { Frame } from '../link/frame.ts'
import { verdictNumber } from '../link/verdict.ts'
import type { Micros } from '../sim/time.ts'
import { NEVER } from '../sim/time.ts'
import { formatIp, type Ip4, MAC_BROADCAST, type Mac } from '../wire/addresses.ts'
import * as arp from '../wire/arp.ts'
import { newFrame } from '../wire/bytes.ts'
import * as ethernet from '../wire/ethernet.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { hostUnreachable } from './icmp.ts'
import type { Interface } from './interface.ts'
import {
  BASE_REACHABLE_TIME,
  DELAY_FIRST_PROBE,
  MAX_PROBES,
  MAX_WAITING,
  type Neighbor,
  RETRANS_TIMER,
  TABLE_LIMIT,
} from './neighbors.ts'
import { newPacket, transmit } from './output.ts'
import { probeAnswered } from './probe.ts'
import type { Stack } from './stack.ts'

const NO_NEIGHBOR = verdictNumber('no-neighbor')
const TABLE_FULL = verdictNumber('table-full')
const REQUEST = 1
const REPLY = 2

/** The link address of a neighbour, or -1: it is being asked for and the frame waits. */
export function resolve(stack: Stack, via: Interface, ip: Ip4, frame: Frame): Mac {
  const neighbors = via.neighbors
  let entry = neighbors.get(ip)
  if (entry === undefined) {
    if (!makeRoom(stack, via)) {
      stack.recorder.see(via.vantage, true, frame, TABLE_FULL, `${TABLE_LIMIT} permanent neighbors on ${via.name}`)
      return -1
    }
    entry = neighbors.add(ip, 'incomplete', 0, stack.sim.now)
    ask(stack, via, entry, ipv4.src(frame.bytes, ethernet.HEADER_LEN))
  }
  entry.times.used = stack.sim.now
  switch (entry.state) {
    case 'permanent':
    case 'delay':
    case 'probe':
      return entry.mac
    case 'reachable':
      if (entry.reachableUntil < stack.sim.now) {
        entry.state = 'delay'
        entry.due = stack.sim.now + DELAY_FIRST_PROBE
        neighbors.rearm()
        stack.sim.touch(stack)
      }
      return entry.mac
    case 'unreachable':
      entry.state = 'incomplete'
      entry.probes = 0
      ask(stack, via, entry, ipv4.src(frame.bytes, ethernet.HEADER_LEN))
      break
    case 'incomplete':
      break
    default:
      entry.state satisfies never
  }
  entry.waiting.push(frame)
  if (entry.waiting.length > MAX_WAITING) {
    const oldest = entry.waiting.shift() as Frame
    stack.recorder.see(via.vantage, true, oldest, NO_NEIGHBOR, `more than ${MAX_WAITING} packets wait for ${formatIp(ip)}`)
  }
  return -1
}

/** False: there is no room for another neighbour. */
function makeRoom(stack: Stack, via: Interface): boolean {
  const gone = via.neighbors.makeRoom()
  if (gone === undefined || gone === 'full') return gone === undefined
  for (const frame of gone.waiting)
    stack.recorder.see(via.vantage, true, frame, TABLE_FULL, `${formatIp(gone.ip)} was the oldest of ${TABLE_LIMIT} neighbors`)
  return true
}

/** `onBehalf`: the source of the packet that waits, where it is known. */
function ask(stack: Stack, via: Interface, entry: Neighbor, onBehalf: Ip4 = 0): void {
  entry.probes++
  entry.times.probes = entry.probes + (entry.state === 'probe' ? 0 : MAX_PROBES)
  entry.due = stack.sim.now + RETRANS_TIMER
  via.neighbors.rearm()
  stack.sim.touch(stack)
  const source = stack.policy?.arpSource(via, entry.ip, onBehalf) ?? (via.addressFor(entry.ip) ?? via.primary)?.ip ?? 0
  sendArp(stack, via, REQUEST, source, 0, entry.ip, entry.state === 'probe' ? entry.mac : MAC_BROADCAST)
}

export function sendArp(stack: Stack, via: Interface, op: 1 | 2, senderIp: Ip4, targetMac: Mac, targetIp: Ip4, to: Mac): void {
  const bytes = newFrame(ethernet.HEADER_LEN + arp.len())
  ethernet.emit(bytes, to, via.mac, ethernet.TYPE_ARP)
  arp.emit({ op, senderMac: via.mac, senderIp, targetMac, targetIp }, bytes, ethernet.HEADER_LEN)
  transmit(stack, via, newPacket(stack, bytes))
}

/** RFC 826 "packet reception": learn from the sender, then answer if the question is about us. */
export function receiveArp(stack: Stack, via: Interface, frame: Frame): void {
  const message = arp.parse(frame.bytes, ethernet.HEADER_LEN, frame.bytes.length)
  if (typeof message === 'string') return stack.drop('malformed', message)
  const { senderIp, senderMac, targetIp } = message
  if (probeAnswered(stack, via, message)) return
  // A weak host is one host on all its interfaces; what it answers for is told by its parameters.
  const forUs = stack.policy
    ? message.op === REQUEST
      ? stack.policy.answersArp(via, senderIp, targetIp)
      : stack.ownerOf(targetIp) !== undefined
    : via.has(targetIp)
  if (senderIp !== 0) learn(stack, via, senderIp, senderMac, forUs, message.op === REPLY && forUs)
  // The answer to a probe names nobody (RFC 5227 section 1.1).
  if (message.op === REPLY && (forUs || targetIp === 0))
    for (const watcher of stack.watchers) watcher.arpReply?.(via, senderIp, senderMac)
  if (message.op === REQUEST && forUs) sendArp(stack, via, REPLY, targetIp, senderMac, senderIp, senderMac)
}

/** `create`: an entry is made when there is none. `confirmed`: the answer to our own question proves the way both ways. */
function learn(stack: Stack, via: Interface, ip: Ip4, mac: Mac, create: boolean, confirmed: boolean): void {
  const neighbors = via.neighbors
  let entry = neighbors.get(ip)
  if (entry === undefined) {
    if (!create || !makeRoom(stack, via)) return
    entry = neighbors.add(ip, 'reachable', mac, stack.sim.now)
    // Heard, not confirmed: stale from the start (RFC 4861 section 7.2.3, carried over to ARP).
    entry.reachableUntil = stack.sim.now - 1
    stack.sim.touch(stack)
    return
  }
  if (entry.state === 'permanent') return
  const waiting = entry.waiting
  if (entry.state === 'incomplete' || entry.state === 'unreachable' || confirmed || entry.mac !== mac) {
    if (confirmed) entry.times.confirmed = stack.sim.now
    entry.times.updated = stack.sim.now
    entry.mac = mac
    entry.state = 'reachable'
    entry.due = NEVER
    entry.probes = 0
    entry.waiting = []
    const known = confirmed || waiting.length > 0
    entry.reachableUntil = known ? stack.sim.now + reachableTime(stack) : stack.sim.now - 1
    neighbors.rearm()
    stack.sim.touch(stack)
    for (const frame of waiting) {
      ethernet.setDst(frame.bytes, mac)
      transmit(stack, via, frame)
    }
  }
}

/** BaseReachableTime times a random factor of 0.5 to 1.5 (RFC 4861 section 6.3.2). */
const reachableTime = (stack: Stack): Micros => BASE_REACHABLE_TIME / 2 + stack.random.below(BASE_REACHABLE_TIME)

export function pollNeighbors(stack: Stack, via: Interface, now: Micros): void {
  for (const entry of [...via.neighbors.all]) {
    if (entry.due > now) continue
    if (entry.state === 'delay') {
      entry.state = 'probe'
      entry.probes = 0
    }
    if (entry.probes < MAX_PROBES) ask(stack, via, entry)
    else giveUp(stack, via, entry)
  }
  via.neighbors.rearm()
}

/** Nobody answered: what waited is undeliverable, and those who sent it are told. */
function giveUp(stack: Stack, via: Interface, entry: Neighbor): void {
  entry.state = 'unreachable'
  entry.due = NEVER
  const waiting = entry.waiting
  entry.waiting = []
  via.neighbors.rearm()
  for (const frame of waiting) {
    stack.recorder.see(via.vantage, true, frame, NO_NEIGHBOR, `${formatIp(entry.ip)} on ${via.name}`)
    hostUnreachable(stack, frame)
  }
}
