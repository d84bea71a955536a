import { ENGINE_VERSION } from './engine/lab/index.ts'
import type { ConsoleOutput, LabApi } from './engine/lab/lab-api.ts'
import { currentBranch } from './store/branches.ts'
import type { Db } from './store/database.ts'
import type { Seen } from './store/frame-block.ts'
import { insertLine, type Line, NO_ANSWER, nextLine, openLines, updateLine } from './store/journal.ts'
import { terminalText } from './store/scrollback.ts'

/** Terminal text in the order in which everybody sees it; `by` is who typed it. */
export type Text = { readonly console: string; readonly text: string; readonly by: string | null }
/** `line`: the turn's own, as it stands after it. `ended`: lines of earlier turns. */
export type Happened = { readonly line: Line; readonly texts: readonly Text[]; readonly ended: readonly Line[] }

/** An answer names at most so many. */
export const MOST_PACKETS = 1_000

type Around = { readonly db: Db; readonly lab: LabApi; readonly seen: readonly Seen[]; readonly texts: Text[] }

/** What came of an input. `told`: what consoles printed, and everybody was told, before it. */
export function spread(db: Db, lab: LabApi, line: Line, seen: readonly Seen[], told: readonly ConsoleOutput[] = []): Happened {
  const texts: Text[] = []
  say(texts, line.console, terminalText(line), line.kind === 'exec' ? line.byPerson : null)
  const open = giveOut({ db, lab, seen, texts }, told, lab.takeOutput())
  const ended = [...open.values()].filter(({ id, status }) => status === 'done' && id !== line.id)
  return { line: open.get(line.id) ?? line, texts, ended }
}

/** What came to pass by itself, in live time: `told` are told already, `fresh` not yet. */
export function passed(
  db: Db,
  lab: LabApi,
  seen: readonly Seen[],
  told: readonly ConsoleOutput[],
  fresh: readonly ConsoleOutput[],
): Omit<Happened, 'line'> {
  const texts: Text[] = []
  const open = giveOut({ db, lab, seen, texts }, told, fresh)
  return { texts, ended: [...open.values()].filter(({ status }) => status === 'done') }
}

const say = (texts: Text[], console: string, text: string, by: string | null = null) => {
  if (text !== '') texts.push({ console, text, by })
}

/**
 * Gives what consoles printed beyond the answer of their line to the journal lines that it belongs to: a parked program
 * goes on, a queued line begins, something ends. Answers those lines as they stand now.
 */
function giveOut({ db, lab, seen, texts }: Around, told: readonly ConsoleOutput[], fresh: readonly ConsoleOutput[]) {
  const open = new Map(openLines(db).map((one) => [one.id, one]))
  const before = new Map(open)
  const begin = (id: number, one: Line): Line => {
    if (one.status !== 'queued') return one
    const begun: Line = { ...one, status: 'running', started: lab.now }
    say(texts, one.console, terminalText(begun), one.byPerson)
    open.set(id, begun)
    return begun
  }
  const take = (output: ConsoleOutput) => {
    const known = open.get(output.command)
    if (!known) notice(db, lab, output)
    else {
      const one = begin(output.command, known)
      open.set(one.id, after(one, output, lab))
    }
  }
  for (const output of told) take(output)
  for (const output of fresh) {
    take(output)
    say(texts, output.console, output.text)
  }
  for (const [id, one] of open) {
    const current = lab.console(one.console)?.command === id ? begin(id, one) : one
    const caused = withPackets(current, seen)
    open.set(id, caused)
    if (caused !== before.get(id)) updateLine(db, caused)
  }
  return open
}

/** A line after it printed more, or ended. */
export function after(line: Line, { text, ended }: ConsoleOutput, lab: LabApi): Line {
  const answer = { ...line.answer, endedAt: lab.now }
  const output = line.output + text
  if (!ended) return { ...line, output, answer }
  const prompt = lab.console(line.console)?.prompt ?? ''
  return { ...line, output, status: 'done', ended: lab.now, exitStatus: ended.exitStatus, answer: { ...answer, prompt } }
}

/** Packets whose chain of causes begins at a line, the first ones; `known` were seen before. */
export function causedBy(line: number, seen: readonly Seen[], known: readonly number[] = []): number[] {
  const packets = new Set(known)
  for (const { origin, packet } of seen) if (origin === line && packets.size < MOST_PACKETS) packets.add(packet)
  return [...packets]
}

function withPackets(line: Line, seen: readonly Seen[]): Line {
  const packets = causedBy(line.id, seen, line.answer.packets)
  return packets.length === line.answer.packets.length ? line : { ...line, answer: { ...line.answer, packets } }
}

/** What a machine says by itself, for instance that it restarts. */
function notice(db: Db, lab: LabApi, { console, text }: ConsoleOutput): void {
  if (text === '') return
  const now = { wall: Date.now(), at: lab.now, started: lab.now, ended: lab.now }
  const ran = { branch: currentBranch(db), engine: ENGINE_VERSION, operation: null, digest: '' }
  const silent = {
    kind: 'notice',
    prompt: '',
    line: '',
    exitStatus: 0,
    status: 'done',
    clientId: null,
    byPerson: '',
    byName: '',
  } as const
  insertLine(db, { ...silent, ...now, ...ran, id: nextLine(db), console, output: text, answer: NO_ANSWER })
}
