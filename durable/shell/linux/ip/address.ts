import type { AddressView, InterfaceView } from '../../../engine/machine/views.ts'
import { formatIp, inPrefix, parseCidr, parseIp } from '../../../engine/wire/addresses.ts'
import { errorText } from '../files.ts'
import { type Io, notSimulated } from '../io.ts'
import { broadcastText, interfaceNamed, numberOfIp } from '../links.ts'
import { addressesOf6 } from '../six.ts'
import { hardwareLine, linkFlags, linkState, queueing, queueLength } from './flags.ts'
import { begins, block, type Global } from './global.ts'
import { counterLines, selectLinks } from './link.ts'
import { changeAddress6, inet6Lines } from './six.ts'

export function ipAddress(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'add')) return change('add', rest, io)
  if (begins(verb, 'delete')) return change('del', rest, io)
  if (begins(verb, 'flush')) return flush(rest, global, io)
  if (begins(verb, 'help')) {
    io.err('Usage: ip address { show | add IFADDR dev IFNAME | del IFADDR dev IFNAME | flush dev IFNAME }\n')
    return 255
  }
  for (const real of ['change', 'replace', 'save', 'restore', 'showdump']) {
    if (!begins(verb, real)) continue
    io.err(notSimulated(`ip address ${real}`))
    return 1
  }
  io.err(`Command "${verb}" is unknown, try "ip address help".\n`)
  return 255
}

function show(args: readonly string[], global: Global, io: Io): number {
  const links = selectLinks(args, io)
  if (typeof links === 'number') return links
  const { now } = io.kernel.clock()
  for (const link of links) {
    const four = global.family === 6 ? [] : link.addresses
    const six = global.family === 4 || !link.enabled ? [] : addressesOf6(link)
    if (global.family !== undefined && four.length + six.length === 0) continue
    if (global.brief) {
      const all = [
        ...four.map((each) => `${each.address}/${each.prefixLength} `),
        ...six.map((each) => `${each.address}/${each.prefixLength} `),
      ]
      io.out(`${link.name.padEnd(16)} ${linkState(link).padEnd(14)} ${all.join('')}\n`)
      continue
    }
    const bodies = [...four.map((each, i) => inet(link, each, i, now)), ...six.map((each) => inet6Lines(link, each, now))]
    if (global.oneLine) {
      for (const [first = '', second = ''] of bodies) io.out(`${link.index}: ${link.name}    ${first.trimStart()}\\${second}\n`)
      continue
    }
    const lines = [heading(link, global)]
    if (global.family === undefined) lines.push(`    ${hardwareLine(link)}`)
    lines.push(...bodies.flat())
    if (global.statistics) lines.push(...counterLines(link))
    io.out(block(lines, global))
  }
  return 0
}

/** The IPv6 listing comes from another request, whose answers name neither queue nor group. */
function heading(link: InterfaceView, global: Global): string {
  const begin = `${link.index}: ${link.name}: ${linkFlags(link)} mtu ${link.mtu}`
  if (global.family === 6) return `${begin} state ${linkState(link)} qlen ${queueLength(link)}`
  return `${begin} qdisc ${queueing(link)} state ${linkState(link)} group default qlen ${queueLength(link)}`
}

function inet(link: InterfaceView, address: AddressView, position: number, now: number): string[] {
  const words = [`inet ${address.address}/${address.prefixLength}`]
  const broadcast = broadcastText(address)
  // Who adds an address by hand gives it no broadcast address; DHCP clients and system files do.
  if (broadcast !== '' && address.origin !== 'manual' && link.kind !== 'loopback' && link.kind !== 'ppp')
    words.push(`brd ${broadcast}`)
  words.push(`scope ${link.kind === 'loopback' ? 'host' : address.origin === 'link-local' ? 'link' : 'global'}`)
  if (isSecondary(link, address, position)) words.push('secondary')
  if (address.validUntil !== null) words.push('dynamic')
  if (address.state === 'tentative') words.push('tentative')
  const life = address.validUntil === null ? 'forever' : `${Math.max(0, Math.floor((address.validUntil - now) / 1_000_000))}sec`
  return [`    ${words.join(' ')} ${link.name}`, `       valid_lft ${life} preferred_lft ${life}`]
}

/** A later address in a network that an earlier one is already in. */
const isSecondary = (link: InterfaceView, address: AddressView, position: number): boolean =>
  link.addresses
    .slice(0, position)
    .some(
      (other) =>
        other.prefixLength === address.prefixLength &&
        inPrefix(numberOfIp(address.address), numberOfIp(other.address), other.prefixLength),
    )

function change(verb: 'add' | 'del', args: readonly string[], io: Io): number {
  let local: string | undefined
  let device: string | undefined
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'dev') device = args[++i]
    else if (word === 'broadcast' || word === 'brd') {
      const value = args[++i] ?? ''
      if (value !== '+') {
        io.err(notSimulated(`ip address: broadcast ${value}`))
        return 1
      }
    } else if (['label', 'scope', 'peer', 'metric', 'valid_lft', 'preferred_lft', 'anycast', 'noprefixroute'].includes(word)) {
      io.err(notSimulated(`ip address: ${word}`))
      return 1
    } else if (word === 'local') local = args[++i]
    else if (local === undefined) local = word
    else {
      io.err(`Error: either "local" is duplicate, or "${word}" is a garbage.\n`)
      return 255
    }
  }
  if (local?.includes(':')) return changeAddress6(verb, local, device, io)
  const cidr = local === undefined ? undefined : parsePrefix(local)
  if (local !== undefined && cidr === undefined) {
    io.err(`Error: any valid prefix is expected rather than "${local}".\n`)
    return 1
  }
  if (device === undefined) {
    io.err('Not enough information: "dev" argument is required.\n')
    return 255
  }
  const link = interfaceNamed(io, device)
  if (!link) {
    io.err(`Cannot find device "${device}"\n`)
    return 1
  }
  if (cidr === undefined) {
    io.err('ip: an address is wanted\n')
    return 1
  }
  if (!io.root) {
    io.err('RTNETLINK answers: Operation not permitted\n')
    return 2
  }
  const address = formatIp(cidr.address)
  const outcome =
    verb === 'add' ? io.kernel.addAddress(link.index, address, cidr.prefixLength) : io.kernel.removeAddress(link.index, address)
  if (outcome.ok) return 0
  if (outcome.error === 'exists') io.err('Error: ipv4: Address already assigned.\n')
  else if (outcome.error === 'not-found') io.err('Error: ipv4: Address not found.\n')
  else io.err(`RTNETLINK answers: ${errorText(outcome.error)}\n`)
  return 2
}

/** `172.27.163.10/20`, or an address alone, which is a /32. */
export function parsePrefix(text: string): { readonly address: number; readonly prefixLength: number } | undefined {
  const cidr = parseCidr(text)
  if (cidr) return cidr
  const address = parseIp(text)
  return address === undefined ? undefined : { address, prefixLength: 32 }
}

function flush(args: readonly string[], global: Global, io: Io): number {
  if (args.length === 0) {
    io.err('Flush requires arguments.\n')
    return 1
  }
  const links = selectLinks(args, io)
  if (typeof links === 'number') return links
  if (!io.root) {
    io.err('Failed to send flush request: Operation not permitted\n')
    return 1
  }
  for (const link of links) {
    if (global.family !== 6) for (const { address } of link.addresses) io.kernel.removeAddress(link.index, address)
    if (global.family !== 4) for (const { address } of link.ip6?.addresses ?? []) io.kernel.removeAddress(link.index, address)
  }
  return 0
}
