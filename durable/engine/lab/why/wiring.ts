// Who is where: which adapter has an address, how two adapters are wired, and what of it is down. From the present lab where
// there is one, else from the definition and from what frames told.
import { canReach, modeText } from '../../link/virtual-port/vlan-mode.ts'
import { HOST_ADAPTER } from '../../machine/hyper-v/default-switch.ts'
import type { InterfaceView } from '../../machine/views.ts'
import {
  formatAddress,
  formatMac,
  type IpAddress,
  inPrefix,
  inPrefix6,
  type Mac,
  parseAddress,
  parseCidr,
  parseCidr6,
  parseIp,
  parseMac,
} from '../../wire/addresses.ts'
import type { TopologyLink } from '../lab-api.ts'
import type { History } from './history.ts'
import type { Past } from './past.ts'

/** An adapter of a machine. */
export type Spot = { readonly machine: string; readonly adapter: string }

type WiringLink = Pick<TopologyLink, 'name' | 'a' | 'b' | 'aPort' | 'bPort' | 'up' | 'kind'> & {
  /** Both ends as they are called, where a virtual switch stands for the adapter that it has for itself; and that adapter. */
  readonly ends?: readonly [string, string]
  readonly through?: Spot
}

const MAX_NODES = 512

export class Wiring {
  private readonly history: History
  private readonly past: Past
  private readonly views = new Map<string, readonly InterfaceView[]>()
  readonly links: readonly WiringLink[]
  private readonly powers: ReadonlyMap<string, 'on' | 'off' | 'saved'>
  /** Machines from outside that are plugged in now. */
  private readonly real: ReadonlySet<string>

  constructor(past: Past) {
    this.past = past
    this.history = past.history
    const { lab, definition } = this.history
    const topology = lab?.topology()
    this.links = topology ? bridged(topology.links.filter((link) => link.kind !== 'tunnel')) : linksOf(definition)
    this.powers = new Map(topology?.nodes.map(({ name, power }) => [name, power]))
    this.real = new Set(topology?.nodes.flatMap(({ name, kind }) => (kind === 'real' ? [name] : [])))
  }

  isReal(name: string): boolean {
    return this.real.has(name)
  }

  private readonly hasAdapters = (name: string): boolean => this.machine(name) !== undefined || this.isReal(name)

  machine(name: string) {
    return (
      this.history.definition.machines.find((machine) => machine.name === name) ??
      this.history.lab?.parts.machines.get(name)?.definition
    )
  }

  /** Those of the definition, and those that people made. */
  private get machines() {
    const { definition, lab } = this.history
    const defined = new Set(definition.machines.map(({ name }) => name))
    const made = [...(lab?.parts.machines.values() ?? [])].filter(({ name }) => !defined.has(name))
    return [...definition.machines, ...made.map((machine) => machine.definition)]
  }

  /** The cable of the adapter that a virtual switch has for itself. */
  cableOf(fabric: string): WiringLink | undefined {
    return this.links.find(({ kind, a, b }) => kind !== 'vmbus' && (a === fabric || b === fabric))
  }

  power(machine: string): 'on' | 'off' | 'saved' | 'unknown' {
    return this.powers.get(machine) ?? 'unknown'
  }

  /** Adapters as they are now, those of the loopback left out; none without a lab. */
  interfaces(machine: string): readonly InterfaceView[] {
    const known = this.views.get(machine)
    if (known) return known
    const all = this.history.lab?.kernel(machine)?.adapters() ?? []
    const views = all.filter(({ kind }) => kind !== 'loopback')
    this.views.set(machine, views)
    return views
  }

  interface({ machine, adapter }: Spot): InterfaceView | undefined {
    return this.interfaces(machine).find(({ name }) => name === adapter)
  }

  macOwner(mac: Mac): Spot | undefined {
    const { machines } = this
    for (const { name } of machines)
      for (const via of this.interfaces(name))
        if (via.mac !== '' && parseMac(via.mac) === mac) return { machine: name, adapter: via.name }
    for (const { name, adapters } of machines)
      for (const adapter of adapters)
        if (adapter.mac !== '' && parseMac(adapter.mac) === mac) return { machine: name, adapter: adapter.name }
    return this.heard((facts) => facts.srcMac === mac)
  }

  /** Everybody who has the address, or had it when last heard of. */
  owners(ip: IpAddress): Spot[] {
    const now = this.machines.flatMap(({ name }) =>
      this.interfaces(name)
        .filter((via) => addressesOf(via).some(({ address }) => parseAddress(address) === ip))
        .map((via) => ({ machine: name, adapter: via.name })),
    )
    if (now.length > 0) return now
    const written = this.machines.flatMap(({ name, adapters }) =>
      adapters
        .filter(({ address, address6 = '' }) => parseCidr(address)?.address === ip || parseCidr6(address6)?.address === ip)
        .map((adapter) => ({ machine: name, adapter: adapter.name })),
    )
    if (written.length > 0) return written
    const lease = this.history.lab?.leases().find(({ address }) => parseIp(address) === ip)
    const lessee = lease && this.macOwner(parseMac(lease.mac) ?? -1)
    const spot = lessee ?? this.heard((facts) => (facts.arp?.senderIp ?? facts.ip?.src) === ip)
    // Who is on and has another address now is not the owner any more.
    return spot && !(this.power(spot.machine) === 'on' && this.addressed(spot)) ? [spot] : []
  }

  private addressed(spot: Spot): boolean {
    return this.interface(spot)?.addresses.some(({ state }) => state === 'preferred') ?? false
  }

  /** The adapter that last sent a frame of its own that fits. */
  private heard(fits: (facts: ReturnType<Past['first']>) => boolean): Spot | undefined {
    const { sightings } = this.history
    for (let n = sightings.length - 1; n >= 0; n--) {
      const seen = sightings[n]
      if (seen === undefined || seen.direction !== 'out' || this.past.packets.get(seen.packet)?.sightings[0] !== seen) continue
      const { machine, adapter, linkType } = this.past.place(seen)
      if (linkType === 'ethernet' && fits(this.past.at(seen))) return { machine, adapter }
    }
    return undefined
  }

  /** The links between two adapters, or undefined when no wire leads from one to the other. Down links are walked too. */
  between(from: Spot, to: Spot): WiringLink[] | undefined {
    return this.walk(from).get(keyOf(to))
  }

  /** Every adapter on the same wires, whether plugged or not. */
  segment(from: Spot): Spot[] {
    return [...this.walk(from).keys()].filter((key) => key.includes('/')).map(spotOf)
  }

  private walk(from: Spot): Map<string, WiringLink[]> {
    const start = keyOf(from)
    const ways = new Map<string, WiringLink[]>([[start, []]])
    for (const [at, way] of ways) {
      if (ways.size > MAX_NODES) break
      for (const link of this.links) {
        const [a, b] = endsOf(link, this.hasAdapters)
        const next = a === at ? b : b === at ? a : undefined
        // A machine is no bridge: the walk ends at its adapters.
        if (next === undefined || ways.has(next) || (at.includes('/') && at !== start)) continue
        // A radio that is not joined is no wire; one cable that is unplugged still is one.
        if (link.kind === 'radio' && !link.up) continue
        ways.set(next, [...way, link])
      }
    }
    return ways
  }

  /** Two ports of one virtual switch that are in different VLANs: what each is, and whose switch. */
  apart(from: Spot, to: Spot): { readonly machine: string; readonly detail: string } | undefined {
    const [a, b] = [from, to].map((spot) => parseMac(this.interface(spot)?.mac ?? ''))
    for (const [machine, { hyperV }] of this.history.lab?.parts.machines ?? [])
      for (const { fabric } of hyperV?.views() ?? []) {
        const [one, other] = [a, b].map((mac) => fabric.portList.find((port) => port.mac === mac))
        if (!one || !other || one === other) continue
        const [mine, theirs] = [one, other].map(({ settings }) => modeText(settings.vlan))
        if (mine !== theirs && !canReach(one.settings.vlan, other.settings.vlan))
          return { machine, detail: `${one.label} is ${mine}, ${other.label} is ${theirs}` }
      }
    return undefined
  }

  /** Links that end at an adapter. */
  at(spot: Spot): WiringLink[] {
    const key = keyOf(spot)
    return this.links.filter((link) => endsOf(link, this.hasAdapters).includes(key))
  }

  /** An adapter of a computer's own on a switch that has a physical one besides. */
  facesOutside(spot: Spot): boolean {
    return this.at(spot).some(({ kind, b }) => kind === 'vmbus' && this.cableOf(b) !== undefined)
  }

  /** The machine whose DHCP server is meant to serve the wires of an adapter, with its adapter there. */
  dhcpServers(from: Spot): Spot[] {
    return this.segment(from).filter(({ machine, adapter }) => {
      const definition = this.machine(machine)
      return definition?.dhcpServers.some((server) => server.adapter === adapter) || this.isDefaultSwitch({ machine, adapter })
    })
  }

  isDefaultSwitch({ machine, adapter }: Spot): boolean {
    return adapter === HOST_ADAPTER && this.machine(machine)?.hyperV !== null
  }

  /** Whether a machine is meant to pass packets on. */
  isRouter(machine: string): boolean {
    const definition = this.machine(machine)
    return (
      definition !== undefined &&
      (definition.role === 'router' || definition.forwarding || definition.hyperV !== null || linksTwo(definition))
    )
  }

  /** Whether a machine translates what leaves the network of an adapter. */
  translates({ machine, adapter }: Spot): boolean {
    const definition = this.machine(machine)
    return this.isDefaultSwitch({ machine, adapter }) || (definition?.nat?.inside.includes(adapter) ?? false)
  }

  /** Whether a machine is meant to answer names; one that gives out addresses names itself as the server. */
  servesDns(machine: string): boolean {
    const definition = this.machine(machine)
    if (definition === undefined) return false
    return definition.dns !== null || definition.hyperV !== null || definition.dhcpServers.length > 0
  }

  /** Whether an adapter's own network holds an address, by what is configured now. */
  onLink(spot: Spot, ip: IpAddress): boolean {
    const via = this.interface(spot)
    return via !== undefined && addressesOf(via).some(({ address, prefixLength }) => inNetwork(ip, address, prefixLength))
  }

  hostname(machine: string): string {
    return this.machine(machine)?.hostname ?? machine
  }
}

/** An adapter that a switch has taken is a port of it: the cable leads to the switch. */
function bridged(links: readonly WiringLink[]): WiringLink[] {
  const uplinks = links.filter(({ kind, bPort }) => kind === 'vmbus' && bPort === 'uplink')
  const takes = (node: string, port: string) => uplinks.find(({ a, aPort }) => a === node && aPort === port)
  return links
    .filter((link) => !uplinks.includes(link))
    .map((link): WiringLink => {
      const [a, b] = [takes(link.a, link.aPort), takes(link.b, link.bPort)]
      const taken = a ?? b
      if (taken === undefined || link.kind === 'vmbus') return link
      return {
        ...link,
        ...(a ? { a: a.b, aPort: 'uplink' } : {}),
        ...(b ? { b: b.b, bPort: 'uplink' } : {}),
        up: link.up && taken.up,
        ends: [link.a, link.b],
        through: { machine: taken.a, adapter: taken.aPort },
      }
    })
}

const keyOf = ({ machine, adapter }: Spot): string => `${machine}/${adapter}`
const spotOf = (key: string): Spot => ({ machine: key.slice(0, key.indexOf('/')), adapter: key.slice(key.indexOf('/') + 1) })

/** Ends as keys: a switch is a node by its name, an adapter one by machine and name. */
function endsOf({ a, b, aPort, bPort }: WiringLink, isMachine: (name: string) => boolean): [string, string] {
  const end = (node: string, port: string): string => (isMachine(node) ? `${node}/${port}` : `[${node.replaceAll('/', ':')}]`)
  return [end(a, aPort), end(b, bPort)]
}

function linksOf({ cables, machines }: History['definition']): WiringLink[] {
  const end = (text: string): [string, string] => {
    const slash = text.indexOf('/')
    return slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)]
  }
  const laid = cables.map(({ name, a, b, plugged }): WiringLink => {
    const [[aNode, aPort], [bNode, bPort]] = [end(a), end(b)]
    return { name, a: aNode, b: bNode, aPort, bPort, up: plugged, kind: 'cable' }
  })
  const virtual = machines.flatMap(({ name, hyperV }): WiringLink[] => {
    if (hyperV === null) return []
    const hub = `${name}:switch`
    const host: WiringLink = {
      name: `${name}/vmbus/host`,
      a: name,
      aPort: HOST_ADAPTER,
      b: hub,
      bPort: '',
      up: true,
      kind: 'vmbus',
    }
    const guests = hyperV.vms.map((vm): WiringLink => {
      const adapter = machines.find((machine) => machine.name === vm.machine)?.adapters[0]?.name ?? ''
      return { name: `${name}/vmbus/${vm.name}`, a: vm.machine, aPort: adapter, b: hub, bPort: vm.name, up: true, kind: 'vmbus' }
    })
    return [host, ...guests]
  })
  return [...laid, ...virtual]
}

export const ipText = formatAddress
export const macText = formatMac

/** The addresses of an interface, of both families. */
export const addressesOf = (via: InterfaceView): readonly { readonly address: string; readonly prefixLength: number }[] => [
  ...via.addresses,
  ...(via.ip6?.addresses ?? []),
]

/** Whether an address is in a network of its own family. */
export function inNetwork(ip: IpAddress, network: string, prefixLength: number): boolean {
  const address = parseAddress(network)
  if (typeof ip === 'number') return typeof address === 'number' && inPrefix(ip, address, prefixLength)
  return typeof address === 'bigint' && inPrefix6(ip, address, prefixLength)
}

/** A Linux machine on two networks is meant to join them. */
const linksTwo = ({ os, adapters }: { readonly os: string; readonly adapters: readonly unknown[] }): boolean =>
  os === 'ubuntu-24.04' && adapters.length > 1
