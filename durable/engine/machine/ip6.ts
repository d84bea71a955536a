// IPv6 of a machine, from its definition: addresses set by hand, and what a router says and admits. Labs that were defined before
// there was IPv6 have none of these keys: their hosts speak it on their links, as every system does by itself.

import { setQuerying } from '../ip/membership.ts'
import type { Interface6 } from '../ip/v6/interface6.ts'
import { Ip6Stack, type Ip6State } from '../ip/v6/ip6-stack.ts'
import { setQuerying6 } from '../ip/v6/listener.ts'
import { Dhcp6Client, type Dhcp6ClientState } from '../service/dhcp6-client.ts'
import { Dhcp6Server, type Dhcp6ServerState } from '../service/dhcp6-server.ts'
import { HomeGate6 } from '../service/gate6.ts'
import { NEVER } from '../sim/time.ts'
import { type Ip6, inPrefix6, isLinkLocalIp6, networkOf6, parseCidr6, parseIp6 } from '../wire/addresses.ts'
import { put48 } from '../wire/bytes.ts'
import type { AdapterDefinition } from './definition.ts'
import { givenDns } from './given-dns.ts'
import type { Machine } from './machine.ts'

export function createIp6(machine: Machine): Ip6Stack {
  return machine.world.add(new Ip6Stack(machine.stack, { temporary: machine.windows }))
}

/** After the interface of an adapter stands. */
export function configureAdapter6(machine: Machine, index: number, adapter: AdapterDefinition): void {
  const { address6 = 'auto', gateway6 = '' } = adapter
  const i6 = machine.ip6.interfaces.get(index)
  if (i6 === undefined) return
  i6.enabled = address6 !== 'none'
  i6.forwarding = machine.definition.forwarding
  const { sixes } = givenDns(machine.definition, adapter)
  if (sixes.length > 0 && i6.enabled) i6.ownDns = sixes
  const own = parseCidr6(address6)
  if (own === undefined) return
  // Who has an address by hand is not to have another by itself, as servers are set up.
  i6.acceptsRa = false
  machine.ip6.addAddress(i6, { ip: own.address, prefixLength: own.prefixLength, origin: 'manual' })
  const gateway = parseIp6(gateway6)
  if (gateway !== undefined) addRoute(machine, i6, 0n, 0, gateway)
  for (const { to, via } of machine.definition.routes) {
    const destination = parseCidr6(to)
    const next = parseIp6(via)
    if (destination === undefined || next === undefined || !inPrefix6(next, own.address, own.prefixLength)) continue
    addRoute(machine, i6, destination.address, destination.prefixLength, next)
  }
}

function addRoute(machine: Machine, i6: Interface6, destination: Ip6, prefixLength: number, gateway: Ip6): void {
  machine.ip6.routes.put({
    destination,
    prefixLength,
    gateway,
    interface: i6.via.index,
    metric: machine.windows ? 256 : 1024,
    origin: 'static',
    persistent: true,
    preference: 0,
    expiresAt: NEVER,
  })
}

/** What a router does on its networks besides forwarding. */
export function addServices6(machine: Machine): void {
  const { definition, world, ip6, stack } = machine
  for (const adapter of definition.multicastQuerier ?? []) {
    const via = stack.byName(adapter)
    const i6 = via && ip6.interfaces.get(via.index)
    if (via) setQuerying(stack, via, true)
    if (i6) setQuerying6(ip6, i6, true)
  }
  for (const said of definition.routerAdvertisements ?? []) {
    const via = stack.byName(said.adapter)
    const i6 = via === undefined ? undefined : ip6.interfaces.get(via.index)
    if (i6 === undefined) continue
    const own = i6.addresses.filter((a) => a.origin === 'manual' && !isLinkLocalIp6(a.ip))
    const given = said.prefixes.map(parseCidr6).filter((prefix) => prefix !== undefined)
    const prefixes =
      given.length > 0 ? given : own.map((a) => ({ address: networkOf6(a.ip, a.prefixLength), prefixLength: a.prefixLength }))
    const dnsServers = said.dnsServers.map(parseIp6).filter((ip) => ip !== undefined)
    i6.advertising = {
      prefixes: prefixes.map(({ address, prefixLength }) => ({
        prefix: address,
        length: prefixLength,
        valid: said.validSeconds,
        preferred: said.preferredSeconds,
      })),
      lifetime: said.lifetimeSeconds,
      managed: said.managed,
      other: said.other,
      dnsServers: said.dnsServers.length > 0 ? dnsServers : definition.dns === null ? [] : own.slice(0, 1).map((a) => a.ip),
      domains: said.domain === '' ? [] : [said.domain],
      mtu: 0,
    }
  }
  for (const { adapter, first, last, leaseSeconds, dnsServers, domain } of definition.dhcpv6Servers ?? []) {
    const via = stack.byName(adapter)
    if (via === undefined) continue
    const [from, to] = [parseIp6(first), parseIp6(last)]
    const range = from === undefined || to === undefined ? undefined : { first: from, last: to }
    const options = { range, leaseSeconds, dnsServers: dnsServers.map(parseIp6).filter((ip) => ip !== undefined), domain }
    const stored = world.stored<Dhcp6ServerState>(`${machine.name}/dhcp6-server/${via.name}`)
    const server = world.add(new Dhcp6Server(stack, via, options, stored))
    ip6.watchers.push(server)
  }
  if (definition.ipv6Firewall) {
    machine.gate6 = world.add(new HomeGate6(stack, definition.ipv6Firewall, world.stored(`${machine.name}/gate6`)))
    ip6.gate = machine.gate6
  }
}

/** Asks for what routers say is to be had by DHCPv6; a machine that forwards hears no routers. */
export function addClient6(machine: Machine): void {
  const { world, stack, ip6, definition } = machine
  if (definition.forwarding || definition.adapters.every(({ address6 = 'auto' }) => address6 !== 'auto')) return
  const ids = { duid: () => duidOf(machine), iaid: (index: number) => iaidOf(machine, index) }
  machine.dhcp6 = world.add(new Dhcp6Client(stack, ip6, ids, world.stored<Dhcp6ClientState>(`${machine.name}/dhcp6-client`)))
}

/** RFC 8415 section 11.2: link address and time, of the first adapter and the day the system was installed on. */
export function duidOf(machine: Machine): Uint8Array {
  const first = [...machine.stack.interfaces.values()].find((via) => via.kind === 'ethernet') ?? machine.stack.loopback
  const duid = new Uint8Array(14)
  duid.set([0, 1, 0, 1, 0x2b, 0x6a, 0x11, 0x40])
  put48(duid, 8, first?.mac ?? 0)
  return duid
}

/** A number of the adapter's own and the first three octets of its MAC, as Windows makes it. */
export function iaidOf(machine: Machine, index: number): number {
  const via = machine.stack.interfaces.get(index)
  const number = via?.kind === 'virtual' ? index & 0xff : 6
  return number * 0x1000000 + Math.floor((via?.mac ?? 0) / 0x1000000)
}

/** A lab from before there was IPv6 begins to speak it where it is. */
export function restoreIp6(machine: Machine, fresh: boolean): void {
  const stored = machine.world.stored<Ip6State>(`${machine.name}/ip6`)
  if (stored) machine.ip6.load(stored)
  else if (!fresh && machine.stack.powered) machine.ip6.powerOn()
}
