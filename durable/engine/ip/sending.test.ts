// Which way a packet goes and from which address (RFC 1122 section 3.3; strong host model, fact sheet 4.3).
import { describe, expect, it } from 'vitest'
import { LoneStack, OWN, OWN_MAC, PEER, PEER_MAC } from '../test-support/lone-stack.ts'
import { formatIp, MAC_BROADCAST, parseIp } from '../wire/addresses.ts'
import { sendEcho } from './icmp.ts'
import type { SendOptions } from './output.ts'
import { bindUdp, sendUdp } from './udp.ts'

const NONE = new Uint8Array(0)
const ip = (text: string): number => parseIp(text) ?? -1
const WIFI = ip('10.20.30.100')
const CAFE = ip('10.20.30.1')
const WWW = ip('192.0.2.80')

/** A computer on two networks, with a gateway on each; the cable (eth0) is better. */
function twoWays(os: 'windows' | 'linux') {
  const host = new LoneStack(os)
  const wifi = host.plug(3, OWN_MAC + 1)
  host.stack.addAddress(wifi, WIFI, 24, 'manual')
  host.wait(10)
  wifi.metric = 35
  for (const [gateway, index] of [
    [PEER, 2],
    [CAFE, 3],
  ] as const)
    host.stack.routes.add({
      destination: 0,
      prefixLength: 0,
      gateway,
      interface: index,
      metric: 0,
      origin: 'dhcp',
      persistent: false,
    })
  host.know()
  host.know(CAFE, PEER_MAC + 1, wifi)
  host.take()
  const ping = (dst: number, options?: SendOptions) => {
    const sent = sendEcho(host.stack, dst, 7, 1, NONE, options)
    if (typeof sent === 'string') return sent
    return host
      .take()
      .map((said) => ('ip' in said ? `${formatIp(said.ip.src)} to ${said.to === PEER_MAC ? 'home' : 'cafe'}` : 'arp'))
  }
  return { host, wifi, ping }
}

describe.each(['windows', 'linux'] as const)('a packet of a %s computer', (os) => {
  it('takes the address of the interface that it leaves by', () => {
    const { ping } = twoWays(os)
    expect(ping(WWW)).toEqual(['192.168.3.20 to home'])
    expect(ping(CAFE)).toEqual(['10.20.30.100 to cafe'])
  })

  it('changes its way and its address when the better link goes, and back', () => {
    const { host, ping } = twoWays(os)
    expect(ping(WWW)).toEqual(['192.168.3.20 to home'])
    const { attachment } = host.via
    host.stack.attach(2, { up: false, transmit() {} })
    host.stack.linkChanged(2)
    expect(ping(WWW)).toEqual(['10.20.30.100 to cafe'])
    host.stack.attach(2, attachment)
    host.stack.linkChanged(2)
    host.take()
    expect(ping(WWW)).toEqual(['192.168.3.20 to home'])
  })

  it('leaves with the TTL of its system (fact sheet 4.3)', () => {
    const { host } = twoWays(os)
    sendEcho(host.stack, WWW, 7, 1, NONE)
    sendEcho(host.stack, WWW, 7, 1, NONE, { ttl: 3 })
    const ttls = host.take().map((said) => 'ip' in said && said.ip.ttl)
    expect(ttls).toEqual([os === 'windows' ? 128 : 64, 3])
  })

  it('prefers the address of the network that the next hop is in', () => {
    const { host } = twoWays(os)
    host.stack.addAddress(host.via, ip('192.168.50.20'), 24, 'manual')
    host.wait(10)
    host.know(ip('192.168.50.1'))
    host.take()
    sendEcho(host.stack, ip('192.168.50.1'), 7, 1, NONE)
    expect(host.take().map((said) => 'ip' in said && formatIp(said.ip.src))).toEqual(['192.168.50.20'])
  })
})

it('the strong host model of Windows: a source belongs to its interface, which the packet leaves by or not at all', () => {
  const { host, wifi, ping } = twoWays('windows')
  expect(ping(WWW, { source: WIFI })).toEqual(['10.20.30.100 to cafe'])
  expect(ping(WWW, { source: OWN })).toEqual(['192.168.3.20 to home'])
  host.stack.routes.remove((route) => route.interface === wifi.index && route.prefixLength === 0)
  expect(ping(WWW, { source: WIFI })).toBe('no-route')
})

describe('a packet that cannot be sent', () => {
  it('has no route', () => {
    const host = new LoneStack()
    expect(sendEcho(host.stack, WWW, 7, 1, NONE)).toBe('no-route')
  })

  it('has no address to come from', () => {
    const host = new LoneStack('linux', null)
    host.stack.routes.add({
      destination: 0,
      prefixLength: 0,
      gateway: PEER,
      interface: 2,
      metric: 0,
      origin: 'static',
      persistent: true,
    })
    expect(sendEcho(host.stack, WWW, 7, 1, NONE)).toBe('no-address')
  })

  it('is larger than the link allows: 1,472 bytes of ping payload fit, one more does not (fact sheet 4.3)', () => {
    const host = new LoneStack()
    host.know()
    const dontFragment = { dontFragment: true }
    expect(sendEcho(host.stack, PEER, 7, 1, new Uint8Array(1472), dontFragment)).toBeTypeOf('number')
    expect(sendEcho(host.stack, PEER, 7, 1, new Uint8Array(1473), dontFragment)).toBe('too-big')
  })
})

describe('a datagram to everybody', () => {
  it('goes to the broadcast address of the link, also before there is an address', () => {
    const host = new LoneStack('windows', null)
    const socket = bindUdp(host.stack, { name: 'dhcp', datagram() {} }, { port: 68, via: host.via })
    if (!socket) throw new Error('port 68 is taken')
    sendUdp(host.stack, socket, 0xffffffff, 67, NONE, { via: host.via })
    const [said] = host.take()
    expect(said).toMatchObject({ to: MAC_BROADCAST, ip: { src: 0, dst: 0xffffffff }, udp: { srcPort: 68, dstPort: 67 } })
  })

  it('to the network’s own broadcast address needs no ARP', () => {
    const host = new LoneStack()
    sendEcho(host.stack, ip('192.168.3.255'), 7, 1, NONE)
    expect(host.take().map(({ to }) => to)).toEqual([MAC_BROADCAST])
  })
})
