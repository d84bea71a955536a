// IPv4 under TCP.
import { type Ip4, isMulticastIp } from '../wire/addresses.ts'
import { pseudo } from '../wire/checksum.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { HEADROOM, type Path, pathTo, sendIp } from './output.ts'
import type { IpFamily } from './transport.ts'

const DONT_FRAGMENT = { dontFragment: true }

export const ip4: IpFamily = {
  version: 4,
  headroom: HEADROOM,
  headerLen: ipv4.HEADER_LEN,
  defaultMss: 536,
  minMtu: 552,
  any: 0,
  path(stack, destination, choice) {
    const options = choice === undefined ? undefined : { source: choice.source as Ip4 | undefined, via: choice.via }
    const route = pathTo(stack, destination as Ip4, options)
    if (typeof route === 'string') return route
    const { source, via, local } = route
    // An address that was taken away is nobody's to send from; it may come back.
    if (choice?.source !== undefined && stack.ownerOf(source) === undefined) return 'no-address'
    return {
      family: ip4,
      source,
      destination,
      via,
      mtu: via.mtu,
      local,
      pseudo: pseudo(source, destination as Ip4, 0, 0),
      route,
    }
  },
  send: (stack, bytes, protocol, { destination, route }) =>
    sendIp(stack, bytes, protocol, destination as Ip4, route as Path, DONT_FRAGMENT),
  pseudo: (src, dst) => pseudo(src as Ip4, dst as Ip4, 0, 0),
  unicast: (via, address) => !via.isBroadcast(address as Ip4) && !isMulticastIp(address as Ip4) && address !== 0,
}
