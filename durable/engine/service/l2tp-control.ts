// The reliable control channel of a tunnel (RFC 2661 section 5.8): one message in flight, sent again until it is acknowledged.
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../sim/time.ts'
import { fromHex, hex } from '../wire/bytes.ts'
import type * as l2tp from '../wire/l2tp.ts'

type Message = { readonly sessionId: number; readonly avps: readonly l2tp.Avp[]; readonly keepalive: boolean }

export type ControlState = {
  /** Number of the message at the head of the queue, and of the one expected from the peer. */
  ns: number
  nr: number
  remoteTunnel: number
  queue: Message[]
  tries: number
  resendAt: Micros
}

export type StoredControl = Omit<ControlState, 'queue' | 'resendAt'> & {
  readonly queue: readonly {
    readonly sessionId: number
    readonly keepalive: boolean
    readonly avps: readonly (readonly [type: number, mandatory: boolean, data: string])[]
  }[]
  readonly resendAt: number | null
}

/** RFC 2661 section 5.8: from one second, doubled up to eight, five tries. */
const TRIES = 5
const LONGEST_WAIT = 8 * SECOND
/** A HELLO is repeated at the pace of HELLOs: three without an answer end the tunnel. */
export const HELLO_INTERVAL = 60 * SECOND
const HELLO_TRIES = 3

export const newControl = (): ControlState => ({ ns: 0, nr: 0, remoteTunnel: 0, queue: [], tries: 0, resendAt: NEVER })

export const storeControl = (state: ControlState): StoredControl => ({
  ...state,
  queue: state.queue.map(({ sessionId, keepalive, avps }) => ({
    sessionId,
    keepalive,
    avps: avps.map((a) => [a.type, a.mandatory, hex(a.data, 0, a.data.length)] as const),
  })),
  resendAt: storeTime(state.resendAt),
})

export const loadControl = (stored: StoredControl): ControlState => ({
  ...stored,
  queue: stored.queue.map(({ sessionId, keepalive, avps }) => ({
    sessionId,
    keepalive,
    avps: avps.map(([type, mandatory, data]) => ({ type, mandatory, data: fromHex(data) })),
  })),
  resendAt: loadTime(stored.resendAt),
})

export class Control {
  readonly state: ControlState
  private readonly transmit: (message: l2tp.L2tp) => void
  private readonly now: () => Micros
  /** Messages sent while one is being received: an acknowledgement of its own is then not needed. */
  private sent = 0

  constructor(state: ControlState, transmit: (message: l2tp.L2tp) => void, now: () => Micros) {
    this.state = state
    this.transmit = transmit
    this.now = now
  }

  send(sessionId: number, avps: readonly l2tp.Avp[], keepalive = false): void {
    this.state.queue.push({ sessionId, avps, keepalive })
    if (this.state.queue.length === 1) this.sendHead()
  }

  private sendHead(): void {
    const { state } = this
    const head = state.queue[0]
    if (head === undefined) {
      state.resendAt = NEVER
      return
    }
    const wait = head.keepalive ? HELLO_INTERVAL : Math.min(LONGEST_WAIT, SECOND << state.tries)
    state.tries++
    state.resendAt = this.now() + wait
    this.sent++
    this.transmit({ kind: 'control', tunnelId: state.remoteTunnel, ...head, ns: state.ns, nr: state.nr })
  }

  /** False when the peer has not answered often enough. */
  poll(now: Micros): boolean {
    const { state } = this
    if (state.resendAt > now) return true
    if (state.tries >= (state.queue[0]?.keepalive ? HELLO_TRIES : TRIES)) return false
    this.sendHead()
    return true
  }

  /** Takes a message: acknowledges, and passes on what is new and has a body. */
  receive(message: l2tp.Control, handle: (message: l2tp.Control) => void): void {
    const { state } = this
    this.sent = 0
    const fresh = message.avps.length > 0 && message.ns === state.nr
    // Before anything is sent, so that whatever is sent acknowledges it.
    if (fresh) state.nr = (state.nr + 1) & 0xffff
    if (state.queue.length > 0 && message.nr === ((state.ns + 1) & 0xffff)) {
      state.queue.shift()
      state.ns = message.nr
      state.tries = 0
      this.sendHead()
    }
    if (message.avps.length === 0) return
    if (fresh) handle(message)
    // A repeated message means that the acknowledgement was lost.
    if (this.sent === 0) this.acknowledge()
  }

  private acknowledge(): void {
    const { ns, nr, remoteTunnel, queue } = this.state
    // RFC 2661 section 5.8: Ns of an empty message is that of the next one, and is not used up.
    const next = queue.length > 0 ? (ns + 1) & 0xffff : ns
    this.transmit({ kind: 'control', tunnelId: remoteTunnel, sessionId: 0, ns: next, nr, avps: [] })
  }

  /** Something other than a keepalive waits for its acknowledgement. */
  get busy(): boolean {
    return this.state.queue.some((message) => !message.keepalive)
  }
}
