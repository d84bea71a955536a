// A host looks for routers and believes what they say: RFC 4861 section 6.3, RFC 4862 section 5.5, RFC 4191, RFC 8106.
import { HOUR, type Micros, NEVER, SECOND } from '../../sim/time.ts'
import { ALL_ROUTERS, type Ip6, isLinkLocalIp6, isMulticastIp6, networkOf6 } from '../../wire/addresses.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import * as ndp from '../../wire/ndp.ts'
import { INFINITE, type NdOption, type PrefixOption } from '../../wire/ndp-options.ts'
import { heard, sendNdp } from './discovery.ts'
import { identifierFor, TEMPORARY_PREFERRED, TEMPORARY_VALID, temporaryId } from './identifiers.ts'
import { type Interface6, type Limits6, MAX_ADDRESSES, MAX_DNS, type Timed } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'

/** RFC 4861 section 10. */
const MAX_SOLICITATIONS = 3
const SOLICITATION_INTERVAL = 4 * SECOND
const MAX_DELAY = SECOND
/** RFC 4862 section 5.5.3 (e): no advertisement can take a valid address away in less. */
const TWO_HOURS = 2 * HOUR

const until = (ip6: Ip6Stack, seconds: number): Micros => (seconds === INFINITE ? NEVER : ip6.sim.now + seconds * SECOND)

/** The link-local address is ours: now routers may be asked, unless one has spoken already. */
export function startSoliciting(ip6: Ip6Stack, i6: Interface6): void {
  if (i6.forwarding || !i6.acceptsRa || ip6.hasRouter(i6)) return
  i6.solicitations = 0
  i6.solicitAt = ip6.sim.now + ip6.random.below(MAX_DELAY)
  ip6.sim.touch(ip6)
}

/** As people decide. What routers said is forgotten with it, on Windows; nobody else asks for it here. */
export function setRouterDiscovery(ip6: Ip6Stack, i6: Interface6, on: boolean): void {
  if (i6.acceptsRa === on) return
  i6.acceptsRa = on
  if (on && i6.linkLocal?.state === 'preferred') startSoliciting(ip6, i6)
  if (!on) {
    for (const { ip, origin } of i6.addresses) if (origin === 'ra' || origin === 'temporary') ip6.removeAddress(i6, ip)
    ip6.routes.remove((route) => route.interface === i6.via.index && route.origin === 'ra')
    Object.assign(i6, { hopLimit: 0, linkMtu: 0, reachableTime: 0, retransTimer: 0, managed: false, other: false })
    Object.assign(i6, { solicitAt: NEVER, dnsServers: [], domains: [] })
  }
  ip6.changed()
}

export function pollSolicitations(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  if (i6.solicitAt > now) return
  const own = i6.linkLocal
  if (i6.solicitations >= MAX_SOLICITATIONS || own?.state !== 'preferred') {
    i6.solicitAt = NEVER
    return
  }
  i6.solicitations++
  // After the last one a router still has a moment to answer.
  i6.solicitAt = now + (i6.solicitations < MAX_SOLICITATIONS ? SOLICITATION_INTERVAL : MAX_DELAY)
  sendNdp(ip6, i6, own.ip, ALL_ROUTERS, { kind: 'router-solicitation', options: [{ type: 'source-link', mac: i6.via.mac }] })
}

export function receiveRouterAdvertisement(
  ip6: Ip6Stack,
  i6: Interface6,
  src: Ip6,
  told: ndp.RouterAdvertisement,
): string | undefined {
  if (!isLinkLocalIp6(src)) return 'ndp: a router speaks from its link-local address'
  if (i6.forwarding || !i6.acceptsRa) return undefined
  i6.solicitAt = NEVER
  const mac = ndp.linkAddress(told.options, 'source-link')
  const entry = mac === undefined ? i6.neighbors.get(src) : heard(ip6, i6, src, mac)
  if (entry !== undefined) entry.isRouter = true
  if (told.lifetime > 0) learnRoute(ip6, i6, 0n, 0, src, told.preference, ip6.sim.now + told.lifetime * SECOND)
  else forgetRoute(ip6, i6, 0n, 0, src)
  const { hopLimit, linkMtu } = i6
  if (told.hopLimit > 0) i6.hopLimit = told.hopLimit
  if (told.reachableTime > 0 && told.reachableTime <= 3_600_000) i6.reachableTime = told.reachableTime
  if (told.retransTimer > 0 && told.retransTimer <= 60_000) i6.retransTimer = told.retransTimer
  i6.managed = told.managed
  i6.other = told.other
  for (const option of told.options) believe(ip6, i6, src, option)
  // Routes and addresses tell of their changes themselves: most advertisements say nothing new.
  if (i6.hopLimit !== hopLimit || i6.linkMtu !== linkMtu) ip6.changed()
  ip6.sim.touch(ip6)
  ip6.advertised(i6, told)
  return undefined
}

function believe(ip6: Ip6Stack, i6: Interface6, router: Ip6, option: NdOption): void {
  switch (option.type) {
    case 'prefix':
      return believePrefix(ip6, i6, option)
    case 'mtu':
      if (option.mtu >= ipv6.MIN_MTU && option.mtu <= i6.via.mtu) i6.linkMtu = option.mtu
      return
    case 'route':
      if (option.preference === 2) return
      if (option.lifetime === 0) return forgetRoute(ip6, i6, option.prefix, option.length, router)
      return learnRoute(ip6, i6, option.prefix, option.length, router, option.preference, until(ip6, option.lifetime))
    case 'rdnss':
      for (const server of option.servers)
        if (!isMulticastIp6(server)) i6.dnsServers = learned(ip6, i6.dnsServers, server, option.lifetime)
      return
    case 'dnssl':
      for (const name of option.names) i6.domains = learned(ip6, i6.domains, name, option.lifetime)
      return
    default:
      return
  }
}

/** RFC 8106 section 6: what is told again lives longer, what is told with no lifetime goes, and there is room for a few. */
function learned<T>(ip6: Ip6Stack, list: readonly Timed<T>[], value: T, lifetime: number): Timed<T>[] {
  const others = list.filter((entry) => entry.value !== value)
  if (lifetime === 0) return others
  const known = list.find((entry) => entry.value === value)
  const end = until(ip6, lifetime)
  if (known !== undefined) {
    known.until = end
    return [...list]
  }
  return others.length >= MAX_DNS ? others : [...others, { value, until: end }]
}

const PREFERENCES: { readonly [bits: number]: number } = { [ndp.HIGH]: 1, [ndp.MEDIUM]: 0, [ndp.LOW]: -1 }

function learnRoute(
  ip6: Ip6Stack,
  i6: Interface6,
  prefix: Ip6,
  length: number,
  gateway: Ip6,
  preference: number,
  expiresAt: Micros,
): void {
  ip6.routes.put({
    destination: networkOf6(prefix, length),
    prefixLength: length,
    gateway,
    interface: i6.via.index,
    metric: ip6.raMetric,
    origin: 'ra',
    persistent: false,
    preference: PREFERENCES[preference] ?? 0,
    expiresAt,
  })
}

function forgetRoute(ip6: Ip6Stack, i6: Interface6, prefix: Ip6, length: number, gateway: Ip6): void {
  const destination = networkOf6(prefix, length)
  ip6.routes.remove(
    (r) =>
      r.origin === 'ra' &&
      r.interface === i6.via.index &&
      r.gateway === gateway &&
      r.prefixLength === length &&
      r.destination === destination,
  )
}

function believePrefix(ip6: Ip6Stack, i6: Interface6, option: PrefixOption): void {
  const { prefix, length, valid, preferred } = option
  if (isLinkLocalIp6(prefix) || isMulticastIp6(prefix)) return
  if (option.onLink) {
    if (valid === 0) forgetRoute(ip6, i6, prefix, length, 0n)
    else learnRoute(ip6, i6, prefix, length, 0n, ndp.MEDIUM, until(ip6, valid))
  }
  // RFC 4862 section 5.5.3: with identifiers of 64 bits only a prefix of 64 bits makes an address.
  if (!option.autonomous || preferred > valid || length !== 64) return
  const network = networkOf6(prefix, 64)
  const mine = i6.addresses.filter((a) => (a.origin === 'ra' || a.origin === 'temporary') && networkOf6(a.ip, 64) === network)
  for (const address of mine) renew(ip6, address, valid, preferred)
  if (valid === 0 || mine.some((a) => a.origin === 'ra') || i6.addresses.length >= MAX_ADDRESSES) return
  ip6.addAddress(i6, {
    ip: network | identifierFor(ip6, i6, network, 0),
    prefixLength: 64,
    origin: 'ra',
    preferredUntil: until(ip6, preferred),
    validUntil: until(ip6, valid),
  })
  if (ip6.options.temporary && preferred > 0) addTemporary(ip6, i6, network, valid, preferred)
}

function renew(ip6: Ip6Stack, address: Interface6['addresses'][number], valid: number, preferred: number): void {
  const { now } = ip6.sim
  // One whose own time is over stays as it is; so does one from a lab of before it was kept.
  const limits = address.origin === 'temporary' ? (address.limits ?? SPENT) : ENDLESS
  const deprecated = address.preferredUntil <= now
  if (limits.preferred > now) address.preferredUntil = Math.min(until(ip6, preferred), limits.preferred)
  // Which address is spoken from depends on it.
  if (address.preferredUntil <= now !== deprecated) ip6.changed()
  const offered = Math.min(until(ip6, valid), Math.max(limits.valid, address.validUntil))
  // (e): a forged advertisement must not take an address away at once.
  if (valid * SECOND > TWO_HOURS || offered > address.validUntil) address.validUntil = offered
  else if (address.validUntil - now > TWO_HOURS) address.validUntil = now + TWO_HOURS
  ip6.sim.touch(ip6)
}

const ENDLESS: Limits6 = { preferred: NEVER, valid: NEVER }
const SPENT: Limits6 = { preferred: 0, valid: 0 }

/** RFC 8981 section 3.4: a temporary address beside the public one, living no longer than the prefix, nor longer than it may itself. */
export function addTemporary(ip6: Ip6Stack, i6: Interface6, network: Ip6, valid: number, preferred: number): void {
  if (i6.addresses.length >= MAX_ADDRESSES) return
  const { now } = ip6.sim
  // DESYNC_FACTOR: so that not every machine changes its address at the same moment.
  const early = ip6.random.below(Math.floor(TEMPORARY_PREFERRED / 2.5 / SECOND)) * SECOND
  const limits = { preferred: now + TEMPORARY_PREFERRED - early, valid: now + TEMPORARY_VALID }
  ip6.addAddress(i6, {
    ip: network | temporaryId(ip6),
    prefixLength: 64,
    origin: 'temporary',
    validUntil: Math.min(limits.valid, until(ip6, valid)),
    preferredUntil: Math.min(limits.preferred, until(ip6, preferred)),
    limits,
  })
}

/** Temporary addresses that have grown old get a successor; those without time left go. */
export function pollLifetimes(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  for (const address of [...i6.addresses]) {
    if (address.validUntil <= now) {
      ip6.removeAddress(i6, address.ip)
      continue
    }
    if (address.origin !== 'temporary' || address.preferredUntil > now || address.preferredUntil === 0) continue
    // Zero: its successor has been made, and it only waits for its end.
    const network = networkOf6(address.ip, 64)
    address.preferredUntil = 0
    const stable = i6.addresses.find((a) => a.origin === 'ra' && networkOf6(a.ip, 64) === network)
    if (stable === undefined || stable.preferredUntil <= now) continue
    const seconds = (at: Micros) => (at === NEVER ? INFINITE : Math.max(0, Math.floor((at - now) / SECOND)))
    addTemporary(ip6, i6, network, seconds(stable.validUntil), seconds(stable.preferredUntil))
  }
  const [servers, domains] = [i6.dnsServers.length, i6.domains.length]
  i6.dnsServers = i6.dnsServers.filter((entry) => entry.until > now)
  i6.domains = i6.domains.filter((entry) => entry.until > now)
  if (i6.dnsServers.length !== servers || i6.domains.length !== domains) ip6.changed()
}
