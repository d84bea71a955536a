// `route -6 add|change|delete PREFIX/LENGTH GATEWAY [METRIC n] [IF n]`.
import { formatIp6, networkOf6, parseCidr6, parseScopedIp6 } from '../../engine/wire/addresses.ts'
import type { Gen, ProgramIo } from './program.ts'
import { numberOf6, routes6, routeTo6 } from './six.ts'

const NO_INTERFACE =
  'Either the interface index is wrong or the gateway does not lie on the same network as the interface. Check the IP Address Table for the machine.'

type Wanted = { ip: bigint; length: number; gateway: string; metric: number; on: number | undefined }

function wanted(args: readonly string[]): Wanted | string {
  const [target = '', ...rest] = args
  const alone = parseScopedIp6(target)?.ip
  const prefix = parseCidr6(target) ?? (alone === undefined ? undefined : { address: alone, prefixLength: 128 })
  if (prefix === undefined) return `Route: bad destination address ${target}`
  const found: Wanted = { ip: prefix.address, length: prefix.prefixLength, gateway: '', metric: 0, on: undefined }
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] as string
    if (/^metric$/i.test(word)) found.metric = Number(rest[++i])
    else if (/^if$/i.test(word)) found.on = Number(rest[++i])
    else if (/^mask$/i.test(word) || found.gateway !== '') return `Route: bad argument ${word}`
    else if (parseScopedIp6(word) === undefined) return `Route: bad gateway address ${word}`
    else found.gateway = word
  }
  if (!Number.isInteger(found.metric) || found.metric < 0 || found.metric > 9999) return 'Route: bad argument'
  return found
}

export function* route6(verb: string, persistent: boolean, args: readonly string[], io: ProgramIo): Gen<number> {
  const { kernel } = io
  const fail = function* (...lines: string[]): Gen<number> {
    for (const line of lines) yield* io.line(line)
    return 1
  }
  const route = wanted(args)
  if (typeof route === 'string') return yield* fail(route)
  const destination = formatIp6(route.ip)
  // An address of the machine's own, or `::`, means the interface itself.
  const zone = Number(parseScopedIp6(route.gateway)?.zone || Number.NaN)
  const hop = numberOf6(route.gateway) === 0n ? '' : route.gateway
  if (verb === 'delete') {
    const there = routes6(kernel).some((row) => row.destination === destination && row.prefixLength === route.length)
    const done = there ? kernel.removeRoute(destination, route.length, hop || undefined) : undefined
    if (done?.ok) {
      yield* io.line(' OK!')
      return 0
    }
    const why = done?.error === 'access-denied' ? 'The requested operation requires elevation.' : 'Element not found.'
    return yield* fail(`The route deletion failed: ${why}`, '')
  }
  const change = verb === 'change'
  const refused = (reason: string) => fail(`The route ${change ? 'change' : 'addition'} failed: ${reason}`, '')
  if (networkOf6(route.ip, route.length) !== route.ip || (route.gateway === '' && route.on === undefined))
    return yield* refused('The parameter is incorrect.')
  const on = route.on ?? (Number.isInteger(zone) ? zone : routeTo6(kernel, route.gateway)?.interface)
  if (on === undefined || !kernel.interfaces().some((one) => one.index === on)) return yield* refused(NO_INTERFACE)
  if (change) kernel.removeRoute(destination, route.length)
  const metric = route.metric === 0 ? 256 : route.metric
  const done = kernel.addRoute({ destination, prefixLength: route.length, gateway: hop, interface: on, metric, persistent })
  if (done.ok) {
    yield* io.line(' OK!')
    return 0
  }
  if (done.error === 'exists') return yield* refused('The object already exists.')
  if (done.error === 'no-route') return yield* refused(NO_INTERFACE)
  return yield* refused(
    done.error === 'access-denied' ? 'The requested operation requires elevation.' : 'The parameter is incorrect.',
  )
}
