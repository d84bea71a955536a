// System calls that only Windows has: its firewall and what else it knows of networks.
import type { Machine } from '../machine.ts'
import { type AdapterCalls, adapterCalls } from './adapter-calls.ts'
import { type DnsCalls, dnsCalls } from './dns-settings.ts'
import { type FirewallCalls, firewallCalls } from './firewall-calls.ts'
import { type KeptCalls, keptCalls } from './kept-calls.ts'
import { type NetbiosCalls, netbiosCalls } from './netbios-calls.ts'
import { type MonitorCalls, monitorCalls } from './packet-monitor.ts'
import { type ProxyCalls, proxyCalls } from './proxy-calls.ts'
import { type RouteCalls, routeCalls } from './route-calls.ts'
import { type ShareCalls, shareCalls } from './share-calls.ts'

export type WindowsNetCalls = FirewallCalls &
  ProxyCalls &
  AdapterCalls &
  RouteCalls &
  DnsCalls &
  ShareCalls &
  MonitorCalls &
  NetbiosCalls &
  KeptCalls

export function windowsNetCalls(machine: Machine): WindowsNetCalls | undefined {
  const { firewall, network } = machine
  const monitor = network?.monitor
  if (firewall === undefined || network === undefined || monitor === undefined) return undefined
  return {
    ...firewallCalls(machine, firewall),
    ...proxyCalls(machine, network),
    ...adapterCalls(machine, network),
    ...routeCalls(machine),
    ...dnsCalls(machine, network),
    ...shareCalls(machine, network),
    ...monitorCalls(monitor),
    ...netbiosCalls(machine),
    ...keptCalls(machine, network),
  }
}
