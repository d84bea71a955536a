// The script of a lab: what people type into its terminals and do with its cables, one step a line.

export type Step =
  | { readonly kind: 'type'; readonly line: number; readonly console: string; readonly text: string; readonly goesOn?: boolean }
  | { readonly kind: 'plug' | 'unplug'; readonly line: number; readonly link: string }
  | { readonly kind: 'power-on' | 'power-off'; readonly line: number; readonly machine: string }
  | { readonly kind: 'interrupt'; readonly line: number; readonly console: string }
  /** The last line has printed such a line, or no such line. */
  | { readonly kind: 'shows' | 'hides'; readonly line: number; readonly text: string }
  | { readonly kind: 'say'; readonly line: number; readonly text: string }

export type ScriptFault = { readonly line: number; readonly reason: string }

const TYPED = /^([a-z][a-z0-9-]*(?::[1-9])?)([>&]) (.*)$/
const EXPECTED = /^([=!]) (.+)$/
const HAND = /^@\s+(plug|unplug|power-on|power-off|interrupt)\s+(\S+)$/

/**
 * `machine> command`; `machine:2& command` for one that goes on while others type; `@ unplug LINK`, `@ plug LINK`, `@ power-off MACHINE`, `@ power-on MACHINE`, `@ interrupt CONSOLE`
 * (Ctrl-C). `= TEXT` after a line: a line of its answer contains the text, where `*` stands for anything and `?` for one
 * character; `! TEXT`: no line does. A comment is shown in the transcript when a step follows at once.
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
      faults.push({ line, reason: 'must be `machine> command`, `@ plug LINK`, `@ unplug LINK`, `= text`, `! text` or a comment' })
  })
  return { steps, faults }
}

function toStep(source: string, line: number): Step | undefined {
  const typed = TYPED.exec(source)
  if (typed) return { kind: 'type', line, console: typed[1], text: typed[3], ...(typed[2] === '&' ? { goesOn: true } : {}) }
  const expected = EXPECTED.exec(source)
  if (expected) return { kind: expected[1] === '=' ? 'shows' : 'hides', line, text: expected[2] }
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

/** Old names to new ones, wherever they stand as whole words. */
export function rename(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text
  const words = [...names.keys()].map((name) => name.replace(/[^\w]/g, '\\$&')).join('|')
  return text.replace(new RegExp(`(?<![\\w-])(?:${words})(?![\\w-])`, 'g'), (word) => names.get(word) as string)
}
