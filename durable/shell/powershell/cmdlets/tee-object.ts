import type { Cmdlet } from '../cmdlet.ts'
import { writeVariable } from '../eval/variables.ts'
import { formatted } from '../format/render.ts'
import { collect, type PsValue } from '../values/value.ts'
import { fullPath } from './get-content.ts'

export const teeObject: Cmdlet = {
  name: 'Tee-Object',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Saves command output in a file or variable and also sends it down the pipeline.',
  supports: ['InputObject', 'FilePath', 'LiteralPath', 'Append', 'Variable'],
  signature: '{File,LiteralFile,Variable} InputObject:PSObject<v FilePath!@0#0 LiteralPath!(PSPath)#1 Append?#0 Variable!#2',
  defaultSet: 'File',
  start(call) {
    const { bound } = call
    const held: PsValue[] = []
    return {
      *process(each, input) {
        const item = input ?? each.get('InputObject') ?? null
        held.push(item)
        yield* call.emit(item)
      },
      end() {
        const name = bound.text('Variable')
        if (name !== undefined) {
          writeVariable(call.frame, '', name, collect([...held]))
          return
        }
        const path = fullPath(call, bound.text('FilePath') ?? bound.text('LiteralPath') ?? '')
        const old = bound.flag('Append') ? (call.kernel.readFile(path) ?? '') : ''
        call.kernel.writeFile(path, old + formatted(held).replace(/\r?\n/g, '\r\n'))
      },
    }
  },
}
