// IPv6 under TCP.
import { type Ip6, isMulticastIp6 } from '../../wire/addresses.ts'
import { pseudo } from '../../wire/checksum.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import type { IpFamily } from '../transport.ts'
import { HEADROOM6, mtuOf, type Path6, pathTo6, sendIp6 } from './output6.ts'

const WHOLE = { dontFragment: true }

export const ip6: IpFamily = {
  version: 6,
  headroom: HEADROOM6,
  headerLen: ipv6.HEADER_LEN,
  defaultMss: 1220,
  minMtu: ipv6.MIN_MTU,
  any: 0n,
  path(stack, destination, choice) {
    if (stack.ip6 === undefined || typeof choice?.source === 'number') return 'no-route'
    const options = choice === undefined ? undefined : { source: choice.source, via: choice.via }
    const route = pathTo6(stack.ip6, destination as Ip6, options)
    if (typeof route === 'string') return route
    const { source, via, local } = route
    return {
      family: ip6,
      source,
      destination,
      via: via.via,
      mtu: local ? via.via.mtu : mtuOf(stack.ip6, route, destination as Ip6),
      local,
      pseudo: pseudo(source, destination, 0, 0),
      route,
    }
  },
  send: (stack, bytes, protocol, { destination, route }) =>
    stack.ip6 === undefined ? 'no-route' : sendIp6(stack.ip6, bytes, protocol, destination as Ip6, route as Path6, WHOLE),
  pseudo: (src, dst) => pseudo(src, dst, 0, 0),
  unicast: (_via, address) => !isMulticastIp6(address as Ip6) && address !== 0n,
}
