// Frames between two computers, put together layer by layer. For tests.
import { parseIp, parseMac } from '../addresses.ts'
import * as arp from '../arp.ts'
import { newFrame } from '../bytes.ts'
import * as ethernet from '../ethernet.ts'
import * as icmp from '../icmp.ts'
import * as ipv4 from '../ipv4.ts'
import * as tcp from '../tcp.ts'
import * as udp from '../udp.ts'

export type Sample = { readonly name: string; readonly frame: Uint8Array }

export const ip = (text: string): number => parseIp(text) ?? 0
export const mac = (text: string): number => parseMac(text) ?? 0

export const A = { ip: ip('192.168.50.10'), mac: mac('00155d00e501') }
export const B = { ip: ip('192.168.50.1'), mac: mac('00155d00e5fe') }
export const GROUP = ip('224.0.0.251')

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

export const frameOf = (type: number, payload: Uint8Array, dst = B.mac): Uint8Array => {
  const out = newFrame(ethernet.HEADER_LEN + payload.length)
  ethernet.emit(out, dst, A.mac, type)
  out.set(payload, ethernet.HEADER_LEN)
  return out
}

export type Way = { readonly src?: number; readonly dst?: number } & Partial<ipv4.Header>

export const packet = (protocol: number, payload: Uint8Array, way: Way = {}): Uint8Array => {
  const out = newFrame(ipv4.HEADER_LEN + payload.length)
  const header = { src: A.ip, dst: B.ip, protocol, ttl: 128, id: 0x1234, dontFragment: false, ...way }
  ipv4.emit(header, payload.length, out, 0)
  out.set(payload, ipv4.HEADER_LEN)
  return out
}

export const overIp = (protocol: number, payload: Uint8Array, way: Way = {}): Uint8Array =>
  frameOf(ethernet.TYPE_IPV4, packet(protocol, payload, way))

export const built = (n: number, emit: (out: Uint8Array) => void): Uint8Array => {
  const out = newFrame(n)
  emit(out)
  return out
}

export const datagram = (srcPort: number, dstPort: number, payload: Uint8Array, way: Way = {}): Uint8Array => {
  const d = { srcPort, dstPort, payload }
  return built(udp.len(d), (out) => udp.emit(d, out, 0, { src: way.src ?? A.ip, dst: way.dst ?? B.ip }))
}
export const overUdp = (srcPort: number, dstPort: number, payload: Uint8Array, way: Way = {}): Uint8Array =>
  overIp(ipv4.UDP, datagram(srcPort, dstPort, payload, way), way)

export const arpFrame = (a: arp.Arp): Uint8Array =>
  frameOf(
    ethernet.TYPE_ARP,
    built(arp.LEN, (out) => arp.emit(a, out, 0)),
  )
export const icmpBytes = (m: icmp.Icmp): Uint8Array => built(icmp.len(m), (out) => icmp.emit(m, out, 0))

export const segment = (s: Partial<tcp.Tcp>): Uint8Array => {
  const whole = { srcPort: 50000, dstPort: 40000, seq: 1000, ack: 0, flags: tcp.SYN, window: 64240, urgent: 0, options: {}, ...s }
  const full = { payload: new Uint8Array(0), ...whole }
  return built(tcp.len(full), (out) => tcp.emit(full, out, 0, { src: A.ip, dst: B.ip }))
}
export const overTcp = (s: Partial<tcp.Tcp>): Uint8Array => overIp(ipv4.TCP, segment(s))

export const echo = (kind: 'echo-request' | 'echo-reply', payload = bytesOf('abcdefghijklmnopqrstuvwabcdefghi')): Uint8Array =>
  icmpBytes({ kind, ident: 1, sequence: 7, payload })
export const original = (protocol: number, payload: Uint8Array): Uint8Array => packet(protocol, payload).subarray(0, 28)
export const lost = original(ipv4.UDP, datagram(50123, 33434, new Uint8Array(24)))
export const lostEcho = original(ipv4.ICMP, echo('echo-request'))
