// L2TP and PPP.
import * as ipv4 from '../ipv4.ts'
import * as l2tp from '../l2tp.ts'
import * as ppp from '../ppp.ts'
import { built, bytesOf, datagram, echo, ip, overUdp, packet, type Sample } from './build.ts'

const l2tpFrame = (m: l2tp.L2tp): Uint8Array =>
  overUdp(
    1701,
    1701,
    built(l2tp.len(m), (out) => l2tp.emit(m, out, 0)),
  )
const control = (type: number, avps: readonly l2tp.Avp[], sessionId = 0): Uint8Array =>
  l2tpFrame({ kind: 'control', tunnelId: 7, sessionId, ns: 1, nr: 2, avps: [l2tp.avp.messageType(type), ...avps] })
const pppFrame = (p: ppp.Ppp): Uint8Array =>
  l2tpFrame({ kind: 'data', tunnelId: 7, sessionId: 9, payload: built(ppp.len(p), (out) => ppp.emit(p, out, 0)) })

const { avp } = l2tp
const opening = [
  avp.protocolVersion(),
  avp.framingCapabilities(3),
  avp.hostName('lac'),
  avp.assignedTunnelId(8),
  avp.receiveWindowSize(4),
]
const ending = { result: 1, error: 0, message: 'bye' }
export const l2tpSamples: Sample[] = [
  { name: 'l2tp SCCRQ', frame: control(l2tp.SCCRQ, opening) },
  { name: 'l2tp SCCRP', frame: control(l2tp.SCCRP, opening) },
  { name: 'l2tp SCCCN', frame: control(l2tp.SCCCN, []) },
  { name: 'l2tp StopCCN', frame: control(l2tp.STOP_CCN, [avp.assignedTunnelId(8), avp.resultCode(ending)]) },
  { name: 'l2tp HELLO', frame: control(l2tp.HELLO, []) },
  { name: 'l2tp ICRQ', frame: control(l2tp.ICRQ, [avp.assignedSessionId(9), avp.callSerialNumber(1)]) },
  { name: 'l2tp ICRP', frame: control(l2tp.ICRP, [avp.assignedSessionId(10)], 9) },
  { name: 'l2tp ICCN', frame: control(l2tp.ICCN, [avp.txConnectSpeed(100000000), avp.framingType(1)], 9) },
  { name: 'l2tp CDN', frame: control(l2tp.CDN, [avp.resultCode({ ...ending, result: 3 }), avp.assignedSessionId(9)], 9) },
  { name: 'l2tp ZLB', frame: l2tpFrame({ kind: 'control', tunnelId: 7, sessionId: 0, ns: 1, nr: 2, avps: [] }) },
]

const lcp = { protocol: 'lcp', id: 1 } as const
const offered = [ppp.option.mru(1400), ppp.option.authentication(ppp.PAP), ppp.option.magic(0x12345678)]
const addressed = [ppp.option.address(0), ppp.option.primaryDns(0), ppp.option.secondaryDns(0)]
const none = new Uint8Array(0)
export const pppSamples: Sample[] = [
  ...(['configure-request', 'configure-ack', 'configure-nak', 'configure-reject'] as const).flatMap((message) => [
    { name: `lcp ${message}`, frame: pppFrame({ ...lcp, message, options: offered }) },
    { name: `ipcp ${message}`, frame: pppFrame({ protocol: 'ipcp', id: 2, message, options: addressed }) },
  ]),
  ...(['terminate-request', 'terminate-ack'] as const).map((message) => ({
    name: `lcp ${message}`,
    frame: pppFrame({ ...lcp, message, data: bytesOf('bye') }),
  })),
  { name: 'ipcp terminate-request', frame: pppFrame({ protocol: 'ipcp', message: 'terminate-request', id: 3, data: none }) },
  ...(['echo-request', 'echo-reply', 'discard-request'] as const).map((message) => ({
    name: `lcp ${message}`,
    frame: pppFrame({ ...lcp, message, magic: 0x12345678, data: none }),
  })),
  {
    name: 'lcp protocol-reject',
    frame: pppFrame({ ...lcp, message: 'protocol-reject', rejected: 0x8057, data: Uint8Array.of(1, 1, 0, 4) }),
  },
  { name: 'lcp code-reject', frame: pppFrame({ ...lcp, message: 'code-reject', data: Uint8Array.of(99, 1, 0, 4) }) },
  {
    name: 'pap request',
    frame: pppFrame({ protocol: 'pap', message: 'authenticate-request', id: 1, peerId: 'anna', password: 'secret' }),
  },
  { name: 'pap ack', frame: pppFrame({ protocol: 'pap', message: 'authenticate-ack', id: 1, text: 'welcome' }) },
  { name: 'pap nak', frame: pppFrame({ protocol: 'pap', message: 'authenticate-nak', id: 1, text: '' }) },
  {
    name: 'ppp ping',
    frame: pppFrame({
      protocol: 'ipv4',
      payload: packet(ipv4.ICMP, echo('echo-request'), { src: ip('10.9.0.2'), dst: ip('10.9.0.1') }),
    }),
  },
  { name: 'ppp udp', frame: pppFrame({ protocol: 'ipv4', payload: packet(ipv4.UDP, datagram(50001, 50002, bytesOf('hello'))) }) },
]
