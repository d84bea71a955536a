import type { NeighborView } from '../../../engine/machine/views.ts'
import { formatMac, parseIp, parseMac } from '../../../engine/wire/addresses.ts'
import { isIp6 } from '../../ipv6.ts'
import { linuxMac } from '../format.ts'
import { type Io, notSimulated } from '../io.ts'
import { interfaceName, interfaceNamed, listedInterfaces, numberOfIp } from '../links.ts'
import { numberOfIp6 } from '../six.ts'
import { begins, type Global } from './global.ts'
import { jsonText } from './json.ts'
import { neighborLine, stateName, statisticsJson, statisticsText } from './neighbor-text.ts'

export function ipNeighbor(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'flush')) return flush(rest, global, io)
  if (begins(verb, 'add')) return change('add', rest, io)
  if (begins(verb, 'delete')) return change('del', rest, io)
  if (begins(verb, 'replace') || begins(verb, 'change')) return change('replace', rest, io)
  if (begins(verb, 'help')) {
    io.err(
      'Usage: ip neigh { show | flush } [ dev DEV ] [ ADDRESS ]\n       ip neigh { add | del | replace } ADDRESS lladdr MAC dev DEV\n',
    )
    return 255
  }
  if (begins(verb, 'get')) return get(rest, io)
  io.err(`Command "${verb}" is unknown, try "ip neighbour help".\n`)
  return 255
}

/** Entries that Linux keeps: group and broadcast addresses need no resolution there. */
export const listedNeighbors = (io: Io): NeighborView[] =>
  io.kernel.neighbors().filter((each) => numberOfIp(each.address) >>> 28 !== 14 && !/^ff:?-?ff/i.test(each.mac))

type Selector = { device: string | undefined; address: string | undefined; states: string[] }

function select(args: readonly string[], io: Io): Selector | number {
  const selector: Selector = { device: undefined, address: undefined, states: [] }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'dev') selector.device = args[++i] ?? ''
    else if (word === 'nud') selector.states.push((args[++i] ?? '').toLowerCase())
    else if (word === 'all') continue
    else if (['vrf', 'proxy', 'unused', 'nomaster', 'master'].includes(word)) {
      io.err(notSimulated(`ip neigh: the selector ${word}`))
      return 1
    } else {
      const text = word === 'to' ? (args[++i] ?? '') : word
      if (parseIp(text) === undefined && !isIp6(text)) {
        io.err(`Error: any valid prefix is expected rather than "${text}".\n`)
        return 1
      }
      selector.address = text
    }
  }
  if (selector.device !== undefined && interfaceNamed(io, selector.device) === undefined) {
    io.err(`Cannot find device "${selector.device}"\n`)
    return 1
  }
  return selector
}

function matching(io: Io, { device, address, states }: Selector): NeighborView[] {
  const links = listedInterfaces(io)
  return listedNeighbors(io).filter(
    (each) =>
      (device === undefined || interfaceName(links, each.interface) === device) &&
      (address === undefined || each.address === address) &&
      (states.length === 0 || states.includes(stateName(each.state).toLowerCase())),
  )
}

function matching6(io: Io, { device, address, states }: Selector): NeighborView[] {
  const links = listedInterfaces(io)
  return io.kernel
    .neighbors6()
    .filter(
      (each) =>
        (device === undefined || interfaceName(links, each.interface) === device) &&
        (address === undefined || numberOfIp6(address) === numberOfIp6(each.address)) &&
        (states.length === 0 || states.includes(stateName(each.state).toLowerCase())),
    )
}

function show(args: readonly string[], global: Global, io: Io): number {
  const selector = select(args, io)
  if (typeof selector === 'number') return selector
  const { now } = io.kernel.clock()
  const all = [...(global.family === 6 ? [] : matching(io, selector)), ...(global.family === 4 ? [] : matching6(io, selector))]
  const links = listedInterfaces(io)
  if (global.json) {
    const rows = all.map((each) => ({
      dst: each.address,
      dev: interfaceName(links, each.interface),
      ...(each.mac === '' ? {} : { lladdr: linuxMac(each.mac) }),
      ...(each.isRouter ? { router: null as unknown as string } : {}),
      ...(global.statistics > 0 ? statisticsJson(each, now) : {}),
      state: [stateName(each.state)],
    }))
    io.out(jsonText(rows, global.pretty))
    return 0
  }
  for (const each of all) {
    const name = interfaceName(links, each.interface)
    const mac = each.mac === '' ? '' : linuxMac(each.mac)
    if (global.brief) {
      io.out(`${each.address.padEnd(39)} ${name.padEnd(16)} ${mac} \n`)
      continue
    }
    const more = global.statistics > 0 ? statisticsText(each, now) : ''
    io.out(`${neighborLine(each, selector.device === undefined ? name : '', more)}\n`)
  }
  return 0
}

/** `ip neigh get ADDRESS dev DEVICE`. */
function get(args: readonly string[], io: Io): number {
  const selector = select(args, io)
  if (typeof selector === 'number') return selector
  if (selector.device === undefined || selector.address === undefined) {
    io.err('Device and address are required arguments.\n')
    return 1
  }
  const [found] = [...matching(io, selector), ...matching6(io, selector)]
  if (found === undefined) {
    io.err('Error: Neighbour entry not found.\n')
    return 2
  }
  io.out(`${neighborLine(found, selector.device)}\n`)
  return 0
}

function flush(args: readonly string[], global: Global, io: Io): number {
  if (args.length === 0) {
    io.err('Flush requires arguments.\n')
    return 1
  }
  const selector = select(args, io)
  if (typeof selector === 'number') return selector
  if (!io.root) {
    io.err('Failed to send flush request: Operation not permitted\n')
    return 1
  }
  // What somebody set for good stays, unless it is asked for.
  const four = global.family === 6 ? [] : matching(io, selector)
  const six = global.family === 4 ? [] : matching6(io, { ...selector, states: [] })
  const gone = [...four, ...six].filter((each) => each.state !== 'permanent' || selector.states.includes('permanent'))
  if (gone.length === 0) io.out('Nothing to flush.\n')
  for (const each of gone) io.kernel.removeNeighbor(each.interface, each.address)
  return 0
}

function change(verb: 'add' | 'del' | 'replace', args: readonly string[], io: Io): number {
  const fail = (text: string, status = 2) => {
    io.err(`${text}\n`)
    return status
  }
  let [address, mac, device]: [string | undefined, string | undefined, string | undefined] = [undefined, undefined, undefined]
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'dev') device = args[++i]
    else if (word === 'lladdr') mac = args[++i]
    else if (word === 'nud') {
      const state = args[++i] ?? ''
      if (state !== 'permanent') return fail(notSimulated(`ip neigh: nud ${state}`).trimEnd(), 1)
    } else address = word === 'to' ? args[++i] : word
  }
  if (address === undefined || device === undefined) return fail('Device and destination are required arguments.', 255)
  if (parseIp(address) === undefined && !isIp6(address))
    return fail(`Error: any valid address is expected rather than "${address}".`, 1)
  const link = interfaceNamed(io, device)
  if (!link) return fail(`Cannot find device "${device}"`, 1)
  if (!io.root) return fail('RTNETLINK answers: Operation not permitted')
  const known = [...listedNeighbors(io), ...io.kernel.neighbors6()].some(
    (each) => each.interface === link.index && each.address === address,
  )
  if (verb === 'del') {
    if (!known) return fail('RTNETLINK answers: No such file or directory')
    return io.kernel.removeNeighbor(link.index, address).ok ? 0 : fail('RTNETLINK answers: No such file or directory')
  }
  const number = mac === undefined ? undefined : parseMac(mac)
  if (number === undefined) return fail(mac === undefined ? 'RTNETLINK answers: Invalid argument' : `"${mac}" is invalid lladdr.`)
  if (known && verb === 'add') return fail('RTNETLINK answers: File exists')
  return io.kernel.addNeighbor(link.index, address, formatMac(number)).ok ? 0 : fail('RTNETLINK answers: Invalid argument')
}
