// System calls that only Windows has: its firewall and what else it knows of networks.
import type { Machine } from '../machine.ts'
import { type FirewallCalls, firewallCalls } from './firewall-calls.ts'

export type WindowsNetCalls = FirewallCalls

export function windowsNetCalls(machine: Machine): WindowsNetCalls | undefined {
  const { firewall } = machine
  return firewall === undefined ? undefined : { ...firewallCalls(machine, firewall) }
}
