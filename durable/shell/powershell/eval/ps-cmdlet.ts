// `$PSCmdlet` inside of an advanced function: what it can be told to do.
import type { Gen } from '../../windows/program.ts'
import type { Impact } from '../cmdlet.ts'
import { NotSimulated, PsError } from '../errors.ts'
import { isErrorObject, recordOf } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { isObject, type PsObject, type PsValue, property } from '../values/value.ts'
import { boundOf } from './bound.ts'
import { choose, confirmations } from './prompt.ts'
import type { Frame } from './session.ts'
import { askingOf, type Decided, decide } from './should.ts'
import { report, tell } from './streams.ts'
import { preference } from './variables.ts'

export const isPsCmdlet = (value: PsValue): value is PsObject =>
  isObject(value) && value.types[0] === 'System.Management.Automation.PSScriptCmdlet'

/** What was answered to all, by the call it was answered in. */
const answers = new WeakMap<PsObject, Decided>()

export function* psCmdlet(it: PsObject, name: string, args: readonly PsValue[], frame: Frame): Gen<PsValue> {
  const say = (at: number): string => text(args[at] ?? '')
  const verbose = /^(Continue|Inquire)$/i.test(preference(frame, 'VerbosePreference'))
  const tellVerbose = (message: string): void => tell(frame.session, frame.streams, 4, message)
  switch (name.toLowerCase()) {
    case 'shouldprocess': {
      const called = text(property(frame.scope.vars.get('myinvocation')?.value ?? null, 'InvocationName') ?? '')
      const says =
        args.length > 2 ? say(0) : `Performing the operation "${args.length > 1 ? say(1) : called}" on target "${say(0)}".`
      const decided = answers.get(it) ?? { all: false, none: false }
      answers.set(it, decided)
      const impact = text(property(it, 'ConfirmImpact') ?? 'Medium') as Impact
      return yield* decide({ says }, impact, askingOf(boundOf(new Map(), ''), frame, verbose), decided, frame, tellVerbose)
    }
    case 'shouldcontinue': {
      const answer = yield* choose(
        frame.session,
        `\n${say(1)}\n${say(0)}`,
        confirmations.filter(({ key }) => !/^[AL]$/.test(key)),
        0,
      )
      return answer === 0
    }
    case 'writeverbose':
      if (verbose) tellVerbose(say(0))
      return null
    case 'writewarning':
      tell(frame.session, frame.streams, 3, say(0))
      return null
    case 'writeerror':
    case 'throwterminatingerror': {
      const given = args[0] ?? null
      if (!isErrorObject(given)) throw new NotSimulated(`$PSCmdlet.${name}: only with an error record is it simulated here.`)
      if (name.toLowerCase() === 'throwterminatingerror') throw new PsError({ ...recordOf(given), thrown: true })
      report(frame.session, recordOf(given), frame.streams)
      return null
    }
    default:
      throw new NotSimulated(`$PSCmdlet.${name} is real, but it is not simulated here yet.`)
  }
}
