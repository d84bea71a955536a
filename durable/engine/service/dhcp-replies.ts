// What a DHCP server says. Its options never change, so they are built once.
import { type Ip4, maskOf } from '../wire/addresses.ts'
import * as dhcp from '../wire/dhcp.ts'

export type ReplyOptions = {
  readonly address: Ip4
  readonly prefixLength: number
  readonly leaseSeconds: number
  readonly routers: readonly Ip4[]
  readonly dnsServers: readonly Ip4[]
  readonly domain: string
}

const INFINITE = 0xffffffff
const NAK = dhcp.option.messageType(dhcp.NAK)

export class Replies {
  private readonly offerOptions: readonly dhcp.Option[]
  private readonly ackOptions: readonly dhcp.Option[]
  private readonly informOptions: readonly dhcp.Option[]
  private readonly serverId: dhcp.Option
  private readonly address: Ip4

  constructor({ address, prefixLength, leaseSeconds, routers, dnsServers, domain }: ReplyOptions) {
    const { option } = dhcp
    this.address = address
    this.serverId = option.serverId(address)
    const times = [option.leaseSeconds(leaseSeconds)]
    if (leaseSeconds !== INFINITE) {
      times.push(option.renewal(Math.floor(leaseSeconds / 2)), option.rebinding(Math.floor((leaseSeconds * 7) / 8)))
    }
    const network = [option.mask(maskOf(prefixLength))]
    if (routers.length > 0) network.push(option.routers(routers))
    if (dnsServers.length > 0) network.push(option.dns(dnsServers))
    if (domain !== '') network.push(option.domainName(domain))
    this.offerOptions = [option.messageType(dhcp.OFFER), this.serverId, ...times, ...network]
    this.ackOptions = [option.messageType(dhcp.ACK), this.serverId, ...times, ...network]
    this.informOptions = [option.messageType(dhcp.ACK), this.serverId, ...network]
  }

  offer(message: dhcp.Dhcp, ip: Ip4): dhcp.Dhcp {
    return this.reply(message, ip, 0, this.offerOptions)
  }

  ack(message: dhcp.Dhcp, ip: Ip4): dhcp.Dhcp {
    return this.reply(message, ip, message.ciaddr, this.ackOptions)
  }

  /** RFC 2131 section 4.3.5: no address and no lease. */
  inform(message: dhcp.Dhcp): dhcp.Dhcp {
    return this.reply(message, 0, message.ciaddr, this.informOptions)
  }

  nak(message: dhcp.Dhcp, reason: string): dhcp.Dhcp {
    return { ...this.reply(message, 0, 0, [NAK, this.serverId, dhcp.option.message(reason)]), siaddr: 0, broadcast: true }
  }

  private reply(message: dhcp.Dhcp, yiaddr: Ip4, ciaddr: Ip4, options: readonly dhcp.Option[]): dhcp.Dhcp {
    return {
      op: dhcp.BOOT_REPLY,
      xid: message.xid,
      secs: 0,
      broadcast: message.broadcast,
      ciaddr,
      yiaddr,
      siaddr: this.address,
      giaddr: 0,
      chaddr: message.chaddr,
      options,
    }
  }
}
