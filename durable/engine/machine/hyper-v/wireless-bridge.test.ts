// Fact sheet 4.10: everything goes over the air under the adapter's own address, and who is meant is found out by the IP address.
import { describe, expect, it } from 'vitest'
import { Recorder } from '../../link/recorder.ts'
import { Simulation } from '../../sim/simulation.ts'
import { adapter } from '../../test-support/lone-stack.ts'
import { parseAddress } from '../../wire/addresses.ts'
import { put32, put48, u48 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import { WirelessBridge } from './wireless-bridge.ts'

const OWN = 0xe02be9115c8a
const FAR = 0x48f7c0acee46
const guest = (n: number): number => 0x00155d033200 + n
const nic = adapter(new Recorder(new Simulation(1), 16, 4096), 2, OWN).via

const frame = (bytes: Uint8Array) => ({ bytes, id: 1, cause: 0, origin: 0, stored: -1 })

function packet(from: string, to: string, fromMac: number, toMac: number) {
  const [src, dst] = [parseAddress(from), parseAddress(to)]
  if (typeof src === 'bigint' && typeof dst === 'bigint') {
    const bytes = new Uint8Array(54)
    ethernet.emit(bytes, toMac, fromMac, ethernet.TYPE_IPV6)
    ipv6.emit({ src, dst, nextHeader: 59, hopLimit: 64 }, 0, bytes, 14)
    return frame(bytes)
  }
  const bytes = new Uint8Array(34)
  ethernet.emit(bytes, toMac, fromMac, ethernet.TYPE_IPV4)
  const ends = { src: src as number, dst: dst as number }
  ipv4.emit({ ...ends, protocol: 253, ttl: 64, id: 1, dontFragment: false }, 0, bytes, 14)
  return frame(bytes)
}

function arp(senderIp: number, fromMac: number) {
  const bytes = new Uint8Array(42)
  ethernet.emit(bytes, FAR, fromMac, ethernet.TYPE_ARP)
  put48(bytes, 22, fromMac)
  put32(bytes, 28, senderIp)
  return frame(bytes)
}

/** To whom a packet from the air is handed. */
function taker(bridge: WirelessBridge, to: string): number {
  const heard = packet(to.includes(':') ? '2001:db8::1' : '192.168.3.1', to, FAR, OWN)
  expect(bridge.inwards(heard)).toBeUndefined()
  return u48(heard.bytes, 0)
}

describe('a bridge to Wi-Fi', () => {
  it('knows stations of both families, and the same ones after it was stored', () => {
    const bridge = new WirelessBridge(nic)
    const out = bridge.outwards(packet('192.168.3.51', '192.168.3.1', guest(1), FAR))
    expect('bytes' in out && ethernet.src(out.bytes)).toBe(OWN)
    bridge.outwards(packet('fe80::1', 'fe80::2', guest(1), FAR))
    bridge.outwards(packet('2001:db8::51', '2001:db8::1', guest(2), FAR))
    bridge.outwards(arp(0xc0a80334, guest(3)))
    const stored = JSON.parse(JSON.stringify(bridge.save()))
    for (const one of [bridge, new WirelessBridge(nic, stored)]) {
      expect(taker(one, '192.168.3.51')).toBe(guest(1))
      expect(taker(one, 'fe80::1')).toBe(guest(1))
      expect(taker(one, '2001:db8::51')).toBe(guest(2))
      expect(taker(one, '192.168.3.52')).toBe(guest(3))
      expect(taker(one, '192.168.3.53')).toBe(OWN)
      expect(one.save()).toEqual(stored)
    }
  })

  it('learns nobody from addresses that say nothing, and forgets the one silent for longest', () => {
    const bridge = new WirelessBridge(nic)
    bridge.outwards(packet('0.0.0.0', '255.255.255.255', guest(1), FAR))
    bridge.outwards(packet('::', 'ff02::1', guest(1), FAR))
    expect(bridge.save()).toEqual([])
    for (let at = 0; at < 200; at++) bridge.outwards(arp(0x0a000001 + at, guest(at)))
    expect(bridge.save().length).toBe(128)
    expect(taker(bridge, '10.0.0.1')).toBe(OWN)
    expect(taker(bridge, '10.0.0.200')).toBe(guest(199))
  })
})
