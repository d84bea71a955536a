// What every Windows has running on its network.
import { PortProxy } from '../../service/port-proxy.ts'
import type { Machine } from '../machine.ts'
import { PacketMonitor } from './packet-monitor.ts'
import { addSmbServer } from './share-calls.ts'
import type { WindowsNetwork } from './windows-network.ts'

export function addWindowsServices(machine: Machine, network: WindowsNetwork): void {
  const { world, name } = machine
  // IP Helper is there from the start; what it forwards is what people entered.
  const options = {
    excluded: (port: number) => network.isExcluded('tcp', port),
    enabled: () => machine.runs('iphlpsvc'),
  }
  network.portProxy = world.add(new PortProxy(machine.stack, options, world.stored(`${name}/port-proxy`)))
  machine.servers.push(network.portProxy)
  network.smb = addSmbServer(machine, network)
  network.monitor = world.add(new PacketMonitor(machine, world.stored(`${name}/packet-monitor`)))
}
