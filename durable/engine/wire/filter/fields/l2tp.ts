// L2TP and the PPP in it: LCP, IPCP, PAP.
import { ascii, u16, u32 } from '../../bytes.ts'
import { AVP } from '../../l2tp.ts'
import {
  type Field,
  type FieldType,
  field,
  type Layer,
  type Names,
  P,
  protocol,
  type Read,
  u8At,
  u16At,
  u32At,
  type Value,
  when,
} from '../field.ts'
import { pppNumberAt } from '../layers.ts'
import { L2TP_MESSAGES, PPP_CODES } from './names.ts'

const isControl = (b: Uint8Array, { at }: Layer): boolean => (b[at] & 0x80) !== 0
const hasLength = (b: Uint8Array, { at }: Layer): boolean => (b[at] & 0x40) !== 0
const hasNumbers = (b: Uint8Array, { at }: Layer): boolean => (b[at] & 0x08) !== 0

/** A field of the header, counted from where the optional length has been. */
const after =
  (offset: number): Read =>
  (b, layer, out, subject) =>
    u16At(offset + (hasLength(b, layer) ? 4 : 2))(b, layer, out, subject)

type Visit = (b: Uint8Array, at: number, end: number, out: Value[]) => void

/** Visits the AVPs of a control message: where each begins, with its header of six octets, and ends. */
const avps =
  (visit: Visit): Read =>
  (b, layer, out) => {
    const { at, end } = layer
    if (!isControl(b, layer) || !hasLength(b, layer)) return
    const stop = Math.min(end, at + u16(b, at + 2))
    let i = at + 12
    while (i + 6 <= stop) {
      const next = i + (u16(b, i) & 0x3ff)
      if (next < i + 6 || next > stop) return
      visit(b, i, next, out)
      i = next
    }
  }

/** The data of the IETF's AVP of this number; a hidden one is not to be read. */
const dataOf = (type: number, visit: Visit): Read =>
  avps((b, at, end, out) => {
    if (u16(b, at + 2) === 0 && u16(b, at + 4) === type && (b[at] & 0x40) === 0) visit(b, at + 6, end, out)
  })
const short = (b: Uint8Array, at: number, end: number, out: Value[]): void => {
  if (end - at >= 2) out.push(u16(b, at))
}
const long = (b: Uint8Array, at: number, end: number, out: Value[]): void => {
  if (end - at >= 4) out.push(u32(b, at))
}
const text = (b: Uint8Array, at: number, end: number, out: Value[]): void => {
  if (end > at) out.push(ascii(b, at, end))
}
const avp = (name: string, type: FieldType, number: number, visit: Visit, names?: Names): Field =>
  field(`l2tp.${name}`, type, P.l2tp, dataOf(number, visit), names)

export const l2tp: readonly Field[] = [
  protocol('l2tp', P.l2tp),
  field('l2tp.flags', 'uint16', P.l2tp, u16At(0)),
  field('l2tp.type', 'uint16', P.l2tp, u16At(0, 15), { 'control message': 1, 'data message': 0 }),
  field('l2tp.length_bit', 'boolean', P.l2tp, u16At(0, 14, 1)),
  field('l2tp.seq_bit', 'boolean', P.l2tp, u16At(0, 11, 1)),
  field('l2tp.offset_bit', 'boolean', P.l2tp, u16At(0, 9, 1)),
  field('l2tp.priority', 'boolean', P.l2tp, u16At(0, 8, 1)),
  field('l2tp.version', 'uint16', P.l2tp, u16At(0, 0, 15)),
  field('l2tp.length', 'uint16', P.l2tp, when(hasLength, u16At(2))),
  field('l2tp.tunnel', 'uint16', P.l2tp, after(0)),
  field('l2tp.session', 'uint16', P.l2tp, after(2)),
  field('l2tp.Ns', 'uint16', P.l2tp, when(hasNumbers, after(4))),
  field('l2tp.Nr', 'uint16', P.l2tp, when(hasNumbers, after(6))),
  field(
    'l2tp.avp.mandatory',
    'boolean',
    P.l2tp,
    avps((b, at, _end, out) => out.push(b[at] >> 7)),
  ),
  field(
    'l2tp.avp.hidden',
    'boolean',
    P.l2tp,
    avps((b, at, _end, out) => out.push((b[at] >> 6) & 1)),
  ),
  field(
    'l2tp.avp.length',
    'uint16',
    P.l2tp,
    avps((_b, at, end, out) => out.push(end - at)),
  ),
  field(
    'l2tp.avp.vendor_id',
    'uint16',
    P.l2tp,
    avps((b, at, _end, out) => out.push(u16(b, at + 2))),
  ),
  field(
    'l2tp.avp.type',
    'uint16',
    P.l2tp,
    avps((b, at, _end, out) => out.push(u16(b, at + 4))),
  ),
  avp('avp.message_type', 'uint16', AVP.messageType, short, L2TP_MESSAGES),
  avp('avp.assigned_tunnel_id', 'uint16', AVP.assignedTunnelId, short),
  avp('avp.assigned_session_id', 'uint16', AVP.assignedSessionId, short),
  avp('avp.host_name', 'string', AVP.hostName, text),
  avp('avp.receive_window_size', 'uint16', AVP.receiveWindowSize, short),
  avp('avp.call_serial_number', 'uint32', AVP.callSerialNumber, long),
  avp('avp.connect_speed', 'uint32', AVP.txConnectSpeed, long),
  avp('avp.protocol_version', 'uint8', AVP.protocolVersion, (b, at, end, out) => end > at && out.push(b[at])),
  avp('avp.protocol_revision', 'uint8', AVP.protocolVersion, (b, at, end, out) => end > at + 1 && out.push(b[at + 1])),
  avp('result_code', 'uint16', AVP.resultCode, short),
  avp('avp.error_code', 'uint16', AVP.resultCode, (b, at, end, out) => short(b, at + 2, end, out)),
  avp('avp.error_message', 'string', AVP.resultCode, (b, at, end, out) => text(b, at + 4, end, out)),
]

const compressed = (b: Uint8Array, { at, end }: Layer): boolean => pppNumberAt(b, at, end) === at

/** Visits the options of a configure message of LCP or IPCP: type, length, data. */
const options =
  (visit: Visit): Read =>
  (b, { at, end }, out) => {
    if (b[at] < 1 || b[at] > 4) return
    let i = at + 4
    while (i + 2 <= end) {
      const next = i + b[i + 1]
      if (b[i + 1] < 2 || next > end) return
      visit(b, i, next, out)
      i = next
    }
  }
const option = (name: string, type: FieldType, of: number, number: number, visit: Visit): Field =>
  field(
    name,
    type,
    of,
    options((b, at, end, out) => {
      if (b[at] === number) visit(b, at + 2, end, out)
    }),
  )
const kinds = options((b, at, _end, out) => out.push(b[at]))
const lengths = options((b, at, _end, out) => out.push(b[at + 1]))

/** Where the body begins with its own number: echo and discard requests carry one. */
const magic = (b: Uint8Array, { at }: Layer): boolean => b[at] >= 9 && b[at] <= 11

/** A text after its length, the second of them after the first. */
const counted =
  (second: boolean, fits: (code: number) => boolean): Read =>
  (b, { at, end }, out) => {
    let i = at + 4
    if (!fits(b[at])) return
    if (second) i += 1 + (i < end ? b[i] : 0)
    if (i < end && b[i] > 0 && i + 1 + b[i] <= end) out.push(ascii(b, i + 1, i + 1 + b[i]))
  }
const request = (code: number): boolean => code === 1

export const ppp: readonly Field[] = [
  protocol('ppp', P.ppp),
  field(
    'ppp.address',
    'uint8',
    P.ppp,
    when((b, l) => !compressed(b, l), u8At(0)),
  ),
  field(
    'ppp.control',
    'uint8',
    P.ppp,
    when((b, l) => !compressed(b, l), u8At(1)),
  ),
  field('ppp.protocol', 'uint16', P.ppp, (b, { at, end }, out) => {
    const i = pppNumberAt(b, at, end)
    if (i < end && (b[i] & 1) === 1) out.push(b[i])
    else if (i + 2 <= end) out.push(u16(b, i))
  }),
  field('ppp.code', 'uint8', P.lcp | P.ipcp, u8At(0), PPP_CODES),
  field('ppp.identifier', 'uint8', P.lcp | P.ipcp, u8At(1)),
  field('ppp.length', 'uint16', P.lcp | P.ipcp, u16At(2)),
  protocol('lcp', P.lcp),
  field('lcp.magic_number', 'uint32', P.lcp, when(magic, u32At(4))),
  field(
    'lcp.rej_proto',
    'uint16',
    P.lcp,
    when((b, { at }) => b[at] === 8, u16At(4)),
  ),
  field('lcp.opt.type', 'uint8', P.lcp, kinds),
  field('lcp.opt.length', 'uint8', P.lcp, lengths),
  option('lcp.opt.mru', 'uint16', P.lcp, 1, short),
  option('lcp.opt.auth_protocol', 'uint16', P.lcp, 3, short),
  option('lcp.opt.magic_number', 'uint32', P.lcp, 5, long),
  protocol('ipcp', P.ipcp),
  field('ipcp.opt.type', 'uint8', P.ipcp, kinds),
  field('ipcp.opt.length', 'uint8', P.ipcp, lengths),
  option('ipcp.opt.ip_address', 'ipv4', P.ipcp, 3, long),
  option('ipcp.opt.pri_dns_address', 'ipv4', P.ipcp, 129, long),
  option('ipcp.opt.sec_dns_address', 'ipv4', P.ipcp, 131, long),
  protocol('pap', P.pap),
  field('pap.code', 'uint8', P.pap, u8At(0), { 'authenticate-request': 1, 'authenticate-ack': 2, 'authenticate-nak': 3 }),
  field('pap.identifier', 'uint8', P.pap, u8At(1)),
  field('pap.length', 'uint16', P.pap, u16At(2)),
  field('pap.peer_id', 'string', P.pap, counted(false, request)),
  field('pap.password', 'string', P.pap, counted(true, request)),
  field(
    'pap.message',
    'string',
    P.pap,
    counted(false, (code) => !request(code)),
  ),
]
