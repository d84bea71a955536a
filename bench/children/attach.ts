// attach.ts SIZE WINDOW SECONDS: echoes of so many bytes that a machine at a port gets back a second from a server behind the router's
// NAT, with WINDOW of them on their way; and frames that a bare WebSocket on this machine gives back, for comparison.
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'
import { MAC_BROADCAST, parseIp } from '../../durable/engine/wire/addresses.ts'
import * as arp from '../../durable/engine/wire/arp.ts'
import * as ethernet from '../../durable/engine/wire/ethernet.ts'
import * as icmp from '../../durable/engine/wire/icmp.ts'
import * as ipv4 from '../../durable/engine/wire/ipv4.ts'
import type { LocalServer } from '../../scripts/local-server.ts'
import type { Client } from '../client.ts'
import { Service } from '../local-service.ts'

const [SIZE = 1472, WINDOW = 256, SECONDS = 5] = process.argv.slice(2).map(Number)
const PORT = 'home:5'
const OURS = 0x020000000001
const own = parseIp('192.168.3.240') ?? 0
const router = parseIp('192.168.3.1') ?? 0
const server = parseIp('198.51.100.53') ?? 0
const ICMP_AT = ethernet.HEADER_LEN + ipv4.HEADER_LEN

function whoHasRouter(): Uint8Array {
  const out = new Uint8Array(ethernet.HEADER_LEN + arp.LEN)
  ethernet.emit(out, MAC_BROADCAST, OURS, ethernet.TYPE_ARP)
  arp.emit({ op: arp.REQUEST, senderMac: OURS, senderIp: own, targetMac: 0, targetIp: router }, out, ethernet.HEADER_LEN)
  return out
}

function echo(to: number, sequence: number): Uint8Array {
  const message = { kind: 'echo-request', ident: 7, sequence: sequence & 0xffff, payload: new Uint8Array(SIZE) } as const
  const length = icmp.len(message)
  const out = new Uint8Array(ICMP_AT + length)
  ethernet.emit(out, to, OURS, ethernet.TYPE_IPV4)
  const header = { src: own, dst: server, protocol: ipv4.ICMP, ttl: 64, id: sequence & 0xffff, dontFragment: false }
  ipv4.emit(header, length, out, ethernet.HEADER_LEN)
  icmp.emit(message, out, ICMP_AT)
  return out
}

/** Frames that come back a second, when each that comes back is followed by another. */
async function flow(
  socket: WebSocket,
  frame: (sequence: number) => Uint8Array,
  ours: (data: Buffer) => boolean,
): Promise<number> {
  let [sent, got] = [0, 0]
  const more = () => socket.send(frame(sent++), { binary: true })
  socket.on('message', (data: Buffer) => {
    if (!ours(data)) return
    got++
    more()
  })
  for (let n = 0; n < WINDOW; n++) more()
  const begun = performance.now()
  await setTimeout(SECONDS * 1_000)
  const perSecond = got / ((performance.now() - begun) / 1_000)
  socket.terminate()
  return perSecond
}

const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve))

async function throughLab(client: Client, { url }: LocalServer): Promise<number> {
  const definition = readFileSync('test/interop/lab.yaml', 'utf8')
  const made = JSON.parse(String(await client.bytes(201, 'POST', '/v1/labs', { definition, seed: 1 }))) as { id: string }
  const on = `/v1/labs/${made.id}/ports/${PORT}`
  const { token } = JSON.parse(String(await client.bytes(201, 'POST', `${on}/tokens`, {}))) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const socket = new WebSocket(`${url.replace('http', 'ws')}${on}/attach`, { headers, perMessageDeflate: false })
  await opened(socket)
  const gateway = await new Promise<number>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const read = ethernet.type(data) === ethernet.TYPE_ARP ? arp.parse(data, ethernet.HEADER_LEN, data.length) : ''
      if (typeof read !== 'string' && read.op === arp.REPLY) resolve(read.senderMac)
    })
    socket.send(whoHasRouter())
  })
  return flow(
    socket,
    (sequence) => echo(gateway, sequence),
    (data) => data[ethernet.HEADER_LEN + 9] === ipv4.ICMP,
  )
}

async function bare(): Promise<number> {
  const there = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  there.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(data)))
  await new Promise((resolve) => there.once('listening', resolve))
  const { port } = there.address() as { port: number }
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  await opened(socket)
  const frame = echo(OURS, 1)
  const rate = await flow(
    socket,
    () => frame,
    () => true,
  )
  there.close()
  return rate
}

const service = await Service.make()
try {
  const value = await service.run(throughLab)
  console.log(JSON.stringify({ value, reference: await bare() }))
} finally {
  service.remove()
}
process.exit(0)
