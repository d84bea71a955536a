// Why a machine cannot reach something: what is unplugged, off, without an address or without a route. Mostly from the present
// state, since a packet that was never sent leaves no trace.

import type { RouteView, RouteView6 } from '../../machine/views.ts'
import { type IpAddress, inPrefix, isLinkLocalIp, parseIp } from '../../wire/addresses.ts'
import * as dhcp from '../../wire/dhcp.ts'
import { found, verdictText, withEvidence } from './found.ts'
import type { NamedCause, TableRow } from './history.ts'
import type { Packet, Past } from './past.ts'
import { inNetwork, ipText, type Spot, type Wiring } from './wiring.ts'

type AnyRoute = RouteView | RouteView6

export class Reach {
  readonly past: Past
  readonly wiring: Wiring

  constructor(past: Past, wiring: Wiring) {
    this.past = past
    this.wiring = wiring
  }

  // Wires

  /** What lies between two adapters that are wired together: a machine that is off, a link that is down. */
  broken(from: Spot, to: Spot): NamedCause | undefined {
    const { wiring } = this
    const power = wiring.power(to.machine)
    const name = wiring.hostname(to.machine)
    if (power === 'off') return found('machine-off', to.machine, to.machine, `${name} is switched off.`)
    if (power === 'saved')
      return found('machine-saved', to.machine, to.machine, `${name} is saved: it does not run until it is started again.`)
    const lying = wiring.between(from, to)?.filter(({ up }) => !up)
    // The computer's adapter on an external switch has the link that the physical one has.
    const down = lying?.find(({ through }) => through) ?? lying?.[0]
    if (down) return this.linkDown(down.name, from, to)
    const via = wiring.interface(to)
    if (via && !via.enabled)
      return found('adapter-disabled', to.machine, to.adapter, `The adapter ${to.adapter} of ${name} is disabled.`)
    return undefined
  }

  private linkDown(link: string, from: Spot, to: Spot | undefined): NamedCause {
    const { wiring } = this
    const row = wiring.links.find(({ name }) => name === link)
    const ends: readonly string[] = row ? (row.ends ?? [row.a, row.b]) : []
    const nic = row?.through && wiring.interface(row.through)
    if (row?.through && nic && !nic.enabled) {
      const { machine, adapter } = row.through
      const text = `The adapter ${adapter} of ${wiring.hostname(machine)}, which a virtual switch uses, is disabled.`
      return found('adapter-disabled', machine, adapter, text)
    }
    const end =
      [from.machine, to?.machine ?? ''].find((name) => ends.includes(name) && row?.kind !== 'vmbus') ??
      row?.through?.machine ??
      row?.a ??
      ''
    if (row?.kind === 'vmbus') {
      const text = `The network adapter of the virtual machine ${end} is connected to no switch.`
      return found('vm-adapter-disconnected', end, link, text)
    }
    return found('cable-unplugged', end, link, `The cable ${link}, between ${ends.join(' and ')}, is unplugged.`)
  }

  /** Why an adapter has no link. */
  noLink(spot: Spot): NamedCause {
    const { wiring } = this
    const via = wiring.interface(spot)
    const name = wiring.hostname(spot.machine)
    if (via && !via.enabled)
      return found('adapter-disabled', spot.machine, spot.adapter, `The adapter ${spot.adapter} of ${name} is disabled.`)
    const down = wiring.at(spot).find(({ up, kind }) => !up && kind !== 'radio')
    const outer = down?.kind === 'vmbus' ? wiring.cableOf(down.b) : undefined
    if (outer && !outer.up) return this.linkDown(outer.name, spot, undefined)
    if (down) return this.linkDown(down.name, spot, undefined)
    if (via?.kind === 'wifi')
      return found('adapter-disabled', spot.machine, spot.adapter, `${spot.adapter} of ${name} has joined no Wi-Fi network.`)
    return found(
      'cable-unplugged',
      spot.machine,
      spot.adapter,
      `${spot.adapter} of ${name} had no link: its cable was unplugged.`,
    )
  }

  // Addresses

  /** Nobody answered the ARP requests of `from` for an address. `asked`: what the address was wanted for. */
  unanswered(from: Spot, ip: IpAddress, destination: IpAddress, isDnsServer: boolean): NamedCause {
    const { wiring } = this
    const name = wiring.hostname(from.machine)
    const text = ipText(ip)
    const owners = wiring.owners(ip).filter(({ machine }) => machine !== from.machine)
    for (const owner of owners) {
      const broken = wiring.between(from, owner) && this.broken(from, owner)
      if (broken) return broken
    }
    const apart = owners.map((owner) => wiring.apart(from, owner)).find((why) => why !== undefined)
    if (apart)
      return found(
        'vlan',
        apart.machine,
        apart.detail,
        `The virtual switch of ${wiring.hostname(apart.machine)} keeps VLANs apart: ${apart.detail}.`,
      )
    const stale = this.stale(from)
    if (stale) return stale
    const real = owners.find(({ machine }) => wiring.isReal(machine))
    if (real) {
      const silent = `${name} asked three times for ${text}. The real machine at ${real.machine} had that address, and did not answer.`
      return found('address-unused', '', text, silent)
    }
    const known = owners.filter(({ machine }) => wiring.machine(machine) !== undefined)
    const far = known.find((owner) => wiring.between(from, owner) === undefined)
    if (far && ip === destination && wiring.onLink(from, ip)) {
      const mask = `${name} takes ${text} to be on its own network, so its mask is too wide: ${wiring.hostname(far.machine)} is elsewhere.`
      return found('wrong-netmask', from.machine, text, mask)
    }
    if (ip !== destination) {
      const route = this.route(from.machine, destination)
      const which = route ? rowOf(route) : `a route by ${text}`
      return found(
        'wrong-route',
        from.machine,
        which,
        `${name} sends this by ${text} (${which}), and nobody there has that address.`,
      )
    }
    if (isDnsServer)
      return found('dns-server-wrong', from.machine, text, `${name} asks ${text} for names, and nobody has that address.`)
    return found('address-unused', '', text, `Nobody on that network has the address ${text}: ${name} asked three times.`)
  }

  /** An address of a network that is not the one of the DHCP server here. */
  stale(spot: Spot): NamedCause | undefined {
    const { wiring } = this
    const via = wiring.interface(spot)
    const own = via?.addresses.find(({ origin }) => origin === 'dhcp')
    if (own === undefined) return undefined
    const servers = wiring.dhcpServers(spot).filter((server) => wiring.power(server.machine) === 'on')
    const networks = servers.flatMap((server) => wiring.interface(server)?.addresses ?? [])
    if (networks.length === 0) return undefined
    const fits = networks.some(({ address, prefixLength }) =>
      inPrefix(parseIp(own.address) ?? 0, parseIp(address) ?? 0, prefixLength),
    )
    if (fits) return undefined
    const here = networks.map(({ address, prefixLength }) => `${address}/${prefixLength}`).join(', ')
    const text = `${wiring.hostname(spot.machine)} still has ${own.address}, an address of a network that is gone: here it is ${here} now. It must renew its lease.`
    return found('stale-address', spot.machine, own.address, text)
  }

  /** The adapter has no usable address. */
  noAddress(spot: Spot): NamedCause {
    const { wiring, past } = this
    const name = wiring.hostname(spot.machine)
    const asked = [...past.packets.values()].findLast((packet) => {
      const { machine, adapter } = past.place(packet.sightings[0] as Packet['sightings'][number])
      const lease = past.first(packet).dhcp
      return machine === spot.machine && adapter === spot.adapter && lease?.reply === false && lease.type === dhcp.DISCOVER
    })
    if (asked) return this.noLease(asked)
    const [server] = wiring.dhcpServers(spot)
    const broken = server && this.broken(spot, server)
    return broken ?? found('no-address', spot.machine, spot.adapter, `${spot.adapter} of ${name} has no usable IPv4 address.`)
  }

  /** A DHCP question that got no lease: what became of it at the server that is meant for that network. */
  noLease(asked: Packet): NamedCause {
    const { past, wiring } = this
    const from = past.place(asked.sightings[0] as Packet['sightings'][number])
    const servers = wiring.dhcpServers(from)
    for (const server of servers) {
      const name = wiring.hostname(server.machine)
      const seen = asked.sightings.find((one) => {
        const place = past.place(one)
        return one.direction === 'in' && place.machine === server.machine && place.adapter === server.adapter
      })
      if (seen === undefined) {
        const broken = this.broken(from, server)
        if (broken) return withEvidence(broken, asked.id)
        continue
      }
      if (seen.verdict === 'no-listener')
        return found(
          'dhcp-service-off',
          server.machine,
          server.adapter,
          `Nothing listens on UDP port 67 of ${name}: its DHCP service does not run.`,
          asked.id,
        )
      if (seen.verdict === 'firewall')
        return found(
          'firewall',
          server.machine,
          seen.detail,
          `The firewall of ${name} dropped the DHCP question: ${seen.detail}.`,
          asked.id,
        )
      if (seen.verdict === 'ignored' && seen.detail.includes('no address is free'))
        return found(
          'dhcp-pool-exhausted',
          server.machine,
          server.adapter,
          `The DHCP server of ${name} has no free address left.`,
          asked.id,
        )
      if (seen.verdict !== 'delivered')
        return found('other', server.machine, seen.verdict, `${name} dropped the DHCP question. ${verdictText(seen)}`, asked.id)
    }
    const [server] = servers
    if (server === undefined) {
      const meant = wiring.segment(from).find(({ machine }) => wiring.machine(machine)?.role === 'router')?.machine ?? ''
      const text = `No machine on the network of ${wiring.hostname(from.machine)} serves DHCP${meant === '' ? '' : `, not even ${wiring.hostname(meant)}`}.`
      return found('dhcp-service-off', meant, from.adapter, text, asked.id)
    }
    return found(
      'silent',
      server.machine,
      'DHCP',
      `${wiring.hostname(server.machine)} did not answer the DHCP question.`,
      asked.id,
    )
  }

  // Routes

  /** The row that a machine's table chooses for a destination now. */
  route(machine: string, destination: IpAddress): AnyRoute | undefined {
    return this.rows(machine, destination)[0]
  }

  /** The rows that lead to a destination, the best first. */
  private rows(machine: string, destination: IpAddress): AnyRoute[] {
    const kernel = this.past.history.lab?.kernel(machine)
    const rows: readonly AnyRoute[] = (typeof destination === 'number' ? kernel?.routes() : kernel?.routes6()) ?? []
    return rows
      .filter((row) => inNetwork(destination, row.destination, row.prefixLength))
      .sort((a, b) => b.prefixLength - a.prefixLength || a.metric + a.interfaceMetric - b.metric - b.interfaceMetric)
  }

  /**
   * The row by which a packet was forwarded as its sighting says (`to 192.0.2.1 by eth0`): the tables are those of now. Null when
   * no row leads there any more, undefined when no table is known.
   */
  routeTable(machine: string, destination: IpAddress, went: string): TableRow | undefined | null {
    const routes = this.past.history.lab?.kernel(machine)?.routes()
    if (routes === undefined) return undefined
    const interfaces = this.past.history.lab?.kernel(machine)?.interfaces() ?? []
    const row = this.rows(machine, destination).find(({ gateway, interface: index }) => {
      const by = interfaces.find((via) => via.index === index)?.name
      return went === `to ${gateway === '' ? ipText(destination) : gateway} by ${by}`
    })
    return row ? { machine, table: 'routes', row: rowOf(row) } : null
  }

  /** A machine has no route: because a link is down, there is no lease, or the route was never there. */
  noRoute(machine: string, destination: IpAddress): NamedCause {
    const { wiring } = this
    const name = wiring.hostname(machine)
    const to = ipText(destination)
    const spot = (via: { readonly name: string }): Spot => ({ machine, adapter: via.name })
    const speaks = new Set(
      this.past.history.lab
        ?.kernel(machine)
        ?.interfaces()
        .map((via) => via.name),
    )
    const adapters = wiring
      .interfaces(machine)
      .filter((via) => speaks.has(via.name))
      .filter((via) => via.kind === 'ethernet' || via.kind === 'wifi' || wiring.facesOutside(spot(via)))
    // The cable before the radio: somebody who uses neither has pulled the one and not joined by the other.
    const leads = adapters.filter((via) => this.couldLead(machine, via.name, destination))
    const down = leads.filter(({ up }) => !up)
    const wired = down.find(({ kind }) => kind !== 'wifi')
    if (wired) return this.noLink(spot(wired))
    if (down.length > 0 && leads.every(({ up }) => !up)) return this.noLink(spot(down[0] as { name: string }))
    const bare = leads.find(
      ({ up, addresses }) =>
        up && !addresses.some(({ address, state }) => state === 'preferred' && !isLinkLocalIp(parseIp(address) ?? 0)),
    )
    if (bare) return this.noAddress(spot(bare))
    const near = this.otherSubnet(leads.map(spot), destination)
    if (near) return near
    const kernel = this.past.history.lab?.kernel(machine)
    const routes: readonly AnyRoute[] | undefined = typeof destination === 'number' ? kernel?.routes() : kernel?.routes6()
    if (leads.length > 0 && routes && !routes.some(({ prefixLength }) => prefixLength === 0))
      return found('no-default-route', machine, to, `${name} has no default route, and no other route leads to ${to}.`)
    return found('no-route', machine, to, `No route of ${name} leads to ${to}.`)
  }

  /** Whoever has the destination is on the same wires, under another network. */
  private otherSubnet(spots: readonly Spot[], destination: IpAddress): NamedCause | undefined {
    const { wiring } = this
    for (const spot of spots) {
      const owner = wiring.owners(destination).find((one) => one.machine !== spot.machine && wiring.between(spot, one))
      const own = wiring.interface(spot)?.addresses.find(({ state }) => state === 'preferred')
      if (!owner || !own) continue
      const text = `${wiring.hostname(spot.machine)} (${own.address}/${own.prefixLength}) and ${wiring.hostname(owner.machine)} (${ipText(destination)}) are on the same wires, but in different subnets.`
      return found('other-subnet', spot.machine, own.address, text)
    }
    return undefined
  }

  /** Whether a way to the destination is expected by this adapter: its own network, or a gateway behind it. */
  private couldLead(machine: string, adapter: string, destination: IpAddress): boolean {
    const definition = this.wiring.machine(machine)?.adapters.find(({ name }) => name === adapter)
    if (definition === undefined) return this.wiring.facesOutside({ machine, adapter })
    if (definition.address === 'dhcp' || definition.gateway !== '') return true
    if (this.wiring.machine(machine)?.role === 'server' || this.wiring.machine(machine)?.role === 'computer') return true
    const own = typeof destination === 'number' ? definition.address : (definition.address6 ?? '')
    const [address, length] = own.split('/')
    return inNetwork(destination, address ?? '', Number(length))
  }

  /** Whether a machine knows a way to an address at all. */
  knowsWay(machine: string, destination: IpAddress): boolean | undefined {
    return this.past.history.lab === undefined ? undefined : this.route(machine, destination) !== undefined
  }
}

export const rowOf = ({ destination, prefixLength, gateway, origin }: AnyRoute): string =>
  `${destination}/${prefixLength} ${gateway === '' ? 'on-link' : `by ${gateway}`} (${origin})`
