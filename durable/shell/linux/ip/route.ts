import type { RouteView } from '../../../engine/machine/views.ts'
import { formatIp, inPrefix, networkOf, parseIp } from '../../../engine/wire/addresses.ts'
import { errorText } from '../files.ts'
import { type Io, notSimulated } from '../io.ts'
import { broadcastText, interfaceName, interfaceNamed, listedInterfaces, mainTable, numberOfIp, sourceOf } from '../links.ts'
import { parsePrefix } from './address.ts'
import { begins, type Global } from './global.ts'
import { routeGet } from './route-get.ts'
import { route6, routeGet6, speaksSix } from './six.ts'

export function ipRoute(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'get')) return speaksSix(rest, global) ? routeGet6(rest, io) : routeGet(rest, io)
  if (begins(verb, 'add')) return change('add', rest, global, io)
  if (begins(verb, 'delete')) return change('del', rest, global, io)
  if (begins(verb, 'replace')) return change('replace', rest, global, io)
  if (begins(verb, 'help')) {
    io.err(
      'Usage: ip route { show | get ADDRESS | { add | del | replace } PREFIX [ via ADDRESS ] [ dev IFNAME ] [ metric METRIC ] }\n',
    )
    return 255
  }
  for (const real of ['change', 'append', 'prepend', 'flush', 'save', 'restore', 'showdump', 'test']) {
    if (!begins(verb, real)) continue
    io.err(notSimulated(`ip route ${real}`))
    return 1
  }
  io.err(`Command "${verb}" is unknown, try "ip route help".\n`)
  return 255
}

function show(args: readonly string[], global: Global, io: Io): number {
  if (speaksSix(args, global)) return route6('show', args, io)
  let device: string | undefined
  let prefix: { readonly address: number; readonly prefixLength: number } | undefined
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'dev') device = args[++i]
    else if (word === 'table' && args[i + 1] === 'main') i++
    else if (['table', 'proto', 'scope', 'type', 'via', 'src', 'metric', 'root', 'match', 'cache', 'vrf'].includes(word)) {
      io.err(notSimulated(`ip route: the selector ${word}`))
      return 1
    } else if (word === 'exact') continue
    else {
      prefix = word === 'default' ? { address: 0, prefixLength: 0 } : parsePrefix(word)
      if (prefix === undefined) {
        io.err(`Error: any valid prefix is expected rather than "${word}".\n`)
        return 1
      }
    }
  }
  if (device !== undefined && interfaceNamed(io, device) === undefined) {
    io.err(`Cannot find device "${device}"\n`)
    return 1
  }
  const links = listedInterfaces(io)
  for (const route of mainTable(io)) {
    const name = interfaceName(links, route.interface)
    if (device !== undefined && name !== device) continue
    if (prefix && (numberOfIp(route.destination) !== prefix.address || route.prefixLength !== prefix.prefixLength)) continue
    io.out(`${routeLine(io, route, device === undefined ? name : '')}\n`)
  }
  return 0
}

/** One line; the device is left out when the listing was asked for one device. Fields end in a space, as iproute2's do. */
function routeLine(io: Io, route: RouteView, device: string): string {
  const link = io.kernel.interfaces().find((each) => each.index === route.interface)
  const words = [route.prefixLength === 0 ? 'default' : destinationText(route)]
  if (route.gateway !== '') words.push(`via ${route.gateway}`)
  if (device !== '') words.push(`dev ${device}`)
  const origin = route.origin === 'static' ? (route.persistent ? 'static' : '') : route.origin === 'ppp' ? 'kernel' : route.origin
  if (origin !== '') words.push(`proto ${origin}`)
  if (route.gateway === '') words.push('scope link')
  if (route.origin !== 'static') {
    const source = sourceOf(io, route)
    if (source !== '') words.push(`src ${source}`)
  }
  if (route.metric > 0) words.push(`metric ${route.metric}`)
  if (link?.enabled && !link.up) words.push('linkdown')
  return `${words.join(' ')} `
}

const destinationText = (route: RouteView): string =>
  route.prefixLength === 32 ? route.destination : `${route.destination}/${route.prefixLength}`

type Wanted = { prefix: { address: number; prefixLength: number }; gateway: string; device: string | undefined; metric: number }

function change(verb: 'add' | 'del' | 'replace', args: readonly string[], global: Global, io: Io): number {
  if (speaksSix(args, global)) return route6(verb, args, io)
  const wanted = readRoute(args, global, io)
  if (typeof wanted === 'number') return wanted
  const { prefix, gateway, device, metric } = wanted
  const fail = (text: string, status = 2) => {
    io.err(`${text}\n`)
    return status
  }
  const link = device === undefined ? undefined : interfaceNamed(io, device)
  if (device !== undefined && !link) return fail(`Cannot find device "${device}"`, 1)
  if (!io.root) return fail('RTNETLINK answers: Operation not permitted')
  const destination = formatIp(prefix.address)
  if (verb === 'del') {
    const found = mainTable(io).find(
      (route) =>
        numberOfIp(route.destination) === prefix.address &&
        route.prefixLength === prefix.prefixLength &&
        (gateway === '' || route.gateway === gateway) &&
        (metric === 0 || route.metric === metric) &&
        (!link || route.interface === link.index),
    )
    const outcome = found && io.kernel.removeRoute(found.destination, found.prefixLength, found.gateway)
    return outcome?.ok ? 0 : fail('RTNETLINK answers: No such process')
  }
  if (networkOf(prefix.address, prefix.prefixLength) !== prefix.address)
    return fail('Error: Invalid prefix for given prefix length.')
  if (gateway === '' && !link) return fail('RTNETLINK answers: No such device')
  const via = link ?? linkTowards(io, gateway)
  if (!via || (gateway !== '' && linkTowards(io, gateway, via.index) === undefined))
    return fail('Error: Nexthop has invalid gateway.')
  if (!via.enabled) return fail('Error: Device for nexthop is not up.')
  const same = mainTable(io).find(
    (route) =>
      numberOfIp(route.destination) === prefix.address && route.prefixLength === prefix.prefixLength && route.metric === metric,
  )
  if (same && verb === 'add') return fail('RTNETLINK answers: File exists')
  if (same) io.kernel.removeRoute(same.destination, same.prefixLength, same.gateway)
  const outcome = io.kernel.addRoute({
    destination,
    prefixLength: prefix.prefixLength,
    gateway,
    interface: via.index,
    metric,
    persistent: false,
  })
  if (outcome.ok) return 0
  return fail(
    outcome.error === 'no-route' ? 'Error: Nexthop has invalid gateway.' : `RTNETLINK answers: ${errorText(outcome.error)}`,
  )
}

/** The interface in whose network a next hop is. */
function linkTowards(io: Io, gateway: string, index?: number) {
  const address = numberOfIp(gateway)
  return listedInterfaces(io).find(
    (link) =>
      (index === undefined || link.index === index) &&
      (link.addresses.some(
        (own) => inPrefix(address, numberOfIp(own.address), own.prefixLength) && broadcastText(own) !== gateway,
      ) ||
        io.kernel
          .routes()
          .some(
            (route) =>
              route.interface === link.index &&
              route.gateway === '' &&
              inPrefix(address, numberOfIp(route.destination), route.prefixLength),
          )),
  )
}

function readRoute(args: readonly string[], global: Global, io: Io): Wanted | number {
  let prefix: Wanted['prefix'] | undefined
  let [gateway, device, metric]: [string, string | undefined, number] = ['', undefined, 0]
  const fail = (text: string, status = 1) => {
    io.err(`${text}\n`)
    return status
  }
  if (global.family === 6) return fail('ip: IPv6 routes cannot be changed: IPv6 is not simulated yet')
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (['via', 'dev', 'metric'].includes(word) && args[i + 1] === undefined)
      return fail('Command line is not complete. Try option "help"', 255)
    if (word === 'via') {
      gateway = args[++i] ?? ''
      if (parseIp(gateway) === undefined) return fail(`Error: any valid address is expected rather than "${gateway}".`)
    } else if (word === 'dev') device = args[++i]
    else if (word === 'metric') {
      const text = args[++i] ?? ''
      if (!/^\d{1,9}$/.test(text)) return fail(`Error: argument "${text}" is wrong: "metric" value is invalid\n`, 255)
      metric = Number(text)
    } else if (
      ['src', 'table', 'proto', 'scope', 'onlink', 'mtu', 'nexthop', 'blackhole', 'unreachable', 'prohibit'].includes(word)
    ) {
      return fail(notSimulated(`ip route: ${word}`).trimEnd())
    } else if (prefix === undefined) {
      prefix = word === 'default' || word === '0/0' ? { address: 0, prefixLength: 0 } : parsePrefix(word)
      if (prefix === undefined) return fail(`Error: any valid prefix is expected rather than "${word}".`)
    } else return fail(`Error: either "to" is duplicate, or "${word}" is a garbage.`, 255)
  }
  if (prefix === undefined) return fail('ip route: a destination is wanted, for example "default" or 10.0.0.0/8')
  return { prefix, gateway, device, metric }
}
