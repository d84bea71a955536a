// Everything of the network layers that stands on one adapter goes to another: what Windows does when an adapter becomes the
// uplink of a virtual switch, and back (fact sheet 1.1.52, 4.10). Connections go on: they are known by their addresses.
import type { Interface } from '../ip/interface.ts'
import { addDhcpClient } from './adapters.ts'
import { clearIp4, dropDhcpClient } from './bindings.ts'
import type { Machine } from './machine.ts'

/** The state of `from` replaces that of `to`, which must have none of its own; `from` is left without any. */
export function moveConfiguration(machine: Machine, from: Interface, to: Interface): void {
  const { stack } = machine
  const { name, mac, mtu, enabled, ssid } = to
  const counters = countersOf(to)
  dropDhcpClient(machine, to)
  const saved = from.save() as Parameters<Interface['load']>[0]
  to.load({ ...saved, name, mac, mtu, enabled, ssid, ...counters })
  to.kept = null
  stack.routes.load(stack.routes.all.map((route) => (route.interface === from.index ? { ...route, interface: to.index } : route)))
  if (machine.manualDns.delete(from.index)) machine.manualDns.add(to.index)
  moveDhcp(machine, from, to)
  moveIp6(machine, from, to)
  for (const connection of stack.tcp.connections) if (connection.scope === from.index) connection.scope = to.index
  machine.linkNames?.moved(from.index, to.index)
  from.addresses = []
  from.acceptsOffers = false
  from.membership.quiet()
  clearIp4(machine, from)
  machine.sim.touch(machine)
}

function countersOf(via: Interface) {
  const { receivedBytes, receivedPackets, sentBytes, sentPackets } = via
  const { receivedErrors, receivedDropped, receivedGroup, sentErrors, sentDropped } = via
  return {
    counters: [receivedBytes, receivedPackets, sentBytes, sentPackets],
    faults: [receivedErrors, receivedDropped, receivedGroup, sentErrors, sentDropped],
  } as const
}

/** The client goes on in the middle of whatever it does; whoever waits for it waits for the new one. */
function moveDhcp(machine: Machine, from: Interface, to: Interface): void {
  const old = machine.dhcpClients.get(from.index)
  if (old === undefined) return
  const state = old.save()
  const watched = [...old.listeners]
  // What it would take off the adapter has gone already.
  from.addresses = []
  dropDhcpClient(machine, from)
  const client = addDhcpClient(machine, to, state)
  for (const listener of watched) client.listeners.add(listener)
}

function moveIp6(machine: Machine, from: Interface, to: Interface): void {
  const { ip6 } = machine
  const old = ip6.interfaces.get(from.index)
  const now = ip6.interfaces.get(to.index)
  if (old === undefined || now === undefined) return
  now.load(old.save() as Parameters<typeof now.load>[0])
  now.advertising = old.advertising
  ip6.routes.move(from.index, to.index)
  for (const watcher of ip6.watchers) watcher.moved?.(from.index, to.index)
  old.addresses = []
  ip6.changed()
}
