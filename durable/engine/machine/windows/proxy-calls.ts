// System calls about portproxy, ports set aside, and what else netsh sets.

import { setRouterDiscovery } from '../../ip/v6/router-discovery.ts'
import type { ProxyEntry } from '../../service/port-proxy.ts'
import { parseAddress } from '../../wire/addresses.ts'
import { automaticMetric } from '../adapters.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { PortRange, Protocol, WindowsNetwork } from './windows-network.ts'

type Ear = Pick<ProxyEntry, 'kind' | 'listenAddress' | 'listenPort'>

export interface ProxyCalls {
  portProxies(): ProxyEntry[]
  /** `invalid`: an address or a port is none; `exhausted`: there are too many. */
  setPortProxy(entry: ProxyEntry): Outcome
  removePortProxy(ear: Ear): Outcome
  resetPortProxies(): Outcome
  excludedPorts(protocol: Protocol): PortRange[]
  /** `exists`: some of it is set aside already. */
  excludePorts(protocol: Protocol, first: number, count: number): Outcome
  includePorts(protocol: Protocol, first: number, count: number): Outcome
  dynamicPorts(protocol: Protocol): readonly [first: number, count: number]
  setDynamicPorts(protocol: Protocol, first: number, count: number): Outcome
  /** Of IPv4: 576 to 1500. */
  setMtu(index: number, mtu: number): Outcome
  /** Indexes of interfaces whose metric people set. */
  manualMetrics(): number[]
  /** Null: as Windows chooses it by itself. */
  setInterfaceMetric(index: number, metric: number | null): Outcome
  /** Whether IPv6 of an interface hears routers, and asks by DHCPv6 when they say so. */
  setSources6(index: number, change: { readonly routers?: boolean; readonly dhcp?: boolean }): Outcome
  weakHost(index: number): { readonly send: boolean; readonly receive: boolean }
  setWeakHost(index: number, change: { readonly send?: boolean; readonly receive?: boolean }): Outcome
}

const port = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65_535

export function proxyCalls(machine: Machine, network: WindowsNetwork): ProxyCalls {
  const { stack } = machine
  const { portProxy } = network
  return {
    portProxies: () => portProxy?.entries.map((entry) => ({ ...entry })) ?? [],
    setPortProxy: (entry) => {
      const [ear, target] = [entry.listenAddress, entry.connectAddress]
      const six = (text: string): boolean => text.includes(':')
      const sound = (text: string, v6: boolean): boolean => parseAddress(text) !== undefined && six(text) === v6
      const fits = (ear === '*' || sound(ear, entry.kind.startsWith('v6'))) && sound(target, entry.kind.endsWith('v6'))
      if (!fits || !port(entry.listenPort) || !port(entry.connectPort)) return failed('invalid')
      return portProxy?.set(entry) ? OK : failed('exhausted')
    },
    removePortProxy: (ear) => (portProxy?.remove(ear) ? OK : failed('not-found')),
    resetPortProxies: () => {
      portProxy?.clear()
      return OK
    },
    excludedPorts: (protocol) => network.excludedPorts(protocol),
    excludePorts: (protocol, first, count) => {
      const done = network.exclude(protocol, first, first + count - 1)
      return done === 'ok' ? OK : failed(done)
    },
    includePorts: (protocol, first, count) => (network.include(protocol, first, first + count - 1) ? OK : failed('not-found')),
    dynamicPorts: (protocol) => network.dynamicPorts(protocol),
    setDynamicPorts: (protocol, first, count) => {
      if (!network.setDynamicPorts(protocol, first, count)) return failed('invalid')
      return OK
    },
    manualMetrics: () => network.setting<number[]>('manual-metrics') ?? [],
    setInterfaceMetric: (index, metric) => {
      const via = stack.interfaces.get(index)
      if (via === undefined) return failed('not-found')
      if (metric !== null && (!Number.isInteger(metric) || metric < 1 || metric > 9999)) return failed('invalid')
      const manual = (network.setting<number[]>('manual-metrics') ?? []).filter((one) => one !== index)
      network.set('manual-metrics', metric === null ? manual : [...manual, index])
      via.metric = metric ?? automaticMetric(via)
      stack.changed()
      return OK
    },
    setSources6: (index, { routers, dhcp }) => {
      const i6 = machine.ip6.interfaces.get(index)
      if (i6 === undefined || i6.via.kind === 'loopback') return failed('not-found')
      if (routers !== undefined) setRouterDiscovery(machine.ip6, i6, routers)
      if (dhcp !== undefined) machine.dhcp6?.set(i6, dhcp)
      return OK
    },
    weakHost: (index) => {
      const via = stack.interfaces.get(index)
      return { send: via?.weakSend ?? false, receive: via?.weakReceive ?? false }
    },
    setWeakHost: (index, { send, receive }) => {
      const via = stack.interfaces.get(index)
      if (via === undefined) return failed('not-found')
      via.weakSend = send ?? via.weakSend
      via.weakReceive = receive ?? via.weakReceive
      stack.changed()
      return OK
    },
    setMtu: (index, mtu) => {
      const via = stack.interfaces.get(index)
      if (via === undefined) return failed('not-found')
      if (!Number.isInteger(mtu) || mtu < 576 || mtu > 1500) return failed('invalid')
      via.mtu = mtu
      stack.changed()
      return OK
    },
  }
}
