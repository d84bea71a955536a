import { cmdlet } from '../cmdlet.ts'

export const writeError = cmdlet(
  {
    name: 'Write-Error',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes an object to the error stream.',
    supports: ['Message', 'Category', 'ErrorId', 'TargetObject'],
    signature:
      'Message!@0<v(Msg) Category ErrorId TargetObject:Object RecommendedAction CategoryActivity(Activity) CategoryReason(Reason) CategoryTargetName(TargetName) CategoryTargetType(TargetType)',
  },
  (call, bound) =>
    call.error({
      message: bound.text('Message') ?? '',
      category: bound.text('Category') ?? 'NotSpecified',
      target: bound.has('TargetObject') ? `${bound.text('TargetObject')}:String` : '',
      exception: 'WriteErrorException',
      id: bound.text('ErrorId') ?? 'Microsoft.PowerShell.Commands.WriteErrorException',
    }),
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

/** Shown only when asked for, which `$VerbosePreference` cannot do here. */
export const writeVerbose = cmdlet(
  {
    name: 'Write-Verbose',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Writes text to the verbose message stream.',
    supports: ['Message'],
    signature: 'Message!@0<v(Msg)',
  },
  () => {},
)
