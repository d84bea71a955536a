// Netplan's files read into a configuration. What netplan refuses is refused with its place; keys that are real and do nothing
// here are told apart from keys that do not exist.
import { parseCidr, parseIp, parseMac } from '../../wire/addresses.ts'
import { type LinkConfig, type NetworkConfig, newLink, type RouteConfig, type RuleConfig } from './network-config.ts'
import { parseYaml, type Yaml, YamlFault } from './yaml.ts'

export type NetplanFault = { readonly file: string; readonly line: number; readonly message: string }
export type NetplanResult = { readonly config: NetworkConfig } | { readonly fault: NetplanFault }

type Mapping = { readonly [key: string]: Yaml }

/** Keys of a link that are read and have no effect here. */
const WITHOUT_EFFECT = new Set([
  'dhcp6',
  'dhcp-identifier',
  'dhcp4-overrides',
  'dhcp6-overrides',
  'accept-ra',
  'optional',
  'link-local',
  'match',
  'set-name',
  'wakeonlan',
  'parameters',
  'critical',
  'renderer',
  'ipv6-privacy',
])
const SECTIONS: { readonly [name: string]: LinkConfig['kind'] } = { ethernets: 'ethernet', bridges: 'bridge', vlans: 'vlan' }

/** `files` in the order of their names: the later says more. */
export function readNetplan(files: readonly (readonly [path: string, text: string])[]): NetplanResult {
  const links = new Map<string, LinkConfig>()
  for (const [file, text] of files) {
    try {
      const network = asMap(parseYaml(text))?.['network']
      if (network === undefined) continue
      for (const [section, value] of Object.entries(asMap(network) ?? {})) {
        if (section === 'version') {
          if (value !== '2') throw new YamlFault(1, 'Only version 2 is supported')
        } else if (SECTIONS[section] !== undefined) {
          for (const [name, body] of Object.entries(asMap(value) ?? {}))
            links.set(name, readLink(links.get(name) ?? newLink(name, SECTIONS[section]), asMap(body) ?? {}))
        } else if (section !== 'renderer') throw new YamlFault(1, `unknown key '${section}'`)
      }
    } catch (error) {
      if (!(error instanceof YamlFault)) throw error
      return { fault: { file, line: error.line, message: error.message } }
    }
  }
  return { config: { links: [...links.values()] } }
}

function readLink(before: LinkConfig, body: Mapping): LinkConfig {
  let link: LinkConfig = before
  for (const [key, value] of Object.entries(body)) {
    switch (key) {
      case 'dhcp4':
        link = { ...link, dhcp4: truth(value) }
        break
      case 'addresses':
        link = { ...link, addresses: [...link.addresses, ...texts(value).filter((one) => checked(one))] }
        break
      case 'gateway4':
        link = { ...link, routes: [...link.routes, route({ to: 'default', via: value })] }
        break
      case 'routes':
        link = { ...link, routes: [...link.routes, ...maps(value).map(route)] }
        break
      case 'routing-policy':
        link = { ...link, rules: [...link.rules, ...maps(value).map(rule)] }
        break
      case 'nameservers': {
        const servers = asMap(value) ?? {}
        link = { ...link, dnsServers: texts(servers['addresses']), search: texts(servers['search']) }
        break
      }
      case 'mtu':
        link = { ...link, mtu: number(value) }
        break
      case 'macaddress':
        if (parseMac(String(value)) === undefined)
          throw new YamlFault(1, `Invalid MAC address '${String(value)}', must be XX:XX:XX:XX:XX:XX`)
        link = { ...link, mac: String(value) }
        break
      case 'interfaces':
        link = { ...link, interfaces: texts(value) }
        break
      case 'id':
        link = { ...link, id: number(value) }
        break
      case 'link':
        link = { ...link, parent: String(value) }
        break
      default:
        if (!WITHOUT_EFFECT.has(key)) throw new YamlFault(1, `${before.name}: unknown key '${key}'`)
    }
  }
  if (link.kind === 'vlan' && (link.id < 1 || link.id > 4094)) throw new YamlFault(1, `${link.name}: missing 'id' property`)
  if (link.kind === 'vlan' && link.parent === '') throw new YamlFault(1, `${link.name}: missing 'link' property`)
  return link
}

function route(body: Mapping): RouteConfig {
  const to = String(body['to'] ?? '')
  const via = String(body['via'] ?? '')
  if (to !== 'default' && to !== '0.0.0.0/0' && parseCidr(to) === undefined && parseIp(to) === undefined && !to.includes(':'))
    throw new YamlFault(1, `malformed address '${to}', must be X.X.X.X/NN or X:X:X:X:X:X:X:X/NN`)
  if (via !== '' && parseIp(via) === undefined && !via.includes(':'))
    throw new YamlFault(1, `malformed address '${via}', must be X.X.X.X or X:X:X:X:X:X:X:X`)
  return {
    to,
    via,
    metric: number(body['metric'] ?? '0'),
    table: number(body['table'] ?? '0'),
    type: String(body['type'] ?? 'unicast'),
    onlink: truth(body['on-link'] ?? 'false'),
  }
}

const rule = (body: Mapping): RuleConfig => ({
  from: String(body['from'] ?? ''),
  to: String(body['to'] ?? ''),
  table: number(body['table'] ?? '254'),
  priority: number(body['priority'] ?? '0'),
  mark: number(body['mark'] ?? '0'),
})

function checked(text: string): boolean {
  // IPv6 addresses are another room's.
  if (text.includes(':')) return false
  if (parseCidr(text) === undefined)
    throw new YamlFault(
      1,
      parseIp(text) ? `address '${text}' is missing /prefixlength` : `malformed address '${text}', must be X.X.X.X/NN`,
    )
  return true
}

const asMap = (value: Yaml | undefined): Mapping | undefined =>
  typeof value === 'object' && !Array.isArray(value) ? value : undefined
const texts = (value: Yaml | undefined): string[] =>
  (Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value]).map((one) => {
    if (typeof one !== 'string') throw new YamlFault(1, 'expected scalar')
    return one
  })
function maps(value: Yaml): Mapping[] {
  return (Array.isArray(value) ? value : []).map((one) => {
    const map = asMap(one)
    if (map === undefined) throw new YamlFault(1, 'expected mapping')
    return map
  })
}
const truth = (value: Yaml): boolean => {
  if (/^(true|yes|on|y)$/i.test(String(value))) return true
  if (/^(false|no|off|n)$/i.test(String(value))) return false
  throw new YamlFault(1, `invalid boolean value '${String(value)}'`)
}
const number = (value: Yaml): number => {
  if (!/^\d{1,10}$/.test(String(value))) throw new YamlFault(1, `invalid unsigned int value '${String(value)}'`)
  return Number(value)
}
