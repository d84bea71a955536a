// L2TP and the PPP frames in it.
import { formatIp } from '../addresses.ts'
import { hex, u16, u32 } from '../bytes.ts'
import { TYPE_IPV4 } from '../ethernet.ts'
import * as l2tp from '../l2tp.ts'
import * as ppp from '../ppp.ts'
import { add, broken, type Context, data, field, hex16, hex32, type Layer, layer, protocol } from './context.ts'

const MESSAGES = new Map<number, string>([
  [l2tp.SCCRQ, 'SCCRQ'],
  [l2tp.SCCRP, 'SCCRP'],
  [l2tp.SCCCN, 'SCCCN'],
  [l2tp.STOP_CCN, 'StopCCN'],
  [l2tp.HELLO, 'Hello'],
  [7, 'OCRQ'],
  [8, 'OCRP'],
  [9, 'OCCN'],
  [l2tp.ICRQ, 'ICRQ'],
  [l2tp.ICRP, 'ICRP'],
  [l2tp.ICCN, 'ICCN'],
  [l2tp.CDN, 'CDN'],
  [15, 'WEN'],
  [16, 'SLI'],
])
const AVPS = new Map<number, string>([
  [l2tp.AVP.messageType, 'Message Type'],
  [l2tp.AVP.resultCode, 'Result code'],
  [l2tp.AVP.protocolVersion, 'Protocol Version'],
  [l2tp.AVP.framingCapabilities, 'Framing Capabilities'],
  [l2tp.AVP.bearerCapabilities, 'Bearer Capabilities'],
  [l2tp.AVP.hostName, 'Host Name'],
  [l2tp.AVP.assignedTunnelId, 'Assigned Tunnel ID'],
  [l2tp.AVP.receiveWindowSize, 'Receive Window Size'],
  [l2tp.AVP.assignedSessionId, 'Assigned Session'],
  [l2tp.AVP.callSerialNumber, 'Call Serial Number'],
  [l2tp.AVP.framingType, 'Framing Type'],
  [l2tp.AVP.txConnectSpeed, 'Tx Connect Speed'],
])

function avpText(m: l2tp.Control, { type, data: b }: l2tp.Avp): string {
  if (type === l2tp.AVP.hostName) return l2tp.hostName(m) ?? ''
  if (type === l2tp.AVP.messageType && b.length === 2) return `${MESSAGES.get(u16(b, 0)) ?? 'unknown'} (${u16(b, 0)})`
  if (type === l2tp.AVP.resultCode) {
    const r = l2tp.resultCode(m)
    return r === undefined ? '' : `${r.result}, error ${r.error}${r.message === '' ? '' : `: ${r.message}`}`
  }
  return b.length === 2 ? `${u16(b, 0)}` : b.length === 4 ? `${u32(b, 0)}` : hex(b, 0, b.length)
}

export function dissectL2tp(c: Context, at: number, end: number): void {
  protocol(c, 'L2TP', '')
  const m = l2tp.parse(c.b, at, end)
  if (typeof m === 'string') return broken(c, m, at, end)
  const ids = `(tunnel id=${m.tunnelId}, session id=${m.sessionId})`
  const payloadAt = m.kind === 'data' ? m.payload.byteOffset - c.b.byteOffset : end
  const l = layer(c, `Layer 2 Tunneling Protocol ${ids}`, at, payloadAt)
  const idAt = at + ((c.b[at] & 0x40) === 0 ? 2 : 4)
  add(l, 'Flags', hex16(u16(c.b, at)), at, 2)
  add(l, 'Tunnel ID', m.tunnelId, idAt, 2)
  add(l, 'Session ID', m.sessionId, idAt + 2, 2)
  if (m.kind === 'data') {
    c.columns.info = `Data Message ${ids}`
    return dissectPpp(c, payloadAt, payloadAt + m.payload.length)
  }
  add(l, 'Ns', m.ns, at + 8, 2)
  add(l, 'Nr', m.nr, at + 10, 2)
  let i = at + l2tp.HEADER_LEN
  for (const a of m.avps) {
    add(l, `${AVPS.get(a.type) ?? `AVP ${a.type}`} AVP`, avpText(m, a), i, 6 + a.data.length)
    i += 6 + a.data.length
  }
  const type = l2tp.messageType(m)
  const name = type === undefined ? 'ZLB     ' : (MESSAGES.get(type) ?? `Unknown (${type})`)
  c.columns.info = `Control Message - ${name} ${ids}`
}

const CONTROL = new Map<number, string>([
  [ppp.LCP, 'LCP'],
  [ppp.IPCP, 'IPCP'],
  [0x8057, 'IPV6CP'],
  [0x80fd, 'CCP'],
])
const CODES = [
  'Vendor Specific',
  'Configuration Request',
  'Configuration Ack',
  'Configuration Nak',
  'Configuration Reject',
  'Termination Request',
  'Termination Ack',
  'Code Reject',
  'Protocol Reject',
  'Echo Request',
  'Echo Reply',
  'Discard Request',
]
const LCP_OPTIONS = new Map<number, string>([
  [ppp.LCP_MRU, 'Maximum Receive Unit'],
  [ppp.LCP_ASYNC_MAP, 'Async Control Character Map'],
  [ppp.LCP_AUTHENTICATION, 'Authentication Protocol'],
  [ppp.LCP_MAGIC, 'Magic Number'],
  [ppp.LCP_PROTOCOL_COMPRESSION, 'Protocol Field Compression'],
  [ppp.LCP_ADDRESS_COMPRESSION, 'Address and Control Field Compression'],
])
const IPCP_OPTIONS = new Map<number, string>([
  [ppp.IPCP_ADDRESS, 'IP Address'],
  [ppp.IPCP_PRIMARY_DNS, 'Primary DNS Server IP Address'],
  [ppp.IPCP_SECONDARY_DNS, 'Secondary DNS Server IP Address'],
])

function pppBody(c: Context, l: Layer, p: ppp.Ppp): void {
  if ('options' in p) {
    for (const o of p.options) {
      const from = o.data.byteOffset - c.b.byteOffset - 2
      const name = (p.protocol === 'lcp' ? LCP_OPTIONS : IPCP_OPTIONS).get(o.type) ?? `Option ${o.type}`
      const number = ppp.optionNumber([o], o.type)
      const address = p.protocol === 'ipcp' && o.data.length === 4 ? formatIp(u32(o.data, 0)) : undefined
      const magic = o.type === ppp.LCP_MAGIC || o.type === ppp.LCP_AUTHENTICATION
      const text = number === undefined ? hex(o.data, 0, o.data.length) : magic ? `0x${number.toString(16)}` : `${number}`
      l.fields.push(field(name, address ?? text, from, from + 2 + o.data.length))
    }
  } else if ('magic' in p) {
    add(l, 'Magic Number', hex32(p.magic), l.from + 4, 4)
  } else if ('rejected' in p) {
    add(l, 'Rejected Protocol', hex16(p.rejected), l.from + 4, 2)
  }
}

function papInfo(p: ppp.Ppp & { readonly protocol: 'pap' }): string {
  if (p.message === 'authenticate-request') return `Authenticate-Request (Peer-ID='${p.peerId}', Password='${p.password}')`
  return `${p.message === 'authenticate-ack' ? 'Authenticate-Ack' : 'Authenticate-Nak'} (Message='${p.text}')`
}

export function dissectPpp(c: Context, at: number, end: number): void {
  const p = ppp.parse(c.b, at, end)
  // The same leniency as in the codec: address, control and the first octet of the protocol may be missing.
  const protocolAt = end - at >= 2 && u16(c.b, at) === 0xff03 ? at + 2 : at
  const bodyAt = protocolAt + ((c.b[protocolAt] & 1) === 1 ? 1 : 2)
  if (typeof p === 'string') {
    protocol(c, 'PPP', '')
    return broken(c, p, at, end)
  }
  const number = bodyAt - protocolAt === 1 ? c.b[protocolAt] : u16(c.b, protocolAt)
  const l = layer(c, 'Point-to-Point Protocol', at, bodyAt)
  add(l, 'Protocol', hex16(number), protocolAt, bodyAt - protocolAt)
  if (p.protocol === 'ipv4') {
    c.next(c, 'ethertype', TYPE_IPV4, bodyAt, end)
    return
  }
  const name = CONTROL.get(number)
  if (p.protocol === 'other' && (name === undefined || end - bodyAt < 4)) {
    protocol(c, 'PPP', `PPP protocol ${hex16(number)}`)
    return data(c, bodyAt, end)
  }
  const body = layer(
    c,
    p.protocol === 'pap' ? 'PPP Password Authentication Protocol' : `PPP ${name} Control Protocol`,
    bodyAt,
    end,
  )
  const code = c.b[bodyAt]
  const info = p.protocol === 'pap' ? papInfo(p) : (CODES[code] ?? `Unknown (0x${code.toString(16)})`)
  protocol(c, `PPP ${p.protocol === 'pap' ? 'PAP' : name}`, info)
  add(body, 'Code', `${info} (${code})`, bodyAt, 1)
  add(body, 'Identifier', c.b[bodyAt + 1], bodyAt + 1, 1)
  add(body, 'Length', u16(c.b, bodyAt + 2), bodyAt + 2, 2)
  pppBody(c, body, p)
}
