// Ethernet II, 802.1Q and ARP.
import { formatIp, formatMac } from '../addresses.ts'
import * as arp from '../arp.ts'
import { printable, u16, u48 } from '../bytes.ts'
import * as ethernet from '../ethernet.ts'
import { add, broken, type Context, data, hex16, layer, protocol } from './context.ts'

const TYPE_NAMES = new Map([
  [ethernet.TYPE_IPV4, 'IPv4'],
  [ethernet.TYPE_ARP, 'ARP'],
  [ethernet.TYPE_VLAN, '802.1Q Virtual LAN'],
  [ethernet.TYPE_IPV6, 'IPv6'],
  [0x88b5, 'Local Experimental Ethertype 1'],
  [0x88b6, 'Local Experimental Ethertype 2'],
])
const typeText = (type: number): string => `${TYPE_NAMES.get(type) ?? 'Unknown'} (${hex16(type)})`

function carried(c: Context, type: number, at: number, end: number): void {
  if (c.next(c, 'ethertype', type, at, end)) return
  protocol(c, hex16(type), TYPE_NAMES.get(type) ?? `Ethertype ${hex16(type)}`)
  data(c, at, end)
}

export function dissectEthernet(c: Context, at: number, end: number): void {
  if (end - at < ethernet.HEADER_LEN) {
    protocol(c, 'Ethernet', '')
    return broken(c, 'ethernet: truncated', at, end)
  }
  const l = layer(c, 'Ethernet II', at, at + ethernet.HEADER_LEN)
  c.columns.source = formatMac(u48(c.b, at + 6))
  c.columns.destination = formatMac(u48(c.b, at))
  add(l, 'Destination', c.columns.destination, at, 6)
  add(l, 'Source', c.columns.source, at + 6, 6)
  add(l, 'Type', typeText(u16(c.b, at + 12)), at + 12, 2)
  carried(c, u16(c.b, at + 12), at + ethernet.HEADER_LEN, end)
}

/** Begins at the tag control information: the 0x8100 before it was the EtherType. */
export function dissectVlan(c: Context, at: number, end: number): void {
  if (end - at < 4) {
    protocol(c, 'VLAN', '')
    return broken(c, 'vlan: truncated', at, end)
  }
  const tci = u16(c.b, at)
  const l = layer(c, '802.1Q Virtual LAN', at, at + 4)
  add(l, 'Priority', tci >> 13, at, 2)
  add(l, 'DEI', (tci >> 12) & 1, at, 2)
  add(l, 'ID', tci & 0xfff, at, 2)
  add(l, 'Type', typeText(u16(c.b, at + 2)), at + 2, 2)
  carried(c, u16(c.b, at + 2), at + 4, end)
}

function arpInfo({ op, senderMac, senderIp, targetIp }: arp.Arp): string {
  if (senderIp === targetIp) {
    return op === arp.REQUEST ? `ARP Announcement for ${formatIp(senderIp)}` : `Gratuitous ARP for ${formatIp(senderIp)} (Reply)`
  }
  if (op === arp.REPLY) return `${formatIp(senderIp)} is at ${formatMac(senderMac)}`
  return `Who has ${formatIp(targetIp)}? ${senderIp === 0 ? '(ARP Probe)' : `Tell ${formatIp(senderIp)}`}`
}

export function dissectArp(c: Context, at: number, end: number): void {
  protocol(c, 'ARP', '')
  const a = arp.parse(c.b, at, end)
  if (typeof a === 'string') return broken(c, a, at, end)
  const l = layer(c, `Address Resolution Protocol (${a.op === arp.REQUEST ? 'request' : 'reply'})`, at, at + arp.LEN)
  add(l, 'Hardware type', 'Ethernet (1)', at, 2)
  add(l, 'Protocol type', typeText(u16(c.b, at + 2)), at + 2, 2)
  add(l, 'Hardware size', c.b[at + 4], at + 4, 1)
  add(l, 'Protocol size', c.b[at + 5], at + 5, 1)
  add(l, 'Opcode', `${a.op === arp.REQUEST ? 'request' : 'reply'} (${a.op})`, at + 6, 2)
  add(l, 'Sender MAC address', formatMac(a.senderMac), at + 8, 6)
  add(l, 'Sender IP address', formatIp(a.senderIp), at + 14, 4)
  add(l, 'Target MAC address', formatMac(a.targetMac), at + 18, 6)
  add(l, 'Target IP address', formatIp(a.targetIp), at + 24, 4)
  c.columns.info = printable(arpInfo(a))
}
