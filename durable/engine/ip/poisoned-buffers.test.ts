// A frame has one owner. A link that scribbles over every buffer as soon as it has passed on a copy, and over every buffer that
// a machine has finished reading, changes nothing: nobody keeps what is not theirs.
import { expect, it } from 'vitest'
import type { Frame } from '../link/frame.ts'
import type { Attachment } from '../link/port.ts'
import { DhcpClient } from '../service/dhcp-client.ts'
import { DhcpServer } from '../service/dhcp-server.ts'
import { Net } from '../service/fixtures.ts'
import { Nat } from '../service/nat.ts'
import { parseIp } from '../wire/addresses.ts'
import { sendEcho } from './icmp.ts'
import type { Interface } from './interface.ts'
import type { Stack } from './stack.ts'
import { bindUdp, sendUdp } from './udp.ts'

const ip = (text: string): number => parseIp(text) ?? -1
const POISON = 0xdd

/** Carries a copy onward and ruins the original. */
function poison(via: Interface): void {
  const real = via.attachment
  const ruin: Attachment = {
    get up() {
      return real.up
    },
    transmit(frame: Frame) {
      real.transmit({ ...frame, bytes: frame.bytes.slice() })
      frame.bytes.fill(POISON)
    },
  }
  via.attachment = ruin
}

/** Ruins what a machine was given once it has dealt with it; what it forwards or lets wait is its own by then. */
function poisonReceived(stack: Stack): void {
  const real = stack.receive.bind(stack)
  stack.receive = (port, frame) => {
    const bytes = frame.bytes.slice()
    real(port, { ...frame, bytes })
    frame.bytes.fill(POISON)
  }
}

function run(poisoned: boolean): string[] {
  const net = new Net(5)
  const guest = net.machine('guest', 'linux')
  const router = net.machine('router', 'linux')
  const server = net.machine('server', 'windows')
  net.loopback(guest)
  const guestVia = net.plug(guest, 'lan', 2)
  const lan = net.plug(router, 'lan', 2)
  const wan = net.plug(router, 'wan', 3)
  const serverVia = net.plug(server, 'wan', 2)
  if (poisoned) {
    for (const via of [guestVia, lan, wan, serverVia]) poison(via)
    for (const stack of [guest, router, server]) poisonReceived(stack)
  }
  lan.forwarding = true
  wan.forwarding = true
  router.addAddress(lan, ip('192.168.3.1'), 24, 'manual')
  router.addAddress(wan, ip('203.0.113.2'), 24, 'manual')
  server.addAddress(serverVia, ip('203.0.113.80'), 24, 'manual')
  const inside = [{ network: ip('192.168.3.0'), prefixLength: 24 }]
  router.translator = net.add(new Nat(router, { inside: () => inside, isOutside: (via) => via === wan }))
  net.add(
    new DhcpServer(net.sim, router, lan, {
      address: ip('192.168.3.1'),
      first: ip('192.168.3.50'),
      last: ip('192.168.3.99'),
      prefixLength: 24,
      leaseSeconds: 600,
      routers: [ip('192.168.3.1')],
      dnsServers: [ip('192.168.3.1')],
      domain: 'home',
      reservations: [],
      order: 'ascending',
      image: 'dnsmasq',
    }),
  )
  const client = net.add(
    new DhcpClient(net.sim, guest, guestVia, { hostname: 'guest', dialect: 'linux', manualDns: () => false }),
  )
  net.run(5)
  client.start()
  net.run(20)

  const told: string[] = []
  guest.echoes.set(9, {
    echoReply: (...what) => told.push(`reply ${what.join(' ')}`),
    echoError: (_, sequence, dst, { kind, from }) => told.push(`error ${sequence} ${dst} ${kind} ${from}`),
  })
  const echo = bindUdp(
    server,
    { name: 'echo', datagram: (socket, { payload, src, srcPort }) => sendUdp(server, socket, src, srcPort, payload) },
    { port: 7 },
  )
  const mine = bindUdp(
    guest,
    {
      name: 'mine',
      datagram: (_, { payload }) => told.push(`datagram ${payload.join('.')}`),
      sendError: (_, dst, port, { kind }) => told.push(`${kind} ${dst}:${port}`),
    },
    { port: 40_000 },
  )
  if (!echo || !mine) throw new Error('a port is taken')
  const payload = Uint8Array.from({ length: 700 }, (_, at) => at)
  const dst = ip('203.0.113.80')
  sendEcho(guest, dst, 9, 1, payload)
  sendEcho(guest, dst, 9, 2, payload, { ttl: 1 })
  sendEcho(guest, ip('203.0.113.99'), 9, 3, payload)
  sendEcho(guest, ip('127.0.0.1'), 9, 4, payload)
  sendUdp(guest, mine, dst, 7, payload)
  sendUdp(guest, mine, dst, 9, payload)
  const owner = {
    name: 'test',
    streamEvent: (_: number, event: string, error: unknown) => told.push(`tcp ${event} ${JSON.stringify(error)}`),
  }
  guest.tcp.connect(owner, dst, 80)
  net.run(60)
  return [...told, ...net.trace(0)]
}

it('a poisoning link changes neither what programs are told nor a single frame', () => {
  const clean = run(false)
  expect(
    clean
      .filter((line) => /^(reply|error|datagram|port|tcp)/.test(line))
      .map((line) => line.split(' ')[0])
      .sort(),
  ).toEqual(['datagram', 'error', 'error', 'port', 'reply', 'reply', 'tcp'])
  expect(run(true)).toEqual(clean)
})
