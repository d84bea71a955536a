import { type Io, noIpv6, notSimulated } from './io.ts'

/** Options of a command in the manner of getopt. Letters and long names that exist but do nothing here are said so. */
export type Spec = {
  /** Letters without a value. */
  readonly flags?: string
  /** Letters with one. */
  readonly values?: string
  /** Letters of the real command that are not simulated. */
  readonly real?: string
  /** Long names: `name` or `name=` when it takes a value, and the letter each stands for. */
  readonly long?: { readonly [name: string]: string }
  /** Long names of the real command that are not simulated. */
  readonly realLong?: readonly string[]
  /** Options end at the first operand. */
  readonly strict?: boolean
  /** Exit status for a wrong option; 1 when left out. */
  readonly status?: number
}

export type Options = {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** Programs of GNU's core utilities, which point to their help after a wrong option. */
const GNU: ReadonlySet<string> = new Set(
  'basename cat chmod chown comm cp cut date df dirname du env groups head hostname id ln ls mkdir mktemp mv nl nproc paste readlink realpath rm rmdir seq sort stat sync tac tail tee touch tr tty uname uniq uptime wc who whoami base64 arch logname nohup printenv sleep timeout yes'.split(
    ' ',
  ),
)

/** Complains of a word that is no option; answers the exit status. */
export function wrongOption(name: string, arg: string, io: Io, status = 1): number {
  const what = arg.startsWith('--') ? `unrecognized option '${arg}'` : `invalid option -- '${arg.charAt(1)}'`
  io.err(`${name}: ${what}\n${GNU.has(name) ? `Try '${name} --help' for more information.\n` : ''}`)
  return status
}

/** Parses, or prints what is wrong and answers the exit status. */
export function parseOptions(name: string, args: readonly string[], spec: Spec, io: Io): Options | number {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const operands: string[] = []
  const fail = (text: string, wrong = true) => {
    io.err(wrong && GNU.has(name) ? `${text}Try '${name} --help' for more information.\n` : text)
    return spec.status ?? 1
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--') {
      operands.push(...args.slice(i + 1))
      break
    }
    if (arg.startsWith('--')) {
      const [word = '', given] = splitOnce(arg.slice(2))
      if (arg === '--help') {
        io.out(helpText(name, spec))
        return 0
      }
      const letter = named(spec, word)
      if (letter !== undefined) {
        if (given !== undefined) return fail(`${name}: option '--${word}' doesn't allow an argument\n`)
        flags.add(letter)
        continue
      }
      const valued = named(spec, `${word}=`)
      if (valued === undefined) {
        if (spec.realLong?.includes(word)) return fail(notSimulated(`${name}: option --${word}`), false)
        return fail(`${name}: unrecognized option '${arg}'\n`)
      }
      const value = given ?? args[++i]
      if (value === undefined) return fail(`${name}: option '--${word}' requires an argument\n`)
      values.set(valued, value)
      continue
    }
    if (!arg.startsWith('-') || arg === '-') {
      if (spec.strict) {
        operands.push(...args.slice(i))
        break
      }
      operands.push(arg)
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at)
      if (spec.flags?.includes(letter)) flags.add(letter)
      else if (spec.values?.includes(letter)) {
        const value = at + 1 < arg.length ? arg.slice(at + 1) : args[++i]
        if (value === undefined) return fail(`${name}: option requires an argument -- '${letter}'\n`)
        values.set(letter, value)
        break
      } else if (letter === '6' && spec.real?.includes(letter)) return fail(`${noIpv6(`${name} -6`)}\n`, false)
      else if (spec.real?.includes(letter)) return fail(notSimulated(`${name}: option -${letter}`), false)
      else return fail(`${name}: invalid option -- '${letter}'\n`)
    }
  }
  return { flags, values, operands }
}

/** What `--help` answers: what works here, and what the real command has too. */
function helpText(name: string, spec: Spec): string {
  const long = Object.keys(spec.long ?? {}).map((word) => `--${word.replace('=', '=VALUE')}`)
  const works = [
    ...[...(spec.flags ?? '')].map((one) => `-${one}`),
    ...[...(spec.values ?? '')].map((one) => `-${one} VALUE`),
    ...long,
  ]
  const real = [...[...new Set(spec.real ?? '')].map((one) => `-${one}`), ...(spec.realLong ?? []).map((word) => `--${word}`)]
  return [
    `Usage: ${name} ${works.length === 0 ? '' : '[OPTION]... '}[OPERAND]...`,
    ...(works.length === 0 ? [] : [`Options: ${works.join(' ')}`]),
    ...(real.length === 0 ? [] : [`Real, not simulated here yet: ${real.filter((one) => one !== '--help').join(' ')}`]),
    '',
  ].join('\n')
}

const named = (spec: Spec, word: string): string | undefined =>
  spec.long && Object.hasOwn(spec.long, word) ? spec.long[word] : undefined

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** A whole number within bounds, or undefined. */
export function wholeNumber(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}
