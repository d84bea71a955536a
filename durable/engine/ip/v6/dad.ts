// Duplicate address detection (RFC 4862 section 5.4), and the interface identifiers it tries (RFC 7217, RFC 4291 appendix A).
import { type Micros, NEVER, SECOND } from '../../sim/time.ts'
import { type Ip6, isLinkLocalIp6, type Mac, solicitedNode } from '../../wire/addresses.ts'
import { put32, u32 } from '../../wire/bytes.ts'
import type { NdOption } from '../../wire/ndp-options.ts'
import { solicit } from './discovery.ts'
import { MAX_ATTEMPTS, makeAnother } from './identifiers.ts'
import type { Address6, Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { joinGroup, leaveGroup } from './listener.ts'
import { startSoliciting } from './router-discovery.ts'

/** DupAddrDetectTransmits and RetransTimer: fact sheet 4.2, one solicitation and a second to object. */
const TRANSMITS = 1
const RETRANS_TIMER = SECOND
/** MAX_RTR_SOLICITATION_DELAY: who comes up together must not speak together (section 5.4.2). */
const MAX_DELAY = SECOND

export function startProbing6(ip6: Ip6Stack, i6: Interface6, address: Address6, atOnce: boolean): void {
  address.state = 'tentative'
  address.probes = 0
  address.probeAt = ip6.sim.now + (atOnce ? 0 : ip6.random.below(MAX_DELAY))
  joinGroup(ip6, i6, solicitedNode(address.ip))
  ip6.sim.touch(ip6)
}

export function pollProbes6(ip6: Ip6Stack, i6: Interface6, now: Micros): void {
  for (const address of [...i6.addresses]) {
    if (address.probeAt > now) continue
    if (address.probes < TRANSMITS) {
      address.probes++
      address.probeAt = now + RETRANS_TIMER
      // RFC 7527 section 4.1; Windows sends none.
      address.nonce = ip6.stack.profile.name === 'linux' ? 1 + ip6.random.below(0xfffffffe) : 0
      solicit(ip6, i6, 0n, address.ip, solicitedNode(address.ip), undefined, nonceOf(address))
    } else settled(ip6, i6, address)
  }
}

function nonceOf({ nonce }: Address6): NdOption[] {
  if (nonce === 0) return []
  const bytes = new Uint8Array(6)
  put32(bytes, 2, nonce)
  return [{ type: 'nonce', nonce: bytes }]
}

/** Nobody objected: the address is ours. */
function settled(ip6: Ip6Stack, i6: Interface6, address: Address6): void {
  address.state = 'preferred'
  address.probeAt = NEVER
  ip6.changed()
  ip6.settled(i6, address, 0)
  if (isLinkLocalIp6(address.ip)) startSoliciting(ip6, i6)
}

/** A solicitation for an address that we are asking about ourselves (section 5.4.3). */
export function heardSolicitation(
  ip6: Ip6Stack,
  i6: Interface6,
  address: Address6,
  src: Ip6,
  options: readonly NdOption[],
): void {
  if (src !== 0n) return
  for (const option of options) {
    if (option.type !== 'nonce' || option.nonce.length !== 6 || address.nonce === 0) continue
    // Our own question has come back: a loop in the link, not another machine.
    if (u32(option.nonce, 2) === address.nonce) return
  }
  // Windows sends no nonce: what has our own link address behind it is ours all the same.
  if (ip6.senderMac === i6.via.mac) return
  taken(ip6, i6, address, ip6.senderMac)
}

/** Somebody has the address, or asks for it too. */
export function taken(ip6: Ip6Stack, i6: Interface6, address: Address6, owner: Mac): void {
  address.state = 'duplicate'
  address.probeAt = NEVER
  leaveGroup(ip6, i6, solicitedNode(address.ip))
  ip6.changed()
  ip6.settled(i6, address, owner)
  if (address.attempt < MAX_ATTEMPTS) makeAnother(ip6, i6, address)
}
