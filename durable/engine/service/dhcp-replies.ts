// What a DHCP server says. Its options never change, so its messages are made once.
import { type Ip4, maskOf } from '../wire/addresses.ts'
import * as dhcp from '../wire/dhcp.ts'
import { DhcpTemplate } from './dhcp-template.ts'

export type ReplyOptions = {
  readonly address: Ip4
  readonly prefixLength: number
  readonly leaseSeconds: number
  readonly routers: readonly Ip4[]
  readonly dnsServers: readonly Ip4[]
  readonly domain: string
  /** Sent beside, or instead of those with the same code; without octets: not sent. */
  readonly extra?: readonly { readonly code: number; readonly data: readonly number[] }[]
}

const INFINITE = 0xffffffff

export class Replies {
  readonly offer: DhcpTemplate
  readonly ack: DhcpTemplate
  /** RFC 2131 section 4.3.5: no address and no lease. */
  readonly inform: DhcpTemplate
  private readonly serverId: dhcp.Option

  constructor({ address, prefixLength, leaseSeconds, routers, dnsServers, domain, extra = [] }: ReplyOptions) {
    const { option } = dhcp
    this.serverId = option.serverId(address)
    const times = [option.leaseSeconds(leaseSeconds)]
    if (leaseSeconds !== INFINITE) {
      times.push(option.renewal(Math.floor(leaseSeconds / 2)), option.rebinding(Math.floor((leaseSeconds * 7) / 8)))
    }
    const network: dhcp.Option[] = [option.mask(maskOf(prefixLength))]
    if (routers.length > 0) network.push(option.routers(routers))
    if (dnsServers.length > 0) network.push(option.dns(dnsServers))
    if (domain !== '') network.push(option.domainName(domain))
    const given = new Set(extra.map(({ code }) => code))
    const kept = network.filter(({ code }) => !given.has(code))
    const added = extra.filter(({ data }) => data.length > 0).map(({ code, data }) => ({ code, data: Uint8Array.from(data) }))
    network.splice(0, network.length, ...kept, ...added)
    const reply = (type: number, ...rest: dhcp.Option[]) =>
      new DhcpTemplate(dhcp.BOOT_REPLY, address, [option.messageType(type), this.serverId, ...rest])
    this.offer = reply(dhcp.OFFER, ...times, ...network)
    this.ack = reply(dhcp.ACK, ...times, ...network)
    this.inform = reply(dhcp.ACK, ...network)
  }

  nak(reason: string): DhcpTemplate {
    const { option } = dhcp
    return new DhcpTemplate(dhcp.BOOT_REPLY, 0, [option.messageType(dhcp.NAK), this.serverId, option.message(reason)])
  }
}
