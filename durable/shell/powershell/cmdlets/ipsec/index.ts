// IPsec policy: rules and what they refer to are kept, listed and checked. Nobody negotiates here, so there are no security
// associations, and no frame is authenticated or encrypted; each cmdlet that could make one think so says it.
import type { KeptItem } from '../../../../engine/machine/windows/kept-calls.ts'
import { addressTest, portSpan } from '../../../../engine/service/firewall/rule.ts'
import { parseAddress } from '../../../../engine/wire/addresses.ts'
import { isIp6 } from '../../../ipv6.ts'
import type { Bound, Call, Cmdlet } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'
import type { PsValue } from '../../values/value.ts'
import { chooseFrom, cim, refusal, systemError } from '../cim.ts'
import { protocolOf } from '../firewall/rule-object.ts'
import { chosenItems, type Kind, keptObject, put, targetOf } from '../kept/kind.ts'
import { acting, copyKept, enableKept, getKept, newKept, removeKept, renameKept, setKept } from '../kept/verbs.ts'
import { netOf } from '../windows-net.ts'
import {
  DEFAULT_SETS,
  dospSetting,
  ipsecRule,
  mainModeCryptoSet,
  mainModeRule,
  phase1AuthSet,
  phase2AuthSet,
  quickModeCryptoSet,
} from './kinds.ts'

const NetSecurity = { module: 'NetSecurity' } as const
const rules: readonly Kind[] = [ipsecRule, mainModeRule]
const sets: readonly Kind[] = [phase1AuthSet, phase2AuthSet, mainModeCryptoSet, quickModeCryptoSet]

/** Without `-Default` a set has a name of its own. */
const setName =
  (kind: Kind) =>
  (_: Call, bound: Bound): string =>
    bound.flag('Default') ? (DEFAULT_SETS[kind.noun] ?? '') : (bound.text(kind.id) ?? '')

const words = (item: KeptItem, name: string): string[] => {
  const value = item.props[name]
  return Array.isArray(value) ? value.map(String).filter((one) => one !== 'Any') : []
}

/** Whether a rule is about packets between these addresses and ports. */
function concerns(item: KeptItem, bound: Bound): boolean {
  const fits = (list: readonly string[], given: string | undefined): boolean =>
    given === undefined || list.length === 0 || list.some((one) => coversAddress(one, given))
  const port = (list: readonly string[], given: number | undefined): boolean =>
    given === undefined ||
    list.length === 0 ||
    list.some((one) => {
      const span = portSpan(one)
      return span !== undefined && given >= span[0] && given <= span[1]
    })
  const protocol = bound.text('Protocol')
  const own = String(item.props['Protocol'] ?? 'Any')
  return (
    (item.props['Enabled'] ?? 'True') === 'True' &&
    fits(words(item, 'RemoteAddress'), bound.text('RemoteAddress')) &&
    fits(words(item, 'LocalAddress'), bound.text('LocalAddress')) &&
    port(words(item, 'LocalPort'), bound.number('LocalPort')) &&
    port(words(item, 'RemotePort'), bound.number('RemotePort')) &&
    (protocol === undefined || own === 'Any' || protocolOf(own) === protocolOf(protocol))
  )
}

/** Words such as LocalSubnet depend on an interface: they are taken to fit. */
function coversAddress(entry: string, address: string): boolean {
  if (/^[a-z]/i.test(entry) && !entry.includes(':')) return true
  const ip = parseAddress(address)
  return ip !== undefined && addressTest(entry)?.(undefined as never, ip) === true
}

/** A proposal is a value and no policy: it is what it was made of. */
const proposal = (name: string, className: string, names: readonly string[], usual: Readonly<Record<string, PsValue>>): Cmdlet =>
  acting(name, NetSecurity, 'Creates a proposal in memory, for a set of proposals.', function* (call, bound) {
    const given = names.flatMap((one): [string, PsValue][] => {
      const value = bound.get(one)
      return value === undefined ? [] : [[one, value]]
    })
    yield* call.emit(cim(className, { ...usual, ...Object.fromEntries(given) }))
  })

const AUTH =
  'AccountMapping Anonymous Authority AuthorityType Cert ExcludeCAName ExtendedKeyUsage FollowRenewal Health Kerberos Machine Ntlm PreSharedKey Proxy SelectionCriteria Signing SubjectName SubjectNameType Thumbprint User ValidationCriteria'.split(
    ' ',
  )

/** Nobody negotiates: there is no association, and none to take away. */
const association = (verb: 'Get' | 'Remove', noun: string, className: string): Cmdlet =>
  acting(
    `${verb}-${noun}`,
    { ...NetSecurity, className },
    `${verb === 'Get' ? 'Displays' : 'Deletes'} IPsec security associations; nobody negotiates one here.`,
    (call, bound) => {
      for (const name of ['AssociatedNetIPsecMainModeSA', 'AssociatedNetIPsecQuickModeSA', 'InputObject', 'PassThru'])
        bound.has(name)
      chooseFrom(call, bound, className, [], { Name: 'Name' }, 'key')
    },
  )

const module = 'NetSecurity'

/** The addresses of one end of a tunnel, more or fewer. */
const updateRule = acting(
  'Update-NetIPsecRule',
  { module, className: ipsecRule.className },
  'Adds or removes addresses at an endpoint of an IPsec rule.',
  function* (call, bound) {
    const field = bound.text('EndpointType') === 'Endpoint2' ? 'RemoteAddress' : 'LocalAddress'
    const given = [...bound.texts('IPv4Addresses'), ...bound.texts('IPv6Addresses')]
    const wrong = bound.texts('IPv4Addresses').some(isIp6) || !given.every((one) => addressTest(one) !== undefined)
    if (wrong) return call.error(systemError('The parameter is incorrect. ', 87, targetOf(ipsecRule)))
    for (const item of chosenItems(call, bound, ipsecRule, false)) {
      const old = words(item, field).filter((one) => !given.includes(one))
      const next = bound.text('Action') === 'Delete' ? old : [...old, ...given]
      const made = put(call, ipsecRule, { ...item, props: { ...item.props, [field]: next.length === 0 ? ['Any'] : next } })
      if (made !== undefined && bound.flag('PassThru')) yield* call.emit(keptObject(call, ipsecRule, made))
    }
  },
)

const findRule = acting(
  'Find-NetIPsecRule',
  { module },
  'Finds the IPsec rules that are about packets between two addresses.',
  function* (call, bound) {
    const [remote = '', local] = [bound.text('RemoteAddress'), bound.text('LocalAddress')]
    if (parseAddress(remote) === undefined || (local !== undefined && parseAddress(local) === undefined))
      return call.error(refusal({ ok: false, error: 'invalid' }, targetOf(ipsecRule)))
    for (const item of netOf(call).keptItems(ipsecRule.noun))
      if (concerns(item, bound)) yield* call.emit(keptObject(call, ipsecRule, item))
  },
)

/** It asks the servers of DirectAccess about their addresses: a lab has none of them. */
const syncRule = acting(
  'Sync-NetIPsecRule',
  { module, className: ipsecRule.className, classes: ipsecRule.classes ?? {} },
  'Looks for the IPsec rules to adapt to servers of DirectAccess, which are not simulated.',
  (call, bound) => {
    for (const name of ['Servers', 'Domains', 'DnsServers', 'EndpointType', 'AddressType']) bound.has(name)
    if (chosenItems(call, bound, ipsecRule, true).length > 0)
      throw new NotSimulated('Sync-NetIPsecRule: policies of DirectAccess servers are real, but they are not simulated here yet.')
  },
)

export const ipsecCmdlets: readonly Cmdlet[] = [
  ...rules.flatMap((kind) => [newKept(kind), enableKept(kind, true), enableKept(kind, false)]),
  ...sets.map((kind) => newKept(kind, [], setName(kind))),
  ...[...rules, ...sets].flatMap((kind) => [getKept(kind), setKept(kind), removeKept(kind), renameKept(kind), copyKept(kind)]),
  getKept(ipsecRule, 'Show'),
  findRule,
  updateRule,
  syncRule,
  newKept(dospSetting),
  getKept(dospSetting),
  setKept(dospSetting),
  removeKept(dospSetting),
  association('Get', 'NetIPsecMainModeSA', 'MSFT_NetMainModeSA'),
  association('Remove', 'NetIPsecMainModeSA', 'MSFT_NetMainModeSA'),
  association('Get', 'NetIPsecQuickModeSA', 'MSFT_NetQuickModeSA'),
  association('Remove', 'NetIPsecQuickModeSA', 'MSFT_NetQuickModeSA'),
  proposal('New-NetIPsecAuthProposal', 'MSFT_NetAuthProposal', AUTH, {}),
  proposal('New-NetIPsecMainModeCryptoProposal', 'MSFT_NetIKEMMCryptoProposal', ['Encryption', 'Hash', 'KeyExchange'], {
    Encryption: 'AES128',
    Hash: 'SHA1',
    KeyExchange: 'DH2',
  }),
  proposal(
    'New-NetIPsecQuickModeCryptoProposal',
    'MSFT_NetIKEQMCryptoProposal',
    ['AHHash', 'ESPHash', 'Encapsulation', 'Encryption', 'MaxKiloBytes', 'MaxMinutes'],
    { AHHash: 'None', ESPHash: 'SHA1', Encapsulation: 'ESP', Encryption: 'AES128', MaxKiloBytes: 100_000, MaxMinutes: 60 },
  ),
]
