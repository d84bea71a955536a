import { matchesWildcard } from '../../machine/wildcard.ts'
import { fillPlaceholders } from '../placeholders.ts'
import { machineOf, tried, type Verb } from './context.ts'

/** A terminal that people do not have. */
const TERMINAL = '8'

/** What a message shows of an answer. */
const SHOWN = 160

/** A line typed at a fresh terminal of a copy; one line of its answer fits. */
export const prints: Verb<'prints'> = ({ machine, line, shows, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const copy = context.copy()
  const kernel = (name: string) => copy.kernel(name)
  const [typed, wanted] = [fillPlaceholders(line, kernel), fillPlaceholders(shows, kernel)]
  const command = -1
  copy.operate({ do: 'mode', mode: 'instant' }, command)
  const { output, status, packets } = copy.exec(`${machine}:${TERMINAL}`, typed, command)
  if (status !== 'done') return { couldNotRun: `"${typed}" does not end on ${machine}.` }
  const lines = output.split('\n')
  const fitting = lines.find((one) => matchesWildcard(`*${wanted}*`, one))
  const answer =
    fitting ??
    (lines
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .at(-1) ||
      'nothing')
  return {
    passed: (fitting !== undefined) === expect,
    message: `"${typed}" on ${machine} prints ${fitting === undefined ? `no line with "${wanted}", but at the end` : 'the line'}: ${answer.trim().slice(0, SHOWN)}`,
    ...tried(copy, packets),
  }
}
