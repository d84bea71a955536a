// Variables by cmdlet: what `$x = 1` does, with more to say.
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { assign, type Scope } from '../eval/session.ts'
import { object, type PsValue } from '../values/value.ts'

const UTILITY = 'Microsoft.PowerShell.Utility'

const scopeOf = (call: Call, bound: Bound): Scope => {
  const named = bound.text('Scope')?.toLowerCase()
  const { frame } = call
  return named === 'global' ? frame.session.globals : named === 'script' ? (frame.script ?? frame.session.globals) : frame.scope
}

const shown = (name: string, value: PsValue) =>
  object('System.Management.Automation.PSVariable', { Name: name, Value: value }, name)

/** Names of variables that match; a plain name that is not there is an error. */
function found(call: Call, bound: Bound): string[] {
  const { vars } = scopeOf(call, bound)
  return bound.texts('Name').flatMap((name) => {
    const names = [...vars.values()].map((one) => one.name).filter(wildcard(name))
    if (names.length === 0 && !hasWildcard(name))
      call.error({
        message: `Cannot find a variable with the name '${name}'.`,
        category: 'ObjectNotFound',
        target: `${name}:String`,
        exception: 'ItemNotFoundException',
        id: 'VariableNotFound',
      })
    return names
  })
}

export const setVariable = cmdlet(
  {
    name: 'Set-Variable',
    module: UTILITY,
    synopsis: 'Sets the value of a variable. Creates the variable if it does not exist.',
    supports: ['Name', 'Value', 'Scope', 'PassThru', 'Force'],
    signature:
      'Name![]@0<n Value:Object@1<vn Include[] Exclude[] Description Option Force? Visibility PassThru? Scope WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    void bound.flag('Force')
    for (const name of bound.texts('Name')) {
      const value = bound.get('Value') ?? null
      assign(scopeOf(call, bound), name, value)
      if (bound.flag('PassThru')) yield* call.emit(shown(name, value))
    }
  },
)

export const newVariable = cmdlet(
  {
    name: 'New-Variable',
    module: UTILITY,
    synopsis: 'Creates a new variable.',
    supports: ['Name', 'Value', 'Scope', 'PassThru', 'Force'],
    signature: 'Name!@0<n Value:Object@1<vn Description Option Visibility Force? PassThru? Scope WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    const name = bound.text('Name') ?? ''
    const scope = scopeOf(call, bound)
    if (scope.vars.has(name.toLowerCase()) && !bound.flag('Force'))
      return call.error({
        message: `A variable with name '${name}' already exists.`,
        category: 'ResourceExists',
        target: `${name}:String`,
        exception: 'SessionStateException',
        id: 'VariableAlreadyExists',
      })
    assign(scope, name, bound.get('Value') ?? null)
    if (bound.flag('PassThru')) yield* call.emit(shown(name, bound.get('Value') ?? null))
  },
)

export const removeVariable = cmdlet(
  {
    name: 'Remove-Variable',
    module: UTILITY,
    synopsis: 'Deletes a variable and its value.',
    supports: ['Name', 'Scope', 'Force'],
    signature: 'Name![]@0<n Include[] Exclude[] Force? Scope WhatIf?(wi) Confirm?(cf)',
  },
  (call, bound) => {
    for (const name of found(call, bound)) scopeOf(call, bound).vars.delete(name.toLowerCase())
  },
)

export const clearVariable = cmdlet(
  {
    name: 'Clear-Variable',
    module: UTILITY,
    synopsis: 'Deletes the value of a variable.',
    supports: ['Name', 'Scope', 'Force'],
    signature: 'Name![]@0<n Include[] Exclude[] Force? PassThru? Scope WhatIf?(wi) Confirm?(cf)',
  },
  (call, bound) => {
    for (const name of found(call, bound)) assign(scopeOf(call, bound), name, null)
  },
)
