import { wildcard } from '../../windows/regex/wildcard.ts'
import { aliases } from '../aliases.ts'
import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'

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
    for (const [name, target] of aliases) {
      if (!test(bound.texts('Name'), name) || !test(bound.texts('Definition'), target)) continue
      yield* call.emit(
        object(
          'System.Management.Automation.AliasInfo',
          { CommandType: 'Alias', Name: name, DisplayName: `${name} -> ${target}`, Version: '', Source: '', Definition: target },
          name,
        ),
      )
    }
  },
)
