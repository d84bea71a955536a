import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sendEcho } from '../ip/icmp.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import { formatIp, type Ip4, parseIp } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import { Net, runs, type Stored } from './fixtures.ts'
import { L2tpClient, type L2tpClientState } from './l2tp-client.ts'
import { L2tpServer, type L2tpServerState } from './l2tp-server.ts'

const ip = (text: string): Ip4 => parseIp(text) as Ip4
const SERVER = ip('203.0.113.18')

type World = {
  readonly net: Net
  readonly box: Stack
  readonly router: Stack
  readonly gate: Stack
  readonly client: L2tpClient
  readonly server: L2tpServer
  readonly events: Json[]
  readonly replies: { readonly from: Ip4; readonly ttl: number }[]
}

/** box - home - router - wide - gate - campus - intranet. */
function world({ seed = 5, password = 'lab-only', stored }: { seed?: number; password?: string; stored?: Stored } = {}): World {
  const net = new Net(seed, stored)
  const route = (stack: Stack, to: string, prefixLength: number, gateway: string, index: number) =>
    stack.routes.add({
      destination: ip(to),
      prefixLength,
      gateway: ip(gateway),
      interface: index,
      metric: 0,
      origin: 'static',
      persistent: true,
    })
  const machine = (name: string, os: 'windows' | 'linux', plugs: readonly (readonly [hub: string, address: string])[]) => {
    const stack = net.machine(name, os)
    for (const [at, [hub, address]] of plugs.entries()) {
      const via = net.plug(stack, hub, 2 + at)
      if (net.fresh) stack.addAddress(via, ip(address), 24, 'ics')
      via.forwarding = plugs.length > 1
    }
    return stack
  }
  const box = machine('box', 'windows', [['home', '192.168.3.50']])
  const router = machine('router', 'linux', [
    ['home', '192.168.3.1'],
    ['wide', '203.0.113.17'],
  ])
  const gate = machine('gate', 'linux', [
    ['wide', '203.0.113.18'],
    ['campus', '10.99.1.1'],
  ])
  const intranet = machine('intranet', 'linux', [['campus', '10.99.1.80']])
  if (net.fresh) {
    route(box, '0.0.0.0', 0, '192.168.3.1', 2)
    route(gate, '0.0.0.0', 0, '203.0.113.17', 2)
    route(intranet, '0.0.0.0', 0, '10.99.1.1', 2)
  }
  const server = net.add(
    new L2tpServer(
      net.sim,
      gate,
      {
        address: ip('10.99.0.1'),
        first: ip('10.99.0.10'),
        last: ip('10.99.0.99'),
        dnsServers: [ip('10.99.1.53')],
        users: [{ name: 'student', password: 'lab-only' }],
      },
      net.state<L2tpServerState>('gate/l2tp-server'),
    ),
  )
  const client = net.add(
    new L2tpClient(
      net.sim,
      box,
      {
        name: 'Campus VPN',
        server: 'vpn.campus.example',
        user: 'student',
        password,
        suffix: 'campus.example',
        interfaceIndex: 40,
        guid: '',
        vantage: net.recorder.vantage('box', 'Campus VPN', 'raw-ip'),
      },
      net.state<L2tpClientState>('box/l2tp-client/Campus VPN'),
    ),
  )
  net.load(box, router, gate, intranet)
  const events: Json[] = []
  client.listeners.add((event) => events.push(event))
  const replies: { from: Ip4; ttl: number }[] = []
  const owner = {
    echoReply: (from: Ip4, _ident: number, _sequence: number, _bytes: number, ttl: number) => void replies.push({ from, ttl }),
    echoError() {},
  }
  box.echoes.set(7, owner)
  return { net, box, router, gate, client, server, events, replies }
}

const kinds = (w: World): string[] => w.events.map((e) => Object.values(e as object).join(' '))
const ping = (w: World, to: string) => sendEcho(w.box, ip(to), 7, 1, new Uint8Array(32))
const connected = (): World => {
  const w = world()
  w.client.connect(SERVER)
  w.net.run(5)
  w.events.length = 0
  return w
}
const cable = (w: World, name: string) => w.net.cables.get(name)

/** L2TP datagrams of the box: time in seconds and the first octets of the header. */
const spoken = (w: World) =>
  w.net
    .seen()
    .filter((s) => s.verdict === 'sent' && w.net.recorder.vantages[s.vantage].machine === 'box')
    .filter((s) => s.bytes.length > 42 && s.bytes[23] === 17 && u16(s.bytes, 36) === 1701)
    .map((s) => ({ at: Math.round(s.time / 1e6), packet: s.packet, cause: s.cause, control: (s.bytes[42] & 0x80) !== 0 }))

describe('a VPN connection', () => {
  it('connects, with address, routes and name servers', () => {
    const w = world()
    expect(w.client.status).toBe('Disconnected')
    w.client.connect(SERVER)
    expect(w.client.status).toBe('Connecting')
    expect(w.net.sim.transientAt()).not.toBe(Number.POSITIVE_INFINITY)
    w.net.run(5)
    expect(kinds(w)).toEqual(['progress connecting', 'progress authenticating', 'progress registering', 'connected 10.99.0.10'])
    expect(w.client.status).toBe('Connected')
    const via = w.box.interfaces.get(40)
    expect(via).toMatchObject({
      kind: 'ppp',
      name: 'Campus VPN',
      mtu: 1400,
      dnsServers: [ip('10.99.1.53')],
      dnsSuffix: 'campus.example',
    })
    expect(
      w.box.routes.all
        .filter((r) => r.origin === 'ppp')
        .map((r) => `${formatIp(r.destination)}/${r.prefixLength} ${r.interface}`),
    ).toEqual(['203.0.113.18/32 2', '0.0.0.0/0 40'])
    expect(w.server.callers()).toEqual([{ ip: ip('10.99.0.10'), from: ip('192.168.3.50') }])
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
    // Dialled within a second: nothing had to be said twice.
    expect(spoken(w).every((m) => m.at < 1)).toBe(true)
  })

  it('carries packets both ways, each in a packet of its own that it caused', () => {
    const w = connected()
    const id = ping(w, '10.99.1.80')
    w.net.run(2)
    expect(w.replies).toEqual([{ from: ip('10.99.1.80'), ttl: 63 }])
    expect(spoken(w).at(-1)).toMatchObject({ cause: id, control: false })
    const inside = w.net.seen().filter((s) => s.packet === id)
    expect(inside.map((s) => w.net.recorder.vantages[s.vantage].adapter)).toEqual(['Campus VPN'])
    expect(inside[0].bytes[0]).toBe(0x45)
    // The gate unwraps it into a packet caused by the datagram.
    const outer = spoken(w).at(-1)?.packet
    const unwrapped = w.net.seen().find((s) => s.cause === outer && w.net.recorder.vantages[s.vantage].adapter === 'ppp0')
    expect(unwrapped?.bytes).toEqual(inside[0].bytes)
    // The home network stays reachable beside the tunnel.
    ping(w, '192.168.3.1')
    w.net.run(1)
    expect(w.replies.at(-1)?.from).toBe(ip('192.168.3.1'))
  })

  it('disconnects, and nothing of it is left', () => {
    const w = connected()
    w.client.disconnect()
    expect(kinds(w)).toEqual(['disconnected'])
    w.net.run(3)
    expect(w.client.status).toBe('Disconnected')
    expect(w.box.interfaces.has(40)).toBe(false)
    expect(w.gate.interfaces.size).toBe(2)
    expect([...w.box.routes.all, ...w.gate.routes.all].some((r) => r.origin === 'ppp')).toBe(false)
    expect(w.server.callers()).toEqual([])
    expect(w.box.udp.has(1701)).toBe(false)
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
    ping(w, '203.0.113.17')
    w.net.run(1)
    expect(w.replies).toHaveLength(1)
    w.client.connect(SERVER)
    w.net.run(5)
    expect(kinds(w).at(-1)).toBe('connected 10.99.0.10')
  })

  it('a wrong password is 691', () => {
    const w = world({ password: 'guess' })
    w.client.connect(SERVER)
    w.net.run(20)
    expect(w.events.at(-1)).toMatchObject({ kind: 'failed', code: 691 })
    expect(w.client.status).toBe('Disconnected')
    expect(w.server.callers()).toEqual([])
    // Both say goodbye at once, and both are heard out.
    expect(w.net.seen().some((s) => s.bytes[23] === 1)).toBe(false)
    w.net.run(40)
    expect(w.box.udp.has(1701)).toBe(false)
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })

  it('nobody there is 809, at once when the port is closed', () => {
    const w = world()
    cable(w, 'gate/eth0')?.plug(false)
    w.gate.interfaces.get(2)?.addresses.splice(0)
    w.router.interfaces.get(3)?.neighbors.add(SERVER, 'permanent', 1)
    w.client.connect(SERVER)
    w.net.run(40)
    expect(w.events.at(-1)).toMatchObject({ kind: 'failed', code: 809 })
    expect(spoken(w).map((m) => m.at)).toEqual([0, 1, 3, 7, 15])
    const other = world()
    other.server.close()
    other.client.connect(SERVER)
    other.net.run(0.5)
    expect(other.events.at(-1)).toMatchObject({ kind: 'failed', code: 809 })
    cable(other, 'box/eth0')?.plug(false)
    other.client.connect(SERVER)
    expect(other.events.at(-1)).toMatchObject({ kind: 'failed', code: 800 })
  })

  it('says HELLO every minute, and is dropped after three without an answer', () => {
    const w = connected()
    const before = spoken(w).length
    w.net.run(600)
    expect(spoken(w).length - before).toBeGreaterThanOrEqual(9)
    expect(spoken(w).length - before).toBeLessThanOrEqual(11)
    expect(w.client.status).toBe('Connected')
    cable(w, 'gate/eth0')?.plug(false)
    w.net.run(150)
    expect(w.client.status).toBe('Connected')
    w.net.run(120)
    expect(w.client.status).toBe('Disconnected')
    expect(kinds(w)).toEqual(['disconnected'])
    w.net.run(200)
    expect(w.server.callers()).toEqual([])
  })

  it('falls with the network under it', () => {
    const w = connected()
    cable(w, 'box/eth0')?.plug(false)
    expect(w.client.status).toBe('Disconnected')
    expect(w.box.interfaces.has(40)).toBe(false)
    cable(w, 'box/eth0')?.plug(true)
    w.client.connect(SERVER)
    w.net.run(5)
    expect(w.server.callers()).toEqual([{ ip: ip('10.99.0.10'), from: ip('192.168.3.50') }])
    const via = w.box.interfaces.get(2)
    if (via) w.box.removeAddress(via, ip('192.168.3.50'))
    ping(w, '10.99.1.80')
    expect(w.client.status).toBe('Disconnected')
  })

  it('survives lost datagrams', () => {
    for (let lost = 0; lost < 24; lost++) {
      const w = world()
      w.client.connect(SERVER)
      let n = 0
      while (n < lost && w.net.sim.step(w.net.sim.now + 1e6)) n++
      cable(w, 'box/eth0')?.plug(true)
      const wire = cable(w, 'gate/eth0')
      wire?.plug(false)
      wire?.plug(true)
      w.net.run(40)
      expect(w.client.status).toBe('Connected')
      w.client.disconnect()
      w.net.run(40)
      expect(w.server.callers()).toEqual([])
    }
  })
})

describe('stored and restored', () => {
  const acts = [
    [0, (w: World) => w.client.connect(SERVER)],
    [3, (w: World) => ping(w, '10.99.1.80')],
    [70, (w: World) => ping(w, '203.0.113.17')],
    [80, (w: World) => w.client.disconnect()],
    [82, (w: World) => w.client.connect(SERVER)],
    [90, (w: World) => cable(w, 'gate/eth0')?.plug(false)],
  ] as const

  it('at any moment changes nothing', () => {
    fc.assert(
      fc.property(fc.nat(240), fc.nat(50), (step, seed) => {
        const { plain, restored } = runs((stored) => world({ seed, stored }), acts, 600, step)
        expect(restored).toEqual(plain)
      }),
      { numRuns: 30 },
    )
  }, 30_000)
})
