// The name resolution policy table: which servers are asked for names under a namespace (fact sheet 2.6, 4.4).

import type { NrptRule } from '../../../../engine/machine/windows/dns-settings.ts'
import type { Json } from '../../../../engine/sim/json.ts'
import { type Bound, type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, type PsValue, property } from '../../values/value.ts'
import { chooseFrom, cim, refusal, warnKept } from '../cim.ts'
import { acting } from '../kept/verbs.ts'
import { netOf } from '../windows-net.ts'

const RULE = 'MSFT_DNSClientNrptRule'
const POLICY = 'MSFT_DNSClientNrptPolicy'

/** Parameters about DirectAccess and DNSSEC, the properties that they set, and how those stand by themselves. */
const MORE: readonly (readonly [parameter: string, property: string, usual: PsValue, shape: 'flag' | 'word' | 'list'])[] = [
  ['IPsecTrustAuthority', 'IPsecCARestriction', null, 'word'],
  ['DANameServers', 'DirectAccessDnsServers', null, 'list'],
  ['DAEnable', 'DirectAccessEnabled', false, 'flag'],
  ['DAProxyType', 'DirectAccessProxyType', null, 'word'],
  ['DAProxyServerName', 'DirectAccessProxyName', null, 'word'],
  ['DAIPsecEncryptionType', 'DirectAccessQueryIPsecEncryption', null, 'word'],
  ['DAIPsecRequired', 'DirectAccessQueryIPsecRequired', null, 'flag'],
  ['DnsSecEnable', 'DnsSecEnabled', false, 'flag'],
  ['DnsSecIPsecEncryptionType', 'DnsSecQueryIPsecEncryption', null, 'word'],
  ['DnsSecIPsecRequired', 'DnsSecQueryIPsecRequired', null, 'flag'],
  ['DnsSecValidationRequired', 'DnsSecValidationRequired', null, 'flag'],
  ['NameEncoding', 'NameEncoding', 'Disable', 'word'],
]
const MORE_NAMES = MORE.map(([parameter]) => parameter)

function moreGiven(call: Call, bound: Bound): NonNullable<NrptRule['more']> {
  const given: { [name: string]: Json } = {}
  for (const [name, , , shape] of MORE)
    if (bound.has(name))
      given[name] = shape === 'flag' ? bound.flag(name) : shape === 'list' ? bound.texts(name) : (bound.text(name) ?? '')
  warnKept(call, bound, MORE_NAMES)
  return given
}

const oneOrMany = (list: readonly string[]): PsValue => (list.length === 1 ? (list[0] as string) : [...list])

function ruleObject(one: NrptRule): PsObject {
  const more = Object.fromEntries(
    MORE.map(([name, property, usual]): [string, PsValue] => [property, (one.more?.[name] as PsValue | undefined) ?? usual]),
  )
  const {
    NameEncoding,
    DnsSecEnabled,
    DnsSecQueryIPsecEncryption,
    DnsSecQueryIPsecRequired,
    DnsSecValidationRequired,
    ...access
  } = more
  return cim(
    RULE,
    {
      Name: one.name,
      Version: 2,
      Namespace: [...one.namespaces],
      ...access,
      NameServers: oneOrMany(one.servers),
      DnsSecEnabled: DnsSecEnabled ?? false,
      DnsSecQueryIPsecEncryption: DnsSecQueryIPsecEncryption ?? null,
      DnsSecQueryIPsecRequired: DnsSecQueryIPsecRequired ?? null,
      DnsSecValidationRequired: DnsSecValidationRequired ?? null,
      NameEncoding: NameEncoding ?? 'Disable',
      DisplayName: one.displayName,
      Comment: one.comment,
    },
    one.name,
  )
}

const rules = (call: Call): PsObject[] => netOf(call).nrptRules().map(ruleObject)
const target = `${RULE}:root/StandardCimv2/${RULE}`

const GLOBALS = ['EnableDAForAllNetworks', 'QueryPolicy', 'SecureNameQueryFallback'] as const

const globals = (call: Call): Readonly<Record<string, Json>> => ({
  EnableDAForAllNetworks: 'Disable',
  QueryPolicy: 'Disable',
  SecureNameQueryFallback: 'Disable',
  ...netOf(call)
    .keptItems('DnsClientNrptGlobal')
    .find(({ name }) => name === 'global')?.props,
})

const GLOBAL_SHOW = function* (call: Call) {
  yield* call.emit(cim('MSFT_DNSClientNrptGlobal', globals(call) as Record<string, PsValue>))
}

export const nrptCmdlets: readonly Cmdlet[] = [
  cmdlet(
    {
      name: 'Add-DnsClientNrptRule',
      module: 'DnsClient',
      synopsis: 'Adds a rule to the name resolution policy table.',
      supports: ['Namespace', 'NameServers', 'DisplayName', 'Comment', ...MORE_NAMES, 'PassThru', 'Confirm'],
    },
    function* (call, bound) {
      const namespaces = bound.texts('Namespace')
      const shows = bound.flag('PassThru')
      const rule = {
        name: '',
        namespaces,
        servers: bound.texts('NameServers'),
        displayName: bound.text('DisplayName') ?? '',
        comment: bound.text('Comment') ?? '',
        more: moreGiven(call, bound),
      }
      const done = netOf(call).putNrptRule(rule)
      if (!done.ok) call.error(refusal(done, target))
      else if (shows) yield* call.emit(ruleObject({ ...rule, name: String(done.value) }))
    },
  ),
  cmdlet(
    {
      name: 'Get-DnsClientNrptRule',
      module: 'DnsClient',
      synopsis: 'Retrieves the rules of the name resolution policy table.',
      supports: ['Name'],
    },
    function* (call, bound) {
      for (const one of chooseFrom(call, bound, RULE, rules(call), { Name: 'Name' }, 'key')) yield* call.emit(one)
    },
  ),
  cmdlet(
    {
      name: 'Set-DnsClientNrptRule',
      module: 'DnsClient',
      synopsis: 'Modifies a rule of the name resolution policy table.',
      supports: ['Name', 'Namespace', 'NameServers', 'DisplayName', 'Comment', ...MORE_NAMES, 'PassThru', 'Confirm'],
    },
    function* (call, bound) {
      const shows = bound.flag('PassThru')
      const given = {
        ...(bound.has('Namespace') ? { namespaces: bound.texts('Namespace') } : {}),
        ...(bound.has('NameServers') ? { servers: bound.texts('NameServers') } : {}),
        ...(bound.has('DisplayName') ? { displayName: bound.text('DisplayName') ?? '' } : {}),
        ...(bound.has('Comment') ? { comment: bound.text('Comment') ?? '' } : {}),
      }
      const more = moreGiven(call, bound)
      for (const one of chooseFrom(call, bound, RULE, rules(call), { Name: 'Name' }, 'key')) {
        const name = text(property(one, 'Name') ?? '')
        const old = netOf(call)
          .nrptRules()
          .find((rule) => rule.name === name)
        if (old === undefined) continue
        const made = { ...old, ...given, more: { ...old.more, ...more } }
        const done = netOf(call).putNrptRule(made)
        if (!done.ok) call.error(refusal(done, target))
        else if (shows) yield* call.emit(ruleObject(made))
      }
    },
  ),
  cmdlet(
    {
      name: 'Remove-DnsClientNrptRule',
      module: 'DnsClient',
      synopsis: 'Removes a rule from the name resolution policy table.',
      supports: ['Name', 'Force', 'PassThru', 'Confirm'],
    },
    function* (call, bound) {
      const shows = bound.flag('PassThru')
      for (const one of chooseFrom(call, bound, RULE, rules(call), { Name: 'Name' }, 'key')) {
        const done = netOf(call).removeNrptRule(text(property(one, 'Name') ?? ''))
        if (!done.ok) call.error(refusal(done, target))
        else if (shows) yield* call.emit(one)
      }
    },
  ),
  cmdlet(
    {
      name: 'Get-DnsClientNrptPolicy',
      module: 'DnsClient',
      synopsis: 'Retrieves the name resolution policy table as it holds.',
      supports: ['Namespace', 'Effective'],
    },
    function* (call, bound) {
      const all = netOf(call)
        .nrptRules()
        .flatMap(({ namespaces, servers }) =>
          namespaces.map((namespace) =>
            cim(POLICY, {
              Namespace: namespace,
              QueryPolicy: null,
              SecureNameQueryFallback: null,
              NameServers: oneOrMany(servers),
              NameEncoding: 'Disable',
              DnsSecValidationRequired: false,
            }),
          ),
        )
      for (const one of chooseFrom(call, bound, POLICY, all, { Namespace: 'Namespace' }, 'silent')) yield* call.emit(one)
    },
  ),
  acting(
    'Get-DnsClientNrptGlobal',
    { module: 'DnsClient' },
    'Retrieves the global settings of the name resolution policy table.',
    GLOBAL_SHOW,
    ['GpoName', 'Server'],
  ),
  acting(
    'Set-DnsClientNrptGlobal',
    { module: 'DnsClient' },
    'Modifies the global settings of the name resolution policy table; they are about DirectAccess, kept and shown.',
    function* (call, bound) {
      const given = Object.fromEntries(GLOBALS.filter((name) => bound.has(name)).map((name) => [name, bound.text(name) ?? '']))
      warnKept(call, bound, GLOBALS)
      const props = { ...globals(call), ...given }
      const done = netOf(call).putKept('DnsClientNrptGlobal', { name: 'global', store: 'PersistentStore', props })
      if (!done.ok) call.error(refusal(done, target))
      else if (bound.flag('PassThru')) yield* GLOBAL_SHOW(call)
    },
    ['GpoName', 'Server'],
  ),
]
