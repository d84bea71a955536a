// What dnsmasq knows without asking: its configuration, hosts files, the names of its DHCP clients.
import { formatAddress, type Ip4, type IpAddress, parseAddress, parseIp } from '../../wire/addresses.ts'
import type { LocalNames } from '../dns-server.ts'
import type { PlainRecord } from '../dns-stored.ts'
import type { DnsmasqConfig } from './config.ts'

type Entry = { readonly name: string; readonly ip: IpAddress; readonly source: string }
type Ground = {
  readonly file: (path: string) => string
  readonly leases: () => readonly { readonly ip: Ip4; readonly hostname: string }[]
}

const under = (name: string, domain: string): boolean => domain === '' || name === domain || name.endsWith(`.${domain}`)
const PRIVATE = /\.(10|168\.192|(1[6-9]|2\d|3[01])\.172)\.in-addr\.arpa$/

export class DnsmasqNames {
  /** Where the last answer came from: `config`, `DHCP`, the path of a hosts file. */
  source = 'config'
  private readonly config: DnsmasqConfig
  private readonly ground: Ground

  constructor(config: DnsmasqConfig, ground: Ground) {
    this.config = config
    this.ground = ground
  }

  private paths(): string[] {
    return [...(this.config.noHosts ? [] : ['/etc/hosts']), ...this.config.addnHosts]
  }

  files(): { readonly path: string; readonly count: number }[] {
    return this.paths().map((path) => ({ path, count: this.hostsOf(path).length }))
  }

  private hostsOf(path: string): Entry[] {
    const { domain, expandHosts } = this.config
    const found: Entry[] = []
    for (const line of this.ground.file(path).split('\n')) {
      const [address = '', ...names] = (line.split('#')[0] as string).trim().split(/\s+/)
      const ip = parseAddress(address)
      if (ip === undefined) continue
      for (const name of names) {
        if (expandHosts && domain !== '' && !name.includes('.')) found.push({ name: `${name}.${domain}`, ip, source: path })
        found.push({ name, ip, source: path })
      }
    }
    return found
  }

  private entries(): Entry[] {
    const { domain, hostRecords } = this.config
    const leased = this.ground.leases().flatMap(({ ip, hostname }) => {
      if (hostname === '') return []
      const bare = hostname.split('.')[0] as string
      return [...(domain === '' ? [] : [`${bare}.${domain}`]), bare].map((name) => ({ name, ip, source: 'DHCP' }))
    })
    const records = hostRecords.flatMap(({ name, address }) => {
      const ip = parseAddress(address)
      return ip === undefined ? [] : [{ name, ip, source: 'config' }]
    })
    return [...records, ...this.paths().flatMap((path) => this.hostsOf(path)), ...leased]
  }

  lookup(name: string, type: string): ReturnType<LocalNames['lookup']> {
    const lower = name.toLowerCase()
    const entries = this.entries()
    this.source = 'config'
    const reverse = reverseOf(lower)
    if (reverse !== undefined) return this.pointer(entries, name, type, reverse)
    const alias = this.config.cnames.find((one) => one.alias === lower)
    if (alias !== undefined) {
      const target = this.addresses(entries, alias.target, alias.target, type) ?? []
      return [{ type: 'CNAME', name, ttl: 0, target: alias.target }, ...target]
    }
    const known = this.addresses(entries, lower, name, type)
    if (known !== undefined) return known
    return this.configured(lower, name, type)
  }

  private addresses(entries: readonly Entry[], lower: string, name: string, type: string): PlainRecord[] | undefined {
    const found = entries.filter((entry) => entry.name.toLowerCase() === lower)
    if (found[0] === undefined) return undefined
    this.source = found[0].source
    return found.flatMap(({ ip }) => recordOf(name, ip, type))
  }

  private pointer(entries: readonly Entry[], name: string, type: string, ip: Ip4): ReturnType<LocalNames['lookup']> {
    const found = entries.find((entry) => entry.ip === ip)
    if (found !== undefined) {
      this.source = found.source
      return type === 'PTR' ? [{ type: 'PTR', name, ttl: 0, target: found.name }] : []
    }
    return this.config.bogusPriv && PRIVATE.test(name.toLowerCase()) ? 'no-such-name' : undefined
  }

  private configured(lower: string, name: string, type: string): ReturnType<LocalNames['lookup']> {
    const fits = this.config.addresses.filter(({ domain }) => under(lower, domain))
    const longest = Math.max(-1, ...fits.map(({ domain }) => domain.length))
    const best = fits.filter(({ domain }) => domain.length === longest)
    if (best.some(({ address }) => address === '')) return 'no-such-name'
    if (best.length > 0) {
      return best.flatMap(({ address }) => {
        if (address !== '#') return recordOf(name, parseAddress(address) ?? 0, type)
        return type === 'AAAA' ? recordOf(name, 0n, type) : recordOf(name, 0, type)
      })
    }
    const own = this.serverFor(lower)
    if (own?.every(({ server }) => server === '')) return 'no-such-name'
    if (this.config.domainNeeded && !lower.includes('.') && (type === 'A' || type === 'AAAA')) return 'no-such-name'
    return undefined
  }

  /** The servers of the longest domain that a name is in; undefined when there is none but "all names". */
  private serverFor(name: string): readonly { readonly server: string }[] | undefined {
    const fits = this.config.servers.filter(({ domain }) => domain !== '' && under(name.toLowerCase(), domain))
    const longest = Math.max(-1, ...fits.map(({ domain }) => domain.length))
    return fits.length === 0 ? undefined : fits.filter(({ domain }) => domain.length === longest)
  }

  /** Whom to ask about this name in particular; undefined: whoever is asked about all. */
  upstream(name: string): IpAddress[] | undefined {
    const own = this.serverFor(name)
    if (own === undefined || own.some(({ server }) => server === '#')) return undefined
    return own.map(({ server }) => parseAddress(server)).filter((ip): ip is IpAddress => ip !== undefined)
  }
}

function recordOf(name: string, ip: IpAddress, type: string): PlainRecord[] {
  if (typeof ip === 'number') return type === 'A' || type === 'ANY' ? [{ type: 'A', name, ttl: 0, address: ip }] : []
  return type === 'AAAA' || type === 'ANY' ? [{ type: 'AAAA', name, ttl: 0, address: formatAddress(ip) } as PlainRecord] : []
}

function reverseOf(name: string): Ip4 | undefined {
  return name.endsWith('.in-addr.arpa') ? parseIp(name.slice(0, -13).split('.').reverse().join('.')) : undefined
}
