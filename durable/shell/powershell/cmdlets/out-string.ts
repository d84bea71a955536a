import { type Cmdlet, cmdlet, type Work } from '../cmdlet.ts'
import { formatted } from '../format/render.ts'
import type { PsValue } from '../values/value.ts'

const gather = (
  spec: Omit<Cmdlet, 'start'>,
  finish: (call: Parameters<Cmdlet['start']>[0], held: PsValue[]) => Work,
): Cmdlet => ({
  ...spec,
  start(call) {
    const held: PsValue[] = []
    return {
      process(_, input) {
        if (input !== undefined) held.push(input)
        else if (call.bound.has('InputObject')) held.push(call.bound.get('InputObject') ?? null)
      },
      end: () => finish(call, held),
    }
  },
})

export const outString = gather(
  {
    name: 'Out-String',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Outputs input objects as a string.',
    supports: ['InputObject', 'Stream'],
    signature: 'InputObject:PSObject<v Stream? Width:Int32',
  },
  function* (call, held) {
    const out = formatted(held)
    if (!call.bound.flag('Stream')) yield* call.emit(out)
    else for (const line of out.replace(/\n$/, '').split('\n')) yield* call.emit(line)
  },
)

const show = (name: string, synopsis: string): Cmdlet =>
  gather(
    {
      name,
      module: 'Microsoft.PowerShell.Core',
      synopsis,
      supports: ['InputObject'],
      signature: 'InputObject:PSObject<v Paging? Transcript?',
    },
    (call, held) => call.host(formatted(held)),
  )

export const outHost = show('Out-Host', 'Sends output to the command line.')
export const outDefault = show('Out-Default', 'Sends the output to the default formatter and to the default output cmdlet.')

export const outNull = cmdlet(
  {
    name: 'Out-Null',
    module: 'Microsoft.PowerShell.Core',
    synopsis: 'Hides the output instead of displaying it.',
    supports: ['InputObject'],
    signature: 'InputObject:PSObject<v',
  },
  () => {},
)
