import type { FirewallRuleView } from '../../../engine/machine/views.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { type PsValue, property } from '../values/value.ts'
import { cim, select } from './cim.ts'

/** The rules meant: those piped in, else all. */
function rules(call: Call, bound: Bound): readonly FirewallRuleView[] {
  const all = call.kernel.firewallRules()
  const given = bound.get('AssociatedNetFirewallRule')
  return given === undefined ? all : all.filter((one) => one.name === text(property(given, 'Name') ?? ''))
}

/** A list of ports is a list; `Any` stays a word. */
const words = (value: string): PsValue =>
  value.includes(',') ? value.split(',').map((word) => word.trim()) : value === '' ? 'Any' : value

const common = { module: 'NetSecurity', classes: { AssociatedNetFirewallRule: 'MSFT_NetFirewallRule' } } as const

export const getNetFirewallPortFilter = cmdlet(
  {
    ...common,
    name: 'Get-NetFirewallPortFilter',
    synopsis: 'Gets the port filters of firewall rules.',
    supports: ['AssociatedNetFirewallRule', 'Protocol', 'All'],
    defaultSet: 'ByQuery',
  },
  (call, bound) =>
    select(
      call,
      bound,
      'MSFT_NetProtocolPortFilter',
      rules(call, bound).map((one) =>
        cim('MSFT_NetProtocolPortFilter', {
          Protocol: one.protocol,
          LocalPort: words(one.localPort),
          RemotePort: words(one.remotePort),
          IcmpType: words(one.icmpType),
          DynamicTarget: 'Any',
          DynamicTransport: 'Any',
          InstanceID: one.name,
        }),
      ),
      { Protocol: 'Protocol' },
      'query',
    ),
)

export const getNetFirewallAddressFilter = cmdlet(
  {
    ...common,
    name: 'Get-NetFirewallAddressFilter',
    synopsis: 'Gets the address filters of firewall rules.',
    supports: ['AssociatedNetFirewallRule', 'All'],
    defaultSet: 'GetAll',
  },
  (call, bound) =>
    select(
      call,
      bound,
      'MSFT_NetAddressFilter',
      rules(call, bound).map((one) =>
        cim('MSFT_NetAddressFilter', {
          LocalAddress: words(one.localAddress),
          RemoteAddress: words(one.remoteAddress),
          InstanceID: one.name,
        }),
      ),
      {},
      'query',
    ),
)
