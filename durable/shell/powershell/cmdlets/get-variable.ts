import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { object } from '../values/value.ts'

export const getVariable = cmdlet(
  {
    name: 'Get-Variable',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Gets the variables in the current console.',
    supports: ['Name', 'ValueOnly'],
    signature: 'Name[]@0<vn ValueOnly? Include[] Exclude[] Scope',
  },
  function* (call, bound) {
    const all = [...call.frame.session.globals.vars.values()].sort((a, b) =>
      a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1,
    )
    for (const name of bound.has('Name') ? bound.texts('Name') : ['*']) {
      const found = all.filter((one) => wildcard(name)(one.name))
      if (found.length === 0 && !hasWildcard(name))
        call.error({
          message: `Cannot find a variable with the name '${name}'.`,
          category: 'ObjectNotFound',
          target: `${name}:String`,
          exception: 'ItemNotFoundException',
          id: 'VariableNotFound',
        })
      for (const one of found)
        yield* call.emit(
          bound.flag('ValueOnly')
            ? one.value
            : object('System.Management.Automation.PSVariable', { Name: one.name, Value: one.value }),
        )
    }
  },
)
