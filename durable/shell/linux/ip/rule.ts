import type { LinuxCalls, RuleView } from '../../../engine/machine/linux/linux-views.ts'
import type { IpAddress } from '../../../engine/wire/addresses.ts'
import { type Io, notSimulated } from '../io.ts'
import { type Family, INET, INET6, unexpected } from './families.ts'
import { begins, type Global } from './global.ts'
import { jsonText, type Plain } from './json.ts'
import { linuxOf, needsRoot, outcomeStatus } from './kernel-links.ts'
import { protocolText, tableNumber, tableText } from './tables.ts'

export function ipRule(args: readonly string[], global: Global, io: Io): number {
  const [verb, ...rest] = args
  if (verb === undefined || begins(verb, 'show') || begins(verb, 'list') || verb === 'lst' || verb === 'ls')
    return show(rest, global, io)
  if (begins(verb, 'add')) return change('add', rest, global, io)
  if (begins(verb, 'delete')) return change('delete', rest, global, io)
  if (begins(verb, 'flush')) {
    if (needsRoot(io)) return 2
    const { rules, change } = bookOf(io, global)
    for (const rule of rules()) if (rule.priority !== 0) change('delete', rule)
    return 0
  }
  if (begins(verb, 'help')) {
    io.err(
      'Usage: ip rule { add | del } SELECTOR ACTION\n       ip rule { flush | list }\nSELECTOR := [ not ] [ from PREFIX ] [ to PREFIX ] [ fwmark MARK[/MASK] ] [ iif NAME ] [ oif NAME ] [ pref NUMBER ]\nACTION := [ table TABLE ] | prohibit | unreachable | blackhole | goto NUMBER\n',
    )
    return 255
  }
  io.err(`Command "${verb}" is unknown, try "ip rule help".\n`)
  return 255
}

/** The rules of one family: without -6 they are those of IPv4. */
function bookOf(io: Io, { family }: Global): { rules(): RuleView[]; change: LinuxCalls['changeRule'] } {
  const linux = linuxOf(io)
  if (family === 6) return { rules: () => linux.rules6(), change: (verb, rule) => linux.changeRule6(verb, rule) }
  return { rules: () => linux.rules(), change: (verb, rule) => linux.changeRule(verb, rule) }
}

const bitsOf = (address: string): number => (address.includes(':') ? 128 : 32)
const prefixText = (address: string, length: number): string => (length === bitsOf(address) ? address : `${address}/${length}`)
const markText = ({ mark, markMask }: RuleView): string =>
  markMask === 0xffffffff ? `0x${mark.toString(16)}` : `0x${mark.toString(16)}/0x${markMask.toString(16)}`

export function ruleLine(rule: RuleView, global: Global): string {
  const words = [
    `${rule.priority}:\t${rule.not ? 'not ' : ''}from ${rule.sourceLength === 0 ? 'all' : prefixText(rule.source, rule.sourceLength)}`,
  ]
  if (rule.destinationLength > 0) words.push(`to ${prefixText(rule.destination, rule.destinationLength)}`)
  if (rule.markMask !== 0) words.push(`fwmark ${markText(rule)}`)
  if (rule.from !== '') words.push(`iif ${rule.from}`)
  if (rule.out !== '') words.push(`oif ${rule.out}`)
  if (rule.action === 'lookup') words.push(`lookup ${tableText(rule.table)}`)
  if (rule.action === 'lookup' && rule.suppressLength >= 0) words.push(`suppress_prefixlength ${rule.suppressLength}`)
  if (rule.action === 'goto') words.push(`goto ${rule.table}`)
  else if (rule.action !== 'lookup') words.push(rule.action)
  // What people add says `proto boot`, which is not shown without -d; the kernel's own say `kernel`.
  if ((rule.protocol !== 2 && rule.protocol !== 3) || global.details) words.push(`proto ${protocolText(rule.protocol)}`)
  return words.join(' ')
}

function ruleJson(rule: RuleView): Plain {
  return {
    priority: rule.priority,
    ...(rule.not ? { not: null as unknown as string } : {}),
    src: rule.sourceLength === 0 ? 'all' : rule.source,
    ...(rule.sourceLength > 0 && rule.sourceLength < bitsOf(rule.source) ? { srclen: rule.sourceLength } : {}),
    ...(rule.destinationLength > 0 ? { dst: rule.destination } : {}),
    ...(rule.destinationLength > 0 && rule.destinationLength < bitsOf(rule.destination)
      ? { dstlen: rule.destinationLength }
      : {}),
    ...(rule.markMask === 0 ? {} : { fwmark: `0x${rule.mark.toString(16)}` }),
    ...(rule.from === '' ? {} : { iif: rule.from }),
    ...(rule.out === '' ? {} : { oif: rule.out }),
    ...(rule.action === 'lookup'
      ? { table: tableText(rule.table) }
      : rule.action === 'goto'
        ? { goto: rule.table }
        : { action: rule.action }),
    ...(rule.suppressLength >= 0 ? { suppress_prefixlen: rule.suppressLength } : {}),
  }
}

function show(args: readonly string[], global: Global, io: Io): number {
  const wanted = args.length > 0 ? readRule(args, { ...global, family: global.family ?? 4 }, io) : undefined
  if (typeof wanted === 'number') return wanted
  const rules = bookOf(io, global)
    .rules()
    .filter(
      (rule) =>
        wanted === undefined ||
        ((wanted.priority < 0 || rule.priority === wanted.priority) &&
          (wanted.table === 0 || rule.table === wanted.table) &&
          (wanted.sourceLength === 0 || (rule.source === wanted.source && rule.sourceLength === wanted.sourceLength)) &&
          (wanted.from === '' || rule.from === wanted.from)),
    )
  if (global.json) io.out(jsonText(rules.map(ruleJson), global.pretty))
  else for (const rule of rules) io.out(`${ruleLine(rule, global)}\n`)
  return 0
}

function change(verb: 'add' | 'delete', args: readonly string[], global: Global, io: Io): number {
  const rule = readRule(args, global, io)
  if (typeof rule === 'number') return rule
  if (verb === 'delete' && args.length === 0) {
    io.err('"ip rule del" requires arguments.\n')
    return 255
  }
  if (needsRoot(io)) return 2
  const wanted = verb === 'add' && rule.action === 'lookup' && rule.table === 0 ? { ...rule, table: 254 } : rule
  return outcomeStatus(io, bookOf(io, global).change(verb, wanted))
}

function readPrefix<Ip extends IpAddress>({ prefix, format }: Family<Ip>, text: string): [string, number] | undefined {
  const found = prefix(text)
  return found && [format(found.address), found.prefixLength]
}

function readRule(args: readonly string[], global: Global, io: Io): RuleView | number {
  const family: Family<number> | Family<bigint> = global.family === 6 ? INET6 : INET
  const nowhere = global.family === 6 ? '::' : '0.0.0.0'
  const rule: { -readonly [K in keyof RuleView]: RuleView[K] } = {
    priority: -1,
    source: nowhere,
    sourceLength: 0,
    destination: nowhere,
    destinationLength: 0,
    mark: 0,
    markMask: 0,
    from: '',
    out: '',
    not: false,
    action: 'lookup',
    table: 0,
    suppressLength: -1,
    protocol: 3,
  }
  const fail = (text: string, status = 255) => {
    io.err(`${text}\n`)
    return status
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word === 'not') rule.not = true
    else if (['prohibit', 'unreachable', 'blackhole', 'nop'].includes(word)) rule.action = word
    else if (
      [
        'type',
        'dsfield',
        'tos',
        'uidrange',
        'ipproto',
        'sport',
        'dport',
        'tun_id',
        'l3mdev',
        'realms',
        'nat',
        'suppress_ifgroup',
      ].includes(word)
    )
      return fail(notSimulated(`ip rule: ${word}`).trimEnd(), 1)
    else {
      const value = args[++i]
      if (
        value === undefined &&
        [
          'from',
          'to',
          'fwmark',
          'iif',
          'dev',
          'oif',
          'pref',
          'preference',
          'priority',
          'order',
          'table',
          'lookup',
          'goto',
          'suppress_prefixlength',
          'protocol',
        ].includes(word)
      )
        return fail('Command line is not complete. Try option "help"')
      if (word === 'from' || word === 'to') {
        const prefix = readPrefix(family as Family<bigint>, value ?? '')
        if (prefix === undefined) return fail(unexpected('prefix', global, family, value ?? ''), 1)
        if (word === 'from') [rule.source, rule.sourceLength] = prefix
        else [rule.destination, rule.destinationLength] = prefix
      } else if (word === 'fwmark') {
        const [, mark, mask] = /^(0x[\da-f]{1,8}|\d{1,10})(?:\/(0x[\da-f]{1,8}|\d{1,10}))?$/i.exec(value ?? '') ?? []
        if (mark === undefined) return fail(`Error: argument "${value}" is wrong: fwmark value is invalid\n`)
        ;[rule.mark, rule.markMask] = [Number(mark), mask === undefined ? 0xffffffff : Number(mask)]
      } else if (word === 'iif' || word === 'dev') rule.from = value ?? ''
      else if (word === 'oif') rule.out = value ?? ''
      else if (['pref', 'preference', 'priority', 'order'].includes(word)) {
        if (!/^\d{1,10}$/.test(value ?? '')) return fail(`Error: argument "${value}" is wrong: preference value is invalid\n`)
        rule.priority = Number(value)
      } else if (word === 'table' || word === 'lookup') {
        const table = tableNumber(value ?? '')
        if (table === undefined) return fail(`Error: argument "${value}" is wrong: invalid table ID\n`)
        rule.table = table
      } else if (word === 'goto') [rule.action, rule.table] = ['goto', Number(value)]
      else if (word === 'suppress_prefixlength') rule.suppressLength = Number(value)
      else if (word === 'protocol') continue
      else return fail(`Error: argument "${word}" is wrong: Failed to parse rule type\n`)
    }
  }
  return rule
}
