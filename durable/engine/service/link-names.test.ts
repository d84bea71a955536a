// Names of the link: RFC 6762 (multicast DNS), RFC 4795 (LLMNR), fact sheet 4.4. Two machines on a cable that a test listens to.
import { describe, expect, it } from 'vitest'
import { Interface } from '../ip/interface.ts'
import { joinGroup } from '../ip/membership.ts'
import { LINUX, WINDOWS } from '../ip/profile.ts'
import { Stack } from '../ip/stack.ts'
import { Cable } from '../link/cable.ts'
import { Recorder } from '../link/recorder.ts'
import { Simulation } from '../sim/simulation.ts'
import { NEVER, SECOND } from '../sim/time.ts'
import { formatIp, parseIp } from '../wire/addresses.ts'
import * as dns from '../wire/dns.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as udp from '../wire/udp.ts'
import { DnsClient } from './dns-client.ts'
import type { LookupResult } from './dns-lookup.ts'
import { LinkNames } from './link-names.ts'
import { LLMNR_GROUP, MDNS_GROUP } from './link-sockets.ts'

const ip = (text: string): number => parseIp(text) ?? -1

class Box {
  readonly stack: Stack
  readonly via: Interface
  readonly link: LinkNames
  readonly dns: DnsClient

  constructor(sim: Simulation, recorder: Recorder, name: string, os: 'windows' | 'linux', number: number, hostname = name) {
    this.stack = new Stack(sim, recorder, name, os === 'windows' ? WINDOWS : LINUX)
    sim.add(this.stack)
    this.via = new Interface({
      index: 2,
      name: 'eth0',
      description: '',
      kind: 'ethernet',
      guid: '',
      mac: 0x020000000000 + number,
      mtu: 1500,
      metric: 0,
      speed: 0,
      vantage: recorder.vantage(name, 'eth0'),
    })
    this.stack.addInterface(this.via)
    joinGroup(this.stack, this.via, MDNS_GROUP)
    const windows = os === 'windows'
    if (windows) joinGroup(this.stack, this.via, LLMNR_GROUP)
    this.link = new LinkNames(this.stack, { dialect: os, hostname: () => hostname, mdns: true, llmnr: windows })
    sim.add(this.link)
    const nobody = { ownNames: () => [], hosts: () => [], suffixes: () => [], servers: () => [] }
    this.dns = new DnsClient(sim, this.stack, { dialect: os, link: this.link, ...nobody })
    sim.add(this.dns)
  }
}

class Street {
  readonly sim = new Simulation(7)
  readonly recorder = new Recorder(this.sim, 4096, 1 << 20)
  readonly a: Box
  readonly b: Box

  constructor(a: readonly ['windows' | 'linux', string], b: readonly ['windows' | 'linux', string], hostname?: string) {
    this.a = new Box(this.sim, this.recorder, a[1], a[0], 1, hostname)
    this.b = new Box(this.sim, this.recorder, b[1], b[0], 2, hostname)
    const cable = new Cable(this.sim, 'cable', { latency: 10 })
    this.sim.add(cable)
    const [toB, toA] = cable.connect(this.a.stack, 2, this.b.stack, 2)
    this.a.stack.attach(2, toB)
    this.b.stack.attach(2, toA)
    this.a.stack.addAddress(this.a.via, ip('10.0.0.1'), 24, 'manual')
    this.b.stack.addAddress(this.b.via, ip('10.0.0.2'), 24, 'manual')
  }

  wait(seconds: number): this {
    this.sim.run(this.sim.now + Math.round(seconds * SECOND))
    return this
  }

  /** What `a` finds, and after how many milliseconds. */
  find(name: string, type = 'A'): { readonly result: LookupResult; readonly ms: number } {
    let found: { readonly result: LookupResult; readonly ms: number } | undefined
    const begun = this.sim.now
    const resolved = (_: number, result: LookupResult) => {
      found ??= { result, ms: Math.round((this.sim.now - begun) / 1000) }
    }
    this.a.dns.lookup(name, type, { name: 'test', resolved }, 1)
    for (let i = 0; i < 1000 && found === undefined; i++) this.wait(0.01)
    if (found === undefined) throw new Error('no answer at all')
    return found
  }

  /** Names, from whom to whom, in milliseconds since `from`. */
  said(from: number, machine: string, port: number) {
    const place = this.recorder.vantages.find((v) => v.machine === machine)?.number
    return this.recorder
      .read(0)
      .filter((s) => s.vantage === place && s.direction === 'out' && s.time >= from)
      .flatMap(({ bytes, time }) => {
        const packet = ipv4.parse(bytes, 14, bytes.length)
        if (typeof packet === 'string' || packet.protocol !== ipv4.UDP) return []
        const datagram = udp.parse(packet.payload, 0, packet.payload.length, packet)
        if (typeof datagram === 'string' || (datagram.dstPort !== port && datagram.srcPort !== port)) return []
        const message = dns.parse(datagram.payload, 0, datagram.payload.length)
        if (typeof message === 'string') throw new Error(message)
        return [{ ms: Math.round((time - from) / 1000), ttl: packet.ttl, to: formatIp(packet.dst), ...datagram, message }]
      })
  }
}

const addresses = (result: LookupResult) =>
  'failure' in result ? result.failure : result.records.map((r) => (r.type === 'A' ? formatIp(r.address) : r.type))

describe('multicast DNS', () => {
  it('finds a name under .local, both systems', () => {
    for (const os of ['windows', 'linux'] as const) {
      const street = new Street([os, 'pc'], ['linux', 'vm1']).wait(6)
      const from = street.sim.now
      const { result, ms } = street.find('vm1.local')
      expect(addresses(result)).toEqual(['10.0.0.2'])
      expect('canonical' in result && result.canonical).toBe('vm1.local')
      expect(ms).toBeLessThan(20)
      expect(street.said(from, 'pc', 5353)).toMatchObject([
        { ms: 0, ttl: 255, to: '224.0.0.251', srcPort: 5353, dstPort: 5353, message: { id: 0, recursionDesired: false } },
      ])
      const [answer] = street.said(from, 'vm1', 5353)
      expect(answer).toMatchObject({
        ttl: 255,
        to: '224.0.0.251',
        message: {
          response: true,
          authoritative: true,
          questions: [],
          answers: [{ name: 'vm1.local', ttl: 120, class: 0x8001 }],
        },
      })
      // The second time nobody is asked.
      street.find('VM1.local')
      expect(street.said(from, 'pc', 5353)).toHaveLength(1)
    }
  })

  it.each([
    ['windows', [0, 1000], 2000],
    ['linux', [0, 1000, 3000], 5000],
  ] as const)('on %s asks for a name that nobody has at %j ms and gives up after %i', (os, asked, over) => {
    const street = new Street([os, 'pc'], ['linux', 'vm1']).wait(6)
    const from = street.sim.now
    const { result, ms } = street.find('nobody.local')
    expect(result).toEqual({ failure: 'not-found' })
    expect([over, over + 10]).toContain(ms)
    expect(street.said(from, 'pc', 5353).map((one) => one.ms)).toEqual(asked)
  })

  it('probes for the own name three times and announces it twice, when an address comes into use', () => {
    const street = new Street(['linux', 'pc'], ['linux', 'vm1']).wait(6)
    const said = street.said(0, 'vm1', 5353)
    expect(said.map(({ message }) => (message.response ? 'announces' : 'probes'))).toEqual([
      'probes',
      'probes',
      'probes',
      'announces',
      'announces',
    ])
    const [first] = said
    expect(first.ms).toBeLessThan(250)
    expect(said.map(({ ms }) => ms - first.ms)).toEqual([0, 250, 500, 750, 1750])
    expect(first.message).toMatchObject({
      questions: [{ name: 'vm1.local', type: 'ANY', class: 0x8001 }],
      authorities: [{ type: 'A', address: ip('10.0.0.2') }],
    })
    expect(said[3].message.answers).toMatchObject([
      { name: 'vm1.local', type: 'A', class: 0x8001 },
      { name: '2.0.0.10.in-addr.arpa', type: 'PTR', target: 'vm1.local' },
    ])
    expect(street.a.link.transientAt()).toBe(NEVER)
  })

  it('announces what changed where the name is its own already, and probes again on another link (RFC 6762 section 8.4)', () => {
    const street = new Street(['linux', 'pc'], ['linux', 'vm1']).wait(6)
    const said = (from: number) =>
      street.said(from, 'vm1', 5353).map(({ message }) => (message.response ? 'announces' : 'probes'))
    let from = street.sim.now
    street.b.stack.addAddress(street.b.via, ip('10.0.0.3'), 24, 'manual')
    street.wait(6)
    expect(said(from)).toEqual(['announces', 'announces'])
    from = street.sim.now
    street.b.stack.setEnabled(street.b.via, false)
    street.b.stack.setEnabled(street.b.via, true)
    street.b.stack.addAddress(street.b.via, ip('10.0.0.4'), 24, 'manual')
    street.wait(6)
    expect(said(from)).toEqual(['probes', 'probes', 'probes', 'announces', 'announces'])
  })

  it('of two machines with one name, one takes another', () => {
    const street = new Street(['linux', 'one'], ['linux', 'other'], 'twin').wait(20)
    expect([street.a.link.ownName, street.b.link.ownName].sort()).toEqual(['twin-2.local', 'twin.local'])
    expect(street.b.link.ownName).toBe('twin.local')
  })

  it('answers one who knows only DNS in his own words, to him alone', () => {
    const street = new Street(['linux', 'pc'], ['linux', 'vm1']).wait(6)
    const from = street.sim.now
    const question = dns.encode(dns.query(99, { name: 'vm1.local' }))
    const bytes = new Uint8Array(28 + question.length)
    const path = { src: ip('10.0.0.1'), dst: MDNS_GROUP }
    const frame = new Uint8Array(14 + bytes.length)
    udp.emit({ srcPort: 40_000, dstPort: 5353, payload: question }, bytes, 20, path)
    ipv4.emit({ ...path, protocol: ipv4.UDP, ttl: 255, id: 1, dontFragment: false }, bytes.length - 20, bytes, 0)
    frame.set([1, 0, 0x5e, 0, 0, 0xfb, 2, 0, 0, 0, 0, 1, 8, 0])
    frame.set(bytes, 14)
    street.b.stack.receive(2, { bytes: frame, id: 1, cause: 0, origin: 0, stored: -1 })
    street.wait(1)
    expect(street.said(from, 'vm1', 5353)).toMatchObject([
      {
        to: '10.0.0.1',
        dstPort: 40_000,
        message: { id: 99, questions: [{ name: 'vm1.local', class: 1 }], answers: [{ ttl: 10, type: 'A' }] },
      },
    ])
  })

  it('says nothing about addresses that it does not have', () => {
    const street = new Street(['linux', 'pc'], ['linux', 'vm1']).wait(6)
    const from = street.sim.now
    street.a.link.ask('key', 'vm1.local', 'AAAA')
    street.wait(1)
    expect(street.said(from, 'vm1', 5353)).toEqual([])
  })
})

describe('LLMNR', () => {
  it('finds a single name, asked for in parallel with multicast DNS', () => {
    const street = new Street(['windows', 'pc'], ['windows', 'laptop']).wait(6)
    const from = street.sim.now
    const { result } = street.find('LAPTOP')
    expect(addresses(result)).toEqual(['10.0.0.2'])
    expect(street.said(from, 'pc', 5355)).toMatchObject([{ ms: 0, to: '224.0.0.252', dstPort: 5355, ttl: 1 }])
    expect(street.said(from, 'pc', 5353)).toMatchObject([{ ms: 0, to: '224.0.0.251' }])
    expect(street.said(from, 'laptop', 5355)).toMatchObject([
      { to: '10.0.0.1', srcPort: 5355, message: { response: true, questions: [{ name: 'LAPTOP' }], answers: [{ ttl: 30 }] } },
    ])
  })

  it('asks twice, 410 ms apart', () => {
    const street = new Street(['windows', 'pc'], ['windows', 'laptop']).wait(6)
    const from = street.sim.now
    expect(street.find('nobody').result).toEqual({ failure: 'not-found' })
    expect(street.said(from, 'pc', 5355).map(({ ms }) => ms)).toEqual([0, 410])
    expect(street.said(from, 'pc', 5353).map(({ ms }) => ms)).toEqual([0, 1000])
  })

  it('is not for names with a dot, nor for a Linux', () => {
    const street = new Street(['windows', 'pc'], ['windows', 'laptop']).wait(6)
    expect(street.a.link.nameFor('a.b')).toBeUndefined()
    expect(street.a.link.nameFor('a.b.local')).toBeUndefined()
    expect(street.a.link.nameFor('a.local.')).toBe('a.local')
    const linux = new Street(['linux', 'pc'], ['windows', 'laptop']).wait(6)
    expect(linux.a.link.nameFor('laptop')).toBeUndefined()
    expect(linux.find('laptop').result).toMatchObject({ failure: 'not-found' })
  })
})

it('a question that is stored in the middle is answered all the same', () => {
  const street = new Street(['windows', 'pc'], ['linux', 'vm1']).wait(6)
  street.a.link.ask('key', 'nobody', 'A')
  street.wait(0.5)
  const stored = JSON.stringify(street.a.link.save())
  const state = JSON.parse(stored)
  const again = new Stack(street.sim, street.recorder, 'again', WINDOWS)
  const copy = new LinkNames(again, { dialect: 'windows', hostname: () => 'pc', mdns: true, llmnr: true }, state)
  expect(JSON.stringify(copy.save())).toBe(stored)
  expect(copy.pollAt()).toBe(street.a.link.pollAt())
  expect(again.udp.has(state.questions[0].port)).toBe(true)
})
