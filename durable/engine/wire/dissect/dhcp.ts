// DHCP and BOOTP.
import { formatIp, formatMac, type Ip4 } from '../addresses.ts'
import { ascii, hex, u16, u32 } from '../bytes.ts'
import * as dhcp from '../dhcp.ts'
import { add, broken, type Context, field, hex16, hex32, layer, protocol } from './context.ts'

const TYPES = [undefined, 'Discover', 'Offer', 'Request', 'Decline', 'ACK', 'NAK', 'Release', 'Inform']

const NAMES = new Map<number, string>([
  [dhcp.CODE.mask, 'Subnet Mask'],
  [dhcp.CODE.routers, 'Router'],
  [dhcp.CODE.dns, 'Domain Name Server'],
  [dhcp.CODE.hostName, 'Host Name'],
  [dhcp.CODE.domainName, 'Domain Name'],
  [dhcp.CODE.requestedAddress, 'Requested IP Address'],
  [dhcp.CODE.leaseSeconds, 'IP Address Lease Time'],
  [dhcp.CODE.messageType, 'DHCP Message Type'],
  [dhcp.CODE.serverId, 'DHCP Server Identifier'],
  [dhcp.CODE.parameterList, 'Parameter Request List'],
  [dhcp.CODE.message, 'Message'],
  [dhcp.CODE.renewal, 'Renewal Time Value'],
  [dhcp.CODE.rebinding, 'Rebinding Time Value'],
  [dhcp.CODE.vendorClass, 'Vendor class identifier'],
  [dhcp.CODE.clientId, 'Client identifier'],
  [dhcp.CODE.fqdn, 'Client Fully Qualified Domain Name'],
  [dhcp.CODE.classlessRoutes, 'Classless Static Route'],
])

const addressList = (b: Uint8Array): string => {
  const out: Ip4[] = []
  for (let i = 0; i + 4 <= b.length; i += 4) out.push(u32(b, i))
  return out.map(formatIp).join(', ')
}

function valueText(d: dhcp.Dhcp, o: dhcp.Option): string {
  const { code, data: b } = o
  const { CODE } = dhcp
  switch (code) {
    case CODE.mask:
    case CODE.routers:
    case CODE.dns:
    case CODE.requestedAddress:
    case CODE.serverId:
      return addressList(b)
    case CODE.leaseSeconds:
    case CODE.renewal:
    case CODE.rebinding:
      return b.length === 4 ? `${u32(b, 0)} s` : hex(b, 0, b.length)
    case CODE.hostName:
    case CODE.domainName:
    case CODE.message:
    case CODE.vendorClass:
      return ascii(b, 0, b.length)
    case CODE.messageType:
      return `${TYPES[b[0]] ?? 'unknown'} (${b[0]})`
    case CODE.parameterList:
      return dhcp.parameterList(d).join(', ')
    case CODE.fqdn:
      return dhcp.fqdn(d)?.name ?? hex(b, 0, b.length)
    case CODE.classlessRoutes:
      return dhcp
        .classlessRoutes(d)
        .map((r) => `${formatIp(r.network)}/${r.prefixLength} via ${formatIp(r.router)}`)
        .join(', ')
    default:
      return hex(b, 0, b.length)
  }
}

export function dissectDhcp(c: Context, at: number, end: number): void {
  protocol(c, 'DHCP', '')
  const d = dhcp.parse(c.b, at, end)
  if (typeof d === 'string') return broken(c, d, at, end)
  const type = dhcp.messageType(d)
  const name = type === undefined ? undefined : TYPES[type]
  const l = layer(c, `Dynamic Host Configuration Protocol (${name ?? 'BOOTP'})`, at, end)
  add(l, 'Message type', d.op === dhcp.BOOT_REQUEST ? 'Boot Request (1)' : 'Boot Reply (2)', at, 1)
  add(l, 'Hops', c.b[at + 3], at + 3, 1)
  add(l, 'Transaction ID', hex32(d.xid), at + 4, 4)
  add(l, 'Seconds elapsed', d.secs, at + 8, 2)
  add(l, 'Bootp flags', `${hex16(u16(c.b, at + 10))} (${d.broadcast ? 'Broadcast' : 'Unicast'})`, at + 10, 2)
  add(l, 'Client IP address', formatIp(d.ciaddr), at + 12, 4)
  add(l, 'Your (client) IP address', formatIp(d.yiaddr), at + 16, 4)
  add(l, 'Next server IP address', formatIp(d.siaddr), at + 20, 4)
  add(l, 'Relay agent IP address', formatIp(d.giaddr), at + 24, 4)
  add(l, 'Client MAC address', formatMac(d.chaddr), at + 28, 6)
  add(l, 'Magic cookie', 'DHCP', at + 236, 4)
  for (const o of d.options) {
    // A joined option (RFC 3396) is a copy outside the frame: it is shown at the whole option area.
    const inFrame = o.data.buffer === c.b.buffer
    const from = inFrame ? o.data.byteOffset - c.b.byteOffset - 2 : at + 240
    const to = inFrame ? from + 2 + o.data.length : end
    l.fields.push(field(`Option: (${o.code}) ${NAMES.get(o.code) ?? 'Unknown'}`, valueText(d, o), from, to))
  }
  if (name === undefined) {
    protocol(c, 'BOOTP', d.op === dhcp.BOOT_REQUEST ? `Boot Request from ${formatMac(d.chaddr)}` : 'Boot Reply')
  } else {
    c.columns.info = `DHCP ${name.padEnd(8)} - Transaction ID 0x${d.xid.toString(16)}`
  }
}
