// Where the body of an answer ends (RFC 9112 section 6.3): nowhere, after so many octets, after the last chunk, or with the connection.
import { hasToken, headerOf, lengthOf, type ResponseHead } from './http-message.ts'

/** `left`: octets until the end, or of the chunk. `line`: the line between chunks as far as it has come. */
export type BodyState = {
  framing: 'none' | 'length' | 'chunked' | 'stream'
  left: number
  line: string
  /** Chunked: what comes next. */
  expects: 'size' | 'data' | 'data-end' | 'trailer'
  done: boolean
  bad: boolean
}

const LONGEST_LINE = 4096

export class BodyReader {
  private readonly state: BodyState

  constructor(state: BodyState) {
    this.state = state
  }

  static begin(method: string, { status, headers }: ResponseHead): BodyState {
    const state: BodyState = { framing: 'stream', left: 0, line: '', expects: 'size', done: false, bad: false }
    const length = headerOf(headers, 'content-length')
    if (method === 'HEAD' || status === 204 || status === 304) {
      state.framing = 'none'
      state.done = true
    } else if (hasToken(headerOf(headers, 'transfer-encoding'), 'chunked')) state.framing = 'chunked'
    else if (length !== undefined) {
      state.framing = 'length'
      state.left = lengthOf(length) ?? 0
      state.bad = lengthOf(length) === undefined
      state.done = state.left === 0
    }
    return state
  }

  get done(): boolean {
    return this.state.done
  }
  get bad(): boolean {
    return this.state.bad
  }
  /** The end of the connection is the end of the body, and no fault. */
  get endsWithStream(): boolean {
    return this.state.framing === 'stream'
  }

  /** The octets of the body among what has come. */
  take(octets: Uint8Array): Uint8Array {
    const { state } = this
    if (state.done || octets.length === 0) return octets.subarray(0, 0)
    if (state.framing === 'stream') return octets
    if (state.framing === 'chunked') return this.unchunk(octets)
    const taken = octets.subarray(0, state.left)
    state.left -= taken.length
    state.done = state.left === 0
    return taken
  }

  /** RFC 9112 section 7.1. */
  private unchunk(octets: Uint8Array): Uint8Array {
    const { state } = this
    const out = new Uint8Array(octets.length)
    let used = 0
    for (let i = 0; i < octets.length && !state.done && !state.bad; ) {
      if (state.expects === 'data') {
        const count = Math.min(state.left, octets.length - i)
        out.set(octets.subarray(i, i + count), used)
        used += count
        i += count
        state.left -= count
        if (state.left === 0) state.expects = 'data-end'
        continue
      }
      const octet = octets[i++] as number
      if (octet !== 10) {
        if (octet !== 13) state.line += String.fromCharCode(octet)
        state.bad = state.line.length > LONGEST_LINE
        continue
      }
      this.line(state.line)
      state.line = ''
    }
    return out.subarray(0, used)
  }

  private line(line: string): void {
    const { state } = this
    if (state.expects === 'trailer') {
      if (line === '') state.done = true
    } else if (state.expects === 'data-end') {
      if (line !== '') state.bad = true
      state.expects = 'size'
    } else {
      const [, digits] = /^([0-9a-f]{1,10})[ \t]*(?:;.*)?$/i.exec(line) ?? []
      if (digits === undefined) state.bad = true
      else {
        state.left = Number.parseInt(digits, 16)
        state.expects = state.left === 0 ? 'trailer' : 'data'
      }
    }
  }
}
