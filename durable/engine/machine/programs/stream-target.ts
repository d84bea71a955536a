// What programs over TCP share: from a host to a connection, and its failures as events.
import type { ConnectOptions, Socket, StreamEnds, StreamError } from '../../ip/hooks.ts'
import type { Json } from '../../sim/json.ts'
import type { Micros } from '../../sim/time.ts'
import { formatAddress, parseAddress } from '../../wire/addresses.ts'
import { ascii } from '../../wire/bytes.ts'
import type { ProcessHost } from '../program.ts'
import type { Target } from './target.ts'

/** How many events may wait to be taken before no more is read from a connection. */
export const MAX_PENDING = 32
/** Octets of one event. */
export const CHUNK = 16_384

export type From = { readonly source?: string; readonly sourcePort?: number }

/** Opens a connection to a target; undefined after the event that says why there is none. */
export function openStream(host: ProcessHost, target: Target, port: number, from: From = {}): Socket | undefined {
  const source = from.source === undefined ? undefined : parseAddress(from.source)
  const options: ConnectOptions = {
    ...(target.scope === 0 ? {} : { scope: target.scope }),
    ...(source === undefined ? {} : { source }),
    ...(from.sourcePort === undefined || from.sourcePort === 0 ? {} : { sourcePort: from.sourcePort }),
  }
  const socket = host.stack.tcp.connect(host.owner, target.address, port, options)
  if (typeof socket === 'number') return socket
  host.emit({ kind: socket === 'in-use' ? 'in-use' : 'no-route' })
  host.exit(1)
  return undefined
}

/** The event that tells how a connection failed; `micros` since it was begun. */
export const failureEvent = (error: StreamError | undefined, micros: Micros): Json =>
  typeof error === 'object'
    ? { kind: 'unreachable', from: formatAddress(error.from), code: error.kind }
    : { kind: error ?? 'reset', micros }

export const endsView = (ends: StreamEnds | undefined): { [key: string]: Json } =>
  ends === undefined
    ? {}
    : {
        local: formatAddress(ends.local),
        localPort: ends.localPort,
        remote: formatAddress(ends.remote),
        remotePort: ends.remotePort,
      }

/** Octets as events tell them. */
export const octetText = (octets: Uint8Array): string => ascii(octets, 0, octets.length)
