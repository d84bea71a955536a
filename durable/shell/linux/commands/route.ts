// route of net-tools.
import { formatIp, maskOf, networkOf, parseCidr, parseIp, prefixOf } from '../../../engine/wire/addresses.ts'
import type { Command, Io, Run } from '../io.ts'
import { notSimulated } from '../io.ts'
import { linkNamed, linuxOf } from '../ip/kernel-links.ts'
import { parseOptions } from '../options.ts'
import { routeTable } from '../route-table.ts'

export const route: Command = {
  name: 'route',
  summary: 'the route table, as net-tools shows and changes it',
  completions: ['-n', 'add', 'del', 'default', 'gw'],
  run: runRoute,
}

function* runRoute(args: readonly string[], io: Io): Run {
  const at = args.findIndex((word) => word === 'add' || word === 'del' || word === 'flush')
  if (at >= 0) return change(args[at] ?? '', args.slice(at + 1), io)
  const options = parseOptions('route', args, { flags: 'ne', real: 'vFCAVh46', status: 1 }, io)
  if (typeof options === 'number') return options
  if (options.operands.length > 0) {
    io.err(notSimulated(`route ${options.operands[0]}`))
    return 1
  }
  io.out(yield* routeTable(io, { numeric: options.flags.has('n'), columns: options.flags.has('e') ? 'window' : 'metric' }))
  return 0
}

const USAGE = 'Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]\n'

function change(verb: string, args: readonly string[], io: Io): number {
  let [kind, target, mask, gateway, device, metric, reject]: [
    string,
    string | undefined,
    string | undefined,
    string,
    string,
    number | undefined,
    boolean,
  ] = ['', undefined, undefined, '', '', undefined, false]
  if (verb === 'flush') {
    io.err(notSimulated('route flush'))
    return 1
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === '-net' || word === '-host') kind = word
    else if (target === undefined) target = word
    else if (word === 'netmask') mask = args[++i] ?? ''
    else if (word === 'gw' || word === 'gateway') gateway = args[++i] ?? ''
    else if (word === 'dev' || word === 'device') device = args[++i] ?? ''
    else if (word === 'metric') metric = Number(args[++i]) || 0
    else if (word === 'reject') reject = true
    else if (linkNamed(io, word)) device = word
    else {
      io.err(['mss', 'window', 'irtt', 'mod', 'dyn', 'reinstate'].includes(word) ? notSimulated(`route ${word}`) : USAGE)
      return ['mss', 'window', 'irtt'].includes(word) ? 1 : 4
    }
  }
  if (target === undefined) {
    io.err(USAGE)
    return 4
  }
  const whole = target === 'default' ? { address: 0, prefixLength: 0 } : parseCidr(target)
  const ip = whole?.address ?? parseIp(target)
  if (ip === undefined) {
    io.err(`${target}: Host name lookup failure\n`)
    return 6
  }
  const dotted = mask === undefined ? undefined : parseIp(mask)
  if (mask !== undefined && (dotted === undefined || prefixOf(dotted) < 0)) {
    io.err(`route: bogus netmask ${mask}\n`)
    return 5
  }
  const length =
    whole?.prefixLength ?? (dotted === undefined ? (kind === '-net' ? classful(ip) : ip === 0 ? 0 : 32) : prefixOf(dotted))
  if (networkOf(ip, length) !== ip) {
    io.err(`route: netmask doesn't match route address\n`)
    return 5
  }
  if (gateway !== '' && parseIp(gateway) === undefined) {
    io.err(`${gateway}: Host name lookup failure\n`)
    return 6
  }
  const call = verb === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'
  if (!io.root) {
    io.err(`${call}: Operation not permitted\n`)
    return 7
  }
  const outcome = linuxOf(io).changeRoute(verb === 'add' ? 'add' : 'delete', {
    type: reject ? 'unreachable' : 'unicast',
    destination: formatIp(ip & maskOf(length)),
    prefixLength: length,
    gateway,
    device,
    table: 0,
    ...(metric === undefined ? {} : { metric }),
  })
  if (outcome.ok) return 0
  const detail = outcome.detail ?? ''
  io.err(
    `${call}: ${detail.startsWith('Error:') ? (outcome.error === 'wrong-state' ? 'Network is down' : outcome.error === 'no-route' ? 'Network is unreachable' : 'Invalid argument') : detail}\n`,
  )
  return 7
}

/** The mask that an address had before there were masks. */
const classful = (ip: number): number => (ip === 0 ? 0 : ip >>> 31 === 0 ? 8 : ip >>> 30 === 2 ? 16 : 24)
