// The filters of firewall rules: every rule has one of each kind (fact sheet 2.7).

import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import { text } from '../../values/text.ts'
import { type PsValue, property } from '../../values/value.ts'
import { chooseFrom, classTarget, type Filters, refusal } from '../cim.ts'
import { ipsecRule, mainModeRule } from '../ipsec/kinds.ts'
import { fieldsGiven, type Kind, put } from '../kept/kind.ts'
import { inStore, storeOf } from '../policy-store.ts'
import { firewallOf, RULE } from './choose-rules.ts'
import { fieldsOf } from './rule-fields.ts'
import { type Filtered, type FilterKind, filterClasses, filterObject, ofItem, ofRule } from './rule-object.ts'

/** Rules that have filters of this kind: those of the firewall, and of IPsec as far as they are about the same. */
const kindsWith = (kind: FilterKind): readonly Kind[] =>
  kind === 'address' ? [ipsecRule, mainModeRule] : /^(port|interface|interfaceType)$/.test(kind) ? [ipsecRule] : []

/** The rules meant: the one piped in, else all of the store. */
function rules(call: Call, bound: Bound, filter: FilterKind): Filtered[] {
  const net = firewallOf(call)
  const own = (given: PsValue, name: string) => (one: { readonly name: string; readonly store: string }) =>
    one.name === text(property(given, name) ?? '') && one.store === storeOf(given)
  const given = bound.get('AssociatedNetFirewallRule')
  if (given !== undefined) return net.firewallRules().filter(own(given, 'Name')).map(ofRule)
  for (const kind of kindsWith(filter)) {
    const rule = bound.get(`Associated${kind.noun}`)
    if (rule !== undefined)
      return net
        .keptItems(kind.noun)
        .filter(own(rule, kind.id))
        .map((item) => ofItem(kind, item))
  }
  return [
    ...inStore(call, bound, net.firewallRules()).map(ofRule),
    ...kindsWith(filter).flatMap((kind) => inStore(call, bound, net.keptItems(kind.noun)).map((item) => ofItem(kind, item))),
  ]
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
    by: { Program: 'Program', Package: 'Package' },
    set: ['Program', 'Package'],
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
    by: {
      Authentication: 'Authentication',
      Encryption: 'Encryption',
      OverrideBlockRules: 'OverrideBlockRules',
      RemoteMachine: 'RemoteMachine',
      RemoteUser: 'RemoteUser',
    },
    set: ['Authentication', 'Encryption', 'OverrideBlockRules', 'RemoteMachine', 'RemoteUser'],
    defaultSet: 'ByQuery',
  },
]

const classes = {
  AssociatedNetFirewallRule: RULE,
  AssociatedNetIPsecRule: ipsecRule.className,
  AssociatedNetIPsecMainModeRule: mainModeRule.className,
}

const getter = ({ kind, noun, what, by, defaultSet }: Shape): Cmdlet =>
  cmdlet(
    {
      name: `Get-${noun}`,
      module: 'NetSecurity',
      synopsis: `Gets the ${what} filters of rules.`,
      supports: [
        'AssociatedNetFirewallRule',
        ...kindsWith(kind).map((one) => `Associated${one.noun}`),
        ...Object.keys(by),
        'All',
        'PolicyStore',
      ],
      classes,
      defaultSet,
    },
    function* (call, bound) {
      const all = rules(call, bound, kind).map((one) => filterObject(kind, one))
      for (const one of chooseFrom(call, bound, filterClasses[kind], all, by, 'silent')) yield* call.emit(one)
    },
  )

const setter = ({ kind, noun, what, set }: Shape): Cmdlet =>
  cmdlet(
    {
      name: `Set-${noun}`,
      module: 'NetSecurity',
      synopsis: `Modifies the ${what} filters of rules.`,
      supports: [...set, 'InputObject', 'PassThru', 'Confirm'],
      classes: { InputObject: filterClasses[kind] },
    },
    function* (call, bound) {
      const net = firewallOf(call)
      if (!bound.has('InputObject'))
        throw new NotSimulated(
          `Set-${noun} without -InputObject, for every rule at once, is real, but it is not simulated here yet.`,
        )
      const fields = fieldsOf(call, bound, classTarget(filterClasses[kind]))
      if (fields === undefined) return
      for (const one of bound.list('InputObject')) {
        const [name, store] = [text(property(one, 'InstanceID') ?? ''), storeOf(one)]
        const owner = kindsWith(kind).find(({ noun: of }) => of === text(property(one, 'CreationClassName') ?? ''))
        const item = owner && net.keptItems(owner.noun).find((each) => each.name === name && each.store === store)
        if (owner !== undefined && item !== undefined) {
          const made = put(call, owner, { ...item, props: { ...item.props, ...fieldsGiven(call, bound, owner) } })
          if (made !== undefined && bound.flag('PassThru')) yield* call.emit(filterObject(kind, ofItem(owner, made)))
          continue
        }
        const [old] = net.firewallRules([name]).filter((rule) => rule.store === store)
        const done = net.changeFirewallRule(name, store, fields(old))
        if (!done.ok) call.error(refusal(done, `${name}:String`))
        else if (bound.flag('PassThru'))
          for (const now of net.firewallRules([name])) if (now.store === store) yield* call.emit(filterObject(kind, ofRule(now)))
      }
    },
  )

export const firewallFilterCmdlets: readonly Cmdlet[] = [...shapes.map(getter), ...shapes.map(setter)]
