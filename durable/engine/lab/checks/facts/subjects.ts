// What can be asked of a lab, by what it is about. Each field says how its values are written.
import type { Kernel } from '../../../machine/kernel.ts'
import type { InterfaceView, VmAdapterView } from '../../../machine/views.ts'
import { matchesWildcard } from '../../../machine/wildcard.ts'
import { formatMac, parseMac } from '../../../wire/addresses.ts'
import type { Format, Subject, Value } from './definition.ts'
import { same } from './formats.ts'

type Read = Value | readonly Value[] | undefined
export type Field<T> = { readonly format: Format; readonly list?: true; readonly read: (one: T, kernel: Kernel) => Read }
export type SubjectShape<T> = {
  /** The one of that name; of an empty name the only one, or the first. */
  readonly find: (kernel: Kernel, name: string) => T | undefined
  /** The table that shows it, and how it is told there. */
  readonly table?: string
  readonly say: (one: T) => string
  readonly fields: { readonly [field: string]: Field<T> }
}

const text = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'text', read })
const name = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'name', read })
const number = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'number', read })
const yes = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'yes-no', read })
const mac = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'mac', read })
const address = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'address', read })
const addresses = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'address', list: true, read })
const time = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'duration', read })
const texts = <T>(read: (one: T, kernel: Kernel) => Read): Field<T> => ({ format: 'text', list: true, read })

const alike = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const named = <T>(all: readonly T[], wanted: string, nameOf: (one: T) => string): T | undefined =>
  wanted === ''
    ? all[0]
    : (all.find((one) => alike(nameOf(one), wanted)) ?? all.find((one) => matchesWildcard(wanted, nameOf(one))))
const seconds = (micros: number): number => Math.floor(micros / 1_000_000)

const first = (via: InterfaceView) => via.addresses.find(({ state }) => state === 'preferred') ?? via.addresses[0]
const real = (kernel: Kernel) => kernel.adapters().filter(({ kind }) => kind !== 'loopback')
/** Without a name the one that leads out, else the first one with an address. */
function adapterOf(kernel: Kernel, wanted: string): InterfaceView | undefined {
  const all = real(kernel)
  if (wanted !== '') return named(all, wanted, (one) => one.name)
  return all.find(({ gateways }) => gateways.length > 0) ?? all.find((via) => first(via) !== undefined) ?? all[0]
}

const subnetOf = (via: InterfaceView): Value | undefined => {
  const own = first(via)
  return own && `${own.address}/${own.prefixLength}`
}

function vmAdapter(kernel: Kernel, wanted: string): VmAdapterView | undefined {
  const [vm = '', adapter = ''] = wanted.split('/')
  const all = kernel.hyperV?.adapters() ?? []
  const its = all.filter((one) => (one.managementOs ? alike(one.name, vm) && adapter === '' : alike(one.vm, vm)))
  return adapter === '' ? its[0] : its.find((one) => alike(one.name, adapter))
}

/** `udp/53`, `tcp/80`, `53`. */
function socketOf(kernel: Kernel, wanted: string) {
  const [, protocol = '', port = ''] = /^(?:(tcp|udp)\/)?(\d+)$/i.exec(wanted) ?? []
  return kernel
    .sockets()
    .find(
      (one) =>
        one.localPort === Number(port) && (protocol === '' || one.protocol === protocol.toLowerCase()) && one.remotePort === 0,
    )
}

const routeOf = (kernel: Kernel, wanted: string) =>
  wanted === '' || wanted === 'default'
    ? kernel.routes().find(({ prefixLength, gateway }) => prefixLength === 0 && gateway !== '')
    : kernel.routes().find((one) => same('subnet', `${one.destination}/${one.prefixLength}`, wanted))

function neighborOf(kernel: Kernel, wanted: string) {
  const which = wanted === '' || wanted === 'gateway' ? kernel.interfaces().flatMap(({ gateways }) => gateways)[0] : wanted
  if (which === undefined) return undefined
  return [...kernel.neighbors(), ...kernel.neighbors6()].find((one) => same('address', one.address, which) && one.mac !== '')
}

const shape = <T>(made: SubjectShape<T>): SubjectShape<unknown> => made as unknown as SubjectShape<unknown>

export const subjects: { readonly [subject in Subject]: SubjectShape<unknown> } = {
  machine: shape<Kernel>({
    find: (kernel) => kernel,
    say: (kernel) => kernel.identity().hostname,
    fields: {
      hostname: name((kernel) => kernel.identity().hostname),
      os: text((kernel) => kernel.identity().os),
      build: number((kernel) => kernel.identity().build),
      gateway: address((kernel) => kernel.interfaces().flatMap(({ gateways }) => gateways)[0]),
      gateways: addresses((kernel) => kernel.interfaces().flatMap(({ gateways }) => gateways)),
      'dns-servers': addresses((kernel) => [...new Set(kernel.interfaces().flatMap(({ dnsServers }) => dnsServers))]),
      'default-routes': number(
        (kernel) => kernel.routes().filter(({ prefixLength, gateway }) => prefixLength === 0 && gateway !== '').length,
      ),
      addresses: addresses((kernel) => real(kernel).flatMap((via) => via.addresses.map((one) => one.address))),
      forwarding: yes((kernel) => kernel.interfaces().some(({ kind, forwarding }) => kind !== 'loopback' && forwarding)),
      'running-for': time((kernel) => seconds(kernel.clock().now - kernel.identity().bootedAt)),
      'nat-sessions': number((kernel) => kernel.natSessions().length),
    },
  }),
  adapter: shape<InterfaceView>({
    find: adapterOf,
    table: 'interfaces',
    say: (via) => via.name,
    fields: {
      name: name((via) => via.name),
      description: text((via) => via.description),
      address: address((via) => first(via)?.address),
      addresses: addresses((via) => via.addresses.map((one) => one.address)),
      addresses6: addresses((via) => via.ip6?.addresses.map((one) => one.address)),
      'prefix-length': { format: 'prefix-length', read: (via) => first(via)?.prefixLength },
      subnet: { format: 'subnet', read: subnetOf },
      origin: text((via) => first(via)?.origin),
      gateway: address((via) => via.gateways[0]),
      'dns-servers': addresses((via) => via.dnsServers),
      'dns-suffix': name((via) => via.dnsSuffix || undefined),
      mac: mac((via) => colons(via.mac)),
      mtu: number((via) => via.mtu),
      metric: number((via) => via.metric),
      enabled: yes((via) => via.enabled),
      up: yes((via) => via.enabled && via.up),
      dhcp: yes((via) => via.dhcp),
      forwarding: yes((via) => via.forwarding),
      ssid: text((via) => via.ssid || undefined),
      'dhcp-server': address((via) => via.lease?.server || undefined),
      'lease-state': text((via) => via.lease?.state),
      'lease-time': time(({ lease }) =>
        lease?.obtainedAt == null || lease.expiresAt == null ? undefined : seconds(lease.expiresAt - lease.obtainedAt),
      ),
      'lease-left': time(({ lease }, kernel) =>
        lease?.expiresAt == null ? undefined : seconds(lease.expiresAt - kernel.clock().now),
      ),
    },
  }),
  neighbor: shape<ReturnType<Kernel['neighbors']>[number]>({
    find: neighborOf,
    table: 'neighbors',
    say: (one) => one.address,
    fields: { address: address((one) => one.address), mac: mac((one) => colons(one.mac)), state: text((one) => one.state) },
  }),
  route: shape<ReturnType<Kernel['routes']>[number]>({
    find: routeOf,
    table: 'routes',
    say: (one) => `${one.destination}/${one.prefixLength}`,
    fields: {
      gateway: address((one) => one.gateway || undefined),
      adapter: name((one, kernel) => kernel.interfaces().find(({ index }) => index === one.interface)?.name),
      metric: number((one) => one.metric + one.interfaceMetric),
      origin: text((one) => one.origin),
      persistent: yes((one) => one.persistent),
    },
  }),
  socket: shape<ReturnType<Kernel['sockets']>[number]>({
    find: socketOf,
    table: 'sockets',
    say: (one) => `${one.protocol.toUpperCase()} ${one.localAddress}:${one.localPort}`,
    fields: {
      owner: name((one) => one.component || one.image),
      program: name((one) => one.image),
      address: address((one) => one.localAddress),
      state: text((one) => one.state),
      pid: number((one) => one.pid),
    },
  }),
  'dhcp-lease': shape<ReturnType<Kernel['dhcpServerLeases']>[number]>({
    find: (kernel, wanted) => {
      const all = kernel.dhcpServerLeases()
      return wanted === ''
        ? all[0]
        : all.find((one) => alike(one.hostname, wanted) || same('mac', one.mac, wanted) || same('address', one.address, wanted))
    },
    table: 'dhcp-leases',
    say: (one) => one.address,
    fields: {
      address: address((one) => one.address),
      mac: mac((one) => colons(one.mac)),
      hostname: name((one) => one.hostname || undefined),
      state: text((one) => one.state),
      left: time((one, kernel) => (one.expiresAt == null ? undefined : seconds(one.expiresAt - kernel.clock().now))),
    },
  }),
  'dns-cache': shape<ReturnType<Kernel['dnsCache']>[number]>({
    find: (kernel, wanted) => named(kernel.dnsCache(), wanted, (one) => one.entry),
    table: 'dns-cache',
    say: (one) => one.entry,
    fields: {
      data: name((one) => (one.found ? one.data : undefined)),
      type: text((one) => one.type),
      found: yes((one) => one.found),
      left: time((one, kernel) => seconds(one.expiresAt - kernel.clock().now)),
    },
  }),
  switch: shape<ReturnType<NonNullable<Kernel['hyperV']>['switches']>[number]>({
    find: (kernel, wanted) => named(kernel.hyperV?.switches() ?? [], wanted, (one) => one.name),
    say: (one) => `switch ${one.name}`,
    fields: {
      name: name((one) => one.name),
      type: text((one) => one.type),
      shared: yes((one) => one.shared),
      uplink: text((one) => one.netAdapter || undefined),
      notes: text((one) => one.notes || undefined),
      adapters: texts((one, kernel) =>
        (kernel.hyperV?.adapters() ?? []).filter(({ switchId }) => switchId === one.id).map((port) => port.vm || port.name),
      ),
    },
  }),
  'default-switch': shape<ReturnType<NonNullable<Kernel['hyperV']>['hnsNetworks']>[number]>({
    find: (kernel, wanted) => named(kernel.hyperV?.hnsNetworks() ?? [], wanted, (one) => one.name),
    say: (one) => one.name,
    fields: {
      name: name((one) => one.name),
      subnet: { format: 'subnet', read: (one) => one.addressPrefix },
      'prefix-length': { format: 'prefix-length', read: (one) => one.addressPrefix },
      gateway: address((one) => one.gatewayAddress),
      'gateway-mac': mac((one) => colons(one.gatewayMac)),
      id: text((one) => one.id),
      type: text((one) => one.type),
    },
  }),
  vm: shape<ReturnType<NonNullable<Kernel['hyperV']>['vms']>[number]>({
    find: (kernel, wanted) => named(kernel.hyperV?.vms() ?? [], wanted, (one) => one.name),
    say: (one) => `virtual machine ${one.name}`,
    fields: {
      name: name((one) => one.name),
      id: text((one) => one.id),
      state: text((one) => one.state),
      memory: number((one) => one.memoryBytes),
      processors: number((one) => one.processors),
      generation: number((one) => one.generation),
      'automatic-start': text((one) => one.automaticStart),
      'automatic-stop': text((one) => one.automaticStop),
      'checkpoint-type': text((one) => one.checkpointType),
      'secure-boot': yes((one) => one.secureBoot),
      'nested-virtualization': yes((one) => one.exposeExtensions),
      'dynamic-memory': yes((one) => one.dynamicMemory),
      services: texts((one) => one.services.filter(({ enabled }) => enabled).map((service) => service.name)),
      checkpoints: texts((one, kernel) =>
        (kernel.hyperV?.checkpoints() ?? []).filter(({ vmId }) => vmId === one.id).map((point) => point.name),
      ),
    },
  }),
  'vm-adapter': shape<VmAdapterView>({
    find: vmAdapter,
    say: (one) => (one.managementOs ? one.name : `${one.name} of ${one.vm}`),
    fields: {
      name: name((one) => one.name),
      switch: name((one) => one.switch || undefined),
      connected: yes((one) => one.connected),
      mac: mac((one) => colons(one.mac)),
      'dynamic-mac': yes((one) => one.dynamicMac),
      addresses: addresses((one) => one.addresses),
      'mac-spoofing': yes((one) => one.settings.macAddressSpoofing),
      'dhcp-guard': yes((one) => one.settings.dhcpGuard),
      'router-guard': yes((one) => one.settings.routerGuard),
      'port-mirroring': text((one) => one.settings.portMirroring),
      'storm-limit': number((one) => one.settings.stormLimit),
      'maximum-bandwidth': number((one) => one.settings.maximumBandwidth),
      'vlan-mode': text((one) => one.settings.vlan.mode),
      vlan: number(({ settings: { vlan } }) =>
        vlan.mode === 'Access'
          ? vlan.vlanId
          : vlan.mode === 'Trunk'
            ? vlan.nativeVlanId
            : vlan.mode === 'Untagged'
              ? undefined
              : vlan.primaryVlanId,
      ),
      'acl-rules': number((one) => one.settings.acl.length + one.settings.extendedAcl.length),
    },
  }),
  nat: shape<ReturnType<NonNullable<Kernel['hyperV']>['netNats']>[number]>({
    find: (kernel, wanted) => named(kernel.hyperV?.netNats() ?? [], wanted, (one) => one.name),
    say: (one) => `NAT ${one.name}`,
    fields: {
      name: name((one) => one.name),
      inside: { format: 'subnet', read: (one) => one.prefix },
      external: text((one) => one.external || undefined),
      mappings: number((one, kernel) => (kernel.hyperV?.natMappings() ?? []).filter(({ nat }) => alike(nat, one.name)).length),
    },
  }),
  'firewall-rule': shape<ReturnType<NonNullable<Kernel['windowsNet']>['firewallRules']>[number]>({
    find: (kernel, wanted) => named(kernel.windowsNet?.firewallRules() ?? [], wanted, (one) => one.displayName),
    table: 'firewall',
    say: (one) => one.displayName,
    fields: {
      enabled: yes((one) => one.enabled),
      direction: text((one) => one.direction),
      action: text((one) => one.action),
      protocol: number((one) => one.protocol),
      'local-ports': texts((one) => one.localPorts),
      'remote-addresses': texts((one) => one.remoteAddresses),
    },
  }),
  'firewall-profile': shape<ReturnType<NonNullable<Kernel['windowsNet']>['firewallProfiles']>[number]>({
    find: (kernel, wanted) => named(kernel.windowsNet?.firewallProfiles() ?? [], wanted, (one) => one.name),
    say: (one) => `profile ${one.name}`,
    fields: { ...profileFields() },
  }),
  vpn: shape<ReturnType<Kernel['vpns']>[number]>({
    find: (kernel, wanted) => named(kernel.vpns(), wanted, (one) => one.name),
    say: (one) => `VPN ${one.name}`,
    fields: {
      server: name((one) => one.server),
      status: text((one) => one.status),
      connected: yes((one) => one.status === 'Connected'),
      'split-tunneling': yes((one) => one.splitTunneling),
    },
  }),
  service: shape<{ readonly name: string; readonly running: boolean; readonly starts: string }>({
    find: (kernel, wanted) => {
      const units = kernel
        .units()
        .map((one) => ({ name: one.name, running: one.state === 'active', starts: one.enabled ? 'enabled' : 'disabled' }))
      const services = (kernel.windows?.services() ?? []).map((one) => ({
        name: one.name,
        running: one.running,
        starts: one.startType,
      }))
      return named([...units, ...services], wanted, (one) => one.name.replace(/\.service$/, ''))
    },
    say: (one) => `service ${one.name}`,
    fields: { running: yes((one) => one.running), starts: text((one) => one.starts) },
  }),
  parameter: shape<{ readonly key: string; readonly value: string }>({
    find: (kernel, wanted) => {
      const value = kernel.linux?.parameter(wanted) ?? undefined
      return value === undefined ? undefined : { key: wanted, value }
    },
    say: (one) => one.key,
    fields: { value: text((one) => one.value), number: number((one) => one.value) },
  }),
}

function profileFields() {
  type Profile = ReturnType<NonNullable<Kernel['windowsNet']>['firewallProfiles']>[number]
  type Setting = 'Enabled' | 'DefaultInboundAction' | 'DefaultOutboundAction'
  // A policy stands above the computer, and Windows has something of its own where neither says anything.
  const holds = ({ policy, local }: Profile, setting: Setting, otherwise: string): string =>
    [policy[setting], local[setting]].find((value) => value !== 'NotConfigured') ?? otherwise
  return {
    enabled: yes<Profile>((one) => holds(one, 'Enabled', 'True') === 'True'),
    active: yes<Profile>((one) => one.active),
    inbound: text<Profile>((one) => holds(one, 'DefaultInboundAction', 'Block')),
    outbound: text<Profile>((one) => holds(one, 'DefaultOutboundAction', 'Allow')),
  }
}

/** Twelve digits, or whatever the system shows, with colons. */
function colons(shown: string): string | undefined {
  const digits = shown.replace(/[^0-9a-fA-F]/g, '').toLowerCase()
  const value = digits.length === 12 ? parseMac((digits.match(/../g) as string[]).join(':')) : undefined
  return value === undefined ? undefined : formatMac(value)
}

export const fieldsOf = (subject: Subject): readonly string[] => Object.keys(subjects[subject].fields)
