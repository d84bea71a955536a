// What each table of a machine shows, as text: for people, and for checks that look at rows.
import type { Kernel } from '../machine/kernel.ts'
import { protocolText } from '../service/firewall/rule.ts'
import type { LabApi } from './lab-api.ts'

export const MACHINE_TABLES = [
  'interfaces',
  'neighbors',
  'routes',
  'sockets',
  'dns-cache',
  'dhcp-leases',
  'nat',
  'firewall',
] as const
export type MachineTable = (typeof MACHINE_TABLES)[number]
export type TableText = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

type Shape = { readonly columns: readonly string[]; rows(kernel: Kernel): readonly (readonly string[])[] }

const seconds = (at: number | null, now: number) =>
  at === null ? 'never' : `${Math.max(0, Math.floor((at - now) / 1_000_000))} s`
const colon = (address: string, port: number) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`)
const STANDING = { preferred: '', deprecated: ' (deprecated)', tentative: ' (tentative)', duplicate: ' (duplicate)' } as const
const yes = (value: boolean) => (value ? 'yes' : 'no')
const nameOf = (kernel: Kernel) => {
  const names = new Map(kernel.interfaces().map(({ index, name }) => [index, name]))
  return (index: number) => names.get(index) ?? String(index)
}

/** What each table of a machine shows; times are told as what is left. */
const shapes: { readonly [name in MachineTable]: Shape } = {
  interfaces: {
    columns: ['Name', 'Kind', 'MAC address', 'Link', 'IPv4 addresses', 'IPv6 addresses', 'Gateway', 'DNS servers', 'DHCP'],
    rows: (kernel) =>
      kernel.interfaces().map((one) => {
        const addresses = one.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`)
        const link = one.enabled ? (one.up ? 'up' : 'down') : 'disabled'
        return [
          one.name,
          one.kind,
          one.mac,
          link,
          addresses.join(', '),
          (one.ip6?.addresses ?? []).map((own) => `${own.address}/${own.prefixLength}${STANDING[own.state]}`).join(', '),
          [...one.gateways, ...(one.ip6?.gateways ?? [])].join(', '),
          [...one.dnsServers, ...(one.ip6?.dnsServers ?? [])].join(', '),
          yes(one.dhcp),
        ]
      }),
  },
  neighbors: {
    columns: ['Interface', 'Address', 'MAC address', 'State'],
    rows: (kernel) =>
      [...kernel.neighbors(), ...kernel.neighbors6()].map((one) => [
        nameOf(kernel)(one.interface),
        one.address,
        one.mac,
        one.state,
      ]),
  },
  routes: {
    columns: ['Destination', 'Gateway', 'Interface', 'Metric', 'From'],
    rows: (kernel) => {
      const name = nameOf(kernel)
      return [...kernel.routes(), ...kernel.routes6()].map((one) => [
        `${one.destination}/${one.prefixLength}`,
        one.gateway === '' ? 'on-link' : one.gateway,
        name(one.interface),
        String(one.metric + one.interfaceMetric),
        one.origin,
      ])
    },
  },
  sockets: {
    columns: ['Protocol', 'Local', 'Remote', 'State', 'Process', 'Program'],
    rows: (kernel) =>
      kernel
        .sockets()
        .map((one) => [
          one.protocol.toUpperCase(),
          colon(one.localAddress, one.localPort),
          one.remotePort === 0 ? '*:*' : colon(one.remoteAddress, one.remotePort),
          one.state,
          String(one.pid),
          one.component === '' ? one.image : `${one.image} (${one.component})`,
        ]),
  },
  'dns-cache': {
    columns: ['Entry', 'Type', 'Data', 'Left'],
    rows: (kernel) =>
      kernel
        .dnsCache()
        .map((one) => [one.entry, one.type, one.found ? one.data : 'does not exist', seconds(one.expiresAt, kernel.clock().now)]),
  },
  'dhcp-leases': {
    columns: ['Address', 'MAC address', 'Host name', 'State', 'Left'],
    rows: (kernel) =>
      kernel
        .dhcpServerLeases()
        .map((one) => [one.address, one.mac, one.hostname, one.state, seconds(one.expiresAt, kernel.clock().now)]),
  },
  nat: {
    columns: ['Protocol', 'Inside', 'Outside', 'Remote', 'Left'],
    rows: (kernel) =>
      kernel
        .natSessions()
        .map((one) => [
          one.protocol,
          colon(one.inside, one.insidePort),
          colon(one.outside, one.outsidePort),
          colon(one.remote, one.remotePort),
          seconds(one.expiresAt, kernel.clock().now),
        ]),
  },
  firewall: {
    columns: ['Rule', 'Enabled', 'Direction', 'Action', 'Protocol', 'Local port', 'Local address'],
    rows: (kernel) =>
      (kernel.windowsNet?.firewallRules() ?? []).map((one) => [
        one.displayName,
        yes(one.enabled),
        one.direction,
        one.action,
        protocolText(one.protocol),
        one.localPorts.join(', ') || 'Any',
        one.localAddresses.join(', ') || 'Any',
      ]),
  },
}

/** The columns of a table of machines. */
export const columnsOf = (table: MachineTable): readonly string[] => shapes[table].columns

/** One table of one machine or switch; undefined when the lab has no such thing. */
export function tableText(
  lab: Pick<LabApi, 'kernel' | 'switchTable'>,
  machine: string,
  table: MachineTable | 'switch',
): TableText | undefined {
  if (table === 'switch') {
    const entries = lab.switchTable(machine)
    const rows = entries?.map(({ mac, port, age }) => [mac, port, `${Math.floor(age / 1_000_000)} s`])
    return rows && { columns: ['MAC address', 'Port', 'Age'], rows }
  }
  const kernel = lab.kernel(machine)
  const { columns, rows } = shapes[table]
  return kernel && { columns, rows: rows(kernel) }
}
