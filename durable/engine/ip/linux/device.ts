// What a software device of Linux is, as plain data: bridge, VLAN, veth, dummy, macvlan (Documentation/networking of Linux 6.x).
import { type Micros, SECOND } from '../../sim/time.ts'

export type DeviceSpec =
  | { readonly kind: 'bridge'; vlanFiltering: boolean; ageing: Micros; defaultPvid: number; manualMac: boolean }
  | { readonly kind: 'vlan'; readonly parent: number; readonly id: number }
  | { readonly kind: 'veth'; readonly peer: number }
  | { readonly kind: 'dummy' }
  | { readonly kind: 'macvlan'; readonly parent: number; readonly mode: 'bridge' | 'private' | 'vepa' }

/** A VLAN of a bridge port: whether frames leave without tag, and whether untagged frames that come in belong to it. */
export type PortVlan = { readonly vid: number; untagged: boolean; pvid: boolean }

/** An interface that is a port of a bridge. */
export type BridgePort = {
  readonly master: number
  readonly number: number
  learning: boolean
  flood: boolean
  hairpin: boolean
  isolated: boolean
  vlans: PortVlan[]
}

/** What `ip link set` changes of any link besides address and MTU. */
export type LinkSettings = {
  txqueuelen: number
  promisc: boolean
  allmulticast: boolean
  multicast: boolean
  arp: boolean
  alias: string
  group: number
}

export const newSettings = (): LinkSettings => ({
  txqueuelen: 1000,
  promisc: false,
  allmulticast: false,
  multicast: true,
  arp: true,
  alias: '',
  group: 0,
})

/** BR_DEFAULT_AGEING_TIME of net/bridge/br_private.h. */
export const DEFAULT_AGEING = 300 * SECOND

export const newBridge = (): Extract<DeviceSpec, { kind: 'bridge' }> => ({
  kind: 'bridge',
  vlanFiltering: false,
  ageing: DEFAULT_AGEING,
  defaultPvid: 1,
  manualMac: false,
})

export const newPort = (master: number, number: number, defaultPvid: number): BridgePort => ({
  master,
  number,
  learning: true,
  flood: true,
  hairpin: false,
  isolated: false,
  vlans: defaultPvid === 0 ? [] : [{ vid: defaultPvid, untagged: true, pvid: true }],
})
