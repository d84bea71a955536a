import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import { formatIp, type Ip4 } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import * as dhcp from '../wire/dhcp.ts'
import { DhcpClient, type DhcpEvent } from './dhcp-client.ts'
import type { StoredClientState } from './dhcp-client-state.ts'
import { DhcpServer, type DhcpServerOptions, type DhcpServerState } from './dhcp-server.ts'
import { Net, runs, type Stored } from './fixtures.ts'

const ip = (a: number, b: number, c: number, d: number): Ip4 => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
const SERVER = ip(192, 168, 3, 1)

type World = {
  readonly net: Net
  readonly box: Stack
  readonly via: Interface
  readonly client: DhcpClient
  readonly events: DhcpEvent[]
  readonly home: Stack
  readonly homeVia: Interface
  server: DhcpServer
  readonly freed: Ip4[]
}

function world(
  dialect: 'windows' | 'linux' = 'windows',
  change: Partial<DhcpServerOptions> = {},
  { seed = 7, stored }: { seed?: number; stored?: Stored } = {},
): World {
  const net = new Net(seed, stored)
  const home = net.machine('home', 'linux')
  const homeVia = net.plug(home, 'lan')
  const box = net.machine('box', dialect)
  const via = net.plug(box, 'lan')
  net.load(home, box)
  if (net.fresh) {
    home.addAddress(homeVia, SERVER, 24, 'manual')
    via.dhcp = true
  }
  const freed: Ip4[] = []
  const server = net.add(
    new DhcpServer(
      net.sim,
      home,
      homeVia,
      { ...serverOptions(), hooks: { leased() {}, freed: (_, at) => freed.push(at) }, ...change },
      net.state<DhcpServerState>('home/dhcp-server/eth0'),
    ),
  )
  const client = net.add(
    new DhcpClient(net.sim, box, via, { hostname: 'BOX', dialect }, net.state<StoredClientState>('box/dhcp-client/eth0')),
  )
  const events: DhcpEvent[] = []
  client.listeners.add((event) => events.push(event))
  return { net, box, via, client, events, home, homeVia, server, freed }
}

const serverOptions = (): DhcpServerOptions => ({
  address: SERVER,
  first: ip(192, 168, 3, 50),
  last: ip(192, 168, 3, 60),
  prefixLength: 24,
  leaseSeconds: 3600,
  routers: [SERVER],
  dnsServers: [SERVER],
  domain: 'home',
  reservations: [],
  order: 'ascending',
})

const kinds = (events: readonly DhcpEvent[]): string[] => events.map((e) => ('message' in e ? e.message : e.kind))
const addressOf = (via: Interface): string => (via.primary === undefined ? '' : formatIp(via.primary.ip))

/** DHCP messages that left the client, with the time in whole seconds. */
function sent(w: World): { at: number; type: number | undefined; message: dhcp.Dhcp; dst: Ip4 }[] {
  return w.net
    .seen()
    .filter((s) => s.vantage === w.via.vantage && s.verdict === 'sent' && s.bytes.length > 282 && u16(s.bytes, 36) === 67)
    .map((s) => {
      const message = dhcp.parse(s.bytes, 42, s.bytes.length) as dhcp.Dhcp
      const dst = ((s.bytes[30] << 24) | (s.bytes[31] << 16) | (s.bytes[32] << 8) | s.bytes[33]) >>> 0
      return { at: Math.round(s.time / 1e6), type: dhcp.messageType(message), message, dst }
    })
}

describe('getting a lease', () => {
  it('Windows: four messages, the address probed for, then everything set up', () => {
    const w = world()
    w.client.start()
    w.net.run(1)
    expect(addressOf(w.via)).toBe('')
    w.net.run(4)
    expect(kinds(w.events)).toEqual(['DISCOVER', 'OFFER', 'REQUEST', 'ACK', 'bound'])
    expect(addressOf(w.via)).toBe('192.168.3.50')
    expect(w.via.dnsServers).toEqual([SERVER])
    expect(w.via.dnsSuffix).toBe('home')
    expect(w.box.routes.all.find((r) => r.prefixLength === 0)).toMatchObject({ gateway: SERVER, origin: 'dhcp', metric: 0 })
    expect(w.client.view()).toMatchObject({ state: 'bound', server: '192.168.3.1' })
    expect(w.server.leases()).toMatchObject([{ ip: ip(192, 168, 3, 50), hostname: 'BOX', state: 'bound' }])
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
    const [discover] = sent(w)
    expect(discover.message.options.map((o) => o.code)).toEqual([53, 61, 12, 60, 55])
    expect(dhcp.vendorClass(discover.message)).toBe('MSFT 5.0')
  })

  it('Linux: at once, with a host route to the gateway', () => {
    const w = world('linux')
    w.client.start()
    w.net.run(0.1)
    expect(addressOf(w.via)).toBe('192.168.3.50')
    expect(w.box.routes.all.filter((r) => r.origin === 'dhcp').map((r) => [r.destination, r.prefixLength, r.metric])).toEqual([
      [0, 0, 100],
      [SERVER, 32, 100],
    ])
    expect(dhcp.clientId(sent(w)[0].message)?.[0]).toBe(255)
  })
})

/** Bound on Windows, four seconds after the start. */
function bound(dialect: 'windows' | 'linux' = 'windows', change: Partial<DhcpServerOptions> = {}): World {
  const w = world(dialect, change)
  w.client.start()
  w.net.run(4)
  w.events.length = 0
  return w
}
const silence = (w: World) => w.net.cables.get('home/eth0')?.plug(false)
const hear = (w: World) => w.net.cables.get('home/eth0')?.plug(true)
const { DISCOVER, REQUEST, RELEASE, DECLINE } = dhcp

describe('keeping a lease', () => {
  it('renews by unicast at T1', () => {
    const w = bound()
    w.net.run(1801)
    const last = sent(w).at(-1)
    expect(last).toMatchObject({ type: REQUEST, at: 1800, dst: SERVER })
    expect(last?.message.ciaddr).toBe(ip(192, 168, 3, 50))
    expect(dhcp.requestedAddress(last?.message as dhcp.Dhcp)).toBeUndefined()
    expect(w.client.view()).toMatchObject({ state: 'bound' })
    expect(w.client.view().expiresAt).toBeGreaterThan(5390e6)
    expect(w.via.addresses).toHaveLength(1)
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
  })

  it('rebinds by broadcast at T2, and lets go at the end', () => {
    const w = bound()
    silence(w)
    const from = sent(w).length
    w.net.run(3400)
    expect(w.client.view().state).toBe('rebinding')
    const later = sent(w).slice(from)
    // Unicast requests wait in vain for the server's link address and never leave.
    expect(later[0]).toMatchObject({ type: REQUEST, at: 3150, dst: 0xffffffff })
    expect(later.every((m) => m.message.ciaddr === ip(192, 168, 3, 50))).toBe(true)
    expect(addressOf(w.via)).toBe('192.168.3.50')
    w.net.run(230)
    expect(addressOf(w.via)).not.toBe('192.168.3.50')
    expect(w.box.routes.all.some((r) => r.origin === 'dhcp')).toBe(false)
    expect(w.via.dnsServers).toEqual([])
    expect(sent(w).at(-1)?.type).toBe(DISCOVER)
  })

  it('release gives the address back, renew takes one again', () => {
    const w = bound()
    expect(w.client.release()).toBe(true)
    expect(kinds(w.events)).toEqual(['RELEASE', 'released'])
    w.net.run(2)
    expect(sent(w).at(-1)).toMatchObject({ type: RELEASE, dst: SERVER })
    expect(w.server.leases()).toEqual([])
    expect(w.freed).toEqual([ip(192, 168, 3, 50)])
    expect(w.via.addresses).toEqual([])
    expect(w.client.release()).toBe(false)
    w.net.run(400)
    expect(w.client.view().state).toBe('init')
    expect(w.client.renew()).toBe('started')
    w.net.run(4)
    expect(addressOf(w.via)).toBe('192.168.3.50')
  })

  it('renew on request, also when nobody answers', () => {
    const w = bound()
    w.client.renew()
    w.net.run(1)
    expect(kinds(w.events)).toEqual(['REQUEST', 'ACK', 'bound'])
    silence(w)
    w.events.length = 0
    w.client.renew()
    w.net.run(90)
    // Two to the server it knows, four to everybody.
    expect(kinds(w.events)).toEqual([...Array.from({ length: 6 }, () => 'REQUEST'), 'failed'])
    expect(w.client.view().state).toBe('bound')
    expect(addressOf(w.via)).toBe('192.168.3.50')
  })

  it('media disconnected: nothing is sent, and the lease is asked for again when the link is back', () => {
    const w = bound()
    w.net.cables.get('box/eth0')?.plug(false)
    expect(w.via.addresses).toEqual([])
    expect(w.client.renew()).toBe('media-disconnected')
    w.net.run(5)
    w.net.cables.get('box/eth0')?.plug(true)
    w.net.run(4)
    expect(kinds(w.events)).toEqual(['REQUEST', 'ACK', 'bound'])
    const last = sent(w).at(-1)?.message as dhcp.Dhcp
    expect([dhcp.requestedAddress(last), dhcp.serverId(last), last.ciaddr]).toEqual([ip(192, 168, 3, 50), undefined, 0])
  })
})

describe('when things go wrong', () => {
  it('NAK: an address of another subnet is given up at once', () => {
    const w = bound()
    w.client.stop()
    w.server.close()
    w.net.sim.remove(w.server)
    const other = { ...serverOptions(), first: ip(192, 168, 9, 5), last: ip(192, 168, 9, 9), address: ip(192, 168, 9, 1) }
    w.home.addAddress(w.homeVia, other.address, 24, 'manual')
    w.server = w.net.add(new DhcpServer(w.net.sim, w.home, w.homeVia, { ...other, routers: [other.address] }))
    w.client.start()
    w.net.run(5)
    expect(kinds(w.events)).toEqual(['REQUEST', 'NAK', 'DISCOVER', 'OFFER', 'REQUEST', 'ACK', 'bound'])
    expect(addressOf(w.via)).toBe('192.168.9.5')
  })

  it('a duplicate is declined, set aside, and another one taken after ten seconds', () => {
    const w = world()
    const squatter = w.net.machine('squatter', 'linux')
    squatter.addAddress(w.net.plug(squatter, 'lan'), ip(192, 168, 3, 50), 24, 'manual')
    w.client.start()
    w.net.run(5)
    expect(kinds(w.events)).toEqual(['DISCOVER', 'OFFER', 'REQUEST', 'ACK', 'DECLINE'])
    expect(w.server.leases()).toMatchObject([{ ip: ip(192, 168, 3, 50), state: 'declined' }])
    expect(sent(w).at(-1)).toMatchObject({ type: DECLINE, dst: 0xffffffff })
    w.net.run(10)
    expect(addressOf(w.via)).toBe('192.168.3.51')
  })

  it('Windows: an address of its own after six seconds, cycles of five minutes, and recovery', () => {
    const w = world()
    silence(w)
    w.client.start()
    expect(w.net.sim.transientAt()).not.toBe(Number.POSITIVE_INFINITY)
    w.net.run(5.9)
    expect(w.via.addresses).toEqual([])
    w.net.run(3.2)
    expect(addressOf(w.via)).toMatch(/^169\.254\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])\.\d+$/)
    expect(w.client.view().state).toBe('autoconfigured')
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
    w.net.run(670)
    const times = sent(w).map((m) => m.at)
    const expected = [0, 4, 12, 28, 300, 304, 312, 328, 600, 604, 612, 628]
    expect(times).toHaveLength(expected.length)
    for (const [i, at] of times.entries()) expect(Math.abs(at - expected[i])).toBeLessThanOrEqual(3)
    expect(kinds(w.events).filter((k) => k === 'failed')).toHaveLength(3)
    hear(w)
    w.net.run(300)
    expect(addressOf(w.via)).toBe('192.168.3.50')
    expect(w.via.addresses).toHaveLength(1)
  })

  it('an address of its own that is taken is drawn again', () => {
    const w = world()
    silence(w)
    w.client.start()
    w.net.run(6.1)
    const [first] = w.via.addresses
    const squatter = w.net.machine('squatter', 'linux')
    squatter.addAddress(w.net.plug(squatter, 'lan'), first.ip, 16, 'manual')
    w.net.run(5)
    expect(w.via.primary?.ip).toBeDefined()
    expect(w.via.primary?.ip).not.toBe(first.ip)
  })

  it('Linux: no address without a server, and the lab settles after a minute', () => {
    const w = world('linux')
    silence(w)
    w.client.start()
    w.net.run(50)
    expect(w.net.sim.transientAt()).not.toBe(Number.POSITIVE_INFINITY)
    w.net.run(25)
    expect(w.net.sim.transientAt()).toBe(Number.POSITIVE_INFINITY)
    expect(w.via.addresses).toEqual([])
    const gaps = sent(w).map((m, i, all) => m.at - (all[i - 1]?.at ?? 0))
    for (const gap of gaps.slice(1)) expect(gap).toBeGreaterThanOrEqual(3)
    hear(w)
    w.net.run(300)
    expect(addressOf(w.via)).toBe('192.168.3.50')
  })

  it('Windows: nobody answers after a restart, but the old gateway is there: the lease is kept', () => {
    const w = bound()
    w.client.stop()
    w.server.close()
    w.client.start()
    w.net.run(40)
    expect(w.client.view().state).toBe('bound')
    expect(addressOf(w.via)).toBe('192.168.3.50')
  })

  it('Windows: nobody answers and the gateway is gone: an address of its own', () => {
    const w = bound()
    w.client.stop()
    silence(w)
    w.client.start()
    w.net.run(50)
    expect(w.client.view().state).toBe('autoconfigured')
    expect(addressOf(w.via)).toMatch(/^169\.254\./)
  })

  it('an expired lease is not asked for again', () => {
    const w = bound()
    w.client.stop()
    w.net.run(4000)
    w.client.start()
    w.net.run(1)
    expect(kinds(w.events).slice(0, 2)).toEqual(['DISCOVER', 'OFFER'])
  })
})

describe('the server', () => {
  it('gives by MAC address what looks arbitrary, and the same one again', () => {
    const w = bound('windows', { order: 'by-mac' })
    const first = w.via.primary?.ip
    w.client.release()
    w.net.run(1)
    w.client.renew()
    w.net.run(4)
    expect(w.via.primary?.ip).toBe(first)
  })

  it('keeps reservations for their owner', () => {
    const w = world('windows', { reservations: [{ mac: 0x00155d000002, ip: ip(192, 168, 3, 99) }] })
    expect(w.via.mac).toBe(0x00155d000002)
    w.client.start()
    w.net.run(4)
    expect(addressOf(w.via)).toBe('192.168.3.99')
  })

  it('runs out of addresses', () => {
    const w = world('linux', { last: ip(192, 168, 3, 50) })
    const second = w.net.machine('second', 'linux')
    const via = w.net.plug(second, 'lan')
    const client = w.net.add(new DhcpClient(w.net.sim, second, via, { hostname: 'second', dialect: 'linux' }))
    w.client.start()
    w.net.run(1)
    client.start()
    w.net.run(1)
    expect(w.via.primary).toBeDefined()
    expect(via.primary).toBeUndefined()
    w.server.freeAll()
    expect(w.server.leases()).toEqual([])
  })

  it('two servers: the one not chosen takes its offer back', () => {
    const w = world('linux')
    const other = w.net.machine('other', 'linux')
    const otherVia = w.net.plug(other, 'lan', 2, 5000)
    other.addAddress(otherVia, ip(192, 168, 3, 2), 24, 'manual')
    const second = w.net.add(
      new DhcpServer(w.net.sim, other, otherVia, {
        ...serverOptions(),
        address: ip(192, 168, 3, 2),
        first: ip(192, 168, 3, 70),
        last: ip(192, 168, 3, 80),
      }),
    )
    w.client.start()
    w.net.run(2)
    expect(addressOf(w.via)).toBe('192.168.3.50')
    expect(second.leases()).toEqual([])
  })

  it('bound to an address it no longer has, it hears nobody', () => {
    const w = world('windows', { localIp: SERVER })
    w.home.removeAddress(w.homeVia, SERVER)
    w.client.start()
    w.net.run(20)
    expect(addressOf(w.via)).toMatch(/^169\.254\./)
    expect([...w.home.udp.keys()]).toEqual([67, 68])
  })
})

describe('stored and restored', () => {
  const acts = [
    [0, (w: World) => w.client.start()],
    [6, (w: World) => w.client.renew()],
    [10, (w: World) => w.client.release()],
    [11, (w: World) => silence(w)],
    [12, (w: World) => w.client.renew()],
    [40, (w: World) => hear(w)],
    [500, (w: World) => w.net.cables.get('box/eth0')?.plug(false)],
    [510, (w: World) => w.net.cables.get('box/eth0')?.plug(true)],
  ] as const

  it('at any moment changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom('windows' as const, 'linux' as const), fc.nat(140), fc.nat(50), (dialect, step, seed) => {
        const { plain, restored } = runs((stored) => world(dialect, {}, { seed, stored }), acts, 6000, step)
        expect(restored).toEqual(plain)
      }),
      { numRuns: 30 },
    )
  }, 30_000)
})
