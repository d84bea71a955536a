import type { Kernel, KernelError } from '../../engine/machine/kernel.ts'
import { formatIp, inPrefix, maskOf, networkOf, parseIp, prefixOf } from '../../engine/wire/addresses.ts'
import { isPrefix6 } from '../ipv6.ts'
import { ip, routeTable, routeTo, usable } from './network.ts'
import type { Gen, Program, ProgramIo } from './program.ts'
import { wildcard } from './regex/wildcard.ts'
import { route6 } from './route-6.ts'
import { routePrint } from './route-print.ts'

const usage = `
Manipulates network routing tables.

ROUTE [-f] [-p] [-4|-6] command [destination]
                  [MASK netmask]  [gateway] [METRIC metric]  [IF interface]
`

export const route: Program = {
  name: 'route',
  synopsis: 'Shows and changes the route table.',
  options: [
    'print',
    'add',
    'change',
    'delete',
    '-p',
    '-4',
    '-6 print',
    '-6 add 2001:db8:9::/64 fe80::1',
    '-6 delete 2001:db8:9::/64',
  ],
  refuses: ['-f'],
  *run(args, io) {
    const options = args.filter((arg) => /^[-/]/.test(arg)).map((arg) => arg.slice(1).toLowerCase())
    const [command, ...rest] = args.filter((arg) => !/^[-/]/.test(arg))
    const family = options.includes('4') ? 4 : options.includes('6') ? 6 : undefined
    if (options.includes('f')) {
      yield* io.line('route -f: this option is real, but it is not simulated here yet.')
      return 1
    }
    const verb = (command ?? '').toLowerCase()
    if (/^(add|change|delete)$/.test(verb) && (family === 6 || rest.some(isPrefix6))) {
      return yield* route6(verb, options.includes('p'), rest, io)
    }
    switch (verb) {
      case 'print':
        for (const line of routePrint(io.kernel, rest[0] ?? '*', family)) yield* io.line(line)
        return 0
      case 'add':
      case 'change':
        return yield* add(verb === 'change', options.includes('p'), rest, io)
      case 'delete':
        return yield* remove(rest, io)
      default:
        for (const line of usage.split('\n')) yield* io.line(line)
        return 1
    }
  },
}

type Wanted = { destination: number; prefixLength: number; gateway: string; metric: number; on: number | undefined }

/** `dest MASK mask gateway METRIC m IF n`; a string is the complaint. */
function wanted(args: readonly string[]): Wanted | string {
  const [target = '', ...rest] = args
  const [address, length] = target.split('/')
  const destination = parseIp(address)
  if (destination === undefined) return `Route: bad destination address ${target}`
  let prefixLength = length === undefined ? (destination === 0 ? 0 : 32) : Number(length)
  let gateway = ''
  let metric = 1
  let on: number | undefined
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i].toLowerCase()
    if (word === 'mask') {
      const mask = parseIp(rest[++i] ?? '')
      prefixLength = mask === undefined ? -1 : prefixOf(mask)
      if (prefixLength < 0) return `Route: bad gateway address netmask`
    } else if (word === 'metric') metric = Number(rest[++i])
    else if (word === 'if') on = Number(/^0x/i.test(rest[i + 1] ?? '') ? rest[++i] : rest[++i])
    else if (gateway === '') gateway = rest[i]
    else return `Route: bad argument ${rest[i]}`
  }
  if (!(prefixLength >= 0 && prefixLength <= 32) || !Number.isInteger(metric) || metric < 1 || metric > 9999)
    return 'Route: bad argument'
  if (gateway !== '' && parseIp(gateway) === undefined) return `Route: bad gateway address ${gateway}`
  return { destination, prefixLength, gateway, metric, on }
}

const reasons: Partial<Record<KernelError, string>> = {
  exists: 'The object already exists.',
  'access-denied': 'The requested operation requires elevation.',
  'not-found': 'Element not found.',
}
const noInterface =
  'Either the interface index is wrong or the gateway does not lie on the same network as the interface. Check the IP Address Table for the machine.'

function* add(change: boolean, persistent: boolean, args: readonly string[], io: ProgramIo): Gen<number> {
  const route = wanted(args)
  if (typeof route === 'string') {
    yield* io.line(route)
    return 1
  }
  const fail = function* (reason: string): Gen<number> {
    yield* io.line(`The route ${change ? 'change' : 'addition'} failed: ${reason}`)
    yield* io.line('')
    return 1
  }
  if ((route.destination & ~maskOf(route.prefixLength)) !== 0 || route.gateway === '')
    return yield* fail('The parameter is incorrect.')
  const on = route.on ?? interfaceFor(io.kernel, route.gateway)
  if (on === undefined || !io.kernel.interfaces().some((one) => one.index === on)) return yield* fail(noInterface)
  const destination = formatIp(route.destination)
  if (change) io.kernel.removeRoute(destination, route.prefixLength)
  const result = io.kernel.addRoute({
    destination,
    prefixLength: route.prefixLength,
    gateway: route.gateway,
    interface: on,
    metric: route.metric,
    persistent,
  })
  if (!result.ok)
    return yield* fail(reasons[result.error] ?? (result.error === 'no-route' ? noInterface : 'The parameter is incorrect.'))
  yield* io.line(' OK!')
  return 0
}

/** A gateway must be a neighbour; one's own address means the interface itself. */
function interfaceFor(kernel: Kernel, gateway: string): number | undefined {
  const near = kernel
    .interfaces()
    .find((one) =>
      usable(one).some((own) => inPrefix(ip(gateway), networkOf(ip(own.address), own.prefixLength), own.prefixLength)),
    )
  return near?.index ?? (routeTo(kernel, gateway)?.gateway === '' ? routeTo(kernel, gateway)?.interface.index : undefined)
}

function* remove(args: readonly string[], io: ProgramIo): Gen<number> {
  const [target = '', ...rest] = args
  const plain = parseIp(target.split('/')[0])
  if (plain === undefined && !/^[\d.*?]+$/.test(target)) {
    yield* io.line(`Route: bad destination address ${target}`)
    return 1
  }
  const options = plain === undefined ? undefined : wanted(args)
  if (typeof options === 'string') {
    yield* io.line(options)
    return 1
  }
  const masked = target.includes('/') || rest.some((word) => word.toLowerCase() === 'mask')
  const matches = wildcard(target.split('/')[0])
  const rows = routeTable(io.kernel).filter(
    (row) =>
      matches(formatIp(row.network)) &&
      (!masked || row.prefixLength === options?.prefixLength) &&
      (options === undefined || options.gateway === '' || row.gateway === options.gateway),
  )
  const results = rows.map((row) =>
    io.kernel.removeRoute(formatIp(row.network), row.prefixLength, row.gateway === '' ? undefined : row.gateway),
  )
  const bad = results.find((result) => !result.ok)
  if (results.some((result) => result.ok)) {
    yield* io.line(' OK!')
    return 0
  }
  yield* io.line(
    `The route deletion failed: ${bad !== undefined && !bad.ok ? (reasons[bad.error] ?? 'The parameter is incorrect.') : 'Element not found.'}`,
  )
  yield* io.line('')
  return 1
}
