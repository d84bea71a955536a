import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../../engine/machine/views.ts'
import { dashed } from '../../windows/network.ts'
import { cmdlet } from '../cmdlet.ts'
import { numberText } from '../values/text.ts'
import type { PsObject } from '../values/value.ts'
import { cim, select } from './cim.ts'

/** `1 Gbps`, `866.7 Mbps`, `0 bps`. */
export function linkSpeed(bits: number): string {
  for (const [size, unit] of [
    [1e9, 'Gbps'],
    [1e6, 'Mbps'],
    [1e3, 'Kbps'],
  ] as const) {
    if (bits >= size) return `${numberText(Math.round((bits / size) * 10) / 10)} ${unit}`
  }
  return `${bits} bps`
}

export const adapterStatus = (one: InterfaceView): string => (!one.enabled ? 'Disabled' : one.up ? 'Up' : 'Disconnected')

/** Loopback and dial-up interfaces are no adapters. */
export const adapters = (kernel: Kernel): InterfaceView[] =>
  kernel.adapters().filter((one) => one.kind !== 'loopback' && one.kind !== 'ppp')

export function netAdapter(one: InterfaceView): PsObject {
  const up = one.enabled && one.up
  const wifi = one.kind === 'wifi'
  const physical = one.kind !== 'virtual'
  return cim('MSFT_NetAdapter', {
    Name: one.name,
    InterfaceDescription: one.description,
    InterfaceIndex: one.index,
    MacAddress: dashed(one.mac),
    MediaType: wifi ? 'Native 802.11' : '802.3',
    PhysicalMediaType: wifi ? 'Native 802.11' : physical ? '802.3' : 'Unspecified',
    InterfaceOperationalStatus: up ? 'Up' : 'Down',
    AdminStatus: one.enabled ? 'Up' : 'Down',
    Status: adapterStatus(one),
    LinkSpeed: linkSpeed(up ? one.speed : 0),
    MediaConnectionState: up ? 'Connected' : 'Disconnected',
    ConnectorPresent: physical,
    HardwareInterface: physical,
    Virtual: !physical,
    Hidden: false,
    InterfaceGuid: one.guid,
    DeviceID: one.guid,
    ifIndex: one.index,
    ifAlias: one.name,
    InterfaceAlias: one.name,
    ifDesc: one.description,
    ifOperStatus: up ? 'Up' : 'Down',
    MtuSize: one.mtu,
    ActiveMaximumTransmissionUnit: one.mtu,
    PermanentAddress: one.mac,
    FullDuplex: up,
    DriverInformation: physical
      ? 'Driver Date 2024-03-18 Version 12.19.2.60 NDIS 6.82'
      : 'Driver Date 2006-06-21 Version 10.0.26100.1 NDIS 6.89',
    SystemName: '',
  })
}

const byName = { Name: 'Name', InterfaceDescription: 'InterfaceDescription', InterfaceIndex: 'InterfaceIndex' } as const

export const getNetAdapter = cmdlet(
  {
    name: 'Get-NetAdapter',
    module: 'NetAdapter',
    synopsis: 'Gets the basic network adapter properties.',
    supports: ['Name', 'InterfaceDescription', 'InterfaceIndex', 'Physical', 'IncludeHidden'],
    defaultSet: 'ByName',
  },
  (call, bound) => {
    const all = adapters(call.kernel).filter((one) => !bound.flag('Physical') || one.kind !== 'virtual')
    return select(call, bound, 'MSFT_NetAdapter', all.map(netAdapter), byName, 'key')
  },
)
