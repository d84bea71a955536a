// What a host does with what is for it: echo, datagrams, addresses that are still being probed for.
import { describe, expect, it } from 'vitest'
import { SECOND } from '../sim/time.ts'
import { aDatagram, anArp, anEcho, anIcmp, LoneStack, OWN, OWN_MAC, PEER, PEER_MAC } from '../test-support/lone-stack.ts'
import { MAC_BROADCAST, parseIp } from '../wire/addresses.ts'
import type { Datagram, StackWatcher } from './hooks.ts'
import { sendEcho } from './icmp.ts'
import { bindUdp, closeUdp, sendUdp } from './udp.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const NONE = new Uint8Array(0)

describe('echo', () => {
  it('is answered with the same identifier, sequence number and payload, from the address that was asked', () => {
    const host = new LoneStack()
    host.know()
    const payload = Uint8Array.from({ length: 1472 }, (_, at) => at)
    expect(host.hear(anEcho({}, payload)).verdict).toBe('delivered')
    expect(host.take()).toMatchObject([
      { to: PEER_MAC, ip: { src: OWN, dst: PEER, ttl: 64 }, icmp: { kind: 'echo-reply', ident: 77, sequence: 5, payload } },
    ])
  })

  it('to a broadcast address, or on a machine that does not answer, is dropped with a reason', () => {
    const host = new LoneStack()
    host.know()
    const toAll = host.hear(anEcho({ dst: ip('192.168.3.255'), toMac: MAC_BROADCAST }))
    host.stack.answersEcho = false
    const toUs = host.hear(anEcho())
    expect([toAll, toUs].map(({ verdict, detail }) => `${verdict}: ${detail}`)).toEqual([
      'filtered: echo request to a broadcast address',
      'filtered: this machine is configured not to answer echo requests',
    ])
    expect(host.take()).toEqual([])
  })

  it('answers reach the program that waits for the identifier, with the TTL they came with', () => {
    const host = new LoneStack()
    const told: unknown[] = []
    host.stack.echoes.set(7, { echoReply: (...what) => told.push(what), echoError() {} })
    const reply = { kind: 'echo-reply', ident: 7, sequence: 3, payload: new Uint8Array(32) } as const
    expect(host.hear(anIcmp(reply, { ttl: 55 })).verdict).toBe('delivered')
    expect(host.hear(anIcmp({ ...reply, ident: 8 })).verdict).toBe('no-listener')
    expect(told).toEqual([[PEER, 7, 3, 32, 55]])
  })

  it('to oneself needs no link, and does not settle before it is answered', () => {
    const host = new LoneStack()
    host.stack.attach(2, { up: false, transmit() {} })
    const told: unknown[] = []
    host.stack.echoes.set(7, { echoReply: (...what) => told.push(what), echoError() {} })
    for (const dst of [ip('127.0.0.1'), ip('127.8.8.8'), OWN]) sendEcho(host.stack, dst, 7, 1, NONE)
    expect(host.stack.transientAt()).toBe(host.sim.now)
    host.wait(0.001)
    expect(told).toEqual([ip('127.0.0.1'), ip('127.8.8.8'), OWN].map((from) => [from, 7, 1, 0, 64]))
  })
})

describe('a datagram', () => {
  const listen = (host: LoneStack, localIp: number, port = 6000, via = undefined as LoneStack['via'] | undefined) => {
    const got: Datagram[] = []
    const socket = bindUdp(host.stack, { name: 'test', datagram: (_, one) => got.push(one) }, { port, localIp, via })
    return { got, socket }
  }

  it('reaches the socket on its port, with who sent it', () => {
    const host = new LoneStack()
    const { got } = listen(host, 0)
    expect(host.hear(aDatagram()).verdict).toBe('delivered')
    expect(got).toEqual([
      { src: PEER, srcPort: 5000, dst: OWN, dstPort: 6000, payload: Uint8Array.of(9, 8, 7), via: host.via, srcMac: PEER_MAC },
    ])
    expect(host.take()).toEqual([])
  })

  it('reaches the most specific of sockets that share a port (fact sheet 4.5: DNS)', () => {
    const host = new LoneStack()
    const all = listen(host, 0)
    const one = listen(host, OWN)
    const other = listen(host, ip('10.0.0.1'))
    host.hear(aDatagram())
    host.hear(aDatagram({}, { dst: 0xffffffff, toMac: MAC_BROADCAST }))
    expect([all, one, other].map(({ got }) => got.length)).toEqual([0, 2, 0])
    if (one.socket) closeUdp(host.stack, one.socket)
    host.hear(aDatagram())
    expect(all.got).toHaveLength(1)
  })

  it('finds no second socket on the same address and port', () => {
    const host = new LoneStack()
    const first = listen(host, OWN)
    expect(listen(host, OWN).socket).toBeUndefined()
    expect(listen(host, 0).socket).toBeDefined()
    if (first.socket) closeUdp(host.stack, first.socket)
    expect(listen(host, OWN).socket).toBeDefined()
  })

  it('for a socket of another interface is for nobody', () => {
    const host = new LoneStack()
    const { got } = listen(host, 0, 6000, host.plug(3, OWN_MAC + 1))
    host.know()
    expect(host.hear(aDatagram()).verdict).toBe('no-listener')
    expect(got).toEqual([])
  })

  it('to a closed port of this very machine comes back as an error, and leaves the last frame’s verdict alone', () => {
    const host = new LoneStack()
    const told: unknown[] = []
    const owner = { name: 'test', datagram() {}, sendError: (_: unknown, ...what: unknown[]) => told.push(what) }
    const socket = bindUdp(host.stack, owner, { port: 5353 })
    host.hear(anEcho({ toMac: PEER_MAC + 7 }))
    host.hear(Uint8Array.of(1, 2, 3))
    if (socket) sendUdp(host.stack, socket, ip('127.0.0.1'), 9999, NONE)
    host.wait(0.01)
    expect(told).toEqual([[ip('127.0.0.1'), 9999, { kind: 'port', from: ip('127.0.0.1'), mtu: 0 }]])
    const verdicts = host.recorder.read(0).filter(({ direction }) => direction === 'in')
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['not-for-us', 'malformed'])
  })
})

describe('an address that a Windows computer gets', () => {
  const settled = (host: LoneStack) => {
    const told: [string, number][] = []
    const watcher: StackWatcher = { addressSettled: (_, address, owner) => told.push([address.state, owner]) }
    host.stack.watchers.push(watcher)
    return told
  }

  it('is probed for three times, a second apart, and used a second later (fact sheet 4.2)', () => {
    const host = new LoneStack('windows', null)
    const told = settled(host)
    const start = host.sim.now
    const address = host.stack.addAddress(host.via, OWN, 24, 'manual')
    host.wait(2.999)
    expect(address.state).toBe('tentative')
    expect(host.via.has(OWN)).toBe(false)
    expect(host.stack.routes.all.filter((r) => r.interface === 2)).toEqual([])
    host.wait(1)
    expect(told).toEqual([['preferred', 0]])
    const asked = host.take().map((said) => 'arp' in said && [(said.at - start) / SECOND, said.arp.senderIp, said.arp.targetIp])
    expect(asked).toEqual([
      [0, 0, OWN],
      [1, 0, OWN],
      [2, 0, OWN],
      [3, OWN, OWN],
    ])
    expect(host.stack.routes.all.filter((r) => r.interface === 2)).toMatchObject([{ prefixLength: 24, metric: 256 }])
  })

  it.each([
    ['somebody answers the probe', anArp({ op: 2, senderIp: OWN, targetMac: OWN_MAC, targetIp: 0 }, OWN_MAC)],
    ['somebody announces it', anArp({ senderIp: OWN, targetIp: OWN })],
    ['somebody asks with it', anArp({ senderIp: OWN, targetIp: PEER })],
    ['somebody else probes for it at the same time', anArp({ senderIp: 0, targetIp: OWN })],
  ])('is a duplicate when %s, and is not used', (_, bytes) => {
    const host = new LoneStack('windows', null)
    const told = settled(host)
    const address = host.stack.addAddress(host.via, OWN, 24, 'manual')
    host.wait(1.5)
    host.hear(bytes)
    host.wait(60)
    expect(told).toEqual([['duplicate', PEER_MAC]])
    expect(address.state).toBe('duplicate')
    expect(host.via.has(OWN)).toBe(false)
    expect(host.hear(anEcho()).verdict).toBe('not-forwarding')
    expect(host.take().filter((said) => 'arp' in said)).toHaveLength(2)
    expect(sendEcho(host.stack, PEER, 7, 1, NONE)).toBe('no-route')
  })

  it('is defended once it is in use: a probe of somebody else is answered', () => {
    const host = new LoneStack('windows')
    host.hear(anArp({ senderIp: 0 }))
    expect(host.take()).toMatchObject([{ to: PEER_MAC, arp: { op: 2, senderIp: OWN, senderMac: OWN_MAC, targetIp: 0 } }])
  })

  it('is announced at once on Linux, without probes (fact sheet 4.2: gratuitous ARP on address add and media connect)', () => {
    const host = new LoneStack('linux', null)
    host.stack.addAddress(host.via, OWN, 24, 'manual')
    host.stack.linkChanged(2)
    const announcement = { to: MAC_BROADCAST, arp: { op: 1, senderIp: OWN, targetIp: OWN } }
    expect(host.take()).toMatchObject([announcement, announcement])
  })
})
