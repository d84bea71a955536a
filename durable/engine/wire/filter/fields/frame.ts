// Frame, Ethernet, 802.1Q and ARP.
import { u16, u32 } from '../../bytes.ts'
import { both, type Field, field, type Layer, macAt, P, protocol, type Read, u8At, u16At, u32At, when } from '../field.ts'
import { ETHER_TYPES } from './names.ts'

const fromSubject = (take: (subject: Parameters<Read>[3]) => number | string): Read => {
  return (_b, _layer, out, subject) => {
    out.push(take(subject))
  }
}

export const frame: readonly Field[] = [
  protocol('frame', P.frame),
  field(
    'frame.number',
    'uint32',
    P.frame,
    fromSubject((s) => s.number),
  ),
  field(
    'frame.len',
    'uint32',
    P.frame,
    fromSubject((s) => s.length),
  ),
  field(
    'frame.cap_len',
    'uint32',
    P.frame,
    fromSubject((s) => s.bytes.length),
  ),
  // Lab time counts from when the lab was first powered on.
  field(
    'frame.time_relative',
    'time',
    P.frame,
    fromSubject((s) => s.timeMicros),
  ),
  field(
    'frame.interface_name',
    'string',
    P.frame,
    fromSubject((s) => s.interfaceName),
  ),
]

/** Under 1536 the two octets are a length (IEEE 802.3), and LLC follows. */
const isLength = (b: Uint8Array, { at }: Layer): boolean => u16(b, at + 12) < 1536
/** The low bits of the first octet of an address: group (I/G) and locally administered (U/L). */
const bit = (offset: number, shift: number): Read => u8At(offset, shift, 1)

export const ethernet: readonly Field[] = [
  protocol('eth', P.eth),
  field('eth.dst', 'ether', P.eth, macAt(0)),
  field('eth.src', 'ether', P.eth, macAt(6)),
  field('eth.addr', 'ether', P.eth, both(macAt(0), macAt(6))),
  field(
    'eth.type',
    'uint16',
    P.eth,
    when((b, l) => !isLength(b, l), u16At(12)),
    ETHER_TYPES,
  ),
  field('eth.len', 'uint16', P.eth, when(isLength, u16At(12))),
  field('eth.dst.ig', 'boolean', P.eth, bit(0, 0)),
  field('eth.dst.lg', 'boolean', P.eth, bit(0, 1)),
  field('eth.src.ig', 'boolean', P.eth, bit(6, 0)),
  field('eth.src.lg', 'boolean', P.eth, bit(6, 1)),
  field('eth.ig', 'boolean', P.eth, both(bit(0, 0), bit(6, 0))),
  field('eth.lg', 'boolean', P.eth, both(bit(0, 1), bit(6, 1))),
]

/** The header begins at the tag control information. */
export const vlan: readonly Field[] = [
  protocol('vlan', P.vlan),
  field('vlan.priority', 'uint16', P.vlan, u16At(0, 13)),
  field('vlan.dei', 'boolean', P.vlan, u16At(0, 12, 1)),
  field('vlan.id', 'uint16', P.vlan, u16At(0, 0, 0xfff)),
  field('vlan.etype', 'uint16', P.vlan, u16At(2), ETHER_TYPES),
]

const ofEthernet = (b: Uint8Array, { at, end }: Layer): boolean =>
  end - at >= 28 && u16(b, at) === 1 && u16(b, at + 2) === 0x0800 && b[at + 4] === 6 && b[at + 5] === 4

/** Three booleans that are only there when they are true. */
const told = (holds: (op: number, senderIp: number, targetIp: number) => boolean): Read =>
  when(ofEthernet, (b, { at }, out) => {
    if (holds(u16(b, at + 6), u32(b, at + 14), u32(b, at + 24))) out.push(1)
  })

export const arp: readonly Field[] = [
  protocol('arp', P.arp),
  field('arp.hw.type', 'uint16', P.arp, u16At(0)),
  field('arp.proto.type', 'uint16', P.arp, u16At(2), ETHER_TYPES),
  field('arp.hw.size', 'uint8', P.arp, u8At(4)),
  field('arp.proto.size', 'uint8', P.arp, u8At(5)),
  field('arp.opcode', 'uint16', P.arp, u16At(6), { request: 1, reply: 2 }),
  field('arp.src.hw_mac', 'ether', P.arp, when(ofEthernet, macAt(8))),
  field('arp.src.proto_ipv4', 'ipv4', P.arp, when(ofEthernet, u32At(14))),
  field('arp.dst.hw_mac', 'ether', P.arp, when(ofEthernet, macAt(18))),
  field('arp.dst.proto_ipv4', 'ipv4', P.arp, when(ofEthernet, u32At(24))),
  field(
    'arp.isgratuitous',
    'boolean',
    P.arp,
    told((_op, sender, target) => sender === target),
  ),
  field(
    'arp.isprobe',
    'boolean',
    P.arp,
    told((op, sender, target) => op === 1 && sender === 0 && target !== 0),
  ),
  field(
    'arp.isannouncement',
    'boolean',
    P.arp,
    told((op, sender, target) => op === 1 && sender === target && sender !== 0),
  ),
]
