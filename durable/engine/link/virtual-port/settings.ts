import type { ExtendedRule } from './extended-acl.ts'
import type { AclRule } from './port-acl.ts'
import type { VlanMode } from './vlan-mode.ts'

/** What is set at an adapter's port of a virtual switch (fact sheet 4.11). Plain data: it is stored with the adapter. */
export type PortSettings = {
  /** Off: only the adapter's own address may be a source. On: what is learned behind it is delivered to it, too. */
  readonly macAddressSpoofing: boolean
  readonly dhcpGuard: boolean
  readonly routerGuard: boolean
  readonly portMirroring: 'None' | 'Source' | 'Destination'
  /** Broadcast, multicast and unknown unicast frames a second that the port may send; 0 = any number. */
  readonly stormLimit: number
  /** Bits a second, each way; 0 = no cap. */
  readonly maximumBandwidth: number
  readonly vlan: VlanMode
  readonly acl: readonly AclRule[]
  readonly extendedAcl: readonly ExtendedRule[]
  /** Network virtualization: only ports of the same virtual subnet hear each other; younger than the format, 0 or absent = none. */
  readonly virtualSubnet?: number
}

export const DEFAULT_SETTINGS: PortSettings = {
  macAddressSpoofing: false,
  dhcpGuard: false,
  routerGuard: false,
  portMirroring: 'None',
  stormLimit: 0,
  maximumBandwidth: 0,
  vlan: { mode: 'Untagged' },
  acl: [],
  extendedAcl: [],
}
