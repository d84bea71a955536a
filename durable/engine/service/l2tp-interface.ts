// The adapter that a session is, on either side.
import { Interface } from '../ip/interface.ts'
import { newPacket } from '../ip/output.ts'
import type { Stack } from '../ip/stack.ts'
import type { Frame } from '../link/frame.ts'
import { MTU } from './l2tp-ppp.ts'

export type PppAdapter = {
  readonly index: number
  readonly name: string
  readonly description: string
  readonly guid: string
  readonly metric: number
  readonly vantage: number
}

/** `carry` takes the packets that leave by it. Each becomes a new packet around it, caused by it. */
export function addPppInterface(stack: Stack, adapter: PppAdapter, carry: (packet: Uint8Array) => void): Interface {
  const via = new Interface({ ...adapter, kind: 'ppp', mac: 0, mtu: MTU, speed: 0 })
  const { sim } = stack
  via.attachment = {
    up: true,
    transmit(frame: Frame) {
      const { cause, origin } = sim
      sim.cause = frame.id
      sim.origin = frame.origin
      carry(frame.bytes)
      sim.cause = cause
      sim.origin = origin
    },
  }
  return stack.addInterface(via)
}

/** A packet that came out of the session. */
export function receivePacket(stack: Stack, index: number, packet: Uint8Array): void {
  stack.receiveIp(index, newPacket(stack, packet.slice()))
}
