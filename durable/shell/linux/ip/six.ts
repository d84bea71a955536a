// `ip -6`: addresses, routes and neighbours of IPv6 as iproute2 prints them.
import type { AddressView6, InterfaceView, RouteView6 } from '../../../engine/machine/views.ts'
import { formatIp6, networkOf6, parseCidr6, parseIp6, parseMac } from '../../../engine/wire/addresses.ts'
import { errorText } from '../files.ts'
import { type Io, notSimulated } from '../io.ts'
import { interfaceName, interfaceNamed, listedInterfaces } from '../links.ts'
import { addressesOf6, mainTable6, numberOfIp6, routeTo6 } from '../six.ts'
import type { Global } from './global.ts'
import { jsonText, type Plain } from './json.ts'
import { tableText } from './tables.ts'

const MICROS = 1_000_000
const isSix = (word: string | undefined): boolean => word?.includes(':') === true && parseMac(word) === undefined

/** Whether the words of a command are about IPv6 though nobody said `-6`. */
export const speaksSix = (args: readonly string[], global: Global): boolean => global.family === 6 || args.some(isSix)

const life = (until: number | null, now: number): string =>
  until === null ? 'forever' : `${Math.max(0, Math.floor((until - now) / MICROS))}sec`

const SCOPES = { 'well-known': 'host', 'link-local': 'link', manual: '', ra: '', temporary: '', dhcp: '' } as const

export function inet6Lines(link: Pick<InterfaceView, 'kind'>, a: AddressView6, now: number): string[] {
  const linkLocal = numberOfIp6(a.address) >> 118n === 0x3fan
  const words = [`inet6 ${a.address}/${a.prefixLength} scope ${SCOPES[a.origin] || (linkLocal ? 'link' : 'global')}`]
  if (a.state === 'duplicate') words.push('dadfailed', 'tentative')
  if (a.origin === 'temporary') words.push('temporary')
  if (a.state === 'deprecated') words.push('deprecated')
  if (a.validUntil !== null) words.push('dynamic')
  if (a.state === 'tentative') words.push('tentative')
  if (a.origin === 'ra') words.push('mngtmpaddr')
  if (a.origin === 'ra' || a.origin === 'dhcp' || link.kind === 'loopback') words.push('noprefixroute')
  const preferred = a.state === 'deprecated' ? '0sec' : life(a.preferredUntil, now)
  return [`    ${words.join(' ')} `, `       valid_lft ${life(a.validUntil, now)} preferred_lft ${preferred}`]
}

const fail = (io: Io, text: string, status = 2): number => {
  io.err(`${text}\n`)
  return status
}

export function changeAddress6(verb: 'add' | 'del', local: string, device: string | undefined, io: Io): number {
  const alone = parseIp6(local)
  const cidr = parseCidr6(local) ?? (alone === undefined ? undefined : { address: alone, prefixLength: 128 })
  if (cidr === undefined) return fail(io, `Error: any valid prefix is expected rather than "${local}".`, 1)
  if (device === undefined) return fail(io, 'Not enough information: "dev" argument is required.', 255)
  const link = interfaceNamed(io, device)
  if (!link) return fail(io, `Cannot find device "${device}"`, 1)
  if (!io.root) return fail(io, 'RTNETLINK answers: Operation not permitted')
  const address = formatIp6(cidr.address)
  const outcome =
    verb === 'add' ? io.kernel.addAddress(link.index, address, cidr.prefixLength) : io.kernel.removeAddress(link.index, address)
  if (outcome.ok) return 0
  if (outcome.error === 'exists') return fail(io, 'Error: ipv6: address already assigned.')
  if (outcome.error === 'not-found') return fail(io, 'Error: ipv6: address not found.')
  return fail(io, `RTNETLINK answers: ${errorText(outcome.error)}`)
}

// Routes

const PROTOCOLS = { kernel: 'kernel', ra: 'ra', redirect: 'redirect', static: 'static', dhcp: 'dhcp' } as const
const PREFERENCES: { readonly [preference: number]: string } = { 1: 'high', 0: 'medium', [-1]: 'low' }

/** A route of any table; which one is said where it is not the main one. */
export function routeLine6(route: RouteView6, device: string, now: number): string {
  const words: string[] = route.type === undefined ? [] : [route.type]
  words.push(route.prefixLength === 0 ? 'default' : prefixText(route))
  if (route.gateway !== '') words.push(`via ${route.gateway}`)
  if (device !== '') words.push(`dev ${device}`)
  if (route.table !== undefined) words.push(`table ${tableText(route.table)}`)
  if (route.origin !== 'static' || route.persistent) words.push(`proto ${PROTOCOLS[route.origin]}`)
  words.push(`metric ${route.metric}`)
  if (route.expiresAt !== null) words.push(`expires ${life(route.expiresAt, now)}`)
  words.push(`pref ${PREFERENCES[route.preference] ?? 'medium'}`)
  return words.join(' ')
}

const prefixText = (route: RouteView6): string =>
  route.prefixLength === 128 ? route.destination : `${route.destination}/${route.prefixLength}`

type Wanted = {
  prefix: { address: bigint; prefixLength: number } | undefined
  gateway: string
  device: string
  metric: number
  table: 'main' | 'local' | 'all'
}

function readRoute(args: readonly string[], io: Io): Wanted | number {
  const wanted: Wanted = { prefix: undefined, gateway: '', device: '', metric: 0, table: 'main' }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'via') {
      const next = args[i + 1] === 'inet6' ? args[i + 2] : args[i + 1]
      i += args[i + 1] === 'inet6' ? 2 : 1
      if (parseIp6(next ?? '') === undefined) return fail(io, `Error: inet6 address is expected rather than "${next ?? ''}".`, 1)
      wanted.gateway = next ?? ''
    } else if (word === 'dev') wanted.device = args[++i] ?? ''
    else if (word === 'metric' || word === 'preference') wanted.metric = Number(args[++i] ?? 0) || 0
    else if (word === 'table' && /^(main|local|all|254|255|0)$/.test(args[i + 1] ?? ''))
      wanted.table = TABLES[args[++i] ?? ''] ?? 'main'
    else if (word === 'proto' && args[i + 1] === 'static') i++
    else if (['table', 'proto', 'scope', 'type', 'src', 'mtu', 'expires', 'pref', 'onlink', 'nexthop'].includes(word)) {
      io.err(notSimulated(`ip -6 route: ${word}`))
      return 1
    } else if (word === 'exact' || word === 'to') continue
    else {
      const alone = parseIp6(word)
      wanted.prefix =
        word === 'default'
          ? { address: 0n, prefixLength: 0 }
          : (parseCidr6(word) ?? (alone === undefined ? undefined : { address: alone, prefixLength: 128 }))
      if (wanted.prefix === undefined) return fail(io, `Error: any valid prefix is expected rather than "${word}".`, 1)
    }
  }
  if (wanted.device !== '' && !interfaceNamed(io, wanted.device)) return fail(io, `Cannot find device "${wanted.device}"`, 1)
  return wanted
}

const TABLES: { readonly [name: string]: Wanted['table'] } = {
  main: 'main',
  254: 'main',
  local: 'local',
  255: 'local',
  all: 'all',
  0: 'all',
}

export type OwnRoute6 = { readonly type: string; readonly dst: string; readonly metric: number }

/** What the kernel keeps by itself, where several tables are told of. */
export const ownRouteLine = ({ type, dst, metric }: OwnRoute6, device: string): string =>
  `${type} ${dst} dev ${device} table local proto kernel metric ${metric} pref medium`

type Row6 = {
  readonly device: string
  readonly dst: string
  readonly line: string
  readonly json: { readonly [key: string]: Plain }
}

/** What the kernel keeps by itself: its own addresses, and the groups of each link. */
function localRows(io: Io, shown: string): Row6[] {
  const rows = listedInterfaces(io)
    .filter((link) => link.up && addressesOf6(link).length > 0)
    .flatMap((link) => {
      const own = addressesOf6(link).filter((a) => a.state === 'preferred' || a.state === 'deprecated')
      const all: { type: string; dst: string; metric: number }[] = own.map((a) => ({ type: 'local', dst: a.address, metric: 0 }))
      if (link.kind !== 'loopback') all.push({ type: 'multicast', dst: 'ff00::/8', metric: 256 })
      return all.map((row) => ({ ...row, device: link.name }))
    })
  const value = (row: { dst: string }) => numberOfIp6(row.dst.split('/')[0] ?? '')
  const sorted = rows.toSorted((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0))
  return sorted.map(({ type, dst, metric, device }) => ({
    device,
    dst,
    line: `${type} ${dst} ${device === shown ? '' : `dev ${device} `}${shown === ALL ? 'table local ' : ''}proto kernel metric ${metric} pref medium`,
    json: { type, dst, dev: device, table: 'local', protocol: 'kernel', metric, flags: [], pref: 'medium' },
  }))
}

/** No device has this name. */
const ALL = '*'

function showRoutes(wanted: Wanted, global: Global, same: (route: RouteView6) => boolean, io: Io): number {
  const { device, table, prefix } = wanted
  const links = listedInterfaces(io)
  const { now } = io.kernel.clock()
  const rows: Row6[] = []
  if (table !== 'local')
    for (const route of mainTable6(io)) {
      const name = interfaceName(links, route.interface)
      if (!same(route)) continue
      const dst = route.prefixLength === 0 ? 'default' : prefixText(route)
      rows.push({
        device: name,
        dst,
        line: routeLine6(route, device === '' ? name : '', now),
        json: routeJson6(route, dst, name, now),
      })
    }
  if (table !== 'main' && prefix === undefined) rows.push(...localRows(io, table === 'all' ? ALL : device))
  const chosen = rows.filter((row) => device === '' || row.device === device)
  if (global.json)
    io.out(
      jsonText(
        chosen.map((row) => row.json),
        global.pretty,
      ),
    )
  else for (const row of chosen) io.out(`${row.line} \n`)
  return 0
}

function routeJson6(route: RouteView6, dst: string, dev: string, now: number): { readonly [key: string]: Plain } {
  const shown = route.origin !== 'static' || route.persistent
  return {
    dst,
    ...(route.gateway === '' ? {} : { gateway: route.gateway }),
    dev,
    ...(shown ? { protocol: PROTOCOLS[route.origin] } : {}),
    metric: route.metric,
    flags: [],
    ...(route.expiresAt === null ? {} : { expires: Math.max(0, Math.floor((route.expiresAt - now) / MICROS)) }),
    pref: PREFERENCES[route.preference] ?? 'medium',
  }
}

export function route6(verb: 'show' | 'add' | 'del' | 'replace', args: readonly string[], global: Global, io: Io): number {
  const wanted = readRoute(args, io)
  if (typeof wanted === 'number') return wanted
  const links = listedInterfaces(io)
  const { prefix, gateway, device, metric } = wanted
  const same = (route: RouteView6) =>
    prefix === undefined || (numberOfIp6(route.destination) === prefix.address && route.prefixLength === prefix.prefixLength)
  if (verb === 'show') return showRoutes(wanted, global, same, io)
  if (wanted.table !== 'main') {
    io.err(notSimulated(`ip -6 route ${verb}: another table than main`))
    return 1
  }
  if (prefix === undefined) return fail(io, 'RTNETLINK answers: Invalid argument')
  if (!io.root) return fail(io, 'RTNETLINK answers: Operation not permitted')
  const destination = formatIp6(prefix.address)
  const link = links.find((each) => each.name === device)
  const known = mainTable6(io).find(
    (r) => same(r) && (gateway === '' || r.gateway === gateway) && (!link || r.interface === link.index),
  )
  if (verb === 'del') {
    const outcome = known && io.kernel.removeRoute(destination, known.prefixLength, known.gateway || undefined)
    return outcome?.ok ? 0 : fail(io, 'RTNETLINK answers: No such process')
  }
  if (networkOf6(prefix.address, prefix.prefixLength) !== prefix.address)
    return fail(io, 'Error: Invalid prefix for given prefix length.')
  if (gateway === '' && !link) return fail(io, 'RTNETLINK answers: No such device')
  if (verb === 'replace' && known) io.kernel.removeRoute(destination, known.prefixLength, known.gateway || undefined)
  const outcome = io.kernel.addRoute({
    destination,
    prefixLength: prefix.prefixLength,
    gateway,
    interface: link?.index ?? 0,
    metric: metric || 1024,
    persistent: false,
  })
  if (outcome.ok) return 0
  if (outcome.error === 'exists') return fail(io, 'RTNETLINK answers: File exists')
  return fail(
    io,
    outcome.error === 'no-route' ? 'RTNETLINK answers: No route to host' : `RTNETLINK answers: ${errorText(outcome.error)}`,
  )
}

export function routeGet6(args: readonly string[], io: Io): number {
  const [first, second] = args
  const text = (first === 'to' ? second : first)?.replace(/\/128$/, '') ?? ''
  const ip = parseIp6(text)
  if (ip === undefined) return fail(io, `Error: any valid prefix is expected rather than "${text}".`, 1)
  const links = listedInterfaces(io)
  const owner = links.find((link) => addressesOf6(link).some((a) => numberOfIp6(a.address) === ip))
  if (owner) {
    io.out(`local ${text} from :: dev lo table local proto kernel src ${text} metric 0 pref medium\n`)
    return 0
  }
  const route = routeTo6(io, ip)
  if (route === undefined) return fail(io, 'RTNETLINK answers: Network is unreachable')
  const link = links.find((each) => each.index === route.interface)
  const own = link === undefined ? [] : addressesOf6(link).filter((a) => a.state === 'preferred')
  const scoped = ip >> 118n === 0x3fan
  const source = own.find((a) => (a.origin === 'link-local') === scoped) ?? own[0]
  const via = route.gateway === '' ? '' : ` via ${route.gateway}`
  const protocol = route.origin === 'static' ? 'static' : PROTOCOLS[route.origin]
  io.out(
    `${text} from ::${via} dev ${link?.name ?? ''} proto ${protocol} src ${source?.address ?? '::'} metric ${route.metric} pref medium\n`,
  )
  return 0
}

// Neighbours
