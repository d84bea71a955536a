// Variables: scalars, arrays, attributes, and those that the shell computes.
import type { Io } from '../io.ts'
import { type BashArray, type Session, SHELL_PID } from '../session.ts'
import { ArithmeticFault, evaluate, type Numbers } from './arithmetic.ts'
import { ShellFault } from './faults.ts'
import { remember } from './memory.ts'

export const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text)

const LONGEST_VALUE = 65_536

/** A parameter's value: one text, or several for `@` and `*`. Undefined: not set. */
export function scalar(name: string, io: Io): string | undefined {
  const { session } = io
  if (/^\d+$/.test(name)) return name === '0' ? session.zero : session.positional[Number(name) - 1]
  if (name.length === 1) {
    switch (name) {
      case '?':
        return String(session.status)
      case '$':
        return String(SHELL_PID)
      case '#':
        return String(session.positional.length)
      case '!':
        return session.lastJob === undefined ? undefined : String(session.lastJob)
      case '-':
        return flagsOf(session)
      default:
        break
    }
  }
  const value = session.variables.get(name)
  if (value !== undefined) return value
  const array = session.arrays.get(name)
  if (array) return array.items.get('0')
  return computed(name, io)
}

export function flagsOf(session: Session): string {
  const letters = { errexit: 'e', noglob: 'f', nounset: 'u', verbose: 'v', xtrace: 'x', noclobber: 'C' }
  const on = Object.entries(letters).flatMap(([name, letter]) => (session.options.has(name) ? [letter] : []))
  return session.script === undefined && !session.scope.sub ? `${on.join('')}himBHs` : `${on.join('')}hB`
}

function computed(name: string, io: Io): string | undefined {
  const { session } = io
  switch (name) {
    case 'FUNCNAME':
      return session.scope.names.at(-1)
    case 'BASH_VERSINFO':
      return VERSION[0]
    case 'PWD':
      return session.cwd
    case 'RANDOM':
      return String(random(io))
    case 'LINENO':
      return String(session.scope.at.source.slice(0, session.scope.at.position).split('\n').length)
    case 'SECONDS':
      return String(Math.floor((io.kernel.clock().now - session.scope.begun) / 1_000_000))
    case 'EPOCHSECONDS': {
      const clock = io.kernel.clock()
      return String(Math.floor((clock.epochMicros + clock.now) / 1_000_000))
    }
    case 'UID':
    case 'EUID':
      return io.root || session.user === 'root' ? '0' : '1000'
    case 'PPID':
      return '1176'
    case 'BASHPID':
      return String(SHELL_PID)
    case 'BASH':
      return '/bin/bash'
    case 'BASH_VERSION':
      return '5.2.21(1)-release'
    case 'BASH_SUBSHELL':
      return String(session.scope.level)
    case 'SHLVL':
      return '1'
    case 'OSTYPE':
      return 'linux-gnu'
    case 'HOSTTYPE':
      return 'x86_64'
    case 'MACHTYPE':
      return 'x86_64-pc-linux-gnu'
    case 'COLUMNS':
      return '80'
    case 'LINES':
      return '24'
    default:
      return undefined
  }
}

/** Numbers that depend on nothing but the moment of the first and what was assigned: the same line gives the same ones. */
function random(io: Io): number {
  const { session } = io
  const seed = session.random ?? (io.kernel.clock().now % 2_147_483_646) + 1
  session.random = Math.imul(seed, 1_103_515_245) + 12_345
  return (session.random >>> 16) & 0x7fff
}

const VERSION: readonly string[] = ['5', '2', '21', '1', 'release', 'x86_64-pc-linux-gnu']

export function arrayOf(name: string, session: Session): BashArray | undefined {
  const array = session.arrays.get(name)
  if (array) return array
  const value = session.variables.get(name)
  if (value !== undefined) return { keyed: false, items: new Map([['0', value]]) }
  const made = name === 'FUNCNAME' ? [...session.scope.names].reverse() : name === 'BASH_VERSINFO' ? VERSION : []
  return made.length === 0 ? undefined : { keyed: false, items: new Map(made.map((each, i) => [String(i), each])) }
}

/** All elements in order of their subscripts. */
export function entries(array: BashArray): [string, string][] {
  const all = [...array.items]
  return array.keyed ? all : all.sort((a, b) => Number(a[0]) - Number(b[0]))
}

/** The subscript that a text means: a number for an indexed array, negative ones from the end. */
export function subscript(text: string, name: string, io: Io): string {
  const array = io.session.arrays.get(name)
  if (array?.keyed) return text
  const value = Number(arithmetic(text, io))
  if (value >= 0) return String(value)
  const last = array ? Math.max(-1, ...[...array.items.keys()].map(Number)) : io.session.variables.has(name) ? 0 : -1
  if (last + 1 + value < 0) throw new ShellFault(`${name}[${text}]: bad array subscript`)
  return String(last + 1 + value)
}

export function setScalar(name: string, value: string, io: Io): void {
  const { session } = io
  if (session.locked.has(name)) throw new ShellFault(`${name}: readonly variable`, 1, true)
  if (value.length > LONGEST_VALUE) throw new ShellFault(`${name}: a value here has at most ${LONGEST_VALUE} characters`)
  const text = session.whole.has(name) ? String(arithmetic(value, io)) : value
  if (name === 'RANDOM') {
    session.random = Number(arithmetic(value, io) & 0x7fffffffn)
    return
  }
  const array = session.arrays.get(name)
  const before = array ? array.items.get('0') : session.variables.get(name)
  remember(name, text.length + (before === undefined ? name.length : 0), io, before)
  if (array) array.items.set('0', text)
  else session.variables.set(name, text)
  if (session.options.has('allexport')) session.exported.add(name)
}

export function setElement(name: string, index: string, value: string, io: Io, append = false): void {
  const { session } = io
  if (session.locked.has(name)) throw new ShellFault(`${name}: readonly variable`, 1, true)
  let array = session.arrays.get(name)
  if (!array) {
    array = arrayOf(name, session) ?? { keyed: false, items: new Map() }
    session.variables.delete(name)
    session.arrays.set(name, array)
  }
  const key = subscript(index, name, io)
  const before = array.items.get(key)
  const old = before ?? ''
  const whole = session.whole.has(name)
  const text = whole
    ? String(arithmetic(append ? `${old === '' ? 0 : old}+(${value})` : value, io))
    : append
      ? old + value
      : value
  if (text.length > LONGEST_VALUE || array.items.size > 4096) throw new ShellFault(`${name}: an array here is not that large`)
  remember(name, text.length + (before === undefined ? key.length : 0), io, before)
  array.items.set(key, text)
}

/** An array of texts in place of what the name stood for. */
export function setArray(name: string, values: readonly string[], io: Io): void {
  const { session } = io
  if (session.locked.has(name)) throw new ShellFault(`${name}: readonly variable`, 1, true)
  remember(
    name,
    values.reduce((sum, value) => sum + value.length + 16, 0),
    io,
  )
  session.variables.delete(name)
  session.arrays.set(name, { keyed: false, items: new Map(values.map((value, i) => [String(i), value])) })
}

export function unsetVariable(name: string, io: Io): boolean {
  const { session } = io
  if (session.locked.has(name)) return false
  session.variables.delete(name)
  session.arrays.delete(name)
  session.exported.delete(name)
  session.whole.delete(name)
  return true
}

/** The value of an expression that is already expanded. */
export function arithmetic(text: string, io: Io): bigint {
  io.work.step()
  try {
    return evaluate(text, numbersOf(io))
  } catch (fault) {
    if (fault instanceof ArithmeticFault) throw new ShellFault(fault.message)
    throw fault
  }
}

function numbersOf(io: Io): Numbers {
  return {
    get(name, index) {
      io.work.step()
      if (index === undefined) {
        const value = scalar(name, io)
        if (value === undefined && io.session.options.has('nounset')) throw new ShellFault(`${name}: unbound variable`, 1, true)
        return value ?? ''
      }
      return arrayOf(name, io.session)?.items.get(subscript(index, name, io)) ?? ''
    },
    set(name, index, value) {
      if (index === undefined) setScalar(name, value, io)
      else setElement(name, index, value, io)
    },
  }
}
