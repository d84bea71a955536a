import type { Frame } from './frame.ts'

/** What a link hands frames to: a host stack or a switch. `port` is the device's own number for the adapter or port. */
export interface Device {
  readonly name: string
  receive(port: number, frame: Frame): void
  /** The link of a port came up or went down (cable, Wi-Fi, power at the far end). */
  linkChanged(port: number, up: boolean): void
}

/** What a device hands frames to: one end of a link. */
export interface Attachment {
  readonly up: boolean
  transmit(frame: Frame): void
}

/** A port that nothing is plugged into. */
export const UNPLUGGED: Attachment = { up: false, transmit() {} }
