// Between a switch and a Wi-Fi adapter (fact sheet 4.10): an access point hears one address a station, so Windows' bridge
// sends everything under the adapter's own and finds out by the IP address who is meant. VLAN tags do not survive it.
import type { Drop } from '../../ip/hooks.ts'
import type { Interface } from '../../ip/interface.ts'
import { type Frame, rewritten } from '../../link/frame.ts'
import { type IpAddress, isGroupMac, type Mac } from '../../wire/addresses.ts'
import { put16, put48, u16, u32, u48 } from '../../wire/bytes.ts'
import * as ethernet from '../../wire/ethernet.ts'
import * as icmpv6 from '../../wire/icmpv6.ts'
import * as ipv4 from '../../wire/ipv4.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import * as ndp from '../../wire/ndp.ts'

const TYPE_VLAN = 0x8100
const AT = ethernet.HEADER_LEN
/** Offsets in an ARP message (RFC 826). */
const ARP_LEN = 28
const SENDER_MAC = AT + 8
const SENDER_IP = AT + 14
const TARGET_MAC = AT + 18
const TARGET_IP = AT + 24
/** Offsets in a DHCP message (RFC 2131): flags, and the client's own address. */
const DHCP_FLAGS = 10
const DHCP_CHADDR = 28
const BROADCAST_FLAG = 0x8000
/** Stations behind the adapter that are remembered: the one silent for longest goes first. */
const STATIONS = 128

/** An address of IPv4 stands there as a number, one of IPv6 as its 128 bits in decimal; which it is says how large it is. */
export type WirelessBridgeState = readonly (readonly [ip: string, mac: Mac])[]

export class WirelessBridge {
  private readonly nic: Interface
  /** Who has which address, the one heard last at the end. */
  private readonly stations: Map<IpAddress, Mac>

  constructor(nic: Interface, state: WirelessBridgeState = []) {
    this.nic = nic
    this.stations = new Map(state.map(([ip, mac]) => [loadIp(ip), mac]))
  }

  /** The frame as it goes over the air, or why it does not. */
  outwards(frame: Frame): Frame | Drop {
    const { bytes } = frame
    const from = ethernet.src(bytes)
    if (ethernet.type(bytes) === TYPE_VLAN) return { code: 'vlan', detail: 'a VLAN tag does not pass the bridge to Wi-Fi' }
    if (from === this.nic.mac) return frame
    const copy: Frame = { ...frame, bytes: bytes.slice(), stored: -1 }
    const b = copy.bytes
    put48(b, 6, this.nic.mac)
    switch (ethernet.type(b)) {
      case ethernet.TYPE_ARP:
        if (b.length < AT + ARP_LEN) break
        this.learn(u32(b, SENDER_IP), from)
        put48(b, SENDER_MAC, this.nic.mac)
        break
      case ethernet.TYPE_IPV4:
        if (ipv4.check(b, AT, b.length) !== true) break
        this.learn(ipv4.src(b, AT), from)
        askForBroadcast(b)
        break
      case ethernet.TYPE_IPV6:
        if (ipv6.check(b, AT, b.length) !== true) break
        this.learn(ipv6.src(b, AT), from)
        setLinkOption(b, this.nic.mac)
        break
    }
    return copy
  }

  /** Puts the address of whoever is meant into a frame from the air; or says why it goes no further. */
  inwards(frame: Frame): Drop | undefined {
    const { bytes: b } = frame
    const to = ethernet.dst(b)
    if (isGroupMac(to)) return undefined
    if (to !== this.nic.mac)
      return { code: 'not-for-us', detail: 'an access point hands a station only what is for its own address' }
    const station = this.stationOf(b)
    if (station === undefined || station === this.nic.mac) return undefined
    put48(b, 0, station)
    if (ethernet.type(b) === ethernet.TYPE_ARP && b.length >= AT + ARP_LEN && u48(b, TARGET_MAC) === this.nic.mac)
      put48(b, TARGET_MAC, station)
    rewritten(frame)
    return undefined
  }

  private stationOf(b: Uint8Array): Mac | undefined {
    switch (ethernet.type(b)) {
      case ethernet.TYPE_ARP:
        return b.length < AT + ARP_LEN ? undefined : this.stations.get(u32(b, TARGET_IP))
      case ethernet.TYPE_IPV4:
        return ipv4.check(b, AT, b.length) === true ? this.stations.get(ipv4.dst(b, AT)) : undefined
      case ethernet.TYPE_IPV6:
        return ipv6.check(b, AT, b.length) === true ? this.stations.get(ipv6.dst(b, AT)) : undefined
      default:
        return undefined
    }
  }

  private learn(ip: IpAddress, mac: Mac): void {
    if (ip === 0 || ip === 0n) return
    this.stations.delete(ip)
    if (this.stations.size >= STATIONS) this.stations.delete(this.stations.keys().next().value as IpAddress)
    this.stations.set(ip, mac)
  }

  save(): WirelessBridgeState {
    return [...this.stations].map(([ip, mac]) => [String(ip), mac])
  }
}

/** No station has an address of IPv6 that would be one of IPv4: those begin with 96 zeros. */
const loadIp = (text: string): IpAddress => (text.length > 10 || Number(text) > 0xffffffff ? BigInt(text) : Number(text))

/** A DHCP server would answer to the guest's address, which the air does not carry: it is asked to tell everybody. */
function askForBroadcast(b: Uint8Array): void {
  if (ipv4.protocol(b, AT) !== ipv4.UDP || ipv4.isFragment(b, AT)) return
  const at = AT + ipv4.headerLen(b, AT)
  if (b.length < at + 8 + DHCP_CHADDR + 6 || u16(b, at + 2) !== 67) return
  const flags = at + 8 + DHCP_FLAGS
  const was = u16(b, flags)
  put16(b, flags, was | BROADCAST_FLAG)
  // RFC 1624, equation 3; a UDP checksum of 0 says that there is none.
  const sum = u16(b, at + 6)
  if (sum === 0) return
  let acc = (~sum & 0xffff) + (~was & 0xffff) + (was | BROADCAST_FLAG)
  acc = (acc & 0xffff) + (acc >>> 16)
  acc = (acc & 0xffff) + (acc >>> 16)
  put16(b, at + 6, ~acc & 0xffff || 0xffff)
}

/** Neighbour and router messages name the sender's link address in an option; type 1 and 2 both are ours to say. */
function setLinkOption(b: Uint8Array, mac: Mac): void {
  if (ipv6.nextHeader(b, AT) !== ipv6.ICMP6) return
  const at = AT + ipv6.HEADER_LEN
  const end = ipv6.end(b, AT)
  if (end > b.length || end < at + 8) return
  const type = b[at]
  const fixed: { readonly [type: number]: number } = {
    [ndp.ROUTER_SOLICITATION]: 8,
    [ndp.ROUTER_ADVERTISEMENT]: 16,
    [ndp.NEIGHBOR_SOLICITATION]: 24,
    [ndp.NEIGHBOR_ADVERTISEMENT]: 24,
  }
  let option = at + (fixed[type] ?? end)
  let changed = false
  while (option + 8 <= end) {
    const length = b[option + 1] * 8
    if (length === 0) return
    if ((b[option] === 1 || b[option] === 2) && length === 8) {
      put48(b, option + 2, mac)
      changed = true
    }
    option += length
  }
  if (changed) icmpv6.putSum(b, at, end, { src: ipv6.src(b, AT), dst: ipv6.dst(b, AT) })
}
