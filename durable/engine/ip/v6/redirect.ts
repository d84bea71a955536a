// "There is a shorter way": RFC 4861 section 8.
import type { Frame } from '../../link/frame.ts'
import { MINUTE } from '../../sim/time.ts'
import { type Ip6, isLinkLocalIp6, isMulticastIp6 } from '../../wire/addresses.ts'
import * as ipv6 from '../../wire/ipv6.ts'
import * as ndp from '../../wire/ndp.ts'
import { heard, sendNdp } from './discovery.ts'
import type { Interface6 } from './interface6.ts'
import type { Ip6Stack } from './ip6-stack.ts'
import { type Path6, pathTo6 } from './output6.ts'

/** Linux lets go of what a redirect said after the time that it keeps unused routes. */
const LIFETIME = 10 * MINUTE
const MAX_QUOTED = 512

/** A host: believed only from the router that we go by at the moment (section 8.1). */
export function receiveRedirect(
  ip6: Ip6Stack,
  i6: Interface6,
  src: Ip6,
  { target, destination, options }: Extract<ndp.Ndp, { kind: 'redirect' }>,
): string | undefined {
  if (!isLinkLocalIp6(src) || isMulticastIp6(destination)) return 'ndp: a redirect of nobody, or to a group'
  if (target !== destination && !isLinkLocalIp6(target)) return 'ndp: the better router is not on this link'
  if (i6.forwarding) return undefined
  const path = pathTo6(ip6, destination)
  if (typeof path === 'string' || path.via !== i6 || path.nextHop !== src) return 'ndp: not from the router that we go by'
  const mac = ndp.linkAddress(options, 'target-link')
  if (mac !== undefined) heard(ip6, i6, target, mac).isRouter = target !== destination
  ip6.routes.remove((r) => r.origin === 'redirect' && r.destination === destination && r.interface === i6.via.index)
  ip6.routes.put({
    destination,
    prefixLength: 128,
    gateway: target === destination ? 0n : target,
    interface: i6.via.index,
    metric: 0,
    origin: 'redirect',
    persistent: false,
    preference: 0,
    expiresAt: ip6.sim.now + LIFETIME,
  })
  ip6.changed()
  return undefined
}

/** A router has forwarded a packet out of the interface that it came in by: its sender is a neighbour of the next hop. */
export function sendRedirect(ip6: Ip6Stack, i6: Interface6, frame: Frame, at: number, path: Path6): void {
  const { bytes } = frame
  const src = ipv6.src(bytes, at)
  const own = i6.linkLocal
  if (own?.state !== 'preferred' || isLinkLocalIp6(src) || i6.addressFor(src) === undefined || !ip6.mayComplain()) return
  const destination = ipv6.dst(bytes, at)
  // Another router is told by its link-local address, which we know only if the route has it.
  if (path.nextHop !== destination && !isLinkLocalIp6(path.nextHop)) return
  const known = i6.neighbors.get(path.nextHop)
  // An option fills whole units of eight octets.
  const quoted = bytes.slice(at, at + (Math.min(ipv6.end(bytes, at) - at, MAX_QUOTED) & ~7))
  sendNdp(ip6, i6, own.ip, src, {
    kind: 'redirect',
    target: path.nextHop,
    destination,
    options: [
      ...(known === undefined || known.state === 'incomplete' ? [] : [{ type: 'target-link' as const, mac: known.mac }]),
      { type: 'redirected', original: quoted },
    ],
  })
}
