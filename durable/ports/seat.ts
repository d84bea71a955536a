import type { Caller } from '../contract.ts'
import type { PortTraffic } from '../protocol.ts'
import { Allowance, BURST, FLOW, Ring } from './budget.ts'

/** Who is plugged in where, as the Worker found out from the token. */
export type Plug = {
  readonly port: string
  /** Id of the token. */
  readonly token: string
  readonly label: string
  readonly mac: string | null
  /** Several machines behind the port, each with its own address. */
  readonly spoofing: boolean
  /** Milliseconds since 1970; the connection ends then, too. */
  readonly expiresAt: number
  /** Hash of the name that the tool gave its session; by it, it takes its own place again. */
  readonly session: string | null
  readonly caller: Caller
}

/** Frames and bytes from a machine that wait for their turn. */
const QUEUE = { frames: 2_048, bytes: 2 * 1024 * 1024 } as const
/** Bytes that are sent to a machine which has sent nothing since: the platform buffers without end and tells nobody. */
const UNANSWERED = 4 * 1024 * 1024
/** Seconds one after the other in which frames were lost for being too many. */
const PATIENCE = 5
/** A frame of any Ethernet is far shorter. */
export const LONGEST_MESSAGE = 65_535

/** Codes of RFC 6455 section 7.4.1. */
export const CLOSE = { normal: 1000, unacceptable: 1003, policy: 1008, tooBig: 1009, again: 1012, later: 1013 } as const

/** A machine from outside at its port: its socket, what waits, what is counted. */
export class Seat {
  readonly plug: Plug
  readonly since: number
  readonly waiting = new Ring(QUEUE.frames, QUEUE.bytes)
  gone = false
  private readonly socket: WebSocket
  private readonly inwards: Allowance
  private readonly outwards: Allowance
  private readonly reasons = new Map<string, number>()
  private came = { frames: 0, bytes: 0 }
  private sent = { frames: 0, bytes: 0 }
  private notSent = 0
  private unanswered = 0
  private second = 0
  private lostBefore = 0
  private strikes = 0

  constructor(socket: WebSocket, plug: Plug, now: number) {
    this.socket = socket
    this.plug = plug
    this.since = now
    this.inwards = new Allowance(now, BURST.in)
    this.outwards = new Allowance(now, BURST.out)
  }

  /** A message of the machine. Answers why it is to be cut off. */
  take(data: unknown, now: number): { readonly code: number; readonly why: string } | undefined {
    if (!(data instanceof ArrayBuffer))
      return { code: CLOSE.unacceptable, why: 'one binary message is one Ethernet frame; text is none' }
    if (data.byteLength > LONGEST_MESSAGE)
      return { code: CLOSE.tooBig, why: `a message of ${data.byteLength} bytes is no Ethernet frame` }
    this.unanswered = 0
    this.came.frames++
    this.came.bytes += data.byteLength
    this.waiting.push(new Uint8Array(data))
    if (now - this.second < 1_000) return undefined
    const lost = this.waiting.dropped
    // Only seconds that follow each other count.
    this.strikes = lost > this.lostBefore && now - this.second < 2_000 ? this.strikes + 1 : 0
    this.second = now
    this.lostBefore = lost
    if (this.strikes < PATIENCE) return undefined
    const why = `flood: more than ${FLOW.frames} frames or ${FLOW.bytes >> 20} MiB a second for ${PATIENCE} seconds`
    return { code: CLOSE.policy, why }
  }

  /** The next frame that is allowed to come in now. */
  next(now: number): Uint8Array | undefined {
    const frame = this.waiting.next
    if (frame === undefined || !this.inwards.take(frame.length, now)) return undefined
    this.waiting.shift()
    return frame
  }

  dropped(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }

  send(frame: Uint8Array, now: number): void {
    this.unanswered += frame.length
    if (this.gone || this.unanswered > UNANSWERED || !this.outwards.take(frame.length, now)) {
      this.notSent++
      return
    }
    this.sent.frames++
    this.sent.bytes += frame.length
    try {
      this.socket.send(frame)
    } catch {
      // It is closing; its own event says so.
    }
  }

  close(code: number, why: string): void {
    this.gone = true
    try {
      // A reason has at most 123 bytes.
      this.socket.close(code, why.slice(0, 120))
    } catch {}
  }

  get traffic(): PortTraffic {
    const { dropped: queue } = this.waiting
    const reasons = { ...Object.fromEntries(this.reasons), ...(queue > 0 && { 'queue-full': queue }) }
    return { in: { ...this.came, dropped: reasons }, out: { ...this.sent, dropped: this.notSent }, waiting: this.waiting.length }
  }
}
