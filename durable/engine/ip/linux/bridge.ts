// A Linux bridge (net/bridge): learns, floods, filters VLANs if told to; spanning tree is off, so any EtherType passes at once.
import { copyFrame, type Frame, withBytes } from '../../link/frame.ts'
import { STORM_COPIES, type StormState, StormWatch } from '../../link/storm-watch.ts'
import { verdictNumber } from '../../link/verdict.ts'
import type { Json } from '../../sim/json.ts'
import { formatMac } from '../../wire/addresses.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as vlan from '../../wire/vlan.ts'
import { receiveFrame } from '../input.ts'
import type { Interface } from '../interface.ts'
import { transmit } from '../output.ts'
import type { Stack } from '../stack.ts'
import type { BridgePort, DeviceSpec, PortVlan } from './device.ts'
import { Fdb, type StoredFdb } from './fdb.ts'

const FORWARDED = verdictNumber('forwarded')

export type StoredBridge = { readonly vlans: readonly PortVlan[]; readonly fdb: StoredFdb; readonly flooded: StormState }

/** Which ports there are and what they are called: kept by the devices of the machine. */
export type Ports = ReadonlyMap<number, BridgePort>

export class Bridge {
  readonly index: number
  readonly spec: Extract<DeviceSpec, { kind: 'bridge' }>
  readonly fdb = new Fdb()
  /** VLANs of the bridge device itself, as if it were a port. */
  vlans: PortVlan[]
  private readonly stack: Stack
  private readonly ports: Ports
  private readonly storms: StormWatch

  constructor(stack: Stack, index: number, spec: Extract<DeviceSpec, { kind: 'bridge' }>, ports: Ports, stored?: StoredBridge) {
    this.stack = stack
    this.index = index
    this.spec = spec
    this.ports = ports
    this.vlans = stored?.vlans.map((one) => ({ ...one })) ?? [{ vid: spec.defaultPvid, untagged: true, pvid: true }]
    this.storms = new StormWatch(stored?.flooded)
    if (stored) this.fdb.load(stored.fdb)
  }

  get members(): [Interface, BridgePort][] {
    const found: [Interface, BridgePort][] = []
    for (const [index, port] of this.ports) {
      const via = this.stack.interfaces.get(index)
      if (port.master === this.index && via !== undefined) found.push([via, port])
    }
    return found.sort((a, b) => a[1].number - b[1].number)
  }

  /** A frame came in by a port. */
  receive(via: Interface, port: BridgePort, frame: Frame): void {
    const { stack } = this
    const self = stack.interfaces.get(this.index)
    if (self === undefined || !self.enabled) return this.refuse(via, 'filtered', 'the bridge is down')
    const bytes = frame.bytes
    if ((bytes[6] & 1) === 1) return this.refuse(via, 'malformed', 'ethernet: group address as source')
    const vid = this.vlanOf(bytes, port.vlans)
    if (vid < 0) return this.refuse(via, 'filtered', this.notAllowed(bytes, via.name))
    // IEEE 802.1Q table 8-1: these never pass a bridge, but for the spanning tree's own where there is none.
    if (bytes[0] === 0x01 && bytes[1] === 0x80 && bytes[2] === 0xc2 && bytes[3] === 0 && bytes[4] === 0 && bytes[5] < 16) {
      if (bytes[5] !== 0) return this.refuse(via, 'filtered', `${formatMac(ethernet.dst(bytes))} is for this link only`)
    }
    if (port.learning) this.fdb.learn(ethernet.src(bytes), vid, via.index, stack.sim.now)
    if (stack.sighting >= 0) stack.recorder.amend(stack.sighting, FORWARDED, `by the bridge ${self.name}`)
    this.pass(via.index, port, vid, this.plain(frame))
  }

  /** The machine itself sends by the bridge. */
  send(frame: Frame): void {
    const self = this.stack.interfaces.get(this.index)
    const vid = this.vlanOf(frame.bytes, this.vlans)
    if (self === undefined || vid < 0) {
      if (self) self.sentDropped++
      return
    }
    this.pass(this.index, undefined, vid, this.plain(frame))
  }

  private pass(from: number, port: BridgePort | undefined, vid: number, frame: Frame): void {
    const { bytes } = frame
    if ((bytes[0] & 1) === 1) return this.flood(from, port, vid, frame, true)
    const dst = ethernet.dst(bytes)
    if (from !== this.index && this.isLocal(dst)) return this.up(vid, frame)
    const entry = this.fdb.get(dst, vid)
    const alive = entry !== undefined && (entry.fixed || this.stack.sim.now - entry.seen < this.spec.ageing)
    if (!alive) return this.flood(from, port, vid, frame, false)
    if (entry.port === from && !port?.hairpin) {
      if (port !== undefined) this.stack.drop('same-port', `${formatMac(dst)} is behind this port`)
      return
    }
    this.leave(entry.port, port, vid, frame)
  }

  private flood(from: number, origin: BridgePort | undefined, vid: number, frame: Frame, group: boolean): void {
    const { stack } = this
    if (this.storms.isStorm(frame.id, stack.sim.now)) return stack.drop('storm', `more than ${STORM_COPIES} copies`)
    for (const [via, port] of this.members) {
      if (via.index === from && !port.hairpin) continue
      if (!group && !port.flood) continue
      this.leave(via.index, origin, vid, copyFrame(frame))
    }
    if (group && from !== this.index) this.up(vid, frame)
  }

  /** Out by a port, with the tag that it wants. */
  private leave(index: number, from: BridgePort | undefined, vid: number, frame: Frame): void {
    const via = this.stack.interfaces.get(index)
    const port = this.ports.get(index)
    if (via === undefined || port === undefined || !via.up || (from?.isolated && port.isolated)) return
    const out = this.tagged(vid, port.vlans, frame)
    if (out !== undefined) transmit(this.stack, via, out)
  }

  /** To the machine itself. */
  private up(vid: number, frame: Frame): void {
    const out = this.tagged(vid, this.vlans, frame)
    const { sighting } = this.stack
    if (out !== undefined) receiveFrame(this.stack, this.index, out)
    this.stack.sighting = sighting
  }

  private isLocal(mac: number): boolean {
    const { interfaces } = this.stack
    if (interfaces.get(this.index)?.mac === mac) return true
    for (const [index, port] of this.ports) if (port.master === this.index && interfaces.get(index)?.mac === mac) return true
    return false
  }

  /** The VLAN of a frame at a port: 0 where the bridge does not filter, -1 where the port does not take it. */
  private vlanOf(bytes: Uint8Array, vlans: readonly PortVlan[]): number {
    if (!this.spec.vlanFiltering) return 0
    const tag = vlan.tagged(bytes) ? vlan.vid(bytes) : 0
    const found = tag === 0 ? vlans.find((one) => one.pvid) : vlans.find((one) => one.vid === tag)
    return found?.vid ?? -1
  }

  private notAllowed(bytes: Uint8Array, name: string): string {
    return vlan.tagged(bytes) && vlan.vid(bytes) !== 0
      ? `VLAN ${vlan.vid(bytes)} is not allowed on the port ${name}`
      : `the port ${name} has no VLAN for untagged frames`
  }

  /** Inside a bridge that filters, frames carry no tag: their VLAN goes beside them. */
  private plain(frame: Frame): Frame {
    return this.spec.vlanFiltering && vlan.tagged(frame.bytes) ? withBytes(frame, vlan.pop(frame.bytes)) : frame
  }

  private tagged(vid: number, vlans: readonly PortVlan[], frame: Frame): Frame | undefined {
    if (!this.spec.vlanFiltering) return frame
    const member = vlans.find((one) => one.vid === vid)
    if (member === undefined) return undefined
    return member.untagged ? frame : withBytes(frame, vlan.push(frame.bytes, vid))
  }

  private refuse(via: Interface, code: 'filtered' | 'malformed', detail: string): void {
    via.receivedDropped++
    this.stack.drop(code, detail)
  }

  save(): Json {
    return { vlans: this.vlans.map((one) => ({ ...one })), fdb: this.fdb.save(), flooded: this.storms.save() as Json }
  }
}
