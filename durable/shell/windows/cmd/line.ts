// How cmd.exe reads a line: variables first, then operators, quotes and the caret.

export type Redirect = { readonly stream: 0 | 1 | 2; readonly target: string; readonly append: boolean }
/** `tail` is what stands behind the name, as it was typed; programs make words of it, `echo` does not. */
export type Simple = { readonly name: string; readonly tail: string; readonly redirects: readonly Redirect[] }
/** How a pipeline follows the one before it. */
export type Step = { readonly after: '&' | '&&' | '||'; readonly pipeline: readonly Simple[] }
export type Parsed = { readonly steps: readonly Step[] } | { readonly fault: string }

/** `%NAME%` and `%NAME:~0,3%`; a name that stands for nothing stays as it is, as at the prompt. */
export const expanded = (line: string, value: (name: string) => string | undefined): string =>
  line.replace(/%([^%:]+)(?::~(-?\d{1,5})(?:,(-?\d{1,5}))?)?%/g, (whole, name: string, from?: string, length?: string) => {
    const found = value(name)
    if (found === undefined) return whole
    if (from === undefined) return found
    const rest = found.slice(Number(from))
    return length === undefined ? rest : rest.slice(0, Number(length))
  })

type Token = { readonly kind: 'text' | 'operator' | 'redirect'; readonly text: string }

/** Names end at these, and where an operator begins. */
const ENDS_NAME = /^[^\s,;=()"]+|^"[^"]*"/
/** Words that are the shell's own end at marks that names of files may have: `cd..`, `dir/w`, `echo.`. */
const OWN = /^(echo|cd|chdir|dir|type|set|md|mkdir|rd|rmdir|del|erase|cls|exit|rem|copy|move|ren|rename)(?=[.\\/:+[\]])/i

const MOST_TOKENS = 500

export function parseLine(line: string): Parsed {
  const tokens = tokensOf(line)
  if (tokens === undefined) return { fault: 'The input line is too long.' }
  const steps: { after: Step['after']; pipeline: Simple[] }[] = []
  let after: Step['after'] = '&'
  let pipeline: Simple[] = []
  let body = ''
  let redirects: Redirect[] = []
  let wanted = false
  const finish = (): boolean => {
    const simple = simpleOf(body, redirects)
    if (simple === undefined) return false
    pipeline.push(simple)
    body = ''
    redirects = []
    return true
  }
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text } = tokens[i] as Token
    if (kind === 'text') body += text
    else if (kind === 'redirect') {
      const [, number, mark, copy] = /^(\d?)([<>]+)(&\d)?$/.exec(text) ?? []
      const stream = number === '' || number === undefined ? (mark === '<' ? 0 : 1) : Number(number)
      if (stream > 2) return { fault: 'The handle could not be duplicated during redirection.' }
      const next = tokens[i + 1]
      const target = copy ?? (next?.kind === 'text' ? (ENDS_NAME.exec(next.text.trimStart())?.[0] ?? '') : '')
      if (target === '')
        return { fault: `${next === undefined ? 'The syntax of the command is incorrect.' : unexpected(next.text)}` }
      if (copy === undefined && next !== undefined) {
        const rest = next.text.trimStart().slice(target.length)
        tokens[i + 1] = { kind: 'text', text: rest }
      }
      redirects.push({ stream: stream as 0 | 1 | 2, target: target.replaceAll('"', ''), append: mark === '>>' })
    } else if (text === '|') {
      if (!finish()) return { fault: unexpected(text) }
      wanted = true
      continue
    } else {
      if (!finish()) return { fault: unexpected(text) }
      steps.push({ after, pipeline })
      pipeline = []
      after = text as Step['after']
      wanted = text !== '&'
      continue
    }
    wanted = wanted && kind === 'text' && text.trim() === ''
  }
  const ended = finish()
  if (!ended && (wanted || pipeline.length > 0)) return { fault: 'The syntax of the command is incorrect.' }
  if (pipeline.length > 0) steps.push({ after, pipeline })
  return { steps }
}

const unexpected = (text: string): string => `${text.trim()} was unexpected at this time.`

function tokensOf(line: string): Token[] | undefined {
  const tokens: Token[] = []
  let text = ''
  let quoted = false
  const end = (): void => {
    if (text !== '') tokens.push({ kind: 'text', text })
    text = ''
  }
  for (let i = 0; i < line.length; ) {
    const rest = line.slice(i, i + 4)
    const redirect = quoted ? null : /^(>>|>|<)(&[0-9])?/.exec(rest)
    const numbered = quoted || !/(^|\s)$/.test(text) ? null : /^[0-9](>>|>|<)(&[0-9])?/.exec(rest)
    const operator = quoted ? null : /^(\|\||&&|\||&)/.exec(rest)
    const c = line[i] as string
    if (c === '^' && !quoted && i + 1 < line.length) {
      text += line[i + 1]
      i += 2
      continue
    }
    const found = numbered ?? redirect ?? operator
    if (found) {
      end()
      tokens.push({ kind: found === operator ? 'operator' : 'redirect', text: found[0] })
      i += found[0].length
      if (tokens.length > MOST_TOKENS) return undefined
      continue
    }
    if (c === '"') quoted = !quoted
    text += c
    i++
  }
  end()
  return tokens
}

function simpleOf(body: string, redirects: readonly Redirect[]): Simple | undefined {
  const text = body.replace(/^[\s,;=@]+/, '')
  if (text === '') return undefined
  const name = OWN.exec(text)?.[0] ?? ENDS_NAME.exec(text)?.[0] ?? text[0] ?? ''
  return { name: name.replaceAll('"', ''), tail: text.slice(name.length), redirects }
}

/** The words of a program, as the C runtime splits its command line. */
export function wordsOf(tail: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quoted = false
  for (const c of tail) {
    if (c === '"') {
      quoted = !quoted
      word ??= ''
    } else if (/\s/.test(c) && !quoted) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + c
  }
  if (word !== undefined) words.push(word)
  return words
}
