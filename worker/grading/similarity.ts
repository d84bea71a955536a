// How alike two journals are. It counts what few have in common, because what everybody types says nothing: the lines of a lab are
// given by its brief. Three things, each with the lines that it rests on:
//   runs     three commands in a row that both typed, in the same order, and at most a few others did;
//   mistakes the same line that failed, letter by letter (also the same typo), and at most a few others typed;
//   moments  such lines typed within a minute of each other by the clock on the wall.
// A pair stands in the report when what it shares weighs more than chance makes likely in this class. It is a reason to talk with
// people, nothing more: who works side by side, or follows the same page, looks like this as well.

export type Line = {
  readonly id: number
  readonly wall: number
  readonly console: string
  readonly line: string
  readonly exitStatus: number | null
}
export type Journal = { readonly submission: string; readonly name: string; readonly lines: readonly Line[] }

export type Shared = {
  readonly kind: 'run' | 'mistake'
  readonly text: string
  /** How many of the class have it, these two included. */
  readonly has: number
  /** Lines of the journals of the one and of the other. */
  readonly one: number
  readonly other: number
  /** Seconds between the two on the wall clock. */
  readonly apart: number
}
export type Pair = {
  readonly one: { readonly submission: string; readonly name: string }
  readonly other: { readonly submission: string; readonly name: string }
  /** 0 to 100: the part of the rarer things of the shorter journal that both have. */
  readonly alike: number
  readonly runs: number
  readonly mistakes: number
  readonly moments: number
  readonly shared: readonly Shared[]
}
export type Similarity = { readonly journals: number; readonly pairs: readonly Pair[] }

/** What more of the class have than this says nothing. */
const RARE_SHARE = 0.2
const MOST_LINES = 1_000
const MOST_PAIRS = 100
const MOST_SHARED = 12
const LEAST_ALIKE = 20
const LEAST_SHARED = 3
const MOMENT_SECONDS = 60

/** Without what differs by variant or by taste: addresses, numbers, spaces, the case of letters. */
export const normalised = (line: string): string =>
  line
    .trim()
    .toLowerCase()
    .replace(/\b[0-9a-f]{2}([:-][0-9a-f]{2}){5}\b/g, '<mac>')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(\/\d+)?\b/g, '<ip>')
    .replace(/\b[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(\/\d+)?\b/g, '<ip6>')
    .replace(/\d+/g, '#')
    .replace(/\s+/g, ' ')

type Thing = { readonly kind: Shared['kind']; readonly text: string; readonly line: Line }

function thingsOf(lines: readonly Line[]): Map<string, Thing> {
  const typed = lines.filter(({ line }) => line.trim() !== '').slice(-MOST_LINES)
  const things = new Map<string, Thing>()
  const plain = typed.map((one) => ({ one, text: normalised(one.line) }))
  for (let at = 2; at < plain.length; at++) {
    const three = plain.slice(at - 2, at + 1)
    // The same command again and again is impatience, not a way of working.
    if (new Set(three.map(({ text }) => text)).size < 3) continue
    const key = `run\n${three.map(({ text }) => text).join('\n')}`
    if (!things.has(key))
      things.set(key, { kind: 'run', text: three.map(({ one }) => one.line).join('  |  '), line: plain[at].one })
  }
  for (const { one } of plain) {
    const key = `mistake\n${one.line.trim()}`
    if (one.exitStatus !== null && one.exitStatus !== 0 && !things.has(key))
      things.set(key, { kind: 'mistake', text: one.line, line: one })
  }
  return things
}

export function similarity(journals: readonly Journal[]): Similarity {
  const all = journals.map((journal) => ({ journal, things: thingsOf(journal.lines) }))
  const has = new Map<string, number[]>()
  for (const [at, { things }] of all.entries())
    for (const key of things.keys()) {
      const known = has.get(key)
      if (known) known.push(at)
      else has.set(key, [at])
    }
  const few = Math.max(2, Math.floor(journals.length * RARE_SHARE))
  const together = new Map<string, string[]>()
  const rare = all.map(() => 0)
  for (const [key, who] of has) {
    if (who.length > few) continue
    for (const at of who) rare[at]++
    for (const [nth, one] of who.entries())
      for (const other of who.slice(nth + 1)) {
        const pair = `${one},${other}`
        const known = together.get(pair)
        if (known) known.push(key)
        else together.set(pair, [key])
      }
  }
  const pairs = [...together].flatMap(([pair, keys]) => {
    const [a, b] = pair.split(',').map(Number)
    const alike = Math.round((100 * keys.length) / Math.max(1, Math.min(rare[a], rare[b])))
    return keys.length < LEAST_SHARED || alike < LEAST_ALIKE ? [] : [toPair(all[a], all[b], keys, alike, has)]
  })
  const weight = ({ shared, alike, mistakes }: Pair) => alike + shared.length + 3 * mistakes
  return { journals: journals.length, pairs: pairs.sort((a, b) => weight(b) - weight(a)).slice(0, MOST_PAIRS) }
}

type Known = { readonly journal: Journal; readonly things: Map<string, Thing> }

function toPair(a: Known, b: Known, keys: readonly string[], alike: number, has: ReadonlyMap<string, number[]>): Pair {
  const shared = keys.flatMap((key): Shared[] => {
    const [one, other] = [a.things.get(key), b.things.get(key)]
    if (!one || !other) return []
    const apart = Math.round(Math.abs(one.line.wall - other.line.wall) / 1000)
    return [{ kind: one.kind, text: one.text, has: has.get(key)?.length ?? 2, one: one.line.id, other: other.line.id, apart }]
  })
  const of = ({ journal: { submission, name } }: Known) => ({ submission, name })
  const telling = (one: Shared) => (one.kind === 'mistake' ? 2 : 0) + (one.apart <= MOMENT_SECONDS ? 1 : 0)
  return {
    one: of(a),
    other: of(b),
    alike: Math.min(alike, 100),
    runs: shared.filter(({ kind }) => kind === 'run').length,
    mistakes: shared.filter(({ kind }) => kind === 'mistake').length,
    moments: shared.filter(({ apart }) => apart <= MOMENT_SECONDS).length,
    shared: [...shared].sort((x, y) => telling(y) - telling(x) || x.has - y.has || x.one - y.one).slice(0, MOST_SHARED),
  }
}
