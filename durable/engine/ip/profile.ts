import { MILLISECOND, type Micros, SECOND } from '../sim/time.ts'

/** What differs between operating systems' stacks: constants of fact sheet 4.2 and 4.3. */
export type StackProfile = {
  readonly name: 'windows' | 'linux'
  readonly ttl: number
  /** A packet leaves only by the interface whose address it carries. */
  readonly strongHost: boolean
  readonly ephemeralFirst: number
  readonly ephemeralLast: number
  /** The identifier of its echo requests; 0 = drawn for each. A second ping at the same time takes the next one. */
  readonly echoIdent: number
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
  readonly tcp: TcpProfile
}

/** Times in microseconds, windows in octets. */
export type TcpProfile = {
  /** How often a SYN that was answered is answered again before it is forgotten. */
  readonly synAckRetries: number
  /** How often data is sent again before the connection is given up (RFC 9293 section 3.8.3, R2). */
  readonly dataRetries: number
  readonly minRto: Micros
  readonly maxRto: Micros
  /** Twice the lifetime of a segment, and how long a closed socket waits for the other side's FIN. */
  readonly timeWait: Micros
  readonly finWait: Micros
  readonly delayedAck: Micros
  /** Whether our SYN offers timestamps; those that others offer are always taken. */
  readonly timestamps: boolean
  readonly windowScale: number
  readonly receiveWindow: number
  /** Segments that may be sent before the first acknowledgement (RFC 6928). */
  readonly initialSegments: number
  /** A closed window is probed with an octet of data, or with an old number and none. */
  readonly probesWithData: boolean
  /** What becomes of an opening when too many wait to be accepted. */
  readonly backlogFull: 'drop' | 'reset'
}

export const WINDOWS: StackProfile = {
  name: 'windows',
  ttl: 128,
  strongHost: true,
  ephemeralFirst: 49152,
  ephemeralLast: 65535,
  echoIdent: 1,
  onLinkMetric: 256,
  dhcpMetric: 0,
  addressProbes: 3,
  reassemblySeconds: 60,
  synTimeouts: [1, 2, 4, 8, 6],
  refusedRetries: 2,
  // Fact sheet 4.3 (the Internet template); the rest are the system's documented defaults.
  tcp: {
    synAckRetries: 2,
    dataRetries: 5,
    minRto: 300 * MILLISECOND,
    maxRto: 60 * SECOND,
    timeWait: 120 * SECOND,
    finWait: 120 * SECOND,
    delayedAck: 40 * MILLISECOND,
    timestamps: false,
    windowScale: 8,
    receiveWindow: 64240,
    initialSegments: 10,
    probesWithData: true,
    backlogFull: 'reset',
  },
}

export const LINUX: StackProfile = {
  name: 'linux',
  ttl: 64,
  strongHost: false,
  ephemeralFirst: 32768,
  ephemeralLast: 60999,
  echoIdent: 0,
  onLinkMetric: 0,
  dhcpMetric: 100,
  addressProbes: 0,
  reassemblySeconds: 30,
  synTimeouts: [1, 2, 4, 8, 16, 32, 64],
  refusedRetries: 0,
  // The kernel's include/net/tcp.h and its documented sysctl defaults.
  tcp: {
    synAckRetries: 5,
    dataRetries: 15,
    minRto: 200 * MILLISECOND,
    maxRto: 120 * SECOND,
    timeWait: 60 * SECOND,
    finWait: 60 * SECOND,
    delayedAck: 40 * MILLISECOND,
    timestamps: true,
    windowScale: 7,
    receiveWindow: 64240,
    initialSegments: 10,
    probesWithData: false,
    backlogFull: 'drop',
  },
}
