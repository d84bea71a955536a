// A regular expression as a tree, and the program that follows all its states at once (Thompson 1968; Pike's variant for
// groups): time is linear in the text, whatever the pattern. Users' patterns never reach the platform's own engine.

export type Test = (c: string) => boolean
export type Assertion = 'begin' | 'end' | 'word-edge' | 'no-word-edge' | 'word-begin' | 'word-end'
export type Node =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'empty' }
  | { readonly kind: 'all'; readonly items: readonly Node[] }
  | { readonly kind: 'any'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly item: Node; readonly number: number }
  /** `most` is Infinity where there is no upper bound. */
  | { readonly kind: 'repeat'; readonly item: Node; readonly least: number; readonly most: number }

export type Inst =
  | { readonly kind: 'test'; readonly test: Test }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'split'; a: number; b: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'match' }

export class PatternFault extends Error {}

/** Repetitions are written out; a program larger than this is refused, as glibc refuses what is too big. */
const LARGEST = 8_000

export function compileNode(node: Node): Inst[] {
  const program: Inst[] = []
  emit(node, program)
  program.push({ kind: 'match' })
  return program
}

function emit(node: Node, program: Inst[]): void {
  if (program.length > LARGEST) throw new PatternFault('Regular expression too big')
  switch (node.kind) {
    case 'test':
    case 'assert':
      program.push(node)
      return
    case 'empty':
      return
    case 'all':
      for (const item of node.items) emit(item, program)
      return
    case 'group':
      program.push({ kind: 'save', slot: node.number * 2 })
      emit(node.item, program)
      program.push({ kind: 'save', slot: node.number * 2 + 1 })
      return
    case 'any':
      return emitOptions(node.options, program)
    case 'repeat':
      return emitRepeat(node.item, node.least, node.most, program)
    default:
      node satisfies never
  }
}

function emitOptions(options: readonly Node[], program: Inst[]): void {
  const jumps: { kind: 'jump'; to: number }[] = []
  for (const [i, option] of options.entries()) {
    if (i === options.length - 1) {
      emit(option, program)
      break
    }
    const split = { kind: 'split' as const, a: program.length + 1, b: 0 }
    program.push(split)
    emit(option, program)
    const jump = { kind: 'jump' as const, to: 0 }
    jumps.push(jump)
    program.push(jump)
    split.b = program.length
  }
  for (const jump of jumps) jump.to = program.length
}

function emitRepeat(item: Node, least: number, most: number, program: Inst[]): void {
  for (let n = 0; n < least; n++) emit(item, program)
  if (most === Number.POSITIVE_INFINITY) {
    const begin = program.length
    const split = { kind: 'split' as const, a: begin + 1, b: 0 }
    program.push(split)
    emit(item, program)
    program.push({ kind: 'jump', to: begin })
    split.b = program.length
    return
  }
  const splits: { kind: 'split'; a: number; b: number }[] = []
  for (let n = least; n < most; n++) {
    const split = { kind: 'split' as const, a: program.length + 1, b: 0 }
    splits.push(split)
    program.push(split)
    emit(item, program)
  }
  for (const split of splits) split.b = program.length
}

export const isWord = (c: string): boolean =>
  (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_'

export function holds(what: Assertion, text: string, at: number): boolean {
  if (what === 'begin') return at === 0
  if (what === 'end') return at === text.length
  const before = at > 0 && isWord(text.charAt(at - 1))
  const after = at < text.length && isWord(text.charAt(at))
  switch (what) {
    case 'word-edge':
      return before !== after
    case 'no-word-edge':
      return before === after
    case 'word-begin':
      return !before && after
    case 'word-end':
      return before && !after
    default:
      what satisfies never
      return false
  }
}

/** The same language read from the end to the beginning: for what is cut off at the end of a value. */
export function reversed(node: Node): Node {
  switch (node.kind) {
    case 'all':
      return { kind: 'all', items: [...node.items].reverse().map(reversed) }
    case 'any':
      return { kind: 'any', options: node.options.map(reversed) }
    case 'group':
    case 'repeat':
      return { ...node, item: reversed(node.item) }
    default:
      return node
  }
}
