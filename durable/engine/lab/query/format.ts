// A query as text, to be read by people and by `parseQuery` alike.
import { writeDuration } from './duration.ts'
import type { Event, Query } from './query.ts'

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
/** A name goes without quotation marks where a word does. */
const name = (text: string): string => (/^[A-Za-z0-9][A-Za-z0-9_.:/-]*$/.test(text) ? text : quoted(text))

const part = <T>(word: string, value: T | undefined, write: (value: T) => string): string =>
  value === undefined ? '' : ` ${word} ${write(value)}`
const window = ({ since, until }: Event): string => part('since', since, writeDuration) + part('until', until, writeDuration)

export function formatEvent(event: Event): string {
  switch (event.kind) {
    case 'packet': {
      const { filter, at, direction, verdict, by } = event
      const way = direction === undefined ? '' : direction === 'out' ? ' sent' : ' received'
      const fate = verdict === undefined ? '' : verdict === 'dropped' ? ' dropped' : ` verdict ${verdict}`
      return `packet${filter === '' ? '' : `(${filter})`}${part('at', at, name)}${way}${fate}${part('by', by, quoted)}${window(event)}`
    }
    case 'command': {
      const { line, on, status, output, ended } = event
      const end = status === undefined ? '' : status === 'failed' ? ' failed' : ` status ${status}`
      return `command(${quoted(line)})${part('on', on, name)}${end}${part('output', output, quoted)}${ended ? ' ended' : ''}${window(event)}`
    }
    case 'change': {
      const { part: of, field, from, to } = event
      return `change(${quoted(of)}, ${quoted(field)})${part('from', from, quoted)}${part('to', to, quoted)}${window(event)}`
    }
    default:
      return event satisfies never
  }
}

const within = (micros: number | undefined): string => part('within', micros, writeDuration)

export function formatQuery(query: Query): string {
  switch (query.kind) {
    case 'and':
    case 'or':
      return query.all.map(bracketed).join(` ${query.kind} `)
    case 'not':
      return `not ${bracketed(query.query)}`
    case 'some':
      return formatEvent(query.event)
    case 'never':
      return `never ${formatEvent(query.event)}`
    case 'before':
      return query.events.map(formatEvent).join(' before ')
    case 'then':
      return [formatEvent(query.first), ...query.steps.map((step) => formatEvent(step.event) + within(step.within))].join(
        ' then ',
      )
    case 'within':
      return `${formatEvent(query.event)}${within(query.micros)} ${query.side} ${formatEvent(query.other)}`
    case 'every':
      return `every ${formatEvent(query.event)} followed by ${formatEvent(query.followedBy)}${within(query.within)}`
    case 'count':
      return `count(${formatEvent(query.event)}) ${query.is} ${query.number}`
    default:
      return query satisfies never
  }
}

const bracketed = (query: Query): string =>
  query.kind === 'and' || query.kind === 'or' ? `(${formatQuery(query)})` : formatQuery(query)
