// The services that a definition asks of a machine: DHCP, NAT, DNS, VPN. The Default Switch brings its own.
import type { Interface } from '../ip/interface.ts'
import { DhcpServer } from '../service/dhcp-server.ts'
import { DnsServer, zoneOf } from '../service/dns-server.ts'
import type { PlainRecord } from '../service/dns-stored.ts'
import { find as findPage } from '../service/http-content.ts'
import { HttpServer } from '../service/http-server.ts'
import { Nat } from '../service/nat.ts'
import { HOME_ROUTER } from '../service/nat-session.ts'
import { SshBanner } from '../service/ssh-banner.ts'
import { type Ip4, parseAddress, parseIp, parseMac } from '../wire/addresses.ts'
import { TCP, UDP } from '../wire/ipv4.ts'
import { civilTime, MONTHS, WEEKDAYS } from './calendar.ts'
import type {
  DhcpServerDefinition,
  DnsServerDefinition,
  HttpServerDefinition,
  NatDefinition,
  SshDefinition,
} from './definition.ts'
import { addServices6 } from './ip6.ts'
import type { Machine } from './machine.ts'
import type { Clock } from './views.ts'
import { addVpn, addVpnServer } from './vpn-services.ts'
import { addWindowsServices } from './windows/add-services.ts'

/** Addresses of VPN callers stand in one network of this size around the server's own. */
const CALLERS_PREFIX = 24

const ips = (texts: readonly string[]): Ip4[] => texts.map(parseIp).filter((ip) => ip !== undefined)

export function addServices(machine: Machine): void {
  const { definition } = machine
  addServices6(machine)
  for (const server of definition.dhcpServers) addDhcpServer(machine, server)
  if (definition.nat) addNat(machine, definition.nat)
  if (definition.dns) addDnsServer(machine, definition.dns)
  if (definition.http) addHttpServer(machine, definition.http)
  if (definition.ssh) addSsh(machine, definition.ssh)
  addVpnServer(machine)
  if (machine.network) addWindowsServices(machine, machine.network)
  machine.restoreUnits()
  definition.vpns.forEach((vpn, at) => {
    addVpn(machine, vpn, at)
  })
}

function addDhcpServer(machine: Machine, server: DhcpServerDefinition): void {
  const via = machine.stack.byName(server.adapter)
  const own = via?.addresses[0]
  const first = parseIp(server.first)
  const last = parseIp(server.last)
  if (!via || !own || first === undefined || last === undefined) return
  machine.dhcpServers.push(
    machine.world.add(
      new DhcpServer(
        machine.sim,
        machine.stack,
        via,
        {
          address: own.ip,
          first,
          last,
          prefixLength: own.prefixLength,
          leaseSeconds: server.leaseSeconds,
          routers: server.router === '' ? [] : ips([server.router]),
          dnsServers: ips(server.dnsServers),
          domain: server.domain,
          reservations: server.reservations.map((r) => ({ mac: parseMac(r.mac) ?? 0, ip: parseIp(r.address) ?? 0 })),
          order: 'ascending',
          image: 'dnsmasq',
        },
        machine.world.stored(`${machine.name}/dhcp-server/${via.name}`),
      ),
    ),
  )
}

/** Inside are the networks of some adapters and, on a VPN server, the callers: both as they are at the moment. */
function addNat(machine: Machine, { inside, outside, filtering, hairpin, forwards }: NatDefinition): void {
  const isInside = (via: Interface): boolean => inside.includes(via.name) || via.kind === 'ppp'
  const networks = (): { network: Ip4; prefixLength: number }[] =>
    [...machine.stack.interfaces.values()]
      .filter(isInside)
      .flatMap((via) => via.addresses.map(({ ip, prefixLength }) => ({ network: ip, prefixLength })))
  const pool = machine.definition.vpnServer && parseIp(machine.definition.vpnServer.address)
  const callers = pool ? [{ network: pool, prefixLength: CALLERS_PREFIX }] : []
  machine.nat = machine.world.add(
    new Nat(
      machine.stack,
      {
        inside: () => [...networks(), ...callers],
        isOutside: (via) => via.name === outside,
        behavior: { ...HOME_ROUTER, filtering, hairpin },
        forwards: forwards.map(({ protocol, port, to, toPort }) => ({
          protocol: protocol === 'tcp' ? TCP : UDP,
          externalIp: 0,
          externalPort: port,
          internalIp: parseIp(to) ?? 0,
          internalPort: toPort,
          remote: 0,
          remotePrefixLength: 0,
        })),
      },
      machine.world.stored(`${machine.name}/nat`),
    ),
  )
  machine.stack.translator = machine.nat
}

function addDnsServer(machine: Machine, { mode, upstream, zones, localDomain }: DnsServerDefinition): void {
  const servers = upstream.map(parseAddress).filter((ip) => ip !== undefined)
  machine.dnsServer = machine.world.add(
    new DnsServer(
      machine.sim,
      machine.stack,
      {
        mode,
        zones: zones.map(zoneOf),
        roots: mode === 'resolver' ? servers : [],
        upstream: () => (servers.length > 0 ? servers : machine.dnsServers()),
        image: mode === 'forwarder' ? 'dnsmasq' : 'named',
        tcp: true,
        ...(localDomain === ''
          ? {}
          : { local: { lookup: (name: string, type: string) => localName(machine, localDomain, name, type) } }),
      },
      machine.world.stored(`${machine.name}/dns-server`),
    ),
  )
  machine.servers.push(machine.dnsServer)
}

/** What a web server says of itself unless the definition says otherwise. */
const SERVERS = { windows: 'Microsoft-IIS/10.0', other: 'nginx/1.24.0 (Ubuntu)' } as const

function addHttpServer(machine: Machine, { port, server, pages }: HttpServerDefinition): void {
  const { windows } = machine
  const site = {
    server: server === '' ? (windows ? SERVERS.windows : SERVERS.other) : server,
    date: () => httpDate(machine.clock),
    find: (path: string) => findPage(pages, machine.hostname, path),
  }
  const options = { port, site, image: windows ? 'System' : 'nginx' }
  machine.servers.push(
    machine.world.add(new HttpServer(machine.stack, options, machine.world.stored(`${machine.name}/http/${port}`))),
  )
}

function addSsh(machine: Machine, { port, software }: SshDefinition): void {
  const options = { port, software }
  machine.servers.push(
    machine.world.add(new SshBanner(machine.stack, options, machine.world.stored(`${machine.name}/ssh/${port}`))),
  )
}

/** The date of an HTTP field (RFC 9110 section 5.6.7). */
function httpDate({ epochMicros, now }: Clock): string {
  const { weekday, day, month, year, hour, minute, second } = civilTime(epochMicros + now)
  const two = (n: number) => String(n).padStart(2, '0')
  const name = (WEEKDAYS[weekday] as string).slice(0, 3)
  return `${name}, ${two(day)} ${(MONTHS[month - 1] as string).slice(0, 3)} ${year} ${two(hour)}:${two(minute)}:${two(second)} GMT`
}

/** A home router answers for the machines it has given addresses to, and for itself. */
function localName(
  machine: Machine,
  domain: string,
  name: string,
  type: string,
): readonly PlainRecord[] | 'no-such-name' | undefined {
  const lower = name.toLowerCase()
  const leases = machine.dhcpServers
    .flatMap((server) => server.leases())
    .filter((lease) => lease.state === 'bound' && lease.hostname !== '')
  const lan =
    machine.dhcpServers.length > 0 ? machine.stack.byName(machine.definition.dhcpServers[0]?.adapter ?? '')?.primary : undefined
  const names = [...leases.map((l) => ({ name: l.hostname, ip: l.ip })), ...(lan ? [{ name: machine.hostname, ip: lan.ip }] : [])]
  if (lower.endsWith('.in-addr.arpa')) {
    const ip = parseIp(lower.slice(0, -13).split('.').reverse().join('.'))
    const found = names.find((entry) => entry.ip === ip)
    return found === undefined
      ? undefined
      : type === 'PTR'
        ? [{ type: 'PTR', name, ttl: 0, target: `${found.name}.${domain}` }]
        : []
  }
  const suffix = `.${domain}`
  if (!lower.endsWith(suffix)) return undefined
  const found = names.find((entry) => entry.name.toLowerCase() === lower.slice(0, -suffix.length))
  if (found === undefined) return 'no-such-name'
  return type === 'A' ? [{ type: 'A', name, ttl: 0, address: found.ip }] : []
}
