import type { DumpStyle } from './describe.ts'

/** What the command line of tcpdump asks for. */
export type Request = {
  readonly device: string | undefined
  readonly count: number | null
  readonly snapLength: number
  readonly read: string | undefined
  readonly write: string | undefined
  readonly unbuffered: boolean
  readonly direction: 'in' | 'out' | 'inout'
  readonly promiscuous: boolean
  readonly list: boolean
  readonly onlyCount: boolean
  readonly print: boolean
  readonly filter: string
  /** Name and text of the filter's file. */
  readonly filterFile: string | undefined
  readonly dumpCode: boolean
  readonly style: Omit<DumpStyle, 'zoneMinutes' | 'interfaces'>
}

export type Refused = { readonly text: string; readonly status: number }

export const VERSION = 'tcpdump version 4.99.4\nlibpcap version 1.10.4 (with TPACKET_V3)\nOpenSSL 3.0.13 30 Jan 2024\n'
export const USAGE = `Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`

const FLAGS = 'AdDefhlLnNOpqStuUvxX#KbHI'
const VALUES = 'cFirsQwBZjyTWCGEMVz'
const REAL = 'bHIBZjyTWCGEMVzKLfu'
const LONG: { readonly [name: string]: string } = {
  'list-interfaces': 'D',
  help: 'h',
  'interface=': 'i',
  'direction=': 'Q',
  'snapshot-length=': 's',
  number: '#',
  'packet-buffered': 'U',
  'no-optimize': 'O',
  'no-promiscuous-mode': 'p',
  absolute: 'S',
  'absolute-tcp-sequence-numbers': 'S',
  print: '--print',
  count: '--count',
  version: '--version',
  micro: '--micro',
  'immediate-mode': '--immediate-mode',
  lengths: '--lengths',
}
const LONGEST = 262_144

export function readArguments(args: readonly string[]): Request | Refused {
  const counts = new Map<string, number>()
  const values = new Map<string, string>()
  const rest: string[] = []
  const wrong = (text: string): Refused => ({ text: `tcpdump: ${text}\n${USAGE.split('\n')[0]}\n`, status: 1 })
  const add = (flag: string): void => void counts.set(flag, (counts.get(flag) ?? 0) + 1)
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === '--' || !arg.startsWith('-') || arg === '-') {
      rest.push(...args.slice(arg === '--' ? i + 1 : i))
      break
    }
    if (arg.startsWith('--')) {
      const [word = '', given] = arg.slice(2).split(/=(.*)/s)
      if (Object.hasOwn(LONG, word)) add(LONG[word] as string)
      else if (Object.hasOwn(LONG, `${word}=`)) {
        const value = given ?? args[++i]
        if (value === undefined) return wrong(`option '--${word}' requires an argument`)
        values.set(LONG[`${word}=`] as string, value)
      } else return wrong(`unrecognized option '${arg}'`)
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at)
      if (VALUES.includes(letter)) {
        const value = at + 1 < arg.length ? arg.slice(at + 1) : args[++i]
        if (value === undefined) return wrong(`option requires an argument -- '${letter}'`)
        if (REAL.includes(letter)) return { text: `tcpdump: option -${letter} is real, but not simulated here yet\n`, status: 1 }
        values.set(letter, value)
        break
      }
      if (!FLAGS.includes(letter)) return wrong(`invalid option -- '${letter}'`)
      if (REAL.includes(letter)) return { text: `tcpdump: option -${letter} is real, but not simulated here yet\n`, status: 1 }
      add(letter)
    }
  }
  return finish(counts, values, rest)
}

function finish(
  counts: ReadonlyMap<string, number>,
  values: ReadonlyMap<string, string>,
  rest: readonly string[],
): Request | Refused {
  const many = (flag: string): number => counts.get(flag) ?? 0
  if (many('h') > 0) return { text: `${VERSION}${USAGE}`, status: 0 }
  if (many('--version') > 0) return { text: VERSION, status: 0 }
  const count = values.get('c')
  if (count !== undefined && !/^0*[1-9]\d{0,8}$/.test(count))
    return { text: `tcpdump: invalid packet count ${count}\n`, status: 1 }
  const snap = values.get('s')
  if (snap !== undefined && !(/^\d+$/.test(snap) && Number(snap) <= LONGEST))
    return { text: `tcpdump: invalid snaplen ${snap} (must be >= 0 and <= ${LONGEST})\n`, status: 1 }
  const direction = values.get('Q') ?? 'inout'
  if (direction !== 'in' && direction !== 'out' && direction !== 'inout')
    return { text: `tcpdump: unknown capture direction \`${direction}'\n`, status: 1 }
  const stamps = ['time', 'none', 'epoch', 'since-before', 'date', 'since-first'] as const
  const octets = many('A') > 0 ? 'A' : many('X') > 0 ? 'X' : many('x') > 0 ? 'x' : ''
  const twice = octets !== '' && many(octets) > 1
  return {
    device: values.get('i'),
    count: count === undefined ? null : Number(count),
    snapLength: snap === undefined || Number(snap) === 0 ? LONGEST : Number(snap),
    read: values.get('r'),
    write: values.get('w'),
    unbuffered: many('U') > 0,
    direction,
    promiscuous: many('p') === 0,
    list: many('D') > 0,
    onlyCount: many('--count') > 0,
    print: many('--print') > 0,
    filter: rest.join(' '),
    filterFile: values.get('F'),
    dumpCode: many('d') > 0,
    style: {
      numeric: many('n') > 0,
      link: many('e') > 0,
      verbose: many('v'),
      quick: many('q') > 0,
      absolute: many('S') > 0,
      stamp: stamps[Math.min(many('t'), stamps.length - 1)] as (typeof stamps)[number],
      octets: (twice ? octets + octets : octets) as DumpStyle['octets'],
      numbered: many('#') > 0,
    },
  }
}
