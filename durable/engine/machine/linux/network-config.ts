// What a Linux machine's network is configured to be: what its system reads when it starts, from the definition of the lab or
// from netplan's files (https://netplan.readthedocs.io, the keys that Ubuntu 24.04 takes).
import { formatIp, formatIp6, inPrefix, parseCidr, parseIp } from '../../wire/addresses.ts'
import type { MachineDefinition } from '../definition.ts'
import { givenDns } from '../given-dns.ts'

export type RouteConfig = {
  readonly to: string
  readonly via: string
  readonly metric: number
  readonly table: number
  readonly type: string
  readonly onlink: boolean
}
export type RuleConfig = {
  readonly from: string
  readonly to: string
  readonly table: number
  readonly priority: number
  readonly mark: number
}

export type LinkConfig = {
  readonly name: string
  readonly kind: 'ethernet' | 'bridge' | 'vlan'
  readonly dhcp4: boolean
  readonly addresses: readonly string[]
  readonly routes: readonly RouteConfig[]
  readonly rules: readonly RuleConfig[]
  readonly dnsServers: readonly string[]
  readonly search: readonly string[]
  readonly mtu: number
  readonly mac: string
  /** Of a bridge: its ports. Of a VLAN: number and parent. */
  readonly interfaces: readonly string[]
  readonly id: number
  readonly parent: string
}

export type NetworkConfig = { readonly links: readonly LinkConfig[] }

export const newLink = (name: string, kind: LinkConfig['kind'] = 'ethernet'): LinkConfig => ({
  name,
  kind,
  dhcp4: false,
  addresses: [],
  routes: [],
  rules: [],
  dnsServers: [],
  search: [],
  mtu: 0,
  mac: '',
  interfaces: [],
  id: 0,
  parent: '',
})

export const plainRoute = (to: string, via: string): RouteConfig => ({
  to,
  via,
  metric: 0,
  table: 0,
  type: 'unicast',
  onlink: false,
})

/** What the lab's definition says: how the machine was delivered. */
export function configOf(definition: MachineDefinition): NetworkConfig {
  return {
    links: definition.adapters.map((adapter) => ({
      ...newLink(adapter.name),
      dhcp4: adapter.address === 'dhcp',
      addresses: adapter.address === 'dhcp' || adapter.address === '' ? [] : [adapter.address],
      routes: [
        ...(adapter.gateway === '' ? [] : [plainRoute('default', adapter.gateway)]),
        ...definition.routes.filter(({ via }) => isNear(adapter.address, via)).map(({ to, via }) => plainRoute(to, via)),
      ],
      dnsServers: namesOf(givenDns(definition, adapter)),
      search: adapter.address === 'dhcp' ? [] : definition.searchDomains,
    })),
  }
}

const namesOf = ({ fours, sixes }: ReturnType<typeof givenDns>): string[] => [...fours.map(formatIp), ...sixes.map(formatIp6)]

function isNear(own: string, hop: string): boolean {
  const [network, ip] = [parseCidr(own), parseIp(hop)]
  return network !== undefined && ip !== undefined && inPrefix(ip, network.address, network.prefixLength)
}

/** The file in which cloud-init leaves that. */
export function netplanText(config: NetworkConfig): string {
  const lines = ['network:', '  version: 2', '  ethernets:']
  for (const link of config.links) {
    lines.push(`    ${link.name}:`)
    if (link.dhcp4) lines.push('      dhcp4: true')
    if (link.addresses.length > 0) lines.push('      addresses:', ...link.addresses.map((one) => `      - "${one}"`))
    if (link.routes.length > 0) {
      lines.push('      routes:')
      for (const { to, via } of link.routes) lines.push(`      - to: "${to}"`, `        via: "${via}"`)
    }
    if (link.dnsServers.length > 0 || link.search.length > 0) {
      lines.push('      nameservers:')
      if (link.dnsServers.length > 0) lines.push('        addresses:', ...link.dnsServers.map((one) => `        - ${one}`))
      if (link.search.length > 0) lines.push('        search:', ...link.search.map((one) => `        - ${one}`))
    }
    if (!link.dhcp4 && link.addresses.length === 0) lines.push('      optional: true')
  }
  return `${lines.join('\n')}\n`
}
