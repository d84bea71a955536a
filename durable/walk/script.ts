// The script of a lab: what people type into its terminals and do with its cables, one step a line.

export type Step =
  | { readonly kind: 'type'; readonly line: number; readonly console: string; readonly text: string; readonly goesOn?: boolean }
  | { readonly kind: 'plug' | 'unplug'; readonly line: number; readonly link: string }
  | { readonly kind: 'power-on' | 'power-off'; readonly line: number; readonly machine: string }
  | { readonly kind: 'interrupt'; readonly line: number; readonly console: string }
  /** The last line has printed such a line, or no such line. */
  | { readonly kind: 'shows' | 'hides'; readonly line: number; readonly text: string }
  /** The first group of the expression, as the last line printed it, is `<name>` from now on. */
  | { readonly kind: 'keep'; readonly line: number; readonly name: string; readonly pattern: string }
  /** An answer to a task. */
  | { readonly kind: 'answer'; readonly line: number; readonly check: string; readonly text: string }
  /** Lab time goes on by so many microseconds. */
  | { readonly kind: 'wait'; readonly line: number; readonly micros: number }
  | { readonly kind: 'say'; readonly line: number; readonly text: string }

export type ScriptFault = { readonly line: number; readonly reason: string }

const TYPED = /^([a-z][a-z0-9-]*(?::[1-9])?)([>&]) (.*)$/
const EXPECTED = /^([=!]) (.+)$/
const KEPT = /^< ([a-z][a-z0-9-]*) = (.+)$/
const ANSWERED = /^\? ([a-z][a-z0-9-]*) (.+)$/
const WAIT = /^@\s+wait\s+(\d{1,6})(ms|s|m|h|d)$/
const MICROS = { ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 } as const
const HAND = /^@\s+(plug|unplug|power-on|power-off|interrupt)\s+(\S+)$/

/**
 * `machine> command`; `machine:2& command` for one that goes on while others type; `@ unplug LINK`, `@ plug LINK`, `@ power-off MACHINE`, `@ power-on MACHINE`, `@ interrupt CONSOLE`
 * (Ctrl-C). `= TEXT` after a line: a line of its answer contains the text, where `*` stands for anything and `?` for one
 * character; `! TEXT`: no line does. `< NAME = REGEX` keeps what its first group found, and later steps say `<NAME>`; `? CHECK ANSWER` answers
 * a task; `@ wait 9d` moves the clock. A comment is shown in the transcript when a step follows at once.
 */
export function parseScript(text: string): { readonly steps: readonly Step[]; readonly faults: readonly ScriptFault[] } {
  const steps: Step[] = []
  const faults: ScriptFault[] = []
  let comments: Step[] = []
  text.split('\n').forEach((whole, at) => {
    const line = at + 1
    const source = whole.replace(/\s+$/, '')
    if (source.startsWith('#')) {
      comments.push({ kind: 'say', line, text: source })
      return
    }
    const said = comments
    comments = []
    if (source === '') return
    const step = toStep(source, line)
    if (step) steps.push(...said, step)
    else
      faults.push({
        line,
        reason:
          'must be `machine> command`, `@ plug LINK`, `@ unplug LINK`, `= text`, `! text`, `< name = pattern`, `? check answer`, `@ wait 1h` or a comment',
      })
  })
  return { steps, faults }
}

function toStep(source: string, line: number): Step | undefined {
  const typed = TYPED.exec(source)
  if (typed) return { kind: 'type', line, console: typed[1], text: typed[3], ...(typed[2] === '&' ? { goesOn: true } : {}) }
  const expected = EXPECTED.exec(source)
  if (expected) return { kind: expected[1] === '=' ? 'shows' : 'hides', line, text: expected[2] }
  const kept = KEPT.exec(source)
  if (kept) return isPattern(kept[2]) ? { kind: 'keep', line, name: kept[1], pattern: kept[2] } : undefined
  const answered = ANSWERED.exec(source)
  if (answered) return { kind: 'answer', line, check: answered[1], text: answered[2] }
  const wait = WAIT.exec(source)
  if (wait) return { kind: 'wait', line, micros: Number(wait[1]) * MICROS[wait[2] as keyof typeof MICROS] }
  const hand = HAND.exec(source)
  if (!hand) return undefined
  const [, action, object] = hand
  switch (action) {
    case 'plug':
    case 'unplug':
      return { kind: action, line, link: object }
    case 'power-on':
    case 'power-off':
      return { kind: action, line, machine: object }
    default:
      return { kind: 'interrupt', line, console: object }
  }
}

/** Patterns are played wherever a script is tried: none that could be at one line for ever. */
const LONGEST_PATTERN = 300

function isPattern(text: string): boolean {
  try {
    return text.length <= LONGEST_PATTERN && !repeatsRepetitions(text) && new RegExp(text).source !== ''
  } catch {
    return false
  }
}

/** Old names to new ones, wherever they stand as whole words. */
export function rename(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text
  const words = [...names.keys()].map((name) => name.replace(/[^\w]/g, '\\$&')).join('|')
  return text.replace(new RegExp(`(?<![\\w-])(?:${words})(?![\\w-])`, 'g'), (word) => names.get(word) as string)
}

/** `(a+)*`: a group that may be there any number of times, with something in it that may, too. */
function repeatsRepetitions(text: string): boolean {
  const plain = text.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  /** Of each group that is open, whether anything in it may be there any number of times. */
  const open: boolean[] = [false]
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === '(') open.push(false)
    const any = /^(?:[*+]|\{\d+,\})/.test(plain.slice(at + 1, at + 12))
    const inside = plain[at] === ')' && open.length > 1 ? open.pop() === true : false
    if (inside && any) return true
    if (inside || any) open[open.length - 1] = true
  }
  return false
}
