// The connection to a port of a lab: one binary message is one frame. Comes back by itself.
import { randomBytes } from 'node:crypto'
import { WebSocket } from 'ws'

export type Counters = { in: number; inBytes: number; out: number; outBytes: number; dropped: number; connections: number }

/** Bytes that wait to be sent; beyond it frames are dropped, as a network card would. */
const MOST_WAITING = 4 * 1024 * 1024
const FIRST_WAIT = 250
const LONGEST_WAIT = 10_000
/** Refusals that time does not heal. */
const FINAL = new Set([400, 401, 403, 404])
/** Closed because it may not be there any more, or does what it may not. */
const CUT = new Set([1003, 1008, 1009])

export type LineOptions = {
  /** `ws://host/v1/labs/ID/ports/PORT/attach` */
  readonly url: string
  readonly token: string
  /** Try again when it was lost. */
  readonly again: boolean
  readonly say: (text: string) => void
  readonly receive: (frame: Buffer) => void
  readonly connected?: () => void
}

export class Line {
  readonly counters: Counters = { in: 0, inBytes: 0, out: 0, outBytes: 0, dropped: 0, connections: 0 }
  /** Resolves with the exit status when it is over for good. */
  readonly over: Promise<number>
  private readonly options: LineOptions
  /** By this name the token lets us in again. */
  private readonly session = randomBytes(16).toString('hex')
  private socket: WebSocket | undefined
  private wait = FIRST_WAIT
  private timer: NodeJS.Timeout | undefined
  private ended = false
  private finish: (status: number) => void = () => {}

  constructor(options: LineOptions) {
    this.options = options
    this.over = new Promise((resolve) => {
      this.finish = resolve
    })
    this.connect()
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN
  }

  /** Bytes that the connection has not taken yet. */
  get waiting(): number {
    return this.socket?.bufferedAmount ?? 0
  }

  send(frame: Uint8Array): void {
    const { socket, counters } = this
    if (socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > MOST_WAITING) {
      counters.dropped++
      return
    }
    counters.out++
    counters.outBytes += frame.length
    socket.send(frame, { binary: true, compress: false })
  }

  end(status: number, why = 'done'): void {
    if (this.ended) return
    this.ended = true
    clearTimeout(this.timer)
    const { socket } = this
    const leave = () => this.finish(status)
    if (socket?.readyState !== WebSocket.OPEN) {
      socket?.terminate()
      return leave()
    }
    socket.once('close', leave)
    socket.close(1000, why.slice(0, 120))
    setTimeout(leave, 1_000).unref()
  }

  private connect(): void {
    const { url, token, receive, say } = this.options
    const headers = { authorization: `Bearer ${token}`, 'x-attach-session': this.session }
    const socket = new WebSocket(url, 'ethernet.v1', { headers, perMessageDeflate: false, maxPayload: 1 << 20 })
    this.socket = socket
    let refused = false
    socket.on('open', () => {
      this.wait = FIRST_WAIT
      this.counters.connections++
      say(this.counters.connections === 1 ? 'attached' : 'attached again')
      this.options.connected?.()
    })
    socket.on('message', (data: Buffer, binary: boolean) => {
      if (!binary) return
      this.counters.in++
      this.counters.inBytes += data.length
      receive(data)
    })
    socket.on('unexpected-response', (_, response) => {
      refused = true
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const status = response.statusCode ?? 0
        say(`refused: ${status} ${detailOf(Buffer.concat(parts).toString())}`)
        if (FINAL.has(status)) this.end(1)
        else this.retry()
      })
      response.on('error', () => this.retry())
    })
    socket.on('error', (error) => {
      if (!refused && socket.readyState !== WebSocket.OPEN) say(`no connection: ${error.message}`)
    })
    socket.on('close', (code, reason) => {
      if (this.ended || refused) return
      if (code !== 1006 || reason.length > 0) say(`closed: ${code} ${reason.toString()}`)
      if (CUT.has(code)) this.end(1)
      else this.retry()
    })
  }

  private retry(): void {
    if (this.ended) return
    if (!this.options.again) return this.end(1)
    this.options.say(`again in ${this.wait} ms`)
    this.timer = setTimeout(() => this.connect(), this.wait)
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2)
  }
}

function detailOf(body: string): string {
  try {
    const { detail, code } = JSON.parse(body) as { detail?: string; code?: string }
    return detail ?? code ?? body.slice(0, 200)
  } catch {
    return body.slice(0, 200)
  }
}
