// Where somebody is in a YAML file that need not be whole: the way there from the top, by indentation and brackets.

export type Step = string | number
export type Place = {
  /** The way to the block of fields that the place is in. */
  readonly path: readonly Step[]
  /** A name is being written, or the value of a name (of an entry of a list: null). */
  readonly at: 'key' | 'value'
  readonly key: string | null
  /** Where the word begins that is being written. */
  readonly from: number
  /** Fields that stand beside it, with their values as far as they are plain. */
  readonly beside: ReadonlyMap<string, string>
}

const NAME = String.raw`"[^"]*"|'[^']*'|[^\s"'{}[\],:#&*!|>%@-][^:{}[\],#]*?`
const FIELD = new RegExp(`^(${NAME})\\s*:(?:\\s+(.*))?$`)

const bare = (text: string) => text.trim().replace(/^(["'])(.*)\1$/, '$2')

type Line = { readonly dashes: readonly number[]; readonly column: number; readonly key: string | null; readonly value: string }

/** Its dashes, then its first field. Undefined: nothing stands there. */
function readLine(text: string): Line | undefined {
  let column = text.length - text.trimStart().length
  if (column === text.length || text[column] === '#') return undefined
  const dashes: number[] = []
  while (text[column] === '-' && (column + 1 === text.length || text[column + 1] === ' ')) {
    dashes.push(column)
    column++
    while (text[column] === ' ') column++
  }
  const [, key, value = ''] = FIELD.exec(text.slice(column)) ?? []
  return { dashes, column, key: key === undefined ? null : bare(key), value: value.trim() }
}

/** The way to what stands at a column of a line, from the lines above it. */
function wayTo(lines: readonly string[], at: number, column: number, dashes: readonly number[]): Step[] {
  const path: Step[] = []
  let limit = column
  for (const dash of [...dashes].reverse()) {
    path.unshift(0)
    limit = dash
  }
  // A list may stand as far left as the name that it belongs to.
  let inList = dashes.length > 0
  for (let n = at - 1; n >= 0 && (limit > 0 || inList); n--) {
    const line = readLine(lines[n])
    if (line === undefined) continue
    if (line.key !== null && (line.column < limit || (inList && line.column === limit && line.dashes.length === 0))) {
      path.unshift(line.key)
      limit = line.column
      inList = false
    }
    for (const dash of [...line.dashes].reverse()) {
      if (dash >= limit) continue
      path.unshift(0)
      limit = dash
      inList = true
    }
  }
  return path
}

/** Fields of the same block, above and below. */
function besideOf(lines: readonly string[], at: number, column: number): Map<string, string> {
  const beside = new Map<string, string>()
  const look = (n: number): 'on' | 'last' | 'stop' => {
    const line = readLine(lines[n])
    if (line === undefined) return 'on'
    if (line.column === column && line.key !== null) {
      beside.set(line.key, bare(line.value))
      return line.dashes.length > 0 ? 'last' : 'on'
    }
    return line.column < column || (line.dashes[0] ?? column) < column ? 'stop' : 'on'
  }
  const own = readLine(lines[at])
  if (own?.dashes.length === 0 || own === undefined) for (let n = at - 1; n >= 0 && look(n) === 'on'; n--);
  for (let n = at + 1; n < lines.length; n++) {
    const line = readLine(lines[n])
    if (line !== undefined && line.dashes.length > 0 && line.dashes[0] < column) break
    if (look(n) !== 'on') break
  }
  return beside
}

type Bracket = { readonly kind: '{' | '['; key: string | null; readonly beside: Map<string, string> }

/** What is open at the end of a text with brackets in it; quotes hide them. */
function openBrackets(text: string): { open: Bracket[]; word: number } {
  const open: Bracket[] = []
  let word = 0
  let quote = ''
  const close = (until: number) => {
    const top = open.at(-1)
    if (top?.kind === '{' && top.key !== null) top.beside.set(top.key, bare(text.slice(word, until)))
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (quote !== '') {
      if (letter === quote) quote = ''
      continue
    }
    const top = open.at(-1)
    if ((letter === '"' || letter === "'") && text.slice(word, at).trim() === '') quote = letter
    else if (letter === '{' || letter === '[') {
      open.push({ kind: letter, key: null, beside: new Map() })
      word = at + 1
    } else if (top !== undefined && (letter === '}' || letter === ']')) {
      close(at)
      open.pop()
      word = at + 1
    } else if (top !== undefined && letter === ',') {
      close(at)
      top.key = null
      word = at + 1
    } else if (top?.kind === '{' && letter === ':' && top.key === null && /^(\s|$)/.test(text.slice(at + 1))) {
      top.key = bare(text.slice(word, at))
      word = at + 1
    }
  }
  return { open, word }
}

const HAS_BRACKET = /(^|[\s:[{,-])[{[]/

export function placeAt(text: string, position: number): Place {
  const lines = text.split('\n')
  const before = text.slice(0, position)
  const at = before.split('\n').length - 1
  const start = before.lastIndexOf('\n') + 1
  const head = before.slice(start)
  const line = readLine(head)
  if (line === undefined) {
    const column = head.length
    return { path: wayTo(lines, at, column, []), at: 'key', key: null, from: position, beside: besideOf(lines, at, column) }
  }
  const way = wayTo(lines, at, line.column, line.dashes)
  const bodyFrom = start + line.column
  const body = text.slice(bodyFrom, position)
  if (HAS_BRACKET.test(body)) {
    const { open, word } = openBrackets(body)
    const top = open.at(-1)
    if (top !== undefined) {
      const path: Step[] = [...way, ...(line.key === null ? [] : [line.key])]
      open.forEach((bracket, depth) => {
        if (bracket.kind === '[') path.push(0)
        else if (depth < open.length - 1 && bracket.key !== null) path.push(bracket.key)
      })
      const rest = /^[^{}\n]*/.exec(text.slice(position))?.[0] ?? ''
      for (const pair of rest.split(',')) {
        const [, key, value = ''] = FIELD.exec(pair.trim()) ?? []
        if (key !== undefined && top.kind === '{') top.beside.set(bare(key), bare(value))
      }
      const from = bodyFrom + word + (/^\s*/.exec(body.slice(word))?.[0].length ?? 0)
      if (top.kind === '[') return { path, at: 'value', key: null, from, beside: new Map() }
      return { path, at: top.key === null ? 'key' : 'value', key: top.key, from, beside: top.beside }
    }
  }
  const beside = besideOf(lines, at, line.column)
  const colon = /^[^:]*:(\s+)/.exec(body)
  if (line.key !== null && colon !== null)
    return { path: way, at: 'value', key: line.key, from: bodyFrom + colon[0].length, beside }
  return { path: way, at: 'key', key: null, from: bodyFrom, beside }
}
