import { cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { CUSTOM, isHash, object, type PsValue } from '../values/value.ts'
import { credential, plainOf, secureString } from './get-credential.ts'

export const newObject = cmdlet(
  {
    name: 'New-Object',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Creates an instance of an object.',
    supports: ['TypeName', 'Property', 'ArgumentList'],
    signature: '{Net,Com} TypeName!@0#0 ArgumentList:Object[]@1(Args)#0 ComObject!@0#1 Strict?#1 Property:Object',
    defaultSet: 'Net',
  },
  function* (call, bound) {
    const type = bound.text('TypeName') ?? ''
    if (/^(System\.Management\.Automation\.)?PSCredential$/i.test(type)) {
      const [user, password] = bound.list('ArgumentList')
      if (user === undefined || password === undefined || plainOf(password) === undefined)
        return call.fail({
          message: `Cannot find an overload for "PSCredential" and the argument count: "${bound.list('ArgumentList').length}".`,
          category: 'InvalidOperation',
          exception: 'MethodException',
          id: 'ConstructorInvokedThrowException',
        })
      return yield* call.emit(credential(text(user), secureString(plainOf(password) ?? '')))
    }
    if (!/^(System\.Management\.Automation\.)?PS(Custom)?Object$|^(System\.)?Object$/i.test(type))
      throw new NotSimulated(`New-Object ${type}: this type is real or may be, but it is not simulated here; PSObject is.`)
    const given = bound.get('Property') ?? null
    const props: Record<string, PsValue> = isHash(given) ? Object.fromEntries(given.entries) : {}
    yield* call.emit(object(CUSTOM, props))
  },
)
