// Variables by cmdlet: what `$x = 1` does, with more to say.
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { assign, type Scope } from '../eval/session.ts'
import { object, type PsValue } from '../values/value.ts'

const UTILITY = 'Microsoft.PowerShell.Utility'

/** The scope that the line names, or the one it runs in: `Global`, `Script`, `Local`, or how many scopes up. */
function scopeOf(call: Call, bound: Bound): Scope {
  const { frame } = call
  const named = bound.text('Scope')?.toLowerCase() ?? 'local'
  if (named === 'global') return frame.session.globals
  if (named === 'script') return frame.script ?? frame.session.globals
  let at = frame.scope
  for (let up = /^\d+$/.test(named) ? Number(named) : 0; up > 0; up--) {
    if (at.parent === undefined)
      return call.fail({
        message: `The scope number '${named}' exceeds the number of active scopes.`,
        category: 'InvalidArgument',
        target: `${named}:Int32`,
        exception: 'PSArgumentOutOfRangeException',
        id: 'ScopeIDExceedsAvailableScopes',
      })
    at = at.parent
  }
  if (!/^(local|private|\d+)$/.test(named))
    return call.fail({
      message: `Cannot process argument transformation on parameter 'Scope'. "${named}" is no scope: use Global, Local, Script, or a number.`,
      category: 'InvalidArgument',
      exception: 'PSArgumentException',
      id: 'Argument',
    })
  return at
}

const shown = ({ name, value }: { readonly name: string; readonly value: PsValue }) =>
  object('System.Management.Automation.PSVariable', { Name: name, Value: value }, name)

type Held = { readonly scope: Scope; readonly name: string; readonly value: PsValue }

/** Variables that match, the nearest of each name; a plain name that is not there is an error. */
function found(call: Call, bound: Bound, names: readonly string[]): Held[] {
  const held = new Map<string, Held>()
  const only = bound.has('Scope')
  for (let scope: Scope | undefined = scopeOf(call, bound); scope !== undefined; scope = only ? undefined : scope.parent)
    for (const [key, { name, value }] of scope.vars) if (!held.has(key)) held.set(key, { scope, name, value })
  const all = [...held].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
  return names.flatMap((name) => {
    const matches = wildcard(name)
    const some = all.filter((one) => matches(one.name))
    if (some.length === 0 && !hasWildcard(name))
      call.error({
        message: `Cannot find a variable with the name '${name}'.`,
        category: 'ObjectNotFound',
        target: `${name}:String`,
        exception: 'ItemNotFoundException',
        id: 'VariableNotFound',
      })
    return some
  })
}

export const getVariable = cmdlet(
  {
    name: 'Get-Variable',
    module: UTILITY,
    synopsis: 'Gets the variables in the current console.',
    supports: ['Name', 'ValueOnly', 'Scope'],
    signature: 'Name[]@0<vn ValueOnly? Include[] Exclude[] Scope',
  },
  function* (call, bound) {
    for (const one of found(call, bound, bound.has('Name') ? bound.texts('Name') : ['*']))
      yield* call.emit(bound.flag('ValueOnly') ? one.value : shown(one))
  },
)

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
    for (const name of bound.texts('Name')) {
      const value = bound.get('Value') ?? null
      assign(scopeOf(call, bound), name, value)
      if (bound.flag('PassThru')) yield* call.emit(shown({ name, value }))
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
    if (bound.flag('PassThru')) yield* call.emit(shown({ name, value: bound.get('Value') ?? null }))
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
    for (const { scope, name } of found(call, bound, bound.texts('Name'))) scope.vars.delete(name.toLowerCase())
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
    for (const { scope, name } of found(call, bound, bound.texts('Name'))) assign(scope, name, null)
  },
)
