import { cmdlet } from '../cmdlet.ts'
import { isErrorObject, recordOf } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { isObject, shortType } from '../values/value.ts'

const CATEGORIES =
  'NotSpecified|OpenError|CloseError|DeviceError|DeadlockDetected|InvalidArgument|InvalidData|InvalidOperation|InvalidResult|InvalidType|MetadataError|NotImplemented|NotInstalled|ObjectNotFound|OperationStopped|OperationTimeout|SyntaxError|ParserError|PermissionDenied|ResourceBusy|ResourceExists|ResourceUnavailable|ReadError|WriteError|FromStdErr|SecurityError|ProtocolError|ConnectionError|AuthenticationError|LimitsExceeded|QuotaExceeded|NotEnabled'

export const writeError = cmdlet(
  {
    name: 'Write-Error',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes an object to the error stream.',
    supports: [
      'Message',
      'Exception',
      'ErrorRecord',
      'Category',
      'ErrorId',
      'TargetObject',
      'CategoryActivity',
      'CategoryReason',
      'CategoryTargetName',
      'CategoryTargetType',
    ],
    signature: `{NoException,WithException,ErrorRecord} Message!@0<v(Msg)#0 Exception!:Object#1 ErrorRecord!:Object#2 Category:ErrorCategory=${CATEGORIES}#0,1 ErrorId#0,1 TargetObject:Object#0,1 RecommendedAction CategoryActivity(Activity) CategoryReason(Reason) CategoryTargetName(TargetName) CategoryTargetType(TargetType)`,
    defaultSet: 'NoException',
  },
  (call, bound) => {
    const given = bound.get('ErrorRecord') ?? null
    if (isErrorObject(given)) {
      const record = recordOf(given)
      return call.error({ ...record, id: record.id })
    }
    const target = bound.get('TargetObject') ?? null
    const name = bound.text('CategoryTargetName') ?? text(target)
    const type = bound.text('CategoryTargetType') ?? (target === null ? '' : shortType(target))
    const exception = bound.get('Exception') ?? null
    const activity = bound.text('CategoryActivity')
    call.error({
      message: bound.text('Message') ?? text(exception),
      category: bound.text('Category') ?? 'NotSpecified',
      target: name === '' && type === '' ? '' : `${name}:${type}`,
      exception: bound.text('CategoryReason') ?? (isObject(exception) ? shortType(exception) : 'WriteErrorException'),
      // One comma is enough: the id is the person's own and stands as it is.
      id: bound.text('ErrorId') ?? 'Microsoft.PowerShell.Commands.WriteErrorException',
      ...(activity === undefined ? {} : { activity }),
    })
  },
)

export const writeWarning = cmdlet(
  {
    name: 'Write-Warning',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes a warning message.',
    supports: ['Message'],
    signature: 'Message!@0<v(Msg)',
  },
  (call, bound) => call.warn(bound.text('Message') ?? ''),
)

export const writeVerbose = cmdlet(
  {
    name: 'Write-Verbose',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes text to the verbose message stream.',
    supports: ['Message'],
    signature: 'Message!@0<v(Msg)',
  },
  (call, bound) => call.verbose(bound.text('Message') ?? ''),
)

export const writeDebug = cmdlet(
  {
    name: 'Write-Debug',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes a debug message to the console.',
    supports: ['Message'],
    signature: 'Message!@0<v(Msg)',
  },
  (call, bound) => call.debug(bound.text('Message') ?? ''),
)

export const writeInformation = cmdlet(
  {
    name: 'Write-Information',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Specifies how Windows PowerShell handles information stream data for a command.',
    supports: ['MessageData'],
    signature: 'MessageData!:Object@0<v(Msg) Tags[]@1',
  },
  (call, bound) => {
    const preference = bound.text('InformationAction') ?? call.preference('InformationPreference')
    if (/^(Continue|Inquire|Stop)$/i.test(preference)) call.host(`${bound.text('MessageData') ?? ''}\n`)
  },
)

/** The bar is drawn and gone again while a console works: nothing of it stays. */
export const writeProgress = cmdlet(
  {
    name: 'Write-Progress',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Displays a progress bar; in the text of this console nothing of it stays.',
    supports: 'all',
    signature:
      'Activity!@0 Status@1 Id:Int32@2 PercentComplete:Int32 SecondsRemaining:Int32 CurrentOperation ParentId:Int32 Completed? SourceId:Int32',
  },
  () => {},
)

/** Asks for a line of text. */
export const readHost = cmdlet(
  {
    name: 'Read-Host',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Reads a line of input from the console.',
    supports: ['Prompt', 'AsSecureString'],
    signature: 'Prompt:Object@0* AsSecureString?',
  },
  function* (call, bound) {
    if (bound.has('Prompt')) call.host(`${bound.text('Prompt')}: `)
    const secret = bound.flag('AsSecureString')
    const typed = yield* call.readLine()
    if (typed === undefined) return
    yield* call.emit(
      secret
        ? {
            kind: 'object',
            types: ['System.Security.SecureString'],
            props: new Map([['Length', typed.length]]),
            text: 'System.Security.SecureString',
          }
        : typed,
    )
  },
)
