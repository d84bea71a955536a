// IPv6 of a machine, from its definition: addresses set by hand, and what a router says and admits. Labs that were defined before
// there was IPv6 have none of these keys: their hosts speak it on their links, as every system does by itself.

import type { Interface6 } from '../ip/v6/interface6.ts'
import { Ip6Stack, type Ip6State } from '../ip/v6/ip6-stack.ts'
import { HomeGate6 } from '../service/gate6.ts'
import { NEVER } from '../sim/time.ts'
import { type Ip6, inPrefix6, isLinkLocalIp6, networkOf6, parseCidr6, parseIp6 } from '../wire/addresses.ts'
import type { AdapterDefinition } from './definition.ts'
import type { Machine } from './machine.ts'

export function createIp6(machine: Machine): Ip6Stack {
  return machine.world.add(new Ip6Stack(machine.stack, { temporary: machine.windows }))
}

/** After the interface of an adapter stands. */
export function configureAdapter6(
  machine: Machine,
  index: number,
  { address6 = 'auto', gateway6 = '' }: AdapterDefinition,
): void {
  const i6 = machine.ip6.interfaces.get(index)
  if (i6 === undefined) return
  i6.enabled = address6 !== 'none'
  i6.forwarding = machine.definition.forwarding
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
  if (definition.ipv6Firewall) {
    machine.gate6 = world.add(new HomeGate6(stack, definition.ipv6Firewall, world.stored(`${machine.name}/gate6`)))
    ip6.gate = machine.gate6
  }
}

/** A lab from before there was IPv6 begins to speak it where it is. */
export function restoreIp6(machine: Machine, fresh: boolean): void {
  const stored = machine.world.stored<Ip6State>(`${machine.name}/ip6`)
  if (stored) machine.ip6.load(stored)
  else if (!fresh && machine.stack.powered) machine.ip6.powerOn()
}
