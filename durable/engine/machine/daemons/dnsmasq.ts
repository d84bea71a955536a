// dnsmasq on a Linux machine: its ranges as DHCP servers, its names and its forwarder as a DNS server.
import type { StackWatcher } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import { DhcpServer } from '../../service/dhcp-server.ts'
import { DnsServer } from '../../service/dns-server.ts'
import { type DnsmasqConfig, emptyConfig, type Range, readConfig } from '../../service/dnsmasq/config.ts'
import { DnsmasqNames } from '../../service/dnsmasq/names.ts'
import { dhcpLines, dnsLines, spanText } from '../../service/dnsmasq/voice.ts'
import type { Json } from '../../sim/json.ts'
import {
  broadcastOf,
  formatIp,
  formatMac,
  type Ip4,
  type IpAddress,
  inPrefix,
  parseAddress,
  parseIp,
  parseMac,
} from '../../wire/addresses.ts'
import type { Daemon, DaemonHost } from './daemon.ts'

const FILE = '/etc/dnsmasq.conf'
const FOLDER = '/etc/dnsmasq.d'
const OPTIONS =
  'compile time options: IPv6 GNU-getopt DBus no-UBus i18n IDN2 DHCP DHCPv6 no-Lua TFTP conntrack ipset nftset auth cryptohash DNSSEC loop-detect inotify dumpfile'

/** A range with the interface whose network it is in; index 0: reached by relays only. */
type Served = Range & { readonly index: number; readonly address: Ip4; readonly network: number }
type Args = { readonly config: DnsmasqConfig; readonly served: readonly Served[] }

/** From the file, as the unit starts it; or with what a command line made of the options. */
export function startDnsmasq(host: DaemonHost, args: Json | undefined): Daemon | string {
  if (host.restoring) return new Dnsmasq(host, args as unknown as Args)
  let config = (args as { config?: DnsmasqConfig } | undefined)?.config
  const ignored: string[] = []
  if (config === undefined) {
    config = emptyConfig()
    for (const path of [FILE, ...moreFiles(host)]) {
      const fault = readConfig(config, host.machine.files.read(path) ?? '', path, ignored)
      if (fault !== undefined) return fault
    }
  }
  const { machine } = host
  const ranges = placed(host, config)
  if (config.port !== 0 && machine.dnsServer !== undefined)
    return `failed to create listening socket for port ${config.port}: Address already in use`
  if (ranges.length > 0 && machine.dhcpServers.length > 0) return 'failed to bind DHCP server socket: Address already in use'
  for (const name of config.interfaces) {
    if (machine.stack.byName(name) !== undefined) continue
    if (config.bindInterfaces) return `unknown interface ${name}`
    host.log(`warning: interface ${name} does not currently exist`)
  }
  const daemon = new Dnsmasq(host, { config, served: ranges })
  for (const name of ignored) host.log(`${name} is real, but not simulated here yet`)
  daemon.introduce()
  return daemon
}

/** What Debian's unit adds to the file: `-7 /etc/dnsmasq.d,.dpkg-dist,.dpkg-old,.dpkg-new`. dnsmasq(8) leaves out what editors leave behind. */
const moreFiles = ({ machine }: DaemonHost): string[] =>
  (machine.files.list(FOLDER) ?? [])
    .filter(({ directory, name }) => !directory && !/^\.|~$|^#.*#$|\.dpkg-(dist|old|new)$/.test(name))
    .map(({ name }) => `${FOLDER}/${name}`)

const serves = (config: DnsmasqConfig, name: string): boolean =>
  (config.interfaces.length === 0 || config.interfaces.includes(name)) &&
  !config.exceptInterfaces.includes(name) &&
  !config.noDhcpInterfaces.includes(name)

function place(links: Iterable<Interface>, config: DnsmasqConfig, range: Range): Served {
  for (const via of links) {
    if (via.kind === 'loopback' || !serves(config, via.name)) continue
    const own = via.addresses.find((address) => inPrefix(range.first, address.ip, address.prefixLength))
    if (own) return { ...range, index: via.index, address: own.ip, network: range.prefixLength ?? own.prefixLength }
  }
  return { ...range, index: 0, address: 0, network: range.prefixLength ?? 24 }
}

const placed = ({ machine }: DaemonHost, config: DnsmasqConfig): Served[] =>
  config.ranges.map((range) => place(machine.stack.interfaces.values(), config, range))

class Dnsmasq implements Daemon, StackWatcher {
  private readonly host: DaemonHost
  private readonly config: DnsmasqConfig
  private served: readonly Served[]
  private restoring: boolean
  private readonly dhcp: DhcpServer[] = []
  private readonly dns: DnsServer | undefined
  private readonly names: DnsmasqNames

  constructor(host: DaemonHost, args: Args) {
    this.host = host
    this.restoring = host.restoring
    this.config = args.config
    this.served = args.served
    const { machine } = host
    this.names = new DnsmasqNames(this.config, {
      file: (path) => machine.files.read(path) ?? '',
      leases: () => this.dhcp.flatMap((server) => server.leases()).filter(({ state }) => state === 'bound'),
    })
    for (const range of this.served) this.addRange(range)
    this.dns = this.config.port === 0 ? undefined : this.addDns()
    this.restoring = false
    machine.stack.watchers.push(this)
  }

  get args(): Json {
    return { config: this.config, served: this.served } as unknown as Json
  }

  /** It looks where a range belongs whenever somebody asks, so also an address that comes after it was started is served. */
  addressUsed(): void {
    const now = placed(this.host, this.config)
    if (JSON.stringify(now) === JSON.stringify(this.served)) return
    this.writeLeases()
    this.closeRanges()
    this.served = now
    for (const range of now) this.addRange(range)
  }

  private addRange(range: Served): void {
    const { machine } = this.host
    const via =
      machine.stack.interfaces.get(range.index) ?? [...machine.stack.interfaces.values()].find((i) => i.kind !== 'loopback')
    if (via === undefined) return
    const behindRelay = range.index === 0 || this.dhcp.some((server) => server.name.endsWith(`/${via.name}`))
    const { config } = this
    const own = range.address || (via.primary?.ip ?? 0)
    const local = range.index !== 0
    const name = `${machine.name}/dhcp-server/${behindRelay ? formatIp(range.first) : via.name}`
    const server = new DhcpServer(
      machine.sim,
      machine.stack,
      via,
      {
        address: own,
        first: range.first,
        last: range.last,
        prefixLength: range.network,
        leaseSeconds: range.leaseSeconds,
        routers: local ? [own] : [],
        dnsServers: config.port === 0 ? [] : [own],
        domain: config.domain,
        reservations: config.hosts.flatMap(({ mac, ip, name: hostname }) =>
          mac === undefined || (ip !== undefined && !inPrefix(ip, range.first, range.network)) || ip === undefined
            ? []
            : [{ mac, ip, name: hostname }],
        ),
        order: 'by-mac',
        image: 'dnsmasq',
        behindRelay,
        extra: [
          ...(config.options.some(({ code }) => code === 28)
            ? []
            : [{ code: 28, data: octets(broadcastOf(range.first, range.network)) }]),
          ...config.options.map(({ code, data }) => ({ code, data: zeroIsSelf(data, own) })),
        ],
        relayed: () => this.dhcp.filter((other) => other !== server),
        told: (event) => {
          for (const line of dhcpLines(event, { ...range, domain: config.domain, verbose: config.logDhcp }))
            this.host.log(line, 'dnsmasq-dhcp')
        },
        hooks: { leased: () => this.writeLeases(), freed: () => this.writeLeases() },
      },
      this.restoring ? machine.world.stored(name) : undefined,
    )
    machine.world.add(server)
    machine.dhcpServers.push(server)
    this.dhcp.push(server)
    if (!this.restoring) this.readLeases(server)
  }

  private addDns(): DnsServer {
    const { machine } = this.host
    const { config } = this
    const name = `${machine.name}/dns-server`
    const dns = new DnsServer(
      machine.sim,
      machine.stack,
      {
        mode: 'forwarder',
        zones: [],
        roots: [],
        upstream: (asked) => this.names.upstream(asked) ?? this.upstream(),
        image: 'dnsmasq',
        port: config.port,
        tcp: config.port === 53,
        serves: (via) => via.kind === 'loopback' || this.listensOn(via),
        local: { lookup: (asked, type) => this.names.lookup(asked, type) },
        told: (event) => {
          if (config.logQueries) for (const line of dnsLines(event, this.names.source)) this.host.log(line)
        },
      },
      this.restoring ? machine.world.stored(name) : undefined,
    )
    machine.world.add(dns)
    machine.dnsServer = dns
    machine.servers.push(dns)
    if (!this.restoring) dns.start()
    return dns
  }

  private listensOn(via: Interface): boolean {
    const { interfaces, exceptInterfaces, listenAddresses } = this.config
    if (exceptInterfaces.includes(via.name)) return false
    if (interfaces.length === 0 && listenAddresses.length === 0) return true
    return interfaces.includes(via.name) || via.addresses.some(({ ip }) => listenAddresses.includes(formatIp(ip)))
  }

  /** Whom to ask about names of no domain in particular; never ourselves. */
  private upstream(): readonly IpAddress[] {
    const { machine } = this.host
    const given = this.config.servers.filter(({ domain, server }) => domain === '' && server !== '').map(({ server }) => server)
    const found = this.config.noResolv ? given : [...given, ...this.resolvers()]
    return found
      .map(parseAddress)
      .filter((ip): ip is IpAddress => ip !== undefined)
      .filter((ip) => typeof ip !== 'number' || machine.stack.ownerOf(ip) === undefined)
  }

  private resolvers(): string[] {
    const text = this.host.machine.files.read(this.config.resolvFile) ?? ''
    return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1] as string)
  }

  /** What dnsmasq says of itself when it has started. */
  introduce(): void {
    const { config, host } = this
    const cache = config.port === 0 ? 'DNS disabled' : config.cacheSize === 0 ? 'cache disabled' : `cachesize ${config.cacheSize}`
    host.log(`started, version 2.90 ${cache}`)
    host.log(OPTIONS)
    for (const { first, last, leaseSeconds } of this.served)
      host.log(`DHCP, IP range ${formatIp(first)} -- ${formatIp(last)}, lease time ${spanText(leaseSeconds)}`, 'dnsmasq-dhcp')
    if (this.served.length > 0 && config.bindInterfaces && config.interfaces.length === 1)
      host.log(`DHCP, sockets bound exclusively to interface ${config.interfaces[0]}`, 'dnsmasq-dhcp')
    if (config.port === 0) return
    if (!config.noResolv) host.log(`reading ${config.resolvFile}`)
    for (const { domain, server } of config.servers) {
      if (server === '') host.log(`using only locally-known addresses for ${domain}`)
      else host.log(`using nameserver ${server}#53${domain === '' ? '' : ` for domain ${domain} `}`)
    }
    if (!config.noResolv) for (const server of this.resolvers()) host.log(`using nameserver ${server}#53`)
    for (const { path, count } of this.names.files()) host.log(`read ${path} - ${count} names`)
  }

  private writeLeases(): void {
    const { machine } = this.host
    const { clock } = machine
    const lines = this.dhcp
      .flatMap((server) => server.leases())
      .filter(({ state }) => state === 'bound')
      .map(({ ip, mac, hostname, expiresAt }) => {
        const at = Number.isFinite(expiresAt) ? Math.floor((clock.epochMicros + expiresAt) / 1_000_000) : 0
        return `${at} ${formatMac(mac)} ${formatIp(ip)} ${hostname || '*'} 01:${formatMac(mac)}\n`
      })
    machine.files.write(this.config.leaseFile, lines.join(''))
  }

  /** Leases outlive a restart in their file. */
  private readLeases(server: DhcpServer): void {
    const { machine } = this.host
    for (const line of (machine.files.read(this.config.leaseFile) ?? '').split('\n')) {
      const [at = '', mac = '', ip = '', name = ''] = line.split(' ')
      const [address, link] = [parseIp(ip), parseMac(mac)]
      if (address === undefined || link === undefined) continue
      const expiresAt = at === '0' ? Number.POSITIVE_INFINITY : Number(at) * 1_000_000 - machine.clock.epochMicros
      server.remember(address, link, name === '*' ? '' : name, expiresAt)
    }
  }

  private closeRanges(): void {
    const { machine } = this.host
    for (const server of this.dhcp.splice(0)) {
      server.close()
      machine.sim.remove(server)
      machine.dhcpServers.splice(machine.dhcpServers.indexOf(server), 1)
    }
  }

  close(how: string): void {
    const { machine } = this.host
    if (how !== '') this.host.log(how)
    machine.stack.watchers.splice(machine.stack.watchers.indexOf(this), 1)
    this.writeLeases()
    this.closeRanges()
    if (this.dns === undefined) return
    this.dns.close()
    machine.sim.remove(this.dns)
    machine.dnsServer = undefined
    machine.servers.splice(machine.servers.indexOf(this.dns), 1)
  }
}

const octets = (ip: Ip4): number[] => [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255]

/** `0.0.0.0` in an option is the machine itself. */
const zeroIsSelf = (data: readonly number[], own: Ip4): readonly number[] =>
  data.length === 4 && data.every((octet) => octet === 0) ? octets(own) : data
