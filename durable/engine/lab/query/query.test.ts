import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sighting } from '../../link/recorder.ts'
import { SECOND } from '../../sim/time.ts'
import { sampleFrames } from '../../wire/samples/frames.ts'
import { parseDuration, sayTime, writeDuration } from './duration.ts'
import { type Answer, type Event, formatQuery, type History, parseQuery, type Query, runQuery } from './index.ts'

const frameOf = (name: string): Uint8Array => {
  const found = sampleFrames.find((s) => s.name === name)
  if (found === undefined) throw new Error(name)
  return found.frame
}

const vantages = [
  { number: 0, linkType: 'ethernet', machine: 'ubuntu1', adapter: 'eth0' },
  { number: 1, linkType: 'ethernet', machine: 'router', adapter: 'lan' },
] as const

let sequence = 0
const seen = (seconds: number, packet: number, vantage: 0 | 1, name: string, more: Partial<Sighting> = {}): Sighting => ({
  sequence: sequence++,
  time: Math.round(seconds * SECOND),
  packet,
  cause: 0,
  origin: 0,
  vantage,
  direction: vantage === 0 ? 'out' : 'in',
  verdict: vantage === 0 ? 'sent' : 'delivered',
  detail: '',
  length: frameOf(name).length,
  bytes: frameOf(name),
  ...more,
})

const history: History = {
  vantages,
  sightings: [
    seen(1, 1, 0, 'dhcp discover'),
    seen(1.5, 2, 0, 'dhcp offer', { direction: 'in', verdict: 'delivered' }),
    seen(1.6, 3, 0, 'dhcp request'),
    seen(1.8, 4, 0, 'dhcp ack', { direction: 'in', verdict: 'delivered' }),
    seen(10, 5, 0, 'arp request', { origin: 2 }),
    seen(10.001, 5, 1, 'arp request', { origin: 2 }),
    seen(10.002, 6, 0, 'arp reply', { origin: 2, cause: 5, direction: 'in', verdict: 'delivered' }),
    seen(10.003, 7, 0, 'echo request', { origin: 2 }),
    seen(10.004, 7, 1, 'echo request', { origin: 2 }),
    seen(10.005, 8, 0, 'echo reply', { origin: 2, cause: 7, direction: 'in', verdict: 'delivered' }),
    seen(20, 9, 0, 'echo request', { origin: 3 }),
    seen(20.5, 9, 1, 'echo request', { origin: 3, verdict: 'no-route', detail: '0.0.0.0/0' }),
  ],
  journal: [
    {
      id: 1,
      console: 'ubuntu1',
      line: 'ip addr',
      output: 'inet 192.168.50.10/24',
      exitStatus: 0,
      at: 5 * SECOND,
      endedAt: 5 * SECOND,
    },
    {
      id: 2,
      console: 'ubuntu1',
      line: 'ping -c 1 192.168.50.1',
      output: '1 received',
      exitStatus: 0,
      at: 10 * SECOND,
      endedAt: 11 * SECOND,
    },
    {
      id: 3,
      console: 'ubuntu1:2',
      line: 'ping -c 1 10.0.0.1',
      output: '0 received',
      exitStatus: 1,
      at: 20 * SECOND,
      endedAt: 30 * SECOND,
    },
    { id: 4, console: 'router', line: 'show run', output: '', exitStatus: null, at: 40 * SECOND, endedAt: null },
  ],
  changes: [{ at: 15 * SECOND, part: 'switch/home', field: 'state', before: 'up', after: 'down' }],
}

const parsed = (text: string): Query => {
  const found = parseQuery(text)
  if (!found.ok) throw new Error(`${text}: ${found.message} at ${found.at}`)
  return found.query
}
const ask = (text: string): Answer => runQuery(parsed(text), history)

describe('what a query answers', () => {
  it.each<[string, boolean, number[], number[]]>([
    ['packet(dhcp.option.dhcp == 5) at ubuntu1', true, [4], []],
    ['packet(dhcp.option.dhcp == 6)', false, [], []],
    ['packet(arp) at router/lan received', true, [5], []],
    ['packet dropped', true, [9], []],
    ['packet(icmp) verdict no-route at router', true, [9], []],
    ['packet by "ping*10.0.0.1"', true, [9], []],
    ['never packet(tcp)', true, [], []],
    ['never packet(icmp.type == 8) at router dropped', false, [9], []],
    ['never packet(icmp) until 10s', true, [], []],
    ['packet(icmp) since 15s', true, [9], []],
    ['command("PING*") on ubuntu1 status 0', true, [], [2]],
    ['command("ping*") on ubuntu1:2', true, [], [3]],
    ['command failed', true, [], [3]],
    ['command("ip *") output "192.168.50.10"', true, [], [1]],
    ['command("show*") ended', false, [], []],
    ['change("switch/*", "state") to "down"', true, [], []],
    ['packet(arp) before packet(icmp)', true, [5, 7], []],
    ['packet(icmp) before packet(arp)', false, [5, 7], []],
    ['command("ping*") before packet(arp)', true, [5], [2]],
    ['packet(arp) before command("ping*")', false, [5], [2]],
    ['packet(icmp) before packet(icmp)', false, [7], []],
    ['packet(dhcp.option.dhcp == 1) then packet(dhcp.option.dhcp == 2) then packet(dhcp.option.dhcp == 5)', true, [1, 2, 4], []],
    ['packet(icmp.type == 0) then packet(icmp.type == 8)', true, [8, 9], []],
    ['packet(arp.opcode == 1) then packet(icmp.type == 8) within 5ms', true, [5, 7], []],
    ['packet(icmp.type == 8) then packet(icmp.type == 0) within 500us', false, [7, 8], []],
    ['packet(icmp.type == 0) within 5ms after packet(icmp.type == 8)', true, [7, 8], []],
    ['packet(icmp.type == 0) within 5ms before packet(icmp.type == 8)', false, [8, 9], []],
    ['packet(dhcp) within 2s of command("ip *")', false, [4], [1]],
    ['packet(dhcp) within 4s of command("ip *")', true, [1], [1]],
    ['every packet(icmp.type == 8) at router received followed by packet(icmp.type == 0) within 1s', false, [9], []],
    ['every packet(dhcp.option.dhcp == 3) followed by packet(dhcp.option.dhcp == 5) within 1s', true, [3, 4], []],
    ['every packet(tcp) followed by packet(udp)', true, [], []],
    ['count(packet(icmp.type == 8)) == 2', true, [7, 9], []],
    ['count(packet(icmp.type == 8)) > 2', false, [7, 9], []],
    ['count(command("ping*")) >= 2', true, [], [2, 3]],
    ['packet(arp) and command("ping*") and never packet(tcp)', true, [5], [2]],
    ['packet(tcp) or packet(arp)', true, [5], []],
    ['packet(tcp) and packet(arp)', false, [], []],
    ['not (packet(tcp) or packet(udp.port == 53))', true, [], []],
    ['never (packet(icmp.type == 8) within 500us of packet(icmp.type == 0))', true, [7, 8], []],
  ])('%s: %s', (text, holds, packets, commands) => {
    const answer = ask(text)
    expect([answer.holds, answer.evidence.packets, answer.evidence.commands]).toEqual([holds, packets, commands])
    expect(answer.why).toMatch(/^[A-Z].*[.?]$/)
  })

  it('says why', () => {
    expect(ask('packet(arp) before packet(icmp)').why).toBe(
      'Packet 5 at ubuntu1/eth0 (10 s) came before packet 7 at ubuntu1/eth0 (10.003 s).',
    )
    expect(ask('never packet(tcp) at router').why).toBe('There was no packet(tcp) at router.')
    expect(ask('packet(icmp.type == 0) within 1ms after packet(icmp.type == 8)').why).toBe(
      'Packet 8 at ubuntu1/eth0 (10.005 s) came 1 ms after packet 7 at router/lan (10.004 s).',
    )
    expect(ask('count(packet(arp)) > 2').why).toBe('The count of packet(arp) is 2, which is not > 2.')
    expect(ask('command("ping*") failed').why).toBe('There is line 3 on ubuntu1:2, “ping -c 1 10.0.0.1” (20 s).')
  })

  it('takes a name that nobody has for a mistake, not for an answer', () => {
    for (const text of ['never packet(tcp) at ubntu1', 'not packet(tcp) at ubntu1', 'never command("x") on ubntu1']) {
      expect(ask(text)).toMatchObject({ holds: false, why: 'There is no machine ubntu1 in this lab; did you mean ubuntu1?' })
    }
    const { holds, why } = runQuery(parsed('never change("x")'), { ...history, changes: undefined })
    expect([holds, why]).toEqual([false, 'This history has no changes of state.'])
    expect(runQuery(parsed('never packet at win1'), { ...history, machines: ['win1'] }).holds).toBe(true)
  })

  it('refuses what a client made up', () => {
    const bad = (query: Query) => runQuery(query, history)
    expect(bad({ kind: 'never', event: { kind: 'packet', filter: 'ip.adr' } })).toMatchObject({ holds: false })
    expect(bad({ kind: 'never', event: { kind: 'packet', filter: '', since: -1 } }).why).toContain('not below zero')
    expect(bad({ kind: 'and', all: [] }).holds).toBe(false)
    let deep: Query = parsed('never packet(tcp)')
    for (let i = 0; i < 10_000; i++) deep = { kind: 'not', query: deep }
    expect(bad(deep).why).toContain('nested')
    const many: Query = { kind: 'or', all: Array.from({ length: 300 }, () => parsed('packet(arp)')) }
    expect(bad(many).why).toContain('at most')
  })
})

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

describe('times', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(),
          fc.maxSafeNat().map((n) => n % 8.64e15),
        ),
        (micros) => {
          expect(parseDuration(writeDuration(micros))).toBe(micros)
        },
      ),
    )
    expect(['5s', '1.5min', '250 ms', '2d', '3h', '0.5us', '5', 's', '1e3s', '-5s'].map(parseDuration)).toEqual([
      5_000_000,
      90_000_000,
      250_000,
      172_800_000_000,
      10_800_000_000,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('says them as a person would', () => {
    expect([0, 7, 1500, 12_000, 3_204_000, 90_000_000, 694_984_500_000].map(sayTime)).toEqual([
      '0 s',
      '7 µs',
      '1.5 ms',
      '12 ms',
      '3.204 s',
      '1 min 30 s',
      '8 d 1 h 3 min 4.5 s',
    ])
  })
})
