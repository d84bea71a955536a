import type { LinkChange, NewLink } from '../../../engine/machine/linux/linux-views.ts'
import { type Io, notSimulated } from '../io.ts'
import { begins, block, type Global } from './global.ts'
import { jsonText } from './json.ts'
import { flagNames, fullName, linkNamed, linuxOf, needsRoot, operState, outcomeStatus, select } from './kernel-links.ts'
import { counterLines, linkJson, linkLines } from './link-text.ts'

export function ipLink(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'set')) return set(rest, io)
  if (begins(verb, 'add')) return add(rest, io)
  if (begins(verb, 'delete')) return remove(rest, io)
  if (begins(verb, 'help')) {
    io.err(
      'Usage: ip link { show [ dev DEV ] [ up ] | add [ link DEV ] [ name ] NAME type { bridge | vlan | veth | dummy | macvlan } | delete DEV | set [ dev ] DEV SETTING... }\n',
    )
    return 255
  }
  for (const real of ['change', 'replace', 'property', 'afstats', 'xstats']) {
    if (!begins(verb, real)) continue
    io.err(notSimulated(`ip link ${real}`))
    return 1
  }
  // iproute2 takes a device for `show` where nothing else fits.
  if (linkNamed(io, verb)) return show(args, global, io)
  io.err(`Command "${verb}" is unknown, try "ip link help".\n`)
  return 255
}

function show(args: readonly string[], global: Global, io: Io): number {
  const selected = select(args, io)
  if (typeof selected === 'number') return selected
  const all = linuxOf(io).links()
  if (global.json) {
    io.out(
      jsonText(
        selected.links.map((link) => linkJson(link, all, global, true)),
        global.pretty,
      ),
    )
    return 0
  }
  for (const link of selected.links) {
    if (global.brief) {
      io.out(
        `${fullName(link, all).padEnd(16)} ${operState(link).padEnd(14)} ${(link.mac || '').padEnd(17)} <${flagNames(link, all).join(',')}> \n`,
      )
      continue
    }
    const lines = linkLines(link, all, global, true)
    if (global.statistics > 0) lines.push(...counterLines(link, global.statistics > 1))
    io.out(block(lines, global))
  }
  return 0
}

const TYPES = ['bridge', 'vlan', 'veth', 'dummy', 'macvlan']
const REAL_TYPES =
  /^(bond|team|vxlan|gre|gretap|ipip|sit|ip6tnl|vti|tun|tap|ifb|vrf|wireguard|macsec|ipvlan|macvtap|geneve|can|vcan|nlmon|hsr|lowpan|xfrm|vti6|ip6gre|erspan|bareudp)$/

function add(args: readonly string[], io: Io): number {
  const wanted: { -readonly [K in keyof NewLink]: NewLink[K] } = { name: '', kind: '' }
  const fail = (text: string, status = 255) => {
    io.err(text)
    return status
  }
  const incomplete = 'Command line is not complete. Try option "help"\n'
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const value = (): string | undefined => args[++i]
    if (word === 'name' || word === 'dev') wanted.name = value() ?? ''
    else if (word === 'link') wanted.lower = value() ?? ''
    else if (word === 'address') wanted.mac = value() ?? ''
    else if (word === 'mtu') {
      const mtu = args[++i] ?? ''
      if (!/^\d{1,9}$/.test(mtu)) return fail(`Error: argument "${mtu}" is wrong: Invalid "mtu" value\n\n`)
      wanted.mtu = Number(mtu)
    } else if (word === 'up') wanted.up = true
    else if (word === 'down') wanted.up = false
    else if (word === 'type') {
      const kind = value()
      if (kind === undefined) return fail(incomplete)
      wanted.kind = kind
      if (REAL_TYPES.test(kind)) return fail(notSimulated(`ip link add type ${kind}`), 1)
      const status = typeOptions(wanted, args.slice(i + 1), io)
      if (status !== 0) return status
      break
    } else if (wanted.name === '') wanted.name = word
    else return fail(`Error: either "dev" is duplicate, or "${word}" is a garbage.\n`)
  }
  if (wanted.kind === '') return fail('Not enough information: "type" argument is required\n')
  if (wanted.lower !== undefined && !linkNamed(io, wanted.lower)) return fail(`Cannot find device "${wanted.lower}"\n`, 1)
  if (wanted.kind === 'vlan' && wanted.id === undefined && TYPES.includes(wanted.kind))
    return fail('RTNETLINK answers: Invalid argument\n', 2)
  if (needsRoot(io)) return 2
  return outcomeStatus(io, linuxOf(io).addLink(wanted))
}

function typeOptions(wanted: { -readonly [K in keyof NewLink]: NewLink[K] }, args: readonly string[], io: Io): number {
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (wanted.kind === 'vlan' && word === 'id') {
      const id = args[++i] ?? ''
      if (!/^\d{1,5}$/.test(id)) {
        io.err(`Error: argument "${id}" is wrong: id is invalid\n\n`)
        return 255
      }
      wanted.id = Number(id)
    } else if (wanted.kind === 'vlan' && (word === 'protocol' || word === 'proto')) {
      const protocol = args[++i] ?? ''
      if (!/^802\.1q$/i.test(protocol)) {
        io.err(notSimulated(`ip link: VLAN protocol ${protocol}`))
        return 1
      }
    } else if (wanted.kind === 'veth' && word === 'peer') {
      if (args[i + 1] === 'name') i++
      wanted.peer = args[++i] ?? ''
    } else if (wanted.kind === 'macvlan' && word === 'mode') wanted.mode = args[++i] ?? ''
    else if (wanted.kind === 'bridge' && word === 'vlan_filtering') wanted.vlanFiltering = args[++i] === '1'
    else if (wanted.kind === 'bridge' && ['stp_state', 'forward_delay', 'mcast_snooping', 'ageing_time'].includes(word)) {
      const text = args[++i] ?? ''
      if (word === 'stp_state' && text !== '0') {
        io.err(notSimulated('ip link: the spanning tree protocol'))
        return 1
      }
    } else {
      io.err(`${wanted.kind}: unknown option "${word}"?\n`)
      return 255
    }
  }
  return 0
}

function remove(args: readonly string[], io: Io): number {
  const [first, second] = args
  const name = first === 'dev' ? second : first
  if (name === undefined) {
    io.err('Not enough information: "dev" argument is required.\n')
    return 255
  }
  if (!linkNamed(io, name)) {
    io.err(`Cannot find device "${name}"\n`)
    return 1
  }
  if (needsRoot(io)) return 2
  return outcomeStatus(io, linuxOf(io).deleteLink(name))
}

const SWITCHES: { readonly [word: string]: keyof LinkChange } = {
  promisc: 'promisc',
  allmulticast: 'allmulticast',
  multicast: 'multicast',
  arp: 'arp',
}
const OF_PORT: { readonly [word: string]: keyof LinkChange } = {
  learning: 'learning',
  flood: 'flood',
  hairpin: 'hairpin',
  isolated: 'isolated',
}

function set(args: readonly string[], io: Io): number {
  let rest = [...args]
  if (rest[0] === 'dev') rest = rest.slice(1)
  const name = rest.shift()
  const fail = (text: string, status = 255) => {
    io.err(`${text}\n`)
    return status
  }
  if (name === undefined) return fail('Not enough information: "dev" argument is required.')
  if (!linkNamed(io, name)) return fail(`Cannot find device "${name}"`, 1)
  const change: { [key: string]: string | number | boolean } = {}
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? ''
    if (word === 'up' || word === 'down') {
      change['up'] = word === 'up'
      continue
    }
    if (word === 'nomaster') {
      change['master'] = ''
      continue
    }
    if (word === 'type') {
      const kind = rest[++i]
      if (kind !== 'bridge' && kind !== 'bridge_slave') return fail(notSimulated(`ip link set type ${kind}`).trimEnd(), 1)
      continue
    }
    const value = rest[i + 1]
    if (value === undefined) return fail('Command line is not complete. Try option "help"')
    const key = SWITCHES[word] ?? OF_PORT[word]
    if (key !== undefined) {
      if (value !== 'on' && value !== 'off') return fail(`Error: argument of "${word}" must be "on" or "off", not "${value}"`)
      change[key] = value === 'on'
    } else if (word === 'mtu' || word === 'txqueuelen' || word === 'txqlen' || word === 'qlen') {
      if (!/^\d{1,9}$/.test(value))
        return fail(`Error: argument "${value}" is wrong: Invalid "${word === 'mtu' ? 'mtu' : 'txqueuelen'}" value\n`)
      change[word === 'mtu' ? 'mtu' : 'txqueuelen'] = Number(value)
    } else if (word === 'address') change['mac'] = value
    else if (word === 'name') change['name'] = value
    else if (word === 'alias') change['alias'] = value
    else if (word === 'master') {
      if (!linkNamed(io, value)) return fail(`Error: argument "${value}" is wrong: Device does not exist\n`)
      change['master'] = value
    } else if (word === 'group') change['group'] = value === 'default' ? 0 : Number(value) || 0
    else if (word === 'vlan_filtering') change['vlanFiltering'] = value === '1'
    else if (word === 'ageing_time') change['ageing'] = Number(value) * 10_000
    else if (word === 'mcast_querier') change['querier'] = value !== '0'
    else if (word === 'stp_state') {
      if (value !== '0') return fail(notSimulated('ip link: the spanning tree protocol').trimEnd(), 1)
    } else if (word === 'netns') return fail(notSimulated('ip link set netns').trimEnd(), 1)
    else return fail(`Error: either "dev" is duplicate, or "${word}" is a garbage.`)
    i++
  }
  if (Object.keys(change).length === 0) return 0
  if (needsRoot(io)) return 2
  return outcomeStatus(io, linuxOf(io).setLink(name, change as LinkChange))
}
