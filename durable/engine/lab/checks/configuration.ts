// What people have configured on a machine, as names and values: what it has learned, leased, cached or counted is no part of it.
import type { Kernel } from '../../machine/kernel.ts'
import type { Machine } from '../../machine/machine.ts'
import type { VmAdapterView, VmView } from '../../machine/views.ts'
import type { Lab } from '../lab.ts'

export type Configuration = ReadonlyMap<string, string>

/** Files that a system or a shell writes by itself, and what people keep for themselves: notes are no configuration. */
const WRITTEN_BY_ITSELF =
  /^\/(?:home|root)\/|^C:\\Users\\|^\/var\/|^\/run\/|^\/tmp\/|_history$|history\.txt$|\\Temp\\|\.log$|\.etl$|\.pcap(ng)?$|^\/etc\/resolv\.conf$/i

export function configurationOf(lab: Lab, name: string): Configuration {
  const machine = lab.parts.machines.get(name)
  const kernel = lab.kernel(name)
  const found = new Map<string, string>()
  if (!machine || !kernel) return found
  const note = (what: string, value: unknown) => void found.set(what, typeof value === 'string' ? value : JSON.stringify(value))
  note('power', machine.power)
  for (const [path, text, change] of machine.files.save() as readonly (readonly unknown[])[])
    if (!WRITTEN_BY_ITSELF.test(String(path))) note(`file ${String(path)}`, [text, change ?? null])
  if (machine.power !== 'on') return found
  network(machine, kernel, note)
  windows(kernel, note)
  linux(kernel, note)
  hyperV(kernel, note)
  return found
}

type Note = (what: string, value: unknown) => void

/** What Windows makes anew at every start, with other numbers: the Default Switch of the computer, and the rules that go with it. */
const MADE_AT_START = { switch: 'Default Switch', adapter: 'vEthernet (Default Switch)', rule: /^HNS Container Networking / }

function network(machine: Machine, kernel: Kernel, note: Note): void {
  for (const via of kernel.adapters()) {
    if (via.kind === 'loopback' || via.kind === 'ppp' || via.hidden) continue
    const it = `adapter ${via.name}`
    note(`${it}: enabled`, via.enabled)
    note(`${it}: address by`, via.dhcp ? 'DHCP' : 'hand')
    if (via.name !== MADE_AT_START.adapter) note(`${it}: MAC address`, via.mac)
    note(`${it}: MTU`, via.mtu)
    note(`${it}: forwarding`, via.forwarding)
    if (via.ssid !== '') note(`${it}: network`, via.ssid)
    const manual = via.addresses.filter(({ origin }) => origin === 'manual').map((one) => `${one.address}/${one.prefixLength}`)
    const manual6 = (via.ip6?.addresses ?? [])
      .filter(({ origin }) => origin === 'manual')
      .map((one) => `${one.address}/${one.prefixLength}`)
    note(`${it}: addresses`, [...manual, ...manual6])
    note(`${it}: name servers`, machine.manualDns.has(via.index) || !via.dhcp ? via.dnsServers : 'as DHCP says')
    if (via.ip6?.dnsByHand) note(`${it}: IPv6 name servers`, via.ip6.dnsServers)
    note(`${it}: IPv6`, via.ip6?.enabled ?? false)
  }
  const names = new Map(kernel.interfaces().map(({ index, name }) => [index, name]))
  for (const one of [...kernel.routes(), ...kernel.routes6()])
    if (one.origin === 'static')
      note(`route ${one.destination}/${one.prefixLength} via ${one.gateway || 'its link'}`, [
        names.get(one.interface) ?? '',
        one.metric,
      ])
  for (const { interface: index, address, mac, state } of kernel.neighbors())
    if (state === 'permanent') note(`neighbor ${address}`, [names.get(index) ?? '', mac])
  for (const { name, server, splitTunneling, status } of kernel.vpns()) note(`VPN ${name}`, [server, splitTunneling, status])
  for (const { adapter, component, bound } of kernel.bindings()) note(`adapter ${adapter}: ${component}`, bound)
}

function windows({ windowsNet, windows: system }: Kernel, note: Note): void {
  for (const { counts: _, ...rule } of windowsNet?.firewallRules() ?? [])
    if (!MADE_AT_START.rule.test(rule.displayName)) note(`firewall rule ${rule.displayName} (${rule.name})`, rule)
  for (const { name, local, policy } of windowsNet?.firewallProfiles() ?? []) note(`firewall profile ${name}`, [local, policy])
  for (const proxy of windowsNet?.portProxies() ?? []) note(`port proxy ${JSON.stringify(proxy)}`, true)
  for (const rule of windowsNet?.nrptRules() ?? []) note(`name resolution policy ${rule.name}`, rule)
  for (const { interface: index, category } of windowsNet?.networkCategories() ?? [])
    note(`network category of adapter ${index}`, category)
  for (const { name, startType, running } of system?.services() ?? []) note(`service ${name}`, [startType, running])
}

function linux(kernel: Kernel, note: Note): void {
  for (const { name, state, enabled } of kernel.units()) note(`service ${name}`, [state, enabled])
  const calls = kernel.linux
  if (!calls) return
  for (const [key, value] of calls.parameters()) note(`parameter ${key}`, value)
  for (const table of calls.tables())
    for (const chain of table.chains) {
      const rules = chain.rules.map(({ packets: _, bytes: __, ...rule }) => rule)
      if (rules.length > 0 || (chain.policy !== null && chain.policy !== 'ACCEPT'))
        note(`table ${table.name}, chain ${chain.name}`, [chain.policy, rules])
    }
  for (const { counters: _, running: __, promisc: ___, ...link } of calls.links())
    if (link.kind !== 'ether' && link.kind !== 'loopback') note(`link ${link.name}`, link)
  for (const rule of calls.rules()) note(`rule ${rule.priority}`, rule)
}

/** Of a machine what people set, not what runs. */
const vmSettings = ({ startedAt: _, memoryBytes: __, metering: ___, services, ...vm }: VmView) => ({
  ...vm,
  services: services.map(({ name, enabled }) => [name, enabled]),
})
const portSettings = ({ addresses: _, metered: __, running: ___, connected: ____, switchId: _____, ...port }: VmAdapterView) =>
  port

function hyperV({ hyperV: calls }: Kernel, note: Note): void {
  if (!calls) return
  for (const { name, type, netAdapter, shared, notes, extensions, team } of calls.switches())
    note(`switch ${name}`, [type, netAdapter, shared, notes, extensions, team ?? null])
  for (const vm of calls.vms()) note(`virtual machine ${vm.name}`, vmSettings(vm))
  for (const port of calls.adapters())
    note(
      `adapter ${port.name} of ${port.managementOs ? 'the computer' : port.vm}`,
      port.managementOs && port.switch === MADE_AT_START.switch ? port.settings : portSettings(port),
    )
  for (const one of calls.netNats()) note(`NAT ${one.name}`, one)
  for (const { id: _, ...one } of calls.natMappings()) note(`NAT mapping ${one.protocol} ${one.externalPort}`, one)
  for (const { id: _, ...one } of calls.natExternalAddresses()) note(`NAT address ${one.address}`, one)
  for (const { name, vm } of calls.checkpoints()) note(`checkpoint ${name} of ${vm}`, true)
}
