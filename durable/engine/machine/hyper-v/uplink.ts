// The computer's adapter that a switch has for itself: a bare port of a bridge (fact sheet 1.1.13, 1.1.52). What comes in
// there is the switch's, whatever its destination.
import type { Interface } from '../../ip/interface.ts'
import { transmit } from '../../ip/output.ts'
import type { Frame } from '../../link/frame.ts'
import type { Attachment } from '../../link/port.ts'
import { verdictNumber } from '../../link/verdict.ts'
import type { VirtualSwitch } from '../../link/virtual-switch.ts'
import { loadTime, type Micros, NEVER, SECOND, storeTime } from '../../sim/time.ts'
import type { Mac } from '../../wire/addresses.ts'
import { isBound, SWITCH_PROTOCOL } from '../bindings.ts'
import type { Machine } from '../machine.ts'
import type { Team } from './team.ts'
import { WirelessBridge, type WirelessBridgeState } from './wireless-bridge.ts'

/** While Windows moves its bindings nothing passes; connections survive it (fact sheet 1.1.53, T2). */
const BINDING_TIME = (5 * SECOND) / 2
/** Its number on the switch: after guests', before those of machines from outside. */
export const UPLINK_PORT = 9_000

const NO_LINK = verdictNumber('no-link')
const FORWARDED = verdictNumber('forwarded')

export type UplinkState = {
  /** Index of the interface. */
  readonly nic: number
  readonly readyAt: number | null
  /** What was configured on it stands on the computer's adapter of the switch. */
  readonly inherited: boolean
  readonly wireless?: WirelessBridgeState
}

export class Uplink implements Attachment {
  readonly nic: Interface
  inherited: boolean
  readyAt: Micros
  /** It is one of several. */
  team: Team | undefined
  private readonly machine: Machine
  private readonly fabric: VirtualSwitch
  private readonly label: string
  private readonly wireless: WirelessBridge | undefined

  constructor(machine: Machine, fabric: VirtualSwitch, label: string, nic: Interface, state?: UplinkState) {
    this.machine = machine
    this.fabric = fabric
    this.label = label
    this.nic = nic
    this.inherited = state?.inherited ?? false
    this.readyAt = loadTime(state?.readyAt ?? null)
    this.wireless = nic.kind === 'wifi' ? new WirelessBridge(nic, state?.wireless) : undefined
  }

  /** The switch begins to use the adapter. */
  begin(): void {
    this.readyAt = this.machine.sim.now + BINDING_TIME
  }

  get passes(): boolean {
    return this.readyAt === NEVER && isBound(this.machine, this.nic, SWITCH_PROTOCOL)
  }

  private get why(): string {
    return this.readyAt === NEVER
      ? `the protocol ${SWITCH_PROTOCOL} is not bound to ${this.nic.name}`
      : `Windows is binding ${this.nic.name} to the switch ${this.label}`
  }

  // From the switch to the wire

  get up(): boolean {
    return this.nic.up
  }

  transmit(frame: Frame): void {
    const { stack } = this.machine
    if (!this.passes) {
      stack.recorder.see(this.nic.vantage, true, frame, NO_LINK, this.why)
      return
    }
    const out = this.wireless === undefined ? frame : this.wireless.outwards(frame)
    if ('code' in out) stack.recorder.see(this.nic.vantage, true, frame, verdictNumber(out.code), out.detail)
    else transmit(stack, this.nic, out)
  }

  // From the wire to the switch

  receive(frame: Frame): void {
    const { stack } = this.machine
    if (!this.passes) return stack.drop('no-link', this.why)
    const refused = this.team?.refuses(this, frame)
    if (refused !== undefined) return stack.drop('filtered', refused)
    const taken = this.wireless?.inwards(frame)
    if (taken) return stack.drop(taken.code, taken.detail)
    if (stack.sighting >= 0) stack.recorder.amend(stack.sighting, FORWARDED, `to the switch ${this.label}`)
    this.fabric.receive(UPLINK_PORT, frame)
  }

  /** The address of an adapter of the computer that takes its place. */
  get mac(): Mac {
    return this.nic.mac
  }

  save(): UplinkState {
    return {
      nic: this.nic.index,
      readyAt: storeTime(this.readyAt),
      inherited: this.inherited,
      ...(this.wireless === undefined ? {} : { wireless: this.wireless.save() }),
    }
  }
}
