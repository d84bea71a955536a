// Labels stand as Windows prints them: two have a double space before the dots, so no rule makes them.
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../engine/machine/views.ts'
import { civil, localMicros, longDateTime } from './calendar.ts'
import { dashed, isV6, maskText } from './network.ts'
import { addressesOf6, zoned } from './six.ts'

const labels = {
  host: 'Host Name . . . . . . . . . . . . :',
  primarySuffix: 'Primary Dns Suffix  . . . . . . . :',
  nodeType: 'Node Type . . . . . . . . . . . . :',
  routing: 'IP Routing Enabled. . . . . . . . :',
  wins: 'WINS Proxy Enabled. . . . . . . . :',
  search: 'DNS Suffix Search List. . . . . . :',
  media: 'Media State . . . . . . . . . . . :',
  suffix: 'Connection-specific DNS Suffix  . :',
  description: 'Description . . . . . . . . . . . :',
  physical: 'Physical Address. . . . . . . . . :',
  dhcp: 'DHCP Enabled. . . . . . . . . . . :',
  auto: 'Autoconfiguration Enabled . . . . :',
  ipv6: 'IPv6 Address. . . . . . . . . . . :',
  temporary: 'Temporary IPv6 Address. . . . . . :',
  linkLocal: 'Link-local IPv6 Address . . . . . :',
  ipv4: 'IPv4 Address. . . . . . . . . . . :',
  autoIpv4: 'Autoconfiguration IPv4 Address. . :',
  mask: 'Subnet Mask . . . . . . . . . . . :',
  obtained: 'Lease Obtained. . . . . . . . . . :',
  expires: 'Lease Expires . . . . . . . . . . :',
  gateway: 'Default Gateway . . . . . . . . . :',
  server: 'DHCP Server . . . . . . . . . . . :',
  iaid: 'DHCPv6 IAID . . . . . . . . . . . :',
  duid: 'DHCPv6 Client DUID. . . . . . . . :',
  dns: 'DNS Servers . . . . . . . . . . . :',
  netbios: 'NetBIOS over Tcpip. . . . . . . . :',
} as const

const row = (label: keyof typeof labels, value: string): string => `   ${labels[label]} ${value}`
const more = (value: string): string => `${' '.repeat(39)}${value}`

const several = (label: keyof typeof labels, values: readonly string[]): string[] => [
  row(label, values[0] ?? ''),
  ...values.slice(1).map(more),
]

export function fullHeader(kernel: Kernel): string[] {
  return [
    row('host', kernel.identity().hostname),
    row('primarySuffix', ''),
    row('nodeType', 'Hybrid'),
    row('routing', 'No'),
    row('wins', 'No'),
    ...(kernel.dnsSuffixes().length === 0 ? [] : several('search', kernel.dnsSuffixes())),
  ]
}

const kinds: Record<InterfaceView['kind'], string> = {
  ethernet: 'Ethernet',
  virtual: 'Ethernet',
  wifi: 'Wireless LAN',
  ppp: 'PPP',
  loopback: 'Loopback',
}

export function adapterLines(kernel: Kernel, one: InterfaceView, all: boolean): string[] {
  const lines = ['', `${kinds[one.kind]} adapter ${one.name}:`, '']
  if (!one.up) lines.push(row('media', 'Media disconnected'))
  lines.push(row('suffix', one.dnsSuffix))
  if (all) {
    lines.push(row('description', one.description), row('physical', dashed(one.mac)))
    lines.push(row('dhcp', one.dhcp ? 'Yes' : 'No'), row('auto', 'Yes'))
  }
  if (!one.up) return lines
  lines.push(...addressLines6(kernel, one, all))
  for (const address of one.addresses) {
    if (isV6(address.address)) continue
    const state = { preferred: '(Preferred) ', tentative: '(Tentative) ', duplicate: '(Duplicate) ' }[address.state]
    lines.push(
      row(address.origin === 'link-local' ? 'autoIpv4' : 'ipv4', `${address.address}${all ? state : ''}`),
      row('mask', maskText(address.prefixLength)),
    )
  }
  if (all && one.lease !== null) lines.push(...leaseLines(kernel, one.lease))
  lines.push(...several('gateway', [...(one.ip6?.gateways ?? []).map((gateway) => zoned(gateway, one.index)), ...one.gateways]))
  if (!all) return lines
  if (one.dhcp && one.lease !== null && one.lease.server !== '') lines.push(row('server', one.lease.server))
  if (one.linkLocal6 !== '' && one.mac !== '') lines.push(row('iaid', iaid(one)), row('duid', duid(kernel)))
  const none = one.linkLocal6 === '' ? [] : [1, 2, 3].map((n) => `fec0:0:0:ffff::${n}%1`)
  const given = [...(one.ip6?.dnsServers ?? []), ...one.dnsServers]
  const servers = given.length > 0 ? given : none
  if (servers.length > 0) lines.push(...several('dns', servers))
  lines.push(row('netbios', 'Enabled'))
  return lines
}

const states6 = { preferred: '(Preferred) ', tentative: '(Tentative) ', deprecated: '(Deprecated) ', duplicate: '(Duplicate) ' }

/** Global addresses first, temporary ones behind them, the link-local one last; one from DHCPv6 tells its lease. */
function addressLines6(kernel: Kernel, one: InterfaceView, all: boolean): string[] {
  const order = ['manual', 'ra', 'dhcp', 'temporary', 'link-local']
  const found = addressesOf6(one).filter((a) => order.includes(a.origin))
  return [...found]
    .sort((a, b) => order.indexOf(a.origin) - order.indexOf(b.origin))
    .flatMap((a) => {
      const label = a.origin === 'temporary' ? 'temporary' : a.address.startsWith('fe80:') ? 'linkLocal' : 'ipv6'
      const line = row(label, `${zoned(a.address, one.index)}${all ? states6[a.state] : ''}`)
      if (!all || a.origin !== 'dhcp' || a.validUntil === null) return [line]
      return [line, row('expires', longDateTime(civil(localMicros(kernel.clock(), a.validUntil))))]
    })
}

function leaseLines(kernel: Kernel, lease: NonNullable<InterfaceView['lease']>): string[] {
  const when = (at: number) => longDateTime(civil(localMicros(kernel.clock(), at)))
  return [
    ...(lease.obtainedAt === null ? [] : [row('obtained', when(lease.obtainedAt))]),
    ...(lease.expiresAt === null ? [] : [row('expires', when(lease.expiresAt))]),
  ]
}

/** A number of the adapter's own and the first three octets of its MAC. */
const iaid = (one: InterfaceView): string =>
  String((one.kind === 'virtual' ? one.index & 0xff : 6) * 0x1000000 + Number.parseInt(one.mac.slice(0, 6), 16))

/** Type, hardware, the time of installation, and the first adapter's MAC (RFC 8415 section 11.2). */
function duid(kernel: Kernel): string {
  const first =
    kernel.interfaces().find((one) => one.kind === 'ethernet' && one.mac !== '') ??
    kernel.interfaces().find((one) => one.mac !== '')
  return `00-01-00-01-2B-6A-11-40-${dashed(first?.mac ?? '')}`
}
