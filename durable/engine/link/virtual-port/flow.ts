import type { IpAddress, Mac } from '../../wire/addresses.ts'
import { readIp6 } from '../../wire/addresses.ts'
import { u16 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as ipv4 from '../../wire/ipv4.ts'

/** What rules look at in a frame: its addresses, and those of the packet in it. `ip` 0: it carries none, or a broken one. */
export type Flow = {
  readonly srcMac: Mac
  readonly dstMac: Mac
  readonly ip: 0 | 4 | 6
  readonly src: IpAddress
  readonly dst: IpAddress
  readonly protocol: number
  /** 0: no ports, or not in this fragment. */
  readonly srcPort: number
  readonly dstPort: number
  /** Where the transport header begins, or -1. */
  readonly at: number
}

const IP6_HEADER = 40
const IP6_FRAGMENT = 44

/** Of a frame without a tag, at least an Ethernet header long. */
export function flowOf(b: Uint8Array): Flow {
  const [srcMac, dstMac, type] = [ethernet.src(b), ethernet.dst(b), ethernet.type(b)]
  const none: Flow = { srcMac, dstMac, ip: 0, src: 0, dst: 0, protocol: -1, srcPort: 0, dstPort: 0, at: -1 }
  const start = ethernet.HEADER_LEN
  if (type === ethernet.TYPE_IPV4 && b.length >= start + ipv4.HEADER_LEN) {
    const at = start + ipv4.headerLen(b, start)
    const first = (u16(b, start + 6) & 0x1fff) === 0
    const found = { ...none, ip: 4, src: ipv4.src(b, start), dst: ipv4.dst(b, start), protocol: ipv4.protocol(b, start) } as const
    return first ? withPorts(found, b, at) : found
  }
  if (type === ethernet.TYPE_IPV6 && b.length >= start + IP6_HEADER) {
    const protocol = b[start + 6]
    const found = { ...none, ip: 6, src: readIp6(b, start + 8), dst: readIp6(b, start + 24), protocol } as const
    return protocol === IP6_FRAGMENT ? found : withPorts(found, b, start + IP6_HEADER)
  }
  return none
}

function withPorts(flow: Flow, b: Uint8Array, at: number): Flow {
  const ports = flow.protocol === ipv4.TCP || flow.protocol === ipv4.UDP
  if (b.length < at + 4) return flow
  return ports ? { ...flow, at, srcPort: u16(b, at), dstPort: u16(b, at + 2) } : { ...flow, at }
}
