/** PowerShell wildcards `* ? [a-z]`, without regard to case; linear: one remembered star, no recursion. */
export function wildcard(pattern: string, ignoreCase = true): (text: string) => boolean {
  const tokens = tokensOf(ignoreCase ? pattern.toLowerCase() : pattern)
  return (raw) => {
    const text = ignoreCase ? raw.toLowerCase() : raw
    let t = 0
    let p = 0
    let star = -1
    let mark = 0
    while (t < text.length) {
      const token = tokens[p]
      if (token === '*') {
        star = p++
        mark = t
      } else if (token !== undefined && matches(token, text[t])) {
        p++
        t++
      } else if (star >= 0) {
        p = star + 1
        t = ++mark
      } else return false
    }
    while (tokens[p] === '*') p++
    return p === tokens.length
  }
}

type Token =
  | '*'
  | { readonly any: true }
  | { readonly char: string }
  | { readonly ranges: readonly (readonly [string, string])[] }

export const hasWildcard = (text: string): boolean => /[*?[]/.test(text)

function matches(token: Exclude<Token, '*'>, c: string): boolean {
  if ('any' in token) return true
  if ('char' in token) return token.char === c
  return token.ranges.some(([low, high]) => c >= low && c <= high)
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]
    if (c === '*') {
      if (tokens[tokens.length - 1] !== '*') tokens.push('*')
    } else if (c === '?') tokens.push({ any: true })
    else if (c === '`' && i + 1 < pattern.length) tokens.push({ char: pattern[++i] })
    else if (c === '[' && pattern.indexOf(']', i + 2) > 0) {
      const end = pattern.indexOf(']', i + 2)
      const ranges: [string, string][] = []
      for (let j = i + 1; j < end; j++) {
        if (pattern[j + 1] === '-' && j + 2 < end) {
          ranges.push([pattern[j], pattern[j + 2]])
          j += 2
        } else ranges.push([pattern[j], pattern[j]])
      }
      tokens.push({ ranges })
      i = end
    } else tokens.push({ char: c })
  }
  return tokens
}
