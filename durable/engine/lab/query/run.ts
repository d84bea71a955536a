// Answers a query: whether it holds, what shows it, and why, in sentences.
import type { Micros } from '../../sim/time.ts'
import { sayTime } from './duration.ts'
import { type Found, find, inOrder, refusal, same, say } from './find.ts'
import { formatEvent } from './format.ts'
import type { Answer, Event, Evidence, History, Query } from './query.ts'

/** Of each kind of evidence; the first ones are kept. */
const MAX_EVIDENCE = 50

type Outcome = { readonly holds: boolean; readonly shown: readonly Found[]; readonly why: string }
const outcome = (holds: boolean, shown: readonly Found[], why: string): Outcome => ({ holds, shown, why })

export function runQuery(query: Query, history: History): Answer {
  const refused = refusal(query, history)
  if (refused !== undefined) return { holds: false, evidence: { packets: [], commands: [], at: [] }, why: refused }
  const { holds, shown, why } = judge(query, history)
  return { holds, evidence: evidenceOf(shown), why }
}

function evidenceOf(shown: readonly Found[]): Evidence {
  const sorted = [...shown].sort(inOrder)
  const first = (values: readonly (number | undefined)[]) =>
    [...new Set(values.filter((value) => value !== undefined))].slice(0, MAX_EVIDENCE)
  return {
    packets: first(sorted.map((f) => f.packet)),
    commands: first(sorted.map((f) => f.command)),
    at: first(sorted.map((f) => f.at)),
  }
}

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`
const nothing = (event: Event): string => `there was no ${formatEvent(event)}`

function judge(query: Query, history: History): Outcome {
  switch (query.kind) {
    case 'and':
    case 'or':
      return joined(
        query.kind,
        query.all.map((one) => judge(one, history)),
      )
    case 'not': {
      const inner = judge(query.query, history)
      return outcome(!inner.holds, inner.shown, inner.why)
    }
    case 'some': {
      const [first] = find(query.event, history)
      return first === undefined
        ? outcome(false, [], sentence(nothing(query.event)))
        : outcome(true, [first], sentence(`there is ${say(first)}`))
    }
    case 'never': {
      const found = find(query.event, history)
      if (found.length === 0) return outcome(true, [], sentence(nothing(query.event)))
      return outcome(
        false,
        found,
        sentence(`there is ${say(found[0])}${found.length > 1 ? ` and ${found.length - 1} more` : ''}`),
      )
    }
    case 'before':
      return inThisOrder(query.events, history)
    case 'then':
      return oneAfterOther(query.first, query.steps, history)
    case 'within':
      return near(query, history)
    case 'every':
      return followed(query, history)
    case 'count':
      return counted(query, history)
    default:
      return query satisfies never
  }
}

/** What decided: of `and` the ones that fail, of `or` the first that holds. */
function joined(kind: 'and' | 'or', all: readonly Outcome[]): Outcome {
  const holds = kind === 'and' ? all.every((one) => one.holds) : all.some((one) => one.holds)
  const deciding = all.filter((one) => one.holds === holds)
  const told = kind === 'or' && holds ? deciding.slice(0, 1) : deciding
  return outcome(
    holds,
    told.flatMap((one) => one.shown),
    told.map((one) => one.why).join(' '),
  )
}

function inThisOrder(events: readonly Event[], history: History): Outcome {
  const firsts: Found[] = []
  for (const event of events) {
    const [first] = find(event, history)
    if (first === undefined) return outcome(false, firsts, sentence(nothing(event)))
    firsts.push(first)
  }
  for (let i = 1; i < firsts.length; i++) {
    const [earlier, later] = [firsts[i - 1], firsts[i]]
    if (same(earlier, later)) return outcome(false, firsts, sentence(`${say(later)} is the first of both`))
    if (inOrder(earlier, later) > 0) return outcome(false, firsts, sentence(`${say(later)} came before ${say(earlier)}`))
  }
  return outcome(true, firsts, sentence(firsts.map(say).join(' came before ')))
}

type Step = { readonly event: Event; readonly within?: Micros }
/** An event at the end of a chain, and the one that it follows. */
type Link = { readonly found: Found; readonly after: Link | undefined }

/** Of the links that may come before an event the latest is the best: if any is near enough, that one is. */
function oneAfterOther(first: Event, steps: readonly Step[], history: History): Outcome {
  let links: Link[] = find(first, history).map((found) => ({ found, after: undefined }))
  if (links.length === 0) return outcome(false, [], sentence(nothing(first)))
  for (const { event, within } of steps) {
    const found = find(event, history)
    const next: Link[] = []
    let k = -1
    let tooLate: Found | undefined
    for (const one of found) {
      while (k + 1 < links.length && inOrder(links[k + 1].found, one) < 0) k++
      if (k < 0) continue
      if (within !== undefined && one.at - links[k].found.at > within) tooLate ??= one
      else next.push({ found: one, after: links[k] })
    }
    if (next.length === 0) return broken(event, within, chain(links[0]), found, tooLate)
    links = next
  }
  const found = chain(links[0])
  return outcome(true, found, sentence(found.map(say).join(', then ')))
}

function broken(
  event: Event,
  within: Micros | undefined,
  before: readonly Found[],
  found: readonly Found[],
  tooLate: Found | undefined,
): Outcome {
  if (found.length === 0) return outcome(false, before, sentence(nothing(event)))
  const last = say(before[before.length - 1])
  if (tooLate === undefined || within === undefined)
    return outcome(false, [...before, found[0]], sentence(`there was no ${formatEvent(event)} after ${last}`))
  return outcome(false, [...before, tooLate], sentence(`${say(tooLate)} came after ${last}, but not within ${sayTime(within)}`))
}

function chain(link: Link): readonly Found[] {
  const found: Found[] = []
  for (let one: Link | undefined = link; one !== undefined; one = one.after) found.unshift(one.found)
  return found
}

/** The nearest neighbour of an event in a list: before it and after it, never itself. */
function neighbours(one: Found, others: readonly Found[], from: number): readonly Found[] {
  const near: Found[] = []
  for (let i = from - 1; i >= 0 && near.length === 0; i--) if (!same(others[i], one)) near.push(others[i])
  const after = others[from] !== undefined && same(others[from], one) ? others[from + 1] : others[from]
  return after === undefined ? near : [...near, after]
}

function near(query: Query & { readonly kind: 'within' }, history: History): Outcome {
  const { event, other, micros, side } = query
  const [found, others] = [find(event, history), find(other, history)]
  if (found.length === 0) return outcome(false, [], sentence(nothing(event)))
  if (others.length === 0) return outcome(false, [], sentence(nothing(other)))
  let k = 0
  let best: readonly [Found, Found] | undefined
  const distance = ([a, b]: readonly [Found, Found]) => Math.abs(a.at - b.at)
  for (const one of found) {
    while (k < others.length && inOrder(others[k], one) < 0) k++
    for (const neighbour of neighbours(one, others, k)) {
      if (side !== 'of' && inOrder(one, neighbour) > 0 !== (side === 'after')) continue
      if (best === undefined || distance([one, neighbour]) < distance(best)) best = [one, neighbour]
    }
    if (best !== undefined && distance(best) <= micros) break
  }
  if (best === undefined)
    return outcome(
      false,
      [found[0], others[0]],
      sentence(`there was no ${formatEvent(event)} ${side === 'of' ? 'beside' : side} ${formatEvent(other)}`),
    )
  const apart = distance(best)
  const holds = apart <= micros
  const relation = inOrder(best[0], best[1]) > 0 ? 'after' : 'before'
  return outcome(
    holds,
    best,
    sentence(
      `${say(best[0])} came ${sayTime(apart)} ${relation} ${say(best[1])}${holds ? '' : `, which is the nearest and not within ${sayTime(micros)}`}`,
    ),
  )
}

function followed(query: Query & { readonly kind: 'every' }, history: History): Outcome {
  const found = find(query.event, history)
  const others = find(query.followedBy, history)
  const answers: Found[] = []
  let k = 0
  for (const one of found) {
    while (k < others.length && inOrder(others[k], one) <= 0) k++
    const next = others[k]
    const limit = query.within === undefined ? '' : ` within ${sayTime(query.within)}`
    if (next === undefined || (query.within !== undefined && next.at - one.at > query.within)) {
      const late = next === undefined ? '' : `; the next was ${say(next)}`
      return outcome(false, [one], sentence(`${say(one)} was not followed by ${formatEvent(query.followedBy)}${limit}${late}`))
    }
    answers.push(next)
  }
  if (found.length === 0) return outcome(true, [], sentence(`${nothing(query.event)}, so nothing had to follow`))
  const [first] = found
  return outcome(
    true,
    [...found, ...answers],
    sentence(`${found.length === 1 ? say(first) : `each of ${found.length}`} was followed, the first by ${say(answers[0])}`),
  )
}

function counted(query: Query & { readonly kind: 'count' }, history: History): Outcome {
  const found = find(query.event, history)
  const once = new Map(found.map((one) => [one.packet ?? -1 - one.sequence, one]))
  const n = once.size
  const { is, number } = query
  const holds =
    is === '=='
      ? n === number
      : is === '!='
        ? n !== number
        : is === '>='
          ? n >= number
          : is === '<='
            ? n <= number
            : is === '>'
              ? n > number
              : n < number
  return outcome(
    holds,
    found,
    sentence(`the count of ${formatEvent(query.event)} is ${n}, which is ${holds ? '' : 'not '}${is} ${number}`),
  )
}
