// Port features of the virtual switch: fact sheet 4.11 (features), 4.12 (access lists), 4.13 (VLAN modes).
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../sim/simulation.ts'
import { SECOND } from '../../sim/time.ts'
import { Port } from '../../test-support/sink.ts'
import { type Ip4, MAC_BROADCAST, type Mac, parseIp } from '../../wire/addresses.ts'
import { put16, put32 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as vlan from '../../wire/vlan.ts'
import { Recorder } from '../recorder.ts'
import { NO_MAC, UPLINK, VirtualSwitch, type VirtualSwitchState } from '../virtual-switch.ts'
import type { ExtendedRule } from './extended-acl.ts'
import type { AclRule } from './port-acl.ts'
import { DEFAULT_SETTINGS, type PortSettings } from './settings.ts'

const NAMES = ['host', 'a', 'b', 'c', 'uplink'] as const
type Name = (typeof NAMES)[number]
const MAC: { readonly [name in Name]: Mac } = {
  host: 0x155d000001,
  a: 0x155d00000a,
  b: 0x155d00000b,
  c: 0x155d00000c,
  uplink: UPLINK,
}
const STRANGER: Mac = 0x48f7c0acee46

type Settings = { readonly [name in Name]?: Partial<PortSettings> }

function setUp(settings: Settings, { uplink = true, now = 0, state = undefined as VirtualSwitchState | undefined } = {}) {
  const sim = new Simulation(1)
  sim.now = now
  const recorder = new Recorder(sim, 256, 1 << 16)
  const fabric = new VirtualSwitch(sim, recorder, 'pc/switch', 'pc', 'Lab', state)
  const ports = NAMES.map((name) => {
    const port = new Port()
    const mac = name === 'uplink' && !uplink ? NO_MAC : MAC[name]
    fabric.attach(fabric.addPort(mac, name, { ...DEFAULT_SETTINGS, ...settings[name] }), port)
    return port
  })
  let id = 0
  /** Who gets it, and with which tag: `b`, `uplink:10`. */
  const send = (from: Name, bytes: Uint8Array): string[] => {
    fabric.receive(NAMES.indexOf(from), { bytes: bytes.slice(), id: ++id, cause: 0, origin: 0, stored: -1 })
    return ports.flatMap((port, at) => {
      const got = port.sent.map((frame) => `${NAMES[at]}${vlan.tagged(frame.bytes) ? `:${vlan.vid(frame.bytes)}` : ''}`)
      port.sent = []
      return got
    })
  }
  const why = () => {
    const all = recorder.read(0).map(({ verdict, detail }) => `${verdict}: ${detail}`)
    return all.at(-1)
  }
  return { sim, fabric, send, why }
}

type Packet = {
  readonly from?: Mac
  readonly to?: Mac
  readonly src?: string
  readonly dst?: string
  readonly protocol?: number
  readonly ports?: readonly [number, number]
  readonly payload?: readonly number[]
  readonly tag?: number
}

/** A frame with an IPv4 packet in it; checksums are not what is looked at here. */
function packet({
  from = MAC.a,
  to = MAC.b,
  src = '10.0.0.10',
  dst = '10.0.0.11',
  protocol = 17,
  ports = [1000, 2000],
  payload = [0],
  tag,
}: Packet = {}) {
  const b = new Uint8Array(14 + 20 + 8 + payload.length)
  ethernet.emit(b, to, from, ethernet.TYPE_IPV4)
  b[14] = 0x45
  put16(b, 16, b.length - 14)
  b[22] = 64
  b[23] = protocol
  put32(b, 26, parseIp(src) as Ip4)
  put32(b, 30, parseIp(dst) as Ip4)
  put16(b, 34, ports[0])
  put16(b, 36, ports[1])
  put16(b, 38, 8 + payload.length)
  b.set(payload, 42)
  return tag === undefined ? b : vlan.push(b, tag)
}

const toAll = (tag?: number) => packet({ to: MAC_BROADCAST, tag })

describe('VLAN modes', () => {
  it('untagged: takes no tagged frame, and talks to untagged ports and the untagged wire', () => {
    const { send, why } = setUp({})
    expect(send('a', toAll())).toEqual(['host', 'b', 'c', 'uplink'])
    expect(send('a', toAll(10))).toEqual([])
    expect(why()).toBe('vlan: a is Untagged')
    expect(send('a', toAll(0))).toEqual(['host', 'b', 'c', 'uplink'])
  })

  it('access: no tag at the guest, its VLAN on the wire, and nobody else hears it', () => {
    const access = { vlan: { mode: 'Access', vlanId: 10 } } as const
    const { send, why } = setUp({ a: access, b: access })
    expect(send('a', toAll())).toEqual(['b', 'uplink:10'])
    expect(send('uplink', packet({ from: STRANGER, to: MAC.a, tag: 10 }))).toEqual(['a'])
    expect(send('uplink', packet({ from: STRANGER, to: MAC.a }))).toEqual([])
    expect(why()).toBe('vlan: the frame is in no VLAN, a is Access 10')
    expect(send('c', packet({ from: MAC.c, to: MAC.a }))).toEqual(['uplink'])
  })

  it('trunk: tags for what is allowed, the native VLAN without', () => {
    const { send, why } = setUp({
      a: { vlan: { mode: 'Trunk', nativeVlanId: 0, allowedVlanIds: [10, 20] } },
      b: { vlan: { mode: 'Access', vlanId: 10 } },
    })
    expect(send('a', toAll())).toEqual(['host', 'c', 'uplink'])
    expect(send('a', toAll(10))).toEqual(['b', 'uplink:10'])
    expect(send('a', toAll(20))).toEqual(['uplink:20'])
    expect(send('a', toAll(30))).toEqual([])
    expect(why()).toBe('vlan: a is Trunk 0,10,20')
    expect(send('b', packet({ from: MAC.b, to: MAC.a }))).toEqual(['a:10'])
  })

  it('private: isolated ports reach the promiscuous one only, communities themselves too', () => {
    const { send } = setUp({
      host: { vlan: { mode: 'Promiscuous', primaryVlanId: 10, secondaryVlanIds: [200, 201] } },
      a: { vlan: { mode: 'Isolated', primaryVlanId: 10, secondaryVlanId: 200 } },
      b: { vlan: { mode: 'Isolated', primaryVlanId: 10, secondaryVlanId: 200 } },
      c: { vlan: { mode: 'Community', primaryVlanId: 10, secondaryVlanId: 201 } },
    })
    expect(send('a', toAll())).toEqual(['host', 'uplink:200'])
    expect(send('c', packet({ from: MAC.c, to: MAC_BROADCAST }))).toEqual(['host', 'uplink:201'])
    expect(send('host', packet({ from: MAC.host, to: MAC_BROADCAST }))).toEqual(['a', 'b', 'c', 'uplink:10'])
    expect(send('uplink', packet({ from: STRANGER, to: MAC_BROADCAST, tag: 200 }))).toEqual(['host'])
    expect(send('uplink', packet({ from: STRANGER, to: MAC_BROADCAST, tag: 201 }))).toEqual(['host', 'c'])
  })
})

describe('MAC spoofing', () => {
  it('on: other sources may be used, and are found again behind the port until it is off', () => {
    const { send, fabric, sim } = setUp({ a: { macAddressSpoofing: true } }, { uplink: false })
    expect(send('b', packet({ from: MAC.b, to: STRANGER }))).toEqual([])
    expect(send('a', packet({ from: STRANGER }))).toEqual(['b'])
    expect(send('b', packet({ from: MAC.b, to: STRANGER }))).toEqual(['a'])
    sim.now += 301 * SECOND
    expect(send('b', packet({ from: MAC.b, to: STRANGER }))).toEqual([])
    send('a', packet({ from: STRANGER }))
    fabric.setSettings(1, DEFAULT_SETTINGS)
    expect(send('b', packet({ from: MAC.b, to: STRANGER }))).toEqual([])
  })

  it('learns so many addresses and no more; the one that was silent for longest goes', () => {
    const { send, fabric } = setUp({ a: { macAddressSpoofing: true } })
    for (let n = 0; n < 2_000; n++) send('a', packet({ from: STRANGER + n }))
    expect(fabric.save().learned).toHaveLength(512)
    expect(send('b', packet({ from: MAC.b, to: STRANGER }))).toEqual(['uplink'])
    expect(send('b', packet({ from: MAC.b, to: STRANGER + 1_999 }))).toEqual(['a'])
  })
})

describe('guards', () => {
  const offer = packet({ ports: [67, 68], payload: [2, 1, 6, 0] })
  const discover = packet({ ports: [68, 67], payload: [1, 1, 6, 0] })
  const redirect = packet({ protocol: 1, ports: [0x0501, 0] })

  it('DHCP guard: a server’s words are dropped, a client’s are not', () => {
    const { send, why } = setUp({ a: { dhcpGuard: true } })
    expect(send('a', offer)).toEqual([])
    expect(why()).toBe('dhcp-guard: a')
    expect(send('a', discover)).toEqual(['b'])
    expect(send('a', redirect)).toEqual(['b'])
    expect(setUp({}).send('a', offer)).toEqual(['b'])
  })

  it('router guard: redirects and advertisements are dropped', () => {
    const { send, why } = setUp({ a: { routerGuard: true } })
    expect(send('a', redirect)).toEqual([])
    expect(why()).toBe('router-guard: a')
    expect(send('a', offer)).toEqual(['b'])
  })
})

const rule = (action: AclRule['action'], direction: AclRule['direction'], network: string, prefixLength: number): AclRule => ({
  action,
  direction,
  side: 'Remote',
  match: { kind: 'ip4', network: parseIp(network) as Ip4, prefixLength },
})

describe('a port ACL', () => {
  it('lets the most specific entry decide, whatever the order', () => {
    const entries = [rule('Allow', 'Outbound', '10.0.0.11', 32), rule('Deny', 'Outbound', '10.0.0.0', 24)]
    for (const acl of [entries, [...entries].reverse()]) {
      const { send, why } = setUp({ a: { acl } })
      expect(send('a', packet())).toEqual(['b'])
      expect(send('a', packet({ dst: '10.0.0.12' }))).toEqual([])
      expect(why()).toBe('port-acl: a: Deny Outbound Remote 10.0.0.0/24')
      expect(send('b', packet({ from: MAC.b, to: MAC.a, src: '10.0.0.12', dst: '10.0.0.10' }))).toEqual(['a'])
    }
  })

  it('denies where two are equally specific, remembers nothing, and leaves ARP alone', () => {
    const { send, why } = setUp({ a: { acl: [rule('Allow', 'Inbound', '0.0.0.0', 0), rule('Deny', 'Inbound', '0.0.0.0', 0)] } })
    expect(send('a', packet())).toEqual(['b'])
    expect(send('b', packet({ from: MAC.b, to: MAC.a }))).toEqual([])
    expect(why()).toBe('port-acl: a: Deny Inbound Remote 0.0.0.0/0')
    const arp = packet({ from: MAC.b, to: MAC.a })
    put16(arp, 12, ethernet.TYPE_ARP)
    expect(send('b', arp)).toEqual(['a'])
  })

  it('matches addresses of the link', () => {
    const match = { kind: 'mac', mac: MAC.b } as const
    const { send } = setUp({ a: { acl: [{ action: 'Deny', direction: 'Outbound', side: 'Remote', match }] } })
    expect(send('a', packet())).toEqual([])
    expect(send('a', packet({ to: MAC.c }))).toEqual(['c'])
  })

  it('counts what is metered', () => {
    const { send, fabric } = setUp({ a: { acl: [rule('Meter', 'Outbound', '0.0.0.0', 0)] } })
    send('a', packet())
    send('a', packet())
    expect(fabric.portList[1]?.acl.metered).toEqual([2 * packet().length])
  })
})

const extended = (weight: number, change: Partial<ExtendedRule>): ExtendedRule => ({
  action: 'Deny',
  direction: 'Inbound',
  localIp: null,
  remoteIp: null,
  localPort: null,
  remotePort: null,
  protocol: null,
  weight,
  stateful: false,
  idleTimeout: 0,
  ...change,
})

describe('an extended ACL', () => {
  const answer = packet({ from: MAC.b, to: MAC.a, src: '10.0.0.11', dst: '10.0.0.10', ports: [2000, 1000] })

  it('asks the heaviest entry first, and the first that matches ends it', () => {
    const allow80 = extended(10, { action: 'Allow', protocol: 6, localPort: [80, 90] })
    const { send, why } = setUp({ a: { extendedAcl: [extended(1, {}), allow80] } })
    const web = { from: MAC.b, to: MAC.a, protocol: 6 } as const
    expect(send('b', packet({ ...web, ports: [4000, 85] }))).toEqual(['a'])
    expect(send('b', packet({ ...web, ports: [4000, 91] }))).toEqual([])
    expect(why()).toBe('extended-acl: a: Deny Inbound, weight 1')
    expect(send('b', packet({ ...web, protocol: 17, ports: [4000, 85] }))).toEqual([])
  })

  it('stateful: answers come through until the session was idle for too long', () => {
    const out = extended(10, { action: 'Allow', direction: 'Outbound', protocol: 17, stateful: true, idleTimeout: 30 * SECOND })
    const { send, sim } = setUp({ a: { extendedAcl: [extended(1, {}), out] } })
    expect(send('b', answer)).toEqual([])
    expect(send('a', packet())).toEqual(['b'])
    for (let n = 0; n < 3; n++) {
      sim.now += 29 * SECOND
      expect(send('b', answer)).toEqual(['a'])
    }
    sim.now += 31 * SECOND
    expect(send('b', answer)).toEqual([])
  })

  it('holds so many sessions and no more', () => {
    const out = extended(10, { action: 'Allow', direction: 'Outbound', stateful: true, protocol: 17, idleTimeout: 300 * SECOND })
    const { send, fabric } = setUp({ a: { extendedAcl: [extended(1, {}), out] } })
    for (let port = 1; port <= 3_000; port++) send('a', packet({ ports: [port, 53] }))
    expect(fabric.save().ports?.[0]?.[1].sessions).toHaveLength(1024)
    expect(send('b', packet({ from: MAC.b, to: MAC.a, src: '10.0.0.11', dst: '10.0.0.10', ports: [53, 1] }))).toEqual([])
    expect(send('b', packet({ from: MAC.b, to: MAC.a, src: '10.0.0.11', dst: '10.0.0.10', ports: [53, 3_000] }))).toEqual(['a'])
  })
})

describe('limits', () => {
  it('storm limit: so many frames for everybody a second; frames for one go on', () => {
    const { send, sim, why } = setUp({ a: { stormLimit: 3 } })
    const got = Array.from({ length: 5 }, () => send('a', toAll()).length)
    expect(got).toEqual([4, 4, 4, 0, 0])
    expect(why()).toBe('storm-limit: a: 3 a second')
    expect(send('a', packet())).toEqual(['b'])
    sim.now += SECOND
    expect(send('a', toAll())).toHaveLength(4)
  })

  it('bandwidth: over a second, no more than the rate and one burst, each way', () => {
    const rate = 8_000_000
    const { send, sim } = setUp({ a: { maximumBandwidth: rate } })
    const frame = packet({ payload: Array(1_400).fill(0) })
    const back = packet({ from: MAC.b, to: MAC.a, payload: Array(1_400).fill(0) })
    for (const [from, bytes] of [
      ['a', frame],
      ['b', back],
    ] as const) {
      let bits = 0
      for (let n = 0; n < 10_000; n++) {
        sim.now += 100
        if (send(from, bytes).length > 0) bits += bytes.length * 8
      }
      expect(bits).toBeLessThanOrEqual(rate + 400_000)
      expect(bits).toBeGreaterThan(rate * 0.95)
    }
  })
})

describe('port mirroring', () => {
  const watch: Settings = { a: { portMirroring: 'Source' }, c: { portMirroring: 'Destination' } }

  it('copies what the source sends and gets to the destination, once', () => {
    const { send } = setUp(watch)
    expect(send('a', packet())).toEqual(['b', 'c'])
    expect(send('b', packet({ from: MAC.b, to: MAC.a }))).toEqual(['a', 'c'])
    expect(send('a', toAll())).toEqual(['host', 'b', 'c', 'uplink'])
    expect(send('b', packet({ from: MAC.b, to: MAC.host }))).toEqual(['host'])
  })

  it('needs both, in one VLAN', () => {
    expect(setUp({ a: { portMirroring: 'Source' } }).send('a', packet())).toEqual(['b'])
    expect(setUp({ c: { portMirroring: 'Destination' } }).send('a', packet())).toEqual(['b'])
    const inTen = { vlan: { mode: 'Access', vlanId: 10 } } as const
    expect(setUp({ ...watch, a: { ...watch.a, ...inTen }, b: inTen }).send('a', packet())).toEqual(['b'])
  })
})

it('goes on after it was put away in the middle as if nothing had been', () => {
  const out = extended(10, { action: 'Allow', direction: 'Outbound', stateful: true, protocol: 17, idleTimeout: 30 * SECOND })
  const settings: Settings = {
    a: {
      extendedAcl: [extended(1, {}), out],
      acl: [rule('Meter', 'Outbound', '0.0.0.0', 0)],
      stormLimit: 5,
      maximumBandwidth: 3_000_000,
      macAddressSpoofing: true,
    },
  }
  const run = (away: boolean) => {
    let one = setUp(settings)
    const got: string[][] = []
    for (let n = 0; n < 400; n++) {
      if (away) one = setUp(settings, { now: one.sim.now, state: JSON.parse(JSON.stringify(one.fabric.save())) })
      one.sim.now += 1 + ((n * 7919) % 90_000)
      const ports = [1 + (n % 17), 53] as const
      got.push(
        one.send(
          'a',
          n % 5 === 0 ? toAll() : packet({ from: n % 3 === 0 ? STRANGER + n : MAC.a, ports, payload: Array(900).fill(n) }),
        ),
      )
      got.push(
        one.send(
          'b',
          packet({
            from: MAC.b,
            to: n % 2 === 0 ? MAC.a : STRANGER + n,
            src: '10.0.0.11',
            dst: '10.0.0.10',
            ports: [53, 1 + (n % 23)],
          }),
        ),
      )
    }
    return { got, metered: one.fabric.portList[1]?.acl.metered }
  }
  expect(run(true)).toEqual(run(false))
})
