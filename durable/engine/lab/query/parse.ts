// The text form of a query:
//
//   packet(dhcp.option.dhcp == 5) at ubuntu1
//   command("ping*") on ubuntu1 status 0 before packet(icmp) at router
//   packet(dhcp.option.dhcp == 1) then packet(dhcp.option.dhcp == 2) within 2s then packet(dhcp.option.dhcp == 5)
//   never packet(arp) dropped and count(packet(icmp.type == 8) at ubuntu1 sent) >= 3
//   every packet(icmp.type == 8) at router received followed by packet(icmp.type == 0) within 1s
//   change("hyper-v/*", "state") to "running" within 5s after command("Start-VM*")
import { VERDICTS, type VerdictCode } from '../../link/verdict.ts'
import { type Fault, parseFilter } from '../../wire/filter/index.ts'
import { nearest } from '../../wire/filter/suggest.ts'
import {
  type ChangeEvent,
  COMPARISONS,
  type CommandEvent,
  type Event,
  MAX_DEPTH,
  MAX_EVENTS,
  MAX_TEXT,
  type PacketEvent,
  type Query,
  SIDES,
} from './query.ts'
import { failed, fault, Reader } from './reader.ts'

export const KINDS = ['packet', 'command', 'change'] as const
const BEGINNINGS = [...KINDS, 'never', 'every', 'count', 'not']
export const isVerdict = (word: string): word is VerdictCode | 'dropped' =>
  word === 'dropped' || VERDICTS.some(({ code }) => code === word)

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export function parseQuery(text: string): { readonly ok: true; readonly query: Query } | Fault {
  if (text.length > MAX_TEXT) return fault(MAX_TEXT, text.length - MAX_TEXT, `a query has at most ${MAX_TEXT} characters`)
  const parser = new Parser(text)
  const query = parser.whole()
  return failed(query) ? query : { ok: true, query }
}

class Parser {
  private readonly r: Reader
  private depth = 0
  private events = 0

  constructor(text: string) {
    this.r = new Reader(text)
  }

  whole(): Query | Fault {
    if (this.r.done) return this.r.here('the query is empty: it begins with packet(…), command("…"), never, every or count(…)')
    const query = this.joined('or')
    if (failed(query) || this.r.done) return query
    if (this.r.sign(')') !== undefined) return fault(this.r.at - 1, 1, 'this ) was never opened')
    const near = nearest(this.r.word(), [
      'and',
      'or',
      'before',
      'then',
      'within',
      'at',
      'on',
      'status',
      'sent',
      'received',
      'dropped',
    ])
    return this.r.here(`this was not expected here${near === undefined ? '' : `; did you mean ${near}?`}`)
  }

  private joined(kind: 'or' | 'and'): Query | Fault {
    const all: Query[] = []
    do {
      const query = kind === 'or' ? this.joined('and') : this.unary()
      if (failed(query)) return query
      all.push(query)
    } while (this.r.accept(kind) !== undefined)
    return all.length === 1 ? all[0] : { kind, all }
  }

  private unary(): Query | Fault {
    const { r } = this
    const word = r.word()
    const bracket = word === '' && r.sign('(') !== undefined
    if (!bracket && word !== 'not' && word !== 'never') return this.statement()
    if (++this.depth > MAX_DEPTH) return r.here(`queries are nested more than ${MAX_DEPTH} deep`)
    const open = bracket ? r.at - 1 : r.at
    if (!bracket) r.accept(word)
    const query = bracket ? this.joined('or') : this.unary()
    if (failed(query)) return query
    this.depth--
    if (bracket) return r.sign(')') === undefined ? this.unclosed(open) : query
    return word === 'never' && query.kind === 'some' ? { kind: 'never', event: query.event } : { kind: 'not', query }
  }

  private unclosed(open: number): Fault {
    return this.r.done ? fault(open, 1, 'this ( is not closed') : this.r.here('a ) is expected here')
  }

  private statement(): Query | Fault {
    const { r } = this
    if (r.accept('every') !== undefined) return this.every()
    if (r.accept('count') !== undefined) return this.count()
    const event = this.event()
    if (failed(event)) return event
    const query = this.related(event)
    if (failed(query)) return query
    if (query.kind !== 'some' && ['before', 'then', 'within'].includes(r.word())) {
      return r.here('put brackets around one of the two: before, then and within are not mixed')
    }
    return query
  }

  /** What stands after the first event. */
  private related(event: Event): Query | Fault {
    const { r } = this
    if (r.word() === 'before') {
      const events = [event]
      while (r.accept('before') !== undefined) {
        const next = this.event()
        if (failed(next)) return next
        events.push(next)
      }
      return { kind: 'before', events }
    }
    if (r.word() === 'then') return this.steps(event)
    if (r.accept('within') === undefined) return { kind: 'some', event }
    const micros = r.duration()
    if (failed(micros)) return micros
    const side = SIDES.find((one) => r.accept(one) !== undefined)
    if (side === undefined) return r.here('of, after or before is expected here: “A within 5s of B”')
    const other = this.event()
    return failed(other) ? other : { kind: 'within', event, micros, side, other }
  }

  private steps(first: Event): Query | Fault {
    const steps: { event: Event; within?: number }[] = []
    while (this.r.accept('then') !== undefined) {
      const event = this.event()
      if (failed(event)) return event
      const within = this.limit()
      if (within !== undefined && failed(within)) return within
      steps.push(within === undefined ? { event } : { event, within })
    }
    return { kind: 'then', first, steps }
  }

  private limit(): number | Fault | undefined {
    return this.r.accept('within') === undefined ? undefined : this.r.duration()
  }

  private every(): Query | Fault {
    const event = this.event()
    if (failed(event)) return event
    if (this.r.accept('followed') === undefined || this.r.accept('by') === undefined) {
      return this.r.here('“followed by” is expected here: “every A followed by B within 1s”')
    }
    const followedBy = this.event()
    if (failed(followedBy)) return followedBy
    const within = this.limit()
    if (within !== undefined && failed(within)) return within
    return { kind: 'every', event, followedBy, ...(within === undefined ? undefined : { within }) }
  }

  private count(): Query | Fault {
    const { r } = this
    if (r.sign('(') === undefined) return r.here('( is expected after count')
    const open = r.at - 1
    const event = this.event()
    if (failed(event)) return event
    if (r.sign(')') === undefined) return this.unclosed(open)
    const is = COMPARISONS.find((one) => r.sign(one) !== undefined)
    if (is === undefined) return r.here('a comparison such as >= 3 is expected after count(…)')
    const number = r.number()
    if (failed(number)) return number
    return { kind: 'count', event, is, number }
  }

  private event(): Event | Fault {
    const { r } = this
    const kind = KINDS.find((one) => r.accept(one) !== undefined)
    if (kind === undefined) {
      const near = nearest(r.word(), BEGINNINGS)
      return r.here(
        `packet(…), command("…") or change("…") is expected here${near === undefined ? '' : `; did you mean ${near}?`}`,
      )
    }
    if (++this.events > MAX_EVENTS) return r.here(`a query has at most ${MAX_EVENTS} events`)
    if (kind === 'packet') return this.packet()
    return kind === 'command' ? this.command() : this.change()
  }

  private packet(): Event | Fault {
    const { r } = this
    const event: Writable<PacketEvent> = { kind: 'packet', filter: '' }
    if (r.sign('(') !== undefined) {
      const filter = r.filter()
      if (failed(filter)) return filter
      const parsed = parseFilter(filter.text)
      if (!parsed.ok) return fault(filter.at + parsed.at, parsed.length, parsed.message)
      event.filter = filter.text.trim()
    }
    for (;;) {
      const word = r.accept('at', 'on', 'sent', 'received', 'dropped', 'verdict', 'by', 'since', 'until')
      let trouble: Fault | undefined
      if (word === undefined) return event
      if (word === 'at' || word === 'on') trouble = keep(r.name('the name of a machine'), (name) => (event.at = name))
      else if (word === 'sent') event.direction = 'out'
      else if (word === 'received') event.direction = 'in'
      else if (word === 'dropped') event.verdict = 'dropped'
      else if (word === 'verdict') {
        const code = r.word()
        if (!isVerdict(code)) {
          const near = nearest(
            code,
            VERDICTS.map((verdict) => verdict.code),
          )
          return r.here(`there is no such verdict${near === undefined ? '' : `; did you mean ${near}?`}`)
        }
        r.accept(code)
        event.verdict = code
      } else if (word === 'by') trouble = keep(r.string(), (line) => (event.by = line))
      else trouble = this.window(event, word)
      if (trouble !== undefined) return trouble
    }
  }

  private command(): Event | Fault {
    const { r } = this
    const event: Writable<CommandEvent> = { kind: 'command', line: '*' }
    if (r.sign('(') !== undefined) {
      const open = r.at - 1
      const trouble = keep(r.string(), (line) => (event.line = line))
      if (trouble !== undefined) return trouble
      if (r.sign(')') === undefined) return this.unclosed(open)
    }
    for (;;) {
      const word = r.accept('on', 'at', 'status', 'failed', 'succeeded', 'output', 'ended', 'since', 'until')
      let trouble: Fault | undefined
      if (word === undefined) return event
      if (word === 'on' || word === 'at') trouble = keep(r.name('the name of a machine'), (name) => (event.on = name))
      else if (word === 'status') trouble = keep(r.number(), (status) => (event.status = status))
      else if (word === 'failed') event.status = 'failed'
      else if (word === 'succeeded') event.status = 0
      else if (word === 'output') trouble = keep(r.string(), (output) => (event.output = output))
      else if (word === 'ended') event.ended = true
      else trouble = this.window(event, word)
      if (trouble !== undefined) return trouble
    }
  }

  private change(): Event | Fault {
    const { r } = this
    const event: Writable<ChangeEvent> = { kind: 'change', part: '*', field: '*' }
    if (r.sign('(') !== undefined) {
      const open = r.at - 1
      const trouble = keep(r.string(), (part) => (event.part = part))
      if (trouble !== undefined) return trouble
      const second = r.sign(',') === undefined ? undefined : keep(r.string(), (field) => (event.field = field))
      if (second !== undefined) return second
      if (r.sign(')') === undefined) return this.unclosed(open)
    }
    for (;;) {
      const word = r.accept('from', 'to', 'since', 'until')
      if (word === undefined) return event
      const trouble =
        word === 'from'
          ? keep(r.string(), (value) => (event.from = value))
          : word === 'to'
            ? keep(r.string(), (value) => (event.to = value))
            : this.window(event, word)
      if (trouble !== undefined) return trouble
    }
  }

  private window(event: { since?: number; until?: number }, word: string): Fault | undefined {
    return keep(this.r.duration(), (micros) => {
      if (word === 'since') event.since = micros
      else event.until = micros
    })
  }
}

/** Keeps what was read, or answers what is wrong with it. */
function keep<T extends string | number>(made: T | Fault, store: (value: T) => void): Fault | undefined {
  if (failed(made)) return made
  store(made)
  return undefined
}
