// What a packet is, in a few words.
import * as arp from '../../wire/arp.ts'
import * as dns from '../../wire/dns.ts'
import * as icmp from '../../wire/icmp.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { Facts } from './facts.ts'
import { ipText } from './wiring.ts'

const DHCP_NAMES = ['', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM']
const UNREACHABLE: { readonly [code: number]: string } = {
  [icmp.NET_UNREACHABLE]: 'network unreachable',
  [icmp.HOST_UNREACHABLE]: 'host unreachable',
  [icmp.PROTOCOL_UNREACHABLE]: 'protocol unreachable',
  [icmp.PORT_UNREACHABLE]: 'port unreachable',
  [icmp.FRAGMENTATION_NEEDED]: 'fragmentation needed',
  [icmp.ADMINISTRATIVELY_PROHIBITED]: 'administratively prohibited',
}

export function titleOf(facts: Facts): string {
  const { arp: asked, ip, icmp: control, dns: message, dhcp: lease, tcpFlags, l2tp } = facts
  if (asked) {
    if (asked.op === arp.REPLY) return `the ARP answer that ${ipText(asked.senderIp)} is here`
    if (asked.senderIp === asked.targetIp) return `the ARP announcement of ${ipText(asked.targetIp)}`
    return `the ARP question who has ${ipText(asked.targetIp)}`
  }
  if (ip === undefined) return 'a frame'
  const way = `from ${ipText(ip.src)} to ${ipText(ip.dst)}`
  if (lease) return `the DHCP ${DHCP_NAMES[lease.type] ?? 'message'}`
  if (message) {
    const [question] = message.questions
    const about = question ? `${question.name} (${question.type})` : 'nothing'
    if (!message.response) return `the DNS question for ${about} to ${ipText(ip.dst)}`
    return `the DNS answer about ${about}${message.rcode === dns.NOERROR ? '' : message.rcode === dns.NXDOMAIN ? ', that there is no such name,' : ', a failure,'} ${way}`
  }
  if (control) {
    switch (control.kind) {
      case 'echo-request':
        return `the ping ${way}`
      case 'echo-reply':
        return `the answer to a ping, ${way}`
      case 'unreachable':
        return `the ICMP error "${UNREACHABLE[control.code] ?? 'unreachable'}" ${way}`
      case 'ttl':
        return `the ICMP error "time to live exceeded" ${way}`
      case 'other':
        return `an ICMP message ${way}`
    }
  }
  if (ip.later) return `a further fragment ${way}`
  if (l2tp) return `${l2tp === 'control' ? 'the L2TP control message' : 'the tunnelled packet'} ${way}`
  if (tcpFlags !== undefined) return `the TCP segment (${flagsOf(tcpFlags)}) ${way}, port ${ip.to}`
  if (ip.protocol === ipv4.UDP) return `the UDP datagram ${way}, port ${ip.to}`
  return `the packet of IP protocol ${ip.protocol} ${way}`
}

const FLAGS: readonly (readonly [number, string])[] = [
  [tcp.SYN, 'SYN'],
  [tcp.RST, 'RST'],
  [tcp.FIN, 'FIN'],
  [tcp.PSH, 'PSH'],
  [tcp.ACK, 'ACK'],
]
const flagsOf = (flags: number): string =>
  FLAGS.filter(([bit]) => (flags & bit) !== 0)
    .map(([, name]) => name)
    .join(', ')

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
