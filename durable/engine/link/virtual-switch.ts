import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import { type Micros, NEVER } from '../sim/time.ts'
import { formatMacBare, isGroupMac } from '../wire/addresses.ts'
import { dst, src } from '../wire/ethernet.ts'
import { copyFrame, type Frame } from './frame.ts'
import { type Attachment, type Device, UNPLUGGED } from './port.ts'
import type { Recorder } from './recorder.ts'
import { verdictNumber } from './verdict.ts'

const MALFORMED = verdictNumber('malformed')
const SOURCE_MAC = verdictNumber('source-mac')
const NO_PORT = verdictNumber('no-port')
const SAME_PORT = verdictNumber('same-port')

/** The "address" of a port whose adapter is switched off, and of the uplink, which stands for everybody outside. */
export const NO_MAC = -1
export const UPLINK = -2

/** What is connected to a port: a guest's adapter or the host's own; the uplink is a physical adapter. */
export type VirtualPort = {
  /** The adapter's address, NO_MAC or UPLINK. */
  mac: number
  attachment: Attachment
  readonly label: string
  connected: boolean
}

/**
 * Hyper-V's virtual switch (fact sheet 4.14). Its table is configured, not learned: it knows the address of every adapter
 * before the first frame, so unknown unicast goes to the uplink if there is one and is dropped if not. It never floods
 * unknown unicast to guests, runs no spanning tree and changes no TTL.
 */
export class VirtualSwitch implements Part, Device {
  readonly kind = 'virtual-switch'
  readonly version = 1
  readonly name: string
  private readonly recorder: Recorder
  private readonly vantage: number
  private readonly ports: VirtualPort[] = []
  /** Port number by address. */
  private readonly table = new Map<number, number>()
  private uplink = -1

  constructor(recorder: Recorder, name: string, machine: string, label: string) {
    this.recorder = recorder
    this.name = name
    this.vantage = recorder.vantage(machine, label)
  }

  addPort(mac: number, label: string): number {
    this.ports.push({ mac, label, attachment: UNPLUGGED, connected: true })
    const port = this.ports.length - 1
    if (mac === UPLINK) this.uplink = port
    else if (mac !== NO_MAC) this.table.set(mac, port)
    return port
  }

  attach(port: number, attachment: Attachment): void {
    ;(this.ports[port] as VirtualPort).attachment = attachment
  }

  /** The adapter of a port has another address now, or none: a machine that is off has no port on the switch. */
  setMac(port: number, mac: number): void {
    const entry = this.ports[port] as VirtualPort
    if (this.table.get(entry.mac) === port) this.table.delete(entry.mac)
    entry.mac = mac
    if (mac !== NO_MAC) this.table.set(mac, port)
  }

  get portList(): readonly VirtualPort[] {
    return this.ports
  }

  receive(port: number, frame: Frame): void {
    const bytes = frame.bytes
    if (bytes.length < 14) {
      this.recorder.see(this.vantage, false, frame, MALFORMED, 'shorter than an Ethernet header')
      return
    }
    const entry = this.ports[port] as VirtualPort
    if (port !== this.uplink && src(bytes) !== entry.mac) {
      this.recorder.see(this.vantage, false, frame, SOURCE_MAC, `${entry.label} has ${formatMacBare(entry.mac)}`)
      return
    }
    const destination = dst(bytes)
    if (isGroupMac(destination)) return this.toAll(port, frame)
    const known = this.table.get(destination)
    if (known === port) {
      this.recorder.see(this.vantage, false, frame, SAME_PORT, entry.label)
    } else if (known !== undefined) {
      ;(this.ports[known] as VirtualPort).attachment.transmit(frame)
    } else if (this.uplink >= 0 && port !== this.uplink) {
      ;(this.ports[this.uplink] as VirtualPort).attachment.transmit(frame)
    } else {
      this.recorder.see(this.vantage, false, frame, NO_PORT, formatMacBare(destination))
    }
  }

  linkChanged(): void {}

  /** The table is configuration, restored with the computer's; nothing of the switch itself is due or stored. */
  pollAt(): Micros {
    return NEVER
  }
  transientAt(): Micros {
    return NEVER
  }
  poll(): void {}
  save(): Json {
    return {}
  }

  private toAll(from: number, frame: Frame): void {
    let last: VirtualPort | undefined
    for (let port = 0; port < this.ports.length; port++) {
      const entry = this.ports[port] as VirtualPort
      if (port === from || entry.mac === NO_MAC || !entry.attachment.up) continue
      last?.attachment.transmit(copyFrame(frame))
      last = entry
    }
    last?.attachment.transmit(frame)
  }
}
