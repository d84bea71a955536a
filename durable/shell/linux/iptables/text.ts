// Rules and tables as iptables prints them: a listing (-L) and commands (-S, iptables-save).
import type { Chain, Match, PortRange, Rule, STATES, Table, Target } from '../../../engine/ip/netfilter/rule.ts'
import { formatIp, formatMac, prefixOf } from '../../../engine/wire/addresses.ts'
import { flagsText, protocolText } from './words.ts'

export type Style = { readonly verbose: boolean; readonly numbers: boolean; readonly exact: boolean; readonly numeric: boolean }

const hex = (value: number, width = 0): string => `0x${value.toString(16).padStart(width, '0')}`
const stateText = (bits: number): string =>
  Object.entries({ INVALID: 1, NEW: 2, RELATED: 4, ESTABLISHED: 8, UNTRACKED: 16, SNAT: 32, DNAT: 64 } satisfies typeof STATES)
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .flatMap(([name, bit]) => ((bits & bit) !== 0 ? [name] : []))
    .join(',')
const ORDER = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT']
const range = ([first, end]: PortRange): string => (first === end ? String(first) : `${first}:${end}`)
const dashed = ([first, end]: PortRange): string => (first === end ? String(first) : `${first}-${end}`)

export const targetName = (target: Target | null): string =>
  target === null ? '' : target.kind === 'chain' ? target.name : target.kind

// Listing

export function listing(table: Table, only: string | undefined, style: Style): string {
  const chains = table.chains.filter((chain) => only === undefined || chain.name === only)
  return chains.map((chain) => chainText(table, chain, style)).join('\n')
}

function chainText(table: Table, chain: Chain, style: Style): string {
  const about =
    chain.policy === null
      ? `${references(table, chain.name)} references`
      : `policy ${chain.policy}${style.verbose ? ` ${count(chain.packets, style, 0)} packets, ${count(chain.bytes, style, 0)} bytes` : ''}`
  const head = `${style.numbers ? 'num  ' : ''}${style.verbose ? `${style.numbers ? ' ' : ' '}pkts bytes ` : ''}target     prot opt ${style.verbose ? 'in     out     ' : ''}source               destination         `
  const rows = chain.rules.map((rule, at) => `${style.numbers ? String(at + 1).padEnd(5) : ''}${row(rule, style)}`)
  return [`Chain ${chain.name} (${about})`, head, ...rows, ''].join('\n')
}

export const references = (table: Table, name: string): number =>
  table.chains.reduce(
    (sum, chain) => sum + chain.rules.filter(({ target }) => target?.kind === 'chain' && target.name === name).length,
    0,
  )

/** Numbers above five digits in thousands, as xtables_print_num does. */
function count(value: number, style: Style, width: number): string {
  if (style.exact || value < 100_000) return String(value).padStart(width)
  for (const unit of ['K', 'M', 'G', 'T']) {
    const scaled =
      unit === 'K'
        ? Math.floor((value + 500) / 1000)
        : unit === 'M'
          ? Math.floor((value + 500_000) / 1_000_000)
          : unit === 'G'
            ? Math.floor((value + 500_000_000) / 1_000_000_000)
            : Math.floor(value / 1_000_000_000_000)
    if (scaled < 10_000 || unit === 'T') return `${String(scaled).padStart(Math.max(0, width - 1))}${unit}`
  }
  return String(value)
}

function row(rule: Rule, style: Style): string {
  const counters = style.verbose ? `${count(rule.packets, style, 5)} ${count(rule.bytes, style, 5)} ` : ''
  const protocol = `${rule.notProtocol ? '!' : ''}${style.numeric ? rule.protocol : protocolText(rule.protocol)}`
  const link = (not: boolean, name: string) => (name === '' ? '*' : `${not ? '!' : ''}${name}`).padEnd(6)
  const links = style.verbose ? ` ${link(rule.notIn, rule.in)} ${link(rule.notOut, rule.out)} ` : ''
  const where = (not: boolean, ip: number, mask: number) =>
    `${not ? '!' : ' '}${(mask !== 0 ? cidr(ip, mask) : style.numeric ? '0.0.0.0/0' : 'anywhere').padEnd(19)} `
  const words = [...rule.matches.map((match) => shown(match, style)), rule.target === null ? '' : shownTarget(rule.target)]
  const extra = words.filter((word) => word !== '').join(' ')
  const places = `${where(rule.notSource, rule.source, rule.sourceMask)}${where(rule.notDestination, rule.destination, rule.destinationMask)}`
  return `${counters}${targetName(rule.target).padEnd(9)}  ${protocol.padEnd(4)} -- ${links}${places}${extra === '' ? '' : ` ${extra}`}`
}

const cidr = (ip: number, mask: number): string => {
  const length = prefixOf(mask)
  return length === 32 ? formatIp(ip) : `${formatIp(ip)}/${length}`
}

function shown(match: Match, style: Style): string {
  switch (match.kind) {
    case 'comment':
      return `/* ${match.text} */`
    case 'tcp':
    case 'udp': {
      const words: string[] = [match.kind]
      const port = (name: string, span: PortRange | null, not: boolean) => {
        if (span) words.push(`${name}${span[0] === span[1] ? '' : 's'}:${not ? '!' : ''}${range(span)}`)
      }
      port('spt', match.sport, match.notSport)
      port('dpt', match.dport, match.notDport)
      if (match.flags)
        words.push(
          `flags:${match.flags.not ? '!' : ''}${style.numeric ? `${hex(match.flags.mask, 2)}/${hex(match.flags.set, 2)}` : `${flagsText(match.flags.mask)}/${flagsText(match.flags.set)}`}`,
        )
      return words.join(' ')
    }
    case 'multiport':
      return `multiport ${match.which} ${match.not ? '!' : ''}${match.not ? ' ' : ''}${match.ports.map(range).join(',')}`
    case 'icmp':
      return match.type === 255
        ? ''
        : `${match.not ? '!' : ''}icmptype ${match.type}${match.code < 0 ? '' : ` code ${match.code}`}`
    case 'state':
      return `${match.not ? '! ' : ''}state ${stateText(match.states)}`
    case 'conntrack':
      return `${match.not ? '! ' : ''}ctstate ${stateText(match.states)}`
    case 'mac':
      return `MAC${match.not ? ' !' : ''} ${formatMac(match.mac)}`
    case 'mark':
      return `mark match ${match.not ? '!' : ''}${markText(match.value, match.mask)}`
    case 'addrtype':
      return `ADDRTYPE match${match.source === null ? '' : ` src-type ${match.notSource ? '!' : ''}${match.source}`}${match.destination === null ? '' : ` dst-type ${match.notDestination ? '!' : ''}${match.destination}`}`
    case 'limit':
      return `limit: avg ${match.amount}/${match.unit} burst ${match.burst}`
    default:
      return match satisfies never
  }
}

const markText = (value: number, mask: number): string => (mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`)
const natText = ({ first, last, ports }: Extract<Target, { kind: 'SNAT' | 'DNAT' }>): string =>
  `${formatIp(first)}${first === last ? '' : `-${formatIp(last)}`}${ports ? `:${dashed(ports)}` : ''}`

function shownTarget(target: Target): string {
  switch (target.kind) {
    case 'REJECT':
      return `reject-with ${target.with}`
    case 'LOG':
      return `LOG flags 0 level ${target.level}${target.prefix === '' ? '' : ` prefix "${target.prefix}"`}`
    case 'MASQUERADE':
      return target.ports ? `masq ports: ${dashed(target.ports)}` : ''
    case 'REDIRECT':
      return target.ports ? `redir ports ${dashed(target.ports)}` : ''
    case 'SNAT':
    case 'DNAT':
      return `to:${natText(target)}`
    case 'MARK':
      if (target.mask === 0xffffffff) return `MARK set ${hex(target.value)}`
      if (target.value === 0) return `MARK and ${hex(~target.mask >>> 0)}`
      if (target.value === target.mask) return `MARK or ${hex(target.value)}`
      return `MARK xset ${hex(target.value)}/${hex(target.mask)}`
    case 'TTL':
      return target.how === 'set'
        ? `TTL set to ${target.value}`
        : `TTL ${target.how === 'inc' ? 'increment' : 'decrement'} by ${target.value}`
    case 'chain':
      return target.goto ? '[goto] ' : ''
    default:
      return ''
  }
}

// Commands

/** The rule after `-A CHAIN`. */
export function ruleCommand(rule: Rule): string {
  const words: string[] = []
  const add = (not: boolean, ...more: string[]) => words.push(...(not ? ['!'] : []), ...more)
  if (rule.sourceMask !== 0) add(rule.notSource, '-s', `${formatIp(rule.source)}/${prefixOf(rule.sourceMask)}`)
  if (rule.destinationMask !== 0)
    add(rule.notDestination, '-d', `${formatIp(rule.destination)}/${prefixOf(rule.destinationMask)}`)
  if (rule.in !== '') add(rule.notIn, '-i', rule.in)
  if (rule.out !== '') add(rule.notOut, '-o', rule.out)
  if (rule.protocol !== 0) add(rule.notProtocol, '-p', protocolText(rule.protocol))
  for (const match of rule.matches) words.push(...matchCommand(match))
  if (rule.target !== null) words.push(...targetCommand(rule.target))
  return words.join(' ')
}

const quoted = (text: string): string => (/^[\w./:-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`)

function matchCommand(match: Match): string[] {
  const no = (not: boolean): string[] => (not ? ['!'] : [])
  switch (match.kind) {
    case 'tcp':
    case 'udp':
      return [
        '-m',
        match.kind,
        ...(match.sport ? [...no(match.notSport), '--sport', range(match.sport)] : []),
        ...(match.dport ? [...no(match.notDport), '--dport', range(match.dport)] : []),
        ...(match.flags ? [...no(match.flags.not), '--tcp-flags', flagsText(match.flags.mask), flagsText(match.flags.set)] : []),
      ]
    case 'multiport':
      return ['-m', 'multiport', ...no(match.not), `--${match.which}`, match.ports.map(range).join(',')]
    case 'icmp':
      return [
        '-m',
        'icmp',
        ...no(match.not),
        '--icmp-type',
        match.type === 255 ? 'any' : `${match.type}${match.code < 0 ? '' : `/${match.code}`}`,
      ]
    case 'state':
      return ['-m', 'state', ...no(match.not), '--state', stateText(match.states)]
    case 'conntrack':
      return ['-m', 'conntrack', ...no(match.not), '--ctstate', stateText(match.states)]
    case 'mac':
      return ['-m', 'mac', ...no(match.not), '--mac-source', formatMac(match.mac)]
    case 'mark':
      return ['-m', 'mark', ...no(match.not), '--mark', markText(match.value, match.mask)]
    case 'comment':
      return ['-m', 'comment', '--comment', quoted(match.text)]
    case 'addrtype':
      return [
        '-m',
        'addrtype',
        ...(match.source === null ? [] : [...no(match.notSource), '--src-type', match.source]),
        ...(match.destination === null ? [] : [...no(match.notDestination), '--dst-type', match.destination]),
      ]
    case 'limit':
      return [
        '-m',
        'limit',
        '--limit',
        `${match.amount}/${match.unit}`,
        ...(match.burst === 5 ? [] : ['--limit-burst', String(match.burst)]),
      ]
    default:
      return match satisfies never
  }
}

function targetCommand(target: Target): string[] {
  switch (target.kind) {
    case 'chain':
      return [target.goto ? '-g' : '-j', target.name]
    case 'REJECT':
      return ['-j', 'REJECT', '--reject-with', target.with]
    case 'LOG':
      return [
        '-j',
        'LOG',
        ...(target.prefix === '' ? [] : ['--log-prefix', quoted(target.prefix)]),
        ...(target.level === 4 ? [] : ['--log-level', String(target.level)]),
      ]
    case 'MASQUERADE':
    case 'REDIRECT':
      return ['-j', target.kind, ...(target.ports ? ['--to-ports', dashed(target.ports)] : [])]
    case 'SNAT':
      return ['-j', 'SNAT', '--to-source', natText(target)]
    case 'DNAT':
      return ['-j', 'DNAT', '--to-destination', natText(target)]
    case 'MARK':
      return ['-j', 'MARK', '--set-xmark', `${hex(target.value)}/${hex(target.mask)}`]
    case 'TTL':
      return ['-j', 'TTL', `--ttl-${target.how}`, String(target.value)]
    default:
      return ['-j', target.kind]
  }
}

/** `-S`: policies and chains first, then rules. */
export function commands(table: Table, only: string | undefined, verbose: boolean): string {
  const chains = table.chains.filter((chain) => only === undefined || chain.name === only)
  const counted = (packets: number, bytes: number) => (verbose ? ` -c ${packets} ${bytes}` : '')
  const lines = [
    ...chains.map((chain) =>
      chain.policy === null ? `-N ${chain.name}` : `-P ${chain.name} ${chain.policy}${counted(chain.packets, chain.bytes)}`,
    ),
    ...chains.flatMap((chain) => chain.rules.map((rule) => `-A ${chain.name} ${ruleCommand(rule)}`.trimEnd())),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

export function saved(table: Table, date: string, counters: boolean, version: string): string {
  const lines = [`# Generated by iptables-save ${version} on ${date}`, `*${table.name}`]
  for (const chain of table.chains) lines.push(`:${chain.name} ${chain.policy ?? '-'} [${chain.packets}:${chain.bytes}]`)
  for (const chain of table.chains)
    for (const rule of chain.rules)
      lines.push(`${counters ? `[${rule.packets}:${rule.bytes}] ` : ''}-A ${chain.name} ${ruleCommand(rule)}`.trimEnd())
  lines.push('COMMIT', `# Completed on ${date}`)
  return `${lines.join('\n')}\n`
}
