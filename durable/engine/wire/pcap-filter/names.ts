// Names that stand for numbers in a filter, and in what tcpdump prints: the well-known part of /etc/services and /etc/protocols.

type Service = { readonly name: string; readonly port: number; readonly tcp: boolean; readonly udp: boolean }

const LIST = `
ftp-data 20 t|ftp 21 t|ssh 22 t|telnet 23 t|smtp 25 t|time 37 tu|domain 53 tu|bootps 67 u|bootpc 68 u|tftp 69 u
gopher 70 t|finger 79 t|http 80 t|kerberos 88 tu|pop3 110 t|sunrpc 111 tu|auth 113 t|nntp 119 t|ntp 123 u|netbios-ns 137 u
netbios-dgm 138 u|netbios-ssn 139 t|imap2 143 t|snmp 161 tu|snmp-trap 162 tu|xdmcp 177 u|bgp 179 t|irc 194 tu|ldap 389 tu
https 443 tu|microsoft-ds 445 tu|kpasswd 464 tu|isakmp 500 u|biff 512 u|exec 512 t|login 513 t|who 513 u|shell 514 t|syslog 514 u
printer 515 t|route 520 u|submission 587 t|ipp 631 t|ldaps 636 tu|domain-s 853 tu|rsync 873 t|ftps 990 t|telnets 992 t|imaps 993 t
pop3s 995 t|socks 1080 t|openvpn 1194 tu|ms-sql-s 1433 t|l2f 1701 u|radius 1812 u|radius-acct 1813 u|nfs 2049 tu|mysql 3306 t
ms-wbt-server 3389 t|ipsec-nat-t 4500 u|sip 5060 tu|postgresql 5432 t|mdns 5353 u|x11 6000 t|http-alt 8080 tu
dhcpv6-client 546 u|dhcpv6-server 547 u
`

const services: readonly Service[] = LIST.trim()
  .split(/[|\n]/)
  .map((entry) => {
    const [name = '', port = '0', how = ''] = entry.split(' ')
    return { name, port: Number(port), tcp: how.includes('t'), udp: how.includes('u') }
  })

const OTHER: { readonly [name: string]: number } = { bootp: 67, nameserver: 53, www: 80, snmptrap: 162, l2tp: 1701 }

export type Port = { readonly port: number; readonly tcp: boolean; readonly udp: boolean }

/** The port of a name. */
export function portNamed(name: string): Port | undefined {
  const found = services.find((service) => service.name === name)
  if (found !== undefined) return found
  const port = Object.hasOwn(OTHER, name) ? OTHER[name] : undefined
  return port === undefined ? undefined : { port, tcp: true, udp: true }
}

/** The name of a port of one transport, or undefined. */
export const nameOfPort = (port: number, transport: 'tcp' | 'udp'): string | undefined =>
  services.find((service) => service.port === port && service[transport])?.name

/** /etc/protocols. */
const PROTOCOLS: { readonly [name: string]: number } = {
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  egp: 8,
  igp: 9,
  udp: 17,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
}

export const protocolNamed = (name: string): number | undefined =>
  Object.hasOwn(PROTOCOLS, name.toLowerCase()) ? PROTOCOLS[name.toLowerCase()] : undefined

/** EtherTypes by the names a filter knows. */
const ETHER_TYPES: { readonly [name: string]: number } = {
  ip: 0x0800,
  ip6: 0x86dd,
  arp: 0x0806,
  rarp: 0x8035,
  aarp: 0x80f3,
  atalk: 0x809b,
  decnet: 0x6003,
  lat: 0x6004,
  loopback: 0x9000,
  mopdl: 0x6001,
  moprc: 0x6002,
  sca: 0x6007,
}

export const etherTypeNamed = (name: string): number | undefined =>
  Object.hasOwn(ETHER_TYPES, name) ? ETHER_TYPES[name] : undefined
