/** Options of programs that repeat some of them: every one in its order, by its long name. */
export type Table = {
  /** Long names, with `=` behind those that take a value, and the letter that means the same. */
  readonly known: { readonly [name: string]: string }
  /** Names and letters of the real program that are not simulated, written the same way. */
  readonly real: { readonly [name: string]: string }
}

export type Given = { readonly name: string; readonly value: string }
export type Parsed =
  | { readonly ok: true; readonly given: readonly Given[]; readonly operands: readonly string[] }
  | { readonly ok: false; readonly fault: 'unknown' | 'no-value' | 'real'; readonly option: string }

type Entry = { readonly name: string; readonly valued: boolean; readonly real: boolean }

function entries(table: Table): { readonly long: Map<string, Entry>; readonly short: Map<string, Entry> } {
  const long = new Map<string, Entry>()
  const short = new Map<string, Entry>()
  for (const [list, real] of [
    [table.known, false],
    [table.real, true],
  ] as const) {
    for (const [text, letter] of Object.entries(list)) {
      const entry = { name: text.replace('=', ''), valued: text.endsWith('='), real }
      long.set(entry.name, entry)
      if (letter !== '') short.set(letter, entry)
    }
  }
  return { long, short }
}

export function getopt(args: readonly string[], table: Table): Parsed {
  const { long, short } = entries(table)
  const given: Given[] = []
  const operands: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === '--') {
      operands.push(...args.slice(i + 1))
      break
    }
    if (arg === '-' || !arg.startsWith('-')) {
      operands.push(arg)
      continue
    }
    if (arg.startsWith('--')) {
      const cut = arg.indexOf('=')
      const word = cut < 0 ? arg.slice(2) : arg.slice(2, cut)
      const entry = long.get(word)
      if (entry === undefined) return { ok: false, fault: 'unknown', option: arg }
      if (entry.real) return { ok: false, fault: 'real', option: `--${word}` }
      const value = !entry.valued ? '' : cut >= 0 ? arg.slice(cut + 1) : args[++i]
      if (value === undefined) return { ok: false, fault: 'no-value', option: arg }
      given.push({ name: entry.name, value })
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at)
      const entry = short.get(letter)
      if (entry === undefined) return { ok: false, fault: 'unknown', option: `-${letter}` }
      if (entry.real) return { ok: false, fault: 'real', option: `-${letter}` }
      if (!entry.valued) {
        given.push({ name: entry.name, value: '' })
        continue
      }
      const value = at + 1 < arg.length ? arg.slice(at + 1) : args[++i]
      if (value === undefined) return { ok: false, fault: 'no-value', option: `-${letter}` }
      given.push({ name: entry.name, value })
      break
    }
  }
  return { ok: true, given, operands }
}

/** The last value of an option, or undefined. */
export const lastOf = (given: readonly Given[], name: string): string | undefined =>
  given.filter((one) => one.name === name).at(-1)?.value
export const allOf = (given: readonly Given[], name: string): string[] =>
  given.filter((one) => one.name === name).map(({ value }) => value)
export const has = (given: readonly Given[], name: string): boolean => given.some((one) => one.name === name)
