// Words of awk (POSIX.1-2017 awk, grammar and lexical conventions).

export class AwkFault extends Error {}

export type Token = {
  readonly kind: 'number' | 'string' | 'regex' | 'name' | 'call' | 'word' | 'mark' | 'line' | 'end'
  readonly text: string
  readonly line: number
}

const WORDS: ReadonlySet<string> = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
)
const MARKS = '{ } ( ) [ ] ; , + - * / % ^ ! > < | ? : ~ $ = += -= *= /= %= ^= == <= >= != ++ -- && || >> !~ ** **='
  .split(' ')
  .sort((a, b) => b.length - a.length)

export function tokens(text: string): Token[] {
  const found: Token[] = []
  let [at, line] = [0, 1]
  const add = (kind: Token['kind'], word: string) => void found.push({ kind, text: word, line })
  while (at < text.length) {
    const c = text.charAt(at)
    const rest = text.slice(at, at + 300)
    if (c === ' ' || c === '\t' || c === '\r') at++
    else if (c === '\\' && text.charAt(at + 1) === '\n') {
      at += 2
      line++
    } else if (c === '\n') {
      add('line', '\n')
      at++
      line++
    } else if (c === '#') while (at < text.length && text.charAt(at) !== '\n') at++
    else if (c === '"') {
      const { value, end } = quoted(text, at + 1, '"', line)
      add('string', value)
      at = end
    } else if (c === '/' && regexMayStand(found.at(-1))) {
      const { value, end } = regex(text, at + 1, line)
      add('regex', value)
      at = end
    } else if (/[\d.]/.test(c) && /^(\d+\.?\d*|\.\d+)/.test(rest)) {
      const word = /^(0[xX][0-9a-fA-F]+|(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)/.exec(rest)?.[0] ?? c
      add('number', word)
      at += word.length
    } else if (/[A-Za-z_]/.test(c)) {
      const word = /^\w+/.exec(rest)?.[0] ?? c
      at += word.length
      if (WORDS.has(word)) add('word', word === 'func' ? 'function' : word)
      else add(text.charAt(at) === '(' ? 'call' : 'name', word)
    } else {
      const mark = MARKS.find((each) => rest.startsWith(each))
      if (mark === undefined) throw new AwkFault(`line ${line}: syntax error at or near ${c}`)
      add('mark', mark === '**' ? '^' : mark === '**=' ? '^=' : mark)
      at += mark.length
    }
  }
  add('line', '\n')
  add('end', '')
  return found
}

/** Behind a value a slash divides. */
function regexMayStand(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'mark') return ![')', ']', '$', '++', '--'].includes(before.text)
  return before.kind === 'word' || before.kind === 'line'
}

const ESCAPES = new Map(
  Object.entries({ n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/', a: '\x07', b: '\b', f: '\f', v: '\v' }),
)

function quoted(text: string, from: number, end: string, line: number): { readonly value: string; readonly end: number } {
  let value = ''
  for (let at = from; at < text.length; at++) {
    const c = text.charAt(at)
    if (c === end) return { value, end: at + 1 }
    if (c === '\n') break
    if (c !== '\\') value += c
    else {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
      const next = text.charAt(++at)
      if (octal !== undefined) {
        value += String.fromCharCode(Number.parseInt(octal, 8))
        at += octal.length - 1
      } else if (next !== '\n') value += ESCAPES.get(next) ?? `\\${next}`
    }
  }
  throw new AwkFault(`line ${line}: runaway string constant "${value.slice(0, 20)} ...`)
}

function regex(text: string, from: number, line: number): { readonly value: string; readonly end: number } {
  let value = ''
  for (let at = from; at < text.length && text.charAt(at) !== '\n'; at++) {
    const c = text.charAt(at)
    if (c === '/') return { value, end: at + 1 }
    if (c === '\\' && text.charAt(at + 1) === '/') value += text.charAt(++at)
    else if (c === '\\') value += c + text.charAt(++at)
    else value += c
  }
  throw new AwkFault(`line ${line}: runaway regular expression /${value.slice(0, 20)} ...`)
}
