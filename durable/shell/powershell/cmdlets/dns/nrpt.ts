// The name resolution policy table: which servers are asked for names under a namespace (fact sheet 2.6, 4.4).
import type { NrptRule } from '../../../../engine/machine/windows/dns-settings.ts'
import { type Call, type Cmdlet, cmdlet } from '../../cmdlet.ts'
import { text } from '../../values/text.ts'
import { type PsObject, property } from '../../values/value.ts'
import { chooseFrom, cim, systemError } from '../cim.ts'
import { netOf } from '../windows-net.ts'

const RULE = 'MSFT_DNSClientNrptRule'
const POLICY = 'MSFT_DNSClientNrptPolicy'

const ruleObject = (one: NrptRule): PsObject =>
  cim(
    RULE,
    {
      Name: one.name,
      Version: 2,
      Namespace: [...one.namespaces],
      IPsecCARestriction: null,
      DirectAccessDnsServers: null,
      DirectAccessEnabled: false,
      DirectAccessProxyType: null,
      DirectAccessProxyName: null,
      DirectAccessQueryIPsecEncryption: null,
      DirectAccessQueryIPsecRequired: null,
      NameServers: one.servers.length === 1 ? (one.servers[0] as string) : [...one.servers],
      DnsSecEnabled: false,
      DnsSecQueryIPsecEncryption: null,
      DnsSecQueryIPsecRequired: null,
      DnsSecValidationRequired: null,
      NameEncoding: 'Disable',
      DisplayName: one.displayName,
      Comment: one.comment,
    },
    one.name,
  )

const rules = (call: Call): PsObject[] => netOf(call).nrptRules().map(ruleObject)
const target = `${RULE}:root/StandardCimv2/${RULE}`

/** A new name: a GUID of the namespaces and of how many there are. */
function newName(call: Call, namespaces: readonly string[]): string {
  const known = new Set(
    netOf(call)
      .nrptRules()
      .map(({ name }) => name),
  )
  for (let n = known.size; ; n++) {
    let hash = 0x811c9dc5
    for (const char of `${namespaces.join()}${n}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0
    const hex = hash.toString(16).toUpperCase().padStart(8, '0')
    const name = `{${hex}-${hex.slice(0, 4)}-4${hex.slice(1, 4)}-8${hex.slice(4, 7)}-${hex}${hex.slice(0, 4)}}`
    if (!known.has(name)) return name
  }
}

export const nrptCmdlets: readonly Cmdlet[] = [
  cmdlet(
    {
      name: 'Add-DnsClientNrptRule',
      module: 'DnsClient',
      synopsis: 'Adds a rule to the name resolution policy table.',
      supports: ['Namespace', 'NameServers', 'DisplayName', 'Comment', 'PassThru', 'Confirm'],
    },
    function* (call, bound) {
      const namespaces = bound.texts('Namespace')
      const shows = bound.flag('PassThru')
      const rule = {
        name: newName(call, namespaces),
        namespaces,
        servers: bound.texts('NameServers'),
        displayName: bound.text('DisplayName') ?? '',
        comment: bound.text('Comment') ?? '',
      }
      const done = netOf(call).putNrptRule(rule)
      if (!done.ok) call.error(systemError('The parameter is incorrect. ', 87, target))
      else if (shows) yield* call.emit(ruleObject(rule))
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
      supports: ['Name', 'Namespace', 'NameServers', 'DisplayName', 'Comment', 'PassThru', 'Confirm'],
    },
    function* (call, bound) {
      const shows = bound.flag('PassThru')
      const given = {
        ...(bound.has('Namespace') ? { namespaces: bound.texts('Namespace') } : {}),
        ...(bound.has('NameServers') ? { servers: bound.texts('NameServers') } : {}),
        ...(bound.has('DisplayName') ? { displayName: bound.text('DisplayName') ?? '' } : {}),
        ...(bound.has('Comment') ? { comment: bound.text('Comment') ?? '' } : {}),
      }
      for (const one of chooseFrom(call, bound, RULE, rules(call), { Name: 'Name' }, 'key')) {
        const name = text(property(one, 'Name') ?? '')
        const old = netOf(call)
          .nrptRules()
          .find((rule) => rule.name === name)
        if (old === undefined) continue
        const done = netOf(call).putNrptRule({ ...old, ...given })
        if (!done.ok) call.error(systemError('The parameter is incorrect. ', 87, target))
        else if (shows) yield* call.emit(ruleObject({ ...old, ...given }))
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
        if (!done.ok) call.error(systemError('The system cannot find the file specified. ', 2, target))
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
      // Without a policy of a company both are the same: what is entered on this computer.
      bound.flag('Effective')
      const all = netOf(call)
        .nrptRules()
        .flatMap(({ namespaces, servers }) =>
          namespaces.map((namespace) =>
            cim(POLICY, {
              Namespace: namespace,
              QueryPolicy: null,
              SecureNameQueryFallback: null,
              NameServers: servers.length === 1 ? (servers[0] as string) : [...servers],
              NameEncoding: 'Disable',
              DnsSecValidationRequired: false,
            }),
          ),
        )
      for (const one of chooseFrom(call, bound, POLICY, all, { Namespace: 'Namespace' }, 'silent')) yield* call.emit(one)
    },
  ),
]
