// DNS over TCP (RFC 1035 section 4.2.2, RFC 7766): two octets of length before every message.
import type { Socket, StreamSockets } from '../ip/hooks.ts'
import { put16, u16 } from '../wire/bytes.ts'

/** A longer message than this does not fit the receive window; nobody sends one. */
const LONGEST = 60_000

export function framed(message: Uint8Array): Uint8Array {
  const out = new Uint8Array(2 + message.length)
  put16(out, 0, message.length)
  out.set(message, 2)
  return out
}

/**
 * The next whole message that has come, `undefined` when there is none yet, or `bad` when none can come any more. `need` is the
 * length that was read already, 0 for none: it is the reader's whole state, octets wait in the socket.
 */
export function nextMessage(
  tcp: StreamSockets,
  socket: Socket,
  need: number,
): { readonly need: number; readonly message?: Uint8Array; readonly bad?: true } {
  let length = need
  if (length === 0) {
    if (tcp.readableBytes(socket) < 2) return tcp.finished(socket) ? { need: 0, bad: true } : { need: 0 }
    length = u16(tcp.receive(socket, 2), 0)
    if (length === 0 || length > LONGEST) return { need: 0, bad: true }
  }
  if (tcp.readableBytes(socket) < length) return tcp.finished(socket) ? { need: 0, bad: true } : { need: length }
  return { need: 0, message: tcp.receive(socket, length) }
}
