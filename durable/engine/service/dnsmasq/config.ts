// dnsmasq's configuration: the file and the command line say the same things, a line is a long option without its dashes (dnsmasq(8)).
import { type Ip4, type Mac, maskOf, parseAddress, parseIp, parseMac, prefixOf } from '../../wire/addresses.ts'
import { type DhcpOption, dhcpOption } from './options.ts'

export type Range = {
  readonly first: Ip4
  readonly last: Ip4
  /** Undefined: that of the interface. */
  readonly prefixLength: number | undefined
  readonly leaseSeconds: number
}
export type Host = { readonly mac: Mac | undefined; readonly ip: Ip4 | undefined; readonly name: string }

/** Plain data: a running dnsmasq is stored with it. */
export type DnsmasqConfig = {
  port: number
  interfaces: string[]
  exceptInterfaces: string[]
  listenAddresses: string[]
  noDhcpInterfaces: string[]
  bindInterfaces: boolean
  ranges: Range[]
  hosts: Host[]
  options: DhcpOption[]
  authoritative: boolean
  domain: string
  /** Domains that are answered here only, or asked of one server: an empty server is the former. */
  servers: { domain: string; server: string }[]
  addresses: { domain: string; address: string }[]
  cnames: { alias: string; target: string }[]
  hostRecords: { name: string; address: string }[]
  noResolv: boolean
  noHosts: boolean
  addnHosts: string[]
  resolvFile: string
  expandHosts: boolean
  logQueries: boolean
  logDhcp: boolean
  cacheSize: number
  leaseFile: string
  domainNeeded: boolean
  bogusPriv: boolean
}

export const emptyConfig = (): DnsmasqConfig => ({
  port: 53,
  interfaces: [],
  exceptInterfaces: [],
  listenAddresses: [],
  noDhcpInterfaces: [],
  bindInterfaces: false,
  ranges: [],
  hosts: [],
  options: [],
  authoritative: false,
  domain: '',
  servers: [],
  addresses: [],
  cnames: [],
  hostRecords: [],
  noResolv: false,
  noHosts: false,
  addnHosts: [],
  resolvFile: '/etc/resolv.conf',
  expandHosts: false,
  logQueries: false,
  logDhcp: false,
  cacheSize: 150,
  leaseFile: '/var/lib/misc/dnsmasq.leases',
  domainNeeded: false,
  bogusPriv: false,
})

/** Undefined: fine. Else what is wrong, without the place. */
type Setter = (config: DnsmasqConfig, value: string) => string | undefined
type Known = { readonly value: 'none' | 'needed' | 'optional'; readonly set: Setter }

const flag = (set: (config: DnsmasqConfig) => void): Known => ({
  value: 'none',
  set: (config) => {
    set(config)
    return undefined
  },
})
const needed = (set: Setter): Known => ({ value: 'needed', set })
const optional = (set: Setter): Known => ({ value: 'optional', set })
const ERROR = 'error'

/** Lease times: seconds, or with a letter; the least is two minutes. */
function leaseSeconds(text: string): number | undefined {
  if (text === 'infinite' || text === 'deprecated') return 0xffffffff
  const m = /^(\d+)([smhdw]?)$/.exec(text)
  if (m === null) return undefined
  const unit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }[m[2] === '' ? 's' : (m[2] as 's')]
  return Math.max(120, Number(m[1]) * unit)
}

const DEFAULT_LEASE = 3600

function range(config: DnsmasqConfig, value: string): string | undefined {
  const bad = 'bad dhcp-range'
  const parts = value.split(',').map((part) => part.trim())
  while (parts[0] !== undefined && /^(tag:|set:|net:|interface:)/.test(parts[0])) parts.shift()
  const first = parseIp(parts[0] ?? '')
  if (first === undefined) return (parts[0] ?? '').includes(':') ? undefined : bad
  const [, second = '', ...rest] = parts
  const last = second === 'static' || second === 'proxy' ? first : parseIp(second)
  if (last === undefined || parts.length < 2) return bad
  let prefixLength: number | undefined
  let seconds = DEFAULT_LEASE
  for (const part of rest) {
    const mask = parseIp(part)
    const time = leaseSeconds(part)
    if (mask !== undefined) {
      // The mask, then the broadcast address.
      if (prefixLength === undefined && prefixOf(mask) >= 0) prefixLength = prefixOf(mask)
      else if (prefixLength === undefined) return bad
    } else if (time !== undefined) seconds = time
    else if (!['static', 'proxy'].includes(part)) return bad
  }
  if (prefixLength !== undefined && ((first ^ last) & maskOf(prefixLength)) !== 0) return 'inconsistent DHCP range'
  config.ranges.push({ first: Math.min(first, last), last: Math.max(first, last), prefixLength, leaseSeconds: seconds })
  return undefined
}

function dhcpHost(config: DnsmasqConfig, value: string): string | undefined {
  let [mac, ip, name]: [Mac | undefined, Ip4 | undefined, string] = [undefined, undefined, '']
  for (const part of value.split(',').map((one) => one.trim())) {
    if (/^(set:|tag:|id:|net:)/.test(part) || part === 'ignore') continue
    const asMac = part.includes(':')
      ? parseMac(
          part
            .split(':')
            .map((octet) => octet.padStart(2, '0'))
            .join(':'),
        )
      : undefined
    const asIp = parseIp(part)
    if (asMac !== undefined) mac = asMac
    else if (asIp !== undefined) ip = asIp
    else if (leaseSeconds(part) === undefined) {
      if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(part)) return 'bad dhcp-host'
      name = part
    }
  }
  config.hosts.push({ mac, ip, name })
  return undefined
}

/** `/domain/…/value`, or a value for all names. */
function byDomain(value: string): { readonly domains: readonly string[]; readonly rest: string } {
  if (!value.startsWith('/')) return { domains: [''], rest: value }
  const parts = value.slice(1).split('/')
  return { domains: parts.slice(0, -1), rest: parts.at(-1) ?? '' }
}

function server(config: DnsmasqConfig, value: string): string | undefined {
  const { domains, rest } = byDomain(value)
  const plain = rest.split('@')[0] as string
  const [address = '', port] = plain.split('#')
  if (rest !== '' && rest !== '#' && parseAddress(address) === undefined && !/^[A-Za-z0-9.-]+$/.test(address))
    return 'bad address'
  if (port !== undefined && rest !== '#' && !/^\d+$/.test(port)) return 'bad port'
  for (const domain of domains) config.servers.push({ domain: domain.toLowerCase(), server: rest === '#' ? '#' : address })
  return undefined
}

function address(config: DnsmasqConfig, value: string): string | undefined {
  const { domains, rest } = byDomain(value)
  if (!value.startsWith('/') || domains.length === 0) return 'Bad address in --address'
  if (rest !== '' && rest !== '#' && parseAddress(rest) === undefined) return 'Bad address in --address'
  for (const domain of domains) config.addresses.push({ domain: domain.toLowerCase(), address: rest })
  return undefined
}

function number(text: string, most: number): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined
}

const list = (pick: (config: DnsmasqConfig) => string[]): Known =>
  needed((config, value) => {
    pick(config).push(...value.split(',').map((one) => one.trim()))
    return undefined
  })

const KNOWN: { readonly [name: string]: Known } = {
  interface: list((config) => config.interfaces),
  'except-interface': list((config) => config.exceptInterfaces),
  'no-dhcp-interface': list((config) => config.noDhcpInterfaces),
  'listen-address': needed((config, value) => {
    const all = value.split(',').map((one) => one.trim())
    if (all.some((one) => parseAddress(one) === undefined)) return ERROR
    config.listenAddresses.push(...all)
    return undefined
  }),
  'bind-interfaces': flag((config) => void (config.bindInterfaces = true)),
  'bind-dynamic': flag((config) => void (config.bindInterfaces = true)),
  port: needed((config, value) => {
    const port = number(value, 65_535)
    if (port === undefined) return ERROR
    config.port = port
    return undefined
  }),
  'dhcp-range': needed(range),
  'dhcp-host': needed(dhcpHost),
  'dhcp-option': needed((config, value) => {
    const option = dhcpOption(value)
    if (typeof option === 'string') return option
    config.options.push(option)
    return undefined
  }),
  'dhcp-option-force': needed((config, value) => {
    const option = dhcpOption(value)
    if (typeof option === 'string') return option
    config.options.push(option)
    return undefined
  }),
  'dhcp-authoritative': flag((config) => void (config.authoritative = true)),
  'dhcp-leasefile': needed((config, value) => {
    config.leaseFile = value
    return undefined
  }),
  'dhcp-lease-max': needed((_, value) => (number(value, 1_000_000) === undefined ? ERROR : undefined)),
  domain: needed((config, value) => {
    config.domain = (value.split(',')[0] as string).trim().toLowerCase()
    return undefined
  }),
  server: needed(server),
  local: needed(server),
  address: needed(address),
  cname: needed((config, value) => {
    const names = value.split(',').map((one) => one.trim())
    const target = names.pop()
    if (target === undefined || names.length === 0) return 'bad CNAME'
    for (const alias of names) config.cnames.push({ alias: alias.toLowerCase(), target: target.toLowerCase() })
    return undefined
  }),
  'host-record': needed((config, value) => {
    const parts = value.split(',').map((one) => one.trim())
    const addresses = parts.filter((part) => parseAddress(part) !== undefined)
    const names = parts.filter((part) => parseAddress(part) === undefined && !/^\d+$/.test(part))
    if (names.length === 0) return 'Bad host-record'
    for (const name of names) for (const one of addresses) config.hostRecords.push({ name: name.toLowerCase(), address: one })
    return undefined
  }),
  'no-resolv': flag((config) => void (config.noResolv = true)),
  'no-hosts': flag((config) => void (config.noHosts = true)),
  'addn-hosts': list((config) => config.addnHosts),
  'resolv-file': optional((config, value) => {
    if (value !== '') config.resolvFile = value
    return undefined
  }),
  'expand-hosts': flag((config) => void (config.expandHosts = true)),
  'log-queries': optional((config) => {
    config.logQueries = true
    return undefined
  }),
  'log-dhcp': flag((config) => void (config.logDhcp = true)),
  'cache-size': needed((config, value) => {
    const size = number(value, 100_000_000)
    if (size === undefined) return ERROR
    config.cacheSize = size
    return undefined
  }),
  'domain-needed': flag((config) => void (config.domainNeeded = true)),
  'bogus-priv': flag((config) => void (config.bogusPriv = true)),
}

/** Real, accepted, without effect here: whoever starts dnsmasq with one of them is told. */
const WITHOUT_EFFECT: { readonly [name: string]: Known['value'] } = {
  'no-poll': 'none',
  'strict-order': 'none',
  'all-servers': 'none',
  'no-negcache': 'none',
  filterwin2k: 'none',
  'dhcp-rapid-commit': 'none',
  'dhcp-sequential-ip': 'none',
  'dhcp-no-override': 'none',
  'read-ethers': 'none',
  'enable-ra': 'none',
  'enable-tftp': 'optional',
  'stop-dns-rebind': 'none',
  'rebind-localhost-ok': 'none',
  'localise-queries': 'none',
  'no-ping': 'none',
  'quiet-dhcp': 'none',
  'log-async': 'optional',
  'log-facility': 'needed',
  user: 'optional',
  group: 'optional',
  'pid-file': 'optional',
  'edns-packet-max': 'needed',
  'local-ttl': 'needed',
  'neg-ttl': 'needed',
  'max-ttl': 'needed',
  'min-port': 'needed',
  'query-port': 'needed',
  'dns-forward-max': 'needed',
  'dhcp-boot': 'needed',
  'tftp-root': 'needed',
  'txt-record': 'needed',
  'srv-host': 'needed',
  'mx-host': 'needed',
  'ptr-record': 'needed',
  'dhcp-vendorclass': 'needed',
  'dhcp-userclass': 'needed',
  'dhcp-mac': 'needed',
  'dhcp-ignore': 'needed',
  'dhcp-relay': 'needed',
  'dhcp-script': 'needed',
  'conf-dir': 'needed',
  'conf-file': 'needed',
  'interface-name': 'needed',
  'auth-server': 'needed',
  'auth-zone': 'needed',
}

/** One option; answers dnsmasq's complaint, or undefined. `ignored` gathers options that have no effect here. */
export function setOption(config: DnsmasqConfig, name: string, value: string | undefined, ignored: string[]): string | undefined {
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
  const kind = known?.value ?? (Object.hasOwn(WITHOUT_EFFECT, name) ? WITHOUT_EFFECT[name] : undefined)
  if (kind === undefined) return 'bad option'
  if (kind === 'none' && value !== undefined) return 'extraneous parameter'
  if (kind === 'needed' && (value === undefined || value === '')) return 'missing parameter'
  if (known === undefined) {
    if (!ignored.includes(name)) ignored.push(name)
    return undefined
  }
  return known.set(config, value ?? '')
}

export const optionKind = (name: string): Known['value'] | undefined =>
  Object.hasOwn(KNOWN, name) ? KNOWN[name]?.value : Object.hasOwn(WITHOUT_EFFECT, name) ? WITHOUT_EFFECT[name] : undefined

/** Reads a file's text into a configuration; the first complaint with its place, or undefined. */
export function readConfig(config: DnsmasqConfig, text: string, path: string, ignored: string[]): string | undefined {
  const lines = text.split('\n')
  for (const [at, whole] of lines.entries()) {
    // A comment begins at the start of a line or behind white space.
    const line = whole.replace(/(^|\s)#.*$/, '').trim()
    if (line === '') continue
    const cut = line.indexOf('=')
    const name = (cut < 0 ? line : line.slice(0, cut)).trim()
    const value =
      cut < 0
        ? undefined
        : line
            .slice(cut + 1)
            .trim()
            .replace(/^"(.*)"$/, '$1')
    const fault = setOption(config, name, value, ignored)
    if (fault !== undefined) return `${fault} at line ${at + 1} of ${path}`
  }
  return undefined
}
