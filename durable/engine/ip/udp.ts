// UDP (RFC 768): sockets, and which of them a datagram is for.
import { formatIp, type Ip4, type IpAddress, type Mac } from '../wire/addresses.ts'
import * as ipv4 from '../wire/ipv4.ts'
import * as udp from '../wire/udp.ts'
import type { DatagramOwner, UdpSocket } from './hooks.ts'
import { sendIcmpError } from './icmp.ts'
import type { Interface } from './interface.ts'
import { HEADROOM, newBuffer, pathTo, type SendOptions, type SendResult, sendIp } from './output.ts'
import type { Stack } from './stack.ts'

export type Binding = {
  readonly port: number
  /** Without one all IPv4 addresses; `0n` all IPv6 ones. */
  readonly localIp?: IpAddress
  /** With `0n`: all IPv4 addresses too. */
  readonly dual?: boolean
  readonly via?: Interface
  readonly component?: string
  readonly image?: string
}

/** Opens a socket; undefined when the same address and port are taken. A specific address and "all" may coexist. */
export function bindUdp(stack: Stack, owner: DatagramOwner, binding: Binding): UdpSocket | undefined {
  const { port, localIp = 0, via } = binding
  const others = stack.udp.get(port) ?? []
  const dual = binding.dual === true && localIp === 0n
  const clashes = (s: UdpSocket) => s.localIp === localIp || (s.dual && localIp === 0) || (dual && s.localIp === 0)
  if (others.some((s) => s.via === via && clashes(s))) return undefined
  const socket: UdpSocket = { localIp, dual, port, via, owner, component: binding.component ?? '', image: binding.image ?? '' }
  // The most specific socket is asked first.
  stack.udp.set(
    port,
    [...others, socket].sort((a, b) => rank(b) - rank(a)),
  )
  return socket
}

const isAny = (ip: IpAddress): boolean => ip === 0 || ip === 0n

const rank = (socket: UdpSocket): number => (isAny(socket.localIp) ? 0 : 2) + (socket.via === undefined ? 0 : 1)

export function closeUdp(stack: Stack, socket: UdpSocket): void {
  const left = (stack.udp.get(socket.port) ?? []).filter((s) => s !== socket)
  if (left.length === 0) stack.udp.delete(socket.port)
  else stack.udp.set(socket.port, left)
}

export type DatagramOptions = Omit<SendOptions, 'source'> & { readonly source?: IpAddress }

/** Sends a datagram from a socket. Answers the packet id, or why nothing was sent. */
export function sendUdp(
  stack: Stack,
  socket: UdpSocket,
  to: IpAddress,
  dstPort: number,
  payload: Uint8Array,
  options?: DatagramOptions,
): SendResult {
  const bound = options?.source === undefined && !isAny(socket.localIp)
  const whole = bound ? { ...options, source: socket.localIp } : options
  if (typeof to === 'bigint') return stack.ip6?.sendDatagram(socket.port, to, dstPort, payload, whole) ?? 'no-route'
  if (typeof whole?.source === 'bigint') return 'no-address'
  const [dst, chosen] = [to, whole as SendOptions | undefined]
  const path = pathTo(stack, dst, chosen)
  if (typeof path === 'string') {
    stack.mib.outNoRoutes++
    return path
  }
  const bytes = newBuffer(udp.HEADER_LEN + payload.length)
  udp.emit({ srcPort: socket.port, dstPort, payload }, bytes, HEADROOM, { src: path.source, dst })
  return sendIp(stack, bytes, ipv4.UDP, dst, path, chosen)
}

export function receiveUdp(
  stack: Stack,
  via: Interface,
  bytes: Uint8Array,
  at: number,
  from: number,
  end: number,
  dst: Ip4,
  srcMac: Mac,
): void {
  const src = ipv4.src(bytes, at)
  const message = udp.parse(bytes, from, end, { src, dst })
  const { mib } = stack
  if (typeof message === 'string') {
    mib.udpInErrors++
    return stack.drop('malformed', message)
  }
  const sockets = stack.udp.get(message.dstPort)
  if (sockets !== undefined) {
    for (const socket of sockets) {
      if (socket.via !== undefined && socket.via !== via) continue
      const { localIp } = socket
      if (typeof localIp === 'bigint') {
        if (!socket.dual) continue
      } else if (localIp !== 0) {
        if (localIp !== dst && !via.isBroadcast(dst)) continue
        if (via.isBroadcast(dst) && !via.has(localIp)) continue
      }
      mib.udpInDatagrams++
      socket.owner.datagram(socket, {
        src,
        srcPort: message.srcPort,
        dst,
        dstPort: message.dstPort,
        payload: message.payload,
        via,
        srcMac,
      })
      return
    }
  }
  mib.udpNoPorts++
  stack.drop('no-listener', `nothing listens on UDP ${formatIp(dst)}:${message.dstPort}`)
  sendIcmpError(stack, via, bytes, at, 'port', 0)
}
