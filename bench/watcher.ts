// A console's end of a socket: counts what it is sent, looks for gaps, and acknowledges it or does not.
import type { ClientMessage, ServerMessage } from '../durable/protocol.ts'

type Skipped = Extract<ServerMessage, { type: 'skipped' }>

/** Everybody gets the same texts; each is read once. */
const RECENT = 16
const recent: { readonly text: string; readonly message: ServerMessage }[] = []

function read(text: string): ServerMessage {
  const known = recent.find((one) => one.text === text)
  if (known) return known.message
  const message = JSON.parse(text) as ServerMessage
  recent.unshift({ text, message })
  recent.length = Math.min(recent.length, RECENT)
  return message
}

export class Watcher {
  /** Packets, and characters of all messages. */
  packets = 0
  characters = 0
  batches = 0
  /** The sequence number seen last. */
  last: number
  /** Sequence numbers that came where others were to come. */
  gaps = 0
  readonly skipped: Skipped[] = []
  acknowledges = true
  private readonly socket: WebSocket

  private constructor(socket: WebSocket, after: number) {
    this.socket = socket
    this.last = after
    socket.addEventListener('message', (event) => this.take(String(event.data)))
  }

  /** Opens a socket and says hello: everything after a sequence number, please. */
  static join(url: string, authorization: string, after: number): Promise<Watcher> {
    const socket = new WebSocket(url, { protocols: ['lab.v1'], headers: { authorization } })
    const watcher = new Watcher(socket, after)
    return new Promise((resolve, reject) => {
      socket.addEventListener('error', () => reject(new Error(`no socket at ${url}`)))
      socket.addEventListener('open', () => {
        watcher.send({ type: 'hello', packetsAfter: after, visible: true })
        resolve(watcher)
      })
    })
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  close(): void {
    this.socket.close()
  }

  private take(text: string): void {
    this.characters += text.length
    const message = read(text)
    if (message.type === 'skipped') {
      this.skipped.push(message)
      this.last = message.to
    }
    if (message.type !== 'packets') return
    this.batches++
    this.packets += message.packets.length
    for (const { sequence } of message.packets) {
      if (sequence !== this.last + 1) this.gaps++
      this.last = sequence
    }
    if (this.acknowledges) this.send({ type: 'credit', batches: 1 })
  }
}
