// Functions that awk brings.
import { AwkFault } from './lexer.ts'
import { type Cells, Given, general, Machine, numberOf, type Value } from './machine.ts'

type Frame = { readonly machine: Machine }
type Expr<F> = (frame: F) => Value
type Argument<F> = {
  readonly value: Expr<F>
  readonly place?: { readonly get: Expr<F>; readonly set: (frame: F, value: Value) => Value }
  readonly regex?: string
}

const NAMES = [
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'match',
  'sprintf',
  'toupper',
  'tolower',
  'int',
  'sqrt',
  'rand',
  'srand',
  'systime',
]
const REAL = ['sin', 'cos', 'atan2', 'exp', 'log', 'system', 'close', 'fflush', 'strftime', 'gensub', 'tolower', 'asort']

export const functions = {
  has: (name: string): boolean => NAMES.includes(name) || REAL.includes(name),

  call<F extends Frame>(
    name: string,
    given: readonly Argument<F>[],
    arrayOf: (one: never) => ((frame: F) => Cells) | undefined,
  ): Expr<F> {
    if (!NAMES.includes(name)) {
      if (name === 'close' || name === 'fflush') return () => 0
      throw new AwkFault(`the function ${name} is real, but not simulated here yet`)
    }
    const [a, b, c] = given
    const text = (one: Argument<F> | undefined, frame: F) => frame.machine.text(one ? one.value(frame) : frame.machine.field(0))
    const pattern = (one: Argument<F> | undefined, frame: F) => frame.machine.matcher(one?.regex ?? text(one, frame))
    const number = (one: Argument<F> | undefined, frame: F) => numberOf(one?.value(frame))
    const cells = (one: Argument<F> | undefined) => arrayOf(one as never)
    switch (name) {
      case 'length': {
        const array = cells(a)
        return (frame) => {
          const value = a?.value(frame)
          if (a && value === undefined && array) return array(frame).size
          return [...text(a, frame)].length
        }
      }
      case 'substr':
        return (frame) => {
          const letters = [...text(a, frame)]
          const from = Math.round(number(b, frame))
          const end = c ? from + Math.round(number(c, frame)) : Number.POSITIVE_INFINITY
          return letters.slice(Math.max(0, from - 1), Math.max(0, end - 1)).join('')
        }
      case 'index':
        return (frame) => text(a, frame).indexOf(text(b, frame)) + 1
      case 'split': {
        const array = cells(b)
        if (!array) throw new AwkFault('split: the second argument must be an array')
        return (frame) => {
          const { machine } = frame
          const whole = text(a, frame)
          const parts =
            c?.regex !== undefined
              ? whole === ''
                ? []
                : machine.cutBy(whole, machine.matcher(c.regex))
              : machine.cut(whole, c ? text(c, frame) : machine.text(machine.get('FS')))
          const found = array(frame)
          found.clear()
          for (const [i, part] of parts.entries()) Machine.put(found, String(i + 1), new Given(part))
          return parts.length
        }
      }
      case 'sub':
      case 'gsub':
        return (frame) => substitute(name === 'gsub', pattern(a, frame), text(b, frame), c, frame)
      case 'match':
        return (frame) => {
          const whole = text(a, frame)
          const span = pattern(b, frame).find(whole)
          frame.machine.set('RSTART', span ? span.from + 1 : 0)
          frame.machine.set('RLENGTH', span ? span.to - span.from : -1)
          return span ? span.from + 1 : 0
        }
      case 'sprintf':
        return (frame) =>
          format(
            text(a, frame),
            given.slice(1).map((one) => one.value(frame)),
            frame.machine,
          )
      case 'toupper':
        return (frame) => text(a, frame).toUpperCase()
      case 'tolower':
        return (frame) => text(a, frame).toLowerCase()
      case 'int':
        return (frame) => Math.trunc(number(a, frame))
      case 'sqrt':
        return (frame) => Math.sqrt(number(a, frame))
      case 'systime':
        return ({ machine }) => {
          const clock = machine.io.kernel.clock()
          return Math.floor((clock.epochMicros + clock.now) / 1_000_000)
        }
      case 'srand':
        return (frame) => {
          const before = frame.machine.random
          frame.machine.random = Math.trunc(a ? number(a, frame) : 0) >>> 0 || 1
          return before
        }
      default:
        return ({ machine }) => {
          machine.random = (Math.imul(machine.random, 1_103_515_245) + 12_345) >>> 0
          return ((machine.random >>> 8) & 0xffffff) / 0x1000000
        }
    }
  },

  format: (text: string, values: readonly Value[], machine: Machine): string => format(text, values, machine),
}

function substitute<F extends Frame>(
  all: boolean,
  matcher: ReturnType<Machine['matcher']>,
  replacement: string,
  target: Argument<F> | undefined,
  frame: F,
): number {
  const { machine } = frame
  const text = machine.text(target ? target.value(frame) : machine.field(0))
  let [done, at, count] = ['', 0, 0]
  for (let from = 0; from <= text.length; ) {
    const span = matcher.find(text, from)
    if (!span) break
    machine.io.work.step()
    if (span.to === span.from && span.from === at && count > 0) {
      from = span.from + 1
      continue
    }
    count++
    const found = text.slice(span.from, span.to)
    done +=
      text.slice(at, span.from) +
      replacement.replace(/\\\\|\\&|&/g, (mark) => (mark === '&' ? found : mark === '\\&' ? '&' : '\\'))
    machine.made(done)
    at = span.to
    if (!all) break
    from = span.to > span.from ? span.to : span.from + 1
  }
  if (count === 0) return 0
  const changed = machine.made(done + text.slice(at))
  if (target?.place) target.place.set(frame, changed)
  else if (!target) machine.setField(0, changed)
  return count
}

function format(text: string, values: readonly Value[], machine: Machine): string {
  let next = 0
  const done = text.replace(
    /%([-+ #0]*)(\*|\d{1,4})?(?:\.(\*|\d{0,3}))?([a-zA-Z%])/g,
    (all, flags: string, width: string | undefined, given: string | undefined, letter: string) => {
      if (letter === '%') return '%'
      const star = (piece: string | undefined) =>
        piece === '*' ? Math.trunc(numberOf(values[next++])) : piece === undefined ? undefined : Number(piece)
      const [wide, precision] = [Math.min(Math.abs(star(width) ?? 0), 4096), star(given)]
      const value = values[next++]
      let body: string
      let sign = ''
      const number = numberOf(value)
      const signed = (n: number) => (n < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '')
      switch (letter) {
        case 'd':
        case 'i':
          sign = signed(Math.trunc(number))
          body = Number.isFinite(number)
            ? BigInt(Math.abs(Math.trunc(number)))
                .toString()
                .padStart(precision ?? 0, '0')
            : String(number)
          break
        case 'o':
        case 'x':
        case 'X':
        case 'u':
          body = Math.abs(Math.trunc(number)).toString(letter === 'o' ? 8 : letter === 'u' ? 10 : 16)
          if (letter === 'X') body = body.toUpperCase()
          break
        case 'f':
        case 'F':
          sign = signed(number)
          body = Math.abs(number).toFixed(Math.min(precision ?? 6, 100))
          break
        case 'e':
        case 'E':
          sign = signed(number)
          body = Math.abs(number)
            .toExponential(Math.min(precision ?? 6, 100))
            .replace(/e([-+])(\d)$/, 'e$10$2')
          break
        case 'g':
        case 'G':
          sign = signed(number)
          body = general(Math.abs(number), precision ?? 6)
          break
        case 'c':
          body =
            typeof value === 'number'
              ? String.fromCodePoint(Math.min(Math.max(0, Math.trunc(value)), 0x10ffff))
              : ([...machine.text(value)][0] ?? '')
          break
        case 's':
          body = precision === undefined ? machine.text(value) : [...machine.text(value)].slice(0, precision).join('')
          break
        default:
          return all
      }
      if (flags.includes('-')) return (sign + body).padEnd(wide)
      return flags.includes('0') && letter !== 's' && letter !== 'c'
        ? sign + body.padStart(wide - sign.length, '0')
        : (sign + body).padStart(wide)
    },
  )
  return machine.made(done)
}
