// What `why` is asked about and what it answers: plain data on both sides, but for the lab as it is now.
import type { Sighting, Vantage } from '../../link/recorder.ts'
import type { LabDefinition } from '../definition.ts'
import type { Lab } from '../lab.ts'

export type JournalLine = { readonly id: number; readonly console: string; readonly line: string; readonly by?: string }

/** `sightings` may be only the later part of what happened, oldest first. `lab` is the present, for tables. */
export type History = {
  readonly sightings: readonly Sighting[]
  readonly vantages: readonly Vantage[]
  readonly journal: readonly JournalLine[]
  readonly definition: LabDefinition
  readonly lab?: Lab
}

export type TableRow = { readonly machine: string; readonly table: string; readonly row: string }

/** `bytes` are octets of the frame of sighting `sequence`: those that mattered. */
export type Sentence = {
  readonly text: string
  readonly packet?: number
  readonly sequence?: number
  readonly bytes?: { readonly from: number; readonly to: number }
  readonly table?: TableRow
}

export type Outcome = 'delivered' | 'dropped' | 'answered' | 'in flight' | 'unknown'

export type Explanation = {
  readonly packet: number
  readonly title: string
  readonly outcome: Outcome
  readonly sentences: readonly Sentence[]
}

/** What can be the matter: a closed list. The sentence is what it means, before names and addresses are put in. */
export const CAUSE_KINDS = {
  'cable-unplugged': 'A cable is unplugged.',
  'adapter-disabled': 'A network adapter is disabled or not joined to any network.',
  'vm-adapter-disconnected': 'The network adapter of a virtual machine is connected to no switch.',
  'machine-off': 'A machine that had to answer or forward is switched off.',
  'machine-saved': 'A virtual machine that had to answer is saved.',
  'no-address': 'A machine has no usable IPv4 address.',
  'stale-address': 'A machine has an address of a network that is no longer where it is.',
  'duplicate-address': 'Two machines have the same address.',
  'wrong-netmask': 'A network mask makes far machines look near, or near ones far.',
  'wrong-neighbor': 'The neighbour table holds a wrong MAC address.',
  'address-unused': 'Nobody has the address.',
  'no-route': 'A machine on the way has no route to the destination.',
  'no-default-route': 'A machine has no default route.',
  'wrong-route': 'A route leads to the wrong next hop.',
  'reverse-path': 'A machine refuses a sender to whom it would answer by another way.',
  'forwarding-off': 'A router does not forward.',
  'nat-missing': 'Private addresses leave a network without being translated.',
  'nat-refused': 'A translator let something from outside not in.',
  'behind-nat': 'The destination is a private address behind a translator: nobody outside has a way to it.',
  firewall: 'A firewall admits no such packet.',
  'echo-off': 'A machine is configured not to answer pings.',
  'port-closed': 'No program listens on the port.',
  'proxy-target': 'A proxy passes connections on to where nobody answers.',
  'dhcp-service-off': 'The DHCP service does not run.',
  'dhcp-pool-exhausted': 'The DHCP server has no free address left.',
  'dns-no-server': 'A machine knows no DNS server.',
  'dns-server-wrong': 'A machine asks a DNS server that is none.',
  'dns-service-off': 'The DNS service does not run.',
  'dns-refused': 'A DNS server refuses or fails to answer.',
  'name-does-not-exist': 'The name does not exist.',
  'ttl-expired': 'The time to live ran out on the way.',
  'too-big': 'The packet is too big for a link and must not be fragmented.',
  malformed: 'A frame was damaged, or was none.',
  'fragments-missing': 'A datagram came in fragments, and not all of them came, or they overlapped.',
  'table-full': 'A table of a machine on the way had no room for another entry.',
  'source-mac': 'A virtual switch drops what does not carry the address of the adapter it came from.',
  vlan: 'Two ports of a virtual switch are in different VLANs.',
  'port-rule': 'A rule of a port of a virtual switch refuses the frame.',
  'other-subnet': 'Two machines share the wires, but not the subnet.',
  'vpn-not-connected': 'The destination is in a network that only the VPN leads to, and it is not connected.',
  'vpn-refused': 'The VPN server refuses the caller.',
  lost: 'The packet was lost on the way.',
  silent: 'A machine received the question and did not answer.',
  other: 'A machine dropped the packet.',
} as const

export type CauseKind = keyof typeof CAUSE_KINDS
export type Cause = { readonly kind: CauseKind; readonly machine?: string; readonly detail: string }

/** A cause with its sentence and the packets that show it. The first of a list is what to mend first. */
export type NamedCause = { readonly cause: Cause; readonly text: string; readonly packets: readonly number[] }

export type CommandResult = {
  readonly output: string
  readonly exitStatus: number | null
  readonly unsettled: readonly string[]
}

export type WhyNothing = {
  readonly command: number
  /** Nothing is the matter as far as can be seen. */
  readonly healthy: boolean
  /** What the command did and waited for, in order. */
  readonly sentences: readonly Sentence[]
  readonly causes: readonly NamedCause[]
}
