import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../sim/time.ts'
import { type Event, formatQuery, parseQuery, type Query, runQuery } from './index.ts'
import { history } from './sample-history.ts'

const parsed = (text: string): Query => {
  const found = parseQuery(text)
  if (!found.ok) throw new Error(`${text}: ${found.message} at ${found.at}`)
  return found.query
}

describe('the text of a query', () => {
  const wrong = (text: string): [string, string] => {
    const found = parseQuery(text)
    if (found.ok) throw new Error(`${text} is right`)
    return [text.slice(found.at, found.at + found.length), found.message]
  }

  it.each([
    ['packet(dhcp.optio.dhcp == 5) at ubuntu1', 'dhcp.optio.dhcp', 'did you mean dhcp.option.dhcp?'],
    ['never packet(ip.ttl == 300)', '300', 'at most 255'],
    ['pakcet(arp)', 'pakcet', 'did you mean packet?'],
    ['packet(arp) befor packet(icmp)', 'befor', 'did you mean before?'],
    ['packet(arp', '(', 'not closed'],
    ['command("ping)', '"ping)', 'a quotation mark is missing'],
    ['command(ping)', 'ping', 'in quotation marks'],
    ['packet(arp) within 5 of packet(icmp)', '5 of', 'a time is expected'],
    ['packet(arp) within 5s packet(icmp)', 'packet', 'of, after or before'],
    ['every packet(arp) within 5s', 'within', 'followed by'],
    ['count(packet(arp))', '', 'a comparison'],
    ['count(packet(arp)) >= many', 'many', 'a whole number'],
    ['packet(arp) verdict no-rute', 'no-rute', 'did you mean no-route?'],
    ['packet(arp) then packet(icmp) before packet(tcp)', 'before', 'put brackets'],
    ['(packet(arp)', '(', 'not closed'],
    ['packet(arp))', ')', 'never opened'],
    ['packet(arp) at', '', 'the name of a machine'],
    ['', '', 'empty'],
  ])('%s', (text, place, message) => {
    const [at, said] = wrong(text)
    expect(at).toBe(place)
    expect(said).toContain(message)
  })

  it('bounds depth, length and number', () => {
    expect(wrong('('.repeat(3000))[1]).toContain('nested')
    expect(wrong('not '.repeat(1000))[1]).toContain('nested')
    expect(wrong(Array.from({ length: 80 }, () => 'packet').join(' and '))[1]).toContain('at most 64 events')
    expect(wrong(' '.repeat(5000))[1]).toContain('at most 4096')
  })

  it('reads filters with brackets and quotation marks in them', () => {
    expect(parsed('packet((ip || arp) && frame contains ")" ) at "ubuntu1"')).toEqual({
      kind: 'some',
      event: { kind: 'packet', filter: '(ip || arp) && frame contains ")"', at: 'ubuntu1' },
    })
  })

  const text = fc.string({ maxLength: 8 })
  const time = fc.oneof(
    fc.nat({ max: 90_000_000 }),
    fc.nat({ max: 5000 }).map((s) => s * SECOND),
  )
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const window = { since: optional(time), until: optional(time) }
  const without = <T extends object>(value: T): T =>
    Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
  const filters = fc.constantFrom('', 'arp', 'dhcp.option.dhcp == 5', '(ip || arp) && frame contains ")"', "frame[0] == '\\x00'")
  const event: fc.Arbitrary<Event> = fc.oneof(
    fc
      .record({
        kind: fc.constant('packet' as const),
        filter: filters,
        at: optional(text),
        direction: optional(fc.constantFrom('in' as const, 'out' as const)),
        verdict: optional(fc.constantFrom('dropped' as const, 'no-route' as const)),
        by: optional(text),
        ...window,
      })
      .map(without<Event>),
    fc
      .record({
        kind: fc.constant('command' as const),
        line: text,
        on: optional(text),
        status: optional(fc.oneof(fc.constant('failed' as const), fc.integer({ min: -1, max: 255 }))),
        output: optional(text),
        ended: optional(fc.constant(true as const)),
        ...window,
      })
      .map(without<Event>),
    fc
      .record({
        kind: fc.constant('change' as const),
        part: text,
        field: text,
        from: optional(text),
        to: optional(text),
        ...window,
      })
      .map(without<Event>),
  )
  const statement: fc.Arbitrary<Query> = fc.oneof(
    fc.record({ kind: fc.constantFrom('some' as const, 'never' as const), event }),
    fc.record({ kind: fc.constant('before' as const), events: fc.array(event, { minLength: 2, maxLength: 3 }) }),
    fc.record({
      kind: fc.constant('then' as const),
      first: event,
      steps: fc.array(fc.record({ event, within: optional(time) }).map(without), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('within' as const),
      event,
      micros: time,
      side: fc.constantFrom('of' as const, 'after' as const, 'before' as const),
      other: event,
    }),
    fc.record({ kind: fc.constant('every' as const), event, followedBy: event, within: optional(time) }).map(without<Query>),
    fc.record({
      kind: fc.constant('count' as const),
      event,
      is: fc.constantFrom('==' as const, '!=' as const, '>=' as const, '<=' as const, '>' as const, '<' as const),
      number: fc.nat({ max: 999 }),
    }),
  )
  const query: fc.Arbitrary<Query> = fc.oneof(
    { arbitrary: statement, weight: 3 },
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), all: fc.array(statement, { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), query: statement }),
  )

  it('says the same as the data', () => {
    fc.assert(
      fc.property(query, (made) => {
        expect(parsed(formatQuery(made))).toEqual(made)
      }),
      { numRuns: 1000 },
    )
  })

  it('answers every query in a sentence, about things of the history', () => {
    fc.assert(
      fc.property(query, (made) => {
        const { evidence, why } = runQuery(made, history)
        expect(why).not.toBe('')
        expect(evidence.packets.every((id) => history.sightings.some(({ packet }) => packet === id))).toBe(true)
        expect(evidence.commands.every((id) => history.journal.some((line) => line.id === id))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws, and errors lie inside the text', () => {
    const words = fc.constantFrom(
      ...['packet', 'packet(arp)', 'command("p*")', 'change("x")', 'never', 'every', 'followed by', 'count(', ')', '(', '>= 3'],
      ...[
        'and',
        'or',
        'not',
        'before',
        'then',
        'within',
        '5s',
        '1.5 min',
        'of',
        'after',
        'at ubuntu1',
        'sent',
        'dropped',
        '"',
        '\ud800',
        '$',
      ],
    )
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 12 }).map((all) => all.join(' ')),
    )
    fc.assert(
      fc.property(texts, (given) => {
        const found = parseQuery(given)
        if (found.ok) expect(runQuery(found.query, history).why).not.toBe('')
        else {
          expect(found.at >= 0 && found.length >= 0 && found.at + found.length <= given.length).toBe(true)
          expect(found.message).not.toBe('')
        }
      }),
      { numRuns: 3000 },
    )
  })
})
