// The two ends of a VPN that a definition asks for.
import { L2tpClient } from '../service/l2tp-client.ts'
import { L2tpServer } from '../service/l2tp-server.ts'
import { parseIp } from '../wire/addresses.ts'
import type { VpnDefinition } from './definition.ts'
import { guidOf } from './guid.ts'
import type { Machine } from './machine.ts'

/** Interface indexes of VPN connections begin here. */
const FIRST_PPP_INDEX = 40

export function addVpnServer(machine: Machine): void {
  const server = machine.definition.vpnServer
  if (!server) return
  const first = parseIp(server.pool.first)
  const last = parseIp(server.pool.last)
  const address = parseIp(server.address)
  if (first === undefined || last === undefined || address === undefined) return
  const dnsServers = server.dnsServers.map(parseIp).filter((ip) => ip !== undefined)
  const stored = machine.world.stored<ConstructorParameters<typeof L2tpServer>[3]>(`${machine.name}/l2tp-server`)
  machine.vpnServer = machine.world.add(
    new L2tpServer(machine.sim, machine.stack, { address, first, last, dnsServers, users: server.users }, stored),
  )
}

export function addVpn(machine: Machine, vpn: VpnDefinition, at: number): void {
  const { name, server, user, password, suffix } = vpn
  const client = new L2tpClient(
    machine.sim,
    machine.stack,
    {
      name,
      server,
      user,
      password,
      suffix,
      interfaceIndex: FIRST_PPP_INDEX + at,
      guid: guidOf(machine.sim.seed, `${machine.name}/vpn/${name}`),
      vantage: machine.world.recorder.vantage(machine.name, name, 'raw-ip'),
    },
    machine.world.stored(`${machine.name}/l2tp-client/${name}`),
  )
  machine.vpns.set(name, machine.world.add(client))
}
