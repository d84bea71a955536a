/** `-n 4` and `/n 4`: what a program's option table makes of its arguments; a string is the option it does not know. */
export type Options = {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly words: readonly string[]
}

export type OptionFault = { readonly unknown: string } | { readonly missing: string }

export function readOptions(args: readonly string[], flagLetters: string, valueLetters: string): Options | OptionFault {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const words: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (!/^[-/]./.test(arg)) {
      words.push(arg)
      continue
    }
    const letter = arg.slice(1)
    const name = flagLetters.includes(letter) || valueLetters.includes(letter) ? letter : letter.toLowerCase()
    if (letter.length === 1 && flagLetters.includes(name)) flags.add(name)
    else if (letter.length === 1 && valueLetters.includes(name)) {
      if (args[i + 1] === undefined) return { missing: arg }
      values.set(name, args[++i])
    } else return { unknown: arg }
  }
  return { flags, values, words }
}

/** A whole number within limits, undefined otherwise. */
export function whole(text: string, low: number, high: number): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined
  const value = Number(text)
  return value >= low && value <= high ? value : undefined
}
