// Duplicate address detection for IPv4 (RFC 5227).
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import { type Ip4, MAC_BROADCAST } from '../wire/addresses.ts'
import type { Arp } from '../wire/arp.ts'
import { sendArp } from './arp.ts'
import type { Address, Interface } from './interface.ts'
import type { Stack } from './stack.ts'

/** Fact sheet 4.2: probes are 1,000 ms apart, and one more interval passes before the address counts as ours. */
export const PROBE_INTERVAL = SECOND
const REQUEST = 1

export function startProbing(stack: Stack, address: Address): void {
  address.state = 'tentative'
  address.probes = 0
  address.probeAt = stack.sim.now
  stack.sim.touch(stack)
}

export function pollProbes(stack: Stack, via: Interface, now: Micros): void {
  for (const address of [...via.addresses]) {
    if (address.probeAt > now) continue
    if (address.probes < stack.profile.addressProbes) {
      address.probes++
      address.probeAt = now + PROBE_INTERVAL
      sendArp(stack, via, REQUEST, 0, 0, address.ip, MAC_BROADCAST)
    } else {
      stack.useAddress(via, address)
      for (const watcher of stack.watchers) watcher.addressSettled?.(via, address, 0)
    }
  }
}

/** RFC 5227 section 2.1.1: somebody has the address that we probe for, or probes for it too. True when that was it. */
export function probeAnswered(stack: Stack, via: Interface, message: Arp): boolean {
  if (message.senderMac === via.mac) return false
  for (const address of via.addresses) {
    if (address.state !== 'tentative') continue
    const taken = message.senderIp === address.ip
    const probed = message.op === REQUEST && message.senderIp === 0 && message.targetIp === address.ip
    if (!taken && !probed) continue
    address.state = 'duplicate'
    address.probeAt = NEVER
    stack.changed()
    for (const watcher of stack.watchers) watcher.addressSettled?.(via, address, message.senderMac)
    return true
  }
  return false
}

/** An ARP announcement (RFC 5227 section 2.3): sender and target are the new address. */
export function announce(stack: Stack, via: Interface, ip: Ip4): void {
  if (via.up && stack.powered) sendArp(stack, via, REQUEST, ip, 0, ip, MAC_BROADCAST)
}
