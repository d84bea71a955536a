/** The family of a protocol gives its colour; its name always stands beside it. */
export type Family = 'arp' | 'dhcp' | 'dns' | 'icmp' | 'tcp' | 'udp' | 'other'

const families: readonly [Family, RegExp][] = [
  ['arp', /^R?ARP$/],
  ['dhcp', /^(DHCP|BOOTP)/],
  ['dns', /^(M?DNS|LLMNR|NBNS)$/],
  ['icmp', /^(ICMP|IGMP)/],
  ['tcp', /^(TCP|HTTP|TLS|SSH)/],
  ['udp', /^(UDP|L2TP|PPP|IPCP|LCP|CHAP|PAP|NTP|SSDP)/],
]

export const familyOf = (protocol: string): Family =>
  families.find(([, names]) => names.test(protocol.toUpperCase()))?.[0] ?? 'other'
