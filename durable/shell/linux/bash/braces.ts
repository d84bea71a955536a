// Brace expansion: text to texts, before anything else is looked at (bash manual, 3.5.1).

const MOST = 4_096

/** What `a{b,c}` becomes; undefined when it would be too much. */
export function expandBraces(text: string): string[] | undefined {
  try {
    return expand(text)
  } catch (fault) {
    if (fault instanceof RangeError) return undefined
    throw fault
  }
}

function expand(text: string): string[] {
  for (let at = 0; at < text.length; at = skip(text, at)) {
    if (text.charAt(at) !== '{' || text.charAt(at - 1) === '$') continue
    const end = closing(text, at)
    if (end < 0) continue
    const options = optionsOf(text.slice(at + 1, end))
    if (options === undefined) continue
    const before = text.slice(0, at)
    const after = expand(text.slice(end + 1))
    if (options.length * after.length > MOST) throw new RangeError()
    return options.flatMap((option) => after.map((rest) => before + option + rest))
  }
  return [text]
}

/** The next place to look at: quotes, escapes and `${...}`, `$(...)` are passed over. */
function skip(text: string, at: number): number {
  const c = text.charAt(at)
  if (c === '\\') return at + 2
  if (c === "'" || c === '"' || c === '`') {
    for (let end = at + 1; end < text.length; end++) {
      if (text.charAt(end) === '\\' && c !== "'") end++
      else if (text.charAt(end) === c) return end + 1
    }
    return text.length
  }
  if (c === '$' && (text.charAt(at + 1) === '{' || text.charAt(at + 1) === '(')) {
    const [open, close] = text.charAt(at + 1) === '{' ? ['{', '}'] : ['(', ')']
    let depth = 0
    for (let end = at + 1; end < text.length; end++) {
      if (text.charAt(end) === '\\') end++
      else if (text.charAt(end) === open) depth++
      else if (text.charAt(end) === close && --depth === 0) return end + 1
    }
  }
  return at + 1
}

function closing(text: string, begin: number): number {
  let depth = 0
  for (let at = begin; at < text.length; ) {
    const c = text.charAt(at)
    if (c === '{') depth++
    else if (c === '}' && --depth === 0) return at
    at = c === '{' || c === '}' ? at + 1 : skip(text, at)
  }
  return -1
}

function optionsOf(inner: string): string[] | undefined {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (let at = 0; at < inner.length; ) {
    const c = inner.charAt(at)
    if (c === '{') depth++
    else if (c === '}') depth--
    else if (c === ',' && depth === 0) {
      parts.push(inner.slice(from, at))
      from = at + 1
    }
    at = '{},'.includes(c) ? at + 1 : skip(inner, at)
  }
  if (parts.length === 0) return sequence(inner)
  const found: string[] = []
  for (const part of [...parts, inner.slice(from)]) {
    found.push(...expand(part))
    if (found.length > MOST) throw new RangeError()
  }
  return found
}

function sequence(inner: string): string[] | undefined {
  const found = /^(-?\d{1,15}|[A-Za-z])\.\.(-?\d{1,15}|[A-Za-z])(?:\.\.(-?\d{1,9}))?$/.exec(inner)
  if (!found) return undefined
  const [, a = '', b = '', given] = found
  const letters = /^[A-Za-z]$/.test(a)
  if (letters !== /^[A-Za-z]$/.test(b)) return undefined
  const [first, last] = letters ? [a.charCodeAt(0), b.charCodeAt(0)] : [Number(a), Number(b)]
  const step = Math.abs(Number(given ?? '1')) || 1
  if (Math.abs(last - first) / step > MOST) throw new RangeError()
  const padded = [a, b].some((each) => /^-?0\d/.test(each)) ? Math.max(a.length, b.length) : 0
  const items: string[] = []
  for (let n = first; first <= last ? n <= last : n >= last; n += first <= last ? step : -step) {
    items.push(letters ? String.fromCharCode(n) : pad(n, padded))
  }
  return items
}

const pad = (n: number, width: number): string =>
  n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0')
