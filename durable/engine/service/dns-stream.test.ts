// RFC 7766: what does not fit a datagram is asked for over TCP, by the system's resolver, by a forwarder, and by a resolver.
import { describe, expect, it } from 'vitest'
import type { Stack } from '../ip/stack.ts'
import { Notes } from '../test-support/streams.ts'
import { formatIp, parseIp } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import { DnsClient, type DnsClientState, type LookupResult } from './dns-client.ts'
import { DnsServer, type DnsServerOptions, type DnsServerState } from './dns-server.ts'
import { framed, nextMessage } from './dns-stream.ts'
import { zoneOf } from './dns-zone.ts'
import { Net, runs, type Stored } from './fixtures.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const BOX = '10.0.0.1'
const FORWARDER = '10.0.0.2'
const RESOLVER = '10.0.0.3'
const AUTHORITY = '10.0.0.4'

const records = [
  { name: 'test', type: 'SOA', value: 'ns.test host.test 1 2 3 4 60', ttl: 60 },
  { name: 'test', type: 'NS', value: 'ns.test', ttl: 60 },
  { name: 'ns.test', type: 'A', value: AUTHORITY, ttl: 60 },
  ...Array.from({ length: 90 }, (_, i) => ({ name: 'big.test', type: 'A', value: `192.0.2.${i + 1}`, ttl: 60 })),
]

function world(stored?: Stored, authorityHasTcp = true) {
  const net = new Net(5, stored)
  const told: (readonly [number, LookupResult])[] = []
  const machine = (name: string, address: string) => {
    const stack = net.machine(name, 'linux')
    const via = net.plug(stack, 'lan')
    net.load(stack)
    if (net.fresh) stack.addAddress(via, ip(address), 8, 'ics')
    return stack
  }
  const servers: DnsServer[] = []
  const server = (stack: Stack, options: Partial<DnsServerOptions>) => {
    const all = { mode: 'authority', zones: [], roots: [], upstream: () => [], tcp: true, ...options } as DnsServerOptions
    const made = net.add(new DnsServer(net.sim, stack, all, net.state<DnsServerState>(`${stack.machine}/dns-server`)))
    servers.push(made)
    if (net.fresh) made.start()
    return stack
  }
  const box = machine('box', BOX)
  const forwarder = server(machine('forwarder', FORWARDER), { mode: 'forwarder', upstream: () => [ip(RESOLVER)] })
  server(machine('resolver', RESOLVER), { mode: 'resolver', roots: [ip(AUTHORITY)] })
  server(machine('authority', AUTHORITY), { zones: [zoneOf({ name: 'test', records })], tcp: authorityHasTcp })
  const client = net.add(
    new DnsClient(
      net.sim,
      box,
      { dialect: 'linux', ownNames: () => ['box'], hosts: () => [], suffixes: () => [], servers: () => [ip(FORWARDER)] },
      net.state<DnsClientState>('box/dns-client'),
    ),
  )
  const requester = { name: 'test', resolved: (token: number, result: LookupResult) => void told.push([token, result]) }
  if (stored) client.reattach(requester)
  return { net, box, forwarder, client, told, requester, servers }
}

/** How many connections there were from one to another. */
const opened = (net: Net, from: string, to: string): number =>
  new Set(
    net
      .seen()
      .filter(({ bytes }) => bytes.length >= 54 && bytes[23] === 6 && bytes[47] === 2)
      .filter(({ bytes }) => formatIp(new DataView(bytes.buffer, bytes.byteOffset).getUint32(26)) === from)
      .filter(({ bytes }) => formatIp(new DataView(bytes.buffer, bytes.byteOffset).getUint32(30)) === to)
      .map(({ packet }) => packet),
  ).size

describe('an answer of 90 addresses', () => {
  it('reaches the system’s resolver whole, over three connections', () => {
    const { net, client, told, requester } = world()
    client.lookup('big.test', 'A', requester, 1)
    net.run(5)
    expect(told).toHaveLength(1)
    const result = told[0]?.[1]
    expect(result && 'records' in result ? result.records.length : result).toBe(90)
    expect([opened(net, BOX, FORWARDER), opened(net, FORWARDER, RESOLVER), opened(net, RESOLVER, AUTHORITY)]).toEqual([1, 1, 1])
    // Nobody keeps a connection that is not used.
    net.run(70)
    for (const name of ['box', 'forwarder', 'resolver', 'authority']) {
      const stack = net.sim.part(`${name}/stack`) as Stack
      expect([...stack.tcp.connections].map((c) => c.state)).toEqual([])
    }
  })

  it('from a server that has no TCP fails, and says so', () => {
    const { net, client, told, requester } = world(undefined, false)
    client.lookup('big.test', 'A', requester, 1)
    net.run(30)
    expect(told.map(([, result]) => 'failure' in result)).toEqual([true])
  })

  it.each([5, 12, 20, 28, 36, 50, 64])('stored and restored after %i events, nothing is different', (events) => {
    const { plain, restored } = runs(
      world,
      [[0.1, ({ client, requester }) => client.lookup('big.test', 'A', requester, 1)]],
      20,
      events,
    )
    expect(restored).toEqual(plain)
  })
})

describe('one connection', () => {
  it('carries many questions, in any pieces, and is closed when nothing more comes', () => {
    const { net, box } = world()
    const socket = box.tcp.connect(new Notes(), ip(AUTHORITY), 53) as number
    const ids = [1, 2, 3]
    const bytes = ids.flatMap((id) => [...framed(dns.encode(dns.query(id, { name: 'big.test', type: 'A' })))])
    for (let at = 0; at < bytes.length; at += 7) {
      box.tcp.send(socket, Uint8Array.from(bytes.slice(at, at + 7)))
      net.run(0.05)
    }
    const answers: number[] = []
    for (let next = nextMessage(box.tcp, socket, 0); next.message !== undefined; next = nextMessage(box.tcp, socket, 0)) {
      const answer = dns.parse(next.message, 0, next.message.length)
      if (typeof answer !== 'string') answers.push(answer.id, answer.answers.length)
    }
    expect(answers).toEqual(ids.flatMap((id) => [id, 90]))
    net.run(11)
    expect(box.tcp.finished(socket)).toBe(true)
  })

  it('more than a server keeps wait until others have gone', () => {
    const { net, box } = world()
    const sockets = Array.from({ length: 200 }, () => box.tcp.connect(new Notes(), ip(AUTHORITY), 53) as number)
    net.run(1)
    for (const [id, socket] of sockets.entries())
      box.tcp.send(socket, framed(dns.encode(dns.query(id, { name: 'big.test', type: 'A' }))))
    net.run(5)
    const answered = () => sockets.filter((socket) => box.tcp.readableBytes(socket) > 1000).length
    expect(answered()).toBe(128)
    net.run(15)
    expect(answered()).toBe(200)
  })

  it('with a length of nothing, or octets that are no question, is answered or cut', () => {
    const { net, box } = world()
    const say = (octets: number[]) => {
      const socket = box.tcp.connect(new Notes(), ip(AUTHORITY), 53) as number
      box.tcp.send(socket, Uint8Array.from(octets))
      net.run(0.5)
      const { message } = nextMessage(box.tcp, socket, 0)
      const answer = message && dns.parse(message, 0, message.length)
      return [answer === undefined || typeof answer === 'string' ? answer : answer.rcode, box.tcp.finished(socket)]
    }
    expect(say([0, 0])).toEqual([undefined, true])
    expect(say([0, 12, 1, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0])).toEqual([dns.FORMERR, false])
    expect(say([255, 255, 1])).toEqual([undefined, true])
  })
})
