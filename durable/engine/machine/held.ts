// What the system has for a program that is stopped: the program is told when it goes on. Kept as text, since it is stored.
import type { Datagram, DatagramOwner, SendError, StreamError, StreamEvent, UdpSocket } from '../ip/hooks.ts'
import type { Stack } from '../ip/stack.ts'
import type { LookupResult } from '../service/dns-client.ts'
import { loadRecord, type StoredRecord, storeRecord } from '../service/dns-stored.ts'
import { type IpAddress, loadIp, type StoredIp, storeIp } from '../wire/addresses.ts'
import { ascii, octetsOf } from '../wire/bytes.ts'

/** So many wait at most; datagrams beyond are lost, as those are that a full socket gets. */
const MOST = 256

type SocketName = { readonly port: number; readonly ip: StoredIp; readonly via: number }
type StoredResult =
  | Extract<LookupResult, { failure: string }>
  | (Omit<Extract<LookupResult, { canonical: string }>, 'records'> & { readonly records: readonly StoredRecord[] })
type StoredError = Omit<SendError, 'from'> & { readonly from: StoredIp }

export type Held =
  | {
      readonly kind: 'datagram'
      readonly socket: SocketName
      readonly src: StoredIp
      readonly srcPort: number
      readonly dst: StoredIp
      readonly dstPort: number
      readonly octets: string
      readonly via: number
      readonly srcMac: number
    }
  | {
      readonly kind: 'error'
      readonly socket: SocketName
      readonly dst: StoredIp
      readonly dstPort: number
      readonly error: StoredError
    }
  | {
      readonly kind: 'stream'
      readonly socket: number
      readonly event: StreamEvent
      readonly error?: string | StoredError
    }
  | { readonly kind: 'resolved'; readonly token: number; readonly result: StoredResult }

/** Whom it is told to in the end. */
export type HeldFor = DatagramOwner & {
  streamEvent(socket: number, event: StreamEvent, error?: StreamError): void
  resolved(token: number, result: LookupResult): void
}

const nameOf = (socket: UdpSocket): SocketName => ({
  port: socket.port,
  ip: storeIp(socket.localIp),
  via: socket.via?.index ?? 0,
})
const storedError = (error: SendError): StoredError => ({ ...error, from: storeIp(error.from) })
const loadedError = (error: StoredError): SendError => ({ ...error, from: loadIp(error.from) })

export function holdDatagram(held: Held[], socket: UdpSocket, datagram: Datagram): void {
  if (held.length >= MOST) return
  const { src, srcPort, dst, dstPort, payload, via, srcMac } = datagram
  const octets = ascii(payload, 0, payload.length)
  const stored = { src: storeIp(src), srcPort, dst: storeIp(dst), dstPort, octets, via: via.index, srcMac }
  held.push({ kind: 'datagram', socket: nameOf(socket), ...stored })
}

export function holdError(held: Held[], socket: UdpSocket, dst: IpAddress, dstPort: number, error: SendError): void {
  if (held.length < MOST)
    held.push({ kind: 'error', socket: nameOf(socket), dst: storeIp(dst), dstPort, error: storedError(error) })
}

/** What a stream tells twice it need tell only once. */
export function holdStream(held: Held[], socket: number, event: StreamEvent, error: StreamError | undefined): void {
  if (event !== 'incoming' && held.some((one) => one.kind === 'stream' && one.socket === socket && one.event === event)) return
  const told = typeof error === 'object' ? storedError(error) : error
  held.push({ kind: 'stream', socket, event, ...(told === undefined ? {} : { error: told }) })
}

export function holdResolved(held: Held[], token: number, result: LookupResult): void {
  const stored = 'failure' in result ? result : { ...result, records: result.records.map(storeRecord) }
  held.push({ kind: 'resolved', token, result: stored })
}

/** Tells what was held, in order. */
export function tellHeld(held: readonly Held[], stack: Stack, owner: HeldFor): void {
  for (const one of held) {
    switch (one.kind) {
      case 'datagram':
      case 'error': {
        const ip = loadIp(one.socket.ip)
        const socket = stack.udp
          .get(one.socket.port)
          ?.find((each) => each.owner === owner && each.localIp === ip && (each.via?.index ?? 0) === one.socket.via)
        if (!socket) break
        if (one.kind === 'error') owner.sendError?.(socket, loadIp(one.dst), one.dstPort, loadedError(one.error))
        else {
          const via = stack.interfaces.get(one.via)
          const { src, dst, octets, ...rest } = one
          if (via) owner.datagram(socket, { ...rest, src: loadIp(src), dst: loadIp(dst), payload: octetsOf(octets), via })
        }
        break
      }
      case 'stream':
        owner.streamEvent(
          one.socket,
          one.event,
          typeof one.error === 'object' ? loadedError(one.error) : (one.error as StreamError | undefined),
        )
        break
      case 'resolved':
        owner.resolved(
          one.token,
          'failure' in one.result ? one.result : { ...one.result, records: one.result.records.map(loadRecord) },
        )
        break
      default:
        one satisfies never
    }
  }
}
