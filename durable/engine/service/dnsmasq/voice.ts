// What dnsmasq writes into the log.
import { formatAddress, formatIp, formatMac, type Ip4 } from '../../wire/addresses.ts'
import type { DhcpTold } from '../dhcp-server.ts'
import type { DnsTold } from '../dns-server.ts'
import { dataText, type PlainRecord } from '../dns-stored.ts'

const NXDOMAIN = 3
const NOERROR = 0

export function dnsLines(event: DnsTold, source: string): string[] {
  switch (event.kind) {
    case 'query':
      return [`query[${event.type}] ${event.name} from ${formatAddress(event.from)}`]
    case 'forwarded':
      return [`forwarded ${event.name} to ${formatAddress(event.to)}`]
    case 'local':
    case 'cached':
    case 'reply': {
      const { name, type, rcode, answers } = event
      const how = event.kind === 'local' ? source : event.kind
      if (rcode === NXDOMAIN) return [`${how} ${name} is NXDOMAIN`]
      if (rcode !== NOERROR) return [`${how} error is ${{ 2: 'SERVFAIL', 5: 'REFUSED' }[rcode] ?? `RCODE ${rcode}`}`]
      const shown = answers.filter((record) => record.type === 'CNAME' || record.type === type || type === 'ANY')
      if (shown.length === 0) return [`${how} ${name} is NODATA${type === 'A' ? '-IPv4' : type === 'AAAA' ? '-IPv6' : ''}`]
      return shown.map((record) => `${how} ${nameOf(record)} is ${shownData(record)}`)
    }
    default:
      event satisfies never
      return []
  }
}

/** A reverse answer is told by its address. */
function nameOf(record: PlainRecord): string {
  const reverse = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa$/.exec(record.name)
  return record.type === 'PTR' && reverse ? reverse.slice(1).reverse().join('.') : record.name
}

function shownData(record: PlainRecord): string {
  switch (record.type) {
    case 'CNAME':
      return '<CNAME>'
    case 'MX':
    case 'SRV':
    case 'SOA':
    case 'TXT':
    case 'other':
      return `<${record.type === 'other' ? `TYPE${record.code}` : record.type}>`
    default:
      return dataText(record)
  }
}

export type Around = {
  readonly first: Ip4
  readonly last: Ip4
  readonly leaseSeconds: number
  readonly domain: string
  /** `log-dhcp`: with the transaction and all that is known. */
  readonly verbose: boolean
}

export function dhcpLines({ message, ip, mac, hostname, why, xid, via }: DhcpTold, around: Around): string[] {
  const shownIp =
    ip !== 0 && message !== 'DISCOVER' ? `${formatIp(ip)} ` : message === 'DISCOVER' && ip !== 0 ? `${formatIp(ip)} ` : ''
  const rest = why !== '' ? why : message === 'ACK' ? hostname : ''
  const line = `DHCP${message}(${via}) ${shownIp}${formatMac(mac)} ${rest}`
  if (!around.verbose) return [line]
  const begin = message === 'DISCOVER' || message === 'REQUEST'
  const lines = [
    ...(begin ? [`available DHCP range: ${formatIp(around.first)} -- ${formatIp(around.last)}`] : []),
    ...(begin && hostname !== '' ? [`client provides name: ${hostname}`] : []),
    line,
    ...(begin ? [`tags: ${via}`] : []),
  ]
  return lines.map((text) => `${xid} ${text}`)
}

/** A lease time as dnsmasq writes it: `2h`, `1h45m`, `infinite`. */
export function spanText(seconds: number): string {
  if (seconds === 0xffffffff) return 'infinite'
  let text = ''
  let rest = seconds
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const) {
    if (rest >= size) text += `${Math.floor(rest / size)}${unit}`
    rest %= size
  }
  return rest > 0 || text === '' ? `${text}${rest}s` : text
}
