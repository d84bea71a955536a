import { isMulticastIp, parseIp } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { broadcastText, interfaceName, listedInterfaces, routeTo, sourceOf } from '../links.ts'

/** `ip route get`: the decision for one destination, as the kernel would take it. */
export function routeGet(args: readonly string[], io: Io): number {
  const [first, second, extra] = args
  const text = first === 'to' ? second : first
  const more = first === 'to' ? extra : second
  if (text === undefined) {
    io.err('need at least a destination address\n')
    return 255
  }
  if (more !== undefined) {
    io.err(notSimulated(`ip route get: ${more}`))
    return 1
  }
  const address = parseIp(text.replace(/\/32$/, ''))
  if (address === undefined) {
    io.err(`Error: any valid prefix is expected rather than "${text}".\n`)
    return 1
  }
  const destination = text.replace(/\/32$/, '')
  const uid = io.root ? 0 : 1000
  const answer = (line: string, cache: string) => {
    io.out(`${line} uid ${uid} \n    cache ${cache}\n`)
    return 0
  }
  const links = listedInterfaces(io)
  const loopback = links.find((link) => link.kind === 'loopback')
  const own = links.some((link) => link.addresses.some((each) => each.address === destination))
  if (own || address >>> 24 === 127) {
    return answer(`local ${destination} dev ${loopback?.name ?? 'lo'} src ${destination}`, '<local> ')
  }
  for (const link of links) {
    const near = link.enabled ? link.addresses.find((each) => broadcastText(each) === destination) : undefined
    if (near && link.kind !== 'loopback') {
      return answer(`broadcast ${destination} dev ${link.name} src ${near.address}`, '<local,brd> ')
    }
  }
  const route = routeTo(io, address)
  if (!route) {
    io.err('RTNETLINK answers: Network is unreachable\n')
    return 2
  }
  const name = interfaceName(links, route.interface)
  const source = sourceOf(io, route)
  if (isMulticastIp(address)) return answer(`multicast ${destination} dev ${name} src ${source}`, '<mc> ')
  const via = route.gateway === '' ? '' : `via ${route.gateway} `
  return answer(`${destination} ${via}dev ${name} src ${source}`, '')
}
