import { parseIp } from '../../wire/addresses.ts'

/** An option to send: its octets, or no octets: it is not sent at all. */
export type DhcpOption = { readonly code: number; readonly data: readonly number[] }

/** `dnsmasq --help dhcp`: the names of options, and what their data are. */
const NAMES: { readonly [name: string]: readonly [code: number, kind: 'ip' | 'text' | 'number' | 'domains'] } = {
  netmask: [1, 'ip'],
  'time-offset': [2, 'number'],
  router: [3, 'ip'],
  'dns-server': [6, 'ip'],
  'log-server': [7, 'ip'],
  'lpr-server': [9, 'ip'],
  hostname: [12, 'text'],
  'domain-name': [15, 'text'],
  'root-path': [17, 'text'],
  'ip-forward-enable': [19, 'number'],
  'default-ttl': [23, 'number'],
  mtu: [26, 'number'],
  broadcast: [28, 'ip'],
  'router-discovery': [31, 'number'],
  'static-route': [33, 'ip'],
  'nis-domain': [40, 'text'],
  'nis-server': [41, 'ip'],
  'ntp-server': [42, 'ip'],
  'netbios-ns': [44, 'ip'],
  'netbios-nodetype': [46, 'number'],
  'x-windows-fs': [48, 'ip'],
  'vendor-class': [60, 'text'],
  'tftp-server': [66, 'text'],
  'bootfile-name': [67, 'text'],
  'smtp-server': [69, 'ip'],
  'pop3-server': [70, 'ip'],
  'domain-search': [119, 'domains'],
  'sip-server': [120, 'text'],
  'classless-static-route': [121, 'ip'],
  'posix-timezone': [100, 'text'],
  'tzdb-timezone': [101, 'text'],
}
/** Numbers of these options have one, two or four octets. */
const WIDTH: { readonly [code: number]: number } = { 2: 4, 19: 1, 23: 1, 26: 2, 31: 1, 46: 1 }

const kindOf = (code: number): 'ip' | 'text' | 'number' | 'domains' | undefined =>
  Object.values(NAMES).find(([known]) => known === code)?.[1]

/** The value of `dhcp-option`, or dnsmasq's complaint. */
export function dhcpOption(text: string): DhcpOption | string {
  const parts = text.split(',').map((part) => part.trim())
  while (parts[0] !== undefined && /^(tag:|net:|encap:|vendor:)/.test(parts[0])) parts.shift()
  const [head = '', ...values] = parts
  let code: number
  if (head.startsWith('option:')) {
    const named = head.slice(7)
    const known = Object.hasOwn(NAMES, named) ? NAMES[named] : undefined
    code = known?.[0] ?? (/^\d{1,3}$/.test(named) ? Number(named) : 0)
  } else code = /^\d{1,3}$/.test(head) ? Number(head) : 0
  if (code < 1 || code > 254) return 'bad dhcp-option'
  if (values.length === 0 || (values.length === 1 && values[0] === '')) return { code, data: [] }
  const kind = kindOf(code) ?? (values.every((value) => parseIp(value) !== undefined) ? 'ip' : 'text')
  const data = dataOf(code, kind, values)
  return typeof data === 'string' ? data : { code, data }
}

function dataOf(code: number, kind: 'ip' | 'text' | 'number' | 'domains', values: readonly string[]): number[] | string {
  if (code === 121 || code === 249) return routes(values)
  switch (kind) {
    case 'ip': {
      const data: number[] = []
      for (const value of values) {
        const ip = parseIp(value)
        if (ip === undefined) return 'bad IP address'
        data.push(ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255)
      }
      return data
    }
    case 'number': {
      const value = Number(values[0])
      const width = WIDTH[code] ?? 4
      if (!/^-?\d+$/.test(values[0] ?? '') || values.length > 1) return 'bad dhcp-option'
      return [24, 16, 8, 0].slice(4 - width).map((shift) => (value >>> shift) & 255)
    }
    case 'domains':
      return values.flatMap((name) => [
        ...name.split('.').flatMap((label) => [label.length, ...[...label].map((c) => c.charCodeAt(0) & 255)]),
        0,
      ])
    case 'text':
      return [...values.join(',')].map((c) => c.charCodeAt(0) & 255)
    default:
      kind satisfies never
      return []
  }
}

/** RFC 3442: `10.0.0.0/8,192.168.1.1,…`. */
function routes(values: readonly string[]): number[] | string {
  const data: number[] = []
  for (let i = 0; i < values.length; i += 2) {
    const [network = '', width = '32'] = (values[i] ?? '').split('/')
    const [ip, gateway] = [parseIp(network), parseIp(values[i + 1] ?? '')]
    if (ip === undefined || gateway === undefined || !(Number(width) <= 32)) return 'bad IP address'
    const octets = [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255]
    data.push(Number(width), ...octets.slice(0, Math.ceil(Number(width) / 8)))
    data.push(gateway >>> 24, (gateway >>> 16) & 255, (gateway >>> 8) & 255, gateway & 255)
  }
  return data
}
