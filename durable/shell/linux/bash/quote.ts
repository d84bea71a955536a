/** A word as it would have to be typed: `'it'\''s'`; control characters as `$'\n'`. `always`: in quotes even when it needs none. */
export function quoteWord(text: string, always = false): string {
  if (/[\x00-\x1f\x7f]/.test(text)) return ansiQuote(text)
  if (!always && /^[\w@%+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", "'\\''")}'`
}

const ESCAPES: { readonly [c: string]: string } = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\v': '\\v',
}

const ansiQuote = (text: string): string =>
  `$'${[...text]
    .map(
      (c) =>
        ESCAPES[c] ??
        (c === "'" || c === '\\' ? `\\${c}` : c < ' ' || c === '\x7f' ? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}` : c),
    )
    .join('')}'`

/** A value in double quotes, as `declare -p` writes it. */
export const quoteValue = (text: string): string =>
  /[\x00-\x1f\x7f]/.test(text) ? ansiQuote(text) : `"${text.replace(/["\\$`]/g, '\\$&')}"`

/** `printf %q`: backslashes before what means something. */
export const escapeWord = (text: string): string =>
  text === ''
    ? "''"
    : /[\x00-\x1f\x7f]/.test(text)
      ? ansiQuote(text)
      : text.replace(/[^\w@%+=:./-]/g, (c) => (c > '\x7f' ? c : `\\${c}`))
