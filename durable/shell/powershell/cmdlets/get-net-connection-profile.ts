import type { InterfaceView } from '../../../engine/machine/views.ts'
import { type Call, cmdlet } from '../cmdlet.ts'
import { type PsObject, property } from '../values/value.ts'
import { chosenOf, cim, select, systemError } from './cim.ts'

const PROFILE = 'MSFT_NetConnectionProfile'

/** The network's name: of the Wi-Fi, of the DNS suffix, or none known. The Default Switch has no profile. */
export function profileName(one: InterfaceView): string | undefined {
  if (one.hidden || !one.enabled || !one.up || one.kind === 'loopback') return undefined
  if (one.kind === 'ppp') return one.name
  return one.ssid !== ''
    ? one.ssid
    : one.gateways.length === 0
      ? 'Unidentified network'
      : one.dnsSuffix !== ''
        ? one.dnsSuffix
        : 'Network'
}

const filters = {
  Name: 'Name',
  InterfaceAlias: 'InterfaceAlias',
  InterfaceIndex: 'InterfaceIndex',
  NetworkCategory: 'NetworkCategory',
  IPv4Connectivity: 'IPv4Connectivity',
  IPv6Connectivity: 'IPv6Connectivity',
} as const

export const getNetConnectionProfile = cmdlet(
  {
    name: 'Get-NetConnectionProfile',
    module: 'NetConnection',
    synopsis: 'Gets a connection profile.',
    supports: Object.keys(filters),
  },
  (call, bound) => {
    return select(call, bound, PROFILE, profiles(call), filters, 'query')
  },
)

export function profiles(call: Call): PsObject[] {
  const categories = call.kernel.windowsNet?.networkCategories() ?? []
  return call.kernel.interfaces().flatMap((one) => {
    const name = profileName(one)
    if (name === undefined) return []
    const known = one.gateways.length > 0 || one.kind === 'ppp'
    return [
      cim(PROFILE, {
        Name: name,
        InterfaceAlias: one.name,
        InterfaceIndex: one.index,
        NetworkCategory: categories.find((at) => at.interface === one.index)?.category ?? 'Public',
        DomainAuthenticationKind: 'None',
        IPv4Connectivity: known ? 'Internet' : one.addresses.length > 0 ? 'LocalNetwork' : 'NoTraffic',
        IPv6Connectivity: (one.ip6?.gateways.length ?? 0) > 0 ? 'Internet' : 'NoTraffic',
      }),
    ]
  })
}

export const setNetConnectionProfile = cmdlet(
  {
    name: 'Set-NetConnectionProfile',
    module: 'NetConnection',
    synopsis: 'Changes the network category of a connection profile.',
    supports: [
      'InterfaceAlias',
      'InterfaceIndex',
      'Name',
      'IPv4Connectivity',
      'IPv6Connectivity',
      'InputObject',
      'NetworkCategory',
      'PassThru',
      'Confirm',
    ],
    classes: { InputObject: PROFILE },
  },
  function* (call, bound) {
    const { NetworkCategory: _, ...selecting } = filters
    const found = chosenOf(call, bound, PROFILE, profiles(call), selecting, 'query')
    const category = bound.text('NetworkCategory')
    for (const one of found) {
      const index = Number(property(one, 'InterfaceIndex') ?? 0)
      if (category === 'DomainAuthenticated') {
        // Only a domain controller makes a network that.
        call.error(
          systemError(
            "Unable to set the NetworkCategory due to one of the following possible reasons: not running PowerShell elevated; the NetworkCategory cannot be changed from 'DomainAuthenticated'; user initiated changes to NetworkCategory are being prevented due to the Group Policy setting 'Network List Manager Policies'. ",
            5,
            `${PROFILE}:root/StandardCimv2/${PROFILE}`,
          ),
        )
        continue
      }
      if (category !== undefined) call.kernel.windowsNet?.setNetworkCategory(index, category === 'Private' ? 'Private' : 'Public')
      if (!bound.flag('PassThru')) continue
      for (const now of profiles(call)) if (property(now, 'InterfaceIndex') === index) yield* call.emit(now)
    }
  },
)
