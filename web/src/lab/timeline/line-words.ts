import type { HistoryLine } from '../../../../durable/protocol.ts'

/** The lab before anything was put into it: what line 0 means. */
export const beginning: HistoryLine = {
  id: 0,
  branch: 0,
  kind: 'beginning',
  console: '',
  line: '',
  by: '',
  at: 0,
  endedAt: 0,
  wall: 0,
  exitStatus: null,
  current: true,
  snapshot: null,
}

const capital = (text: string) => text.replace(/^./, (one) => one.toUpperCase())

/** `desk given by somebody`: whose line it is has the terminal from then on. */
const owners: Record<string, string> = {
  taken: 'Took the terminal',
  given: 'Was given the terminal',
  'passed-on': 'Got the terminal, which its owner left',
  'taken-over': 'Took over the terminal',
}

const kinds: Record<string, (line: string) => string> = {
  beginning: () => 'The lab began',
  reset: () => 'Reset the lab',
  hand: (line) => `By hand: ${line}`,
  snapshot: (line) => `Snapshot ${line}`,
  answer: (line) => `Answered ${line.replace(' ', ': ')}`,
  hint: (line) => `Read hint ${line.split(' ')[1] ?? ''} of ${line.split(' ')[0] ?? ''}`,
  owner: (line) => {
    const [console = '', how = ''] = line.split(' ')
    return `${owners[how] ?? 'Has the terminal'} ${console}`
  },
}

/** What somebody did, where it was no command: `By hand: unplug pc-cable`, `Rewind to line 3`. */
export function deedOf({ kind, line, console }: HistoryLine): string {
  if (kind === 'interrupt') return `Ctrl-C on ${console}`
  return kinds[kind]?.(line) ?? capital(line === '' ? kind : line)
}

/** What was typed, with keys that have no letter as a terminal writes them: `^Z`. */
export const typedText = (line: string): string =>
  line.replace(/[\x00-\x1f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) + 64)}`)

/** For titles and questions: the command itself, or the deed. */
export const nameOfLine = (line: HistoryLine) =>
  line.kind === 'exec' ? typedText(line.line) : deedOf(line).replace(/^./, (one) => one.toLowerCase())

export function statusWords({ kind, endedAt, exitStatus }: HistoryLine): string {
  if (kind !== 'exec') return ''
  if (endedAt === null) return 'still running'
  return exitStatus === null || exitStatus === 0 ? 'done' : `exit ${exitStatus}`
}
