// A router says what it is and what prefixes there are: RFC 4861 section 6.2, RFC 8106.
import { MILLISECOND, type Micros, NEVER, SECOND } from '../../sim/time.ts'
import { ALL_NODES, ALL_ROUTERS, type Ip6 } from '../../wire/addresses.ts'
import * as ndp from '../../wire/ndp.ts'
import type { NdOption } from '../../wire/ndp-options.ts'
import { heard, sendNdp } from './discovery.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { joinGroup } from './listener.ts'

/** MaxRtrAdvInterval and MinRtrAdvInterval, and how quickly the first ones follow each other (sections 6.2.1 and 10). */
const MAX_INTERVAL = 600 * SECOND
const MIN_INTERVAL = 198 * SECOND
const INITIAL_INTERVAL = 16 * SECOND
const INITIAL_ADVERTISEMENTS = 3
const MIN_DELAY = 3 * SECOND
const MAX_ANSWER_DELAY = 500 * MILLISECOND
/** RFC 8106 section 5.1: three times the longest interval. */
const DNS_LIFETIME = 3 * 600

export function startAdvertising(ip6: Ip6Stack, i6: Interface6): void {
  joinGroup(ip6, i6, ALL_ROUTERS)
  if (i6.advertising === undefined) return
  i6.advertisements = 0
  i6.advertisedAt = -NEVER
  // The first one goes out when the link-local address is ours.
  i6.advertiseAt = NEVER
}

/** The link-local address can be spoken from. */
export function firstAdvertisement(ip6: Ip6Stack, i6: Interface6): void {
  if (i6.advertising === undefined) return
  i6.advertiseAt = ip6.sim.now
  ip6.sim.touch(ip6)
}

export function pollAdvertisements(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  if (i6.advertiseAt > now) return
  const own = i6.linkLocal
  if (i6.advertising === undefined || own?.state !== 'preferred' || !i6.forwarding) {
    i6.advertiseAt = NEVER
    return
  }
  advertise(ip6, i6, own.ip, ALL_NODES, i6.advertising.lifetime)
  i6.advertisements++
  i6.advertisedAt = now
  const usual = MIN_INTERVAL + ip6.random.below(MAX_INTERVAL - MIN_INTERVAL)
  i6.advertiseAt = now + (i6.advertisements < INITIAL_ADVERTISEMENTS ? Math.min(usual, INITIAL_INTERVAL) : usual)
}

/** A host asks: all are told, soon but not at once, and not more often than every three seconds (section 6.2.6). */
export function receiveRouterSolicitation(
  ip6: Ip6Stack,
  i6: Interface6,
  src: Ip6,
  { options }: Extract<ndp.Ndp, { kind: 'router-solicitation' }>,
): string | undefined {
  const mac = ndp.linkAddress(options, 'source-link')
  if (src === 0n && mac !== undefined) return 'ndp: asked by nobody'
  if (!i6.forwarding || i6.advertising === undefined) return undefined
  if (src !== 0n && mac !== undefined) heard(ip6, i6, src, mac)
  const at = Math.max(ip6.sim.now, i6.advertisedAt + MIN_DELAY) + ip6.random.below(MAX_ANSWER_DELAY)
  if (at < i6.advertiseAt) i6.advertiseAt = at
  ip6.sim.touch(ip6)
  return undefined
}

/** The router goes: nobody is to send anything to it any more (section 6.2.5). */
export function lastAdvertisement(ip6: Ip6Stack, i6: Interface6): void {
  const own = i6.linkLocal
  if (i6.advertising !== undefined && i6.forwarding && own?.state === 'preferred' && i6.via.up)
    advertise(ip6, i6, own.ip, ALL_NODES, 0)
  i6.advertiseAt = NEVER
}

function advertise(ip6: Ip6Stack, i6: Interface6, src: Ip6, dst: Ip6, lifetime: number): void {
  const { prefixes, dnsServers, domains, mtu, managed, other } = i6.advertising as NonNullable<Interface6['advertising']>
  const options: NdOption[] = [{ type: 'source-link', mac: i6.via.mac }]
  if (mtu > 0) options.push({ type: 'mtu', mtu })
  for (const { prefix, length, valid, preferred } of prefixes)
    options.push({ type: 'prefix', prefix, length, onLink: true, autonomous: true, valid, preferred })
  if (dnsServers.length > 0) options.push({ type: 'rdnss', lifetime: DNS_LIFETIME, servers: dnsServers })
  if (domains.length > 0) options.push({ type: 'dnssl', lifetime: DNS_LIFETIME, names: domains })
  sendNdp(ip6, i6, src, dst, {
    kind: 'router-advertisement',
    hopLimit: 64,
    managed,
    other,
    preference: ndp.MEDIUM,
    lifetime,
    reachableTime: 0,
    retransTimer: 0,
    options,
  })
}
