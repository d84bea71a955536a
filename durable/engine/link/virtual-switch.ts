import type { Json } from '../sim/json.ts'
import type { Part } from '../sim/part.ts'
import type { Simulation } from '../sim/simulation.ts'
import { StillPart } from '../sim/still-part.ts'
import { type Micros, SECOND } from '../sim/time.ts'
import { formatMacBare, isGroupMac, type Mac } from '../wire/addresses.ts'
import { dst, src } from '../wire/ethernet.ts'
import { copyFrame, type Frame, LONGEST_FRAME } from './frame.ts'
import type { Attachment, Device } from './port.ts'
import type { Recorder } from './recorder.ts'
import { type VerdictCode, verdictNumber } from './verdict.ts'
import { DEFAULT_SETTINGS, type PortSettings } from './virtual-port/settings.ts'
import { NO_MAC, type Refusal, UPLINK, VirtualPort, type VirtualPortState } from './virtual-port/virtual-port.ts'
import { isTagged, modeText, vlanText } from './virtual-port/vlan-mode.ts'

export { NO_MAC, UPLINK, type VirtualPort }

/** Addresses learned behind ports where spoofing is on. */
const LEARNED = 512
const AGEING_TIME = 300 * SECOND

type Learned = { port: number; seen: Micros }

export type VirtualSwitchState = {
  readonly ports?: readonly (readonly [port: number, state: VirtualPortState])[]
  readonly learned?: readonly (readonly [vlan: number, mac: Mac, port: number, seen: Micros])[]
}

/**
 * Hyper-V's virtual switch (fact sheet 4.14). Its table is configured, not learned: it knows the address of every adapter
 * before the first frame, so unknown unicast goes to the uplink if there is one and is dropped if not. It never floods
 * unknown unicast to guests, runs no spanning tree and changes no TTL. Only behind a port with spoofing on it learns.
 */
export class VirtualSwitch extends StillPart implements Part, Device {
  readonly kind = 'virtual-switch'
  readonly version = 1
  readonly name: string
  private readonly sim: Simulation
  private readonly recorder: Recorder
  private readonly vantage: number
  /** By number, in the order of the numbers, which whoever opens a port may choose: they say who gets a copy first. */
  private ports = new Map<number, VirtualPort>()
  /** Port number by address. */
  private readonly table = new Map<Mac, number>()
  /** By VLAN and address. Sixty bits do not fit a number: so as text, and only where spoofing is on. */
  private readonly learned = new Map<string, Learned>()
  private readonly stored: VirtualSwitchState | undefined
  private uplink = -1
  private mirrored = false

  constructor(sim: Simulation, recorder: Recorder, name: string, machine: string, label: string, state?: VirtualSwitchState) {
    super()
    this.sim = sim
    this.recorder = recorder
    this.name = name
    this.vantage = recorder.vantage(machine, label)
    this.stored = state
    for (const [vlan, mac, port, seen] of state?.learned ?? []) this.learned.set(keyOf(vlan, mac), { port, seen })
  }

  /** Opens a port; answers its number, the next one when none is asked for. What the port remembers belongs to its number. */
  addPort(mac: number, label: string, settings: PortSettings = DEFAULT_SETTINGS, number = this.nextNumber): number {
    const state = this.stored?.ports?.find(([at]) => at === number)?.[1]
    const opened: [number, VirtualPort] = [number, new VirtualPort(NO_MAC, label, settings, state)]
    this.ports = new Map([...this.ports, opened].sort(([a], [b]) => a - b))
    this.setMac(number, mac)
    this.review()
    return number
  }

  removePort(port: number): void {
    this.setMac(port, NO_MAC)
    this.ports.delete(port)
    this.review()
  }

  private get nextNumber(): number {
    return Math.max(-1, ...this.ports.keys()) + 1
  }

  attach(port: number, attachment: Attachment): void {
    this.at(port).attachment = attachment
  }

  /** The adapter of a port has another address now, or none: a machine that is off has no port on the switch. */
  setMac(port: number, mac: number): void {
    const entry = this.at(port)
    if (entry.mac === mac) return
    if (this.table.get(entry.mac) === port) this.table.delete(entry.mac)
    if (this.uplink === port) this.uplink = -1
    entry.mac = mac
    if (mac === UPLINK) this.uplink = port
    else if (mac !== NO_MAC) this.table.set(mac, port)
    else this.forget(port)
  }

  setSettings(port: number, settings: PortSettings): void {
    const entry = this.at(port)
    if (entry.settings.macAddressSpoofing && !settings.macAddressSpoofing) this.forget(port)
    entry.settings = settings
    this.review()
  }

  get portList(): readonly VirtualPort[] {
    return [...this.ports.values()]
  }

  port(number: number): VirtualPort | undefined {
    return this.ports.get(number)
  }

  /** Whose adapter has this address at another port than the given one. */
  holder(mac: Mac, except: number): string | undefined {
    for (const [number, port] of this.ports) if (port.mac === mac && number !== except) return port.label
    return undefined
  }

  private at(port: number): VirtualPort {
    const entry = this.ports.get(port)
    if (entry === undefined) throw new Error(`${this.name} has no port ${port}`)
    return entry
  }

  receive(port: number, frame: Frame): void {
    if (frame.bytes.length < 14) {
      this.recorder.see(this.vantage, false, frame, MALFORMED, 'shorter than an Ethernet header')
      return
    }
    if (frame.bytes.length > LONGEST_FRAME) {
      this.recorder.see(this.vantage, false, frame, MALFORMED, `longer than the ${LONGEST_FRAME} bytes of a jumbo frame`)
      return
    }
    const entry = this.ports.get(port)
    // Its adapter was taken off the switch while the frame was on its way.
    if (entry === undefined) {
      this.recorder.see(this.vantage, false, frame, NO_LINK, `port ${port}`)
      return
    }
    if (entry.simple && src(frame.bytes) === entry.mac && !isTagged(frame.bytes)) return this.forward(port, frame, 0)
    const admitted = entry.admit(frame, this.sim.now)
    if ('code' in admitted) return this.refuse(frame, admitted)
    if (entry.settings.macAddressSpoofing) this.learn(admitted.vlan, src(frame.bytes), port)
    this.forward(port, admitted.frame, admitted.vlan)
  }

  private forward(from: number, frame: Frame, vlan: number): void {
    const destination = dst(frame.bytes)
    const group = isGroupMac(destination)
    const known = group ? undefined : this.lookUp(destination, vlan)
    if (known === undefined) {
      const storm = this.at(from).storms(this.sim.now)
      if (storm) return this.refuse(frame, storm)
    }
    if (this.mirrored) this.mirror(from, known, frame, vlan)
    if (group) return this.toAll(from, frame, vlan)
    if (known === from) {
      this.recorder.see(this.vantage, false, frame, SAME_PORT, this.at(from).label)
    } else if (known !== undefined && this.accepting(known, vlan)) {
      this.give(known, frame, vlan)
    } else if (this.uplink >= 0 && from !== this.uplink && this.accepting(this.uplink, vlan)) {
      this.give(this.uplink, frame, vlan)
    } else if (known !== undefined) {
      const { label, settings } = this.at(known)
      this.refuse(frame, { code: 'vlan', detail: `the frame is in ${vlanText(vlan)}, ${label} is ${modeText(settings.vlan)}` })
    } else {
      this.recorder.see(this.vantage, false, frame, NO_PORT, formatMacBare(destination))
    }
  }

  private accepting(port: number, vlan: number): boolean {
    return this.at(port).accepts(vlan)
  }

  private lookUp(mac: Mac, vlan: number): number | undefined {
    const known = this.table.get(mac)
    if (known !== undefined || this.learned.size === 0) return known
    const entry = this.learned.get(keyOf(vlan, mac))
    return entry !== undefined && this.sim.now - entry.seen < AGEING_TIME ? entry.port : undefined
  }

  private toAll(from: number, frame: Frame, vlan: number): void {
    let last = -1
    let apart = false
    for (const [port, entry] of this.ports) {
      if (port === from || entry.mac === NO_MAC || !entry.attachment.up) continue
      if (!entry.accepts(vlan)) {
        apart = true
        continue
      }
      if (last >= 0) this.give(last, copyFrame(frame), vlan)
      last = port
    }
    if (last >= 0) this.give(last, frame, vlan)
    else if (apart) this.refuse(frame, { code: 'vlan', detail: `no other port takes part in ${vlanText(vlan)}` })
  }

  private give(port: number, frame: Frame, vlan: number): void {
    const entry = this.at(port)
    const refusal = entry.mayReceive(frame, this.sim.now)
    if (refusal) this.refuse(frame, refusal)
    else entry.deliver(frame, vlan)
  }

  /** Copies of what a source sends or gets, for every destination that is in its VLAN (fact sheet 4.11). */
  private mirror(from: number, to: number | undefined, frame: Frame, vlan: number): void {
    const watched = (port: number) => this.ports.get(port)?.settings.portMirroring === 'Source'
    const group = isGroupMac(dst(frame.bytes))
    const gets = (port: number) => port !== from && (group ? this.accepting(port, vlan) : port === to)
    if (!watched(from) && ![...this.ports.keys()].some((port) => watched(port) && gets(port))) return
    for (const [port, entry] of this.ports) {
      // A destination that gets the frame anyway gets it once.
      if (entry.settings.portMirroring !== 'Destination' || port === from || gets(port)) continue
      if (entry.mac !== NO_MAC && entry.attachment.up && entry.accepts(vlan)) entry.deliver(copyFrame(frame), vlan)
    }
  }

  private learn(vlan: number, mac: Mac, port: number): void {
    if (isGroupMac(mac) || this.table.has(mac)) return
    const key = keyOf(vlan, mac)
    const entry = this.learned.get(key)
    this.learned.delete(key)
    // The one that was silent for longest goes first.
    if (entry === undefined && this.learned.size >= LEARNED) this.learned.delete(this.learned.keys().next().value as string)
    this.learned.set(key, { port, seen: this.sim.now })
  }

  private forget(port: number): void {
    for (const [key, entry] of this.learned) if (entry.port === port) this.learned.delete(key)
  }

  private review(): void {
    this.mirrored = this.portList.some(({ settings }) => settings.portMirroring === 'Destination')
  }

  private refuse(frame: Frame, { code, detail }: { code: VerdictCode; detail: string } & Refusal): void {
    this.recorder.see(this.vantage, false, frame, verdictNumber(code), detail)
  }

  linkChanged(): void {}

  /** The table is configuration, restored with the computer's; of the switch itself nothing is due. */
  save(): VirtualSwitchState & Json {
    const ports = [...this.ports].flatMap(([at, port]) => {
      const state = port.save()
      return state === undefined ? [] : [[at, state] as const]
    })
    const learned = [...this.learned].map(([key, { port, seen }]) => {
      const [vlan = 0, mac = 0] = key.split(' ').map(Number)
      return [vlan, mac, port, seen] as const
    })
    // A switch without features has nothing to store, as before there were any.
    return { ...(ports.length > 0 ? { ports } : {}), ...(learned.length > 0 ? { learned } : {}) }
  }
}

const MALFORMED = verdictNumber('malformed')
const NO_LINK = verdictNumber('no-link')
const NO_PORT = verdictNumber('no-port')
const SAME_PORT = verdictNumber('same-port')

const keyOf = (vlan: number, mac: Mac): string => `${vlan} ${mac}`
