// Names and numbers of iptables: protocols, ICMP types, TCP flags, log levels.

export const VERSION = 'v1.8.10 (nf_tables)'

const PROTOCOLS: { readonly [name: string]: number } = {
  all: 0,
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  ospf: 89,
  sctp: 132,
  udplite: 136,
}
export const protocolNamed = (text: string): number | undefined =>
  PROTOCOLS[text.toLowerCase()] ?? (/^\d{1,3}$/.test(text) && Number(text) < 256 ? Number(text) : undefined)
export const protocolText = (protocol: number): string =>
  Object.entries(PROTOCOLS).find(([, number]) => number === protocol)?.[0] ?? String(protocol)

const ICMP: { readonly [name: string]: readonly [type: number, code: number] } = {
  any: [255, -1],
  'echo-reply': [0, -1],
  pong: [0, -1],
  'destination-unreachable': [3, -1],
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'source-quench': [4, -1],
  redirect: [5, -1],
  'echo-request': [8, -1],
  ping: [8, -1],
  'time-exceeded': [11, -1],
  'ttl-exceeded': [11, -1],
  'ttl-zero-during-transit': [11, 0],
  'parameter-problem': [12, -1],
  'timestamp-request': [13, -1],
  'timestamp-reply': [14, -1],
}

export function icmpNamed(text: string): readonly [number, number] | undefined {
  const known = ICMP[text.toLowerCase()]
  if (known) return known
  const [, type, code] = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text) ?? []
  return type === undefined || Number(type) > 255 ? undefined : [Number(type), code === undefined ? -1 : Number(code)]
}

const FLAGS: { readonly [name: string]: number } = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 }
export function flagsNamed(text: string): number | undefined {
  if (text === 'ALL') return 0x3f
  if (text === 'NONE') return 0
  let bits = 0
  for (const name of text.split(',')) {
    const bit = FLAGS[name]
    if (bit === undefined) return undefined
    bits |= bit
  }
  return bits
}
export const flagsText = (bits: number): string =>
  Object.entries(FLAGS)
    .flatMap(([name, bit]) => ((bits & bit) !== 0 ? [name] : []))
    .join(',') || 'NONE'

const LEVELS = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug']
export const levelNamed = (text: string): number | undefined => {
  const at = LEVELS.indexOf(text === 'err' ? 'error' : text === 'warn' ? 'warning' : text)
  return at >= 0 ? at : /^[0-7]$/.test(text) ? Number(text) : undefined
}

const SERVICES: { readonly [name: string]: number } = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  pop3: 110,
  ntp: 123,
  imap2: 143,
  snmp: 161,
  https: 443,
  'http-alt': 8080,
}
export const portNamed = (text: string): number | undefined =>
  SERVICES[text] ?? (/^\d{1,5}$/.test(text) && Number(text) < 65536 ? Number(text) : undefined)
