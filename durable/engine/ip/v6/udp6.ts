// UDP over IPv6: the sockets are those of ../udp.ts, the checksum is never left out (RFC 8200 section 8.1).
import { formatIp6, type Ip6, isMulticastIp6, type Mac } from '../../wire/addresses.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import * as udp from '../../wire/udp.ts'
import type { UdpSocket } from '../hooks.ts'
import type { SendResult } from '../output.ts'
import type { DatagramOptions } from '../udp.ts'
import { sendIcmpError6 } from './icmp6.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { HEADROOM6, newBuffer6, pathTo6, sendIp6 } from './output6.ts'

export function sendUdp6(
  ip6: Ip6Stack,
  srcPort: number,
  dst: Ip6,
  dstPort: number,
  payload: Uint8Array,
  given: DatagramOptions | undefined,
): SendResult {
  if (typeof given?.source === 'number') return 'no-address'
  const options = {
    ...(given?.source === undefined ? {} : { source: given.source }),
    ...(given?.via === undefined ? {} : { via: given.via }),
    ...(given?.ttl === undefined ? {} : { hopLimit: given.ttl }),
    ...(given?.dontFragment ? { dontFragment: true } : {}),
  }
  const path = pathTo6(ip6, dst, options)
  if (typeof path === 'string') {
    ip6.mib.outNoRoutes++
    return path
  }
  const bytes = newBuffer6(udp.HEADER_LEN + payload.length)
  udp.emit({ srcPort, dstPort, payload }, bytes, HEADROOM6, { src: path.source, dst })
  return sendIp6(ip6, bytes, udp.PROTOCOL, dst, path, options)
}

/** Whether a socket takes what was sent to `dst` and came in by `i6`. */
function takes(socket: UdpSocket, i6: Interface6, dst: Ip6): boolean {
  if (socket.via !== undefined && socket.via !== i6.via) return false
  const { localIp } = socket
  return localIp === 0n || localIp === dst || (typeof localIp === 'bigint' && isMulticastIp6(dst) && i6.has(localIp))
}

export function receiveUdp6(
  ip6: Ip6Stack,
  i6: Interface6,
  bytes: Uint8Array,
  at: number,
  from: number,
  end: number,
  srcMac: Mac,
): void {
  const src = ipv6.src(bytes, at)
  const dst = ipv6.dst(bytes, at)
  const message = udp.parse(bytes, from, end, { src, dst })
  const { mib } = ip6
  if (typeof message === 'string' || udp.sum(bytes, from) === 0) {
    mib.udpInErrors++
    return ip6.stack.drop('malformed', typeof message === 'string' ? message : 'udp: no checksum')
  }
  const sockets = (ip6.stack.udp.get(message.dstPort) ?? []).filter((socket) => takes(socket, i6, dst))
  const { srcPort, dstPort, payload } = message
  const datagram = { src, srcPort, dst, dstPort, payload, via: i6.via, srcMac }
  if (sockets.length > 0) {
    mib.udpInDatagrams++
    // A group's packet is for everybody who listens, any other for the most specific socket.
    for (const socket of isMulticastIp6(dst) ? sockets : sockets.slice(0, 1)) socket.owner.datagram(socket, datagram)
    return
  }
  mib.udpNoPorts++
  ip6.stack.drop('no-listener', `nothing listens on UDP [${formatIp6(dst)}]:${dstPort}`)
  sendIcmpError6(ip6, i6, bytes, at, { kind: 'unreachable', code: icmpv6.PORT_UNREACHABLE })
}
