import { momentOf, written } from '../calendar.ts'
import { absolute } from '../files.ts'
import { columns } from '../format.ts'
import { type Command, INTERRUPTED, type Io, instant, notSimulated, type Run } from '../io.ts'
import { parseOptions } from '../options.ts'
import { processList } from '../process-list.ts'
import { below } from './files/trees.ts'
import { human } from './ls.ts'

// What the machine has and who is on it: free, df, du, who, w, nproc, tty, groups, top.

/** What /proc/meminfo says, by name, in KiB. */
function memory(io: Io): (name: string) => number {
  const text = io.kernel.readFile('/proc/meminfo') ?? ''
  return (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? '0')
}

export const free: Command = {
  name: 'free',
  summary: 'memory, as /proc/meminfo has it',
  completions: ['-h', '-m'],
  run: instant((args, io) => {
    const options = parseOptions('free', args, { flags: 'hmkbg', real: 'cstwl', long: { human: 'h', mebi: 'm' } }, io)
    if (typeof options === 'number') return options
    const of = memory(io)
    const { flags } = options
    const text = (kib: number) =>
      flags.has('h')
        ? `${human(kib * 1024)}${kib === 0 ? 'B' : 'i'}`
        : String(flags.has('b') ? kib * 1024 : Math.floor(kib / (flags.has('m') ? 1024 : flags.has('g') ? 1_048_576 : 1)))
    const [total, unused, available] = [of('MemTotal'), of('MemFree'), of('MemAvailable')]
    const row = (name: string, cells: readonly string[]) =>
      io.out(`${name.padEnd(7)}${cells.map((cell, i) => cell.padStart(i === 0 ? 13 : 12)).join('')}\n`)
    row('', ['total', 'used', 'free', 'shared', 'buff/cache', 'available'])
    const cached = Math.max(0, available - unused)
    row('Mem:', [total, total - available, unused, 0, cached, available].map(text))
    row('Swap:', [of('SwapTotal'), of('SwapTotal') - of('SwapFree'), of('SwapFree')].map(text))
    return 0
  }),
}

export const df: Command = {
  name: 'df',
  summary: 'room on the disk that people may write to',
  completions: ['-h'],
  run: instant((args, io) => {
    const options = parseOptions('df', args, { flags: 'hkT', real: 'aBHilmPtx', long: { 'human-readable': 'h' } }, io)
    if (typeof options === 'number') return options
    for (const name of options.operands) {
      if (io.kernel.stat(absolute(name, io.session.cwd))) continue
      io.err(`df: ${name}: No such file or directory\n`)
      return 1
    }
    const { used, limit } = io.kernel.diskUse()
    const kib = (bytes: number) => (options.flags.has('h') ? human(bytes) : String(Math.ceil(bytes / 1024)))
    const type = options.flags.has('T')
    const size = options.flags.has('h') ? 'Size' : '1K-blocks'
    const available = options.flags.has('h') ? 'Avail' : 'Available'
    const rows = [
      ['Filesystem', ...(type ? ['Type'] : []), size, 'Used', available, 'Use%', 'Mounted on'],
      [
        '/dev/sda1',
        ...(type ? ['ext4'] : []),
        kib(limit),
        kib(used),
        kib(Math.max(0, limit - used)),
        `${Math.ceil((used * 100) / limit)}%`,
        '/',
      ],
    ]
    const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
    for (const row of rows) {
      const cells = row.map((cell, i) => {
        if (i === row.length - 1) return cell
        return i === 0 || (type && i === 1) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)
      })
      io.out(`${cells.join(' ')}\n`)
    }
    return 0
  }),
}

export const du: Command = {
  name: 'du',
  summary: 'room that files take',
  completions: ['-sh'],
  run: instant((args, io) => {
    const options = parseOptions(
      'du',
      args,
      { flags: 'abchks', real: 'dlLSxX', long: { summarize: 's', 'human-readable': 'h' } },
      io,
    )
    if (typeof options === 'number') return options
    const { flags } = options
    const size = (bytes: number) => (flags.has('h') ? human(bytes) : String(flags.has('b') ? bytes : Math.ceil(bytes / 1024)))
    const taken = (bytes: number) => (flags.has('b') ? bytes : Math.ceil(bytes / 4096) * 4096)
    let [status, total] = [0, 0]
    for (const name of options.operands.length === 0 ? ['.'] : options.operands) {
      const all = [...below(absolute(name, io.session.cwd), name, io)]
      if (all.length === 0) {
        io.err(`du: cannot access '${name}': No such file or directory\n`)
        status = 1
        continue
      }
      const sums = new Map<string, number>()
      for (const one of [...all].reverse()) {
        const inside = (sums.get(one.path) ?? 0) + taken(one.stat.size)
        sums.set(one.path, inside)
        const parent = one.path.slice(0, Math.max(1, one.path.lastIndexOf('/')))
        if (one.path !== all[0]?.path) sums.set(parent, (sums.get(parent) ?? 0) + inside)
        const shown = one === all[0] || (!flags.has('s') && (one.stat.kind === 'directory' || flags.has('a')))
        if (shown) io.out(`${size(inside)}\t${one.name}\n`)
      }
      total += sums.get(all[0]?.path ?? '') ?? 0
    }
    if (flags.has('c')) io.out(`${size(total)}\ttotal\n`)
    return status
  }),
}

function begun(format: string, io: Io): string {
  return written(format, momentOf(io.kernel.clock(), io.kernel.identity().bootedAt))
}

export const who: Command = {
  name: 'who',
  summary: 'who is on this machine',
  run: instant((args, io) => {
    const options = parseOptions('who', args, { flags: 'bqHum', real: 'adlprstT' }, io)
    if (typeof options === 'number') return options
    const { flags } = options
    if (flags.has('b')) io.out(`         system boot  ${begun('%Y-%m-%d %H:%M', io)}\n`)
    else if (flags.has('q')) io.out(`${io.session.user}\n# users=1\n`)
    else {
      if (flags.has('H')) io.out('NAME     LINE         TIME             COMMENT\n')
      io.out(`${io.session.user.padEnd(8)} ${'pts/0'.padEnd(12)} ${begun('%Y-%m-%d %H:%M', io)}\n`)
    }
    return 0
  }),
}

export const w: Command = {
  name: 'w',
  summary: 'who is on this machine and what they do',
  *run(args, io): Run {
    const options = parseOptions('w', args, { flags: 'hs', real: 'fiou' }, io)
    if (typeof options === 'number') return options
    if (!options.flags.has('h')) {
      yield* io.tools.launch(['uptime'], io)
      for (const line of columns([['USER', 'TTY', 'FROM', 'LOGIN@', 'IDLE', 'JCPU', 'PCPU', 'WHAT']], 2)) io.out(`${line}\n`)
    }
    io.out(`${io.session.user.padEnd(8)} pts/0    -                ${begun('%H:%M', io)}    0.00s  0.00s  0.00s w\n`)
    return 0
  },
}

export const nproc: Command = {
  name: 'nproc',
  summary: 'how many processors there are',
  run: instant((args, io) => {
    const options = parseOptions('nproc', args, { long: { all: 'a' }, flags: '' }, io)
    if (typeof options === 'number') return options
    const found = (io.kernel.readFile('/proc/cpuinfo') ?? '').match(/^processor/gm)
    io.out(`${Math.max(1, found?.length ?? 0)}\n`)
    return 0
  }),
}

export const tty: Command = {
  name: 'tty',
  summary: 'the terminal of standard input',
  run: instant((args, io) => {
    const options = parseOptions('tty', args, { flags: 's', status: 2 }, io)
    if (typeof options === 'number') return options
    if (!options.flags.has('s')) io.out(io.piped ? 'not a tty\n' : '/dev/pts/0\n')
    return io.piped ? 1 : 0
  }),
}

export const groups: Command = {
  name: 'groups',
  summary: 'the groups you are in',
  run: instant((args, io) => {
    const options = parseOptions('groups', args, {}, io)
    if (typeof options === 'number') return options
    const [user] = options.operands
    const mine = user ?? (io.root ? 'root' : io.session.user)
    const found = (io.kernel.readFile('/etc/group') ?? '')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([name, , , members]) => name === mine || members?.split(',').includes(mine))
      .map(([name = '']) => name)
      .sort((a, b) => (a === mine ? -1 : b === mine ? 1 : 0))
    if (found.length === 0) {
      io.err(`groups: ‘${mine}’: no such user\n`)
      return 1
    }
    io.out(`${user === undefined ? '' : `${user} : `}${found.join(' ')}\n`)
    return 0
  }),
}

const plain = (name: string, summary: string, text: (io: Io) => string): Command => ({
  name,
  summary,
  run: instant((args, io) => {
    const options = parseOptions(name, args, {}, io)
    if (typeof options === 'number') return options
    io.out(text(io))
    return 0
  }),
})

export const arch: Command = plain('arch', 'the kind of processor', () => 'x86_64\n')
export const logname: Command = plain('logname', 'who logged in', (io) => `${io.session.user}\n`)
export const sync: Command = plain('sync', 'writes what is held to disk', (io) => {
  io.work.flush()
  return ''
})

/** A value of os-release(5). */
export const osRelease = (name: string, io: Io): string | undefined =>
  new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(io.kernel.readFile('/etc/os-release') ?? '')?.[1]

export const lsbRelease: Command = {
  name: 'lsb_release',
  summary: 'which distribution this is',
  completions: ['-a'],
  run: instant((args, io) => {
    const options = parseOptions('lsb_release', args, { flags: 'adicsr', real: 'v' }, io)
    if (typeof options === 'number') return options
    const of = (name: string) => osRelease(name, io) ?? 'n/a'
    const rows: [string, string, string][] = [
      ['i', 'Distributor ID', of('NAME')],
      ['d', 'Description', of('PRETTY_NAME')],
      ['r', 'Release', of('VERSION_ID')],
      ['c', 'Codename', of('VERSION_CODENAME')],
    ]
    const { flags } = options
    const shown = rows.filter(([letter]) => flags.has('a') || flags.has(letter))
    if (flags.size === 0 || flags.has('a')) io.err('No LSB modules are available.\n')
    for (const [, name, value] of shown) io.out(flags.has('s') ? `${value}\n` : `${name}:\t${value}\n`)
    return 0
  }),
}

/** So often `top` shows itself when nobody stops it. */
const ROUNDS = 200

export const top: Command = {
  name: 'top',
  summary: 'processes, shown anew every three seconds; -b -n 1 once',
  usage: 'top [-b] [-n COUNT] [-d SECONDS]',
  run: runTop,
}

function* runTop(args: readonly string[], io: Io): Run {
  const options = parseOptions('top', args, { flags: 'bcHiS', values: 'nd', real: 'oOpsuUw1eE' }, io)
  if (typeof options === 'number') return options
  const count = Number(options.values.get('n') ?? ROUNDS)
  const pause = Number(options.values.get('d') ?? '3')
  if (!Number.isInteger(count) || count < 1 || !(pause >= 0)) {
    io.err(`top: bad ${pause >= 0 ? 'iterations' : 'delay interval'} argument '${options.values.get(pause >= 0 ? 'n' : 'd')}'\n`)
    return 1
  }
  if (!options.flags.has('b') && !io.terminal) {
    io.err('top: failed tty get\n')
    return 1
  }
  for (let round = 0; round < Math.min(count, ROUNDS); round++) {
    io.work.step(10)
    if (!options.flags.has('b')) io.out('\u001b[H\u001b[2J')
    else if (round > 0) io.out('\n')
    screen(options.flags.has('c'), io)
    if (round + 1 === count) return 0
    const micros = Math.max(100_000, Math.round(pause * 1_000_000))
    const got = yield options.values.has('n') ? { sleep: micros } : { sleep: micros, endless: true }
    if (got.kind === 'interrupt') return INTERRUPTED
  }
  io.err(notSimulated(`top: more than ${ROUNDS} rounds`))
  return 1
}

function screen(whole: boolean, io: Io): void {
  const list = processList('top', io)
  const clock = io.kernel.clock()
  const time = written('%T', momentOf(clock))
  const minutes = Math.floor((clock.now - io.kernel.identity().bootedAt) / 60_000_000)
  const up = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  const of = memory(io)
  const mib = (kib: number) => (kib / 1024).toFixed(1).padStart(8)
  const inState = (letter: string) => list.filter(({ state }) => state.startsWith(letter)).length
  const [running, stopped] = [inState('R'), inState('T')]
  const three = (n: number) => String(n).padStart(3)
  io.out(
    [
      `top - ${time} up ${up},  1 user,  load average: 0.00, 0.00, 0.00`,
      `Tasks: ${three(list.length)} total, ${three(running)} running, ${three(list.length - running - stopped)} sleeping, ${three(stopped)} stopped,   0 zombie`,
      '%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st ',
      `MiB Mem : ${mib(of('MemTotal'))} total, ${mib(of('MemFree'))} free, ${mib(of('MemTotal') - of('MemAvailable'))} used, ${mib(of('MemAvailable') - of('MemFree'))} buff/cache     `,
      `MiB Swap: ${mib(of('SwapTotal'))} total, ${mib(of('SwapFree'))} free, ${mib(0)} used. ${mib(of('MemAvailable'))} avail Mem `,
      '',
      '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
      ...list.map(
        (one) =>
          `${String(one.pid).padStart(7)} ${one.user.padEnd(8)}  20   0       0      0      0 ${one.state.charAt(0)}   0.0   0.0   0:00.00 ${whole ? one.command : one.name}`,
      ),
      '',
    ].join('\n'),
  )
}
