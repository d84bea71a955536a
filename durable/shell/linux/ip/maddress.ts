import { parseIp } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { begins, type Global } from './global.ts'
import { linuxOf, select } from './kernel-links.ts'

/** The groups that every link is in: all hosts, and on a bridge all snooping switches (224.0.0.106). */
export function ipMaddress(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb !== undefined && !begins(verb, 'show') && !begins(verb, 'list') && verb !== 'lst' && verb !== 'ls') {
    io.err(
      begins(verb, 'add') || begins(verb, 'delete')
        ? notSimulated(`ip maddress ${verb}`)
        : `Command "${verb}" is unknown, try "ip maddress help".\n`,
    )
    return begins(verb, 'add') || begins(verb, 'delete') ? 1 : 255
  }
  const selected = select(rest, io)
  if (typeof selected === 'number') return selected
  for (const link of selected.links) {
    const groups = ['224.0.0.1', ...(link.kind === 'bridge' ? ['224.0.0.106'] : [])]
    if (!link.enabled) continue
    const lines = [`${link.index}:\t${link.name}`]
    if (link.kind !== 'loopback' && global.family === undefined)
      lines.push(...groups.map((group) => `\tlink  ${groupMac(group)}`).reverse())
    if (global.family !== 6) lines.push(...groups.map((group) => `\tinet  ${group}`))
    io.out(`${lines.join('\n')}\n`)
  }
  linuxOf(io)
  return 0
}

function groupMac(group: string): string {
  const low = (parseIp(group) ?? 0) & 0x7fffff
  return `01:00:5e:${[low >>> 16, (low >>> 8) & 255, low & 255].map((one) => one.toString(16).padStart(2, '0')).join(':')}`
}
