import { complain } from '../bash/faults.ts'
import { escapeWord } from '../bash/quote.ts'
import { refuseOption } from '../bash/usage.ts'
import { isName, setElement, setScalar } from '../bash/variables.ts'
import { momentOf, written } from '../calendar.ts'
import { type Command, type Io, instant } from '../io.ts'
import { unescaped } from './echo.ts'

export const printf: Command = {
  name: 'printf',
  summary: 'prints by a format',
  usage: 'printf [-v NAME] FORMAT [WORD]...',
  builtin: true,
  run: instant(runPrintf),
}

const USAGE = 'printf [-v var] format [arguments]'
const WIDEST = 4096
const MOST_ROUNDS = 10_000

function runPrintf(args: readonly string[], io: Io): number {
  let at = 0
  let name: string | undefined
  if (args[0] === '-v') {
    name = args[1]
    at = 2
    if (name === undefined || !isName(name.replace(/\[.+\]$/s, ''))) {
      if (name === undefined) complain(io, 'printf: -v: option requires an argument')
      else complain(io, `printf: \`${name}': not a valid identifier`)
      if (name === undefined) io.err(`printf: usage: ${USAGE}\n`)
      return 2
    }
  }
  if (args[at] === '--') at++
  else if (/^-./.test(args[at] ?? ''))
    return refuseOption('printf', (args[at] ?? '').startsWith('--') ? '--' : (args[at] ?? '').slice(0, 2), USAGE, io)
  const [format, ...values] = args.slice(at)
  if (format === undefined) {
    io.err(`printf: usage: ${USAGE}\n`)
    return 2
  }
  const writer = new Writer(values, io)
  const text = writer.all(format)
  if (name === undefined) io.out(text)
  else {
    const element = /^(\w+)\[(.+)\]$/s.exec(name)
    if (element) setElement(element[1] ?? '', element[2] ?? '', text, io)
    else setScalar(name, text, io)
  }
  return writer.status
}

type Shape = { readonly flags: string; readonly width: number; readonly precision: number | undefined }

class Writer {
  status = 0
  private at = 0
  private stopped = false
  private readonly values: readonly string[]
  private readonly io: Io

  constructor(values: readonly string[], io: Io) {
    this.values = values
    this.io = io
  }

  /** The format is used again while there are words left. */
  all(format: string): string {
    let text = ''
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const begun = this.at
      this.io.work.step()
      text += this.once(format)
      if (this.stopped || this.at >= this.values.length || this.at === begun) break
    }
    return text
  }

  private once(format: string): string {
    let text = ''
    for (let i = 0; i < format.length && !this.stopped; ) {
      const c = format.charAt(i)
      if (c === '\\') {
        const piece =
          /^\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|.|$)/s.exec(format.slice(i))?.[0] ?? c
        if (piece === '\\c') this.stopped = true
        else text += unescaped(piece, true).text
        i += piece.length
        continue
      }
      if (c !== '%') {
        text += c
        i++
        continue
      }
      const found = /^%(?:%|([-+ #0]*)(\*|\d{1,6})?(?:\.(\*|\d{1,6}|))?(?:\(([^)]*)\))?([a-zA-Z])?)/.exec(format.slice(i))
      const [all = '%', flags = '', width, precision, time, letter] = found ?? []
      i += all.length
      if (all === '%%') text += '%'
      else if (letter === undefined || !'diouxXeEfFgGaAcsbqT'.includes(letter) || (letter === 'T') !== (time !== undefined)) {
        this.complain(
          letter === undefined ? `\`${format.charAt(i)}': missing format character` : `\`${letter}': invalid format character`,
        )
        this.stopped = true
      } else {
        const given = width === '*' ? this.int(this.take() ?? '0') : Number(width ?? '0')
        const exact = precision === '*' ? this.int(this.take() ?? '0') : precision === undefined ? undefined : Number(precision)
        const shape = {
          flags: given < 0 ? `${flags}-` : flags,
          width: Math.min(Math.abs(given), WIDEST),
          precision: exact === undefined || exact < 0 ? undefined : Math.min(exact, WIDEST),
        }
        text += this.one(letter, shape, time)
      }
    }
    return text
  }

  private take(): string | undefined {
    return this.values[this.at++]
  }

  private complain(text: string): void {
    complain(this.io, `printf: ${text}`)
    this.status = 1
  }

  private one(letter: string, shape: Shape, time: string | undefined): string {
    switch (letter) {
      case 's':
      case 'c':
      case 'q': {
        const value = this.take() ?? ''
        const text = letter === 'c' ? ([...value][0] ?? '') : letter === 'q' ? escapeWord(value) : value
        return padded(
          shape.precision === undefined || letter === 'c' ? text : [...text].slice(0, shape.precision).join(''),
          shape,
        )
      }
      case 'b': {
        const { text, cut } = unescaped(this.take() ?? '')
        this.stopped = cut
        return padded(text, shape)
      }
      case 'T':
        return padded(this.date(time ?? ''), shape)
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        return this.whole(letter, shape)
      default:
        return this.fraction(letter, shape)
    }
  }

  private date(format: string): string {
    const clock = this.io.kernel.clock()
    const given = this.take()
    const seconds = given === undefined ? -1 : this.int(given)
    const at = seconds < 0 ? clock.now : seconds * 1_000_000 - clock.epochMicros
    return written(format === '' ? '%X' : format, momentOf(clock, at))
  }

  private int(text: string): number {
    return Number(this.number(text))
  }

  private number(text: string): bigint {
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0)
    const found = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text)
    if (found === null) {
      if (text !== '') this.complain(`${text}: invalid number`)
      return 0n
    }
    if (found[0].length < text.length) this.complain(`${text}: invalid ${/^0[89]/.test(text.trim()) ? 'octal ' : ''}number`)
    const digits = found[2] ?? '0'
    const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
    const most = (1n << 63n) - 1n
    if (value > most) {
      this.complain(`warning: ${text}: Numerical result out of range`)
      return found[1] === '-' ? -most - 1n : most
    }
    return found[1] === '-' ? -value : value
  }

  private whole(letter: string, shape: Shape): string {
    const value = this.number(this.take() ?? '0')
    const signed = letter === 'd' || letter === 'i'
    const plain = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value)
    const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10
    let digits = plain.toString(base)
    if (shape.precision !== undefined) digits = digits.padStart(shape.precision, '0')
    if (shape.flags.includes('#') && plain !== 0n) digits = `${base === 16 ? '0x' : base === 8 ? '0' : ''}${digits}`
    if (letter === 'X') digits = digits.toUpperCase()
    const sign = signed ? (value < 0n ? '-' : shape.flags.includes('+') ? '+' : shape.flags.includes(' ') ? ' ' : '') : ''
    return numeric(sign, digits, shape.precision === undefined ? shape : { ...shape, flags: shape.flags.replaceAll('0', '') })
  }

  private fraction(letter: string, shape: Shape): string {
    const text = this.take() ?? '0'
    const quoted = /^["']/.test(text)
    const found = /^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf(inity)?|nan)/i.exec(text)
    if (!quoted && (found === null ? text !== '' : found[0].length < text.length)) this.complain(`${text}: invalid number`)
    const value = quoted ? (text.codePointAt(1) ?? 0) : Number((found?.[0] ?? '0').replace(/inf(inity)?/i, 'Infinity'))
    const sign = value < 0 ? '-' : shape.flags.includes('+') ? '+' : shape.flags.includes(' ') ? ' ' : ''
    const plain = Math.abs(value)
    const upper = letter === letter.toUpperCase()
    const body = Number.isFinite(plain) ? decimal(plain, letter.toLowerCase(), shape) : Number.isNaN(plain) ? 'nan' : 'inf'
    return numeric(sign, upper ? body.toUpperCase() : body, shape)
  }
}

/** A positive number by `%f`, `%e` or `%g`. */
function decimal(value: number, letter: string, { precision = 6, flags }: Shape): string {
  const most = Math.min(precision, 100)
  if (letter === 'f') return value < 1e21 ? value.toFixed(most) : String(BigInt(Math.round(value)))
  const exponential = (digits: number) =>
    value.toExponential(digits).replace(/e([-+])(\d)$/, (_all, sign: string, digit: string) => `e${sign}0${digit}`)
  if (letter === 'e') return exponential(most)
  const digits = most === 0 ? 1 : most
  const power = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1])
  const text = power < -4 || power >= digits ? exponential(digits - 1) : value.toFixed(Math.min(100, digits - 1 - power))
  return flags.includes('#') || !text.includes('.') ? text : text.replace(/\.?0+(?=$|e)/, '')
}

const padded = (text: string, { flags, width }: Shape): string =>
  flags.includes('-') ? text.padEnd(width) : text.padStart(width)

const numeric = (sign: string, digits: string, shape: Shape): string =>
  shape.flags.includes('0') && !shape.flags.includes('-')
    ? sign + digits.padStart(shape.width - sign.length, '0')
    : padded(sign + digits, shape)
