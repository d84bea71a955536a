// Firewall rules and their filters as the NetSecurity cmdlets show them (fact sheet 2.7).

import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import type { FirewallRuleView } from '../../../../engine/machine/windows/net-views.ts'
import { aRule, type FirewallRule, protocolText, shownAddress } from '../../../../engine/service/firewall/rule.ts'
import type { PsObject, PsValue } from '../../values/value.ts'
import { cim } from '../cim.ts'
import { STORE_SOURCES, STORE_TYPES } from '../policy-store.ts'

/** A number, or one of the words; undefined: neither. */
export function protocolOf(word: string): number | undefined {
  const lower = word.toLowerCase()
  for (const number of [0, 1, 6, 17, 58]) if (protocolText(number).toLowerCase() === lower) return number
  return /^\d{1,3}$/.test(word) && Number(word) <= 255 ? Number(word) : undefined
}

export function profilesText(profiles: number): string {
  if (profiles === 7) return 'Any'
  return ['Domain', 'Private', 'Public'].filter((_, bit) => (profiles & (1 << bit)) !== 0).join(', ')
}

/** Of `Private, Public` or several words. */
export function profilesOf(words: readonly string[]): number {
  let sum = 0
  for (const word of words.flatMap((one) => one.split(',')).map((one) => one.trim().toLowerCase()))
    sum |= word === 'domain' ? 1 : word === 'private' ? 2 : word === 'public' ? 4 : 7
  return sum
}

const ENFORCED = {
  yes: 'Enforced',
  disabled: 'Disabled',
  'other-profile': 'ProfileInactive',
  'no-local-rules': 'LocalFirewallRulesDisabled',
  off: 'FirewallOff',
} as const

/** `active`: as the active store shows it, with what became of the rule. */
export const ruleObject = (one: FirewallRuleView, active = false): PsObject =>
  cim(
    'MSFT_NetFirewallRule',
    {
      Name: one.name,
      ID: one.name,
      DisplayName: one.displayName,
      Description: one.description,
      DisplayGroup: one.group,
      Group: one.group,
      Enabled: one.enabled ? 'True' : 'False',
      Profile: profilesText(one.profiles),
      Platform: [...(one.platforms ?? [])],
      Direction: one.direction,
      Action: one.action,
      EdgeTraversalPolicy: one.edge,
      LooseSourceMapping: false,
      LocalOnlyMapping: false,
      Owner: '',
      PrimaryStatus: 'OK',
      Status: 'The rule was parsed successfully from the store. (65536)',
      EnforcementStatus: active ? ENFORCED[one.counts] : 'NotApplicable',
      PolicyStoreSource: STORE_SOURCES[one.store],
      PolicyStoreSourceType: STORE_TYPES[one.store],
      RemoteDynamicKeywordAddresses: [...(one.keywords ?? [])],
      PolicyAppId: '',
      PackageFamilyName: '',
      InstanceID: one.name,
      CreationClassName: 'MSFT|FW|FirewallRule',
      Caption: null,
      ElementName: one.displayName,
    },
    one.displayName,
  )

/** A list of one is the word itself. */
const words = (list: readonly string[]): PsValue =>
  list.length === 0 ? 'Any' : list.length === 1 ? (list[0] as string) : [...list]

export type FilterKind = 'port' | 'address' | 'interface' | 'interfaceType' | 'application' | 'service' | 'security'

export const filterClasses: { readonly [kind in FilterKind]: string } = {
  port: 'MSFT_NetProtocolPortFilter',
  address: 'MSFT_NetAddressFilter',
  interface: 'MSFT_NetInterfaceFilter',
  interfaceType: 'MSFT_NetInterfaceTypeFilter',
  application: 'MSFT_NetApplicationFilter',
  service: 'MSFT_NetServiceFilter',
  security: 'MSFT_NetNetworkLayerSecurityFilter',
}

/** A rule as its filters show it, and what it is a rule of. */
export type Filtered = { readonly rule: FirewallRule; readonly owner: string }

export const ofRule = (rule: FirewallRule): Filtered => ({ rule, owner: 'NetFirewallRule' })

/** A rule of IPsec: what it says of addresses, ports and interfaces. */
export function ofItem({ noun }: { readonly noun: string }, { name, store, props }: KeptItem): Filtered {
  const list = (key: string): string[] =>
    (Array.isArray(props[key]) ? props[key] : []).map(String).filter((one) => one.toLowerCase() !== 'any')
  const rule = aRule({
    name,
    displayName: '',
    store,
    protocol: protocolOf(String(props['Protocol'] ?? 'Any')) ?? 0,
    localAddresses: list('LocalAddress').map(shownAddress),
    remoteAddresses: list('RemoteAddress').map(shownAddress),
    localPorts: list('LocalPort'),
    remotePorts: list('RemotePort'),
    interfaceAliases: list('InterfaceAlias'),
    interfaceType: (props['InterfaceType'] ?? 'Any') as FirewallRule['interfaceType'],
  })
  return { rule, owner: noun }
}

export function filterObject(kind: FilterKind, { rule: one, owner }: Filtered): PsObject {
  const id = { InstanceID: one.name, CreationClassName: owner, PolicyStoreSourceType: STORE_TYPES[one.store] }
  const make = (props: Record<string, PsValue>): PsObject => cim(filterClasses[kind], { ...props, ...id })
  switch (kind) {
    case 'port':
      return make({
        Protocol: protocolText(one.protocol),
        LocalPort: words(one.localPorts),
        RemotePort: words(one.remotePorts),
        IcmpType: words(one.icmpTypes),
        DynamicTarget: 'Any',
        DynamicTransport: 'Any',
      })
    case 'address':
      return make({ LocalAddress: words(one.localAddresses), RemoteAddress: words(one.remoteAddresses) })
    case 'interface':
      return make({ InterfaceAlias: words(one.interfaceAliases) })
    case 'interfaceType':
      return make({ InterfaceType: one.interfaceType })
    case 'application':
      return make({ Program: one.program, Package: one.package ?? null })
    case 'service':
      return make({ Service: one.service })
    case 'security':
      return make({
        Authentication: one.security?.authentication ?? 'NotRequired',
        Encryption: one.security?.encryption ?? 'NotRequired',
        OverrideBlockRules: one.security?.override ?? false,
        LocalUser: 'Any',
        RemoteUser: one.security?.remoteUser ?? 'Any',
        RemoteMachine: one.security?.remoteMachine ?? 'Any',
      })
    default:
      return kind satisfies never
  }
}
