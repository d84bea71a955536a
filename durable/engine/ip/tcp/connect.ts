// The opening of a TCP connection from our side (RFC 9293 section 3.5), up to its outcome: refused, no answer, an ICMP
// error, or accepted. Full endpoints come later: an accepted connection is reset at once, and the caller is told.
import { type Micros, NEVER, SECOND } from '../../sim/time.ts'
import type { Ip4 } from '../../wire/addresses.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { ConnectOwner, SendError } from '../hooks.ts'
import { HEADROOM, newBuffer, pathTo, sendIp } from '../output.ts'
import type { Stack } from '../stack.ts'

const REFUSED_RETRY = SECOND / 2
export const NO_OPTIONS: tcp.TcpOptions = {}

export class Connect {
  readonly owner: ConnectOwner
  readonly localPort: number
  readonly remote: Ip4
  readonly remotePort: number
  readonly iss: number
  attempts = 0
  refusals = 0
  due: Micros = NEVER

  constructor(owner: ConnectOwner, localPort: number, remote: Ip4, remotePort: number, iss: number) {
    this.owner = owner
    this.localPort = localPort
    this.remote = remote
    this.remotePort = remotePort
    this.iss = iss
  }

  fail(stack: Stack, outcome: 'connected' | 'refused' | 'timeout' | SendError): void {
    stack.connects.delete(this.localPort)
    stack.sim.touch(stack)
    this.owner.connectSettled(this.localPort, outcome)
  }
}

/** Begins to connect; answers the local port, or why nothing can be sent. */
export function connectTcp(
  stack: Stack,
  owner: ConnectOwner,
  remote: Ip4,
  remotePort: number,
): number | 'no-route' | 'no-address' {
  const path = pathTo(stack, remote)
  if (typeof path === 'string') return path === 'no-address' ? path : 'no-route'
  const localPort = stack.takePort()
  const connect = new Connect(owner, localPort, remote, remotePort, stack.random.next())
  stack.connects.set(localPort, connect)
  sendSyn(stack, connect)
  return localPort
}

/** Puts a connection attempt back as its owner had stored it. */
export function restoreConnect(stack: Stack, connect: Connect): void {
  stack.connects.set(connect.localPort, connect)
  stack.sim.touch(stack)
}

function sendSyn(stack: Stack, connect: Connect): void {
  const wait = stack.profile.synTimeouts[connect.attempts]
  connect.attempts++
  connect.due = stack.sim.now + (wait ?? 0) * SECOND
  stack.sim.touch(stack)
  const options: tcp.TcpOptions = { mss: 1460, windowScale: stack.profile.name === 'windows' ? 8 : 7, sackPermitted: true }
  sendSegment(stack, connect.remote, {
    srcPort: connect.localPort,
    dstPort: connect.remotePort,
    seq: connect.iss,
    ack: 0,
    flags: tcp.SYN,
    window: 64240,
    urgent: 0,
    options,
    payload: EMPTY,
  })
}

const EMPTY = new Uint8Array(0)

export function sendSegment(stack: Stack, dst: Ip4, segment: tcp.Tcp, source?: Ip4): void {
  const options = source === undefined ? undefined : { source, dontFragment: true }
  const path = pathTo(stack, dst, options)
  if (typeof path === 'string') return
  const bytes = newBuffer(tcp.len(segment))
  tcp.emit(segment, bytes, HEADROOM, { src: path.source, dst })
  sendIp(stack, bytes, ipv4.TCP, dst, path, options ?? { dontFragment: true })
}

export function pollConnects(stack: Stack, now: Micros): void {
  for (const connect of [...stack.connects.values()]) {
    if (connect.due > now) continue
    if (connect.attempts < stack.profile.synTimeouts.length) sendSyn(stack, connect)
    else connect.fail(stack, 'timeout')
  }
}

/** Windows tries a refused connection again before it believes it (fact sheet 4.3). */
export function refused(stack: Stack, connect: Connect): void {
  if (connect.refusals < stack.profile.refusedRetries) {
    connect.refusals++
    connect.attempts = 0
    connect.due = stack.sim.now + REFUSED_RETRY
    stack.sim.touch(stack)
  } else connect.fail(stack, 'refused')
}
