// What is set at an adapter's port: spoofing, guards, mirroring and limits (fact sheet 2.2, 4.11).
import type { PortSettings } from '../../../engine/link/virtual-port/settings.ts'
import { type Bound, cmdlet } from '../cmdlet.ts'
import { refuse } from './hyper-v.ts'
import { macOf } from './machines/network-adapters.ts'
import { changeAdapter, chosenAdapters, passAdapter } from './vm-network-adapters.ts'

type Changed = { -readonly [name in keyof PortSettings]?: PortSettings[name] }

/** Bandwidth is kept in whole octets a second, as the documentation has it. */
const wholeOctets = (bits: number): number => bits - (bits % 8)

/** Ids of virtual subnets: below are those of VLANs (documentation of New-VMNetworkAdapter's settings). */
const FIRST_SUBNET = 4096
const LAST_SUBNET = 16_777_214

function changesOf(bound: Bound): Changed {
  const change: Changed = {}
  const on = (name: string) => bound.text(name) === 'On'
  if (bound.has('MacAddressSpoofing')) change.macAddressSpoofing = on('MacAddressSpoofing')
  if (bound.has('DhcpGuard')) change.dhcpGuard = on('DhcpGuard')
  if (bound.has('RouterGuard')) change.routerGuard = on('RouterGuard')
  if (bound.has('PortMirroring')) change.portMirroring = bound.text('PortMirroring') as PortSettings['portMirroring']
  if (bound.has('StormLimit')) change.stormLimit = bound.number('StormLimit') ?? 0
  if (bound.has('MaximumBandwidth')) change.maximumBandwidth = wholeOctets(Math.max(0, bound.number('MaximumBandwidth') ?? 0))
  if (bound.has('VirtualSubnetId')) change.virtualSubnet = bound.number('VirtualSubnetId') ?? 0
  return change
}

export const setVmNetworkAdapter = cmdlet(
  {
    name: 'Set-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Configures features of virtual network adapters.',
    supports: [
      'VMName',
      'VM',
      'VMNetworkAdapter',
      'ManagementOS',
      'Name',
      'MacAddressSpoofing',
      'DhcpGuard',
      'RouterGuard',
      'PortMirroring',
      'StormLimit',
      'MaximumBandwidth',
      'VirtualSubnetId',
      'StaticMacAddress',
      'DynamicMacAddress',
      'DeviceNaming',
      'Passthru',
      'Confirm',
    ],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    const subnet = bound.number('VirtualSubnetId') ?? 0
    if (subnet !== 0 && (subnet < FIRST_SUBNET || subnet > LAST_SUBNET))
      return call.error(
        refuse(
          `Failed while applying switch port settings.\nThe virtual subnet must be 0 or between ${FIRST_SUBNET} and ${LAST_SUBNET}.`,
          `${subnet}:UInt32`,
        ),
      )
    const mac = macOf(call, bound.text('StaticMacAddress'))
    if (mac === undefined) return
    const more = {
      ...(mac === null ? (bound.flag('DynamicMacAddress') ? { mac: null } : {}) : { mac }),
      ...(bound.has('DeviceNaming') ? { deviceNaming: bound.text('DeviceNaming') === 'On' } : {}),
    }
    for (const one of chosenAdapters(call, bound, 'Name'))
      if (changeAdapter(call, one, { settings: changesOf(bound), ...more })) yield* passAdapter(call, bound, one)
  },
)

export const renameVmNetworkAdapter = cmdlet(
  {
    name: 'Rename-VMNetworkAdapter',
    module: 'Hyper-V',
    synopsis: 'Renames virtual network adapters.',
    supports: ['VMName', 'VM', 'VMNetworkAdapter', 'ManagementOS', 'Name', 'NewName', 'Passthru', 'Confirm'],
    defaultSet: 'VMName',
  },
  function* (call, bound) {
    for (const one of chosenAdapters(call, bound, 'Name'))
      if (changeAdapter(call, one, { name: bound.text('NewName') ?? one.name })) yield* passAdapter(call, bound, one)
  },
)
