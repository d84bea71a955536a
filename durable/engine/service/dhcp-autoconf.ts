// An address out of 169.254/16 while no DHCP server answers (RFC 3927; fact sheet 4.1).
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { Ip4 } from '../wire/addresses.ts'

const FIRST: Ip4 = 0xa9fe0100
const COUNT = 254 * 256
const PREFIX_LENGTH = 16

/** Draw number `draw` of an interface: by its MAC address, so that the same adapter asks for the same one first. */
export const drawAddress = (stack: Stack, via: Interface, draw: number): Ip4 =>
  FIRST + stack.sim.random(`autoconfigure/${via.mac}`, draw).below(COUNT)

/** The stack probes for it before it is used. */
export function addAutoconfigured(stack: Stack, via: Interface, draw: number): Ip4 {
  const ip = drawAddress(stack, via, draw)
  stack.addAddress(via, ip, PREFIX_LENGTH, 'link-local')
  return ip
}
