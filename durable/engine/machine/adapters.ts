// The network adapters of a machine, from its definition: names and numbers as its system gives them.
import { Interface, type InterfaceKind } from '../ip/interface.ts'
import { DhcpClient } from '../service/dhcp-client.ts'
import { NEVER } from '../sim/time.ts'
import { eui64LinkLocal, formatIp6, type Ip4, parseCidr, parseIp, parseMac } from '../wire/addresses.ts'
import type { AdapterDefinition } from './definition.ts'
import { givenDns } from './given-dns.ts'
import { joinUsualGroups } from './groups.ts'
import { guidOf, stableLinkLocal } from './guid.ts'
import type { HyperVState } from './hyper-v/hyper-v.ts'
import { configureAdapter6 } from './ip6.ts'
import type { Machine } from './machine.ts'
import { Wifi } from './wifi.ts'

/** Interface metrics that Windows chooses by itself (fact sheet 4.3). */
const METRIC = { ethernet: 25, wifi: 35, virtual: 15, loopback: 75, ppp: 0 } as const

/** The Default Switch is never the way that the computer itself prefers. */
const HIDDEN_METRIC = 5000

export const automaticMetric = ({ kind, hidden }: Interface): number => (hidden ? HIDDEN_METRIC : METRIC[kind])

export function addLoopback(machine: Machine): void {
  const lo = new Interface({
    index: 1,
    name: machine.windows ? 'Loopback Pseudo-Interface 1' : 'lo',
    description: 'Software Loopback Interface 1',
    kind: 'loopback',
    guid: '',
    mac: 0,
    mtu: machine.windows ? 4294967295 : 65536,
    metric: machine.windows ? METRIC.loopback : 0,
    speed: 0,
    vantage: 0,
    linkLocal6: machine.windows ? '' : '::1',
  })
  lo.attachment = { up: true, transmit() {} }
  lo.addresses = [
    { ip: 0x7f000001, prefixLength: 8, origin: 'well-known', state: 'preferred', validUntil: NEVER, probes: 0, probeAt: NEVER },
  ]
  machine.stack.addInterface(lo)
}

export function addAdapter(machine: Machine, adapter: AdapterDefinition, at: number): void {
  const guest = machine.definition.role === 'guest'
  const index = machine.windows ? (guest ? 6 + at : 23 - at * 6) : 2 + at
  const kind: InterfaceKind = adapter.kind
  const mac = parseMac(adapter.mac) ?? drawMac(machine, adapter.name)
  const automatic = machine.windows ? METRIC[kind] : 0
  const via = new Interface({
    index,
    name: adapter.name,
    description: adapter.description,
    kind,
    guid: guidOf(machine.sim.seed, `${machine.name}/${adapter.name}`),
    mac,
    mtu: 1500,
    metric: adapter.metric > 0 ? adapter.metric : automatic,
    speed: guest ? 10_000_000_000 : kind === 'wifi' ? 866_700_000 : 1_000_000_000,
    vantage: machine.world.recorder.vantage(machine.name, adapter.name),
    linkLocal6: machine.windows
      ? stableLinkLocal(machine.sim.seed, `${machine.name}/${adapter.name}`)
      : formatIp6(eui64LinkLocal(mac)),
  })
  // Of other software: its own world behind it, where nobody of the lab is.
  if (kind === 'virtual') via.attachment = { up: true, transmit() {} }
  machine.stack.addInterface(via)
  joinUsualGroups(machine, via)
  via.forwarding = machine.definition.forwarding
  configureAdapter6(machine, index, adapter)
  if (adapter.kind === 'wifi') machine.wifis.push(new Wifi(machine.stack, via, adapter.joins))
  if (adapter.address === 'dhcp') {
    via.dhcp = true
    if (!isUplink(machine, index)) addDhcpClient(machine, via)
  } else configure(machine, via, adapter)
}

/** Whether a stored switch of Hyper-V has the adapter for itself: then it asks for no address. */
const isUplink = (machine: Machine, index: number): boolean =>
  (machine.world.stored<HyperVState>(`${machine.name}/hyper-v`)?.switches ?? []).some(({ uplink, team }) =>
    [uplink, ...(team?.others ?? [])].some((one) => one?.nic === index),
  )

/** `state`: it goes on where another one was. */
export function addDhcpClient(machine: Machine, via: Interface, state?: ReturnType<DhcpClient['save']>): DhcpClient {
  const { index } = via
  const options = {
    hostname: machine.hostname,
    dialect: machine.windows ? ('windows' as const) : ('linux' as const),
    manualDns: () => machine.manualDns.has(index),
  }
  const name = `${machine.name}/dhcp-client/${via.name}`
  const client = new DhcpClient(machine.sim, machine.stack, via, options, state ?? machine.world.stored(name))
  machine.dhcpClients.set(index, machine.world.add(client))
  machine.system?.network.follow(client)
  return client
}

function configure(machine: Machine, via: Interface, adapter: AdapterDefinition): void {
  const own = parseCidr(adapter.address)
  if (own === undefined) return
  via.addresses.push({
    ip: own.address,
    prefixLength: own.prefixLength,
    origin: 'manual',
    state: 'preferred',
    validUntil: NEVER,
    probes: 0,
    probeAt: NEVER,
  })
  via.dnsServers = givenDns(machine.definition, adapter).fours
  via.dnsSuffix = machine.definition.searchDomains[0] ?? ''
  const gateway = parseIp(adapter.gateway)
  if (gateway !== undefined) addStaticRoute(machine, 0, 0, gateway, via.index)
  for (const { to, via: hop } of machine.definition.routes) {
    const destination = parseCidr(to)
    const next = parseIp(hop)
    if (destination === undefined || next === undefined || via.addressFor(next) === undefined) continue
    addStaticRoute(machine, destination.address, destination.prefixLength, next, via.index)
  }
}

function addStaticRoute(machine: Machine, destination: Ip4, prefixLength: number, gateway: Ip4, index: number): void {
  machine.stack.routes.add({
    destination,
    prefixLength,
    gateway,
    interface: index,
    metric: machine.windows ? 1 : 0,
    origin: 'static',
    persistent: true,
  })
}

function drawMac(machine: Machine, adapter: string): number {
  const random = machine.sim.random(`${machine.name}/mac/${adapter}`)
  return 0x020000000000 + random.below(0x10000) * 0x1000000 + random.below(0x1000000)
}
