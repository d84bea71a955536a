import type { Kernel } from '../../../engine/machine/kernel.ts'
import type { AddressView, InterfaceView } from '../../../engine/machine/views.ts'
import { isV6 } from '../../windows/network.ts'
import { cmdlet } from '../cmdlet.ts'
import type { PsObject, PsValue } from '../values/value.ts'
import { cim, INFINITE, select } from './cim.ts'

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
    SkipAsSource: false,
    PolicyStore: 'ActiveStore',
    ifIndex: on.index,
    ifAlias: on.name,
    IPv4Address: six ? null : one.address,
    IPv6Address: six ? one.address : null,
  })
}

/** IPv6 first, as the real list has them. */
export function addressObjects(kernel: Kernel): PsObject[] {
  const on = kernel.interfaces().filter((one) => one.enabled)
  const six = on.flatMap((one) => {
    const own: AddressView = {
      address: one.kind === 'loopback' ? '::1' : `${one.linkLocal6}%${one.index}`,
      prefixLength: one.kind === 'loopback' ? 128 : 64,
      origin: one.kind === 'loopback' ? 'well-known' : 'link-local',
      state: 'preferred',
      validUntil: null,
    }
    return one.kind === 'loopback' || one.linkLocal6 !== '' ? [address(kernel, one, own)] : []
  })
  return [
    ...six,
    ...on.flatMap((one) => one.addresses.filter((own) => !isV6(own.address)).map((own) => address(kernel, one, own))),
  ]
}

const filters = {
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
} as const

export const getNetIpAddress = cmdlet(
  {
    name: 'Get-NetIPAddress',
    module: 'NetTCPIP',
    synopsis: 'Gets the IP address configuration.',
    supports: Object.keys(filters),
  },
  (call, bound) => select(call, bound, 'MSFT_NetIPAddress', addressObjects(call.kernel), filters, 'query'),
)
