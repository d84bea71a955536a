// What a command line asks the person at the console: it waits, parked, until a line is typed.
import { type Gen, Interrupted } from '../../windows/program.ts'
import { type Session, write } from './session.ts'

/** The next line that is typed, without its end; undefined when nobody can type one. */
export function* readLine(): Gen<string | undefined> {
  const wake = yield { read: true }
  if (wake.kind === 'interrupt') throw new Interrupted('^C')
  return wake.kind === 'line' ? wake.line.replace(/\r?\n$/, '') : undefined
}

export type Choice = { readonly key: string; readonly label: string; readonly help: string }

const shown = (choices: readonly Choice[], usual: number): string =>
  `${choices.map(({ key, label }) => `[${key}] ${label}`).join('  ')}  [?] Help (default is "${choices[usual]?.key ?? ''}"): `

/** Asks until one of the choices was typed; answers its number. Nobody there: the usual one. */
export function* choose(session: Session, text: string, choices: readonly Choice[], usual: number): Gen<number> {
  write(session, `${text}\n${shown(choices, usual)}`)
  for (;;) {
    const typed = (yield* readLine())?.trim().toLowerCase()
    if (typed === undefined || typed === '') return usual
    const found = choices.findIndex(({ key, label }) => typed === key.toLowerCase() || typed === label.toLowerCase())
    if (found >= 0 && choices[found]?.key !== 'S') return found
    if (found >= 0) write(session, 'Suspending a pipeline is real, but it is not simulated here yet.\n')
    if (typed === '?') write(session, choices.map(({ key, help }) => `${key} - ${help}\n`).join(''))
    write(session, shown(choices, usual))
  }
}

/** What a confirmation offers, in the words of Windows PowerShell 5.1. */
export const confirmations: readonly Choice[] = [
  { key: 'Y', label: 'Yes', help: 'Continue with only the next step of the operation.' },
  { key: 'A', label: 'Yes to All', help: 'Continue with all the steps of the operation.' },
  { key: 'N', label: 'No', help: 'Skip this operation and proceed with the next operation.' },
  { key: 'L', label: 'No to All', help: 'Skip this operation and all subsequent operations.' },
  {
    key: 'S',
    label: 'Suspend',
    help: 'Pause the current pipeline and return to the command prompt. Type "exit" to resume the pipeline.',
  },
]

/** What `-ErrorAction Inquire` and its siblings offer. */
export const inquiries: readonly Choice[] = [
  { key: 'Y', label: 'Yes', help: 'Continue with only the next step of the operation.' },
  { key: 'A', label: 'Yes to All', help: 'Continue with all the steps of the operation.' },
  { key: 'H', label: 'Halt Command', help: 'Stop this command.' },
  {
    key: 'S',
    label: 'Suspend',
    help: 'Pause the current pipeline and return to the command prompt. Type "exit" to resume the pipeline.',
  },
]
