// A Wi-Fi adapter: which access points it can hear, and which one it has joined.
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Cable } from '../link/cable.ts'
import { type Attachment, UNPLUGGED } from '../link/port.ts'
import type { WifiView } from './views.ts'

/** One access point in reach: its network name and the radio link, which is up only while joined. */
export type Radio = {
  readonly ssid: string
  readonly accessPoint: string
  readonly cable: Cable
  readonly attachment: Attachment
}

export class Wifi {
  readonly via: Interface
  readonly radios: Radio[] = []
  readonly joins: readonly string[]
  private readonly stack: Stack

  constructor(stack: Stack, via: Interface, joins: readonly string[]) {
    this.stack = stack
    this.via = via
    this.joins = joins
  }

  /** Puts the adapter back on the radio link it had joined. */
  restore(): void {
    const joined = this.radios.find((radio) => radio.ssid === this.via.ssid)
    this.via.attachment = joined?.attachment ?? UNPLUGGED
    this.stack.changed()
  }

  networks(): WifiView[] {
    return this.radios.map((radio, at) => ({ ssid: radio.ssid, signal: 90 - 12 * at, associated: radio.ssid === this.via.ssid }))
  }

  /** Joins a network, or none; leaves the one before. False: not in reach. */
  join(ssid: string | null): boolean {
    const wanted = ssid === null ? undefined : this.radios.find((radio) => radio.ssid === ssid)
    if (ssid !== null && wanted === undefined) return false
    const before = this.radios.find((radio) => radio.ssid === this.via.ssid)
    if (before === wanted) return true
    this.via.ssid = wanted?.ssid ?? ''
    if (before) before.cable.plug(false)
    this.via.attachment = wanted?.attachment ?? UNPLUGGED
    if (wanted) wanted.cable.plug(true)
    this.stack.changed()
    return true
  }

  autoJoin(): void {
    if (!this.via.enabled || this.via.ssid !== '') return
    const first = this.joins.find((ssid) => this.radios.some((radio) => radio.ssid === ssid))
    if (first !== undefined) this.join(first)
  }
}
