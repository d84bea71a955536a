// Between a program's input and a connection, and from the connection to its events: what nc does.
import type { Socket } from '../../ip/hooks.ts'
import type { Json } from '../../sim/json.ts'
import type { ProcessHost } from '../program.ts'
import { CHUNK, MAX_PENDING, octetText } from './stream-target.ts'

export type PumpState = {
  /** Octets of input that the socket has not taken yet. */
  left: string
  sent: number
  received: number
  /** Our side, and the other, has finished. */
  shut: boolean
  ended: boolean
  /** Reading waits until the shell has taken what there is. */
  held: boolean
}

export const newPump = (): PumpState => ({ left: '', sent: 0, received: 0, shut: false, ended: false, held: false })

export class Pump {
  readonly state: PumpState
  private readonly host: ProcessHost
  private readonly more: { readonly [key: string]: Json }

  /** `more` stands in every event. */
  constructor(host: ProcessHost, state: PumpState, more: { readonly [key: string]: Json } = {}) {
    this.host = host
    this.state = state
    this.more = more
  }

  /** From the input into the socket, as much as it takes; then the end, unless `keepOpen`. */
  feed(socket: Socket, keepOpen: boolean): void {
    const { host, state } = this
    const { tcp } = host.stack
    while (!state.shut) {
      if (state.left === '') state.left = octetText(host.takeInput(CHUNK))
      if (state.left === '') break
      const octets = octetsFrom(state.left)
      const taken = tcp.send(socket, octets)
      state.sent += taken
      state.left = state.left.slice(taken)
      if (taken < octets.length) return
    }
    if (host.inputEnded && state.left === '' && !state.shut && !keepOpen) {
      state.shut = true
      tcp.shutdown(socket)
    }
  }

  /** From the socket into events, while somebody takes them. True once the other side has finished and all was told. */
  drain(socket: Socket): boolean {
    const { host, state, more } = this
    const { tcp } = host.stack
    state.held = false
    while (tcp.readableBytes(socket) > 0) {
      if (host.pending >= MAX_PENDING) {
        state.held = true
        host.touch()
        return false
      }
      const octets = tcp.receive(socket, CHUNK)
      state.received += octets.length
      host.emit({ kind: 'data', ...more, octets: octetText(octets) })
    }
    if (!tcp.ended(socket) || state.ended) return state.ended
    state.ended = true
    host.emit({ kind: 'ended', ...more })
    return true
  }

  /** The shell has taken what was told: reading may go on. */
  get resumes(): boolean {
    return this.state.held && this.host.pending < MAX_PENDING
  }
}

function octetsFrom(text: string): Uint8Array {
  const out = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i)
  return out
}
