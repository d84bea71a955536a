// A port of Hyper-V's virtual switch: what is set there, what that makes of a frame that comes in or would go out, and what
// the port has to remember for it. The order is that of fact sheet 4.12.
import type { Json } from '../../sim/json.ts'
import type { Micros } from '../../sim/time.ts'
import { formatMacBare, parseIp6 } from '../../wire/addresses.ts'
import { src } from '../../wire/ethernet.ts'
import type { Frame } from '../frame.ts'
import { type Attachment, UNPLUGGED } from '../port.ts'
import type { VerdictCode } from '../verdict.ts'
import { ExtendedAcl, extendedText, type Session } from './extended-acl.ts'
import { flowOf } from './flow.ts'
import { isDhcpServerMessage, isRouterMessage } from './guards.ts'
import { aclText, PortAcl } from './port-acl.ts'
import { Bucket, PerSecond, type RateState } from './rate.ts'
import { DEFAULT_SETTINGS, type PortSettings } from './settings.ts'
import { accepts, ingressVlan, isTagged, leavesTagged, modeText, SUBNETS, untagged, withTag } from './vlan-mode.ts'

/** The "address" of a port whose adapter is switched off, and of the uplink, which stands for everybody outside. */
export const NO_MAC = -1
export const UPLINK = -2

export type Refusal = { readonly code: VerdictCode; readonly detail: string }
/** A frame inside the switch: without a tag, and the VLAN that it is in. */
export type Admitted = { readonly frame: Frame; readonly vlan: number }

export type VirtualPortState = {
  readonly metered: readonly number[]
  readonly sessions: readonly Session[]
  readonly storm: RateState
  readonly out: RateState
  readonly in: RateState
}

const OCTET = 8

/** What is connected to a port: a guest's adapter or the host's own; the uplink is a physical adapter. */
export class VirtualPort {
  readonly label: string
  /** The adapter's address, NO_MAC or UPLINK. */
  mac: number
  attachment: Attachment = UNPLUGGED
  private given: PortSettings
  /** Nothing limits what it sends and gets but its VLAN. */
  private plain: boolean
  /** Nothing is set at all: the way of most frames. */
  simple: boolean
  acl: PortAcl
  private extended: ExtendedAcl
  private storm: PerSecond
  private sending: Bucket
  private receiving: Bucket

  constructor(mac: number, label: string, settings = DEFAULT_SETTINGS, state?: VirtualPortState) {
    this.mac = mac
    this.label = label
    this.given = settings
    this.acl = new PortAcl(settings.acl, ip6, state?.metered)
    this.extended = new ExtendedAcl(settings.extendedAcl, ip6, state?.sessions)
    this.storm = new PerSecond(state?.storm)
    this.sending = new Bucket(state?.out)
    this.receiving = new Bucket(state?.in)
    this.plain = isPlain(settings)
    this.simple = isSimple(settings)
  }

  get settings(): PortSettings {
    return this.given
  }

  /** Other settings hold from the next frame on. Sessions and counts of entries that changed begin anew. */
  set settings(settings: PortSettings) {
    const { acl, extendedAcl } = this.given
    this.given = settings
    this.plain = isPlain(settings)
    this.simple = isSimple(settings)
    if (JSON.stringify(acl) !== JSON.stringify(settings.acl)) this.acl = new PortAcl(settings.acl, ip6)
    if (JSON.stringify(extendedAcl) !== JSON.stringify(settings.extendedAcl))
      this.extended = new ExtendedAcl(settings.extendedAcl, ip6)
  }

  private get subnet(): number {
    return this.given.virtualSubnet ?? 0
  }

  get isUplink(): boolean {
    return this.mac === UPLINK
  }

  /** What comes in by this port, as it goes on inside; or why it may not. */
  admit(frame: Frame, now: Micros): Admitted | Refusal {
    const { settings } = this
    if (this.isUplink) return fromUplink(frame)
    if (!settings.macAddressSpoofing && src(frame.bytes) !== this.mac)
      return { code: 'source-mac', detail: `${this.label} has ${formatMacBare(this.mac)}` }
    const vlan = this.subnet > 0 ? SUBNETS + this.subnet : ingressVlan(settings.vlan, frame.bytes)
    if (vlan < 0) return { code: 'vlan', detail: `${this.label} is ${modeText(settings.vlan)}` }
    const inside = untagged(frame)
    const refusal = this.plain ? undefined : this.maySend(inside, now)
    return refusal ?? { frame: inside, vlan }
  }

  private maySend({ bytes }: Frame, now: Micros): Refusal | undefined {
    const { settings, label } = this
    const flow = flowOf(bytes)
    if (settings.dhcpGuard && isDhcpServerMessage(flow, bytes)) return { code: 'dhcp-guard', detail: label }
    if (settings.routerGuard && isRouterMessage(flow, bytes)) return { code: 'router-guard', detail: label }
    const denied = this.acl.refuses(flow, 'Outbound', bytes.length)
    if (denied) return { code: 'port-acl', detail: `${label}: ${aclText(denied)}` }
    const rule = this.extended.refuses(flow, 'Outbound', now)
    if (rule) return { code: 'extended-acl', detail: `${label}: ${extendedText(rule)}` }
    const rate = settings.maximumBandwidth
    if (rate > 0 && !this.sending.take(now, bytes.length * OCTET, rate))
      return { code: 'bandwidth', detail: `${label} sends more` }
    return undefined
  }

  /** For a frame that concerns everybody: whether the port has sent enough of these in this second. */
  storms(now: Micros): Refusal | undefined {
    const { stormLimit } = this.settings
    if (stormLimit === 0 || this.storm.take(now, stormLimit)) return undefined
    return { code: 'storm-limit', detail: `${this.label}: ${stormLimit} a second` }
  }

  /** Whether frames of a VLAN belong here at all. The uplink carries them all. */
  accepts(vlan: number): boolean {
    // What is in a virtual subnet would leave wrapped in packets of the host (NVGRE); nobody outside here unwraps it.
    if (this.isUplink) return vlan < SUBNETS
    return this.subnet > 0 ? vlan === SUBNETS + this.subnet : accepts(this.settings.vlan, vlan)
  }

  /** The last look before a frame is delivered; it is the receiver's to take or to refuse. */
  mayReceive({ bytes }: Frame, now: Micros): Refusal | undefined {
    if (this.plain) return undefined
    const { settings, label } = this
    const flow = flowOf(bytes)
    const denied = this.acl.refuses(flow, 'Inbound', bytes.length)
    if (denied) return { code: 'port-acl', detail: `${label}: ${aclText(denied)}` }
    const rule = this.extended.refuses(flow, 'Inbound', now)
    if (rule) return { code: 'extended-acl', detail: `${label}: ${extendedText(rule)}` }
    const rate = settings.maximumBandwidth
    if (rate > 0 && !this.receiving.take(now, bytes.length * OCTET, rate))
      return { code: 'bandwidth', detail: `${label} gets more` }
    return undefined
  }

  /** As the far end gets it: tagged where the port is a trunk or the uplink. */
  deliver(frame: Frame, vlan: number): void {
    const tags = vlan !== 0 && (this.isUplink || leavesTagged(this.settings.vlan, vlan))
    this.attachment.transmit(tags ? withTag(frame, vlan) : frame)
  }

  /** Undefined: there is nothing to remember. */
  save(): (VirtualPortState & Json) | undefined {
    if (this.plain) return undefined
    return {
      metered: this.acl.metered,
      sessions: this.extended.save(),
      storm: this.storm.save(),
      out: this.sending.save(),
      in: this.receiving.save(),
    }
  }
}

const ip6 = (text: string): bigint => parseIp6(text) ?? 0n

function fromUplink(frame: Frame): Admitted {
  if (!isTagged(frame.bytes)) return { frame, vlan: 0 }
  const vlan = ((frame.bytes[14] & 15) << 8) | frame.bytes[15]
  return { frame: untagged(frame), vlan }
}

const isPlain = ({ dhcpGuard, routerGuard, stormLimit, maximumBandwidth, acl, extendedAcl }: PortSettings): boolean =>
  !dhcpGuard && !routerGuard && stormLimit === 0 && maximumBandwidth === 0 && acl.length === 0 && extendedAcl.length === 0

const isSimple = (settings: PortSettings): boolean =>
  isPlain(settings) && settings.vlan.mode === 'Untagged' && !settings.macAddressSpoofing && !settings.virtualSubnet
