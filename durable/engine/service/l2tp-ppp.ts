// PPP over a session: LCP (RFC 1661), PAP (RFC 1334), IPCP with name servers (RFC 1332, RFC 1877).
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'
import * as ppp from '../wire/ppp.ts'
import { type Negotiated, reviewIpcp, reviewLcp } from './l2tp-ppp-options.ts'

export type PppState = {
  phase: 'closed' | 'lcp' | 'authenticate' | 'ipcp' | 'open'
  /** Of our last request. */
  id: number
  magic: number
  /** The peer took our request, and we took the peer's. */
  ours: boolean
  theirs: boolean
  /** The peer wants to know who we are. */
  asked: boolean
  tries: number
  due: Micros
  /** Ours, and the peer's. A server knows both from the start, a caller learns both. */
  address: Ip4
  peerAddress: Ip4
  dns: Ip4[]
  rejected: number[]
}

export type PppRole =
  | { readonly side: 'caller'; readonly user: string; readonly password: string }
  | { readonly side: 'server'; readonly dns: readonly Ip4[]; readonly admits: (user: string, password: string) => boolean }

export type PppHooks = {
  readonly send: (frame: ppp.Ppp) => void
  readonly entered: (phase: PppState['phase']) => void
  readonly failed: (why: PppFailure) => void
  readonly now: () => Micros
}
export type PppFailure = 'access-denied' | 'no-answer' | 'terminated'

export const MTU = 1400
/** RFC 1661 section 4.6: the Restart timer and Max-Configure. */
const RESTART = 3 * SECOND
const MAX_TRIES = 10
/** How long a server waits for the caller to say who it is. */
const AUTHENTICATION_TIME = 30 * SECOND

export const newPpp = (magic: number, address: Ip4, peerAddress: Ip4): PppState => ({
  phase: 'closed',
  id: 0,
  magic,
  ours: false,
  theirs: false,
  asked: false,
  tries: 0,
  due: NEVER,
  address,
  peerAddress,
  dns: [0, 0],
  rejected: [],
})

export class Ppp {
  readonly state: PppState
  private readonly role: PppRole
  private readonly hooks: PppHooks

  constructor(state: PppState, role: PppRole, hooks: PppHooks) {
    this.state = state
    this.role = role
    this.hooks = hooks
  }

  start(): void {
    this.enter('lcp')
  }

  /** Says goodbye; nothing is waited for. */
  terminate(): void {
    const { phase } = this.state
    if (phase === 'closed') return
    this.hooks.send({ protocol: 'lcp', message: 'terminate-request', id: ++this.state.id & 255, data: new Uint8Array(0) })
    this.state.phase = 'closed'
    this.state.due = NEVER
  }

  private enter(phase: PppState['phase']): void {
    const { state } = this
    Object.assign(state, { phase, ours: false, theirs: false, tries: 0, rejected: [] })
    if (phase === 'authenticate' && this.role.side === 'server') state.due = this.hooks.now() + AUTHENTICATION_TIME
    else if (phase === 'open' || phase === 'closed') state.due = NEVER
    else this.request()
    this.hooks.entered(phase)
  }

  private request(): void {
    const { state, role } = this
    state.tries++
    state.due = this.hooks.now() + RESTART
    state.id = (state.id + 1) & 255
    const { id } = state
    if (state.phase === 'authenticate') {
      if (role.side === 'caller')
        this.hooks.send({ protocol: 'pap', message: 'authenticate-request', id, peerId: role.user, password: role.password })
      return
    }
    const protocol = state.phase === 'lcp' ? 'lcp' : 'ipcp'
    const options = (protocol === 'lcp' ? this.lcpOptions() : this.ipcpOptions()).filter((o) => !state.rejected.includes(o.type))
    this.hooks.send({ protocol, message: 'configure-request', id, options })
  }

  private lcpOptions(): ppp.Option[] {
    const { option } = ppp
    const own = [option.mru(MTU), option.magic(this.state.magic)]
    return this.role.side === 'server' ? [own[0], option.authentication(ppp.PAP), own[1]] : own
  }

  private ipcpOptions(): ppp.Option[] {
    const { address, dns } = this.state
    const { option } = ppp
    if (this.role.side === 'server') return [option.address(address)]
    return [option.address(address), option.primaryDns(dns[0]), option.secondaryDns(dns[1])]
  }

  poll(now: Micros): void {
    const { state } = this
    if (state.due > now) return
    const waits = state.phase === 'authenticate' && this.role.side === 'server'
    if (waits || state.tries >= MAX_TRIES) this.hooks.failed('no-answer')
    else this.request()
  }

  /** Answers why a frame is of no use, or ''. IPv4 packets are the session's. */
  receive(frame: ppp.Ppp): string {
    const { state } = this
    if (state.phase === 'closed') return 'PPP is closed'
    switch (frame.protocol) {
      case 'lcp':
        return this.lcp(frame)
      case 'ipcp':
        if (state.phase === 'ipcp' || state.phase === 'open') return this.negotiate(frame)
        return 'IPCP before authentication'
      case 'pap':
        return this.pap(frame)
      case 'other': {
        const data = frame.payload.slice(0, 64)
        state.id = (state.id + 1) & 255
        this.hooks.send({ protocol: 'lcp', message: 'protocol-reject', id: state.id, rejected: frame.number, data })
        return 'unknown PPP protocol'
      }
      case 'ipv4':
        return 'not negotiation'
      default:
        return frame satisfies never
    }
  }

  private lcp(frame: Extract<ppp.Ppp, { protocol: 'lcp' | 'ipcp' }>): string {
    switch (frame.message) {
      case 'echo-request':
        this.hooks.send({ protocol: 'lcp', message: 'echo-reply', id: frame.id, magic: this.state.magic, data: frame.data })
        return ''
      case 'terminate-request':
        this.hooks.send({ protocol: 'lcp', message: 'terminate-ack', id: frame.id, data: new Uint8Array(0) })
        this.hooks.failed('terminated')
        return ''
      case 'configure-request':
      case 'configure-ack':
      case 'configure-nak':
      case 'configure-reject':
        return this.negotiate(frame)
      default:
        return ''
    }
  }

  /** The option negotiation of LCP and IPCP alike (RFC 1661 section 4, without its rarer states). */
  private negotiate(frame: Extract<ppp.Ppp, { protocol: 'lcp' | 'ipcp' }>): string {
    const { state } = this
    const current = frame.protocol === state.phase
    switch (frame.message) {
      case 'configure-request': {
        const review = frame.protocol === 'lcp' ? reviewLcp(frame.options, this.role.side) : this.reviewIpcp(frame.options)
        const { protocol, id } = frame
        this.hooks.send({ protocol, message: review.answer, id, options: review.options })
        if (!current) return ''
        state.theirs = review.answer === 'configure-ack'
        if (frame.protocol === 'lcp' && state.theirs)
          state.asked = ppp.optionNumber(frame.options, ppp.LCP_AUTHENTICATION) !== undefined
        if (frame.protocol === 'ipcp' && state.theirs && this.role.side === 'caller')
          state.peerAddress = ppp.optionNumber(frame.options, ppp.IPCP_ADDRESS) ?? 0
        break
      }
      case 'configure-ack':
        if (!current || frame.id !== state.id) return 'acknowledges nothing'
        state.ours = true
        break
      case 'configure-nak':
        if (!current || frame.id !== state.id) return 'refuses nothing'
        this.adopt(frame.options)
        this.request()
        break
      case 'configure-reject':
        if (!current || frame.id !== state.id) return 'refuses nothing'
        state.rejected.push(...frame.options.map((o) => o.type))
        this.request()
        break
      default:
        return ''
    }
    if (current && state.ours && state.theirs) this.agreed()
    return ''
  }

  private reviewIpcp(options: readonly ppp.Option[]): Negotiated {
    const { role, state } = this
    return role.side === 'server'
      ? reviewIpcp(options, { address: state.peerAddress, dns: role.dns })
      : reviewIpcp(options, undefined)
  }

  private adopt(options: readonly ppp.Option[]): void {
    const { state } = this
    if (state.phase !== 'ipcp' || this.role.side !== 'caller') return
    state.address = ppp.optionNumber(options, ppp.IPCP_ADDRESS) ?? state.address
    state.dns = [
      ppp.optionNumber(options, ppp.IPCP_PRIMARY_DNS) ?? state.dns[0],
      ppp.optionNumber(options, ppp.IPCP_SECONDARY_DNS) ?? state.dns[1],
    ]
  }

  private agreed(): void {
    const { state, role } = this
    if (state.phase === 'ipcp') {
      if (role.side === 'caller' && state.address === 0) return this.hooks.failed('terminated')
      state.dns = state.dns.map((server, i) =>
        state.rejected.includes(i === 0 ? ppp.IPCP_PRIMARY_DNS : ppp.IPCP_SECONDARY_DNS) ? 0 : server,
      )
      return this.enter('open')
    }
    this.enter(role.side === 'server' || state.asked ? 'authenticate' : 'ipcp')
  }

  private pap(frame: Extract<ppp.Ppp, { protocol: 'pap' }>): string {
    const { state, role } = this
    if (frame.message === 'authenticate-request') {
      // A repeated request after success means that the answer was lost.
      if (role.side !== 'server' || state.phase === 'lcp') return 'nobody was asked who he is'
      const admitted = role.admits(frame.peerId, frame.password)
      const text = admitted ? '' : 'access denied'
      this.hooks.send({ protocol: 'pap', message: admitted ? 'authenticate-ack' : 'authenticate-nak', id: frame.id, text })
      if (state.phase !== 'authenticate') return ''
      if (admitted) this.enter('ipcp')
      else this.hooks.failed('access-denied')
      return ''
    }
    if (role.side !== 'caller' || state.phase !== 'authenticate' || frame.id !== state.id) return 'nothing was asked'
    if (frame.message === 'authenticate-ack') this.enter('ipcp')
    else this.hooks.failed('access-denied')
    return ''
  }
}
