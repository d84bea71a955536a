import type { NeighborView } from '../../../engine/machine/views.ts'
import { formatMac, parseIp, parseMac } from '../../../engine/wire/addresses.ts'
import { linuxMac } from '../format.ts'
import type { Command, Io, Run } from '../io.ts'
import { listedNeighbors } from '../ip/neighbor.ts'
import { firstLink, interfaceName, interfaceNamed, listedInterfaces } from '../links.ts'
import { forward, reverseNames } from '../names.ts'
import { parseOptions } from '../options.ts'

export const arp: Command = {
  name: 'arp',
  summary: 'the neighbour table, as net-tools shows it',
  completions: ['-n', '-a', '-i', '-d', '-s'],
  run: runArp,
}

const HEADING = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n'

function* runArp(args: readonly string[], io: Io): Run {
  const options = parseOptions('arp', args, { flags: 'naeds', values: 'i', real: 'vDHAfp', status: 1 }, io)
  if (typeof options === 'number') return options
  const { flags, values, operands } = options
  const device = values.get('i')
  if (flags.has('d') || flags.has('s')) return change(flags.has('d'), operands, device, io)
  let wanted: string | undefined
  if (operands[0] !== undefined) {
    const found = yield* forward(io, operands[0])
    if (found.kind !== 'found') {
      io.err(`${operands[0]}: Unknown host\n`)
      return 255
    }
    wanted = found.addresses[0]
  }
  const links = listedInterfaces(io)
  const nameOf = reverseNames(io)
  const entries = listedNeighbors(io).filter(
    (each) =>
      (wanted === undefined || each.address === wanted) &&
      (device === undefined || interfaceName(links, each.interface) === device),
  )
  if (entries.length === 0 && wanted !== undefined) {
    io.out(`${operands[0]} (${wanted}) -- no entry\n`)
    return 1
  }
  for (const [i, each] of entries.entries()) {
    const name = flags.has('n') ? undefined : yield* nameOf(each.address)
    const link = interfaceName(links, each.interface)
    if (flags.has('a')) io.out(bsdLine(each, name, link))
    else io.out(`${i === 0 ? HEADING : ''}${tableLine(each, name, link)}`)
  }
  return 0
}

const complete = (each: NeighborView): boolean => each.mac !== '' && each.state !== 'incomplete' && each.state !== 'unreachable'

function bsdLine(each: NeighborView, name: string | undefined, link: string): string {
  const begin = `${name ?? '?'} (${each.address}) at `
  if (!complete(each)) return `${begin}<incomplete> on ${link}\n`
  return `${begin}${linuxMac(each.mac)} [ether]${each.state === 'permanent' ? ' PERM' : ''} on ${link}\n`
}

function tableLine(each: NeighborView, name: string | undefined, link: string): string {
  const begin = `${(name ?? each.address).slice(0, 23).padEnd(23)}  `
  const flags = complete(each) ? (each.state === 'permanent' ? 'CM' : 'C') : ''
  const hardware = complete(each)
    ? `${'ether'.padEnd(8)}${linuxMac(each.mac).padEnd(20)}`
    : `${''.padEnd(8)}${'(incomplete)'.padEnd(20)}`
  return `${begin}${hardware}${flags.padEnd(6)}${''.padEnd(15)} ${link}\n`
}

function change(remove: boolean, operands: readonly string[], device: string | undefined, io: Io): number {
  const [address, mac] = operands
  if (address === undefined || parseIp(address) === undefined) {
    io.err(address === undefined ? 'arp: need host name\n' : `${address}: Unknown host\n`)
    return 255
  }
  const link = device === undefined ? firstLink(io) : interfaceNamed(io, device)
  if (!io.root) {
    io.err(remove ? 'SIOCDARP(dontpub): Operation not permitted\n' : 'SIOCSARP: Operation not permitted\n')
    return 255
  }
  if (!link) {
    io.err('SIOCSARP: No such device\n')
    return 255
  }
  if (remove) {
    const entry = listedNeighbors(io).find(
      (each) => each.address === address && (device === undefined || each.interface === link.index),
    )
    if (entry && io.kernel.removeNeighbor(entry.interface, address).ok) return 0
    io.err(`No ARP entry for ${address}\n`)
    return 255
  }
  const number = mac === undefined ? undefined : parseMac(mac)
  if (number === undefined) {
    io.err(mac === undefined ? 'arp: need hardware address\n' : 'arp: invalid hardware address\n')
    return 255
  }
  return io.kernel.addNeighbor(link.index, address, formatMac(number)).ok ? 0 : 255
}
