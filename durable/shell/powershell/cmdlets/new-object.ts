import { cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { CUSTOM, isHash, object, type PsValue } from '../values/value.ts'

export const newObject = cmdlet(
  {
    name: 'New-Object',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Creates an instance of an object.',
    supports: ['TypeName', 'Property'],
    signature: '{Net,Com} TypeName!@0#0 ArgumentList:Object[]@1(Args)#0 ComObject!@0#1 Strict?#1 Property:Object',
    defaultSet: 'Net',
  },
  function* (call, bound) {
    const type = bound.text('TypeName') ?? ''
    if (!/^(System\.Management\.Automation\.)?PS(Custom)?Object$|^(System\.)?Object$/i.test(type))
      throw new NotSimulated(`New-Object ${type}: this type is real or may be, but it is not simulated here; PSObject is.`)
    const given = bound.get('Property') ?? null
    const props: Record<string, PsValue> = isHash(given) ? Object.fromEntries(given.entries) : {}
    yield* call.emit(object(CUSTOM, props))
  },
)
