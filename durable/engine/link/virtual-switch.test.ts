// Fact sheet 4.14: the forwarding algorithm of Hyper-V's virtual switch.
import { describe, expect, it } from 'vitest'
import { Simulation } from '../sim/simulation.ts'
import { Port } from '../test-support/sink.ts'
import { MAC_BROADCAST, type Mac, multicastMac } from '../wire/addresses.ts'
import * as ethernet from '../wire/ethernet.ts'
import { Recorder } from './recorder.ts'
import { NO_MAC, UPLINK, VirtualSwitch } from './virtual-switch.ts'

const HOST: Mac = 0x00155d033a00
const VM1: Mac = 0x00155d033200
const VM2: Mac = 0x00155d033201
const STRANGER: Mac = 0x48f7c0acee46

const PORTS = { host: 0, vm1: 1, vm2: 2, off: 3, uplink: 4 } as const
type Name = keyof typeof PORTS

function setUp({ uplink = false } = {}) {
  const sim = new Simulation(1)
  const recorder = new Recorder(sim, 64, 1 << 12)
  const fabric = new VirtualSwitch(sim, recorder, 'pc/switch', 'pc', 'Default Switch')
  const macs = [HOST, VM1, VM2, NO_MAC, ...(uplink ? [UPLINK] : [])]
  const names = Object.keys(PORTS) as Name[]
  const ports = macs.map((mac, at) => {
    const port = new Port()
    fabric.attach(fabric.addPort(mac, names[at]), port)
    return port
  })
  let id = 0
  /** Who gets a frame with these addresses that comes in by the port `from`. */
  const send = (from: Name, dst: Mac, src: Mac): Name[] => {
    const bytes = new Uint8Array(60)
    ethernet.emit(bytes, dst, src, ethernet.TYPE_IPV4)
    fabric.receive(PORTS[from], { bytes, id: ++id, cause: 0, origin: 0, stored: -1 })
    return ports.flatMap((port, at) => port.take().map(() => names[at]))
  }
  const verdicts = () => recorder.read(0).map(({ verdict, detail }) => `${verdict}: ${detail}`)
  return { fabric, ports, send, verdicts }
}

describe('the virtual switch', () => {
  it('knows the addresses of its adapters before the first frame: unicast goes to one port', () => {
    const { send } = setUp()
    expect(send('vm1', VM2, VM1)).toEqual(['vm2'])
    expect(send('vm2', HOST, VM2)).toEqual(['host'])
    expect(send('host', VM1, HOST)).toEqual(['vm1'])
  })

  it('never floods unknown unicast to guests: without an uplink it is dropped', () => {
    const { send, verdicts } = setUp()
    expect(send('vm1', STRANGER, VM1)).toEqual([])
    expect(verdicts()).toEqual(['no-port: 48F7C0ACEE46'])
  })

  it('does not learn: an address seen as source behind a port is as unknown as before', () => {
    const { send } = setUp({ uplink: true })
    expect(send('uplink', VM1, STRANGER)).toEqual(['vm1'])
    expect(send('vm1', STRANGER, VM1)).toEqual(['uplink'])
    const inner = setUp()
    inner.send('vm1', VM2, STRANGER)
    expect(inner.send('vm2', STRANGER, VM2)).toEqual([])
  })

  it('sends unknown unicast of a guest to the uplink, and drops that of the uplink', () => {
    const { send, verdicts } = setUp({ uplink: true })
    expect(send('host', STRANGER, HOST)).toEqual(['uplink'])
    expect(send('uplink', STRANGER, STRANGER + 1)).toEqual([])
    expect(verdicts()).toEqual(['no-port: 48F7C0ACEE46'])
  })

  it('keeps frames between virtual machines inside, even with an uplink', () => {
    const { send } = setUp({ uplink: true })
    expect(send('vm1', VM2, VM1)).toEqual(['vm2'])
  })

  it('accepts from a guest only its own address as source (MAC spoofing off); the uplink is exempt', () => {
    const { send, verdicts } = setUp({ uplink: true })
    expect(send('vm1', VM2, STRANGER)).toEqual([])
    expect(send('vm1', MAC_BROADCAST, VM2)).toEqual([])
    expect(verdicts()).toEqual(['source-mac: vm1 has 00155D033200', 'source-mac: vm1 has 00155D033200'])
    expect(send('uplink', MAC_BROADCAST, STRANGER)).toEqual(['host', 'vm1', 'vm2'])
  })

  it.each([
    ['broadcast', MAC_BROADCAST],
    ['multicast', multicastMac(0xe00000fb)],
  ])('copies %s to every other port, the host and the uplink too', (_, group) => {
    const { send } = setUp({ uplink: true })
    expect(send('vm1', group, VM1)).toEqual(['host', 'vm2', 'uplink'])
    expect(send('host', group, HOST)).toEqual(['vm1', 'vm2', 'uplink'])
  })

  it('gives each receiver of a broadcast bytes of its own', () => {
    const { fabric, ports } = setUp()
    const bytes = new Uint8Array(60)
    ethernet.emit(bytes, MAC_BROADCAST, VM1, ethernet.TYPE_ARP)
    fabric.receive(PORTS.vm1, { bytes, id: 1, cause: 0, origin: 0, stored: -1 })
    const [toHost, toVm2] = [ports[0].sent[0], ports[2].sent[0]]
    toHost.bytes.fill(0xdd)
    expect(ethernet.src(toVm2.bytes)).toBe(VM1)
    expect(toVm2.id).toBe(1)
  })

  it('gives a guest that is off nothing, and takes nothing from it', () => {
    const { send, fabric, ports } = setUp()
    fabric.setMac(PORTS.vm2, NO_MAC)
    expect(send('vm1', MAC_BROADCAST, VM1)).toEqual(['host'])
    expect(send('vm1', VM2, VM1)).toEqual([])
    expect(send('vm2', VM1, VM2)).toEqual([])
    fabric.setMac(PORTS.vm2, VM2)
    expect(send('vm1', VM2, VM1)).toEqual(['vm2'])
    ports[PORTS.vm2].up = false
    expect(send('vm1', MAC_BROADCAST, VM1)).toEqual(['host'])
  })

  it('forgets the old address of an adapter that got another', () => {
    const { send, fabric } = setUp()
    fabric.setMac(PORTS.host, HOST + 1)
    expect(send('vm1', HOST, VM1)).toEqual([])
    expect(send('vm1', HOST + 1, VM1)).toEqual(['host'])
    expect(send('host', VM1, HOST)).toEqual([])
  })

  it('changes nothing in a frame', () => {
    const { fabric, ports } = setUp()
    const bytes = Uint8Array.from({ length: 98 }, (_, at) => at)
    ethernet.emit(bytes, VM2, VM1, ethernet.TYPE_IPV4)
    const before = bytes.slice()
    fabric.receive(PORTS.vm1, { bytes, id: 1, cause: 0, origin: 0, stored: -1 })
    expect(ports[PORTS.vm2].sent[0].bytes).toEqual(before)
  })

  it.each([0, 6, 13])('drops a frame of %i bytes as malformed', (length) => {
    const { fabric, ports, verdicts } = setUp({ uplink: true })
    for (const from of [PORTS.vm1, PORTS.uplink])
      fabric.receive(from, { bytes: new Uint8Array(length), id: 1, cause: 0, origin: 0, stored: -1 })
    expect(ports.flatMap((port) => port.sent)).toEqual([])
    expect(verdicts()).toEqual(Array(2).fill('malformed: shorter than an Ethernet header'))
  })
})
