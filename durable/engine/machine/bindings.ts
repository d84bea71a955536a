// What of Windows is bound to an adapter: protocols and services, by component (fact sheet 2.4).
import type { Interface, KeptConfiguration } from '../ip/interface.ts'
import { addDhcpClient } from './adapters.ts'
import type { Kernel } from './kernel.ts'
import { failed, OK } from './kernel-network.ts'
import type { Machine } from './machine.ts'
import type { BindingView } from './views.ts'

/** Hyper-V's switch takes the adapter for itself. */
export const SWITCH_PROTOCOL = 'vms_pp'
const IP4 = 'ms_tcpip'
const IP6 = 'ms_tcpip6'

/** Every component that a network adapter shows, and whether it is on from the start. */
const COMPONENTS: readonly (readonly [id: string, name: string, on: boolean])[] = [
  ['ms_rspndr', 'Link-Layer Topology Discovery Responder', true],
  ['ms_lltdio', 'Link-Layer Topology Discovery Mapper I/O Driver', true],
  ['ms_implat', 'Microsoft Network Adapter Multiplexor Protocol', false],
  ['ms_msclient', 'Client for Microsoft Networks', true],
  [SWITCH_PROTOCOL, 'Hyper-V Extensible Virtual Switch', false],
  ['ms_pacer', 'QoS Packet Scheduler', true],
  ['ms_server', 'File and Printer Sharing for Microsoft Networks', true],
  [IP6, 'Internet Protocol Version 6 (TCP/IPv6)', true],
  ['ms_lldp', 'Microsoft LLDP Protocol Driver', true],
  [IP4, 'Internet Protocol Version 4 (TCP/IPv4)', true],
  ['ms_bridge', 'MAC Bridge', false],
]
const DEFAULTS = new Map(COMPONENTS.map(([id, , on]) => [id, on]))

export function isBound(machine: Machine, via: Interface, component: string): boolean {
  if (component === IP6) return machine.ip6.interfaces.get(via.index)?.enabled ?? false
  return via.bindings.get(component) ?? DEFAULTS.get(component) ?? false
}

/** Whether any of TCP/IP has to do with the adapter. */
export const speaksIp = (machine: Machine, via: Interface): boolean => via.ip4 || isBound(machine, via, IP6)

/** The adapter is the switch's: nothing but its protocol is bound. */
export function giveToSwitch(machine: Machine, via: Interface): void {
  for (const [component] of COMPONENTS) if (component !== IP6) via.bindings.set(component, component === SWITCH_PROTOCOL)
  const i6 = machine.ip6.interfaces.get(via.index)
  if (i6) machine.ip6.setEnabled(i6, false)
}

/** As adapters are from the start. */
export function freeFromSwitch(machine: Machine, via: Interface): void {
  via.bindings.clear()
  const i6 = machine.ip6.interfaces.get(via.index)
  if (i6) machine.ip6.setEnabled(i6, true)
}

/** IPv4 goes from an adapter. What people set is kept for later. */
export function unbindIp4(machine: Machine, via: Interface): void {
  via.kept = keepConfiguration(machine, via)
  clearIp4(machine, via)
}

export function keepConfiguration(machine: Machine, via: Interface): KeptConfiguration {
  const { routes } = machine.stack
  return {
    dhcp: via.dhcp,
    addresses: via.addresses.filter(({ origin }) => origin === 'manual').map(({ ip, prefixLength }) => [ip, prefixLength]),
    routes: routes.all
      .filter(({ interface: index, origin, persistent }) => index === via.index && origin === 'static' && persistent)
      .map(({ destination, prefixLength, gateway, metric }) => [destination, prefixLength, gateway, metric]),
    dnsServers: via.dhcp && !machine.manualDns.has(via.index) ? null : [...via.dnsServers],
    dnsSuffix: via.dhcp ? '' : via.dnsSuffix,
  }
}

export function clearIp4(machine: Machine, via: Interface): void {
  const { stack } = machine
  via.dhcp = false
  dropDhcpClient(machine, via)
  for (const { ip } of [...via.addresses]) stack.removeAddress(via, ip)
  stack.routes.remove((route) => route.interface === via.index)
  via.neighbors.clear()
  via.dnsServers = []
  via.dnsSuffix = ''
  machine.manualDns.delete(via.index)
  machine.sim.touch(machine)
  stack.changed()
}

export function dropDhcpClient(machine: Machine, via: Interface): void {
  const client = machine.dhcpClients.get(via.index)
  if (client === undefined) return
  client.close()
  machine.sim.remove(client)
  machine.dhcpClients.delete(via.index)
}

/** IPv4 comes back to an adapter with what was kept for it; without anything it asks for its address. */
export function bindIp4(machine: Machine, via: Interface): void {
  configure(machine, via, via.kept)
  via.kept = null
}

export function configure(machine: Machine, via: Interface, kept: KeptConfiguration | null): void {
  const { stack } = machine
  for (const [ip, prefixLength] of kept?.addresses ?? []) stack.addAddress(via, ip, prefixLength, 'manual')
  for (const [destination, prefixLength, gateway, metric] of kept?.routes ?? [])
    stack.routes.add({
      destination,
      prefixLength,
      gateway,
      interface: via.index,
      metric,
      origin: 'static',
      persistent: true,
    })
  if (kept?.dnsServers) {
    via.dnsServers = [...kept.dnsServers]
    if (kept.dhcp) machine.manualDns.add(via.index)
  }
  via.dnsSuffix = kept?.dnsSuffix ?? ''
  via.dhcp = kept?.dhcp ?? true
  if (via.dhcp) {
    if (!machine.dhcpClients.has(via.index)) addDhcpClient(machine, via)
    if (machine.power === 'on') machine.dhcpClients.get(via.index)?.start()
  }
  stack.changed()
}

// System calls

export function bindingCalls(machine: Machine): Pick<Kernel, 'bindings' | 'setBinding'> {
  return {
    bindings: () =>
      [...machine.stack.interfaces.values()]
        .filter(({ kind }) => machine.windows && kind !== 'loopback' && kind !== 'ppp')
        .flatMap((via) =>
          COMPONENTS.map(
            ([component, name]): BindingView => ({
              index: via.index,
              adapter: via.name,
              component,
              name,
              bound: isBound(machine, via, component),
            }),
          ),
        ),
    setBinding: (index, component, on) => {
      const via = machine.stack.interfaces.get(index)
      if (via === undefined || !DEFAULTS.has(component)) return failed('not-found')
      if (isBound(machine, via, component) === on) return OK
      if (via.hidden && (component === IP4 || component === SWITCH_PROTOCOL)) return failed('ics-switch')
      if (component === IP6) {
        const i6 = machine.ip6.interfaces.get(index)
        if (i6 !== undefined) machine.ip6.setEnabled(i6, on)
      } else {
        if (component === IP4 && !on) unbindIp4(machine, via)
        via.bindings.set(component, on)
        if (component === IP4 && on) bindIp4(machine, via)
      }
      machine.stack.changed()
      return OK
    },
  }
}
