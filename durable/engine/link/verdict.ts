/**
 * What became of a packet at a place: a closed list. The code is stored in a byte of the capture ring, so the order is
 * part of the format: append only.
 */
export const VERDICTS = [
  { code: 'sent', sentence: 'Sent on the wire.' },
  { code: 'delivered', sentence: 'Received and passed to the machine.' },
  { code: 'forwarded', sentence: 'Received and passed on to the next hop.' },
  { code: 'not-for-us', sentence: 'The destination MAC address is not this adapter’s, so the adapter ignored the frame.' },
  { code: 'malformed', sentence: 'The frame does not parse.' },
  { code: 'no-link', sentence: 'The adapter has no link: the cable is unplugged or the adapter is disabled.' },
  {
    code: 'source-mac',
    sentence: 'The virtual switch accepts only the adapter’s own MAC address as source (MAC spoofing is off).',
  },
  { code: 'no-port', sentence: 'No port of the virtual switch has this MAC address, and there is no uplink to send it to.' },
  { code: 'same-port', sentence: 'The destination is behind the port the frame came from.' },
  { code: 'no-route', sentence: 'No route leads to the destination.' },
  { code: 'ttl-expired', sentence: 'The time to live ran out at this hop.' },
  { code: 'not-forwarding', sentence: 'The packet is for somebody else and forwarding is off on this interface.' },
  { code: 'no-neighbor', sentence: 'Nobody answered the ARP requests for the next hop.' },
  { code: 'no-listener', sentence: 'No program listens on this port.' },
  { code: 'firewall', sentence: 'The firewall has no rule that admits this packet.' },
  { code: 'no-mapping', sentence: 'The packet came from outside and no NAT mapping belongs to it.' },
  { code: 'would-fragment', sentence: 'The packet is larger than the next link allows and must not be fragmented.' },
  { code: 'not-simulated', sentence: 'This protocol is not simulated yet.' },
  { code: 'lost', sentence: 'Lost on the cable.' },
  { code: 'queue-full', sentence: 'The queue was full.' },
  { code: 'machine-off', sentence: 'The machine is off.' },
  { code: 'no-address', sentence: 'The interface has no IPv4 address yet.' },
  { code: 'filtered', sentence: 'The interface accepts packets only for its own addresses.' },
  { code: 'table-full', sentence: 'The table has no room for another entry.' },
  { code: 'ignored', sentence: 'The program that received the packet had no use for it.' },
  { code: 'storm', sentence: 'The frame goes round in circles between switches; the simulator drops further copies.' },
  { code: 'netfilter', sentence: 'A rule or the policy of a netfilter chain ended the packet here.' },
  { code: 'reverse-path', sentence: 'The reverse path filter: the way back to the sender does not lead through this interface.' },
  {
    code: 'route-type',
    sentence: 'A route that refuses (blackhole, unreachable or prohibit) is the best one for the destination.',
  },
  { code: 'incomplete', sentence: 'Not all fragments of the datagram came in time.' },
  { code: 'bad-fragment', sentence: 'Fragments of the datagram overlap, so all of them are dropped.' },
  { code: 'vlan', sentence: 'The port of the virtual switch is not in the VLAN of the frame.' },
  { code: 'dhcp-guard', sentence: 'DHCP guard: this adapter may not answer as a DHCP server.' },
  { code: 'router-guard', sentence: 'Router guard: this adapter may not speak as a router.' },
  { code: 'port-acl', sentence: 'An access list entry of the adapter’s port denies the frame.' },
  { code: 'extended-acl', sentence: 'An extended access list entry of the adapter’s port denies the packet.' },
  { code: 'storm-limit', sentence: 'The adapter has sent as many broadcasts in this second as its port allows.' },
  { code: 'bandwidth', sentence: 'The port is limited to less than this: the frame did not fit any more.' },
] as const

export type VerdictCode = (typeof VERDICTS)[number]['code']

const numbers = new Map<string, number>(VERDICTS.map((verdict, index) => [verdict.code, index]))

export const verdictNumber = (code: VerdictCode): number => numbers.get(code) as number
