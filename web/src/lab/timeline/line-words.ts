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

const kinds: Record<string, string> = {
  beginning: 'The lab began',
  interrupt: 'Ctrl-C',
  reset: 'Reset the lab',
  hand: 'By hand:',
  advance: 'Let time pass:',
  step: 'Step:',
  mode: 'Time:',
  clock: 'Time:',
  rewind: 'Rewound',
  undo: 'Undid',
  snapshot: 'Snapshot',
  notice: 'Notice:',
}

/** What somebody did, where it was no command: `By hand: unplug pc-cable`. */
export function deedOf({ kind, line, console }: HistoryLine): string {
  // Lines that name their own deed, such as `rewind to line 3`.
  if (line.startsWith(kind)) return line.replace(/^./, (one) => one.toUpperCase())
  const words = kinds[kind] ?? kind
  const text = kind === 'interrupt' ? `on ${console}` : line
  return text === '' ? words : `${words} ${text}`
}

/** For titles and questions: the command itself, or the deed. */
export const nameOfLine = (line: HistoryLine) =>
  line.kind === 'exec' ? line.line : deedOf(line).replace(/^./, (one) => one.toLowerCase())

export function statusWords({ kind, endedAt, exitStatus }: HistoryLine): string {
  if (kind !== 'exec') return ''
  if (endedAt === null) return 'still running'
  return exitStatus === null || exitStatus === 0 ? 'done' : `exit ${exitStatus}`
}
