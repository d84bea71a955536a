// conntrack of conntrack-tools 1.4: the connections that netfilter knows of.
import type { ConnectionView } from '../../../engine/machine/linux/linux-views.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'

const VERSION = 'v1.4.8'
const PROTOCOLS: { readonly [name: string]: number } = { icmp: 1, tcp: 6, udp: 17 }

export const conntrack: Command = {
  name: 'conntrack',
  summary: 'connections that the packet filter follows',
  usage:
    'conntrack -L [-p PROTO] [-s ADDRESS] [-d ADDRESS] [--dport PORT] [--state STATE]  conntrack -D ...  conntrack -F  conntrack -C',
  completions: ['-L', '-C', '-F', '-D', '-p', 'tcp', 'udp', 'icmp'],
  run: instant(runConntrack),
}

function runConntrack(args: readonly string[], io: Io): number {
  let verb = ''
  const filter: { [key: string]: string } = {}
  const bad = (text: string) => {
    io.err(`conntrack ${VERSION} (conntrack-tools): ${text}\n`)
    return 2
  }
  const verbs: { readonly [word: string]: string } = { '--dump': 'L', '--delete': 'D', '--flush': 'F', '--count': 'C' }
  const keys: { readonly [word: string]: string } = {
    '-p': 'proto',
    '--proto': 'proto',
    '-s': 'src',
    '--src': 'src',
    '--orig-src': 'src',
    '-d': 'dst',
    '--dst': 'dst',
    '--orig-dst': 'dst',
    '-r': 'rsrc',
    '--reply-src': 'rsrc',
    '-q': 'rdst',
    '--reply-dst': 'rdst',
    '--sport': 'sport',
    '--orig-port-src': 'sport',
    '--dport': 'dport',
    '--orig-port-dst': 'dport',
    '--state': 'state',
    '-m': 'mark',
    '--mark': 'mark',
    '-f': 'family',
    '--family': 'family',
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const known = verbs[word] ?? (/^-[LDFC]$/.test(word) ? word.charAt(1) : undefined)
    if (known !== undefined) verb = known
    else if (/^-[EGIUSAJ]$|^--(event|get|create|update|stats)$/.test(word)) {
      io.err(notSimulated(`conntrack ${word}`))
      return 1
    } else if (keys[word] !== undefined) {
      const value = args[++i]
      if (value === undefined) return bad(`option \`${word}' requires an argument`)
      filter[keys[word]] = value
    } else if (word === 'conntrack' || word === '-n' || word === '-g' || word === '-j' || word === '-o') {
      if (word === '-o') i++
    } else return bad(word.startsWith('-') ? `unknown option \`${word}'` : `unknown argument \`${word}'`)
  }
  if (verb === '') return bad('You need to supply a command: -L, -C, -D or -F is required')
  if (!io.root) {
    io.err(
      `conntrack ${VERSION} (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`,
    )
    return 1
  }
  const linux = linuxOf(io)
  const found = linux.connections().filter((one) => matches(one, filter))
  if (verb === 'C') {
    io.out(`${linux.connections().length}\n`)
    return 0
  }
  if (verb === 'F') {
    linux.deleteConnections(linux.connections())
    io.err(`conntrack ${VERSION} (conntrack-tools): connection tracking table has been emptied.\n`)
    return 0
  }
  for (const one of found) io.out(`${line(one)}\n`)
  if (verb === 'D') linux.deleteConnections(found)
  io.err(
    `conntrack ${VERSION} (conntrack-tools): ${found.length} flow entries have been ${verb === 'D' ? 'deleted' : 'shown'}.\n`,
  )
  return verb === 'D' && found.length === 0 ? 1 : 0
}

function matches(one: ConnectionView, filter: { readonly [key: string]: string }): boolean {
  const [src, dst, sport, dport] = one.original
  const is = (key: string, value: string | number): boolean => filter[key] === undefined || filter[key] === String(value)
  const protocol = filter['proto'] === undefined ? undefined : (PROTOCOLS[filter['proto']] ?? Number(filter['proto']))
  return (
    (protocol === undefined || one.protocol === protocol) &&
    is('src', src) &&
    is('dst', dst) &&
    is('sport', sport) &&
    is('dport', dport) &&
    is('rsrc', one.reply[0]) &&
    is('rdst', one.reply[1]) &&
    is('state', one.state) &&
    is('mark', one.mark) &&
    (filter['family'] === undefined || filter['family'] === 'ipv4')
  )
}

function line(one: ConnectionView): string {
  const name = Object.entries(PROTOCOLS).find(([, number]) => number === one.protocol)?.[0] ?? 'unknown'
  const side = ([src, dst, sport, dport]: ConnectionView['original'], reply: boolean): string => {
    if (one.protocol === 1) return `src=${src} dst=${dst} type=${reply ? 0 : 8} code=0 id=${sport} `
    return one.protocol === 6 || one.protocol === 17
      ? `src=${src} dst=${dst} sport=${sport} dport=${dport} `
      : `src=${src} dst=${dst} `
  }
  const state = one.state === '' ? '' : `${one.state} `
  const replied = one.replied ? '' : '[UNREPLIED] '
  const assured = one.assured ? '[ASSURED] ' : ''
  return `${name.padEnd(8)} ${one.protocol} ${one.seconds} ${state}${side(one.original, false)}${replied}${side(one.reply, true)}${assured}mark=${one.mark} use=1`
}
