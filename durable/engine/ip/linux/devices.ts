// The software devices of a Linux machine: which there are, how they hang together, and what they do with frames.
import { fromBase64, toBase64 } from '../../link/base64.ts'
import { copyFrame, type Frame, withBytes } from '../../link/frame.ts'
import type { Attachment } from '../../link/port.ts'
import { verdictNumber } from '../../link/verdict.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import type { RandomStream } from '../../sim/random.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { isGroupMac, type Mac } from '../../wire/addresses.ts'
import { newFrame } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as vlan from '../../wire/vlan.ts'
import type { LinkLayer, StackWatcher } from '../hooks.ts'
import { receiveFrame } from '../input.ts'
import { Interface } from '../interface.ts'
import { transmit } from '../output.ts'
import type { Stack } from '../stack.ts'
import { Bridge, type StoredBridge } from './bridge.ts'
import { type BridgePort, type DeviceSpec, type LinkSettings, newPort, newSettings } from './device.ts'

const FORWARDED = verdictNumber('forwarded')
/** Devices that a machine may have: far more than a lab needs, far fewer than a loop of scripts makes. */
export const MAX_DEVICES = 128
const MAX_PLACES = 512

type StoredDevice = {
  readonly index: number
  readonly name: string
  readonly mac: Mac
  readonly mtu: number
  readonly vantage: number
  readonly spec: DeviceSpec
}
type StoredFrame = readonly [to: number, id: number, cause: number, origin: number, bytes: string]
export type DevicesState = {
  readonly devices: readonly StoredDevice[]
  readonly bridges: readonly (readonly [index: number, state: StoredBridge])[]
  readonly ports: readonly (readonly [index: number, port: BridgePort])[]
  readonly settings: readonly (readonly [index: number, settings: LinkSettings])[]
  readonly pending: readonly StoredFrame[]
  readonly places: readonly (readonly [name: string, place: number])[]
  readonly nextIndex: number
  readonly random: number
}

export class Devices implements Part, LinkLayer, StackWatcher {
  readonly kind = 'linux-devices'
  readonly version = 1
  readonly name: string
  readonly specs = new Map<number, DeviceSpec>()
  readonly bridges = new Map<number, Bridge>()
  readonly ports = new Map<number, BridgePort>()
  private readonly settings = new Map<number, LinkSettings>()
  private readonly stack: Stack
  private readonly random: RandomStream
  /** 0 until the first device is made: then it follows the adapters. */
  private nextIndex = 0
  /** The recorder's place of each name that a device ever had: a capture may still speak of it. */
  private readonly places = new Map<string, number>()
  /** Frames between the two ends of a veth: they arrive in the next event, as a frame must not run in circles within one. */
  private pending: { readonly to: number; readonly frame: Frame }[] = []
  /** Derived: VLANs and macvlans by the interface they stand on; the last known state of each device's link. */
  private readonly vlans = new Map<number, Map<number, number>>()
  private readonly macvlans = new Map<number, number[]>()
  private readonly wasUp = new Map<number, boolean>()

  constructor(stack: Stack) {
    this.stack = stack
    this.name = `${stack.machine}/linux-devices`
    this.random = stack.sim.random(this.name)
    stack.watchers.push(this)
  }

  /** After every adapter of the lab has its place with the recorder, before the stack's own state is put back. */
  load(state: DevicesState): void {
    const { recorder, machine } = this.stack
    this.random.counter = state.random
    this.nextIndex = state.nextIndex
    for (const [name, place] of state.places) {
      this.places.set(name, place)
      recorder.placeAt(place, machine, name)
    }
    for (const [index, port] of state.ports) this.ports.set(index, { ...port, vlans: port.vlans.map((one) => ({ ...one })) })
    for (const [index, one] of state.settings) this.settings.set(index, { ...one })
    const bridges = new Map(state.bridges)
    for (const device of state.devices) this.make(device, bridges.get(device.index))
    this.pending = state.pending.map(([to, id, cause, origin, bytes]) => ({
      to,
      frame: { id, cause, origin, bytes: fromBase64(bytes) ?? new Uint8Array(0), stored: -1 },
    }))
    this.derive()
  }

  // What there is

  settingsOf(index: number): Readonly<LinkSettings> {
    return this.settings.get(index) ?? newSettings()
  }

  change(index: number, change: Partial<LinkSettings>): void {
    this.settings.set(index, { ...this.settingsOf(index), ...change })
    this.stack.sim.touch(this)
  }

  /** Makes a device; undefined when there are too many. */
  add(name: string, spec: DeviceSpec, mac?: Mac): Interface | undefined {
    if (this.specs.size >= MAX_DEVICES) return undefined
    this.nextIndex = this.nextNumber
    const parent = 'parent' in spec ? this.stack.interfaces.get(spec.parent) : undefined
    const device: StoredDevice = {
      index: this.nextIndex++,
      name,
      mac: mac ?? (spec.kind === 'vlan' && parent ? parent.mac : this.drawMac()),
      mtu: parent?.mtu ?? 1500,
      vantage: this.placeOf(name),
      spec,
    }
    const via = this.make(device, undefined)
    via.enabled = false
    this.derive()
    return via
  }

  /** Takes a device away, and what stands on it. */
  remove(index: number): void {
    const spec = this.specs.get(index)
    if (spec === undefined) return
    this.specs.delete(index)
    for (const [other, one] of [...this.specs])
      if (('parent' in one && one.parent === index) || (one.kind === 'veth' && one.peer === index)) this.remove(other)
    for (const [port, { master }] of [...this.ports]) if (master === index || port === index) this.release(port)
    this.bridges.delete(index)
    this.settings.delete(index)
    this.wasUp.delete(index)
    this.pending = this.pending.filter(({ to }) => to !== index)
    this.stack.removeInterface(index)
    this.derive()
  }

  enslave(via: Interface, bridge: Bridge): void {
    this.release(via.index)
    const taken = new Set(bridge.members.map(([, port]) => port.number))
    let number = 1
    while (taken.has(number)) number++
    this.ports.set(via.index, newPort(bridge.index, number, bridge.spec.defaultPvid))
    this.portsChanged(bridge.index)
  }

  release(index: number): void {
    const port = this.ports.get(index)
    if (port === undefined) return
    this.ports.delete(index)
    this.bridges.get(port.master)?.fdb.forget((entry) => entry.port === index)
    this.portsChanged(port.master)
  }

  /** A bridge has the lowest address of its ports unless it was given one, and their smallest MTU (br_if.c). */
  portsChanged(index: number): void {
    const bridge = this.bridges.get(index)
    const self = this.stack.interfaces.get(index)
    if (bridge === undefined || self === undefined) return
    const members = bridge.members.map(([via]) => via)
    if (!bridge.spec.manualMac && members.length > 0) self.mac = Math.min(...members.map((via) => via.mac))
    if (members.length > 0) self.mtu = Math.min(...members.map((via) => via.mtu))
    this.stack.changed()
    this.tell()
  }

  /** A link has another state: so may what stands on it. */
  linkChanged(via: Interface): void {
    if (!via.up) {
      const port = this.ports.get(via.index)
      if (port) this.bridges.get(port.master)?.fdb.forget((entry) => !entry.fixed && entry.port === via.index)
    }
    this.tell()
  }

  private tell(): void {
    for (const index of this.specs.keys()) {
      const via = this.stack.interfaces.get(index)
      if (via === undefined || this.wasUp.get(index) === via.attachment.up) continue
      this.wasUp.set(index, via.attachment.up)
      this.stack.linkChanged(index)
    }
    this.stack.sim.touch(this)
  }

  /** Everything that was made goes with the power. */
  clear(): void {
    for (const index of [...this.specs.keys()]) this.remove(index)
    this.ports.clear()
    this.settings.clear()
    this.pending = []
    this.nextIndex = 0
    this.derive()
  }

  /** What the next device will be called by number. */
  get nextNumber(): number {
    return this.nextIndex === 0 ? Math.max(...this.stack.interfaces.keys()) + 1 : this.nextIndex
  }

  // Frames

  receive(via: Interface, frame: Frame): boolean {
    const { stack } = this
    const { bytes } = frame
    if (vlan.tagged(bytes)) {
      const child = this.vlans.get(via.index)?.get(vlan.vid(bytes))
      if (child !== undefined) {
        this.hand(child, withBytes(frame, vlan.pop(bytes)))
        return true
      }
    }
    const port = this.ports.get(via.index)
    if (port !== undefined) {
      this.bridges.get(port.master)?.receive(via, port, frame)
      return true
    }
    if (vlan.tagged(bytes)) {
      via.receivedDropped++
      stack.drop('filtered', `no VLAN device of ${via.name} has the number ${vlan.vid(bytes)}`)
      return true
    }
    const macvlans = this.macvlans.get(via.index)
    if (macvlans === undefined) return false
    const dst = ethernet.dst(bytes)
    for (const index of macvlans) {
      const child = stack.interfaces.get(index)
      if (child === undefined || (!isGroupMac(dst) && child.mac !== dst)) continue
      if (!isGroupMac(dst)) {
        this.hand(index, frame)
        return true
      }
      const { sighting } = stack
      receiveFrame(stack, index, copyFrame(frame))
      stack.sighting = sighting
    }
    return false
  }

  private hand(index: number, frame: Frame): void {
    const { stack } = this
    const child = stack.interfaces.get(index)
    if (child === undefined) return
    if (!child.enabled) return stack.drop('no-link', `${child.name} is down`)
    if (stack.sighting >= 0) stack.recorder.amend(stack.sighting, FORWARDED, `to ${child.name}`)
    receiveFrame(stack, index, frame)
  }

  private attachment(index: number, spec: DeviceSpec): Attachment {
    const { stack } = this
    const linkOf = (other: number): boolean => stack.interfaces.get(other)?.up ?? false
    const bridges = this.bridges
    switch (spec.kind) {
      case 'bridge':
        return {
          get up() {
            return bridges.get(index)?.members.some(([via]) => via.up) ?? false
          },
          transmit: (frame) => bridges.get(index)?.send(frame),
        }
      case 'vlan':
        return {
          get up() {
            return linkOf(spec.parent)
          },
          transmit: (frame) => {
            const parent = stack.interfaces.get(spec.parent)
            if (parent) transmit(stack, parent, withBytes(frame, vlan.push(frame.bytes, spec.id)))
          },
        }
      case 'veth':
        return {
          get up() {
            return stack.interfaces.get(spec.peer)?.enabled ?? false
          },
          transmit: (frame) => {
            this.pending.push({ to: spec.peer, frame })
            stack.sim.touch(this)
          },
        }
      case 'dummy':
        return { up: true, transmit() {} }
      case 'macvlan':
        return {
          get up() {
            return linkOf(spec.parent)
          },
          transmit: (frame) => this.leaveMacvlan(index, spec, frame),
        }
      default:
        return spec satisfies never
    }
  }

  /** In bridge mode macvlans of one interface reach each other at once; the interface itself they never reach. */
  private leaveMacvlan(index: number, spec: Extract<DeviceSpec, { kind: 'macvlan' }>, frame: Frame): void {
    const { stack } = this
    const dst = ethernet.dst(frame.bytes)
    if (spec.mode === 'bridge') {
      for (const other of this.macvlans.get(spec.parent) ?? []) {
        const sibling = stack.interfaces.get(other)
        if (other === index || sibling === undefined) continue
        if (sibling.mac === dst) {
          this.pending.push({ to: other, frame })
          return stack.sim.touch(this)
        }
        if (isGroupMac(dst)) this.pending.push({ to: other, frame: copyFrame(frame) })
      }
      stack.sim.touch(this)
    }
    const parent = stack.interfaces.get(spec.parent)
    if (parent) transmit(stack, parent, frame)
  }

  // Part

  pollAt(): Micros {
    return this.pending.length > 0 && this.stack.powered ? this.stack.sim.now : NEVER
  }
  transientAt(): Micros {
    return this.pollAt()
  }

  poll(): void {
    const due = this.pending
    this.pending = []
    for (const { to, frame } of due) {
      this.stack.sim.cause = frame.id
      this.stack.sim.origin = frame.origin
      receiveFrame(this.stack, to, frame)
    }
  }

  save(): DevicesState & Json {
    const { interfaces } = this.stack
    const devices = [...this.specs].flatMap(([index, spec]) => {
      const via = interfaces.get(index)
      return via ? [{ index, name: via.name, mac: via.mac, mtu: via.mtu, vantage: via.vantage, spec: { ...spec } }] : []
    })
    const state: DevicesState = {
      devices,
      bridges: [...this.bridges].map(([index, bridge]) => [index, bridge.save() as unknown as StoredBridge] as const),
      ports: [...this.ports].map(([index, port]) => [index, { ...port, vlans: port.vlans.map((one) => ({ ...one })) }] as const),
      settings: [...this.settings].map(([index, one]) => [index, { ...one }] as const),
      pending: this.pending.map(({ to, frame: f }) => [to, f.id, f.cause, f.origin, toBase64(f.bytes)] as const),
      places: [...this.places],
      nextIndex: this.nextIndex,
      random: this.random.counter,
    }
    return state as unknown as DevicesState & Json
  }

  // Making

  private make(device: StoredDevice, bridge: StoredBridge | undefined): Interface {
    const { index, spec } = device
    const via = new Interface({
      index,
      name: device.name,
      description: '',
      kind: 'virtual',
      guid: '',
      mac: device.mac,
      mtu: device.mtu,
      metric: 0,
      speed: spec.kind === 'dummy' || spec.kind === 'bridge' ? 0 : 10_000_000_000,
      vantage: device.vantage,
    })
    const kept = { ...spec }
    this.specs.set(index, kept)
    if (kept.kind === 'bridge') this.bridges.set(index, new Bridge(this.stack, index, kept, this.ports, bridge))
    via.attachment = this.attachment(index, kept)
    return this.stack.addInterface(via)
  }

  /** New names share the last place once there have been many: a script that makes devices for ever must not fill the lab. */
  private placeOf(name: string): number {
    const { recorder, machine } = this.stack
    const known = this.places.get(name)
    if (known !== undefined) return known
    const full = this.places.size >= MAX_PLACES
    const place = full ? ([...this.places.values()].at(-1) as number) : recorder.vantage(machine, name)
    if (!full) this.places.set(name, place)
    return place
  }

  private derive(): void {
    this.vlans.clear()
    this.macvlans.clear()
    for (const [index, spec] of this.specs) {
      if (spec.kind === 'vlan') {
        const known = this.vlans.get(spec.parent) ?? new Map<number, number>()
        this.vlans.set(spec.parent, known.set(spec.id, index))
      } else if (spec.kind === 'macvlan') {
        this.macvlans.set(spec.parent, [...(this.macvlans.get(spec.parent) ?? []), index])
      }
      this.wasUp.set(index, this.stack.interfaces.get(index)?.attachment.up ?? false)
    }
    this.stack.links = this.specs.size > 0 || this.ports.size > 0 ? this : undefined
    this.stack.sim.touch(this)
  }

  /** A locally administered address, as the kernel draws one. */
  private drawMac(): Mac {
    const bytes = newFrame(6)
    for (let at = 0; at < 6; at++) bytes[at] = this.random.below(256)
    bytes[0] = (bytes[0] & 0xfe) | 0x02
    return ethernet.dst(bytes)
  }
}
