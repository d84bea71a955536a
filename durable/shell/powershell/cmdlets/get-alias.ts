import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { aliases } from '../aliases.ts'
import { type Call, type Cmdlet, cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'

const MOST = 200

/** Aliases that somebody made in this console, by their names in lower case. */
const ownAliases = (call: Call): Readonly<Record<string, string>> =>
  (call.frame.session.memory['aliases'] ?? {}) as Readonly<Record<string, string>>

const shown = (name: string, target: string) =>
  object(
    'System.Management.Automation.AliasInfo',
    {
      CommandType: 'Alias',
      Name: name,
      DisplayName: `${name} -> ${target}`,
      Version: '',
      Source: '',
      Definition: target,
      ResolvedCommandName: target,
    },
    name,
  )

export const getAlias = cmdlet(
  {
    name: 'Get-Alias',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Gets the aliases for the current session.',
    supports: ['Name', 'Definition'],
    signature: 'Name[]@0<vn Exclude[] Scope Definition[]',
  },
  function* (call, bound) {
    const test = (given: readonly string[], value: string) => given.length === 0 || given.some((one) => wildcard(one)(value))
    const all = [...new Map([...aliases, ...Object.entries(ownAliases(call))])].sort(([a], [b]) => (a < b ? -1 : 1))
    let found = 0
    for (const [name, target] of all) {
      if (!test(bound.texts('Name'), name) || !test(bound.texts('Definition'), target)) continue
      found++
      yield* call.emit(shown(name, target))
    }
    for (const name of found === 0 ? bound.texts('Name').filter((one) => !hasWildcard(one)) : [])
      call.error({
        message: `This command cannot find a matching alias because an alias with the name '${name}' does not exist.`,
        category: 'ObjectNotFound',
        target: `${name}:String`,
        exception: 'ItemNotFoundException',
        id: 'ItemNotFoundException',
      })
  },
)

const making = (name: string, synopsis: string, fresh: boolean): Cmdlet =>
  cmdlet(
    {
      name,
      module: 'Microsoft.PowerShell.Utility',
      synopsis,
      supports: ['Name', 'Value', 'PassThru', 'Force'],
      signature: 'Name!@0<n Value!@1<n Description Option PassThru? Scope Force? WhatIf?(wi) Confirm?(cf)',
    },
    function* (call, bound) {
      const alias = bound.text('Name') ?? ''
      const target = bound.text('Value') ?? ''
      const own = ownAliases(call)
      if (fresh && !bound.flag('Force') && (own[alias.toLowerCase()] ?? aliases.get(alias.toLowerCase())) !== undefined)
        return call.error({
          message: `The alias is not allowed, because an alias with the name '${alias}' already exists.`,
          category: 'ResourceExists',
          target: `${alias}:String`,
          exception: 'SessionStateException',
          id: 'AliasAlreadyExists',
        })
      if (Object.keys(own).length >= MOST)
        return call.error({
          message: `A console of this lab holds ${MOST} aliases.`,
          category: 'LimitsExceeded',
          target: `${alias}:String`,
          exception: 'SessionStateOverflowException',
          id: 'AliasOverflow',
        })
      call.frame.session.memory['aliases'] = { ...own, [alias.toLowerCase()]: target }
      if (bound.flag('PassThru')) yield* call.emit(shown(alias, target))
    },
  )

export const setAlias = making(
  'Set-Alias',
  'Creates or changes an alias for a cmdlet or other command in the current session.',
  false,
)
export const newAlias = making('New-Alias', 'Creates a new alias.', true)
