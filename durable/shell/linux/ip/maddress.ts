import { parseIp } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { numberOfIp6 } from '../six.ts'
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
  const views = io.kernel.interfaces()
  for (const link of selected.links) {
    const groups6 = views.find((one) => one.index === link.index)?.ip6?.groups ?? []
    const groups = ['224.0.0.1', ...(link.kind === 'bridge' ? ['224.0.0.106'] : [])]
    if (!link.enabled) continue
    const lines = [`${link.index}:\t${link.name}`]
    if (link.kind !== 'loopback' && global.family === undefined)
      lines.push(
        ...groups.map((group) => `\tlink  ${groupMac(group)}`).reverse(),
        ...groups6.map((group) => `\tlink  ${groupMac6(group)}`),
      )
    if (global.family !== 6) lines.push(...groups.map((group) => `\tinet  ${group}`))
    // The newest first; every link is in the group of all its own nodes too.
    if (global.family !== 4) {
      const own = link.kind === 'loopback' ? ['ff02::1'] : groups6
      lines.push(...own.toReversed().map((group) => `\tinet6 ${group}`), '\tinet6 ff01::1')
    }
    io.out(`${lines.join('\n')}\n`)
  }
  linuxOf(io)
  return 0
}

function groupMac(group: string): string {
  const low = (parseIp(group) ?? 0) & 0x7fffff
  return `01:00:5e:${[low >>> 16, (low >>> 8) & 255, low & 255].map((one) => one.toString(16).padStart(2, '0')).join(':')}`
}

const groupMac6 = (group: string): string =>
  `33:33:${((numberOfIp6(group) & 0xffffffffn).toString(16).padStart(8, '0').match(/../g) ?? []).join(':')}`
