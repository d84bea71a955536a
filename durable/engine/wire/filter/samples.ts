// Frames that the samples of the codecs lack: packets within packets. For tests.
import * as dns from '../dns.ts'
import * as ipv4 from '../ipv4.ts'
import { datagram, icmpBytes, overIp, packet, type Sample } from '../samples/build.ts'

const asked = packet(ipv4.UDP, datagram(51000, 53, dns.encode(dns.query(0x77, { name: 'quoted.example.com' }))))

export const quoting: readonly Sample[] = [
  {
    name: 'a whole question quoted',
    frame: overIp(ipv4.ICMP, icmpBytes({ kind: 'unreachable', code: 3, nextHopMtu: 0, original: asked })),
  },
  {
    name: 'a cut question quoted',
    frame: overIp(ipv4.ICMP, icmpBytes({ kind: 'time-exceeded', code: 0, original: asked.subarray(0, 44) })),
  },
]
