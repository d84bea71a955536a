// A tunnel with one session in it, from either side (RFC 2661 sections 5 and 7).
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import * as l2tp from '../wire/l2tp.ts'
import * as ppp from '../wire/ppp.ts'
import { Control, HELLO_INTERVAL } from './l2tp-control.ts'
import { Ppp, type PppRole, type PppState } from './l2tp-ppp.ts'
import type { TunnelState } from './l2tp-tunnel-state.ts'

export type TunnelEnd = 'no-answer' | 'access-denied' | 'terminated'

export type TunnelHooks = {
  readonly send: (bytes: Uint8Array) => void
  readonly entered: (phase: PppState['phase']) => void
  readonly packet: (bytes: Uint8Array) => void
  /** The session is over, or never came to be. The tunnel may go on closing. */
  readonly ended: (why: TunnelEnd) => void
  readonly drop: (detail: string) => void
  readonly now: () => Micros
}

/** Result codes of section 4.4.2. */
const GENERAL_CLOSE = 1
const ADMINISTRATIVE = 3
/** The side that is called is the more patient one, so that in a quiet tunnel only one side says HELLO. */
const PATIENCE = HELLO_INTERVAL / 2

/** A whole cycle of retransmission. */
const LINGER = 31 * SECOND

export class Tunnel {
  readonly state: TunnelState
  private readonly hooks: TunnelHooks
  private readonly calls: boolean
  private readonly hostName: string
  private readonly control: Control
  private readonly ppp: Ppp

  constructor(state: TunnelState, role: PppRole, hooks: TunnelHooks, hostName: string) {
    this.state = state
    this.hooks = hooks
    this.calls = role.side === 'caller'
    this.hostName = hostName
    this.control = new Control(state.control, (message) => this.transmit(message), hooks.now)
    this.ppp = new Ppp(state.ppp, role, {
      send: (frame) => this.sendFrame(frame),
      entered: hooks.entered,
      failed: (why) => this.close(why, why === 'no-answer' ? 'PPP timeout' : why),
      now: hooks.now,
    })
  }

  /** The caller's first word. */
  dial(): void {
    this.control.send(0, this.greeting(l2tp.SCCRQ))
  }

  private greeting(type: number): l2tp.Avp[] {
    const { avp } = l2tp
    return [
      avp.messageType(type),
      avp.protocolVersion(),
      avp.framingCapabilities(l2tp.FRAMING_SYNC | l2tp.FRAMING_ASYNC),
      avp.hostName(this.hostName),
      avp.assignedTunnelId(this.state.localTunnel),
      avp.receiveWindowSize(8),
    ]
  }

  private transmit(message: l2tp.L2tp): void {
    const bytes = new Uint8Array(l2tp.len(message))
    l2tp.emit(message, bytes, 0)
    this.hooks.send(bytes)
  }

  private sendFrame(frame: ppp.Ppp): void {
    const payload = new Uint8Array(ppp.len(frame))
    ppp.emit(frame, payload, 0)
    const { control, remoteSession } = this.state
    this.transmit({ kind: 'data', tunnelId: control.remoteTunnel, sessionId: remoteSession, payload })
  }

  /** An IP packet into the session. */
  carry(packet: Uint8Array): void {
    if (this.state.ppp.phase === 'open') this.sendFrame({ protocol: 'ipv4', payload: packet })
  }

  // Receiving

  receive(message: l2tp.L2tp): void {
    const { state } = this
    state.helloAt = state.phase === 'session' ? this.hooks.now() + HELLO_INTERVAL + (this.calls ? 0 : PATIENCE) : NEVER
    if (message.kind === 'control') return this.control.receive(message, (body) => this.handle(body))
    if (message.sessionId !== state.localSession || state.phase !== 'session') return this.hooks.drop('L2TP: no such session')
    const frame = ppp.parse(message.payload, 0, message.payload.length)
    if (typeof frame === 'string') return this.hooks.drop(frame)
    if (frame.protocol === 'ipv4') {
      if (state.ppp.phase === 'open') this.hooks.packet(frame.payload)
      else this.hooks.drop('L2TP: a packet before the session is open')
      return
    }
    const refused = this.ppp.receive(frame)
    if (refused !== '') this.hooks.drop(`PPP: ${refused}`)
  }

  private handle(message: l2tp.Control): void {
    const { avp } = l2tp
    const { state, control } = this
    switch (l2tp.messageType(message)) {
      case l2tp.SCCRQ:
        state.control.remoteTunnel = l2tp.assignedTunnelId(message) ?? 0
        control.send(0, this.greeting(l2tp.SCCRP))
        break
      case l2tp.SCCRP:
        if (state.phase !== 'connecting' || !this.calls) break
        state.control.remoteTunnel = l2tp.assignedTunnelId(message) ?? 0
        state.phase = 'calling'
        control.send(0, [avp.messageType(l2tp.SCCCN)])
        control.send(0, [avp.messageType(l2tp.ICRQ), avp.assignedSessionId(state.localSession), avp.callSerialNumber(1)])
        break
      case l2tp.SCCCN:
        if (state.phase === 'connecting') state.phase = 'calling'
        break
      case l2tp.ICRQ:
        this.called(l2tp.assignedSessionId(message) ?? 0)
        break
      case l2tp.ICRP:
        if (state.phase !== 'calling' || !this.calls) break
        state.remoteSession = l2tp.assignedSessionId(message) ?? 0
        control.send(state.remoteSession, [
          avp.messageType(l2tp.ICCN),
          avp.txConnectSpeed(1_000_000_000),
          avp.framingType(l2tp.FRAMING_SYNC),
        ])
        this.open()
        break
      case l2tp.ICCN:
        if (state.phase === 'calling' && !this.calls && state.remoteSession !== 0) this.open()
        break
      case l2tp.CDN:
        this.close('terminated', 'call disconnected')
        break
      case l2tp.STOP_CCN:
        this.finish()
        break
      default:
        // HELLO wants no more than its acknowledgement.
        break
    }
  }

  /** One call a tunnel: another one is turned away. */
  private called(remoteSession: number): void {
    const { avp } = l2tp
    const { state } = this
    if (this.calls || state.phase !== 'calling' || state.remoteSession !== 0) {
      const result = avp.resultCode({ result: ADMINISTRATIVE, error: 0, message: 'one call only' })
      return this.control.send(remoteSession, [avp.messageType(l2tp.CDN), result, avp.assignedSessionId(0)])
    }
    state.remoteSession = remoteSession
    this.control.send(remoteSession, [avp.messageType(l2tp.ICRP), avp.assignedSessionId(state.localSession)])
  }

  private open(): void {
    this.state.phase = 'session'
    this.state.helloAt = this.hooks.now() + HELLO_INTERVAL + (this.calls ? 0 : PATIENCE)
    this.ppp.start()
  }

  // Ending

  /** Ends the session and takes the tunnel down in good order. */
  close(why: TunnelEnd, message: string): void {
    const { state } = this
    if (state.phase === 'closing' || state.phase === 'closed') return
    if (state.phase === 'session' && why !== 'terminated') this.ppp.terminate()
    const established = state.control.remoteTunnel !== 0
    state.phase = established ? 'closing' : 'closed'
    state.helloAt = NEVER
    state.ppp.phase = 'closed'
    state.ppp.due = NEVER
    if (established) {
      const { avp } = l2tp
      const result = avp.resultCode({ result: GENERAL_CLOSE, error: 0, message })
      // What had not been acknowledged is not worth saying any more, except that the peer counts it.
      state.control.queue = state.control.queue.slice(0, 1)
      this.control.send(0, [avp.messageType(l2tp.STOP_CCN), avp.assignedTunnelId(state.localTunnel), result])
    } else this.control.state.resendAt = NEVER
    this.hooks.ended(why)
  }

  /** The peer has taken the tunnel down. */
  private finish(): void {
    const { state } = this
    const live = state.phase !== 'closing' && state.phase !== 'closed'
    this.discard()
    state.lingerAt = this.hooks.now() + LINGER
    if (live) this.hooks.ended('terminated')
  }

  /** Gone without a word. */
  discard(): void {
    const { state } = this
    state.phase = 'closed'
    state.helloAt = NEVER
    state.lingerAt = NEVER
    state.control.queue = []
    state.control.resendAt = NEVER
    state.ppp.phase = 'closed'
    state.ppp.due = NEVER
  }

  // Time

  get dueAt(): Micros {
    const { control, ppp: link, helloAt, lingerAt } = this.state
    return Math.min(control.resendAt, link.due, helloAt, lingerAt)
  }

  /** HELLO is periodic; a handshake, a negotiation and a farewell are waited for. */
  get transientAt(): Micros {
    const { control, ppp: link } = this.state
    return Math.min(this.control.busy ? control.resendAt : NEVER, link.due)
  }

  poll(now: Micros): void {
    const { state } = this
    if (state.lingerAt <= now) state.lingerAt = NEVER
    if (state.helloAt <= now) {
      state.helloAt = NEVER
      this.control.send(0, [l2tp.avp.messageType(l2tp.HELLO)], true)
    }
    if (!this.control.poll(now)) {
      const live = state.phase !== 'closing'
      this.discard()
      if (live) this.hooks.ended('no-answer')
      return
    }
    this.ppp.poll(now)
  }

  /** Nothing is left to say or to hear. */
  get over(): boolean {
    const { phase, control, lingerAt } = this.state
    return (phase === 'closed' && lingerAt === NEVER) || (phase === 'closing' && control.queue.length === 0)
  }
}
