// The beginning of an SSH server (RFC 4253): it says who it is and hears who the other is. Key exchange is not simulated, and the
// server says so in the protocol's own way.
import type { Socket, StreamEvent, StreamOwner } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { octetsOf, put32 } from '../wire/bytes.ts'

/** OpenSSH's LoginGraceTime. */
const GRACE = 120 * SECOND
const MAX_TALKS = 100
/** RFC 4253 section 4.2. */
const LONGEST_LINE = 255
const DISCONNECT = 1
const KEY_EXCHANGE_FAILED = 3

type Talk = { line: string; greeted: boolean; until: Micros }
export type SshBannerState = { readonly listener: Socket; readonly talks: readonly (readonly [Socket, Talk])[] }
export type SshBannerOptions = { readonly port: number; readonly software: string; readonly image?: string }

/** A binary packet before any key: length, padding, payload (RFC 4253 section 6), SSH_MSG_DISCONNECT (section 11.1). */
export function disconnectPacket(reason: number, description: string): Uint8Array {
  const payload = 1 + 4 + 4 + description.length + 4
  let padding = 8 - ((5 + payload) % 8)
  if (padding < 4) padding += 8
  const out = new Uint8Array(5 + payload + padding)
  put32(out, 0, 1 + payload + padding)
  out[4] = padding
  out[5] = DISCONNECT
  put32(out, 6, reason)
  put32(out, 10, description.length)
  out.set(octetsOf(description), 14)
  return out
}

export class SshBanner implements Part, StreamOwner {
  readonly kind = 'ssh-banner'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly options: SshBannerOptions
  private readonly talks: Map<Socket, Talk>
  private listener: Socket

  constructor(stack: Stack, options: SshBannerOptions, state?: SshBannerState) {
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/ssh/${options.port}`
    this.listener = state?.listener ?? 0
    this.talks = new Map(state?.talks.map(([socket, talk]) => [socket, { ...talk }]))
    stack.tcp.attach(this)
  }

  start(): void {
    const socket = this.stack.tcp.listen(this, { port: this.options.port, image: this.options.image ?? 'sshd' })
    this.listener = typeof socket === 'number' ? socket : 0
  }

  get listening(): boolean {
    return this.listener !== 0
  }

  /** After a restore: what was stored before there was such a server begins now. */
  resume(): void {
    if (this.listener === 0 && this.stack.powered) this.start()
  }

  reset(): void {
    this.talks.clear()
    this.listener = 0
    this.stack.sim.touch(this)
  }

  streamEvent(socket: Socket, event: StreamEvent): void {
    if (event === 'incoming') this.accept()
    else if (event === 'failed') this.forget(socket)
    else if (event === 'readable') this.hear(socket)
  }

  private accept(): void {
    const { tcp, sim } = this.stack
    if (this.talks.size >= MAX_TALKS) return
    const socket = tcp.accept(this.listener)
    if (socket === undefined) return
    this.talks.set(socket, { line: '', greeted: false, until: sim.now + GRACE })
    tcp.send(socket, octetsOf(`SSH-2.0-${this.options.software}\r\n`))
    this.hear(socket)
    sim.touch(this)
  }

  private forget(socket: Socket): void {
    this.talks.delete(socket)
    this.accept()
    this.stack.sim.touch(this)
  }

  private hear(socket: Socket): void {
    const { tcp } = this.stack
    const talk = this.talks.get(socket)
    if (talk === undefined) return
    const octets = tcp.receive(socket)
    if (!talk.greeted) {
      for (const octet of octets) talk.line += String.fromCharCode(octet)
      const end = talk.line.indexOf('\n')
      if (end < 0 && talk.line.length <= LONGEST_LINE && !tcp.ended(socket)) return
      talk.greeted = end >= 0
      if (!talk.greeted || !/^SSH-(2\.0|1\.99)-/.test(talk.line))
        return this.end(socket, 'Invalid SSH identification string.\r\n')
      if (end + 1 === talk.line.length) return
    } else if (octets.length === 0 && !tcp.ended(socket)) return
    if (tcp.ended(socket)) return this.end(socket, '')
    tcp.send(socket, disconnectPacket(KEY_EXCHANGE_FAILED, 'key exchange is not simulated in this lab'))
    this.end(socket, '')
  }

  private end(socket: Socket, last: string): void {
    const { tcp } = this.stack
    if (last !== '') tcp.send(socket, octetsOf(last))
    tcp.receive(socket)
    tcp.close(socket)
    this.forget(socket)
  }

  pollAt(): Micros {
    let at = NEVER
    for (const { until } of this.talks.values()) if (until < at) at = until
    return at
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(now: Micros): void {
    for (const [socket, { until }] of [...this.talks]) if (until <= now) this.end(socket, '')
  }
  save(): SshBannerState & Json {
    return { listener: this.listener, talks: [...this.talks].map(([socket, talk]) => [socket, { ...talk }] as const) }
  }
}
