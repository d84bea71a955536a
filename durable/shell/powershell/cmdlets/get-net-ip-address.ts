import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { AddressView, AddressView6, InterfaceView } from '../../../engine/machine/views.ts'
import { isV6 } from '../../windows/network.ts'
import { addressesOf6, zoned } from '../../windows/six.ts'
import { cmdlet } from '../cmdlet.ts'
import type { PsObject, PsValue } from '../values/value.ts'
import { cim, INFINITE, ofInterface, select } from './cim.ts'

const origins: Record<AddressView['origin'], [prefix: string, suffix: string]> = {
  manual: ['Manual', 'Manual'],
  dhcp: ['Dhcp', 'Dhcp'],
  'link-local': ['WellKnown', 'Link'],
  'well-known': ['WellKnown', 'WellKnown'],
  ics: ['Manual', 'Manual'],
  ppp: ['Manual', 'Manual'],
}

const states = { preferred: 'Preferred', tentative: 'Tentative', duplicate: 'Duplicate' } as const

function address(kernel: Kernel, on: InterfaceView, one: AddressView): PsObject {
  const six = isV6(one.address)
  const left =
    one.validUntil === null
      ? INFINITE
      : ({ kind: 'span', micros: Math.max(0, Math.floor((one.validUntil - kernel.clock().now) / 1e6) * 1e6) } as PsValue)
  const [prefix, suffix] = origins[one.origin]
  return cim('MSFT_NetIPAddress', {
    IPAddress: one.address,
    InterfaceIndex: on.index,
    InterfaceAlias: on.name,
    AddressFamily: six ? 'IPv6' : 'IPv4',
    Type: 'Unicast',
    PrefixLength: one.prefixLength,
    PrefixOrigin: prefix,
    SuffixOrigin: suffix,
    AddressState: states[one.state],
    ValidLifetime: left,
    PreferredLifetime: left,
    SkipAsSource: kernel.windowsNet?.skippedAsSource(on.index).includes(one.address) ?? false,
    PolicyStore: 'ActiveStore',
    ifIndex: on.index,
    ifAlias: on.name,
    IPv4Address: six ? null : one.address,
    IPv6Address: six ? one.address : null,
  })
}

const origins6: Record<AddressView6['origin'], [prefix: string, suffix: string]> = {
  'well-known': ['WellKnown', 'WellKnown'],
  'link-local': ['WellKnown', 'Link'],
  manual: ['Manual', 'Manual'],
  ra: ['RouterAdvertisement', 'Link'],
  temporary: ['RouterAdvertisement', 'Random'],
  dhcp: ['Dhcp', 'Dhcp'],
}

const states6 = { preferred: 'Preferred', tentative: 'Tentative', deprecated: 'Deprecated', duplicate: 'Duplicate' } as const

function span(kernel: Kernel, until: number | null): PsValue {
  if (until === null) return INFINITE
  return { kind: 'span', micros: Math.max(0, Math.floor((until - kernel.clock().now) / 1e6) * 1e6) }
}

function address6(kernel: Kernel, on: InterfaceView, one: AddressView6): PsObject {
  const [prefix, suffix] = origins6[one.origin]
  const text = zoned(one.address, on.index)
  return cim('MSFT_NetIPAddress', {
    IPAddress: text,
    InterfaceIndex: on.index,
    InterfaceAlias: on.name,
    AddressFamily: 'IPv6',
    Type: 'Unicast',
    PrefixLength: one.origin === 'temporary' || one.origin === 'dhcp' ? 128 : one.prefixLength,
    PrefixOrigin: prefix,
    SuffixOrigin: suffix,
    AddressState: states6[one.state],
    ValidLifetime: span(kernel, one.validUntil),
    PreferredLifetime: span(kernel, one.preferredUntil),
    SkipAsSource: false,
    PolicyStore: 'ActiveStore',
    ifIndex: on.index,
    ifAlias: on.name,
    IPv4Address: null,
    IPv6Address: text,
  })
}

/** IPv6 first, as the real list has them. */
export function addressObjects(kernel: Kernel): PsObject[] {
  const on = kernel.interfaces().filter((one) => one.enabled)
  return [
    ...on.flatMap((one) => addressesOf6(one).map((own) => address6(kernel, one, own))),
    ...on.flatMap((one) => one.addresses.filter((own) => !isV6(own.address)).map((own) => address(kernel, one, own))),
  ]
}

export const addressFilters = {
  IPAddress: 'IPAddress',
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  AddressFamily: 'AddressFamily',
  PrefixOrigin: 'PrefixOrigin',
  SuffixOrigin: 'SuffixOrigin',
  AddressState: 'AddressState',
  PrefixLength: 'PrefixLength',
  PolicyStore: 'PolicyStore',
  Type: 'Type',
  SkipAsSource: 'SkipAsSource',
  ValidLifetime: 'ValidLifetime',
  PreferredLifetime: 'PreferredLifetime',
} as const

export const getNetIpAddress = cmdlet(
  {
    name: 'Get-NetIPAddress',
    module: 'NetTCPIP',
    synopsis: 'Gets the IP address configuration.',
    supports: [...Object.keys(addressFilters), 'AssociatedIPInterface', 'IncludeAllCompartments'],
    classes: { AssociatedIPInterface: 'MSFT_NetIPInterface' },
  },
  (call, bound) =>
    select(call, bound, 'MSFT_NetIPAddress', ofInterface(bound, addressObjects(call.kernel)), addressFilters, 'query'),
)
