// The objects of an IPsec policy and what they are made of (fact sheet 2.7; Microsoft's NetSecurity pages).
import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import { addressTest, portSpan } from '../../../../engine/service/firewall/rule.ts'
import type { Json } from '../../../../engine/sim/json.ts'
import type { Call } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsValue, property } from '../../values/value.ts'
import { ADDRESSES } from '../firewall/rule-fields.ts'
import { filterClasses, protocolOf } from '../firewall/rule-object.ts'
import type { Field, Kind, Shape } from '../kept/kind.ts'
import { netOf } from '../windows-net.ts'

/** What Get-Help says of all that would change packets on the real one. */
const LIMIT = 'Kept, listed and referred to; here no frame is authenticated, encrypted or dropped by it.'
const WARNING = 'IPsec: the rule is kept and listed, but here no frame is authenticated, encrypted or dropped by it.'

const field = (name: string, usual: Json, shape: Shape = 'word', hidden?: true): Field => ({
  name,
  usual,
  shape,
  ...(hidden === undefined ? {} : { hidden }),
})

const ADDRESS_FIELDS = [field('LocalAddress', ['Any'], 'list', true), field('RemoteAddress', ['Any'], 'list', true)]

/** Sets that Windows uses when a rule names none, by what New-... -Default makes. */
export const DEFAULT_SETS: Readonly<Record<string, string>> = {
  NetIPsecMainModeCryptoSet: '{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}',
  NetIPsecQuickModeCryptoSet: '{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}',
  NetIPsecPhase1AuthSet: '{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}',
  NetIPsecPhase2AuthSet: '{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}',
}

/** By the field that names a set, the kind of that set. */
const SETS: Readonly<Record<string, string>> = {
  MainModeCryptoSet: 'NetIPsecMainModeCryptoSet',
  QuickModeCryptoSet: 'NetIPsecQuickModeCryptoSet',
  Phase1AuthSet: 'NetIPsecPhase1AuthSet',
  Phase2AuthSet: 'NetIPsecPhase2AuthSet',
}

const listOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value.map(String) : []).filter((one) => one !== 'Any')

function ruleFault(props: KeptItem['props']): string | undefined {
  const addresses = ['LocalAddress', 'RemoteAddress', 'LocalTunnelEndpoint', 'RemoteTunnelEndpoint'].flatMap((name) =>
    listOf(props[name]),
  )
  if (!addresses.every((one) => addressTest(one) !== undefined)) return ADDRESSES.trim()
  const ports = [...listOf(props['LocalPort']), ...listOf(props['RemotePort'])]
  const protocol = protocolOf(String(props['Protocol'] ?? 'Any'))
  if (protocol === undefined || !ports.every((one) => portSpan(one) !== undefined)) return 'The parameter is incorrect.'
  if (ports.length > 0 && protocol !== 6 && protocol !== 17)
    return 'The port is invalid. When specifying a port, the protocol must be either TCP or UDP.'
  return undefined
}

/** A rule that names a set which is not there does nothing on the real one either. */
function references(fields: readonly string[]): (item: KeptItem, call: Call) => Record<string, PsValue> {
  return (item, call): Record<string, PsValue> => {
    for (const name of fields) {
      const set = String(item.props[name] ?? 'Default')
      const known = netOf(call).keptItems(SETS[name] ?? '')
      if (/^(Default|None)$/i.test(set) || known.some((one) => one.name.toLowerCase() === set.toLowerCase())) continue
      return { PrimaryStatus: 'Error', Status: `The ${name} that the rule names, '${set}', is in no policy store.` }
    }
    return {}
  }
}

const profileMeans = (given: PsValue) => (item: KeptItem) => {
  const of = String(item.props['Profile'] ?? 'Any')
  return of === 'Any' || of.includes(text(property(given, 'Name') ?? ''))
}
/** The rule that a filter is of. */
const ownFilter = (given: PsValue) => (item: KeptItem) => item.name === text(property(given, 'InstanceID') ?? '')
/** Rules that name a set: one that is the default is meant by those that name none. */
const naming = (name: string) => (given: PsValue) => (item: KeptItem) => {
  const set = String(item.props[name] ?? 'Default').toLowerCase()
  const wanted = text(property(given, 'Name') ?? '').toLowerCase()
  return set === wanted || (set === 'default' && wanted === (DEFAULT_SETS[SETS[name] ?? ''] ?? '').toLowerCase())
}
/** The set that a rule names. */
const namedBy = (name: string) => (given: PsValue) => (item: KeptItem) => {
  const set = text(property(given, name) ?? 'Default').toLowerCase()
  return item.name.toLowerCase() === (set === 'default' ? (DEFAULT_SETS[SETS[name] ?? ''] ?? '').toLowerCase() : set)
}

const module = 'NetSecurity'
const RULE = 'MSFT_NetConSecRule'
const MAIN_RULE = 'MSFT_NetMainModeRule'

const ruleFilters = {
  AssociatedNetFirewallAddressFilter: ownFilter,
  AssociatedNetFirewallInterfaceFilter: ownFilter,
  AssociatedNetFirewallInterfaceTypeFilter: ownFilter,
  AssociatedNetFirewallPortFilter: ownFilter,
  AssociatedNetFirewallProfile: profileMeans,
}
const classes = {
  AssociatedNetFirewallAddressFilter: filterClasses.address,
  AssociatedNetFirewallInterfaceFilter: filterClasses.interface,
  AssociatedNetFirewallInterfaceTypeFilter: filterClasses.interfaceType,
  AssociatedNetFirewallPortFilter: filterClasses.port,
  AssociatedNetFirewallProfile: 'MSFT_NetFirewallProfile',
  AssociatedNetIPsecRule: RULE,
  AssociatedNetIPsecMainModeRule: MAIN_RULE,
  AssociatedNetIPsecMainModeCryptoSet: 'MSFT_NetIKEMMCryptoSet',
  AssociatedNetIPsecQuickModeCryptoSet: 'MSFT_NetIKEQMCryptoSet',
  AssociatedNetIPsecPhase1AuthSet: 'MSFT_NetIKEP1AuthSet',
  AssociatedNetIPsecPhase2AuthSet: 'MSFT_NetIKEP2AuthSet',
}

export const ipsecRule: Kind = {
  noun: 'NetIPsecRule',
  className: RULE,
  module,
  thing: 'IPsec rule',
  limit: LIMIT,
  warning: WARNING,
  id: 'IPsecRuleName',
  policy: true,
  classes,
  fields: [
    field('Enabled', 'True'),
    field('Profile', 'Any', 'profile'),
    field('Platform', [], 'list'),
    field('Mode', 'Transport'),
    field('InboundSecurity', 'None'),
    field('OutboundSecurity', 'None'),
    field('QuickModeCryptoSet', 'Default'),
    field('Phase1AuthSet', 'Default'),
    field('Phase2AuthSet', 'Default'),
    field('KeyModule', 'Default'),
    field('AllowWatchKey', false, 'bool'),
    field('AllowSetKey', false, 'bool'),
    field('LocalTunnelEndpoint', ['Any'], 'list'),
    field('RemoteTunnelEndpoint', ['Any'], 'list'),
    field('RemoteTunnelHostname', ''),
    field('ForwardPathLifetime', 0, 'number'),
    field('EncryptedTunnelBypass', false, 'bool'),
    field('RequireAuthorization', false, 'bool'),
    field('User', 'Any'),
    field('Machine', 'Any'),
    field('TunnelType', 'None', 'word', true),
    ...ADDRESS_FIELDS,
    field('Protocol', 'Any', 'word', true),
    field('LocalPort', ['Any'], 'list', true),
    field('RemotePort', ['Any'], 'list', true),
    field('InterfaceAlias', ['Any'], 'list', true),
    field('InterfaceType', 'Any', 'word', true),
  ],
  associated: {
    ...ruleFilters,
    AssociatedNetIPsecPhase1AuthSet: naming('Phase1AuthSet'),
    AssociatedNetIPsecPhase2AuthSet: naming('Phase2AuthSet'),
    AssociatedNetIPsecQuickModeCryptoSet: naming('QuickModeCryptoSet'),
  },
  fault: (props) =>
    props['Mode'] === 'Tunnel' &&
    listOf(props['LocalTunnelEndpoint']).length + listOf(props['RemoteTunnelEndpoint']).length === 0 &&
    (props['RemoteTunnelHostname'] ?? '') === ''
      ? 'A rule of tunnel mode needs a tunnel endpoint.'
      : ruleFault(props),
  more: references(['Phase1AuthSet', 'Phase2AuthSet', 'QuickModeCryptoSet']),
}

export const mainModeRule: Kind = {
  noun: 'NetIPsecMainModeRule',
  className: MAIN_RULE,
  module,
  thing: 'main mode rule',
  limit: LIMIT,
  warning: WARNING,
  id: 'Name',
  policy: true,
  classes,
  fields: [
    field('Enabled', 'True'),
    field('Profile', 'Any', 'profile'),
    field('Platform', [], 'list'),
    field('MainModeCryptoSet', 'Default'),
    field('Phase1AuthSet', 'Default'),
    ...ADDRESS_FIELDS,
  ],
  associated: {
    AssociatedNetFirewallAddressFilter: ownFilter,
    AssociatedNetFirewallProfile: profileMeans,
    AssociatedNetIPsecMainModeCryptoSet: naming('MainModeCryptoSet'),
    AssociatedNetIPsecPhase1AuthSet: naming('Phase1AuthSet'),
  },
  fault: ruleFault,
  more: references(['MainModeCryptoSet', 'Phase1AuthSet']),
}

const PROPOSAL_CLASS = /Proposal$/

/** Only proposals make a set, and only those of its phase. */
const proposalFault =
  (wanted: string) =>
  (props: KeptItem['props']): string | undefined => {
    const list = Array.isArray(props['Proposal']) ? props['Proposal'] : []
    const classOf = (one: Json): string => String((one as { readonly class?: Json } | null)?.class ?? '')
    return list.length > 0 && list.every((one) => PROPOSAL_CLASS.test(classOf(one)) && classOf(one) === wanted)
      ? undefined
      : 'The parameter is incorrect.'
  }

const authSet = (phase: 1 | 2): Kind => ({
  noun: `NetIPsecPhase${phase}AuthSet`,
  className: `MSFT_NetIKEP${phase}AuthSet`,
  module,
  thing: `phase ${phase} authentication set`,
  limit: LIMIT,
  id: 'Name',
  policy: true,
  classes,
  fields: [field('Proposal', [], 'proposals')],
  associated: {
    ...(phase === 1 ? { AssociatedNetIPsecMainModeRule: namedBy('Phase1AuthSet') } : {}),
    AssociatedNetIPsecRule: namedBy(`Phase${phase}AuthSet`),
  },
  fault: proposalFault('MSFT_NetAuthProposal'),
})

export const phase1AuthSet = authSet(1)
export const phase2AuthSet = authSet(2)

export const mainModeCryptoSet: Kind = {
  noun: 'NetIPsecMainModeCryptoSet',
  className: 'MSFT_NetIKEMMCryptoSet',
  module,
  thing: 'main mode cryptographic set',
  limit: LIMIT,
  id: 'Name',
  policy: true,
  classes,
  fields: [
    field('Proposal', [], 'proposals'),
    field('MaxMinutes', 480, 'number'),
    field('MaxSessions', 0, 'number'),
    field('ForceDiffieHellman', false, 'bool'),
  ],
  associated: { AssociatedNetIPsecMainModeRule: namedBy('MainModeCryptoSet') },
  fault: proposalFault('MSFT_NetIKEMMCryptoProposal'),
}

export const quickModeCryptoSet: Kind = {
  noun: 'NetIPsecQuickModeCryptoSet',
  className: 'MSFT_NetIKEQMCryptoSet',
  module,
  thing: 'quick mode cryptographic set',
  limit: LIMIT,
  id: 'Name',
  policy: true,
  classes,
  fields: [field('Proposal', [], 'proposals'), field('PerfectForwardSecrecyGroup', 'None')],
  associated: { AssociatedNetIPsecRule: namedBy('QuickModeCryptoSet') },
  fault: proposalFault('MSFT_NetIKEQMCryptoProposal'),
}

export const dospSetting: Kind = {
  noun: 'NetIPsecDospSetting',
  className: 'MSFT_NetIPsecDoSPSetting',
  module,
  thing: 'IPsec denial of service protection setting',
  limit: LIMIT,
  warning: 'IPsec: the setting is kept and listed, but here no frame is limited by it.',
  id: 'Name',
  policy: false,
  fields: [
    field('StateIdleTimeoutSeconds', 360, 'number'),
    field('PerIPRateLimitQueueIdleTimeoutSeconds', 360, 'number'),
    field('IpV6IPsecUnauthDscp', 0, 'number'),
    field('IpV6IPsecUnauthRateLimitBytesPerSec', 102_400, 'number'),
    field('IpV6IPsecUnauthPerIPRateLimitBytesPerSec', 10_240, 'number'),
    field('IpV6IPsecAuthDscp', 0, 'number'),
    field('IpV6IPsecAuthRateLimitBytesPerSec', 0, 'number'),
    field('IcmpV6Dscp', 0, 'number'),
    field('IcmpV6RateLimitBytesPerSec', 10_240, 'number'),
    field('IpV6FilterExemptDscp', 0, 'number'),
    field('IpV6FilterExemptRateLimitBytesPerSec', 102_400, 'number'),
    field('DefBlockExemptDscp', 0, 'number'),
    field('DefBlockExemptRateLimitBytesPerSec', 102_400, 'number'),
    field('MaxStateEntries', 75_000, 'number'),
    field('MaxPerIPRateLimitQueues', 50_000, 'number'),
    field('EnabledKeyingModules', 'IkeV1, IkeV2, AuthIP'),
    field('FilteringFlags', 'None'),
    field('PublicInterfaceAliases', [], 'list'),
    field('PrivateInterfaceAliases', [], 'list'),
    field('PublicV6Address', 'Any'),
    field('PrivateV6Address', 'Any'),
  ],
  fault: (props) =>
    ['PublicV6Address', 'PrivateV6Address'].every((name) => {
      const address = String(props[name] ?? 'Any')
      return /^(Any|)$/i.test(address) || (address.includes(':') && addressTest(address) !== undefined)
    })
      ? undefined
      : 'The parameter is incorrect.',
}
