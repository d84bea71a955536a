// Whether a rule is about a packet (net/netfilter/xt_*.c, net/ipv4/netfilter/ip_tables.c).
import { type Micros, SECOND } from '../../sim/time.ts'
import { type Ip4, isMulticastIp } from '../../wire/addresses.ts'
import { u16, u48 } from '../../wire/bytes.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { Interface } from '../interface.ts'
import type { Stack } from '../stack.ts'
import type { AddressType, LimitUnit, Match, PortRange, Rule } from './rule.ts'

/** The packet at a place, as matches see it. */
export type Look = {
  readonly stack: Stack
  readonly bytes: Uint8Array
  readonly at: number
  /** Where its transport header begins, and where the packet ends. */
  readonly head: number
  readonly end: number
  readonly from: Interface | undefined
  readonly to: Interface | undefined
  /** Bits of STATES. */
  readonly states: number
  readonly mark: number
}

export function ruleMatches(rule: Rule, look: Look): boolean {
  const { bytes, at } = look
  if (rule.protocol !== 0 && (rule.protocol === ipv4.protocol(bytes, at)) === rule.notProtocol) return false
  if (rule.sourceMask !== 0 && (((ipv4.src(bytes, at) ^ rule.source) & rule.sourceMask) === 0) === rule.notSource) return false
  if (
    rule.destinationMask !== 0 &&
    (((ipv4.dst(bytes, at) ^ rule.destination) & rule.destinationMask) === 0) === rule.notDestination
  )
    return false
  if (rule.in !== '' && nameMatches(rule.in, look.from) === rule.notIn) return false
  if (rule.out !== '' && nameMatches(rule.out, look.to) === rule.notOut) return false
  for (const match of rule.matches) if (!matches(match, look)) return false
  return true
}

function nameMatches(pattern: string, via: Interface | undefined): boolean {
  const name = via?.name ?? ''
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function matches(match: Match, look: Look): boolean {
  const { bytes, at, head, end } = look
  switch (match.kind) {
    case 'comment':
      return true
    case 'tcp':
    case 'udp': {
      if (ipv4.fragmentOffset(bytes, at) > 0 || head + (match.kind === 'tcp' ? 20 : 8) > end) return false
      if (match.sport && within(u16(bytes, head), match.sport) === match.notSport) return false
      if (match.dport && within(u16(bytes, head + 2), match.dport) === match.notDport) return false
      return !match.flags || ((tcp.flags(bytes, head) & match.flags.mask) === match.flags.set) !== match.flags.not
    }
    case 'multiport': {
      if (ipv4.fragmentOffset(bytes, at) > 0 || head + 4 > end) return false
      const [sport, dport] = [u16(bytes, head), u16(bytes, head + 2)]
      const hit = match.ports.some(
        (range) => (match.which !== 'dports' && within(sport, range)) || (match.which !== 'sports' && within(dport, range)),
      )
      return hit !== match.not
    }
    case 'icmp': {
      if (ipv4.fragmentOffset(bytes, at) > 0 || head + 2 > end) return false
      const hit = match.type === 255 || (bytes[head] === match.type && (match.code < 0 || bytes[head + 1] === match.code))
      return hit !== match.not
    }
    case 'state':
    case 'conntrack':
      return ((look.states & match.states) !== 0) !== match.not
    case 'mac':
      return at >= 14 && (u48(bytes, at - 8) === match.mac) !== match.not
    case 'mark':
      return ((look.mark & match.mask) >>> 0 === match.value) !== match.not
    case 'addrtype':
      return (
        (match.source === null || isOfType(look, ipv4.src(bytes, at), match.source) !== match.notSource) &&
        (match.destination === null || isOfType(look, ipv4.dst(bytes, at), match.destination) !== match.notDestination)
      )
    case 'limit':
      return spend(match, look.stack.sim.now)
    default:
      return match satisfies never
  }
}

const within = (port: number, [first, last]: PortRange): boolean => port >= first && port <= last

function isOfType({ stack }: Look, ip: Ip4, type: AddressType): boolean {
  const broadcast = [...stack.interfaces.values()].some((via) => via.isBroadcast(ip))
  const local = stack.ownerOf(ip) !== undefined
  if (type === 'LOCAL') return local
  if (type === 'BROADCAST') return broadcast
  return type === 'MULTICAST' ? isMulticastIp(ip) : !broadcast && !local && !isMulticastIp(ip)
}

export const UNIT_TIME: { readonly [unit in LimitUnit]: Micros } = {
  sec: SECOND,
  min: 60 * SECOND,
  hour: 3600 * SECOND,
  day: 86_400 * SECOND,
}

/** A bucket of `burst` packets that fills at the rate (xt_limit.c). A new one is full. */
function spend(match: Extract<Match, { kind: 'limit' }>, now: Micros): boolean {
  const cost = Math.floor(UNIT_TIME[match.unit] / match.amount)
  const most = cost * match.burst
  match.credit = Math.min(most, match.credit + (now - match.last))
  match.last = now
  if (match.credit < cost) return false
  match.credit -= cost
  return true
}
