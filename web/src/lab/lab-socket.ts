import { type ClientMessage, type ServerMessage, SUBPROTOCOL, serverMessage } from '../../../durable/protocol.ts'

type Handlers = {
  /** Called on every new connection, before anything is received; its messages are sent first. */
  readonly onOpen: () => readonly ClientMessage[]
  readonly onMessage: (message: ServerMessage) => void
  readonly onLost: (retryInSeconds: number) => void
  readonly onRetry: () => void
  readonly onRefused: () => void
  /** The lab has closed the door; whether for good, the service knows. */
  readonly onExcluded: () => void
}

const FIRST_WAIT = 500
const LONGEST_WAIT = 15_000
/** So many attempts that never opened mean that the lab does not want this person. */
const NEVER_OPENED = 6
const KEEP_ALIVE = 25_000
/** As the lab closes a socket whose person may not be here any more. */
const NOT_ALLOWED = 1008

/** One WebSocket after the other, with growing pauses, until `close`. */
export class LabSocket {
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #alive: ReturnType<typeof setInterval> | undefined
  #failures = 0
  #opened = false
  #closed = false
  readonly #address: string
  readonly #handlers: Handlers

  constructor(address: string, handlers: Handlers) {
    this.#address = address
    this.#handlers = handlers
    window.addEventListener('online', this.#now)
    this.#connect()
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** False when there is no connection now; who must be sure sends again from `onOpen`. */
  send(message: ClientMessage): boolean {
    if (!this.open) return false
    this.#socket!.send(JSON.stringify(message))
    return true
  }

  retryNow(): void {
    if (this.#closed || this.#socket !== null) return
    clearTimeout(this.#timer)
    this.#connect()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    clearInterval(this.#alive)
    window.removeEventListener('online', this.#now)
    this.#socket?.close(1000, 'page left')
  }

  readonly #now = () => this.retryNow()

  #connect(): void {
    this.#handlers.onRetry()
    const socket = new WebSocket(this.#address, SUBPROTOCOL)
    this.#socket = socket
    socket.onopen = () => {
      this.#failures = 0
      this.#opened = true
      for (const message of this.#handlers.onOpen()) this.send(message)
      // Answered without waking the lab, so an idle lab can sleep behind an open page.
      this.#alive = setInterval(() => this.open && socket.send('ping'), KEEP_ALIVE)
    }
    socket.onmessage = (event: MessageEvent) => this.#receive(event.data)
    socket.onclose = ({ code }) => {
      this.#lost(socket)
      if (code === NOT_ALLOWED && !this.#closed) this.#handlers.onExcluded()
    }
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string' || data === 'pong') return
    const parsed = serverMessage.safeParse(safeJson(data))
    // A newer service may say things that this page does not know yet.
    if (parsed.success) this.#handlers.onMessage(parsed.data)
  }

  #lost(socket: WebSocket): void {
    if (this.#closed || this.#socket !== socket) return
    this.#socket = null
    clearInterval(this.#alive)
    this.#failures += 1
    if (!this.#opened && this.#failures >= NEVER_OPENED) {
      this.#handlers.onRefused()
      return
    }
    const wait = Math.min(FIRST_WAIT * 2 ** (this.#failures - 1), LONGEST_WAIT) * (0.75 + Math.random() / 2)
    this.#handlers.onLost(Math.ceil(wait / 1000))
    this.#timer = setTimeout(() => this.#connect(), wait)
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
