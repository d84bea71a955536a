// The Default Switch (fact sheet 4.5): what HNS builds at every start of the computer and Internet Connection Sharing serves
// there: a subnet that is drawn anew, DHCP, a DNS proxy on UDP only, and translation to wherever the computer goes out.
import { Interface } from '../../ip/interface.ts'
import type { Cable } from '../../link/cable.ts'
import { NO_MAC, type VirtualSwitch } from '../../link/virtual-switch.ts'
import { DhcpServer } from '../../service/dhcp-server.ts'
import { DnsServer } from '../../service/dns-server.ts'
import type { PlainRecord } from '../../service/dns-stored.ts'
import { DAY, type Micros, NEVER } from '../../sim/time.ts'
import { broadcastOf, type Ip4, inPrefix, parseIp } from '../../wire/addresses.ts'
import { joinUsualGroups } from '../groups.ts'
import { guidOf, stableLinkLocal } from '../guid.ts'
import type { Machine } from '../machine.ts'
import { MOST_RULES } from '../windows/firewall-calls.ts'
import { hnsDnsRules, icsDhcpRule } from '../windows-rules.ts'
import { DOMAIN, type HostsEntry, HostsIcs } from './hosts-ics.ts'
import { drawPrefix, type Network } from './prefix.ts'

/** The same on every machine (fact sheet 2.8). */
export const NETWORK_ID = 'C08CB7B8-9B3C-408E-8E30-5E16A3AEB444'
export const SWITCH_NAME = 'Default Switch'
export const HOST_ADAPTER = 'vEthernet (Default Switch)'
export const INTERFACE_INDEX = 15
const LEASE_SECONDS = DAY / 1_000_000
const SERVICE = { component: 'SharedAccess', image: 'svchost.exe' }

export type DefaultSwitchState = {
  readonly network: Ip4
  readonly prefixLength: number
  readonly mac: number
  readonly createdAt: Micros
} | null

export class DefaultSwitch {
  readonly hosts: HostsIcs
  state: DefaultSwitchState
  via: Interface | undefined
  private readonly machine: Machine
  private readonly fabric: VirtualSwitch
  private readonly cable: Cable
  private readonly port: number
  private readonly options: {
    readonly dhcp: boolean
    readonly dns: boolean
    readonly nat: boolean
    readonly prefixLength: number
  }
  dhcp: DhcpServer | undefined
  private dns: DnsServer | undefined

  constructor(
    machine: Machine,
    fabric: VirtualSwitch,
    cable: Cable,
    port: number,
    state: DefaultSwitchState,
    hosts: readonly HostsEntry[],
  ) {
    this.machine = machine
    this.fabric = fabric
    this.cable = cable
    this.port = port
    this.state = state
    this.hosts = new HostsIcs(hosts)
    this.options = machine.definition.hyperV?.defaultSwitch ?? { dhcp: true, dns: true, nat: true, prefixLength: 20 }
    if (state) this.build()
  }

  get address(): Ip4 {
    return this.state === null ? 0 : this.state.network + 1
  }

  get inside(): Network[] {
    return this.state === null || !this.options.nat || !this.machine.runs(SERVICE.component)
      ? []
      : [{ network: this.state.network, prefixLength: this.state.prefixLength }]
  }

  /** Draws a subnet that no adapter of the computer uses at this moment, and starts everything on it. */
  create(): boolean {
    const { machine } = this
    const random = machine.sim.random(`${machine.name}/default-switch/${machine.boots}`)
    const used: Network[] = []
    for (const via of machine.stack.interfaces.values()) {
      for (const { ip, prefixLength } of via.addresses) used.push({ network: ip, prefixLength })
      for (const [network, prefixLength] of via.kept?.addresses ?? []) used.push({ network, prefixLength })
    }
    // It always moves: the network before this one still stands in hosts.ics.
    const last = this.hosts.entries.find((entry) => entry.name === machine.hostname)
    if (last !== undefined) used.push({ network: last.ip, prefixLength: this.options.prefixLength })
    const network = drawPrefix(random, this.options.prefixLength, used)
    if (network === undefined) return false
    // HNS draws from a pool of 4,096 addresses (fact sheet 4.9).
    const mac = 0x00155d000000 + this.poolStart() * 0x1000 + random.below(0x1000)
    this.state = { network, prefixLength: this.options.prefixLength, mac, createdAt: machine.sim.now }
    this.build()
    const via = this.via as Interface
    machine.stack.addAddress(via, this.address, this.state.prefixLength, 'ics')
    this.addRules(via)
    this.hosts.purge(machine.sim.now)
    this.hosts.setHost(this.address, machine.hostname, machine.sim.now)
    return true
  }

  /** The computer goes down: the adapter and its services vanish; `hosts.ics` and the firewall rules stay on disk. */
  destroy(): void {
    const { stack } = this.machine
    this.unserve()
    stack.removeInterface(INTERFACE_INDEX)
    this.machine.manualDns.delete(INTERFACE_INDEX)
    this.fabric.setMac(this.port, NO_MAC)
    this.via = undefined
    this.state = null
  }

  /** Internet Connection Sharing begins: addresses and names for whoever stands on the switch. */
  serve(): void {
    const { via, state } = this
    if (via === undefined || state === null || !this.machine.runs(SERVICE.component)) return
    if (this.options.dhcp && !this.dhcp) this.serveDhcp(via, state)
    if (this.options.dns && !this.dns) this.serveDns(via)
  }

  /** Its service ends: nobody answers there any more, and what it translated is forgotten. */
  unserve(): void {
    const { sim, nat } = this.machine
    if (this.state) nat?.forget(this.state.network, this.state.prefixLength)
    if (this.dhcp) {
      this.dhcp.close()
      sim.remove(this.dhcp)
      this.machine.dhcpServers.splice(this.machine.dhcpServers.indexOf(this.dhcp), 1)
    }
    if (this.dns) {
      this.dns.close()
      sim.remove(this.dns)
      this.machine.dnsServer = undefined
    }
    this.dhcp = undefined
    this.dns = undefined
  }

  /** The first 4,096-address block of this computer's HNS pool. */
  poolStart(): number {
    return this.machine.sim.random(`${this.machine.name}/hns-pool`).below(0x1000)
  }

  private build(): void {
    const state = this.state as NonNullable<DefaultSwitchState>
    const { machine } = this
    const { sim, stack, world } = machine
    const label = `${machine.name}/${HOST_ADAPTER}/${state.createdAt}`
    const via = new Interface({
      index: INTERFACE_INDEX,
      name: HOST_ADAPTER,
      description: 'Hyper-V Virtual Ethernet Adapter',
      kind: 'virtual',
      guid: guidOf(sim.seed, label),
      mac: state.mac,
      mtu: 1500,
      metric: 5000,
      speed: 10_000_000_000,
      vantage: world.recorder.vantage(machine.name, HOST_ADAPTER),
      hidden: true,
      linkLocal6: stableLinkLocal(sim.seed, label),
    })
    via.forwarding = true
    this.via = via
    stack.addInterface(via)
    joinUsualGroups(machine, via)
    this.fabric.setMac(this.port, state.mac)
    const [intoSwitch, intoHost] = this.cable.connect(stack, INTERFACE_INDEX, this.fabric, this.port)
    stack.attach(INTERFACE_INDEX, intoSwitch)
    this.fabric.attach(this.port, intoHost)
    this.serve()
  }

  private serveDhcp(via: Interface, { network, prefixLength }: NonNullable<DefaultSwitchState>): void {
    const { machine } = this
    const address = this.address
    this.dhcp = machine.world.add(
      new DhcpServer(
        machine.sim,
        machine.stack,
        via,
        {
          address,
          first: network + 2,
          last: broadcastOf(network, prefixLength) - 1,
          prefixLength,
          leaseSeconds: LEASE_SECONDS,
          routers: [address],
          dnsServers: [address],
          domain: DOMAIN,
          reservations: [],
          order: 'by-mac',
          localIp: address,
          ...SERVICE,
          hooks: {
            leased: (mac, ip, hostname) => this.leased(mac, ip, hostname),
            freed: (_mac, ip) => via.neighbors.delete(ip),
          },
        },
        machine.world.stored(`${machine.name}/dhcp-server/${via.name}`),
      ),
    )
    machine.dhcpServers.push(this.dhcp)
  }

  /** ICS writes a permanent neighbour for each lessee, and its name into `hosts.ics`. */
  private leased(mac: number, ip: Ip4, hostname: string): void {
    const { via, machine } = this
    if (!via) return
    const entry = via.neighbors.get(ip) ?? via.neighbors.add(ip, 'permanent', mac, machine.sim.now)
    entry.mac = mac
    entry.state = 'permanent'
    entry.due = NEVER
    via.neighbors.rearm()
    machine.sim.touch(machine.stack)
    if (hostname !== '') this.hosts.setGuest(ip, hostname, machine.sim.now)
    if (machine.hyperV) machine.sim.touch(machine.hyperV)
  }

  private serveDns(_via: Interface): void {
    const { machine } = this
    this.dns = machine.world.add(
      new DnsServer(
        machine.sim,
        machine.stack,
        {
          mode: 'forwarder',
          // Fact sheet 4.5: UDP only, socket 0.0.0.0:53.
          localIp: 0,
          zones: [],
          roots: [],
          upstream: () => machine.dnsServers(),
          local: { lookup: (name, type) => this.lookup(name, type) },
          ...SERVICE,
        },
        machine.world.stored(`${machine.name}/dns-server`),
      ),
    )
    machine.dnsServer = this.dns
  }

  /** Names under mshome.net, and addresses of the switch's network; TTL 0. Undefined: ask the computer's servers. */
  private lookup(name: string, type: string): readonly PlainRecord[] | 'no-such-name' | undefined {
    const { machine } = this
    this.hosts.purge(machine.sim.now)
    const lower = name.toLowerCase()
    if (lower.endsWith(`.${DOMAIN}`)) {
      const entry = this.hosts.byName(lower)
      if (entry === undefined) return 'no-such-name'
      return type === 'A' || type === 'ANY' ? [{ type: 'A', name, ttl: 0, address: entry.ip }] : []
    }
    const reverse = lower.endsWith('.in-addr.arpa') ? parseIp(lower.slice(0, -13).split('.').reverse().join('.')) : undefined
    if (reverse === undefined || this.state === null || !inPrefix(reverse, this.state.network, this.state.prefixLength))
      return undefined
    const entry = this.hosts.byAddress(reverse)
    return entry === undefined ? 'no-such-name' : [{ type: 'PTR', name, ttl: 0, target: `${entry.name}.${DOMAIN}` }]
  }

  /** One pair of DNS rules more at every boot; the DHCP rule is there once. */
  private addRules(via: Interface): void {
    const { firewall, sim, name, boots } = this.machine
    if (!firewall) return
    if (!firewall.rules.some((rule) => rule.name === 'ICS-DHCP-In')) firewall.add(icsDhcpRule())
    const id = (label: string, more = '') => guidOf(sim.seed, `${name}/rule/${boots}/${label}${more}`)
    // Built a second time since the computer came up.
    const again = firewall.rules.some((rule) => rule.name === id('udp')) ? `/${sim.now}` : ''
    for (const rule of hnsDnsRules(NETWORK_ID, this.address, via.name, (label) => id(label, again))) {
      // Where there are as many as there may be, the oldest of these goes.
      const old =
        firewall.rules.length < MOST_RULES ? undefined : firewall.rules.find((one) => one.displayName === rule.displayName)
      if (old) firewall.remove(old)
      if (old || firewall.rules.length < MOST_RULES) firewall.add(rule)
    }
  }
}
