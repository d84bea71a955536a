// As much YAML as netplan's files use: nested maps, lists (in lines and in brackets), plain and quoted scalars, comments. What it does not
// know is an error with its line, never a guess.

export type Yaml = string | Yaml[] | { [key: string]: Yaml }
export class YamlFault extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

type Line = { readonly number: number; readonly indent: number; readonly text: string }

export function parseYaml(text: string): Yaml {
  const lines: Line[] = []
  for (const [at, raw] of text.split('\n').entries()) {
    const bare = withoutComment(raw).trimEnd()
    if (bare.trim() === '' || bare === '---') continue
    if (/^ *\t/.test(bare)) throw new YamlFault(at + 1, 'tabs are not allowed for indent')
    const indent = bare.length - bare.trimStart().length
    lines.push({ number: at + 1, indent, text: bare.trimStart() })
  }
  if (lines.length === 0) return {}
  const [value, next] = block(lines, 0, (lines[0] as Line).indent, 0)
  const rest = lines[next]
  if (rest !== undefined) throw new YamlFault(rest.number, 'inconsistent indentation')
  return value
}

const MAX_DEPTH = 16

function block(lines: readonly Line[], from: number, indent: number, depth: number): [Yaml, number] {
  const first = lines[from] as Line
  if (depth > MAX_DEPTH) throw new YamlFault(first.number, 'nested too deeply')
  return first.text === '-' || first.text.startsWith('- ') ? list(lines, from, indent, depth) : map(lines, from, indent, depth)
}

function list(lines: readonly Line[], from: number, indent: number, depth: number): [Yaml[], number] {
  const found: Yaml[] = []
  let at = from
  for (let line = lines[at]; line !== undefined && line.indent === indent && /^-( |$)/.test(line.text); line = lines[at]) {
    const rest = line.text.slice(1).trimStart()
    if (rest === '') {
      const [value, next] = nested(lines, at, indent + 1, depth)
      found.push(value)
      at = next
    } else if (isPair(rest)) {
      // A map that begins on the line of its dash: what follows stands below its first key.
      const inner = indent + line.text.length - rest.length
      const shifted = [...lines.slice(0, at), { number: line.number, indent: inner, text: rest }, ...lines.slice(at + 1)]
      const [value, next] = map(shifted, at, inner, depth + 1)
      found.push(value)
      at = next
    } else {
      found.push(scalar(rest, line.number))
      at++
    }
  }
  return [found, at]
}

function map(lines: readonly Line[], from: number, indent: number, depth: number): [{ [key: string]: Yaml }, number] {
  const found: { [key: string]: Yaml } = {}
  let at = from
  for (let line = lines[at]; line !== undefined && line.indent === indent && !/^-( |$)/.test(line.text); line = lines[at]) {
    const [, quoted, plain, rest = ''] = /^(?:"([^"]*)"|([^:"'{[\s][^:]*?))\s*:(?:\s+(.*))?$/.exec(line.text) ?? []
    const key = quoted ?? plain
    if (key === undefined) throw new YamlFault(line.number, "could not find expected ':'")
    if (rest.trim() !== '') {
      found[key] = scalar(rest.trim(), line.number)
      at++
      continue
    }
    const [value, next] = nested(lines, at, indent, depth)
    found[key] = value
    at = next
  }
  const after = lines[at]
  if (after !== undefined && after.indent > indent) throw new YamlFault(after.number, 'inconsistent indentation')
  return [found, at]
}

/** What stands below a line: a list may stand as far to the left as the key that it belongs to. */
function nested(lines: readonly Line[], at: number, indent: number, depth: number): [Yaml, number] {
  const next = lines[at + 1]
  if (next === undefined) return ['', at + 1]
  const dash = /^-( |$)/.test(next.text)
  if (next.indent > indent || (dash && next.indent === indent)) return block(lines, at + 1, next.indent, depth + 1)
  return ['', at + 1]
}

const isPair = (text: string): boolean => /^("[^"]*"|[^:"'{[\s][^:]*?)\s*:(\s|$)/.test(text)

function scalar(text: string, line: number): Yaml {
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) throw new YamlFault(line, "did not find expected ',' or ']'")
    const inside = text.slice(1, -1).trim()
    return inside === '' ? [] : inside.split(',').map((one) => scalar(one.trim(), line))
  }
  if (text === '{}') return {}
  if (text.startsWith('{')) throw new YamlFault(line, 'a map in braces is real YAML, but not read here')
  const [, double, single] = /^(?:"([^"]*)"|'([^']*)')$/.exec(text) ?? []
  return double ?? single ?? text
}

function withoutComment(line: string): string {
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const c = line[at] as string
    if (quote !== '') {
      if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '#' && (at === 0 || /\s/.test(line[at - 1] as string))) return line.slice(0, at)
  }
  return line
}
