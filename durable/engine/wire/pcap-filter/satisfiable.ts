// Whether any packet can pass: libpcap's optimiser notices a filter that contradicts itself in type and protocol, and so do we.
import type { Test, Value } from './ast.ts'
import { related } from './evaluate.ts'

/** What is assumed of a packet: the values of some loads, by their key. */
type Assumed = ReadonlyMap<string, number>
type Answer = { readonly yes: boolean; readonly no: boolean }

const BOTH: Answer = { yes: true, no: true }

/** Type and protocol fields that a test compares with a constant. */
function keyOf(value: Value): string | undefined {
  if (value.kind !== 'load' || value.offset.kind !== 'number') return undefined
  const { base, shift, size } = value
  const at = value.offset.value
  const known =
    (base === 'type' && at === 0 && size === 2) || (base === 'net' && size === 1 && (at === 9 || at === 6 || at === 40))
  return known ? `${base} ${shift} ${at}` : undefined
}

export function satisfiable(test: Test): boolean {
  const constants = new Map<string, Set<number>>()
  collect(test, constants)
  const keys = [...constants.keys()]
  // One value that nobody mentions stands for all others.
  const choices = keys.map((key) => [...(constants.get(key) ?? []), -2])
  const most = choices.reduce((all, one) => all * one.length, 1)
  if (most > 4096) return true
  for (let n = 0; n < most; n++) {
    let rest = n
    const assumed = new Map<string, number>()
    for (const [i, key] of keys.entries()) {
      const options = choices[i] as number[]
      assumed.set(key, options[rest % options.length] as number)
      rest = Math.floor(rest / options.length)
    }
    if (judge(test, assumed).yes) return true
  }
  return false
}

function collect(test: Test, constants: Map<string, Set<number>>): void {
  if (test.kind === 'and' || test.kind === 'or') {
    collect(test.a, constants)
    collect(test.b, constants)
  } else if (test.kind === 'not') collect(test.a, constants)
  else if (test.kind === 'compare' && test.b.kind === 'number') {
    const key = keyOf(test.a)
    if (key === undefined) return
    const known = constants.get(key) ?? new Set<number>()
    known.add(test.b.value)
    constants.set(key, known)
  }
}

function judge(test: Test, assumed: Assumed): Answer {
  switch (test.kind) {
    case 'and': {
      const [a, b] = [judge(test.a, assumed), judge(test.b, assumed)]
      return { yes: a.yes && b.yes, no: a.no || b.no }
    }
    case 'or': {
      const [a, b] = [judge(test.a, assumed), judge(test.b, assumed)]
      return { yes: a.yes || b.yes, no: a.no && b.no }
    }
    case 'not': {
      const a = judge(test.a, assumed)
      return { yes: a.no, no: a.yes }
    }
    case 'compare': {
      const left = test.a.kind === 'number' ? test.a.value : assumed.get(keyOf(test.a) ?? '')
      if (left === undefined || test.b.kind !== 'number') return BOTH
      if (left === -2 && test.relation !== '=' && test.relation !== '!=') return BOTH
      const holds = related(test.relation, left, test.b.value)
      return { yes: holds, no: !holds }
    }
    case 'direction':
      return BOTH
    default:
      test satisfies never
      return BOTH
  }
}
