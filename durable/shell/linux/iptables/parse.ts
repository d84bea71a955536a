// A rule as iptables reads it: general options, matches, target. What is wrong is said in iptables' words.
import {
  type AddressType,
  type LimitUnit,
  type Match,
  type PortRange,
  REJECTS,
  type RejectWith,
  type Rule,
  STATES,
  type TableName,
  type Target,
} from '../../../engine/ip/netfilter/rule.ts'
import { maskOf, parseIp, parseMac, prefixOf } from '../../../engine/wire/addresses.ts'
import { flagsNamed, icmpNamed, levelNamed, portNamed, protocolNamed } from './words.ts'

export class RuleFault extends Error {
  readonly status: number
  readonly hint: boolean
  /** `hint`: "Try `iptables -h'" follows. */
  constructor(message: string, status = 2, hint = true) {
    super(message)
    this.status = status
    this.hint = hint
  }
}

type Draft = { -readonly [K in keyof Rule]: Rule[K] } & { matches: Match[] }
const REAL_MATCHES =
  /^(iprange|set|time|length|ttl|tos|dscp|owner|recent|string|connlimit|connmark|hashlimit|statistic|u32|pkttype|physdev|policy|quota|rateest|realm|sctp|socket|tcpmss|bpf|cgroup|cluster|cpu|dccp|devgroup|ecn|esp|helper|ipcomp|ipvs|nfacct|osf|rpfilter|connbytes|connlabel|control)$/
const REAL_TARGETS =
  /^(AUDIT|CHECKSUM|CLASSIFY|CLUSTERIP|CONNMARK|CONNSECMARK|CT|DSCP|ECN|HMARK|IDLETIMER|LED|NETMAP|NFLOG|NFQUEUE|RATEEST|SECMARK|SET|SYNPROXY|TCPMSS|TCPOPTSTRIP|TEE|TOS|TPROXY|TRACE|ULOG|MIRROR)$/

/** `words` after the chain's name (and number). `chains`: names that `-j` may jump to. */
export function parseRule(words: readonly string[], table: TableName, chains: readonly string[]): Rule {
  const rule: Draft = {
    protocol: 0,
    notProtocol: false,
    source: 0,
    sourceMask: 0,
    notSource: false,
    destination: 0,
    destinationMask: 0,
    notDestination: false,
    in: '',
    notIn: false,
    out: '',
    notOut: false,
    matches: [],
    target: null,
    packets: 0,
    bytes: 0,
  }
  let target = ''
  let goTo = false
  let not = false
  const extras: string[] = []
  let at = 0
  const next = (option: string): string => {
    const value = words[++at]
    if (value === undefined) throw new RuleFault(`option "${option}" requires an argument`)
    return value
  }
  const take = (): boolean => {
    const was = not
    not = false
    return was
  }
  const options: { [option: string]: string } = {}
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    switch (word) {
      case '!':
        not = true
        continue
      case '-p':
      case '--protocol':
      case '--proto': {
        rule.notProtocol = take()
        const text = next(word)
        const protocol = protocolNamed(text)
        if (protocol === undefined) throw new RuleFault(`unknown protocol "${text}" specified`)
        rule.protocol = protocol
        continue
      }
      case '-s':
      case '--source':
      case '--src':
        rule.notSource = take()
        ;[rule.source, rule.sourceMask] = address(next(word))
        continue
      case '-d':
      case '--destination':
      case '--dst':
        rule.notDestination = take()
        ;[rule.destination, rule.destinationMask] = address(next(word))
        continue
      case '-i':
      case '--in-interface':
        rule.notIn = take()
        rule.in = next(word)
        continue
      case '-o':
      case '--out-interface':
        rule.notOut = take()
        rule.out = next(word)
        continue
      case '-m':
      case '--match':
        begin(rule, next(word))
        continue
      case '-j':
      case '--jump':
        target = next(word)
        continue
      case '-g':
      case '--goto':
        target = next(word)
        goTo = true
        continue
      case '-c':
      case '--set-counters':
        rule.packets = Number(next(word)) || 0
        rule.bytes = Number(next(word)) || 0
        continue
      case '-n':
      case '-v':
      case '--line-numbers':
        continue
      case '-f':
      case '--fragment':
        throw new RuleFault(
          '-f: rules on fragments are real, but not simulated here yet (datagrams are put together first)',
          1,
          false,
        )
    }
    if (matchOption(rule, word, () => next(word), take)) continue
    if (target !== '' && word.startsWith('--')) {
      extras.push(word)
      options[word] = TARGET_FLAGS.has(word) ? '' : next(word)
      continue
    }
    throw new RuleFault(word.startsWith('-') ? `unknown option "${word}"` : `Bad argument \`${word}'`)
  }
  for (const match of rule.matches)
    if (match.kind === 'multiport' && match.ports.length === 0) throw new RuleFault('multiport expection an option')
  rule.target = target === '' ? null : readTarget(target, goTo, options, table, chains, rule)
  return rule
}

const TARGET_FLAGS = new Set([
  '--random',
  '--random-fully',
  '--persistent',
  '--log-tcp-options',
  '--log-ip-options',
  '--log-uid',
  '--log-tcp-sequence',
])

function address(text: string): [number, number] {
  const [host = '', length] = text.split('/')
  const ip = parseIp(
    host.split('.').length < 4 && /^[\d.]+$/.test(host) ? [...host.split('.'), '0', '0', '0'].slice(0, 4).join('.') : host,
  )
  if (ip === undefined) throw new RuleFault(`host/network \`${host}' not found`)
  const dotted = length === undefined ? undefined : parseIp(length)
  const mask =
    length === undefined
      ? 0xffffffff
      : dotted !== undefined && prefixOf(dotted) >= 0
        ? dotted
        : /^\d{1,2}$/.test(length) && Number(length) <= 32
          ? maskOf(Number(length))
          : undefined
  if (mask === undefined) throw new RuleFault(`invalid mask \`${length}' specified`)
  return [(ip & mask) >>> 0, mask]
}

function begin(rule: Draft, name: string): void {
  switch (name) {
    case 'tcp':
    case 'udp':
      rule.matches.push({ kind: name, sport: null, notSport: false, dport: null, notDport: false, flags: null })
      return
    case 'icmp':
      rule.matches.push({ kind: 'icmp', type: 255, code: -1, not: false })
      return
    case 'multiport':
      rule.matches.push({ kind: 'multiport', which: 'dports', ports: [], not: false })
      return
    case 'state':
    case 'conntrack':
      rule.matches.push({ kind: name, states: 0, not: false })
      return
    case 'mac':
    case 'mark':
    case 'comment':
    case 'addrtype':
      return
    case 'limit':
      rule.matches.push({ kind: 'limit', amount: 3, unit: 'hour', burst: 5, credit: 0, last: 0 })
      return
    default:
      if (REAL_MATCHES.test(name)) throw new RuleFault(`the match ${name} is real, but not simulated here yet`, 1, false)
      throw new RuleFault(`Couldn't load match \`${name}':No such file or directory\n`)
  }
}

/** The last match of a kind, begun where `-p tcp` alone stands for `-m tcp`. */
function last<K extends Match['kind']>(
  rule: Draft,
  kinds: readonly K[],
  start: () => Extract<Match, { kind: K }>,
): Extract<Match, { kind: K }> {
  const found = rule.matches.findLast((match) => (kinds as readonly string[]).includes(match.kind))
  if (found) return found as Extract<Match, { kind: K }>
  const made = start()
  rule.matches.push(made)
  return made
}

function put(rule: Draft, before: Match, after: Match): void {
  rule.matches[rule.matches.indexOf(before)] = after
}

function ports(text: string): PortRange {
  const [a = '', b] = text.split(':')
  const first = a === '' ? 0 : portNamed(a)
  const end = b === undefined ? first : b === '' ? 65535 : portNamed(b)
  if (first === undefined || end === undefined)
    throw new RuleFault(`invalid port/service \`${first === undefined ? a : b}' specified`)
  return [first, end]
}

function matchOption(rule: Draft, word: string, next: () => string, take: () => boolean): boolean {
  const transport = () => {
    const kind = rule.protocol === 6 ? 'tcp' : rule.protocol === 17 ? 'udp' : undefined
    if (kind === undefined) throw new RuleFault(`unknown option "${word}"`)
    return last<'tcp' | 'udp'>(rule, ['tcp', 'udp'], () => ({
      kind,
      sport: null,
      notSport: false,
      dport: null,
      notDport: false,
      flags: null,
    }))
  }
  switch (word) {
    case '--dport':
    case '--destination-port': {
      const match = transport()
      put(rule, match, { ...match, notDport: take(), dport: ports(next()) })
      return true
    }
    case '--sport':
    case '--source-port': {
      const match = transport()
      put(rule, match, { ...match, notSport: take(), sport: ports(next()) })
      return true
    }
    case '--syn':
    case '--tcp-flags': {
      const match = transport()
      const not = take()
      const mask = word === '--syn' ? 0x17 : flagsNamed(next())
      const set = word === '--syn' ? 0x02 : flagsNamed(next())
      if (mask === undefined || set === undefined) throw new RuleFault('Unknown TCP flag')
      put(rule, match, { ...match, flags: { mask, set, not } })
      return true
    }
    case '--dports':
    case '--destination-ports':
    case '--sports':
    case '--source-ports':
    case '--ports': {
      const match = rule.matches.findLast((one) => one.kind === 'multiport')
      if (match?.kind !== 'multiport') throw new RuleFault(`unknown option "${word}"`)
      if (rule.protocol !== 6 && rule.protocol !== 17)
        throw new RuleFault("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'")
      const which = word.startsWith('--d') ? 'dports' : word.startsWith('--s') ? 'sports' : 'ports'
      put(rule, match, { kind: 'multiport', which, not: take(), ports: next().split(',').map(ports) })
      return true
    }
    case '--icmp-type': {
      if (rule.protocol !== 1) throw new RuleFault(`unknown option "${word}"`)
      const match = last(rule, ['icmp'], () => ({ kind: 'icmp', type: 255, code: -1, not: false }))
      const not = take()
      const text = next()
      const known = icmpNamed(text)
      if (known === undefined) throw new RuleFault(`Invalid ICMP type \`${text}'`)
      put(rule, match, { kind: 'icmp', type: known[0], code: known[1], not })
      return true
    }
    case '--state':
    case '--ctstate': {
      const kind = word === '--state' ? 'state' : 'conntrack'
      const match = rule.matches.findLast((one) => one.kind === kind)
      if (match === undefined) throw new RuleFault(`unknown option "${word}"`)
      const not = take()
      let states = 0
      for (const name of next().toUpperCase().split(',')) {
        const bit = (STATES as { readonly [name: string]: number })[name]
        if (bit === undefined) throw new RuleFault(`Bad ${kind === 'state' ? 'state' : 'ctstate'} "${name}"`)
        states |= bit
      }
      put(rule, match, { kind, states, not })
      return true
    }
    case '--mac-source': {
      const not = take()
      const text = next()
      const mac = parseMac(text)
      if (mac === undefined || !text.includes(':')) throw new RuleFault(`mac: Bad value for "--mac-source" option: "${text}"`)
      rule.matches.push({ kind: 'mac', mac, not })
      return true
    }
    case '--mark': {
      const not = take()
      const [value = '', mask] = next().split('/')
      rule.matches.push({
        kind: 'mark',
        value: whole(value, 'mark'),
        mask: mask === undefined ? 0xffffffff : whole(mask, 'mark'),
        not,
      })
      return true
    }
    case '--comment':
      rule.matches.push({ kind: 'comment', text: next() })
      return true
    case '--limit': {
      const match = last(rule, ['limit'], () => ({ kind: 'limit', amount: 3, unit: 'hour', burst: 5, credit: 0, last: 0 }))
      const text = next()
      const [, amount, unit = 'second'] = /^(\d{1,5})(?:\/(s|sec|second|m|min|minute|h|hour|d|day))?$/.exec(text) ?? []
      if (amount === undefined || Number(amount) < 1)
        throw new RuleFault(`limit: bad value for option "--limit", or out of range (1-3456000).`)
      const units: { readonly [letter: string]: LimitUnit } = { s: 'sec', m: 'min', h: 'hour', d: 'day' }
      put(rule, match, { ...match, amount: Number(amount), unit: units[unit.charAt(0)] ?? 'sec' })
      return true
    }
    case '--limit-burst': {
      const match = last(rule, ['limit'], () => ({ kind: 'limit', amount: 3, unit: 'hour', burst: 5, credit: 0, last: 0 }))
      put(rule, match, { ...match, burst: whole(next(), 'limit-burst') })
      return true
    }
    case '--src-type':
    case '--dst-type': {
      const not = take()
      const type = next().toUpperCase()
      if (!['LOCAL', 'BROADCAST', 'MULTICAST', 'UNICAST'].includes(type)) throw new RuleFault(`addrtype: bad type \`${type}'`)
      const source = word === '--src-type'
      const match = last(rule, ['addrtype'], () => ({
        kind: 'addrtype',
        source: null,
        destination: null,
        notSource: false,
        notDestination: false,
      }))
      put(
        rule,
        match,
        source
          ? { ...match, source: type as AddressType, notSource: not }
          : { ...match, destination: type as AddressType, notDestination: not },
      )
      return true
    }
    default:
      return false
  }
}

function whole(text: string, what: string): number {
  const value = /^(0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined
  if (value === undefined || value > 0xffffffff) throw new RuleFault(`${what}: Bad value for "--${what}" option: "${text}"`)
  return value
}

function readTarget(
  name: string,
  goTo: boolean,
  options: { readonly [option: string]: string },
  table: TableName,
  chains: readonly string[],
  rule: Draft,
): Target {
  if (goTo || chains.includes(name)) {
    if (!chains.includes(name)) throw new RuleFault(`Chain '${name}' does not exist`)
    return { kind: 'chain', name, goto: goTo }
  }
  const only = (...tables: TableName[]) => {
    if (!tables.includes(table))
      throw new RuleFault(` RULE_APPEND failed (No such file or directory): rule in chain ${''}`.trimEnd(), 4, false)
  }
  const known = (...allowed: string[]) => {
    for (const option of Object.keys(options)) if (!allowed.includes(option)) throw new RuleFault(`unknown option "${option}"`)
  }
  const nat = (option: string) => {
    const text = options[option]
    if (text === undefined) throw new RuleFault(`${name}: option "${option}" must be specified`)
    const [, from = '', to, port, end] = /^([\d.]+)(?:-([\d.]+))?(?::(\d{1,5})(?:-(\d{1,5}))?)?$/.exec(text) ?? []
    const [first, second] = [parseIp(from), parseIp(to ?? from)]
    if (first === undefined || second === undefined) throw new RuleFault(`Bad IP address "${text}"`)
    if (port !== undefined && rule.protocol !== 6 && rule.protocol !== 17)
      throw new RuleFault('Need TCP, UDP, SCTP or DCCP with port specification')
    const range: PortRange | null = port === undefined ? null : [Number(port), Number(end ?? port)]
    return { first, last: second, ports: range }
  }
  const toPorts = (): PortRange | null => {
    const text = options['--to-ports']
    if (text === undefined) return null
    const [, first, end] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? []
    if (first === undefined) throw new RuleFault(`Port \`${text}' not valid`)
    if (rule.protocol !== 6 && rule.protocol !== 17) throw new RuleFault('Need TCP, UDP, SCTP or DCCP with port specification')
    return [Number(first), Number(end ?? first)]
  }
  switch (name) {
    case 'ACCEPT':
    case 'DROP':
    case 'RETURN':
      known()
      return { kind: name }
    case 'NOTRACK':
      only('raw')
      return { kind: 'NOTRACK' }
    case 'REJECT': {
      only('filter')
      known('--reject-with')
      const how = options['--reject-with'] ?? 'icmp-port-unreachable'
      const short: { readonly [alias: string]: string } = {
        'net-unreach': 'icmp-net-unreachable',
        'host-unreach': 'icmp-host-unreachable',
        'port-unreach': 'icmp-port-unreachable',
        'proto-unreach': 'icmp-proto-unreachable',
        'net-prohib': 'icmp-net-prohibited',
        'host-prohib': 'icmp-host-prohibited',
        'admin-prohib': 'icmp-admin-prohibited',
        'tcp-rst': 'tcp-reset',
      }
      const full = short[how] ?? how
      if (!Object.hasOwn(REJECTS, full)) throw new RuleFault(`unknown reject type "${how}"`)
      if (full === 'tcp-reset' && rule.protocol !== 6) throw new RuleFault('REJECT: tcp-reset needs "-p tcp"')
      return { kind: 'REJECT', with: full as RejectWith }
    }
    case 'LOG': {
      known('--log-prefix', '--log-level', '--log-tcp-options', '--log-ip-options', '--log-uid', '--log-tcp-sequence')
      const level = levelNamed(options['--log-level'] ?? 'warning')
      if (level === undefined) throw new RuleFault(`log-level "${options['--log-level']}" unknown`)
      const prefix = options['--log-prefix'] ?? ''
      if (prefix.length > 29) throw new RuleFault('Maximum prefix length 29 for --log-prefix')
      return { kind: 'LOG', prefix, level }
    }
    case 'MASQUERADE':
      only('nat')
      known('--to-ports', '--random', '--random-fully')
      return { kind: 'MASQUERADE', ports: toPorts() }
    case 'REDIRECT':
      only('nat')
      known('--to-ports', '--random')
      return { kind: 'REDIRECT', ports: toPorts() }
    case 'SNAT':
      only('nat')
      known('--to-source', '--random', '--random-fully', '--persistent')
      return { kind: 'SNAT', ...nat('--to-source') }
    case 'DNAT':
      only('nat')
      known('--to-destination', '--random', '--persistent')
      return { kind: 'DNAT', ...nat('--to-destination') }
    case 'MARK': {
      only('mangle')
      known('--set-mark', '--set-xmark', '--or-mark', '--and-mark', '--xor-mark')
      const [option = '', text = ''] = Object.entries(options)[0] ?? []
      if (option === '') throw new RuleFault('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required')
      const [value = '', mask] = text.split('/')
      const bits = whole(value, option.slice(2))
      const given = mask === undefined ? 0xffffffff : whole(mask, option.slice(2))
      if (option === '--and-mark') return { kind: 'MARK', value: 0, mask: ~bits >>> 0 }
      if (option === '--or-mark') return { kind: 'MARK', value: bits, mask: bits }
      if (option === '--xor-mark') return { kind: 'MARK', value: bits, mask: 0 }
      return { kind: 'MARK', value: bits, mask: option === '--set-mark' ? (given | bits) >>> 0 : given }
    }
    case 'TTL': {
      only('mangle')
      known('--ttl-set', '--ttl-inc', '--ttl-dec')
      const [option = '', text = ''] = Object.entries(options)[0] ?? []
      if (option === '') throw new RuleFault('TTL: You must specify an action')
      return { kind: 'TTL', how: option.slice(6) as 'set', value: whole(text, option.slice(2)) & 255 }
    }
    default:
      if (REAL_TARGETS.test(name)) throw new RuleFault(`the target ${name} is real, but not simulated here yet`, 1, false)
      throw new RuleFault(
        /^[A-Z]+$/.test(name) ? `Couldn't load target \`${name}':No such file or directory\n` : `Chain '${name}' does not exist`,
      )
  }
}
