import { groupMac, groupsOf } from '../groups.ts'
import { type Io, notSimulated } from '../io.ts'
import { begins, type Global } from './global.ts'
import { jsonText } from './json.ts'
import { linkNamed, select } from './kernel-links.ts'

/** `ip maddress`: the groups of links, as link addresses and of both families. */
export function ipMaddress(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'add') || begins(verb, 'delete')) return change(begins(verb, 'add') ? 'add' : 'delete', rest, io)
  if (begins(verb, 'help')) {
    io.err('Usage: ip maddr [ add | del ] MULTIADDR dev STRING\n       ip maddr show [ dev STRING ]\n')
    return 255
  }
  io.err(`Command "${verb}" is unknown, try "ip maddress help".\n`)
  return 255
}

function show(args: readonly string[], global: Global, io: Io): number {
  const selected = select(args, io)
  if (typeof selected === 'number') return selected
  const shown = selected.links.flatMap((link) => {
    const found = groupsOf(io, link)
    const [four, six] = [found.four, found.six].map((list) => list.map(({ group }) => group)) as [string[], string[]]
    const macs = link.kind === 'loopback' || global.family !== undefined ? [] : [...four, ...six.filter(isLinkWide)].map(groupMac)
    // The newest of a family stands first.
    const shown = { link, macs, four: global.family === 6 ? [] : four.reverse(), six: global.family === 4 ? [] : six.reverse() }
    return link.enabled ? [shown] : []
  })
  if (global.json) {
    const rows = shown.map(({ link, macs, four, six }) => ({
      ifindex: link.index,
      ifname: link.name,
      maddr: [
        ...macs.map((mac) => ({ link: mac })),
        ...four.map((address) => ({ family: 'inet', address })),
        ...six.map((address) => ({ family: 'inet6', address })),
      ],
    }))
    io.out(jsonText(rows, global.pretty))
    return 0
  }
  for (const { link, macs, four, six } of shown) {
    const lines = [
      ...macs.map((mac) => `\tlink  ${mac}`),
      ...four.map((group) => `\tinet  ${group}`),
      ...six.map((group) => `\tinet6 ${group}`),
    ]
    io.out([`${link.index}:\t${link.name}`, ...lines, ''].join('\n'))
  }
  return 0
}

/** Those of the node itself never reach a link. */
const isLinkWide = (group: string): boolean => !group.startsWith('ff01:')

const MAC = /^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i

function change(verb: 'add' | 'delete', args: readonly string[], io: Io): number {
  const fail = (text: string, status: number): number => {
    io.err(`${text}\n`)
    return status
  }
  let [address, device]: [string | undefined, string | undefined] = [undefined, undefined]
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'dev') device = args[++i]
    else if (address === undefined) address = word === 'address' ? args[++i] : word
    else return fail(`Error: either "address" is duplicate, or "${word}" is a garbage.`, 255)
  }
  if (address !== undefined && /^[\d.]+$/.test(address)) return fail('Error: Invalid address length 4 - must be 6 bytes', 1)
  if (device === undefined) return fail('Not enough information: "dev" is required.', 255)
  if (address === undefined || !MAC.test(address)) return fail(`"${address ?? ''}" is invalid lladdr.`, 1)
  if (!linkNamed(io, device)) return fail('ioctl: No such device', 1)
  if (!io.root) return fail('ioctl: Operation not permitted', 1)
  io.err(notSimulated(`ip maddress ${verb}`))
  return 1
}
