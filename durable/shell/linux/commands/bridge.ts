// bridge of iproute2: ports, forwarding database and VLANs of bridges.
import { linuxMac } from '../format.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { begins } from '../ip/global.ts'
import { jsonText } from '../ip/json.ts'
import { flagNames, fullName, linkNamed, linuxOf, needsRoot, outcomeStatus } from '../ip/kernel-links.ts'
import { portCost, portState } from '../ip/link-text.ts'

const USAGE = `Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }
where  OBJECT := { link | fdb | vlan }
       OPTIONS := { -s[tatistics] | -d[etails] | -o[neline] | -j[son] | -p[retty] }
`

export const bridge: Command = {
  name: 'bridge',
  summary: 'ports, forwarding database and VLANs of bridges',
  usage: [
    'bridge link [show [dev DEV]]',
    'bridge link set dev DEV { learning | flood | hairpin | isolated } { on | off }',
    'bridge fdb [show [br BRIDGE]]  bridge fdb { add | del | replace } MAC dev DEV [vlan VID] [master]',
    'bridge vlan [show]  bridge vlan { add | del } vid VID dev DEV [pvid] [untagged] [self]',
  ].join('\n'),
  completions: ['link', 'fdb', 'vlan', 'show', 'add', 'del', 'dev'],
  run: instant(runBridge),
}

type Options = { details: boolean; json: boolean; pretty: boolean; statistics: boolean }

function runBridge(args: readonly string[], io: Io): number {
  const options: Options = { details: false, json: false, pretty: false, statistics: false }
  let at = 0
  for (; at < args.length && args[at]?.startsWith('-'); at++) {
    const option = (args[at] ?? '').replace(/^--?/, '')
    if (begins(option, 'details')) options.details = true
    else if (begins(option, 'json')) options.json = true
    else if (begins(option, 'pretty')) options.pretty = true
    else if (begins(option, 'statistics') || option === 'stats') options.statistics = true
    else if (begins(option, 'oneline') || begins(option, 'compressvlans')) continue
    else if (option === 'V' || begins(option, 'Version')) {
      io.out('bridge utility, 6.1.0\n')
      return 0
    } else if (begins(option, 'help')) {
      io.err(USAGE)
      return 255
    } else {
      io.err(`Option "${args[at]}" is unknown, try "bridge help".\n`)
      return 255
    }
  }
  const [object, ...rest] = args.slice(at)
  if (object === undefined || object === 'help') {
    io.err(USAGE)
    return 255
  }
  if (begins(object, 'link')) return link(rest, options, io)
  if (begins(object, 'fdb')) return fdb(rest, options, io)
  if (begins(object, 'vlan')) return vlan(rest, options, io)
  if (begins(object, 'mdb') || begins(object, 'monitor') || begins(object, 'vni')) {
    io.err(notSimulated(`bridge ${object}`))
    return 1
  }
  io.err(`Object "${object}" is unknown, try "bridge help".\n`)
  return 255
}

const isShow = (verb: string | undefined): boolean =>
  verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls'

function device(args: readonly string[], io: Io): string | number {
  const at = args.indexOf('dev')
  const name = at >= 0 ? args[at + 1] : undefined
  if (name === undefined) {
    io.err('Device and LLADDR are required arguments.\n')
    return 255
  }
  if (linkNamed(io, name)) return name
  io.err(`Cannot find device "${name}"\n`)
  return 1
}

const onOff = (on: boolean): string => (on ? 'on' : 'off')

function link(args: readonly string[], options: Options, io: Io): number {
  const [verb, ...rest] = args
  const all = linuxOf(io).links()
  if (isShow(verb)) {
    const only = rest.includes('dev') ? device(rest, io) : undefined
    if (typeof only === 'number') return only
    const ports = all.filter((one) => one.port && (only === undefined || one.name === only))
    const masterOf = (index: number) => all.find((one) => one.index === index)?.name ?? ''
    if (options.json) {
      io.out(
        jsonText(
          ports.map((one) => ({
            ifindex: one.index,
            ...(one.lower === 0 ? {} : { link: all.find((low) => low.index === one.lower)?.name ?? '' }),
            ifname: one.name,
            flags: flagNames(one, all),
            mtu: one.mtu,
            master: masterOf(one.master),
            state: portState(one),
            priority: 32,
            cost: portCost(one),
          })),
          options.pretty,
        ),
      )
      return 0
    }
    for (const one of ports) {
      io.out(
        `${one.index}: ${fullName(one, all)}: <${flagNames(one, all).join(',')}> mtu ${one.mtu} master ${masterOf(one.master)} state ${portState(one)} priority 32 cost ${portCost(one)} \n`,
      )
      if (options.details && one.port)
        io.out(
          `    hairpin ${onOff(one.port.hairpin)} guard off root_block off fastleave off learning ${onOff(one.port.learning)} flood ${onOff(one.port.flood)} mcast_flood on bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated ${onOff(one.port.isolated)} locked off \n`,
        )
    }
    return 0
  }
  if (!begins(verb, 'set')) {
    io.err(`Command "${verb}" is unknown, try "bridge link help".\n`)
    return 255
  }
  const name = device(rest, io)
  if (typeof name === 'number') return name
  const change: { [key: string]: boolean } = {}
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? ''
    if (word === 'dev') i++
    else if (['learning', 'flood', 'hairpin', 'isolated'].includes(word)) {
      const value = rest[++i]
      if (value !== 'on' && value !== 'off') {
        io.err(`Error: argument of "${word}" must be "on" or "off", not "${value ?? ''}"\n`)
        return 255
      }
      change[word] = value === 'on'
    } else {
      io.err(notSimulated(`bridge link set ${word}`))
      return 1
    }
  }
  return needsRoot(io) ? 2 : outcomeStatus(io, linuxOf(io).setLink(name, change))
}

function fdb(args: readonly string[], options: Options, io: Io): number {
  const [verb, ...rest] = args
  const linux = linuxOf(io)
  if (isShow(verb)) return showFdb(rest, options, io)
  const verbs = { add: 'add', append: 'append', delete: 'delete', replace: 'replace' } as const
  const chosen = (Object.keys(verbs) as (keyof typeof verbs)[]).find((one) => begins(verb, one))
  if (chosen === undefined) {
    if (begins(verb, 'flush') || begins(verb, 'get')) io.err(notSimulated(`bridge fdb ${verb}`))
    else io.err(`Command "${verb}" is unknown, try "bridge fdb help".\n`)
    return begins(verb, 'flush') || begins(verb, 'get') ? 1 : 255
  }
  const name = device(rest, io)
  if (typeof name === 'number') return name
  const mac = rest.find((word) => /^[\da-f]{1,2}(:[\da-f]{1,2}){5}$/i.test(word))
  if (mac === undefined) {
    io.err('Device and LLADDR are required arguments.\n')
    return 255
  }
  const at = rest.indexOf('vlan')
  const vid = at >= 0 ? Number(rest[at + 1]) : 0
  return needsRoot(io) ? 2 : outcomeStatus(io, linux.changeFdb(chosen, name, linuxMac(mac), vid))
}

function showFdb(rest: readonly string[], options: Options, io: Io): number {
  const linux = linuxOf(io)
  const value = (word: string) => (rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined)
  const [bridgeName, dev] = [value('br') ?? value('brport'), value('dev')]
  for (const name of [bridgeName, dev]) {
    if (name === undefined || linkNamed(io, name)) continue
    io.err(`Cannot find ${name === bridgeName ? 'bridge' : ''} device "${name}"\n`.replace('  ', ' '))
    return 1
  }
  const links = linux.links()
  const groups = (name: string, kind: string) =>
    (kind === 'bridge' ? ['01:00:5e:00:00:6a', '01:00:5e:00:00:01'] : ['01:00:5e:00:00:01']).map((mac) => ({ mac, device: name }))
  const entries = linux.fdb()
  const lines: string[] = []
  for (const one of links) {
    if (one.kind === 'loopback' || one.kind === 'ppp') continue
    const inside =
      bridgeName === undefined ||
      one.name === bridgeName ||
      links.some((master) => master.name === bridgeName && master.index === one.master)
    if (!inside || (dev !== undefined && dev !== one.name)) continue
    for (const entry of entries) {
      if (entry.device !== one.name) continue
      const words = [entry.mac]
      if (dev === undefined) words.push(`dev ${entry.device}`)
      if (entry.vid !== 0) words.push(`vlan ${entry.vid}`)
      if (options.statistics) words.push(`used ${entry.age}/${entry.age}`)
      words.push(`master ${entry.master}`)
      if (entry.permanent) words.push('permanent')
      else if (entry.fixed) words.push('static')
      lines.push(words.join(' '))
    }
    if (one.enabled)
      for (const group of groups(one.name, one.kind))
        lines.push(`${group.mac}${dev === undefined ? ` dev ${group.device}` : ''} self permanent`)
  }
  if (options.json)
    io.out(
      jsonText(
        entries.map((entry) => ({
          mac: entry.mac,
          ifname: entry.device,
          ...(entry.vid === 0 ? {} : { vlan: entry.vid }),
          flags: [],
          master: entry.master,
          state: entry.permanent ? 'permanent' : entry.fixed ? 'static' : '',
        })),
        options.pretty,
      ),
    )
  else for (const text of lines) io.out(`${text}\n`)
  return 0
}

function vlan(args: readonly string[], options: Options, io: Io): number {
  const [verb, ...rest] = args
  const linux = linuxOf(io)
  if (isShow(verb)) {
    const only = rest.includes('dev') ? device(rest, io) : undefined
    if (typeof only === 'number') return only
    const filtering = new Set(linux.links().flatMap((one) => (one.bridge?.vlanFiltering ? [one.index] : [])))
    const shown = linux.portVlans().filter((row) => {
      const one = linkNamed(io, row.device)
      return (
        one !== undefined &&
        (filtering.has(one.index) || filtering.has(one.master)) &&
        (only === undefined || row.device === only)
      )
    })
    if (options.json) {
      io.out(
        jsonText(
          shown.map((row) => ({
            ifname: row.device,
            vlans: row.vlans.map((one) => ({
              vlan: one.vid,
              ...(one.pvid || one.untagged
                ? { flags: [...(one.pvid ? ['PVID'] : []), ...(one.untagged ? ['Egress Untagged'] : [])] }
                : {}),
            })),
          })),
          options.pretty,
        ),
      )
      return 0
    }
    io.out('port              vlan-id  \n')
    for (const row of shown)
      for (const [at, one] of row.vlans.entries())
        io.out(
          `${(at === 0 ? row.device : '').padEnd(17)} ${one.vid}${one.pvid ? ' PVID' : ''}${one.untagged ? ' Egress Untagged' : ''}\n`,
        )
    return 0
  }
  const chosen = begins(verb, 'add') ? 'add' : begins(verb, 'delete') ? 'delete' : undefined
  if (chosen === undefined) {
    io.err(
      verb === 'set' || verb === 'global' || begins(verb, 'tunnelshow')
        ? notSimulated(`bridge vlan ${verb}`)
        : `Command "${verb}" is unknown, try "bridge vlan help".\n`,
    )
    return verb === 'set' || verb === 'global' ? 1 : 255
  }
  const at = rest.indexOf('vid')
  const [, first, last] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(rest[at + 1] ?? '') ?? []
  const dev = rest.indexOf('dev') >= 0 ? rest[rest.indexOf('dev') + 1] : undefined
  if (at < 0 || dev === undefined) {
    io.err('Device and VLAN ID are required arguments.\n')
    return 255
  }
  if (!linkNamed(io, dev)) {
    io.err(`Cannot find device "${dev}"\n`)
    return 1
  }
  if (first === undefined || Number(first) >= 4096 || Number(last ?? first) >= 4096) {
    io.err(`Invalid VLAN ID "${rest[at + 1] ?? ''}"\n`)
    return 255
  }
  if (needsRoot(io)) return 2
  return outcomeStatus(
    io,
    linux.changeVlan(chosen, dev, Number(first), Number(last ?? first), rest.includes('pvid'), rest.includes('untagged')),
  )
}
