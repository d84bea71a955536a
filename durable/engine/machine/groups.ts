// Groups that a machine's adapters are in from the start (fact sheet 4.2, 4.3).
import type { Interface } from '../ip/interface.ts'
import { joinGroup } from '../ip/membership.ts'
import { joinGroup as joinGroup6 } from '../ip/v6/listener.ts'
import { LLMNR_GROUP, LLMNR_GROUP6, MDNS_GROUP, MDNS_GROUP6 } from '../service/link-sockets.ts'
import type { Ip4, Ip6 } from '../wire/addresses.ts'
import type { MachineDefinition } from './definition.ts'
import type { Machine } from './machine.ts'

/** Simple Service Discovery: Windows listens, though nothing here answers. */
const SSDP_GROUP: Ip4 = 0xeffffffa
const SSDP_GROUP6: Ip6 = (0xff02n << 112n) | 0xcn

/** Windows answers both ways; an Ubuntu has Avahi and no LLMNR; routers and servers neither, unless the definition says so. */
export const linkNamesOf = ({ os, mdns, llmnr }: MachineDefinition): { readonly mdns: boolean; readonly llmnr: boolean } => ({
  mdns: mdns ?? (os === 'windows-11' || os === 'ubuntu-24.04'),
  llmnr: llmnr ?? os === 'windows-11',
})

export function joinUsualGroups(machine: Machine, via: Interface): void {
  const { mdns, llmnr } = linkNamesOf(machine.definition)
  if (mdns) joinGroup(machine.stack, via, MDNS_GROUP)
  // Not on the Default Switch.
  if (llmnr && !via.hidden) joinGroup(machine.stack, via, LLMNR_GROUP)
  if (machine.windows) joinGroup(machine.stack, via, SSDP_GROUP)
  const i6 = machine.ip6.interfaces.get(via.index)
  if (i6 === undefined) return
  i6.usualGroups = [
    ...(machine.windows ? [SSDP_GROUP6] : []),
    ...(mdns ? [MDNS_GROUP6] : []),
    ...(llmnr && !via.hidden ? [LLMNR_GROUP6] : []),
  ]
  // An adapter of a running machine has begun already.
  if (i6.running) for (const group of i6.usualGroups) joinGroup6(machine.ip6, i6, group)
}
