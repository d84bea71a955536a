// Groups that a machine's adapters are in from the start (fact sheet 4.2, 4.3).
import type { Interface } from '../ip/interface.ts'
import { joinGroup } from '../ip/membership.ts'
import { LLMNR_GROUP, MDNS_GROUP } from '../service/link-names.ts'
import type { Ip4 } from '../wire/addresses.ts'
import type { MachineDefinition } from './definition.ts'
import type { Machine } from './machine.ts'

/** Simple Service Discovery: Windows listens, though nothing here answers. */
const SSDP_GROUP: Ip4 = 0xeffffffa

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
}
