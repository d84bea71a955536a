import type { InterfaceView } from '../../../engine/machine/views.ts'
import { errorText } from '../files.ts'
import { linuxMac } from '../format.ts'
import { type Io, notSimulated } from '../io.ts'
import { interfaceNamed, listedInterfaces } from '../links.ts'
import { hardwareLine, linkFlags, linkState, queueing, queueLength } from './flags.ts'
import { begins, block, type Global } from './global.ts'

export function ipLink(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'set')) return set(rest, io)
  if (begins(verb, 'help')) {
    io.err('Usage: ip link { show [ dev DEV ] [ up ] | set [ dev ] DEV { up | down } }\n')
    return 255
  }
  for (const real of ['add', 'delete', 'property', 'afstats', 'xstats', 'change', 'replace']) {
    if (!begins(verb, real)) continue
    io.err(notSimulated(`ip link ${real}`))
    return 1
  }
  io.err(`Command "${verb}" is unknown, try "ip link help".\n`)
  return 255
}

function show(args: readonly string[], global: Global, io: Io): number {
  const wanted = selectLinks(args, io)
  if (typeof wanted === 'number') return wanted
  for (const link of wanted) {
    if (global.brief) {
      const mac = link.kind === 'loopback' ? '00:00:00:00:00:00' : linuxMac(link.mac)
      io.out(`${link.name.padEnd(16)} ${linkState(link).padEnd(14)} ${mac.padEnd(17)} ${linkFlags(link)} \n`)
      continue
    }
    const lines = [
      `${link.index}: ${link.name}: ${linkFlags(link)} mtu ${link.mtu} qdisc ${queueing(link)} state ${linkState(link)} mode DEFAULT group default qlen ${queueLength(link)}`,
      `    ${hardwareLine(link)}`,
    ]
    if (global.statistics) lines.push(...counterLines(link))
    io.out(block(lines, global))
  }
  return 0
}

/** `[ dev ] NAME`, `up`: which links a listing shows, or the exit status after a message. */
export function selectLinks(args: readonly string[], io: Io): InterfaceView[] | number {
  let name: string | undefined
  let onlyUp = false
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'up') onlyUp = true
    else if (
      ['master', 'type', 'group', 'vrf', 'scope', 'to', 'label', 'permanent', 'dynamic', 'primary', 'secondary'].includes(word)
    ) {
      io.err(notSimulated(`ip: the selector ${word}`))
      return 1
    } else if (name !== undefined) {
      io.err(`Error: either "dev" is duplicate, or "${word === 'dev' ? (args[i + 1] ?? '') : word}" is a garbage.\n`)
      return 255
    } else {
      name = word === 'dev' ? args[++i] : word
      if (name === undefined) {
        io.err('Command line is not complete. Try option "help"\n')
        return 255
      }
    }
  }
  const links = listedInterfaces(io).filter((link) => (name === undefined || link.name === name) && (!onlyUp || link.enabled))
  if (name !== undefined && interfaceNamed(io, name) === undefined) {
    io.err(`Device "${name}" does not exist.\n`)
    return 1
  }
  return links
}

/** The two counter tables; a column grows with its number. The empty column at the end is the one for compressed packets. */
export function counterLines(link: InterfaceView): string[] {
  const { receivedBytes, receivedPackets, sentBytes, sentPackets } = link.counters
  const rows = [
    [receivedBytes, receivedPackets, 0, 0, 0, 0],
    [sentBytes, sentPackets, 0, 0, 0, 0],
  ].map((row) => row.map(String))
  const widths = [10, 7, 6, 7, 7, 7].map((least, i) => Math.max(least, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' ')
  const head = (title: string, heads: readonly string[]) =>
    `    ${line([`${title}: ${'bytes'.padStart((widths[0] ?? 0) - 4)}`, 'packets', 'errors', 'dropped', ...heads])}${' '.repeat(11)}`
  return [
    head('RX', ['missed', 'mcast']),
    `    ${line(rows[0] ?? [])} `,
    head('TX', ['carrier', 'collsns']),
    `    ${line(rows[1] ?? [])} `,
  ]
}

function set(args: readonly string[], io: Io): number {
  let rest = [...args]
  if (rest[0] === 'dev') rest = rest.slice(1)
  const name = rest.shift()
  if (name === undefined) {
    io.err('Not enough information: "dev" argument is required.\n')
    return 255
  }
  const link = interfaceNamed(io, name)
  if (!link) {
    io.err(`Cannot find device "${name}"\n`)
    return 1
  }
  let enabled: boolean | undefined
  for (const word of rest) {
    if (word === 'up') enabled = true
    else if (word === 'down') enabled = false
    else {
      io.err(notSimulated(`ip link set ${name} ${word}`))
      return 1
    }
  }
  if (enabled === undefined) return 0
  if (!io.root) {
    io.err('RTNETLINK answers: Operation not permitted\n')
    return 2
  }
  const outcome = io.kernel.setInterfaceEnabled(link.index, enabled)
  if (outcome.ok) return 0
  io.err(`RTNETLINK answers: ${errorText(outcome.error)}\n`)
  return 2
}
