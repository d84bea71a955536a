/** What differs between operating systems' stacks: constants of fact sheet 4.2 and 4.3. */
export type StackProfile = {
  readonly name: 'windows' | 'linux'
  readonly ttl: number
  /** A packet leaves only by the interface whose address it carries. */
  readonly strongHost: boolean
  readonly ephemeralFirst: number
  readonly ephemeralLast: number
  /** Route metric of a connected network and of a gateway learned by DHCP. */
  readonly onLinkMetric: number
  readonly dhcpMetric: number
  /** ARP probes before an address counts as one's own (RFC 5227); 0 = none are sent. */
  readonly addressProbes: number
  /** How long fragments wait for the rest of their datagram (Linux: ipfrag_time). */
  readonly reassemblySeconds: number
  /** Seconds after each SYN before the next; their sum is when connecting gives up. */
  readonly synTimeouts: readonly number[]
  /** How often a refused connection is tried again, half a second apart. */
  readonly refusedRetries: number
}

export const WINDOWS: StackProfile = {
  name: 'windows',
  ttl: 128,
  strongHost: true,
  ephemeralFirst: 49152,
  ephemeralLast: 65535,
  onLinkMetric: 256,
  dhcpMetric: 0,
  addressProbes: 3,
  reassemblySeconds: 60,
  synTimeouts: [1, 2, 4, 8, 6],
  refusedRetries: 2,
}

export const LINUX: StackProfile = {
  name: 'linux',
  ttl: 64,
  strongHost: false,
  ephemeralFirst: 32768,
  ephemeralLast: 60999,
  onLinkMetric: 0,
  dhcpMetric: 100,
  addressProbes: 0,
  reassemblySeconds: 30,
  synTimeouts: [1, 2, 4, 8, 16, 32, 64],
  refusedRetries: 0,
}
