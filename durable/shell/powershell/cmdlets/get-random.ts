import type { Cmdlet } from '../cmdlet.ts'
import { cmdlet } from '../cmdlet.ts'
import { randomFraction, randomGuid, reseed } from '../eval/random.ts'
import { object, type PsValue, unroll } from '../values/value.ts'

/** The lab's own chance: the same lab and the same lines give the same numbers. */
export const getRandom: Cmdlet = {
  name: 'Get-Random',
  module: 'Microsoft.PowerShell.Utility',
  synopsis: 'Gets a random number, or selects objects randomly from a collection.',
  supports: ['Maximum', 'Minimum', 'SetSeed', 'InputObject', 'Count'],
  signature: '{Number,List} Maximum:Object@0#0 Minimum:Object#0 SetSeed:Int32 InputObject!:Object[]@0<v#1 Count:Int32#1',
  defaultSet: 'Number',
  start(call) {
    const { session } = call.frame
    const seed = call.bound.number('SetSeed')
    if (seed !== undefined) reseed(session, seed)
    const held: PsValue[] = []
    return {
      process(each, input) {
        if (input !== undefined) held.push(input)
        else if (each.has('InputObject')) held.push(...unroll(each.get('InputObject') ?? null))
      },
      *end() {
        const { bound } = call
        if (held.length > 0 || bound.has('InputObject')) {
          const left = [...held]
          for (let i = 0; i < (bound.number('Count') ?? 1) && left.length > 0; i++)
            yield* call.emit(left.splice(Math.floor(randomFraction(session) * left.length), 1)[0] as PsValue)
          return
        }
        const [low, high] = [bound.number('Minimum') ?? 0, bound.number('Maximum') ?? 2_147_483_647]
        if (low >= high)
          return call.fail({
            message: `The Minimum value (${low}) cannot be greater than or equal to the Maximum value (${high}).`,
            category: 'InvalidArgument',
            exception: 'ArgumentException',
            id: 'MinGreaterThanOrEqualMax',
          })
        const drawn = low + randomFraction(session) * (high - low)
        yield* call.emit(Number.isInteger(low) && Number.isInteger(high) ? Math.floor(drawn) : drawn)
      },
    }
  },
}

export const newGuid = cmdlet(
  { name: 'New-Guid', module: 'Microsoft.PowerShell.Utility', synopsis: 'Creates a GUID.', supports: [], signature: '' },
  (call) => {
    const guid = randomGuid(call.frame.session)
    return call.emit(object('System.Guid', { Guid: guid }, guid))
  },
)
