// Names with passwords, for those who ask for them.
import type { Gen } from '../../windows/program.ts'
import { type Call, cmdlet } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { isObject, object, type PsObject, type PsValue, property } from '../values/value.ts'

const SECURE = 'System.Security.SecureString'
const CREDENTIAL = 'System.Management.Automation.PSCredential'

/** What it holds is no property, so that no view shows it. */
export const secureString = (plain: string): PsObject => object([SECURE, `sealed ${plain}`], { Length: plain.length }, SECURE)

export const plainOf = (value: PsValue): string | undefined =>
  isObject(value) && value.types[0] === SECURE ? (value.types[1] ?? '').replace(/^sealed /, '') : undefined

export const credential = (user: string, password: PsObject): PsObject =>
  object(CREDENTIAL, { UserName: user, Password: password }, CREDENTIAL)

export const isCredential = (value: PsValue): value is PsObject => isObject(value) && value.types[0] === CREDENTIAL

export const userOf = (value: PsObject): string => text(property(value, 'UserName') ?? '')
export const passwordOf = (value: PsObject): string => plainOf(property(value, 'Password') ?? null) ?? ''

/** As the console asks when there is no window to ask in; undefined: nobody answers. */
export function* askCredential(call: Call, user?: string): Gen<PsObject | undefined> {
  call.host('\nWindows PowerShell credential request\nEnter your credentials.\n')
  let name = user
  if (name === undefined) {
    call.host('User: ')
    name = yield* call.readLine()
  }
  if (name === undefined) return undefined
  call.host(`Password for user ${name}: `)
  const password = yield* call.readLine()
  return password === undefined ? undefined : credential(name, secureString(password))
}

export const getCredential = cmdlet(
  {
    name: 'Get-Credential',
    module: 'Microsoft.PowerShell.Security',
    synopsis: 'Gets a credential object based on a user name and password.',
    supports: ['Credential', 'UserName', 'Message'],
    defaultSet: 'CredentialSet',
    signature: '{CredentialSet,MessageSet} Credential!:Object@0#0 Message!#1 UserName@0#1',
  },
  function* (call, bound) {
    const given = bound.get('Credential') ?? null
    if (isCredential(given)) return yield* call.emit(given)
    if (bound.has('Message')) call.host(`${bound.text('Message')}\n`)
    const asked = yield* askCredential(call, bound.text('UserName') ?? (given === null ? undefined : text(given)))
    if (asked) yield* call.emit(asked)
  },
)

export const convertToSecureString = cmdlet(
  {
    name: 'ConvertTo-SecureString',
    module: 'Microsoft.PowerShell.Security',
    synopsis: 'Converts plain text or encrypted strings to secure strings.',
    supports: ['String', 'AsPlainText', 'Force'],
    defaultSet: 'Secure',
    signature: '{Secure,PlainText,Open} String!@0<v SecureKey:SecureString@1#0 Key:Byte[]#2 AsPlainText?@1#1 Force?@2#1',
  },
  function* (call, bound) {
    if (!bound.flag('AsPlainText'))
      return call.fail({
        message: 'Input string was not in a correct format.',
        category: 'InvalidArgument',
        exception: 'PSArgumentException',
        id: 'ImportSecureString_InvalidArgument',
      })
    if (!bound.flag('Force'))
      return call.fail({
        message:
          'The system cannot protect plain text input. To suppress this warning and convert the plain text to a SecureString, reissue the command specifying the Force parameter. For more information ,type: get-help ConvertTo-SecureString.',
        category: 'InvalidArgument',
        exception: 'ArgumentException',
        id: 'ImportSecureString_ForceRequired',
      })
    yield* call.emit(secureString(bound.text('String') ?? ''))
  },
)
