/** Options before the object: what all of `ip` goes by. */
export type Global = {
  readonly family: 4 | 6 | undefined
  readonly brief: boolean
  readonly oneLine: boolean
  /** How often -s was said. */
  readonly statistics: number
  readonly details: boolean
  readonly json: boolean
  readonly pretty: boolean
  /** Of `ip monitor`: when it was. */
  readonly stamp: 'long' | 'short' | undefined
}

/** True when `word` is a beginning of `name`, which is all that iproute2 asks for. */
export const begins = (word: string | undefined, name: string): boolean =>
  word !== undefined && word !== '' && name.startsWith(word)

/** The text of a link's block: its lines, or one line with backslashes under `-o`. */
export const block = (lines: readonly string[], global: Global): string => `${lines.join(global.oneLine ? '\\' : '\n')}\n`
