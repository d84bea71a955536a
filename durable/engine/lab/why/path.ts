// The whole way of a virtual machine's frame (fact sheet 1.5, 4.14, 4.15): the stations that a capture does not show, because
// nothing is rewritten there.
import { SWITCH_NAME } from '../../machine/hyper-v/default-switch.ts'
import { isGroupMac } from '../../wire/addresses.ts'
import type { Facts } from './facts.ts'
import type { Sentence } from './history.ts'
import { macText, type Spot, type Wiring } from './wiring.ts'

type Base = { readonly packet: number; readonly sequence: number }

/** The virtual machine that an adapter belongs to, with the computer it runs on. */
export function vmOf({ machine }: Spot, wiring: Wiring): { readonly vm: string; readonly host: string } | undefined {
  for (const link of wiring.links) {
    const [host, kind, vm] = link.name.split('/')
    if (link.kind === 'vmbus' && link.a === machine && kind === 'vmbus' && vm && host && vm !== 'host') return { vm, host }
  }
  return undefined
}

const client = (wiring: Wiring, machine: string): string =>
  wiring.machine(machine)?.os === 'windows-11'
    ? 'netvsc, the driver "Microsoft Hyper-V Network Adapter"'
    : 'netvsc, the Linux driver hv_netvsc'

/** From the program down to the virtual switch, for a frame that a guest sends; for the computer's own adapter, its part of it. */
export function guestEntry(wiring: Wiring, spot: Spot, facts: Facts, base: Base): Sentence[] {
  const name = wiring.hostname(spot.machine)
  const guest = vmOf(spot, wiring)
  if (guest) {
    const host = wiring.hostname(guest.host)
    return [
      {
        ...base,
        text: `Its virtualization service client (VSC) took it: ${client(wiring, spot.machine)}, which stands behind ${spot.adapter}.`,
      },
      {
        ...base,
        text: `The VMBus channel of ${guest.vm} carried it, in shared memory, to the management operating system ${host} in the root partition.`,
      },
      {
        ...base,
        text: `There the virtualization service provider (VSP), in the kernel, received it for the port of ${guest.vm} at the virtual switch (vmswitch.sys).`,
      },
      {
        ...base,
        text: `The switch first compared the source MAC ${macText(facts.srcMac)} with the adapter's own, since MAC spoofing is off.`,
        bytes: { from: 6, to: 12 },
      },
    ]
  }
  if (wiring.isDefaultSwitch(spot))
    return [
      {
        ...base,
        text: `${name} gave it to its own virtual adapter at the switch, ${spot.adapter}: no VMBus lies between the two.`,
      },
    ]
  const physical = wiring.machine(spot.machine)?.hyperV
    ? wiring.machine(spot.machine)?.adapters.find(({ name: one }) => one === spot.adapter)
    : undefined
  if (physical === undefined) return []
  const text = `The driver of ${physical.description === '' ? spot.adapter : physical.description}, in the kernel of ${name}, put it on the wire: only the management operating system has drivers for hardware.`
  return [{ ...base, text }]
}

/** From the virtual switch up to whoever receives: another guest by its own VMBus channel, or the computer's adapter. */
export function guestExit(wiring: Wiring, from: Spot, to: Spot, { dstMac }: Facts, base: Base): Sentence[] {
  const virtual = (spot: Spot): boolean => vmOf(spot, wiring) !== undefined || wiring.isDefaultSwitch(spot)
  if (!virtual(from) || !virtual(to)) return []
  const guest = vmOf(to, wiring)
  const host = guest?.host ?? vmOf(from, wiring)?.host ?? to.machine
  const port = guest ? guest.vm : to.adapter
  const row = `${macText(dstMac)} at the port of ${port}`
  const found: Sentence = isGroupMac(dstMac)
    ? {
        ...base,
        text: 'The destination is a group address, so the virtual switch copied it to every other port.',
        bytes: { from: 0, to: 6 },
      }
    : {
        ...base,
        text: `The virtual switch found ${row} in its table, which is configured and not learned.`,
        bytes: { from: 0, to: 6 },
        table: { machine: `${host}/switch/${SWITCH_NAME}`, table: 'switch', row },
      }
  if (guest === undefined)
    return [
      found,
      {
        ...base,
        text: `It delivered the frame to ${to.adapter}, the virtual adapter of ${wiring.hostname(host)} itself, and so to its network stack.`,
      },
    ]
  return [
    found,
    {
      ...base,
      text: `The service provider (VSP) of that port passed it up the VMBus channel of ${guest.vm} to the client there: ${client(wiring, to.machine)}.`,
    },
  ]
}
