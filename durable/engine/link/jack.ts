import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { StillPart } from '../sim/still-part.ts'
import { formatMac } from '../wire/addresses.ts'
import { u16 } from '../wire/bytes.ts'
import { src } from '../wire/ethernet.ts'
import type { Frame } from './frame.ts'
import { type Attachment, type Device, UNPLUGGED } from './port.ts'
import { DELIVERED, type Recorder, SENT } from './recorder.ts'
import { type VerdictCode, verdictNumber } from './verdict.ts'
import { NO_MAC } from './virtual-switch.ts'

/** Bytes without the frame check sequence (IEEE 802.3-2018 section 3.2.7); a tag is four bytes more (IEEE 802.1Q section 9). */
export const SHORTEST = 14
export const LONGEST = 1514
const TAG = 4

const MALFORMED = verdictNumber('malformed')
const NO_LINK = verdictNumber('no-link')
const SOURCE_MAC = verdictNumber('source-mac')

export type JackState = {
  /** The node that its cable leads to. */
  readonly on: string
  /** A machine is plugged in here. */
  readonly used: boolean
  /** Its address: the one that was declared, or that of its first frame; NO_MAC before that. */
  readonly mac: number
  readonly declared: boolean
  /** Several machines are behind it, each with its own address. */
  readonly spoofing?: boolean
  /** The command that plugged it in: what comes of its frames comes of that. */
  readonly origin: number
}

/** What the far end of a jack's cable knows about addresses. */
export type Landlord = {
  /** Whose address it is already, in words, or undefined when a machine may come with it. */
  readonly holder: (mac: number) => string | undefined
  /** The machine at the jack has this address from now on, NO_MAC when it has gone. */
  readonly settle: (mac: number) => void
  /** Whether addresses are learned behind the jack. */
  readonly spoofing: (on: boolean) => void
}

const VACANT: Landlord = { holder: () => undefined, settle: () => {}, spoofing: () => {} }

/**
 * The end of a cable at which a machine from outside the lab stands. What it sends is an input of the lab; what is sent to it
 * leaves the lab. As on a virtual machine's adapter, MAC address spoofing is off, one address a machine, unless it was plugged in
 * with it on: then there may be a bridge with many behind it.
 */
export class Jack extends StillPart implements Part, Device {
  readonly kind = 'jack'
  readonly version = 1
  readonly name: string
  used: boolean
  mac: number
  /** Where frames for the machine go; nobody listens in a lab that is only run again. */
  sink: ((bytes: Uint8Array) => void) | undefined
  private declared: boolean
  private spoofing: boolean
  private origin: number
  private attachment: Attachment = UNPLUGGED
  private readonly sim: Simulation
  private readonly recorder: Recorder
  private readonly vantage: number
  private on: string
  private landlord: Landlord = VACANT

  constructor(sim: Simulation, recorder: Recorder, port: string, state?: JackState) {
    super()
    this.sim = sim
    this.recorder = recorder
    this.name = jackName(port)
    this.vantage = recorder.vantage(port, 'real machine')
    this.on = state?.on ?? ''
    this.used = state?.used ?? false
    this.mac = state?.mac ?? NO_MAC
    this.declared = state?.declared ?? false
    this.spoofing = state?.spoofing ?? false
    this.origin = state?.origin ?? 0
  }

  /** Its cable leads to this node. */
  moveIn(on: string, attachment: Attachment, landlord: Landlord): void {
    this.on = on
    this.attachment = attachment
    this.landlord = landlord
    if (this.mac !== NO_MAC) landlord.settle(this.mac)
    if (this.spoofing) landlord.spoofing(true)
  }

  /** Why it cannot be, or undefined. */
  plugIn(mac: number | null, origin: number, spoofing = false): string | undefined {
    const holder = mac === null ? undefined : this.landlord.holder(mac)
    if (mac !== null && holder !== undefined) return `${formatMac(mac)} is the address of ${holder}.`
    this.used = true
    this.declared = mac !== null
    this.origin = origin
    this.spoofing = spoofing
    this.landlord.spoofing(spoofing)
    this.settle(mac ?? NO_MAC)
    return undefined
  }

  unplug(): void {
    this.used = false
    this.declared = false
    this.spoofing = false
    this.landlord.spoofing(false)
    this.settle(NO_MAC)
  }

  /** A frame that the machine sends; the bytes are the lab's from now on. Answers why it was dropped. */
  send(bytes: Uint8Array): VerdictCode | undefined {
    const frame: Frame = { bytes, id: ++this.sim.lastPacket, cause: 0, origin: this.origin, stored: -1 }
    if (!this.used || !this.attachment.up) return this.drop(frame, NO_LINK, 'no-link', '')
    const wrong = malformation(bytes)
    if (wrong !== '') return this.drop(frame, MALFORMED, 'malformed', wrong)
    const from = src(bytes)
    // With spoofing on, the first address is that of the port; what else comes is learned, or not, by the switch.
    if (from !== this.mac && (this.mac === NO_MAC || !this.spoofing)) {
      const holder = this.mac === NO_MAC ? this.landlord.holder(from) : `another machine: this one has ${formatMac(this.mac)}`
      if (holder !== undefined) return this.drop(frame, SOURCE_MAC, 'source-mac', `${formatMac(from)} belongs to ${holder}`)
      this.settle(from)
    }
    this.recorder.see(this.vantage, true, frame, SENT)
    this.attachment.transmit(frame)
    return undefined
  }

  receive(_port: number, frame: Frame): void {
    this.recorder.see(this.vantage, false, frame, DELIVERED)
    this.sink?.(frame.bytes)
  }

  linkChanged(): void {}

  save(): JackState & Json {
    const { on, used, mac, declared, origin } = this
    return { on, used, mac, declared, origin, ...(this.spoofing ? { spoofing: true } : {}) }
  }

  private settle(mac: number): void {
    this.mac = mac
    this.landlord.settle(mac)
  }

  private drop(frame: Frame, verdict: number, code: VerdictCode, detail: string): VerdictCode {
    this.recorder.see(this.vantage, true, frame, verdict, detail)
    return code
  }
}

export const jackName = (port: string): string => `jack/${port}`

/** What no Ethernet adapter sends; what is wrong further in is for whoever reads so far. */
function malformation(bytes: Uint8Array): string {
  const { length } = bytes
  if (length < SHORTEST) return `${length} bytes: shorter than an Ethernet header`
  const type = u16(bytes, 12)
  const longest = type === 0x8100 || type === 0x88a8 ? LONGEST + TAG : LONGEST
  if (length > longest) return `${length} bytes: longer than the ${longest} that an Ethernet frame has`
  if ((bytes[6] as number) & 1) return 'the source address is a group address'
  if (src(bytes) === 0) return 'the source address is zero'
  return ''
}
