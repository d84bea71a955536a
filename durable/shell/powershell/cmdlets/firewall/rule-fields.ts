// What New-, Set- and Copy-NetFirewallRule say of a rule, out of their parameters.
import { shownAddress } from '../../../../engine/service/firewall/rule.ts'
import { aRule, type FirewallRule } from '../../../../engine/service/firewall.ts'
import type { Bound, Call } from '../../cmdlet.ts'
import { systemError } from '../cim.ts'
import { profilesOf, protocolOf } from './rule-object.ts'

/** Those with behaviour; what only IPsec heeds is not among them. */
export const ruleParameters = [
  'Action',
  'Description',
  'Direction',
  'EdgeTraversalPolicy',
  'Enabled',
  'Group',
  'IcmpType',
  'InterfaceAlias',
  'InterfaceType',
  'LocalAddress',
  'LocalPort',
  'Profile',
  'Program',
  'Protocol',
  'RemoteAddress',
  'RemotePort',
  'Service',
]

type Fields = { -readonly [key in keyof FirewallRule]?: FirewallRule[key] }

/** `Any` among them means any. */
const list = (values: readonly string[]): string[] => {
  const parts = values.flatMap((value) => value.split(',')).map((value) => value.trim())
  return parts.some((value) => value.toLowerCase() === 'any' || value === '*') ? [] : parts.filter((value) => value !== '')
}

/** Undefined: an error was told. */
export function fieldsOf(call: Call, bound: Bound, target: string): Fields | undefined {
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
  return fields
}

export const newRule = (fields: Fields, displayName: string): FirewallRule => aRule({ name: '', ...fields, displayName })
