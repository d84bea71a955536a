import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../../engine/machine/views.ts'
import { dashed } from '../../windows/network.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { numberText, text } from '../values/text.ts'
import { type PsObject, property } from '../values/value.ts'
import { chooseFrom, cim, select, systemError, unconfirmed } from './cim.ts'

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

function* setEnabled(call: Call, bound: Bound, on: boolean) {
  const objects = adapters(call.kernel).map(netAdapter)
  const wanted = bound.list('InputObject').map((one) => text(property(one, 'InterfaceIndex') ?? null))
  const chosen = bound.has('InputObject')
    ? objects.filter((one) => wanted.includes(text(property(one, 'InterfaceIndex') ?? null)))
    : chooseFrom(call, bound, 'MSFT_NetAdapter', objects, byName, 'key')
  if (!on && chosen.length > 0) unconfirmed(call, bound, 'Disable-NetAdapter')
  for (const one of chosen) {
    const index = Number(property(one, 'InterfaceIndex'))
    const done = call.kernel.setInterfaceEnabled(index, on)
    if (!done.ok)
      call.error(
        systemError(
          done.error === 'access-denied' ? 'Access is denied. ' : 'The operation failed. ',
          done.error === 'access-denied' ? 5 : 87,
          `MSFT_NetAdapter:String`,
        ),
      )
    else if (bound.flag('PassThru')) {
      const now = adapters(call.kernel).find((other) => other.index === index)
      if (now !== undefined) yield* call.emit(netAdapter(now))
    }
  }
}

const change = {
  module: 'NetAdapter',
  supports: ['Name', 'InterfaceDescription', 'InputObject', 'Confirm', 'PassThru', 'IncludeHidden'],
  defaultSet: 'ByName',
  classes: { InputObject: 'MSFT_NetAdapter' },
} as const

export const enableNetAdapter = cmdlet(
  { ...change, name: 'Enable-NetAdapter', synopsis: 'Enables a network adapter.' },
  (call, bound) => setEnabled(call, bound, true),
)
export const disableNetAdapter = cmdlet(
  { ...change, name: 'Disable-NetAdapter', synopsis: 'Disables a network adapter.' },
  (call, bound) => setEnabled(call, bound, false),
)
