// DHCPv6: message, transaction and options.
import { formatIp6 } from '../addresses.ts'
import { hex, hexNumber, u32 } from '../bytes.ts'
import * as dhcpv6 from '../dhcpv6.ts'
import { add, broken, type Context, field, layer, protocol } from './context.ts'

const title = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}`

function optionText(option: dhcpv6.Option): string {
  switch (option.type) {
    case 'client-id':
    case 'server-id':
      return hex(option.duid, 0, option.duid.length)
    case 'ia-na':
      return `IAID ${option.iaid}, T1 ${option.t1} s, T2 ${option.t2} s${option.addresses.map((a) => `, ${formatIp6(a.ip)} for ${a.valid} s`).join('')}`
    case 'option-request':
      return option.codes.join(', ')
    case 'preference':
      return `${option.value}`
    case 'elapsed':
      return `${option.hundredths * 10} ms`
    case 'status':
      return `${option.code} ${option.message}`
    case 'rapid-commit':
      return ''
    case 'dns-servers':
      return option.servers.map(formatIp6).join(', ')
    case 'domain-list':
      return option.names.join(', ')
    case 'refresh-time':
      return `${option.seconds} s`
    default:
      return `option ${option.code}, ${option.data.length} bytes`
  }
}

export function dissectDhcp6(c: Context, at: number, end: number): void {
  protocol(c, 'DHCPv6', '')
  const m = dhcpv6.parse(c.b, at, end)
  if (typeof m === 'string') return broken(c, m, at, end)
  const l = layer(c, 'Dynamic Host Configuration Protocol for IPv6', at, end)
  const xid = `0x${hexNumber(u32(c.b, at) & 0xffffff, 6)}`
  add(l, 'Message type', title(m.message), at, 1)
  add(l, 'Transaction ID', xid, at + 1, 3)
  let i = at + 4
  for (const option of m.options) {
    const size = 4 + ((c.b[i + 2] << 8) | c.b[i + 3])
    l.fields.push(field(title(option.type.replaceAll('-', ' ')), optionText(option), i, i + size))
    i += size
  }
  const client = dhcpv6.option(m, 'client-id')
  const ip = dhcpv6.option(m, 'ia-na')?.addresses[0]?.ip
  const parts = [`${title(m.message)} XID: ${xid}`]
  if (ip !== undefined) parts.push(`IAA: ${formatIp6(ip)}`)
  if (client !== undefined) parts.push(`CID: ${hex(client.duid, 0, client.duid.length)}`)
  c.columns.info = parts.join(' ')
}
