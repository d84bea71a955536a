import type { LabDefinition, MachineDefinition, VmDefinition, ZoneDefinition } from '../engine/lab/definition.ts'
import { toLesson } from './lesson.ts'
import type { AdapterSource, MachineSource } from './machine-schema.ts'
import type { LabSource } from './schema.ts'
import { toCheck } from './to-check.ts'

/** The file with every default filled in. Expects that `referenceFaults` found nothing. */
export function toDefinition(source: LabSource): LabDefinition {
  const guests = new Set(Object.values(source.machines).flatMap((machine) => vms(machine).map((vm) => vm.machine)))
  return {
    title: source.title,
    summary: source.summary,
    ...source.starts,
    machines: Object.entries(source.machines).map(([name, machine]) => toMachine(name, machine, guests.has(name))),
    switches: Object.entries(source.switches).map(([name, { label = name, ssid = '' }]) => ({ name, label, ssid })),
    cables: source.cables.map(({ between: [a, b], name = cableName(a, b), ...rest }) => ({ name, a, b, ...rest })),
    radios: source.radios,
    ...(source.prepare.length === 0 ? {} : { prepare: source.prepare }),
    ...(source.lesson === undefined ? {} : { lesson: toLesson(source.lesson) }),
    checks: source.checks.map(toCheck),
    ...(source.total === undefined ? {} : { total: source.total }),
  }
}

export const cableName = (a: string, b: string): string =>
  `${a}-${b}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)

export const vms = (machine: MachineSource): VmDefinition[] =>
  Object.entries(machine.hyperV?.vms ?? {}).map(([name, { memory, machine: runs = name, ...rest }]) => ({
    name,
    machine: runs,
    memoryBytes: memory,
    ...rest,
  }))

export const hasTerminal = ({ console, os }: MachineSource): boolean => console ?? (os === 'windows-11' || os === 'ubuntu-24.04')

function toMachine(name: string, machine: MachineSource, guest: boolean): MachineDefinition {
  const { os, nat, dns } = machine
  const windows = os === 'windows-11'
  return {
    name,
    hostname: machine.hostname ?? name,
    os,
    build: machine.build ?? (windows ? 26_100 : 0),
    ...(machine.edition ? { edition: machine.edition } : {}),
    role: machine.role ?? (guest ? 'guest' : os === 'router' ? 'router' : os === 'server' ? 'server' : 'computer'),
    console: hasTerminal(machine),
    adapters: Object.entries(machine.adapters).map(([adapter, its]) => toAdapter(adapter, its, windows, guest)),
    routes: machine.routes.map(({ to, via }) => ({
      to: to === 'default' ? (via.includes(':') ? '::/0' : '0.0.0.0/0') : to,
      via,
    })),
    dnsServers: machine.dnsServers,
    searchDomains: machine.searchDomains,
    answersPing: machine.answersPing ?? !windows,
    forwarding: machine.forwarding ?? (os === 'router' || nat !== undefined),
    ...(machine.mdns === undefined ? {} : { mdns: machine.mdns }),
    ...(machine.llmnr === undefined ? {} : { llmnr: machine.llmnr }),
    dhcpServers: machine.dhcpServers.map(({ lease, router, dnsServers, domain = '', ...rest }) => {
      const own = (machine.adapters[rest.adapter]?.address ?? '').split('/')[0] as string
      return {
        ...rest,
        leaseSeconds: Math.max(1, Math.floor(lease / 1_000_000)),
        router: router ?? own,
        dnsServers: dnsServers ?? (dns ? [own] : []),
        domain,
      }
    }),
    nat: nat ? { ...nat, forwards: nat.forwards.map(({ port, toPort = port, ...rest }) => ({ ...rest, port, toPort })) } : null,
    ...toServices6(machine),
    dns: dns
      ? {
          mode: dns.mode,
          upstream: dns.upstream,
          localDomain: dns.localDomain ?? '',
          zones: Object.entries(dns.zones).map(toZone),
        }
      : null,
    ...(machine.http ? { http: toHttp(machine.http) } : {}),
    ...(machine.ssh ? { ssh: machine.ssh } : {}),
    vpnServer: machine.vpnServer ? toVpnServer(machine.vpnServer) : null,
    vpns: Object.entries(machine.vpns).map(([vpn, { suffix = '', ...rest }]) => ({ name: vpn, suffix, ...rest })),
    hyperV: machine.hyperV
      ? {
          vms: vms(machine),
          // Builds 16299 to 18362 draw a /28, later ones a /20 (fact sheet 4.5).
          defaultSwitch: {
            ...machine.hyperV.defaultSwitch,
            prefixLength: machine.hyperV.defaultSwitch.prefixLength ?? ((machine.build ?? 26_100) <= 18_362 ? 28 : 20),
          },
        }
      : null,
  }
}

const seconds = (micros: number): number => Math.floor(micros / 1_000_000)

/** Absent where nothing is said, so that a definition without IPv6 is what it always was. */
function toServices6(
  machine: MachineSource,
): Pick<MachineDefinition, 'routerAdvertisements' | 'dhcpv6Servers' | 'ipv6Firewall' | 'multicastQuerier'> {
  const { routerAdvertisements, dhcpv6Servers, ipv6Firewall, dns } = machine
  return {
    ...(routerAdvertisements.length === 0
      ? {}
      : {
          routerAdvertisements: routerAdvertisements.map(({ valid, preferred, lifetime, domain = '', ...rest }) => ({
            ...rest,
            validSeconds: seconds(valid),
            preferredSeconds: Math.min(seconds(preferred), seconds(valid)),
            lifetimeSeconds: seconds(lifetime),
            domain,
          })),
        }),
    ...(dhcpv6Servers.length === 0
      ? {}
      : {
          dhcpv6Servers: dhcpv6Servers.map(({ adapter, first = '', last = '', lease, dnsServers, domain = '' }) => {
            const own = (machine.adapters[adapter]?.address6 ?? '').split('/')[0] as string
            return {
              adapter,
              first,
              last,
              leaseSeconds: Math.max(1, seconds(lease)),
              dnsServers: dnsServers ?? (dns && own.includes(':') ? [own] : []),
              domain,
            }
          }),
        }),
    ...(ipv6Firewall === undefined ? {} : { ipv6Firewall }),
    ...(machine.multicastQuerier.length === 0 ? {} : { multicastQuerier: machine.multicastQuerier }),
  }
}

function toAdapter(
  name: string,
  { description, mac = '', gateway = '', address6, gateway6, ...rest }: AdapterSource,
  windows: boolean,
  guest: boolean,
) {
  const wired = guest ? 'Microsoft Hyper-V Network Adapter' : 'Intel(R) Ethernet Connection I219-LM'
  const product = !windows ? '' : rest.kind === 'wifi' ? 'Intel(R) Wi-Fi 6E AX211 160MHz' : wired
  const six = { ...(address6 === 'auto' ? {} : { address6 }), ...(gateway6 === undefined ? {} : { gateway6 }) }
  return { name, mac, gateway, description: description ?? product, ...rest, ...six }
}

const toHttp = ({ pages, ...rest }: NonNullable<MachineSource['http']>) => ({
  ...rest,
  pages: Object.entries(pages).map(([path, page]) => {
    const { type = '', body, redirect = '' } = typeof page === 'string' ? { body: page } : page
    return { path, type, body, redirect }
  }),
})

const toVpnServer = ({ first, last, users, ...rest }: NonNullable<MachineSource['vpnServer']>) => ({
  ...rest,
  pool: { first, last },
  users: Object.entries(users).map(([name, password]) => ({ name, password })),
})

type Records = NonNullable<MachineSource['dns']>['zones'][string]

/** Whole names without a dot at the end; the root is the empty name. */
function toZone([zone, records]: [string, Records]): ZoneDefinition {
  const origin = bare(zone)
  const whole = (name: string) =>
    name === '@' ? origin : name.endsWith('.') ? bare(name) : origin === '' ? name : `${name}.${origin}`
  const value = (type: string, text: string) =>
    /^(NS|CNAME|PTR|MX|SOA|SRV)$/.test(type) ? text.split(/\s+/).map(bare).join(' ') : text
  return {
    name: origin,
    records: records.map((record) => ({ ...record, name: whole(record.name), value: value(record.type, record.value) })),
  }
}

const bare = (name: string) => (name.endsWith('.') ? name.slice(0, -1) : name)
