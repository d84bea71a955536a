// The filters of firewall rules: every rule has one of each kind (fact sheet 2.7).
import type { FirewallRule } from '../../../../engine/service/firewall.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { property } from '../../values/value.ts'
import { chooseFrom, classTarget, type Filters, refusal } from '../cim.ts'
import { firewallOf, inStore, RULE } from './choose-rules.ts'
import { fieldsOf } from './rule-fields.ts'
import { type FilterKind, filterClasses, filterObject, storeOf } from './rule-object.ts'

/** The rules meant: those piped in, else all of the store. */
function rules(call: Call, bound: Bound) {
  const net = firewallOf(call)
  const given = bound.get('AssociatedNetFirewallRule')
  if (given === undefined) return inStore(net.firewallRules(), bound.text('PolicyStore'))
  return net.firewallRules([text(property(given, 'Name') ?? '')]).filter((one) => one.store === storeOf(given))
}

type Shape = {
  readonly kind: FilterKind
  readonly noun: string
  readonly what: string
  readonly by: Filters
  readonly set: readonly string[]
  readonly defaultSet: string
}

const shapes: readonly Shape[] = [
  {
    kind: 'port',
    noun: 'NetFirewallPortFilter',
    what: 'port',
    by: { Protocol: 'Protocol' },
    set: ['Protocol', 'LocalPort', 'RemotePort', 'IcmpType'],
    defaultSet: 'ByQuery',
  },
  {
    kind: 'address',
    noun: 'NetFirewallAddressFilter',
    what: 'address',
    by: {},
    set: ['LocalAddress', 'RemoteAddress'],
    defaultSet: 'GetAll',
  },
  {
    kind: 'interface',
    noun: 'NetFirewallInterfaceFilter',
    what: 'interface',
    by: {},
    set: ['InterfaceAlias'],
    defaultSet: 'GetAll',
  },
  {
    kind: 'interfaceType',
    noun: 'NetFirewallInterfaceTypeFilter',
    what: 'interface type',
    by: { InterfaceType: 'InterfaceType' },
    set: ['InterfaceType'],
    defaultSet: 'ByQuery',
  },
  {
    kind: 'application',
    noun: 'NetFirewallApplicationFilter',
    what: 'application',
    by: { Program: 'Program' },
    set: ['Program'],
    defaultSet: 'ByQuery',
  },
  {
    kind: 'service',
    noun: 'NetFirewallServiceFilter',
    what: 'service',
    by: { Service: 'Service' },
    set: ['Service'],
    defaultSet: 'ByQuery',
  },
  {
    kind: 'security',
    noun: 'NetFirewallSecurityFilter',
    what: 'security',
    by: { Authentication: 'Authentication', Encryption: 'Encryption' },
    set: [],
    defaultSet: 'ByQuery',
  },
]

const getter = ({ kind, noun, what, by, defaultSet }: Shape): Cmdlet =>
  cmdlet(
    {
      name: `Get-${noun}`,
      module: 'NetSecurity',
      synopsis: `Gets the ${what} filters of firewall rules.`,
      supports: ['AssociatedNetFirewallRule', ...Object.keys(by), 'All', 'PolicyStore'],
      classes: { AssociatedNetFirewallRule: RULE },
      defaultSet,
    },
    function* (call, bound) {
      const all = rules(call, bound).map((one) => filterObject(kind, one))
      for (const one of chooseFrom(call, bound, filterClasses[kind], all, by, 'silent')) yield* call.emit(one)
    },
  )

const setter = ({ kind, noun, what, set }: Shape): Cmdlet =>
  cmdlet(
    {
      name: `Set-${noun}`,
      module: 'NetSecurity',
      synopsis: `Modifies the ${what} filters of firewall rules.`,
      supports: [...set, 'InputObject', 'PassThru', 'Confirm'],
      classes: { InputObject: filterClasses[kind] },
    },
    function* (call, bound) {
      const net = firewallOf(call)
      const fields = fieldsOf(call, bound, classTarget(filterClasses[kind]))
      if (fields === undefined) return
      for (const one of bound.list('InputObject')) {
        const [name, store] = [text(property(one, 'InstanceID') ?? ''), storeOf(one)]
        const done = net.changeFirewallRule(name, store, fields as Partial<FirewallRule>)
        if (!done.ok) call.error(refusal(done, `${name}:String`))
        else if (bound.flag('PassThru'))
          for (const now of net.firewallRules([name])) if (now.store === store) yield* call.emit(filterObject(kind, now))
      }
    },
  )

export const firewallFilterCmdlets: readonly Cmdlet[] = [
  ...shapes.map(getter),
  ...shapes.filter(({ set }) => set.length > 0).map(setter),
]
