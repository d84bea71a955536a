// For the tests beside: a machine from outside, at a port of a lab.
import { MAC_BROADCAST, parseIp } from '../engine/wire/addresses.ts'
import * as arp from '../engine/wire/arp.ts'
import * as ethernet from '../engine/wire/ethernet.ts'
import { ada, type Host } from '../test-support.ts'
import type { Plug } from './seat.ts'

export const OURS = 0x020000000001

export const plugOf = (port: string, more: Partial<Plug> = {}): Plug => ({
  port,
  token: 'token-1',
  label: 'laptop',
  mac: null,
  spoofing: false,
  expiresAt: Date.now() + 3_600_000,
  session: null,
  caller: ada,
  ...more,
})

export const tryAttach = (lab: Host, plug: Plug): Promise<Response> =>
  lab.stub.fetch('https://lab/attach', { headers: { upgrade: 'websocket', 'x-plug': JSON.stringify(plug) } })

export class TestMachine {
  readonly got: Uint8Array[] = []
  closed: { code: number; reason: string } | undefined
  readonly socket: WebSocket
  private wake = () => {}

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }) => {
      this.got.push(new Uint8Array(data as ArrayBuffer))
      this.wake()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
      this.wake()
    })
    socket.accept()
  }

  static async attach(lab: Host, plug: Plug): Promise<TestMachine> {
    const response = await tryAttach(lab, plug)
    if (!response.webSocket) throw new Error(`no socket: ${response.status} ${await response.text()}`)
    return new TestMachine(response.webSocket)
  }

  send(frame: Uint8Array): void {
    this.socket.send(frame)
  }

  /** Asks who has an address, and waits for the answer: whose it is. */
  async arp(target: string, from = OURS, sender = '192.168.3.240'): Promise<number> {
    this.send(arpRequest(target, from, sender))
    for (;;) {
      for (const frame of this.got.splice(0)) {
        const read = ethernet.type(frame) === ethernet.TYPE_ARP ? arp.parse(frame, 14, frame.length) : ''
        if (typeof read !== 'string' && read.op === arp.REPLY && read.senderIp === parseIp(target)) return read.senderMac
      }
      if (this.closed) throw new Error(`closed: ${this.closed.code} ${this.closed.reason}`)
      await this.something()
    }
  }

  async end(): Promise<{ code: number; reason: string }> {
    while (!this.closed) await this.something()
    return this.closed
  }

  private something(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}

export function arpRequest(target: string, from = OURS, sender = '192.168.3.240'): Uint8Array {
  const out = new Uint8Array(ethernet.HEADER_LEN + arp.LEN)
  ethernet.emit(out, MAC_BROADCAST, from, ethernet.TYPE_ARP)
  const asked = { senderMac: from, senderIp: parseIp(sender) ?? 0, targetMac: 0, targetIp: parseIp(target) ?? 0 }
  arp.emit({ op: arp.REQUEST, ...asked }, out, ethernet.HEADER_LEN)
  return out
}
