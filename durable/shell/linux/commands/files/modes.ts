// Permission bits, as chmod takes and ls shows them.

/** Octal digits or `u+x,go-w`; undefined: neither. */
export function parseMode(text: string, before: number, directory: boolean): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8)
  let mode = before
  for (const clause of text.split(',')) {
    const found = /^([ugoa]*)([-+=][rwxXst]*)+$/.exec(clause)
    if (!found) return undefined
    const who = found[1] === '' || found[1]?.includes('a') ? 'ugo' : (found[1] ?? '')
    for (const [, sign, letters = ''] of clause.matchAll(/([-+=])([rwxXst]*)/g)) {
      let bits = 0
      for (const letter of letters) {
        const x = letter === 'x' || (letter === 'X' && (directory || (mode & 0o111) !== 0))
        const one = letter === 'r' ? 4 : letter === 'w' ? 2 : x ? 1 : 0
        for (const each of who) bits |= one << (each === 'u' ? 6 : each === 'g' ? 3 : 0)
        if (letter === 't') bits |= 0o1000
        if (letter === 's') bits |= (who.includes('u') ? 0o4000 : 0) | (who.includes('g') ? 0o2000 : 0)
      }
      if (sign === '-') mode &= ~bits
      else if (sign === '+') mode |= bits
      else {
        for (const each of who) mode &= ~(7 << (each === 'u' ? 6 : each === 'g' ? 3 : 0))
        mode |= bits
      }
    }
  }
  return mode
}

/** `drwxr-xr-x`. */
export function modeText(kind: 'file' | 'directory' | 'link', mode: number): string {
  const three = (bits: number) => `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`
  let text = three(mode >> 6) + three(mode >> 3) + three(mode)
  const special = (at: number, bit: number, letter: string) => {
    if (!(mode & bit)) return
    text = text.slice(0, at) + (text.charAt(at) === 'x' ? letter : letter.toUpperCase()) + text.slice(at + 1)
  }
  special(2, 0o4000, 's')
  special(5, 0o2000, 's')
  special(8, 0o1000, 't')
  return `${kind === 'directory' ? 'd' : kind === 'link' ? 'l' : '-'}${text}`
}
