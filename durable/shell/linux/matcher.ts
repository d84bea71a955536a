// Regular expressions as users of grep, sed, awk and [[ =~ ]] type them, matched in linear time: see `regex/program.ts`.
import { caseless, literal, PosixParser, same } from './regex/posix.ts'
import { compileNode, holds, type Inst, type Node, PatternFault } from './regex/program.ts'

export type MatcherOptions = {
  readonly extended: boolean
  readonly fixed: boolean
  readonly ignoreCase: boolean
  /** Told what a match takes, in steps of a line's budget; throws when that is used up. */
  readonly spend?: (steps: number) => void
}
export type Compiled = { readonly ok: true; readonly matcher: Matcher } | { readonly ok: false; readonly error: string }
export type Span = { readonly from: number; readonly to: number }

const LONGEST = 1000
/** States followed for one step of the budget, as a power of two; what a matcher owes is told so often. */
const STATES_A_STEP = 8
const TOLD_AT = 16 << STATES_A_STEP

export function compile(pattern: string, options: MatcherOptions): Compiled {
  const fold = options.ignoreCase ? caseless : same
  if (pattern.length > LONGEST) return { ok: false, error: 'Regular expression too big' }
  try {
    if (options.fixed) {
      const node: Node = { kind: 'all', items: [...pattern].map((c) => literal(c, fold)) }
      return { ok: true, matcher: new Matcher(compileNode(node), 0, options.spend) }
    }
    const parser = new PosixParser(pattern, options.extended, fold)
    const node = parser.parse()
    return { ok: true, matcher: new Matcher(compileNode(node), parser.groups, options.spend) }
  } catch (fault) {
    if (fault instanceof PatternFault) return { ok: false, error: fault.message }
    throw fault
  }
}

export class Matcher {
  readonly groups: number
  private readonly program: readonly Inst[]
  private readonly marks: Int32Array
  private readonly spend: (steps: number) => void
  private owed = 0

  constructor(program: readonly Inst[], groups: number, spend: (steps: number) => void = () => {}) {
    this.program = program
    this.groups = groups
    this.marks = new Int32Array(program.length)
    this.spend = spend
  }

  /** The leftmost, then longest match at or after `from`. */
  find(text: string, from = 0): Span | undefined {
    const { program } = this
    let states: number[] = []
    let begins: number[] = []
    let found: Span | undefined
    for (let at = from; at <= text.length; at++) {
      this.owe(states.length)
      if (!found) {
        this.marks.fill(0)
        for (const state of states) this.marks[state] = 1
        this.follow(states, begins, 0, at, text, at)
      }
      const next: number[] = []
      const nextBegins: number[] = []
      this.marks.fill(0)
      for (let i = 0; i < states.length; i++) {
        const begun = begins[i] as number
        if (found && begun > found.from) continue
        const state = states[i] as number
        const inst = program[state] as Inst
        if (inst.kind === 'match') {
          if (!found || begun < found.from || at > found.to) found = { from: begun, to: at }
        } else if (inst.kind === 'test' && at < text.length && inst.test(text.charAt(at)))
          this.follow(next, nextBegins, state + 1, begun, text, at + 1)
      }
      states = next
      begins = nextBegins
      if (found && states.length === 0) break
    }
    return found
  }

  /** Every character costs its states, and a little for a program whose marks are wiped. */
  private owe(states: number): void {
    this.owed += 1 + states + (this.program.length >> 6)
    if (this.owed < TOLD_AT) return
    const steps = this.owed >> STATES_A_STEP
    this.owed = 0
    this.spend(steps)
  }

  /** Adds what is reached without reading. States come in the order of their beginnings, so the first to mark one is the earliest. */
  private follow(states: number[], begins: number[], first: number, begun: number, text: string, at: number): void {
    const todo = [first]
    for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
      if (this.marks[state] === 1) continue
      this.marks[state] = 1
      const inst = this.program[state] as Inst
      if (inst.kind === 'jump') todo.push(inst.to)
      else if (inst.kind === 'split') todo.push(inst.b, inst.a)
      else if (inst.kind === 'save') todo.push(state + 1)
      else if (inst.kind === 'assert') {
        if (holds(inst.what, text, at)) todo.push(state + 1)
      } else {
        states.push(state)
        begins.push(begun)
      }
    }
  }

  /** A match with its groups: the whole first, undefined for a group that took no part. */
  exec(text: string, from = 0): readonly (Span | undefined)[] | undefined {
    const whole = this.find(text, from)
    if (whole === undefined || this.groups === 0) return whole && [whole]
    const slots = this.slots(text, whole)
    const spans: (Span | undefined)[] = [whole]
    for (let n = 1; n <= this.groups; n++) {
      const [a, b] = [slots[n * 2] ?? -1, slots[n * 2 + 1] ?? -1]
      spans.push(a < 0 || b < 0 ? undefined : { from: a, to: b })
    }
    return spans
  }

  /** Where the groups of a match begin and end: each state keeps its own, the one of highest priority wins. */
  private slots(text: string, whole: Span): readonly number[] {
    let states: number[] = []
    let saved: (readonly number[])[] = []
    const add = (list: number[], kept: (readonly number[])[], first: number, at: number, old: readonly number[]) => {
      const todo: [number, readonly number[]][] = [[first, old]]
      for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
        const [state, slots] = next
        if (this.marks[state] === 1) continue
        this.marks[state] = 1
        const inst = this.program[state] as Inst
        if (inst.kind === 'jump') todo.push([inst.to, slots])
        else if (inst.kind === 'split') todo.push([inst.b, slots], [inst.a, slots])
        else if (inst.kind === 'save') {
          const changed = [...slots]
          changed[inst.slot] = at
          todo.push([state + 1, changed])
        } else if (inst.kind === 'assert') {
          if (holds(inst.what, text, at)) todo.push([state + 1, slots])
        } else {
          list.push(state)
          kept.push(slots)
        }
      }
    }
    this.marks.fill(0)
    add(states, saved, 0, whole.from, [])
    for (let at = whole.from; at <= whole.to; at++) {
      this.owe(states.length * (1 + this.groups))
      const next: number[] = []
      const kept: (readonly number[])[] = []
      this.marks.fill(0)
      for (let i = 0; i < states.length; i++) {
        const inst = this.program[states[i] as number] as Inst
        const slots = saved[i] as readonly number[]
        if (inst.kind === 'match' && at === whole.to) return slots
        if (inst.kind === 'test' && at < whole.to && inst.test(text.charAt(at)))
          add(next, kept, (states[i] as number) + 1, at + 1, slots)
      }
      states = next
      saved = kept
    }
    return []
  }
}
