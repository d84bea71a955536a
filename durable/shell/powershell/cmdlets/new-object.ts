import { cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { construct } from '../eval/statics.ts'
import { fullType } from '../eval/types.ts'
import { text } from '../values/text.ts'
import { CUSTOM, isHash, isObject, object, type PsValue } from '../values/value.ts'
import { credential, plainOf, secureString } from './get-credential.ts'

export const newObject = cmdlet(
  {
    name: 'New-Object',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Creates an instance of an object.',
    supports: ['TypeName', 'ArgumentList', 'Property'],
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
    const given = bound.get('Property') ?? null
    const props: Record<string, PsValue> = isHash(given) ? Object.fromEntries(given.entries) : {}
    if (/^(System\.Management\.Automation\.)?PS(Custom)?Object$|^(System\.)?Object$/i.test(type))
      return yield* call.emit(object(CUSTOM, props))
    const full = fullType(type)
    if (full === undefined)
      return call.fail({
        message: `Cannot find type [${type}]: verify that the assembly containing this type is loaded.`,
        category: 'InvalidType',
        exception: 'PSArgumentException',
        id: 'TypeNotFound',
      })
    const made = construct(full, bound.list('ArgumentList'))
    if (made === undefined)
      throw new NotSimulated(`New-Object ${full}: this type is real or may be, but it is not simulated here.`)
    if (isObject(made)) for (const [name, value] of Object.entries(props)) made.props.set(name, value)
    yield* call.emit(made)
  },
)
