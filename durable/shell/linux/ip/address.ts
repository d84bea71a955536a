import type { LinkView, LinuxAddress, NewAddress } from '../../../engine/machine/linux/linux-views.ts'
import type { AddressView6 } from '../../../engine/machine/views.ts'
import { formatIp, parseCidr, parseIp, prefixOf } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { addressesOf6 } from '../six.ts'
import { begins, block, type Global } from './global.ts'
import { jsonText, type Plain } from './json.ts'
import { flagNames, fullName, linkNamed, linuxOf, needsRoot, operState, outcomeStatus, select } from './kernel-links.ts'
import { counterLines, linkJson, linkLines } from './link-text.ts'
import { changeAddress6, inet6Lines } from './six.ts'

const SCOPES: { readonly [scope: number]: string } = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' }
export const scopeText = (scope: number): string => SCOPES[scope] ?? String(scope)
export const scopeNumber = (text: string): number | undefined => {
  const known = Object.entries(SCOPES).find(([, name]) => name === text || (name === 'global' && text === 'universe'))
  return known ? Number(known[0]) : /^\d{1,3}$/.test(text) ? Number(text) : undefined
}

export function ipAddress(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'add')) return change('add', rest, io)
  if (begins(verb, 'change') || verb === 'chg') return change('change', rest, io)
  if (begins(verb, 'replace')) return change('replace', rest, io)
  if (begins(verb, 'delete')) return change('delete', rest, io)
  if (begins(verb, 'flush')) return flush(rest, global, io)
  if (begins(verb, 'help')) {
    io.err('Usage: ip address { show | add IFADDR dev IFNAME | change | replace | del IFADDR dev IFNAME | flush dev IFNAME }\n')
    return 255
  }
  for (const real of ['save', 'restore', 'showdump']) {
    if (!begins(verb, real)) continue
    io.err(notSimulated(`ip address ${real}`))
    return 1
  }
  if (linkNamed(io, verb)) return show(args, global, io)
  io.err(`Command "${verb}" is unknown, try "ip address help".\n`)
  return 255
}

const ALWAYS = 4294967295

function show(args: readonly string[], global: Global, io: Io): number {
  const selected = select(args, io, ['scope', 'to', 'label'])
  if (typeof selected === 'number') return selected
  const linux = linuxOf(io)
  const { now } = io.kernel.clock()
  const all = linux.links()
  const views = new Map(io.kernel.interfaces().map((view) => [view.index, view]))
  const filtered = selected.rest.length > 0
  const addresses = linux.addresses().filter((address) => wanted(address, selected.rest))
  const json: Plain[] = []
  for (const link of selected.links) {
    const four = global.family === 6 ? [] : addresses.filter((address) => address.interface === link.index)
    const view = views.get(link.index)
    const six = global.family === 4 || filtered || !link.enabled || view === undefined ? [] : addressesOf6(view)
    if ((global.family !== undefined || filtered) && four.length + six.length === 0) {
      if (global.json && !filtered) json.push({})
      continue
    }
    if (global.json) {
      json.push({
        ...linkJson(link, all, global, false),
        addr_info: [...four.map((one) => inetJson(one, now)), ...six.map((one) => inet6Json(link, one, now))],
      })
      continue
    }
    if (global.brief) {
      const texts = [
        ...four.map((one) => `${one.address}/${one.prefixLength} `),
        ...six.map((one) => `${one.address}/${one.prefixLength} `),
      ]
      io.out(`${fullName(link, all).padEnd(16)} ${operState(link).padEnd(14)} ${texts.join('')}\n`)
      continue
    }
    const bodies = [
      ...four.map((one) => inetLines(one, now)),
      ...(view === undefined ? [] : six.map((one) => inet6Lines(view, one, now))),
    ]
    if (global.oneLine) {
      for (const [first = '', second = ''] of bodies) io.out(`${link.index}: ${link.name}    ${first.trimStart()}\\${second}\n`)
      continue
    }
    // With `to` the request is one for addresses alone, with `label` links are not asked for at all.
    const lines = selected.rest.includes('label')
      ? []
      : heading(link, all, filtered && global.family === undefined ? { ...global, family: 4 } : global)
    lines.push(...bodies.flat())
    if (global.statistics > 0 && global.family === undefined) lines.push(...counterLines(link, global.statistics > 1))
    io.out(block(lines, global))
  }
  if (global.json) io.out(jsonText(json, global.pretty))
  return 0
}

/** `scope link`, `to 10.0.0.0/8`, `label eth0:*`, `primary`: the selectors of addresses. */
function wanted(address: LinuxAddress, rest: readonly string[]): boolean {
  for (let i = 0; i < rest.length; i += 2) {
    const [word, value = ''] = [rest[i], rest[i + 1]]
    if (word === 'scope' && address.scope !== scopeNumber(value)) return false
    if (
      word === 'label' &&
      !new RegExp(`^${value.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`).test(address.label)
    )
      return false
    if (word === 'to') {
      const prefix = parsePrefix(value)
      const ip = parseIp(address.address)
      if (
        prefix === undefined ||
        ip === undefined ||
        (prefix.prefixLength > 0 && (ip ^ prefix.address) >>> (32 - prefix.prefixLength) !== 0)
      )
        return false
    }
    if (word === 'primary' && address.secondary) return false
    if (word === 'secondary' && !address.secondary) return false
    if (word === 'permanent' && address.validUntil !== null) return false
    if (word === 'dynamic' && address.validUntil === null) return false
  }
  return true
}

/** The IPv6 listing comes from another request, whose answers name neither queue nor group. */
function heading(link: LinkView, all: readonly LinkView[], global: Global): string[] {
  if (global.family === undefined) return linkLines(link, all, global, false)
  const begin = `${link.index}: ${fullName(link, all)}: <${flagNames(link, all).join(',')}> mtu ${link.mtu}`
  if (global.family === 6) return [`${begin} state ${operState(link)} qlen ${link.txqueuelen}`]
  return [linkLines(link, all, { ...global, details: false }, false)[0] ?? begin]
}

const lifeOf = (validUntil: number | null, now: number): number =>
  validUntil === null ? ALWAYS : Math.max(0, Math.floor((validUntil - now) / 1_000_000))

export function inetLines(address: LinuxAddress, now: number): string[] {
  const words = [
    address.peer === ''
      ? `inet ${address.address}/${address.prefixLength}`
      : `inet ${address.address} peer ${address.peer}/${address.prefixLength}`,
  ]
  if (address.broadcast !== '') words.push(`brd ${address.broadcast}`)
  words.push(`scope ${scopeText(address.scope)}`)
  if (address.secondary) words.push('secondary')
  if (address.validUntil !== null || address.dynamic) words.push('dynamic')
  if (address.noRoute) words.push('noprefixroute')
  if (address.tentative) words.push('tentative')
  const life = lifeOf(address.validUntil, now)
  const text = life === ALWAYS ? 'forever' : `${life}sec`
  return [`    ${words.join(' ')} ${address.label}`, `       valid_lft ${text} preferred_lft ${text}`]
}

const inetJson = (address: LinuxAddress, now: number): Plain => ({
  family: 'inet',
  local: address.address,
  ...(address.peer === '' ? {} : { address: address.peer }),
  prefixlen: address.prefixLength,
  ...(address.broadcast === '' ? {} : { broadcast: address.broadcast }),
  scope: scopeText(address.scope),
  ...(address.secondary ? { secondary: true } : {}),
  ...(address.validUntil === null ? {} : { dynamic: true }),
  ...(address.noRoute ? { noprefixroute: true } : {}),
  label: address.label,
  valid_life_time: lifeOf(address.validUntil, now),
  preferred_life_time: lifeOf(address.validUntil, now),
})

const inet6Json = (link: LinkView, one: AddressView6, now: number): Plain => ({
  family: 'inet6',
  local: one.address,
  prefixlen: one.prefixLength,
  scope: link.kind === 'loopback' ? 'host' : one.address.startsWith('fe80:') ? 'link' : 'global',
  ...(link.kind === 'loopback' ? { noprefixroute: true } : {}),
  ...(one.validUntil === null ? {} : { dynamic: true }),
  valid_life_time: lifeOf(one.validUntil, now),
  preferred_life_time: lifeOf(one.preferredUntil, now),
})

function change(verb: 'add' | 'change' | 'replace' | 'delete', args: readonly string[], io: Io): number {
  const fail = (text: string, status = 255) => {
    io.err(`${text}\n`)
    return status
  }
  let local: string | undefined
  let device: string | undefined
  const more: { -readonly [K in keyof NewAddress]?: NewAddress[K] } = {}
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (
      [
        'dev',
        'broadcast',
        'brd',
        'label',
        'scope',
        'peer',
        'remote',
        'local',
        'metric',
        'valid_lft',
        'preferred_lft',
        'anycast',
      ].includes(word) &&
      args[i + 1] === undefined
    )
      return fail('Command line is not complete. Try option "help"')
    if (word === 'dev') device = args[++i]
    else if (word === 'broadcast' || word === 'brd') {
      const value = args[++i] ?? ''
      if (value !== '+' && value !== '-' && parseIp(value) === undefined)
        return fail(`Error: any valid address is expected rather than "${value}".`, 1)
      if (value !== '-') more.broadcast = value
    } else if (word === 'label') more.label = args[++i] ?? ''
    else if (word === 'scope') {
      const scope = scopeNumber(args[++i] ?? '')
      if (scope === undefined) return fail(`Error: argument "${args[i]}" is wrong: invalid scope value.\n`)
      more.scope = scope
    } else if (word === 'peer' || word === 'remote') more.peer = (args[++i] ?? '').split('/')[0] ?? ''
    else if (word === 'noprefixroute') more.noRoute = true
    else if (['metric', 'valid_lft', 'preferred_lft', 'anycast'].includes(word))
      return fail(notSimulated(`ip address: ${word}`).trimEnd(), 1)
    else if (word === 'local') local = args[++i]
    else if (local === undefined) local = word
    else return fail(`Error: either "local" is duplicate, or "${word}" is a garbage.`)
  }
  if (local?.includes(':')) {
    if (verb === 'change' || verb === 'replace') return fail(notSimulated(`ip -6 address ${verb}`).trimEnd(), 1)
    return changeAddress6(verb === 'add' ? 'add' : 'del', local, device, io)
  }
  const cidr = local === undefined ? undefined : parsePrefix(local)
  if (local !== undefined && cidr === undefined) return fail(`Error: any valid prefix is expected rather than "${local}".`, 1)
  if (device === undefined) return fail('Not enough information: "dev" argument is required.', 1)
  if (more.label !== undefined && !more.label.startsWith(device))
    return fail(`"dev" (${device}) must match "label" (${more.label}).`, 1)
  if (!linkNamed(io, device)) return fail(`Cannot find device "${device}"`, 1)
  if (cidr === undefined) return fail('RTNETLINK answers: Operation not supported', 2)
  if (needsRoot(io)) return 2
  const address = formatIp(cidr.address)
  return outcomeStatus(io, linuxOf(io).changeAddress(verb, device, { address, prefixLength: cidr.prefixLength, ...more }))
}

/** `172.27.163.10/20`, or an address alone, which is a /32; `default` is everything. */
export function parsePrefix(text: string): { readonly address: number; readonly prefixLength: number } | undefined {
  if (text === 'default' || text === 'all' || text === 'any') return { address: 0, prefixLength: 0 }
  const cidr = parseCidr(text)
  if (cidr) return cidr
  // Old forms: `10/8` and `10.1/16` stand for what their zeros would say.
  const [, parts, length] = /^((?:\d{1,3}\.){0,3}\d{1,3})\/(\d{1,2})$/.exec(text) ?? []
  if (parts !== undefined && Number(length) <= 32) {
    const address = parseIp([...parts.split('.'), '0', '0', '0'].slice(0, 4).join('.'))
    if (address !== undefined) return { address, prefixLength: Number(length) }
  }
  const [before = '', mask = ''] = text.split('/')
  const prefixLength = mask === '' ? 32 : prefixOf(parseIp(mask) ?? 1)
  const address = parseIp(before)
  return address === undefined || prefixLength < 0 ? undefined : { address, prefixLength }
}

function flush(args: readonly string[], global: Global, io: Io): number {
  if (args.length === 0) {
    io.err('Flush requires arguments.\n')
    return 1
  }
  const selected = select(args, io, ['scope', 'to', 'label'])
  if (typeof selected === 'number') return selected
  if (!io.root) {
    io.err('Failed to send flush request: Operation not permitted\n')
    return 1
  }
  const linux = linuxOf(io)
  const views = io.kernel.interfaces()
  for (const link of selected.links) {
    if (global.family !== 4 && selected.rest.length === 0)
      for (const { address } of views.find((view) => view.index === link.index)?.ip6?.addresses ?? [])
        io.kernel.removeAddress(link.index, address)
    if (global.family === 6) continue
    for (const one of linux.addresses().filter((address) => address.interface === link.index && wanted(address, selected.rest)))
      linux.changeAddress('delete', link.name, { address: one.address, prefixLength: one.prefixLength })
  }
  return 0
}
