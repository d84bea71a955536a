import type { FirewallRule } from '../service/firewall.ts'
import { ICMP, IGMP, UDP } from '../wire/ipv4.ts'

const rule = (change: Partial<FirewallRule> & Pick<FirewallRule, 'name' | 'displayName'>): FirewallRule => ({
  group: '',
  enabled: true,
  direction: 'Inbound',
  action: 'Allow',
  protocol: 0,
  localPort: 0,
  icmpType: null,
  localAddress: 0,
  interfaceAlias: '',
  program: 'Any',
  service: 'Any',
  ...change,
})

const DNSCACHE = { program: '%SystemRoot%\\system32\\svchost.exe', service: 'dnscache' }

export const ECHO_RULE = 'FPS-ICMP4-ERQ-In'
export const ECHO_RULE6 = 'FPS-ICMP6-ERQ-In'
const ICMP6 = 58

/** The inbound rules of a fresh Windows 11 that concern what is simulated. The echo rule is off, as in the Public profile. */
export const windowsRules = (answersPing: boolean): FirewallRule[] => [
  rule({
    name: 'CoreNet-DHCP-In',
    displayName: 'Core Networking - Dynamic Host Configuration Protocol (DHCP-In)',
    group: 'Core Networking',
    protocol: UDP,
    localPort: 68,
    program: '%SystemRoot%\\system32\\svchost.exe',
    service: 'dhcp',
  }),
  rule({
    name: 'CoreNet-IGMP-In',
    displayName: 'Core Networking - Internet Group Management Protocol (IGMP-In)',
    group: 'Core Networking',
    protocol: IGMP,
    program: 'System',
  }),
  rule({
    name: ECHO_RULE,
    displayName: 'File and Printer Sharing (Echo Request - ICMPv4-In)',
    group: 'File and Printer Sharing',
    enabled: answersPing,
    protocol: ICMP,
    icmpType: 8,
    program: 'System',
  }),
  // Multicast DNS is let in by every profile, LLMNR only where a network is private.
  rule({
    name: 'MDNS-In-UDP-Public-Active',
    displayName: 'mDNS (UDP-In)',
    group: 'mDNS',
    protocol: UDP,
    localPort: 5353,
    ...DNSCACHE,
  }),
  rule({
    name: 'NETDIS-LLMNR-In-UDP',
    displayName: 'Network Discovery (LLMNR-UDP-In)',
    group: 'Network Discovery',
    enabled: false,
    protocol: UDP,
    localPort: 5355,
    ...DNSCACHE,
  }),
  rule({
    name: 'CoreNet-DHCPV6-In',
    displayName: 'Core Networking - Dynamic Host Configuration Protocol for IPv6(DHCPV6-In)',
    group: 'Core Networking',
    protocol: UDP,
    localPort: 546,
    program: '%SystemRoot%\\system32\\svchost.exe',
    service: 'dhcp',
  }),
  rule({
    name: ECHO_RULE6,
    displayName: 'File and Printer Sharing (Echo Request - ICMPv6-In)',
    group: 'File and Printer Sharing',
    enabled: answersPing,
    protocol: ICMP6,
    icmpType: 128,
    program: 'System',
  }),
]

/** The one rule for the DHCP server of Internet Connection Sharing: it is shared and does not pile up (fact sheet 4.5). */
export const icsDhcpRule = (): FirewallRule =>
  rule({
    name: 'ICS-DHCP-In',
    displayName: 'Internet Connection Sharing (DHCP Server-In)',
    group: 'Internet Connection Sharing',
    protocol: UDP,
    localPort: 67,
    program: '%SystemRoot%\\system32\\svchost.exe',
    service: 'SharedAccess',
  })

/** A pair of rules that HNS adds at every boot, for the address of that boot. */
export function hnsDnsRules(
  networkId: string,
  address: number,
  alias: string,
  guidOf: (label: string) => string,
): FirewallRule[] {
  const common = {
    group: 'HNS Container Networking',
    localPort: 53,
    localAddress: address,
    interfaceAlias: alias,
    service: 'SharedAccess',
  }
  return [
    rule({
      ...common,
      name: guidOf('udp'),
      displayName: `HNS Container Networking - DNS (UDP-In) - ${networkId} - 0`,
      protocol: UDP,
    }),
    rule({
      ...common,
      name: guidOf('tcp'),
      displayName: `HNS Container Networking - ICS DNS (TCP-In) - ${networkId} - 0`,
      protocol: 6,
    }),
  ]
}
