// System calls about bridges: forwarding database and VLANs of ports (net/bridge/br_fdb.c, br_vlan.c).

import type { Bridge } from '../../ip/linux/bridge.ts'
import type { PortVlan } from '../../ip/linux/device.ts'
import { SECOND } from '../../sim/time.ts'
import { formatMac, isGroupMac, parseMac } from '../../wire/addresses.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { NO_DEVICE } from './link-calls.ts'
import type { FdbView, LinuxCalls, PortVlans } from './linux-views.ts'
import type { LinuxSystem } from './system.ts'

type BridgeCalls = Pick<LinuxCalls, 'fdb' | 'changeFdb' | 'portVlans' | 'changeVlan'>

export function bridgeCalls(machine: Machine, linux: LinuxSystem): BridgeCalls {
  const { stack } = machine
  const { devices } = linux
  const nameOf = (index: number): string => stack.interfaces.get(index)?.name ?? '?'
  return {
    fdb: () => [...devices.bridges.values()].flatMap((bridge) => fdbOf(machine, bridge, nameOf)),
    changeFdb: (verb, device, mac, vid) => {
      const via = stack.byName(device)
      const address = parseMac(mac)
      if (via === undefined) return NO_DEVICE
      if (address === undefined || isGroupMac(address)) return failed('invalid', 'Invalid argument')
      const bridge = devices.bridges.get(devices.ports.get(via.index)?.master ?? via.index)
      if (bridge === undefined) return failed('not-simulated', 'Operation not supported')
      const known = bridge.fdb.get(address, vid)
      if (verb === 'delete')
        return bridge.fdb.delete(address, vid) ? changed(machine, linux) : failed('not-found', 'No such file or directory')
      if (verb === 'add' && known?.fixed) return failed('exists', 'File exists')
      bridge.fdb.put({ mac: address, vid, port: via.index, seen: machine.sim.now, fixed: true })
      return changed(machine, linux)
    },
    portVlans: () => {
      const rows: PortVlans[] = []
      for (const via of [...stack.interfaces.values()].sort((a, b) => a.index - b.index)) {
        const vlans = devices.ports.get(via.index)?.vlans ?? devices.bridges.get(via.index)?.vlans
        if (vlans) rows.push({ device: via.name, vlans: [...vlans].sort((a, b) => a.vid - b.vid).map((one) => ({ ...one })) })
      }
      return rows
    },
    changeVlan: (verb, device, vid, last, pvid, untagged) => {
      const via = stack.byName(device)
      if (via === undefined) return NO_DEVICE
      const holder = devices.ports.get(via.index) ?? devices.bridges.get(via.index)
      if (holder === undefined) return failed('not-simulated', 'Operation not supported')
      if (vid < 1 || last > 4094 || last < vid) return failed('invalid', 'Invalid argument')
      const rest: PortVlan[] = holder.vlans.filter((one) => one.vid < vid || one.vid > last)
      if (verb === 'delete' && rest.length === holder.vlans.length) return failed('not-found', 'No such file or directory')
      if (verb === 'add') {
        if (pvid) for (const one of rest) one.pvid = false
        for (let id = vid; id <= last; id++) rest.push({ vid: id, pvid, untagged })
      }
      holder.vlans = rest
      return changed(machine, linux)
    },
  }
}

function changed(machine: Machine, linux: LinuxSystem): Outcome {
  machine.sim.touch(linux.devices)
  return OK
}

/** What was learned, and the bridge's own addresses: one for each port, one for itself. */
function fdbOf(machine: Machine, bridge: Bridge, nameOf: (index: number) => string): FdbView[] {
  const { now } = machine.sim
  const master = nameOf(bridge.index)
  const own: FdbView[] = []
  for (const [via, port] of bridge.members) {
    const row = { mac: formatMac(via.mac), device: via.name, master, permanent: true, fixed: true, age: 0 }
    for (const vlan of [...port.vlans].reverse()) own.push({ ...row, vid: vlan.vid })
    own.push({ ...row, vid: 0 })
  }
  const learned = bridge.fdb
    .all()
    .filter((entry) => entry.fixed || now - entry.seen < bridge.spec.ageing)
    .map((entry) => ({
      mac: formatMac(entry.mac),
      vid: entry.vid,
      device: nameOf(entry.port),
      master,
      permanent: false,
      fixed: entry.fixed,
      age: Math.floor((now - entry.seen) / SECOND),
    }))
  return [...learned, ...own]
}
