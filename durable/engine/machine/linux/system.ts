// What a Linux machine has beside its stack: devices, rules and kernel parameters, netfilter; and what its system does with them
// when it starts: the kernel's own values, then sysctl.conf, then netplan. What is written nowhere does not survive a restart.

import type { Interface } from '../../ip/interface.ts'
import { newBridge } from '../../ip/linux/device.ts'
import { Devices, type DevicesState } from '../../ip/linux/devices.ts'
import { Policy, type PolicyState } from '../../ip/linux/policy.ts'
import { firstRules, firstRules6, sameRule } from '../../ip/linux/rules.ts'
import { Netfilter, type NetfilterState } from '../../ip/netfilter/netfilter.ts'
import { NEVER } from '../../sim/time.ts'
import {
  broadcastOf,
  formatMac,
  type Ip6,
  networkOf6,
  parseCidr,
  parseCidr6,
  parseIp,
  parseIp6,
  parseMac,
} from '../../wire/addresses.ts'
import { addDhcpClient } from '../adapters.ts'
import { INTERFACE_STATE, INTERFACES } from '../daemons/networking.ts'
import type { Machine } from '../machine.ts'
import { readNetplan } from './netplan.ts'
import { configOf, type LinkConfig, type NetworkConfig, netplanText } from './network-config.ts'

export const NETPLAN = '/etc/netplan/50-cloud-init.yaml'
const TYPES = new Set(['blackhole', 'unreachable', 'prohibit'])
/** RTPROT_STATIC and RTPROT_BOOT of linux/rtnetlink.h. */
export const PROTOCOL_STATIC = 4

export class LinuxSystem {
  readonly devices: Devices
  readonly policy: Policy
  readonly netfilter: Netfilter
  /** Addresses and MTUs as the adapters were delivered. */
  private readonly delivered = new Map<number, { readonly name: string; readonly mac: number; readonly mtu: number }>()
  private readonly machine: Machine

  constructor(machine: Machine) {
    this.machine = machine
    const { stack, world } = machine
    this.devices = world.add(new Devices(stack))
    this.policy = world.add(new Policy(stack, distribution(machine), world.stored<PolicyState>(`${machine.name}/linux-policy`)))
    this.netfilter = world.add(new Netfilter(stack, world.stored<NetfilterState>(`${machine.name}/netfilter`)))
    stack.policy = this.policy
    stack.hooks = this.netfilter
  }

  /** The adapters are there; nothing has been changed yet. */
  delivery(): void {
    for (const via of this.machine.stack.interfaces.values()) this.deliver(via)
  }

  /** An adapter that came later, or has another address. */
  deliver({ index, name, mac, mtu }: Interface): void {
    this.delivered.set(index, { name, mac, mtu })
  }

  /** Then a unit begins with the system that nobody has enabled. */
  get hasInterfacesFile(): boolean {
    return this.machine.files.read(INTERFACES) !== undefined
  }

  permanentMac(index: number): number | undefined {
    return this.delivered.get(index)?.mac
  }

  /** Before the stack's own state is put back. */
  restore(): void {
    const state = this.machine.world.stored<DevicesState>(`${this.machine.name}/linux-devices`)
    if (state) this.devices.load(state)
  }

  /** After it: interfaces that were handed to DHCP while the lab ran have their client again. */
  restored(): void {
    for (const via of this.machine.stack.interfaces.values())
      if (via.dhcp && !this.machine.dhcpClients.has(via.index)) addDhcpClient(this.machine, via)
    this.policy.changed()
  }

  /** Power off: nothing of what was typed is left. */
  shutdown(): void {
    const { stack } = this.machine
    this.devices.clear()
    this.netfilter.clear()
    this.machine.files.remove(INTERFACE_STATE)
    for (const via of stack.interfaces.values()) {
      const was = this.delivered.get(via.index)
      if (was) {
        via.name = was.name
        via.mac = was.mac
        via.mtu = was.mtu
      }
      via.enabled = true
      if (via.kind !== 'loopback') via.addresses = []
      ;[via.receivedBytes, via.receivedPackets, via.sentBytes, via.sentPackets] = [0, 0, 0, 0]
      ;[via.receivedErrors, via.receivedDropped, via.receivedGroup, via.sentErrors, via.sentDropped] = [0, 0, 0, 0, 0]
    }
    stack.routes.remove(() => true)
    this.policy.clear()
    stack.changed()
  }

  /** Power on, before the stack wakes: what is configured is put where the stack finds it. */
  prepare(): void {
    const { definition, stack } = this.machine
    stack.answersEcho = definition.answersPing
    for (const via of stack.interfaces.values()) via.forwarding = via.kind !== 'loopback' && definition.forwarding
    for (const via of stack.interfaces.values()) if (via.kind !== 'loopback' && via.kind !== 'ppp') via.addresses = []
    stack.routes.remove((route) => route.origin === 'static')
    this.applyParameters()
    this.configure(this.configuration())
  }

  /** `netplan apply`: addresses and routes of the links that it knows become what the files say. */
  apply(): string | undefined {
    const { machine } = this
    const { stack } = machine
    const read = this.read()
    if ('fault' in read) return `${read.fault.file}:${read.fault.line}:1: ${read.fault.message}`
    for (const link of read.config.links) {
      const via = stack.byName(link.name)
      if (via === undefined) continue
      for (const address of [...via.addresses]) if (address.origin !== 'dhcp' || !link.dhcp4) stack.removeAddress(via, address.ip)
      stack.routes.remove((route) => route.interface === via.index && route.origin !== 'kernel' && route.origin !== 'dhcp')
      if (via.dhcp && !link.dhcp4) {
        machine.dhcpClient(via.index)?.release()
        machine.dhcpClient(via.index)?.stop()
      }
    }
    this.configure(read.config)
    for (const link of read.config.links) {
      const via = stack.byName(link.name)
      if (via === undefined) continue
      const configured = via.addresses.filter((address) => address.origin === 'manual')
      via.addresses = via.addresses.filter((address) => address.origin !== 'manual')
      for (const address of configured)
        stack.addAddress(via, address.ip, address.prefixLength, address.origin).broadcast = address.broadcast
      if (via.dhcp) machine.dhcpClient(via.index)?.start()
    }
    stack.changed()
    return undefined
  }

  /** What the files say; a file that cannot be read leaves the machine without a network, as it does a real one. */
  private configuration(): NetworkConfig {
    const read = this.read()
    return 'fault' in read ? { links: [] } : read.config
  }

  private read() {
    const { definition, files } = this.machine
    if (definition.os !== 'ubuntu-24.04') return { config: configOf(definition) }
    const names = (files.list('/etc/netplan') ?? [])
      .filter((file) => /\.yaml$/.test(file.name))
      .map((file) => `/etc/netplan/${file.name}`)
    return readNetplan(names.sort().map((path) => [path, files.read(path) ?? ''] as const))
  }

  private configure(config: NetworkConfig): void {
    const { stack } = this.machine
    for (const link of config.links) this.addDevice(link)
    for (const link of config.links) {
      if (link.kind !== 'bridge') continue
      const bridge = this.devices.bridges.get(stack.byName(link.name)?.index ?? -1)
      for (const port of link.interfaces) {
        const via = stack.byName(port)
        if (bridge && via && this.devices.ports.get(via.index)?.master !== bridge.index) this.devices.enslave(via, bridge)
      }
    }
    for (const link of config.links) {
      const via = stack.byName(link.name)
      if (via) this.configureLink(via, link)
    }
    stack.changed()
  }

  private addDevice(link: LinkConfig): void {
    const { stack } = this.machine
    if (link.kind === 'ethernet' || stack.byName(link.name)) return
    const parent = stack.byName(link.parent)
    const spec = link.kind === 'bridge' ? newBridge() : parent && { kind: 'vlan' as const, parent: parent.index, id: link.id }
    const via = spec && this.devices.add(link.name, spec)
    if (via === undefined) return
    this.policy.introduce(via)
    via.enabled = true
  }

  private configureLink(via: Interface, link: LinkConfig): void {
    const { machine } = this
    const { stack } = machine
    if (link.mtu > 0) via.mtu = link.mtu
    const mac = parseMac(link.mac)
    if (mac !== undefined) via.mac = mac
    via.dhcp = link.dhcp4
    if (link.dhcp4 && !machine.dhcpClients.has(via.index)) addDhcpClient(machine, via)
    for (const text of link.addresses) {
      const own = parseCidr(text)
      if (own === undefined || via.addresses.some((address) => address.ip === own.address)) continue
      via.addresses.push({
        ip: own.address,
        prefixLength: own.prefixLength,
        origin: 'manual',
        state: 'preferred',
        validUntil: NEVER,
        probes: 0,
        probeAt: NEVER,
        broadcast: own.prefixLength < 31 ? broadcastOf(own.address, own.prefixLength) : 0,
      })
    }
    const [fours, sixes] = [link.dnsServers.map(parseIp), link.dnsServers.map(parseIp6)]
    if (link.dnsServers.length > 0 && !machine.manualDns.has(via.index)) via.dnsServers = fours.filter((ip) => ip !== undefined)
    const i6 = machine.ip6.interfaces.get(via.index)
    if (i6 && sixes.some((ip) => ip !== undefined)) i6.ownDns = sixes.filter((ip) => ip !== undefined)
    if (link.search.length > 0) via.dnsSuffix = link.search[0] ?? ''
    for (const route of link.routes) {
      const to = route.to === 'default' ? { address: 0, prefixLength: 0 } : (parseCidr(route.to) ?? parseHost(route.to))
      const gateway = route.via === '' ? 0 : parseIp(route.via)
      if (to === undefined || gateway === undefined) continue
      stack.routes.put({
        destination: to.address,
        prefixLength: to.prefixLength,
        gateway,
        interface: TYPES.has(route.type) ? 0 : via.index,
        metric: route.metric,
        origin: 'static',
        persistent: true,
        protocol: PROTOCOL_STATIC,
        ...(route.table > 0 ? { table: route.table } : {}),
        ...(TYPES.has(route.type) ? { type: route.type as 'blackhole' } : {}),
        ...(route.onlink ? { onlink: true } : {}),
      })
    }
    for (const rule of link.rules) this.addRule(rule)
  }

  /** A rule that names addresses is of their family, one that does not is of IPv4. */
  private addRule({ from, to, table, priority, mark }: LinkConfig['rules'][number]): void {
    const common = {
      priority: priority === 0 ? 32765 : priority,
      mark,
      markMask: mark === 0 ? 0 : 0xffffffff,
      protocol: PROTOCOL_STATIC,
      table,
    }
    const [plain, plain6] = [firstRules()[1], firstRules6()[1]]
    if (plain === undefined || plain6 === undefined) return
    const [source6, destination6] = [parseNetwork6(from), parseNetwork6(to)]
    if (source6 !== undefined || destination6 !== undefined) {
      const rule = { ...plain6, ...common, ...ends(source6, destination6, 0n) }
      if (!this.policy.six.rules.some((one) => sameRule(one, rule))) this.policy.six.addRule(rule)
      return
    }
    const [source, destination] = [parseCidr(from) ?? parseHost(from), parseCidr(to) ?? parseHost(to)]
    const rule = { ...plain, ...common, ...ends(source, destination, 0) }
    if (!this.policy.rules.some((one) => sameRule(one, rule))) this.policy.addRule(rule)
  }

  /** sysctl.conf and what lies beside it, in the order of systemd-sysctl. */
  private applyParameters(): void {
    const { files } = this.machine
    const beside = (files.list('/etc/sysctl.d') ?? [])
      .filter((file) => /\.conf$/.test(file.name))
      .map((file) => `/etc/sysctl.d/${file.name}`)
    for (const path of [...beside.sort(), '/etc/sysctl.conf'])
      for (const line of (files.read(path) ?? '').split('\n')) {
        const [, key, value] = /^\s*-?([\w./-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
        if (key !== undefined && value !== undefined) this.policy.set(key, value)
      }
  }
}

/** Files that this system begins with, which people may write over. */
export function firstFiles(machine: Machine): { readonly [path: string]: () => string } {
  const files: { [path: string]: () => string } = {
    '/etc/sysctl.conf': () =>
      `# Kernel parameters, set when the system starts: sysctl -p reads them now.\n${machine.definition.forwarding ? '' : '#'}net.ipv4.ip_forward=1\n`,
  }
  if (machine.definition.os === 'ubuntu-24.04') files[NETPLAN] = () => netplanText(configOf(machine.definition))
  return files
}

const parseHost = (text: string) => {
  const ip = parseIp(text)
  return ip === undefined ? undefined : { address: ip, prefixLength: 32 }
}

function parseNetwork6(text: string): { readonly address: Ip6; readonly prefixLength: number } | undefined {
  const cidr = parseCidr6(text.includes('/') ? text : `${text}/128`)
  return cidr && { ...cidr, address: networkOf6(cidr.address, cidr.prefixLength) }
}

type Named<Ip> = { readonly address: Ip; readonly prefixLength: number } | undefined
const ends = <Ip>(source: Named<Ip>, destination: Named<Ip>, nowhere: Ip) => ({
  source: source?.address ?? nowhere,
  sourceLength: source?.prefixLength ?? 0,
  destination: destination?.address ?? nowhere,
  destinationLength: destination?.prefixLength ?? 0,
})

/** Ubuntu filters loosely by reverse path (its 10-network-security.conf); the others leave the kernel's values. */
const distribution = (machine: Machine): { readonly [key: string]: string } =>
  machine.definition.os === 'ubuntu-24.04' ? { 'conf/all/rp_filter': '2', 'conf/default/rp_filter': '2' } : {}

export const macText = formatMac
