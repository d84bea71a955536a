// `-j REJECT`: the error or the reset that the sender gets (net/ipv4/netfilter/nf_reject_ipv4.c).
import * as ipv4 from '../../wire/ipv4.ts'
import * as tcp from '../../wire/tcp.ts'
import type { SendError } from '../hooks.ts'
import { reportSendError, sendIcmpError } from '../icmp.ts'
import { HEADROOM, newBuffer, pathTo, sendIp } from '../output.ts'
import type { Look } from './match.ts'
import { REJECTS, type RejectWith } from './rule.ts'

const KINDS: { readonly [code: number]: SendError['kind'] } = { 0: 'net', 1: 'host', 2: 'protocol', 3: 'port' }

export function reject(look: Look, how: RejectWith): void {
  const { stack, bytes, at, from } = look
  if (how === 'tcp-reset') return reset(look)
  const code = REJECTS[how]
  const kind = KINDS[code] ?? 'prohibited'
  if (from !== undefined && from.kind !== 'loopback') return sendIcmpError(stack, from, bytes, at, kind, 0, code)
  // A packet of our own: the error comes by the loopback, and who sent it hears of it.
  reportSendError(stack, bytes, at, { kind, from: ipv4.src(bytes, at), mtu: 0 })
}

function reset({ stack, bytes, at, head, end }: Look): void {
  if (ipv4.protocol(bytes, at) !== ipv4.TCP || head + 20 > end || ipv4.fragmentOffset(bytes, at) > 0) return
  const flags = tcp.flags(bytes, head)
  if ((flags & tcp.RST) !== 0) return
  const src = ipv4.dst(bytes, at)
  const dst = ipv4.src(bytes, at)
  const path = pathTo(stack, dst, { source: src })
  if (typeof path === 'string') return
  const acknowledges = (flags & tcp.ACK) !== 0
  const length = end - head - tcp.dataOffset(bytes, head) + ((flags & tcp.SYN) !== 0 ? 1 : 0) + ((flags & tcp.FIN) !== 0 ? 1 : 0)
  const segment: tcp.Tcp = {
    srcPort: tcp.dstPort(bytes, head),
    dstPort: tcp.srcPort(bytes, head),
    seq: acknowledges ? tcp.ack(bytes, head) : 0,
    ack: acknowledges ? 0 : (tcp.seq(bytes, head) + length) >>> 0,
    flags: acknowledges ? tcp.RST : tcp.RST | tcp.ACK,
    window: 0,
    urgent: 0,
    options: {},
    payload: new Uint8Array(0),
  }
  const out = newBuffer(tcp.len(segment))
  tcp.emit(segment, out, HEADROOM, { src, dst })
  sendIp(stack, out, ipv4.TCP, dst, { ...path, source: src }, { source: src })
}
