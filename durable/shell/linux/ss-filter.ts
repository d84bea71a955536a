// The filters of ss (ss(8), STATE-FILTER and EXPRESSION): states, ports and addresses, with and, or, not and parentheses.
import type { SocketView } from '../../engine/machine/views.ts'
import {
  inPrefix,
  inPrefix6,
  networkOf,
  networkOf6,
  parseCidr,
  parseCidr6,
  parseIp,
  parseIp6,
} from '../../engine/wire/addresses.ts'
import { portNamed } from '../../engine/wire/pcap-filter/names.ts'

export type SocketFilter = {
  readonly matches: (socket: SocketView) => boolean
  /** States that were named; empty: those that the options choose. */
  readonly states: ReadonlySet<string>
}

const STATES = [
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'unconnected',
  'close-wait',
  'last-ack',
  'listening',
  'closing',
]
const SETS: { readonly [name: string]: readonly string[] } = {
  all: STATES,
  connected: STATES.filter((one) => one !== 'listening' && one !== 'unconnected'),
  synchronized: STATES.filter((one) => one !== 'listening' && one !== 'unconnected' && one !== 'syn-sent'),
  bucket: ['syn-recv', 'time-wait'],
  big: STATES.filter((one) => one !== 'syn-recv' && one !== 'time-wait'),
  listen: ['listening'],
  'syn-rcv': ['syn-recv'],
  closed: ['unconnected'],
}
const OPERATORS: { readonly [word: string]: (a: number, b: number) => boolean } = {}
for (const [words, holds] of [
  ['= == eq', (a: number, b: number) => a === b],
  ['!= ne neq', (a: number, b: number) => a !== b],
  ['> gt', (a: number, b: number) => a > b],
  ['< lt', (a: number, b: number) => a < b],
  ['>= ge geq', (a: number, b: number) => a >= b],
  ['<= le leq', (a: number, b: number) => a <= b],
] as const)
  for (const word of words.split(' ')) Object.assign(OPERATORS, { [word]: holds })

type Test = (socket: SocketView) => boolean
class Wrong extends Error {}
const SYNTAX = 'bison bellows (while parsing filter): "syntax error!" Sorry.'

/** The filter, or ss's complaint. */
export function readFilter(words: readonly string[]): SocketFilter | string {
  let chosen: Set<string> | undefined
  let at = 0
  for (; words[at] === 'state' || words[at] === 'exclude'; at += 2) {
    const name = words[at + 1] ?? ''
    const set = SETS[name] ?? (STATES.includes(name) ? [name] : undefined)
    if (set === undefined) return name === '' ? 'wrong state name: (null)' : `wrong state name: ${name}`
    chosen ??= new Set(words[at] === 'exclude' ? STATES : [])
    for (const state of set)
      if (words[at] === 'state') chosen.add(state)
      else chosen.delete(state)
  }
  const tokens = words.slice(at).flatMap((word) => word.match(/[()]|[<>!=]=?|&&?|\|\|?|[^\s()<>!=&|]+/g) ?? [])
  try {
    const parser = { tokens, at: 0 }
    const test = tokens.length === 0 ? () => true : either(parser)
    if (parser.at < tokens.length) throw new Wrong(SYNTAX)
    return { matches: test, states: chosen ?? new Set() }
  } catch (error) {
    if (error instanceof Wrong) return error.message
    throw error
  }
}

type Parser = { readonly tokens: readonly string[]; at: number }
const next = (p: Parser): string => p.tokens[p.at++] ?? ''

function either(p: Parser): Test {
  let left = both(p)
  while (['or', '|', '||'].includes(p.tokens[p.at] ?? '')) {
    p.at++
    const [a, b] = [left, both(p)]
    left = (socket) => a(socket) || b(socket)
  }
  return left
}

/** What stands beside each other means both. */
function both(p: Parser): Test {
  let left = single(p)
  for (;;) {
    const word = p.tokens[p.at]
    if (word === undefined || [')', 'or', '|', '||'].includes(word)) return left
    if (['and', '&', '&&'].includes(word)) p.at++
    const [a, b] = [left, single(p)]
    left = (socket) => a(socket) && b(socket)
  }
}

function single(p: Parser): Test {
  const word = next(p)
  if (word === 'not' || word === '!') {
    const inner = single(p)
    return (socket) => !inner(socket)
  }
  if (word === '(') {
    const inner = either(p)
    if (next(p) !== ')') throw new Wrong(SYNTAX)
    return inner
  }
  if (word === 'sport' || word === 'dport') {
    const holds = OPERATORS[p.tokens[p.at] ?? '']
    if (holds !== undefined) p.at++
    const wanted = portOf(next(p))
    const test = holds ?? (OPERATORS['='] as (a: number, b: number) => boolean)
    return (socket) => test(word === 'sport' ? socket.localPort : socket.remotePort, wanted)
  }
  if (word === 'src' || word === 'dst') {
    const negated = p.tokens[p.at] === '!=' || p.tokens[p.at] === 'ne'
    if (negated || ['=', '==', 'eq'].includes(p.tokens[p.at] ?? '')) p.at++
    const test = endOf(next(p))
    return (socket) =>
      (word === 'src' ? test(socket.localAddress, socket.localPort) : test(socket.remoteAddress, socket.remotePort)) !== negated
  }
  throw new Wrong(SYNTAX)
}

function portOf(text: string): number {
  if (text === '') throw new Wrong(SYNTAX)
  const name = text.replace(/^.*:/, '')
  const port = /^\d{1,5}$/.test(name) ? Number(name) : portNamed(name)?.port
  if (port === undefined || port > 65_535) throw new Wrong(`Error: "${name}" does not look like a port.`)
  return port
}

/** `ADDRESS[/LENGTH][:PORT]`, `[ADDRESS]:PORT`, `:PORT`; `*` is any address. */
function endOf(text: string): (address: string, port: number) => boolean {
  const m = /^(?:\[([^\]]*)\]|([^:]*)|((?:[^:]*:){2,}[^:]*?))(?::([^:/]+))?(\/\d+)?$/.exec(text)
  if (m === null || text === '') throw new Wrong(SYNTAX)
  const host = m[1] ?? m[2] ?? m[3] ?? ''
  const port = m[4] === undefined || m[4] === '*' ? undefined : portOf(m[4])
  const fits = host === '' || host === '*' ? () => true : hostTest(`${host}${m[5] ?? ''}`)
  return (address, number) => fits(address) && (port === undefined || port === number)
}

function hostTest(text: string): (address: string) => boolean {
  const [four, six] = [parseCidr(text.includes('/') ? text : `${text}/32`), parseCidr6(text.includes('/') ? text : `${text}/128`)]
  if (four === undefined && six === undefined) throw new Wrong(`Error: an inet prefix is expected rather than "${text}".`)
  return (address) => {
    const [ip, ip6] = [parseIp(address), parseIp6(address.replace(/%.*$/, ''))]
    if (four !== undefined) return ip !== undefined && inPrefix(ip, networkOf(four.address, four.prefixLength), four.prefixLength)
    return six !== undefined && ip6 !== undefined && inPrefix6(ip6, networkOf6(six.address, six.prefixLength), six.prefixLength)
  }
}
