// VLAN modes of a port (fact sheet 4.13). Inside the switch a frame carries no tag; its VLAN is known beside it. A private
// VLAN is what the wire makes of it: isolated and community ports send on their secondary VLAN, promiscuous ones on the primary.

import * as vlan from '../../wire/vlan.ts'
import { type Frame, withBytes } from '../frame.ts'

export type VlanMode =
  | { readonly mode: 'Untagged' }
  | { readonly mode: 'Access'; readonly vlanId: number }
  | { readonly mode: 'Trunk'; readonly nativeVlanId: number; readonly allowedVlanIds: readonly number[] }
  | { readonly mode: 'Isolated' | 'Community'; readonly primaryVlanId: number; readonly secondaryVlanId: number }
  | { readonly mode: 'Promiscuous'; readonly primaryVlanId: number; readonly secondaryVlanIds: readonly number[] }

/** Virtual subnets are counted beyond all VLANs: the switch knows one number of a frame. */
export const SUBNETS = 4096

export const isTagged = (bytes: Uint8Array): boolean => vlan.tagged(bytes)

/** The VLAN that a frame from a port of this mode is in, or -1: it may not come in. */
export function ingressVlan(mode: VlanMode, bytes: Uint8Array): number {
  if (!isTagged(bytes)) return untaggedVlan(mode)
  const id = vlan.vid(bytes)
  // A priority tag names no VLAN (IEEE 802.1Q 9.6).
  if (id === 0) return untaggedVlan(mode)
  return mode.mode === 'Trunk' && mode.allowedVlanIds.includes(id) ? id : -1
}

function untaggedVlan(mode: VlanMode): number {
  switch (mode.mode) {
    case 'Untagged':
      return 0
    case 'Access':
      return mode.vlanId
    case 'Trunk':
      return mode.nativeVlanId
    case 'Promiscuous':
      return mode.primaryVlanId
    case 'Isolated':
    case 'Community':
      return mode.secondaryVlanId
    default:
      mode satisfies never
      return 0
  }
}

/** Whether a port of this mode gets frames of a VLAN. */
export function accepts(mode: VlanMode, id: number): boolean {
  switch (mode.mode) {
    case 'Untagged':
      return id === 0
    case 'Access':
      return id === mode.vlanId
    case 'Trunk':
      return id === mode.nativeVlanId || mode.allowedVlanIds.includes(id)
    case 'Promiscuous':
      return id === mode.primaryVlanId || mode.secondaryVlanIds.includes(id)
    case 'Isolated':
      return id === mode.primaryVlanId
    case 'Community':
      return id === mode.primaryVlanId || id === mode.secondaryVlanId
    default:
      mode satisfies never
      return false
  }
}

/** Whether anything that a port of the first mode sends gets to one of the second. */
export const canReach = (from: VlanMode, to: VlanMode): boolean =>
  [untaggedVlan(from), ...(from.mode === 'Trunk' ? from.allowedVlanIds : [])].some((id) => accepts(to, id))

/** Whether a frame of this VLAN leaves by a port of this mode with a tag. */
export const leavesTagged = (mode: VlanMode, id: number): boolean => mode.mode === 'Trunk' && id !== mode.nativeVlanId

/** The frame without its tag; itself when it has none. */
export const untagged = (frame: Frame): Frame => (isTagged(frame.bytes) ? withBytes(frame, vlan.pop(frame.bytes)) : frame)

export const withTag = (frame: Frame, id: number): Frame => withBytes(frame, vlan.push(frame.bytes, id))

/** `VLAN 10`, and what stands for none. */
export const vlanText = (id: number): string =>
  id === 0 ? 'no VLAN' : id >= SUBNETS ? `virtual subnet ${id - SUBNETS}` : `VLAN ${id}`

/** `Access 10`, `Trunk 0,50-60` and so on: what a port is set to, in the words of the cmdlets. */
export function modeText(mode: VlanMode): string {
  switch (mode.mode) {
    case 'Untagged':
      return 'Untagged'
    case 'Access':
      return `Access ${mode.vlanId}`
    case 'Trunk':
      return `Trunk ${mode.nativeVlanId},${mode.allowedVlanIds.join(',')}`
    case 'Isolated':
    case 'Community':
      return `${mode.mode} ${mode.primaryVlanId},${mode.secondaryVlanId}`
    case 'Promiscuous':
      return `Promiscuous ${mode.primaryVlanId},${mode.secondaryVlanIds.join(',')}`
    default:
      mode satisfies never
      return ''
  }
}
