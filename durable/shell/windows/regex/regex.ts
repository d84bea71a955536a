// Pike's virtual machine: time is text length times pattern length, whatever the pattern.
import { type CharTest, PatternError, parsePattern, type Tree, word } from './parse.ts'

export { PatternError }

type Step =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'match' }
  | { op: 'jump'; to: number }
  | { op: 'split'; first: number; second: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly what: 'start' | 'end' | 'word' | 'not-word' }

export type Match = {
  readonly index: number
  readonly text: string
  /** Group 0 is the whole match. */
  readonly groups: readonly (string | undefined)[]
}

export type Regex = { readonly names: ReadonlyMap<string, number>; match(text: string, from?: number): Match | undefined }

const MOST_STEPS = 4000

export function regex(pattern: string, ignoreCase: boolean): Regex {
  const { tree, groups, names } = parsePattern(pattern, ignoreCase)
  const code: Step[] = []
  const add = (step: Step): number => {
    if (code.length >= MOST_STEPS) throw new PatternError('a pattern this large is not supported here')
    return code.push(step) - 1
  }
  add({ op: 'save', slot: 0 })
  compile(tree, code, add)
  add({ op: 'save', slot: 1 })
  add({ op: 'match' })
  return { names, match: (text, from = 0) => run(code, (groups + 1) * 2, text, from) }
}

function compile(tree: Tree, code: Step[], add: (step: Step) => number): void {
  switch (tree.kind) {
    case 'char':
      add({ op: 'char', test: tree.test })
      return
    case 'assert':
      add({ op: 'assert', what: tree.what })
      return
    case 'sequence':
      for (const item of tree.items) compile(item, code, add)
      return
    case 'group':
      if (tree.index !== undefined) add({ op: 'save', slot: tree.index * 2 })
      compile(tree.item, code, add)
      if (tree.index !== undefined) add({ op: 'save', slot: tree.index * 2 + 1 })
      return
    case 'choice': {
      const ends: number[] = []
      for (let i = 0; i < tree.options.length; i++) {
        const split = i < tree.options.length - 1 ? add({ op: 'split', first: code.length + 1, second: 0 }) : -1
        compile(tree.options[i], code, add)
        if (split < 0) continue
        ends.push(add({ op: 'jump', to: 0 }))
        ;(code[split] as { second: number }).second = code.length
      }
      for (const end of ends) (code[end] as { to: number }).to = code.length
      return
    }
    case 'repeat': {
      for (let i = 0; i < tree.min; i++) compile(tree.item, code, add)
      const branch = () => add({ op: 'split', first: 0, second: 0 })
      const aim = (split: number, into: number, past: number) => {
        code[split] = { op: 'split', first: tree.greedy ? into : past, second: tree.greedy ? past : into }
      }
      if (tree.max === Number.POSITIVE_INFINITY) {
        const split = branch()
        compile(tree.item, code, add)
        add({ op: 'jump', to: split })
        aim(split, split + 1, code.length)
        return
      }
      const splits: number[] = []
      for (let i = tree.min; i < tree.max; i++) {
        splits.push(branch())
        compile(tree.item, code, add)
      }
      for (const split of splits) aim(split, split + 1, code.length)
      return
    }
    default:
      tree satisfies never
  }
}

type Thread = { readonly pc: number; readonly saved: readonly number[] }

function run(code: readonly Step[], slots: number, text: string, from: number): Match | undefined {
  let threads: Thread[] = []
  let best: readonly number[] | undefined
  const seen = new Int32Array(code.length).fill(-1)
  const follow = (list: Thread[], pc: number, saved: readonly number[], at: number): void => {
    const stack: Thread[] = [{ pc, saved }]
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      if (seen[thread.pc] === at) continue
      seen[thread.pc] = at
      const step = code[thread.pc]
      if (step.op === 'jump') stack.push({ pc: step.to, saved: thread.saved })
      else if (step.op === 'split') stack.push({ pc: step.second, saved: thread.saved }, { pc: step.first, saved: thread.saved })
      else if (step.op === 'save') {
        const copy = thread.saved.slice()
        copy[step.slot] = at
        stack.push({ pc: thread.pc + 1, saved: copy })
      } else if (step.op === 'assert') {
        if (holds(step.what, text, at)) stack.push({ pc: thread.pc + 1, saved: thread.saved })
      } else list.push(thread)
    }
  }
  const fresh = new Array<number>(slots).fill(-1)
  for (let at = from; at <= text.length; at++) {
    if (best === undefined) follow(threads, 0, fresh, at)
    if (threads.length === 0 && best !== undefined) break
    const next: Thread[] = []
    const c = at < text.length ? text.charCodeAt(at) : -1
    for (const thread of threads) {
      const step = code[thread.pc]
      if (step.op === 'match') {
        best = thread.saved
        break
      }
      if (step.op === 'char' && c >= 0 && step.test(c)) follow(next, thread.pc + 1, thread.saved, at + 1)
    }
    threads = next
  }
  if (best === undefined) return undefined
  const groups: (string | undefined)[] = []
  for (let i = 0; i < slots; i += 2) groups.push(best[i] < 0 || best[i + 1] < 0 ? undefined : text.slice(best[i], best[i + 1]))
  return { index: best[0], text: groups[0] ?? '', groups }
}

function holds(what: 'start' | 'end' | 'word' | 'not-word', text: string, at: number): boolean {
  if (what === 'start') return at === 0
  if (what === 'end') return at === text.length || (at === text.length - 1 && text[at] === '\n')
  const edge = (at > 0 && word(text.charCodeAt(at - 1))) !== (at < text.length && word(text.charCodeAt(at)))
  return edge === (what === 'word')
}
