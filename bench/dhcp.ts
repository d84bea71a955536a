// Four messages for a lease, as frames through the stack of the server. The clients are frames made before, in which only
// what must differ is patched: their work is not the server's.
import { Interface } from '../durable/engine/ip/interface.ts'
import { LINUX } from '../durable/engine/ip/profile.ts'
import { Stack } from '../durable/engine/ip/stack.ts'
import type { Frame } from '../durable/engine/link/frame.ts'
import type { Attachment } from '../durable/engine/link/port.ts'
import { Recorder } from '../durable/engine/link/recorder.ts'
import { DhcpServer } from '../durable/engine/service/dhcp-server.ts'
import { Simulation } from '../durable/engine/sim/simulation.ts'
import { SECOND } from '../durable/engine/sim/time.ts'
import { LIMITED_BROADCAST, MAC_BROADCAST, type Mac } from '../durable/engine/wire/addresses.ts'
import { put16, put32, u16, u32 } from '../durable/engine/wire/bytes.ts'
import { adjust32 } from '../durable/engine/wire/checksum.ts'
import * as dhcp from '../durable/engine/wire/dhcp.ts'
import * as ethernet from '../durable/engine/wire/ethernet.ts'
import * as ipv4 from '../durable/engine/wire/ipv4.ts'
import * as udp from '../durable/engine/wire/udp.ts'
import { type Benchmark, COPY, copyRate, RUNS, rate } from './harness.ts'

const CLIENTS = 240
const LEASE_SECONDS = 3600
const SERVER = 0xc0a80301
const PREFIX = 24
const MAC = 0x020000000001
const DHCP_AT = ethernet.HEADER_LEN + ipv4.HEADER_LEN + udp.HEADER_LEN
const UDP_SUM_AT = DHCP_AT - 2
const XID_AT = DHCP_AT + 4
const YIADDR_AT = DHCP_AT + 16
/** Of the first option, which is the type in all these messages. */
const TYPE_AT = DHCP_AT + 242
/** After the type and the client identifier; an even place, as the checksum wants it. */
const REQUESTED_AT = DHCP_AT + 254

type Client = { readonly discover: Uint8Array; readonly request: Uint8Array }

function message(mac: Mac, type: number, more: readonly dhcp.Option[]): Uint8Array {
  const { option } = dhcp
  const options = [
    option.messageType(type),
    option.clientId(mac),
    ...more,
    option.hostName(`client-${mac & 0xffff}`),
    option.vendorClass('MSFT 5.0'),
    option.parameterList([1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252]),
  ]
  const none = { secs: 0, broadcast: false, ciaddr: 0, yiaddr: 0, siaddr: 0, giaddr: 0 }
  const content: dhcp.Dhcp = { op: dhcp.BOOT_REQUEST, xid: 0, ...none, chaddr: mac, options }
  const payload = new Uint8Array(dhcp.len(content))
  dhcp.emit(content, payload, 0)
  const bytes = new Uint8Array(DHCP_AT + payload.length)
  const between = { src: 0, dst: LIMITED_BROADCAST }
  ethernet.emit(bytes, MAC_BROADCAST, mac, ethernet.TYPE_IPV4)
  const header = { ...between, protocol: ipv4.UDP, ttl: 64, id: 1, dontFragment: false }
  ipv4.emit(header, bytes.length - ethernet.HEADER_LEN - ipv4.HEADER_LEN, bytes, ethernet.HEADER_LEN)
  udp.emit({ srcPort: dhcp.CLIENT_PORT, dstPort: dhcp.SERVER_PORT, payload }, bytes, DHCP_AT - udp.HEADER_LEN, between)
  return bytes
}

function newClient(at: number): Client {
  const mac = 0x00155d000100 + at
  return {
    discover: message(mac, dhcp.DISCOVER, []),
    request: message(mac, dhcp.REQUEST, [dhcp.option.requestedAddress(0), dhcp.option.serverId(SERVER)]),
  }
}

/** Puts four octets into a message and keeps its checksum right. */
function patch(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, UDP_SUM_AT, adjust32(u16(bytes, UDP_SUM_AT), u32(bytes, at), value))
  put32(bytes, at, value)
}

/** Where the replies end: keeps the last one. */
class Wire implements Attachment {
  readonly up = true
  last: Uint8Array = new Uint8Array(0)
  sent = 0
  bytes = 0
  transmit({ bytes }: Frame): void {
    this.last = bytes
    this.sent++
    this.bytes += bytes.length
  }
}

class Network {
  readonly wire = new Wire()
  readonly clients = Array.from({ length: CLIENTS }, (_, at) => newClient(at))
  private readonly sim = new Simulation(1)
  private readonly stack: Stack
  private turn = 0
  private xid = 0

  constructor() {
    const recorder = new Recorder(this.sim)
    this.stack = new Stack(this.sim, recorder, 'router', LINUX)
    this.sim.add(this.stack)
    const about = { description: '', kind: 'ethernet', guid: '', mtu: 1500, metric: 0, speed: 0 } as const
    const via = new Interface({ ...about, index: 1, name: 'lan', mac: MAC, vantage: recorder.vantage('router', 'lan') })
    this.stack.addInterface(via)
    this.stack.attach(1, this.wire)
    this.stack.addAddress(via, SERVER, PREFIX, 'manual')
    this.sim.add(
      new DhcpServer(this.sim, this.stack, via, {
        address: SERVER,
        first: SERVER + 1,
        last: SERVER + 253,
        prefixLength: PREFIX,
        leaseSeconds: LEASE_SECONDS,
        routers: [SERVER],
        dnsServers: [SERVER],
        domain: 'home',
        reservations: [],
        order: 'ascending',
      }),
    )
  }

  /** DISCOVER, OFFER, REQUEST, ACK of the next client. When all had their turn their leases run out, and all are new again. */
  exchange(): void {
    const { discover, request } = this.clients[this.turn] as Client
    const xid = (this.xid = (this.xid + 1) >>> 0)
    patch(discover, XID_AT, xid)
    this.expect(this.answerTo(discover), dhcp.OFFER, xid)
    const offered = u32(this.wire.last, YIADDR_AT)
    patch(request, XID_AT, xid)
    patch(request, REQUESTED_AT, offered)
    this.expect(this.answerTo(request), dhcp.ACK, xid)
    this.turn++
    if (this.turn < CLIENTS) return
    this.turn = 0
    this.sim.run(this.sim.now + (LEASE_SECONDS + 1) * SECOND)
  }

  private answerTo(bytes: Uint8Array): Uint8Array {
    const { sim } = this
    sim.cause = ++sim.lastPacket
    this.stack.receive(1, { bytes, id: sim.lastPacket, cause: 0, origin: 0, stored: -1 })
    return this.wire.last
  }

  private expect(reply: Uint8Array, type: number, xid: number): void {
    if (reply[TYPE_AT] !== type || u32(reply, XID_AT) !== xid) throw new Error(`not the answer to transaction ${xid}`)
  }
}

function exchanges(): { readonly value: number; readonly reference: number } {
  const network = new Network()
  const before = network.wire.bytes
  network.exchange()
  const { discover, request } = network.clients[0] as Client
  const four = network.wire.bytes - before + discover.length + request.length
  const value = rate((count) => {
    for (let left = count; left > 0; left--) network.exchange()
  })
  return { value, reference: copyRate(four) }
}

export const dhcpExchanges: Benchmark = {
  name: 'dhcp-exchanges',
  says: `DISCOVER, OFFER, REQUEST and ACK as frames through the stack of a server, ${CLIENTS} clients`,
  run: () => ({ ...exchanges(), unit: 'exchanges per processor second', referenceIs: COPY, runs: RUNS }),
}
