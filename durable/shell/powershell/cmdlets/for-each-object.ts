import type { Cmdlet } from '../cmdlet.ts'
import { invoke } from '../eval/invoke.ts'
import { member, ownMember } from '../eval/members.ts'
import { isScript, type PsScript, unroll } from '../values/value.ts'

export const forEachObject: Cmdlet = {
  name: 'ForEach-Object',
  module: 'Microsoft.PowerShell.Core',
  synopsis: 'Performs an operation against each item in a collection of input objects.',
  supports: 'all',
  signature:
    '{Script,Member} InputObject:PSObject<v Process!:ScriptBlock[]@0*#0 Begin:ScriptBlock#0 End:ScriptBlock#0 MemberName!@0#1 ArgumentList:Object[]@1*(Args)#1',
  defaultSet: 'Script',
  start(call) {
    const { bound } = call
    const scripts = bound.list('Process').filter(isScript)
    const name = bound.text('MemberName')
    // Two blocks are begin and process, three also end.
    const begin = bound.script('Begin') ?? (scripts.length > 1 ? scripts[0] : undefined)
    const finish = bound.script('End') ?? (scripts.length > 2 ? scripts[scripts.length - 1] : undefined)
    const body: readonly PsScript[] = scripts.length > 1 ? scripts.slice(1, scripts.length > 2 ? -1 : undefined) : scripts
    let begun = false
    function* start() {
      if (begun) return
      begun = true
      if (begin !== undefined) yield* call.invoke(begin, null)
    }
    return {
      *process(_, input) {
        yield* start()
        if (input === undefined) return
        if (name !== undefined) {
          const method = ownMember(input, name) === undefined && /^[A-Za-z]/.test(name) && typeof input === 'string'
          const value =
            method || bound.has('ArgumentList') ? invoke(input, name, [...bound.list('ArgumentList')]) : member(input, name)
          for (const one of unroll(value)) if (one !== null) yield* call.emit(one)
          return
        }
        for (const script of body) yield* call.invoke(script, input)
      },
      *end() {
        yield* start()
        if (finish !== undefined) yield* call.invoke(finish, null)
      },
    }
  },
}
