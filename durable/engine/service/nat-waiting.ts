// SYNs that came uninvited: nothing is said for six seconds, since the inside may be about to open the same connection from its
// side; then their sender is told (RFC 5382 REQ-4).

import { fromBase64, toBase64 } from '../link/base64.ts'
import type { Frame } from '../link/frame.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import type { Ip4 } from '../wire/addresses.ts'

export const SYN_SILENCE = 6 * SECOND
export const MAX_WAITING_SYNS = 64

export type WaitingSyn = {
  readonly due: Micros
  readonly via: number
  readonly outsideIp: Ip4
  readonly outsidePort: number
  readonly remoteIp: Ip4
  readonly remotePort: number
  readonly packet: readonly [id: number, origin: number]
  /** The frame, with its Ethernet header, as it came. */
  readonly bytes: Uint8Array
}

export type StoredSyn = readonly [Micros, number, Ip4, number, Ip4, number, readonly [number, number], string]

export class WaitingSyns {
  /** In the order in which they came, which is that in which they are due. */
  private list: WaitingSyn[] = []

  get dueAt(): Micros {
    return this.list.length === 0 ? NEVER : this.list[0].due
  }
  get size(): number {
    return this.list.length
  }

  /** Of too many the oldest is forgotten, and never answered. */
  add(
    now: Micros,
    via: number,
    key: Pick<WaitingSyn, 'outsideIp' | 'outsidePort' | 'remoteIp' | 'remotePort'>,
    frame: Frame,
  ): void {
    if (this.find(key) >= 0) return
    if (this.list.length >= MAX_WAITING_SYNS) this.list.shift()
    this.list.push({ due: now + SYN_SILENCE, via, ...key, packet: [frame.id, frame.origin], bytes: frame.bytes.slice() })
  }

  /** The inside opened the connection: the SYN is passed over in silence. */
  forgive(key: Pick<WaitingSyn, 'outsideIp' | 'outsidePort' | 'remoteIp' | 'remotePort'>): void {
    const at = this.find(key)
    if (at >= 0) this.list.splice(at, 1)
  }

  private find(key: Pick<WaitingSyn, 'outsideIp' | 'outsidePort' | 'remoteIp' | 'remotePort'>): number {
    return this.list.findIndex(
      (s) =>
        s.outsidePort === key.outsidePort &&
        s.remotePort === key.remotePort &&
        s.remoteIp === key.remoteIp &&
        s.outsideIp === key.outsideIp,
    )
  }

  takeDue(now: Micros): WaitingSyn[] {
    const due = this.list.filter((s) => s.due <= now)
    this.list = this.list.filter((s) => s.due > now)
    return due
  }

  clear(): void {
    this.list = []
  }

  save(): StoredSyn[] {
    return this.list.map((s) => [s.due, s.via, s.outsideIp, s.outsidePort, s.remoteIp, s.remotePort, s.packet, toBase64(s.bytes)])
  }

  load(stored: readonly StoredSyn[]): void {
    this.list = stored.map(([due, via, outsideIp, outsidePort, remoteIp, remotePort, packet, bytes]) => ({
      due,
      via,
      outsideIp,
      outsidePort,
      remoteIp,
      remotePort,
      packet,
      bytes: fromBase64(bytes) ?? new Uint8Array(0),
    }))
  }
}
