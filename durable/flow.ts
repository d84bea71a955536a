import { type Attachment, MOST_CREDIT, readAttachment, writeAttachment } from './attachment.ts'
import type { ServerMessage } from './protocol.ts'

// Flow control. The platform buffers without limit what a socket does not take, and tells nobody; so what was sent is counted
// until the other end says that it has it. It says so by one credit for each batch of packets. Messages of other kinds stand
// between batches and are acknowledged with the next one; where none follows, an empty batch is sent for the sake of its credit.

/** Characters, nearly all of one byte, that may be on their way to a socket. */
export const UNACKNOWLEDGED = 256 * 1024
/** After so much without a batch among it an empty one follows. */
const MARK = 64 * 1024
/** Answers to what a socket itself asked are sent whatever else is on its way; up to here. */
const HOPELESS = 4 * UNACKNOWLEDGED

/** A batch of packets as a message. `next`: the last sequence number that it has. */
export type Batch = { readonly text: string; readonly next: number }

/** A socket that has said hello. */
export class Open {
  readonly socket: WebSocket
  private known: Attachment

  constructor(socket: WebSocket, its: Attachment) {
    this.socket = socket
    this.known = its
  }

  get its(): Attachment {
    this.known = readAttachment(this.socket) ?? this.known
    return this.known
  }

  keep(change: Partial<Attachment>): void {
    this.known = { ...this.its, ...change }
    writeAttachment(this.socket, this.known)
  }

  /** What was sent and is not known to have arrived. */
  get underway(): number {
    const { unacknowledged, loose } = this.its
    return unacknowledged.reduce((sum, size) => sum + size, loose)
  }

  /** The other end has taken so many batches, and has room for as many more. */
  acknowledge(batches: number): void {
    const { credit, unacknowledged } = this.its
    this.keep({ credit: Math.min(MOST_CREDIT, credit + batches), unacknowledged: unacknowledged.slice(batches) })
  }

  /** Something that everybody is told. A socket with too much underway misses it, and is welcomed anew when it has caught up. */
  say(text: string): void {
    const { missed, lastPacket } = this.its
    if (missed) return
    if (this.underway + text.length > UNACKNOWLEDGED) {
      this.keep({ missed: true })
      if (this.its.unacknowledged.length === 0) this.batch(emptyBatch(lastPacket))
      return
    }
    this.put(text)
  }

  /** Something that this socket asked for. */
  reply(message: ServerMessage): void {
    const text = JSON.stringify(message)
    if (this.underway + text.length > HOPELESS) this.close()
    else this.put(text)
  }

  /** False: there is no room for it now. */
  batch({ text, next }: Batch): boolean {
    const { credit, unacknowledged, loose, lastPacket } = this.its
    const underway = this.underway
    if (credit === 0 || (underway > loose && underway + text.length > UNACKNOWLEDGED)) return false
    sendText(this.socket, text)
    this.keep({
      credit: credit - 1,
      loose: 0,
      unacknowledged: [...unacknowledged, loose + text.length],
      lastPacket: Math.max(lastPacket, next),
    })
    return true
  }

  private put(text: string): void {
    const loose = this.its.loose + text.length
    sendText(this.socket, text)
    this.keep({ loose })
    if (loose > MARK) this.batch(emptyBatch(this.its.lastPacket))
  }

  private close(): void {
    try {
      this.socket.close(1013, 'does not take what it asked for')
    } catch {}
  }
}

const emptyBatch = (next: number): Batch => {
  const message: ServerMessage = { type: 'packets', packets: [], oldest: 0, next }
  return { text: JSON.stringify(message), next }
}

/** To a socket that is nobody's yet. */
export function send(socket: WebSocket, message: ServerMessage): void {
  sendText(socket, JSON.stringify(message))
}

export function broadcast(open: readonly Open[], message: ServerMessage): void {
  const text = JSON.stringify(message)
  for (const one of open) one.say(text)
}

/** A socket that is closing throws; it has no use for the message. */
function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text)
  } catch {}
}
