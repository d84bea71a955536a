// Adapters that come and go while a machine exists: those of virtual machines.
import { Interface } from '../ip/interface.ts'
import { eui64LinkLocal, formatIp6, type Mac } from '../wire/addresses.ts'
import { addDhcpClient } from './adapters.ts'
import { dropDhcpClient } from './bindings.ts'
import { joinUsualGroups } from './groups.ts'
import { guidOf, stableLinkLocal } from './guid.ts'
import type { Machine } from './machine.ts'

export type PluggedAdapter = {
  readonly index: number
  readonly name: string
  readonly mac: Mac
  /** An emulated DEC 21140: 100 Mb/s (fact sheet 4.15). */
  readonly legacy: boolean
}

const SYNTHETIC = { description: 'Microsoft Hyper-V Network Adapter', speed: 10_000_000_000 } as const
const LEGACY = { description: 'Intel 21140-Based PCI Fast Ethernet Adapter (Emulated)', speed: 100_000_000 } as const

/** The name and number that the system gives an adapter it finds. */
export function nextAdapter(machine: Machine): { readonly index: number; readonly name: string } {
  const { stack, windows } = machine
  const index = Math.max(windows ? 5 : 1, ...stack.interfaces.keys()) + 1
  for (let n = windows ? 1 : 0; ; n++) {
    const name = windows ? (n === 1 ? 'Ethernet' : `Ethernet ${n}`) : `eth${n}`
    if (stack.byName(name) === undefined) return { index, name }
  }
}

/** A new adapter. Windows asks for an address on it; Linux leaves it down until somebody configures it. */
export function plugAdapter(machine: Machine, { index, name, mac, legacy }: PluggedAdapter, fresh = true): Interface {
  const { sim, stack, world } = machine
  const label = `${machine.name}/${name}`
  const kind = legacy ? LEGACY : SYNTHETIC
  const more = [...stack.interfaces.values()].filter(({ description }) => description.startsWith(kind.description)).length
  const via = new Interface({
    index,
    name,
    description: machine.windows ? `${kind.description}${more > 0 ? ` #${more + 1}` : ''}` : '',
    kind: 'ethernet',
    guid: guidOf(sim.seed, label),
    mac,
    mtu: 1500,
    metric: machine.windows ? 15 : 0,
    speed: kind.speed,
    vantage: world.recorder.vantage(machine.name, name),
    linkLocal6: linkLocalOf(machine, label, mac),
  })
  stack.addInterface(via)
  joinUsualGroups(machine, via)
  if (machine.windows) {
    via.dhcp = true
    const client = addDhcpClient(machine, via)
    if (fresh && machine.power === 'on') client.start()
  } else via.enabled = machine.power !== 'on'
  machine.linux?.deliver(via)
  return via
}

const linkLocalOf = (machine: Machine, label: string, mac: Mac): string =>
  machine.windows ? stableLinkLocal(machine.sim.seed, label) : formatIp6(eui64LinkLocal(mac))

export function unplugAdapter(machine: Machine, index: number): void {
  const via = machine.stack.interfaces.get(index)
  if (via === undefined) return
  dropDhcpClient(machine, via)
  machine.manualDns.delete(index)
  machine.stack.removeInterface(index)
  machine.sim.touch(machine)
}

/** The adapter has another address: only while the machine is off. */
export function readdress(machine: Machine, via: Interface, mac: Mac): void {
  via.mac = mac
  if (!machine.windows) via.linkLocal6 = formatIp6(eui64LinkLocal(mac))
  machine.linux?.deliver(via)
  machine.stack.changed()
}
