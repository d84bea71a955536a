import { inPrefix6, isLinkLocalIp6, parseCidr6, parseIp6 } from '../engine/wire/addresses.ts'
import type { MachineSource } from './machine-schema.ts'

type Tell = (path: readonly PropertyKey[], reason: string) => void
type AdapterIs = (adapter: string, at: readonly PropertyKey[]) => void

/** What a machine says about IPv6 that stands elsewhere in it. */
export function faults6(path: readonly PropertyKey[], machine: MachineSource, adapterIs: AdapterIs, tell: Tell): void {
  const ownOf = (adapter: string) => parseCidr6(machine.adapters[adapter]?.address6 ?? '')
  for (const [adapter, { address6, gateway6 }] of Object.entries(machine.adapters)) {
    if (gateway6 === undefined) continue
    const own = parseCidr6(address6)
    const at = [...path, 'adapters', adapter, 'gateway6']
    const gateway = parseIp6(gateway6)
    if (own === undefined) tell(at, 'comes from router advertisements when the address does')
    else if (gateway !== undefined && !isLinkLocalIp6(gateway) && !inPrefix6(gateway, own.address, own.prefixLength))
      tell(at, `is not on the network ${address6}`)
  }
  const fixed = (adapter: string, at: readonly PropertyKey[], what: string) => {
    adapterIs(adapter, at)
    if (adapter in machine.adapters && ownOf(adapter) === undefined)
      tell([...path, ...at], `${what} needs an adapter with a fixed IPv6 address`)
  }
  for (const [i, adapter] of machine.multicastQuerier.entries()) adapterIs(adapter, ['multicastQuerier', i])
  for (const [i, said] of machine.routerAdvertisements.entries()) {
    const at = ['routerAdvertisements', i]
    fixed(said.adapter, [...at, 'adapter'], 'a router that advertises')
    if (
      machine.forwarding === false ||
      (machine.forwarding === undefined && machine.os !== 'router' && machine.nat === undefined)
    )
      tell([...path, ...at], 'only a machine that forwards advertises itself as a router')
    if (said.preferred > said.valid) tell([...path, ...at, 'preferred'], 'is longer than the address is valid')
  }
  for (const [i, server] of machine.dhcpv6Servers.entries()) {
    const at = ['dhcpv6Servers', i]
    fixed(server.adapter, [...at, 'adapter'], 'a DHCPv6 server')
    const own = ownOf(server.adapter)
    if ((server.first === undefined) !== (server.last === undefined)) tell([...path, ...at], 'has one end of its addresses only')
    const [first, last] = [parseIp6(server.first ?? ''), parseIp6(server.last ?? '')]
    if (first === undefined || last === undefined || own === undefined) continue
    if (!inPrefix6(first, own.address, own.prefixLength)) tell([...path, ...at, 'first'], 'is not on the network of the adapter')
    if (!inPrefix6(last, own.address, own.prefixLength)) tell([...path, ...at, 'last'], 'is not on the network of the adapter')
    if (first > last) tell([...path, ...at, 'last'], 'comes before the first')
  }
  const wall = machine.ipv6Firewall
  if (wall === undefined) return
  adapterIs(wall.outside, ['ipv6Firewall', 'outside'])
  for (const [i, adapter] of wall.inside.entries()) adapterIs(adapter, ['ipv6Firewall', 'inside', i])
  if (wall.inside.includes(wall.outside)) tell([...path, 'ipv6Firewall', 'outside'], 'is also inside')
}
