// What New-, Set- and Copy-NetFirewallRule say of a rule, out of their parameters.
import { aRule, type FirewallRule, type RuleSecurity, shownAddress } from '../../../../engine/service/firewall/rule.ts'
import type { Bound, Call } from '../../cmdlet.ts'
import { systemError } from '../cim.ts'
import { profilesOf, protocolOf } from './rule-object.ts'

/** Those with behaviour. A rule that asks for IPsec or for an app package is kept, and no packet of a lab is one that it means. */
export const ruleParameters = [
  'Action',
  'Authentication',
  'Description',
  'Direction',
  'EdgeTraversalPolicy',
  'Enabled',
  'Encryption',
  'Group',
  'IcmpType',
  'InterfaceAlias',
  'InterfaceType',
  'LocalAddress',
  'LocalPort',
  'OverrideBlockRules',
  'Package',
  'Platform',
  'Profile',
  'Program',
  'Protocol',
  'RemoteAddress',
  'RemoteDynamicKeywordAddresses',
  'RemoteMachine',
  'RemotePort',
  'RemoteUser',
  'Service',
]

export const ADDRESSES =
  'The address is invalid. Addresses may be specified as IP addresses, ranges, or subnets. Also, the following address keywords are allowed in certain contexts: LocalSubnet, DNS, DHCP, WINS, DefaultGateway, Internet, Intranet, IntranetRemoteAccess, PlayToDevice. Keywords can be restricted to IPv4 or IPv6 by appending a 4 or 6. '

type Fields = { -readonly [key in keyof FirewallRule]?: FirewallRule[key] }

/** `Any` among them means any. */
const list = (values: readonly string[]): string[] => {
  const parts = values.flatMap((value) => value.split(',')).map((value) => value.trim())
  return parts.some((value) => value.toLowerCase() === 'any' || value === '*') ? [] : parts.filter((value) => value !== '')
}

const PLAIN: RuleSecurity = {
  authentication: 'NotRequired',
  encryption: 'NotRequired',
  override: false,
  remoteUser: 'Any',
  remoteMachine: 'Any',
}

/** What the line says of a rule, given what the rule was. Undefined: an error was told. */
export function fieldsOf(call: Call, bound: Bound, target: string): ((old?: FirewallRule) => Fields) | undefined {
  const fields: Fields = {}
  const put = <K extends keyof FirewallRule>(parameter: string, key: K, value: () => FirewallRule[K]): void => {
    if (bound.has(parameter)) fields[key] = value()
  }
  const protocol = bound.text('Protocol')
  if (protocol !== undefined) {
    const number = protocolOf(protocol)
    if (number === undefined) {
      call.error(
        systemError(
          'The protocol is invalid. Valid protocols are integers between 0 and 255, or the following keywords: Any, TCP, UDP, ICMPv4, ICMPv6. ',
          87,
          target,
        ),
      )
      return undefined
    }
    fields.protocol = number
  }
  put('Action', 'action', () => (bound.text('Action') === 'Block' ? 'Block' : 'Allow'))
  put('Description', 'description', () => bound.text('Description') ?? '')
  put('Direction', 'direction', () => (bound.text('Direction') === 'Outbound' ? 'Outbound' : 'Inbound'))
  put('EdgeTraversalPolicy', 'edge', () => bound.text('EdgeTraversalPolicy') as FirewallRule['edge'])
  put('Enabled', 'enabled', () => bound.text('Enabled') === 'True')
  put('IcmpType', 'icmpTypes', () => list(bound.texts('IcmpType')))
  put('InterfaceAlias', 'interfaceAliases', () => list(bound.texts('InterfaceAlias')))
  put('InterfaceType', 'interfaceType', () => bound.text('InterfaceType') as FirewallRule['interfaceType'])
  put('LocalAddress', 'localAddresses', () => list(bound.texts('LocalAddress')).map(shownAddress))
  put('RemoteAddress', 'remoteAddresses', () => list(bound.texts('RemoteAddress')).map(shownAddress))
  put('LocalPort', 'localPorts', () => list(bound.texts('LocalPort')))
  put('RemotePort', 'remotePorts', () => list(bound.texts('RemotePort')))
  put('Profile', 'profiles', () => profilesOf(bound.texts('Profile')))
  put('Program', 'program', () => bound.text('Program') ?? 'Any')
  put('Service', 'service', () => bound.text('Service') ?? 'Any')
  put('Package', 'package', () => bound.text('Package') ?? 'Any')
  put('Platform', 'platforms', () => list(bound.texts('Platform')))
  put('RemoteDynamicKeywordAddresses', 'keywords', () => list(bound.texts('RemoteDynamicKeywordAddresses')))
  const security = {
    ...(bound.has('Authentication') ? { authentication: bound.text('Authentication') as RuleSecurity['authentication'] } : {}),
    ...(bound.has('Encryption') ? { encryption: bound.text('Encryption') as RuleSecurity['encryption'] } : {}),
    ...(bound.has('OverrideBlockRules') ? { override: bound.flag('OverrideBlockRules') } : {}),
    ...(bound.has('RemoteUser') ? { remoteUser: bound.text('RemoteUser') ?? 'Any' } : {}),
    ...(bound.has('RemoteMachine') ? { remoteMachine: bound.text('RemoteMachine') ?? 'Any' } : {}),
  }
  if (Object.keys(security).length === 0) return () => fields
  if ((security.authentication ?? 'NotRequired') !== 'NotRequired')
    call.warn('IPsec: nobody is authenticated here, so no packet is one that this rule allows.')
  return (old) => ({ ...fields, security: { ...PLAIN, ...old?.security, ...security } })
}

export const newRule = (fields: Fields, displayName: string): FirewallRule => aRule({ name: '', ...fields, displayName })
