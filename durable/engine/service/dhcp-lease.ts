// What a DHCP client holds, and how it stands on the interface while it holds it.
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import type { DhcpFields } from './dhcp-fields.ts'

export type Lease = {
  readonly ip: Ip4
  readonly prefixLength: number
  readonly server: Ip4
  readonly routers: readonly Ip4[]
  readonly dns: readonly Ip4[]
  readonly domain: string
  readonly obtainedAt: Micros
  readonly renewAt: Micros
  readonly rebindAt: Micros
  readonly expiresAt: Micros
}

export type StoredLease = Omit<Lease, 'renewAt' | 'rebindAt' | 'expiresAt'> & {
  readonly renewAt: number | null
  readonly rebindAt: number | null
  readonly expiresAt: number | null
}

/** RFC 2131 section 3.3. */
const INFINITE = 0xffffffff

/** The lease of an acknowledgement, or why it is none. */
export function leaseOf(ack: DhcpFields, now: Micros): Lease | string {
  const seconds = ack.leaseSeconds
  const server = ack.serverId
  const prefixLength = ack.prefixLength
  if (ack.yiaddr === 0) return 'no address'
  if (seconds === undefined || seconds === 0) return 'no lease time'
  if (server === undefined) return 'no server identifier'
  if (prefixLength < 0) return 'a subnet mask with a hole'
  const never = seconds === INFINITE
  // RFC 2131 section 4.4.5: half of the time, and seven eighths.
  const renewal = ack.renewal ?? Math.floor(seconds / 2)
  const rebinding = ack.rebinding ?? Math.floor((seconds * 7) / 8)
  return {
    ip: ack.yiaddr,
    prefixLength,
    server,
    routers: ack.routers,
    dns: ack.dns,
    domain: ack.domainName,
    obtainedAt: now,
    renewAt: never ? NEVER : now + Math.min(renewal, seconds) * SECOND,
    rebindAt: never ? NEVER : now + Math.min(Math.max(rebinding, renewal), seconds) * SECOND,
    expiresAt: never ? NEVER : now + seconds * SECOND,
  }
}

export const storeLease = (lease: Lease): StoredLease => ({
  ...lease,
  renewAt: storeTime(lease.renewAt),
  rebindAt: storeTime(lease.rebindAt),
  expiresAt: storeTime(lease.expiresAt),
})

export const loadLease = (stored: StoredLease): Lease => ({
  ...stored,
  renewAt: loadTime(stored.renewAt),
  rebindAt: loadTime(stored.rebindAt),
  expiresAt: loadTime(stored.expiresAt),
})

/** Gateway, DNS servers and suffix of a lease whose address is usable. Manual DNS servers are left alone. */
export function applyLease(stack: Stack, via: Interface, lease: Lease, linux: boolean, manualDns: boolean): void {
  const gateway = lease.routers[0] ?? 0
  const metric = stack.profile.dhcpMetric
  const route = { interface: via.index, metric, origin: 'dhcp', persistent: false } as const
  stack.routes.remove((r) => r.interface === via.index && r.origin === 'dhcp')
  if (gateway !== 0) {
    stack.routes.add({ destination: 0, prefixLength: 0, gateway, ...route })
    // systemd-networkd adds it so that the gateway is reachable whatever the mask says (fact sheet 3.8).
    if (linux) stack.routes.add({ destination: gateway, prefixLength: 32, gateway: 0, ...route })
  }
  if (!manualDns) via.dnsServers = [...lease.dns]
  via.dnsSuffix = lease.domain
  stack.sim.touch(stack)
}

export function removeLease(stack: Stack, via: Interface, ip: Ip4, manualDns: boolean): void {
  if (via.addresses.some((a) => a.ip === ip && a.origin === 'dhcp')) stack.removeAddress(via, ip)
  stack.routes.remove((r) => r.interface === via.index && r.origin === 'dhcp')
  if (!manualDns) via.dnsServers = []
  via.dnsSuffix = ''
  stack.sim.touch(stack)
}
