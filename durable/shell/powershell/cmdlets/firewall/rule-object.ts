// Firewall rules and their filters as the NetSecurity cmdlets show them (fact sheet 2.7).
import type { FirewallRuleView } from '../../../../engine/machine/windows/net-views.ts'
import { protocolText } from '../../../../engine/service/firewall/rule.ts'
import { text } from '../../values/text.ts'
import { type PsObject, type PsValue, property } from '../../values/value.ts'
import { cim } from '../cim.ts'

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

const SOURCES = { PersistentStore: 'PersistentStore', ActiveStore: 'ActiveStore', GroupPolicy: 'LocalGPO' } as const
const TYPES = { PersistentStore: 'Local', ActiveStore: 'Dynamic', GroupPolicy: 'GroupPolicy' } as const
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
      Platform: [],
      Direction: one.direction,
      Action: one.action,
      EdgeTraversalPolicy: one.edge,
      LooseSourceMapping: false,
      LocalOnlyMapping: false,
      Owner: '',
      PrimaryStatus: 'OK',
      Status: 'The rule was parsed successfully from the store. (65536)',
      EnforcementStatus: active ? ENFORCED[one.counts] : 'NotApplicable',
      PolicyStoreSource: SOURCES[one.store],
      PolicyStoreSourceType: TYPES[one.store],
      RemoteDynamicKeywordAddresses: [],
      PolicyAppId: '',
      PackageFamilyName: '',
      InstanceID: one.name,
      CreationClassName: 'MSFT|FW|FirewallRule',
      Caption: null,
      ElementName: one.displayName,
    },
    one.displayName,
  )

export const storeOf = (item: PsValue): FirewallRuleView['store'] => {
  const type = text(property(item, 'PolicyStoreSourceType') ?? 'Local')
  return type === 'GroupPolicy' ? 'GroupPolicy' : type === 'Dynamic' ? 'ActiveStore' : 'PersistentStore'
}

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

export function filterObject(kind: FilterKind, one: FirewallRuleView): PsObject {
  const id = { InstanceID: one.name, PolicyStoreSourceType: TYPES[one.store] }
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
      return make({ Program: one.program, Package: null })
    case 'service':
      return make({ Service: one.service })
    case 'security':
      return make({
        Authentication: 'NotRequired',
        Encryption: 'NotRequired',
        OverrideBlockRules: false,
        LocalUser: 'Any',
        RemoteUser: 'Any',
        RemoteMachine: 'Any',
      })
    default:
      return kind satisfies never
  }
}
