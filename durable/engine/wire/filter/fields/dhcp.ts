// DHCP. Options are those of RFC 2132 that hosts and servers of a lab use; the others are there by number (`dhcp.option.type`).
import { ascii, u16, u32, u48 } from '../../bytes.ts'
import { CODE } from '../../dhcp.ts'
import {
  both,
  type Field,
  type FieldType,
  field,
  type Layer,
  macAt,
  P,
  protocol,
  type Read,
  u8At,
  u16At,
  u32At,
  type Value,
  when,
} from '../field.ts'
import { DHCP_TYPES } from './names.ts'

const COOKIE_AT = 236
const OPTIONS_AT = 240
const OVERLOAD = 52
const END = 255

type Visit = (b: Uint8Array, code: number, at: number, end: number, out: Value[]) => void

/** Visits the options in b[from..to): the code, and where the data begins and ends. Each step moves on by an octet or more. */
function walk(b: Uint8Array, from: number, to: number, out: Value[], visit: Visit): void {
  let i = from
  while (i < to && b[i] !== END) {
    if (b[i] === 0) {
      i++
      continue
    }
    const next = i + 2 + (i + 1 < to ? b[i + 1] : to)
    if (next > to) return
    visit(b, b[i], i + 2, next, out)
    i = next
  }
}

const options =
  (visit: Visit): Read =>
  (b, { at, end }, out) => {
    if (end - at < OPTIONS_AT || u32(b, at + COOKIE_AT) !== 0x63825363) return
    let overload = 0
    walk(b, at + OPTIONS_AT, end, out, (octets, code, from, to, found) => {
      if (code === OVERLOAD && to > from) overload = octets[from]
      visit(octets, code, from, to, found)
    })
    // RFC 2132 section 9.3: the file field, then the server name field.
    if ((overload & 1) !== 0) walk(b, at + 108, at + COOKIE_AT, out, visit)
    if ((overload & 2) !== 0) walk(b, at + 44, at + 108, out, visit)
  }

/** Some senders end text with a NUL (RFC 2132 section 2). */
function text(b: Uint8Array, at: number, end: number): string {
  let to = at
  while (to < end && b[to] !== 0) to++
  return ascii(b, at, to)
}

type Shape = 'address' | 'addresses' | 'seconds' | 'octet' | 'octets' | 'short' | 'text'
const TYPES: { readonly [shape in Shape]: FieldType } = {
  address: 'ipv4',
  addresses: 'ipv4',
  seconds: 'uint32',
  octet: 'uint8',
  octets: 'uint8',
  short: 'uint16',
  text: 'string',
}

function values(shape: Shape, b: Uint8Array, at: number, end: number, out: Value[]): void {
  if (shape === 'text') out.push(text(b, at, end))
  else if (shape === 'octets') for (let i = at; i < end; i++) out.push(b[i])
  else if (shape === 'octet') {
    if (end - at === 1) out.push(b[at])
  } else if (shape === 'short') {
    if (end - at === 2) out.push(u16(b, at))
  } else if (shape === 'addresses') for (let i = at; i + 4 <= end; i += 4) out.push(u32(b, i))
  else if (end - at === 4) out.push(u32(b, at))
}

const option = (name: string, code: number, shape: Shape): Field =>
  field(
    `dhcp.option.${name}`,
    TYPES[shape],
    P.dhcp,
    options((b, found, at, end, out) => {
      if (found === code) values(shape, b, at, end, out)
    }),
    ...(code === CODE.messageType ? [DHCP_TYPES] : []),
  )

const onEthernet = (b: Uint8Array, { at }: Layer): boolean => b[at + 1] === 1 && b[at + 2] === 6
/** The hardware address is told again by the client's identifier (option 61) where that is made of it. */
const withClientId = (header: Read, take: (b: Uint8Array, at: number) => number): Read =>
  both(
    header,
    options((b, code, at, end, out) => {
      if (code === CODE.clientId && end - at === 7 && b[at] === 1) out.push(take(b, at))
    }),
  )
const present =
  (at: number, length: number): Read =>
  (b, layer, out) => {
    if (layer.at + at + length > layer.end) return
    const found = text(b, layer.at + at, layer.at + at + length)
    if (found !== '') out.push(found)
  }

export const dhcp: readonly Field[] = [
  protocol('dhcp', P.dhcp),
  field('dhcp.type', 'uint8', P.dhcp, u8At(0), { 'boot request': 1, 'boot reply': 2 }),
  field(
    'dhcp.hw.type',
    'uint8',
    P.dhcp,
    withClientId(u8At(1), (b, at) => b[at]),
  ),
  field('dhcp.hw.len', 'uint8', P.dhcp, u8At(2)),
  field('dhcp.hops', 'uint8', P.dhcp, u8At(3)),
  field('dhcp.id', 'uint32', P.dhcp, u32At(4)),
  field('dhcp.secs', 'uint16', P.dhcp, u16At(8)),
  field('dhcp.flags', 'uint16', P.dhcp, u16At(10)),
  field('dhcp.flags.bc', 'boolean', P.dhcp, u16At(10, 15, 1)),
  field('dhcp.ip.client', 'ipv4', P.dhcp, u32At(12)),
  field('dhcp.ip.your', 'ipv4', P.dhcp, u32At(16)),
  field('dhcp.ip.server', 'ipv4', P.dhcp, u32At(20)),
  field('dhcp.ip.relay', 'ipv4', P.dhcp, u32At(24)),
  field(
    'dhcp.hw.mac_addr',
    'ether',
    P.dhcp,
    withClientId(when(onEthernet, macAt(28)), (b, at) => u48(b, at + 1)),
  ),
  field('dhcp.server', 'string', P.dhcp, present(44, 64)),
  field('dhcp.file', 'string', P.dhcp, present(108, 128)),
  field('dhcp.cookie', 'ipv4', P.dhcp, u32At(COOKIE_AT)),
  field(
    'dhcp.option.type',
    'uint8',
    P.dhcp,
    options((_b, code, _at, _end, out) => out.push(code)),
  ),
  field(
    'dhcp.option.length',
    'uint8',
    P.dhcp,
    options((_b, _code, at, end, out) => out.push(end - at)),
  ),
  field(
    'dhcp.option.value',
    'bytes',
    P.dhcp,
    options((b, _code, at, end, out) => out.push(b.subarray(at, end))),
  ),
  option('subnet_mask', CODE.mask, 'address'),
  option('router', CODE.routers, 'addresses'),
  option('domain_name_server', CODE.dns, 'addresses'),
  option('hostname', CODE.hostName, 'text'),
  option('domain_name', CODE.domainName, 'text'),
  option('interface_mtu', 26, 'short'),
  option('broadcast_address', 28, 'address'),
  option('ntp_server', 42, 'addresses'),
  option('netbios_over_tcpip_name_server', 44, 'addresses'),
  option('netbios_over_tcpip_node_type', 46, 'octet'),
  option('requested_ip_address', CODE.requestedAddress, 'address'),
  option('ip_address_lease_time', CODE.leaseSeconds, 'seconds'),
  option('option_overload', OVERLOAD, 'octet'),
  option('dhcp', CODE.messageType, 'octet'),
  option('dhcp_server_id', CODE.serverId, 'address'),
  option('request_list_item', CODE.parameterList, 'octets'),
  option('message', CODE.message, 'text'),
  option('dhcp_max_message_size', 57, 'short'),
  option('renewal_time_value', CODE.renewal, 'seconds'),
  option('rebinding_time_value', CODE.rebinding, 'seconds'),
  option('vendor_class_id', CODE.vendorClass, 'text'),
  field(
    'dhcp.fqdn.name',
    'string',
    P.dhcp,
    options((b, code, at, end, out) => {
      // In the wire form of DNS (the E flag) it is left to the octets of the option.
      if (code === CODE.fqdn && end - at > 3 && (b[at] & 4) === 0) out.push(text(b, at + 3, end))
    }),
  ),
]
