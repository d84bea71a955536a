import { done, type Gen } from '../../windows/program.ts'
import type { Call, Cmdlet } from '../cmdlet.ts'
import { member } from '../eval/members.ts'
import { binary } from '../eval/operators.ts'
import { truth } from '../values/convert.ts'
import { collect, type PsScript, type PsValue } from '../values/value.ts'

const operators = 'EQ NE GT LT GE LE Like NotLike Match NotMatch Contains NotContains In NotIn Is IsNot'.split(' ')
const exact = operators.filter((name) => !name.startsWith('Is')).map((name) => `C${name}`)

export const whereObject: Cmdlet = {
  name: 'Where-Object',
  module: 'Microsoft.PowerShell.Core',
  synopsis: 'Selects objects from a collection based on their property values.',
  supports: 'all',
  signature: `{Script,Compare} InputObject:PSObject<v FilterScript!:ScriptBlock@0#0 Property!@0#1 Value:Object@1#1 ${[...operators, ...exact].map((name) => `${name}?#1`).join(' ')}`,
  defaultSet: 'Script',
  start(call) {
    const { bound } = call
    const script = bound.script('FilterScript')
    const operator = [...operators, ...exact].find((name) => bound.flag(name))
    return {
      *process(_, input) {
        if (input === undefined) return
        const passes = script === undefined ? compare(call, operator, input) : yield* holds(call, script, input)
        if (passes) yield* call.emit(input)
      },
    }
  },
}

export function* holds(call: Call, script: PsScript, item: PsValue): Gen<boolean> {
  const out: PsValue[] = []
  yield* call.invoke(script, item, (value) => {
    out.push(value)
    return done()
  })
  return truth(collect(out))
}

/** `? Name -like 'vm*'`; a property alone is a test of its truth. */
function compare(call: Call, operator: string | undefined, item: PsValue): boolean {
  const value = member(item, call.bound.text('Property') ?? '')
  return truth(
    operator === undefined ? value : binary(`-${operator.toLowerCase()}`, value, call.bound.get('Value') ?? null, () => {}),
  )
}
