import { signalNumber } from '../bash/jobs.ts'
import { momentOf, written } from '../calendar.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { wrongOption } from '../options.ts'
import { type Listed, processList } from '../process-list.ts'

// ps, pgrep, pidof.

export const ps: Command = {
  name: 'ps',
  summary: 'processes; their memory and processor time are not simulated and shown as 0',
  usage: 'ps [aux | -ef | -e | -p PID | -o FORMAT | -C NAME | -u USER]',
  completions: ['aux', '-ef'],
  run: instant(runPs),
}

type Column = { readonly head: string; readonly right?: boolean; readonly width: number; readonly text: (one: Listed) => string }

function runPs(args: readonly string[], io: Io): number {
  let [all, mine, long, full] = [false, true, false, false]
  let chosen: Column[] | undefined
  const only: ((one: Listed) => boolean)[] = []
  const columns = columnsOf(io)
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const value = () => args[++i] ?? ''
    if (arg === '-o' || arg === '--format' || arg === 'o') {
      const names = value()
        .split(',')
        .map((name) => name.replace(/=$/, ''))
      const wrong = names.find((name) => !Object.hasOwn(columns, name))
      if (wrong !== undefined) {
        io.err(`error: unknown user-defined format specifier "${wrong}"\n`)
        return 1
      }
      chosen = names.map((name) => columns[name] as Column)
    } else if (arg === '-p' || arg === '--pid' || arg === 'p') {
      const pids = value().split(/[, ]/).map(Number)
      only.push((one) => pids.includes(one.pid))
    } else if (arg === '-C') {
      const names = value().split(',')
      only.push((one) => names.includes(one.name))
    } else if (arg === '-u' || arg === '-U') {
      const users = value().split(',')
      only.push((one) => users.includes(one.user))
    } else if (arg === '--forest' || arg === '--no-headers') {
      io.err(notSimulated(`ps: option ${arg}`))
      return 1
    } else if (/^-[eAafFwl]+$/.test(arg)) {
      if (/[eA]/.test(arg)) all = true
      else if (arg.includes('a')) mine = false
      if (/[fF]/.test(arg)) full = true
    } else if (/^[auxwfe]+$/.test(arg)) {
      if (arg.includes('x') && arg.includes('a')) all = true
      else if (arg.includes('a')) mine = false
      if (arg.includes('u')) long = true
    } else {
      io.err(
        `error: ${arg.startsWith('--') ? 'unknown gnu long option' : 'unsupported SysV option'}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
      )
      return 1
    }
  }
  const list = processList(`ps${args.length > 0 ? ` ${args.join(' ')}` : ''}`, io).filter((one) =>
    only.length > 0 ? only.every((test) => test(one)) : all || (mine ? one.terminal === 'pts/0' : one.terminal !== '?'),
  )
  const pick = (...names: string[]) => names.map((name) => columns[name] as Column)
  const shown =
    chosen ??
    (long
      ? pick('USER', '%cpu', '%mem', 'vsz', 'rss', 'TTY', 'stat', 'start', 'TIME', 'command').toSpliced(
          1,
          0,
          columns['PID'] as Column,
        )
      : full
        ? pick('UID', 'PID', 'ppid', 'c', 'stime', 'tty', 'time', 'cmd')
        : pick('pid', 'tty', 'time', 'comm'))
  table(shown, list, io)
  return list.length > 0 ? 0 : 1
}

function table(shown: readonly Column[], list: readonly Listed[], io: Io): void {
  const row = (cells: readonly string[]) =>
    shown
      .map(({ width, right }, i) => {
        const cell = cells[i] ?? ''
        if (right) return cell.padStart(width)
        return i === shown.length - 1 ? cell : cell.padEnd(width)
      })
      .join(' ')
  if (shown.some(({ head }) => head !== '')) io.out(`${row(shown.map(({ head }) => head))}\n`)
  for (const one of list) io.out(`${row(shown.map(({ text }) => text(one)))}\n`)
}

function columnsOf(io: Io): { readonly [name: string]: Column } {
  const clock = io.kernel.clock()
  const time = (one: Listed) => {
    return written(clock.now - one.started < 86_400_000_000 ? '%H:%M' : '%b%d', momentOf(clock, one.started))
  }
  const elapsed = (one: Listed) => {
    const seconds = Math.floor((clock.now - one.started) / 1_000_000)
    const two = (n: number) => String(n).padStart(2, '0')
    const hours = Math.floor(seconds / 3600)
    return `${hours > 0 ? `${two(hours)}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  }
  const left = (head: string, width: number, text: Column['text']): Column => ({ head, width, text })
  const right = (head: string, width: number, text: Column['text']): Column => ({ head, width, text, right: true })
  const nothing = () => '0'
  const pid = right('PID', 7, (one) => String(one.pid))
  const comm = left('CMD', 15, (one) => one.name)
  const args = left('COMMAND', 27, (one) => one.command)
  return {
    pid,
    PID: pid,
    ppid: right('PPID', 7, (one) => String(one.parent)),
    user: left('USER', 8, (one) => one.user),
    USER: left('USER', 9, (one) => one.user),
    UID: left('UID', 8, (one) => one.user),
    tty: left('TTY', 8, (one) => one.terminal),
    TTY: left('TTY', 8, (one) => one.terminal),
    stat: left('STAT', 4, (one) => one.state),
    state: left('S', 1, (one) => one.state.charAt(0)),
    s: left('S', 1, (one) => one.state.charAt(0)),
    time: right('TIME', 8, () => '00:00:00'),
    TIME: right('TIME', 6, () => '0:00'),
    start: left('START', 5, time),
    stime: left('STIME', 5, time),
    lstart: left('STARTED', 24, (one) => {
      return written('%a %b %e %T %Y', momentOf(clock, one.started))
    }),
    etime: right('ELAPSED', 11, elapsed),
    c: right('C', 2, nothing),
    '%cpu': right('%CPU', 4, () => '0.0'),
    pcpu: right('%CPU', 4, () => '0.0'),
    '%mem': right('%MEM', 4, () => '0.0'),
    pmem: right('%MEM', 4, () => '0.0'),
    vsz: right('VSZ', 6, nothing),
    rss: right('RSS', 5, nothing),
    ni: right('NI', 3, nothing),
    comm,
    cmd: left('CMD', 27, (one) => one.command),
    args,
    command: args,
  }
}

/** Processes whose name, or with `-f` whose line, has a text in it. */
export function matching(words: readonly string[], whole: boolean, exact: boolean, own: string, io: Io): Listed[] {
  return processList(own, io)
    .slice(0, -1)
    .filter((one) => words.some((word) => (exact ? one.name === word : (whole ? one.command : one.name).includes(word))))
}

export const pgrep: Command = {
  name: 'pgrep',
  summary: 'numbers of processes by name',
  usage: 'pgrep [-afx] NAME',
  run: instant((args, io) => {
    const flags = args.filter((arg) => /^-[aflxn]+$/.test(arg)).join('')
    const rest = args.filter((arg) => !/^-[aflxn]+$/.test(arg))
    const wrong = rest.find((arg) => arg.startsWith('-'))
    if (wrong !== undefined) return wrongOption('pgrep', wrong, io, 2)
    if (rest.length !== 1) {
      io.err("pgrep: no matching criteria specified\nTry `pgrep --help' for more information.\n")
      return 2
    }
    const found = matching(rest, flags.includes('f'), flags.includes('x'), 'pgrep', io)
    for (const one of found)
      io.out(`${one.pid}${flags.includes('a') ? ` ${one.command}` : flags.includes('l') ? ` ${one.name}` : ''}\n`)
    return found.length > 0 ? 0 : 1
  }),
}

export const pidof: Command = {
  name: 'pidof',
  summary: 'numbers of processes by their whole name',
  usage: 'pidof [-s] NAME...',
  run: instant((args, io) => {
    const wrong = args.find((arg) => /^-./.test(arg) && arg !== '-s')
    if (wrong !== undefined) return wrongOption('pidof', wrong, io)
    const found = matching(
      args.filter((arg) => arg !== '-s'),
      false,
      true,
      'pidof',
      io,
    )
      .map(({ pid }) => pid)
      .reverse()
    if (found.length > 0) io.out(`${(args.includes('-s') ? found.slice(0, 1) : found).join(' ')}\n`)
    return found.length > 0 ? 0 : 1
  }),
}

const killer = (name: 'pkill' | 'killall'): Command => ({
  name,
  summary: 'sends a signal to processes by name',
  usage: `${name} [-SIGNAL] ${name === 'pkill' ? '[-fx] ' : ''}NAME`,
  *run(args, io) {
    const words = args.filter((arg) => !arg.startsWith('-'))
    const signal = args.find((arg) => /^-[A-Z\d]/.test(arg) && signalNumber(arg.slice(1)) !== undefined)
    const wrong = args.find((arg) => arg.startsWith('-') && arg !== signal && !/^-[fxqvI]+$/.test(arg))
    if (wrong !== undefined) {
      if (name === 'pkill' || wrong.startsWith('--')) return wrongOption(name, wrong, io, name === 'pkill' ? 2 : 1)
      io.err(`${wrong.slice(1)}: unknown signal; killall -l lists signals.\n`)
      return 1
    }
    if (words.length === 0) {
      io.err(
        name === 'pkill'
          ? "pkill: no matching criteria specified\nTry `pkill --help' for more information.\n"
          : 'Usage: killall [OPTION]... [--] NAME...\n',
      )
      return name === 'pkill' ? 2 : 1
    }
    const exact = name === 'killall' || args.includes('-x')
    const found = matching(words, args.includes('-f'), exact, name, io).filter(
      ({ pid, terminal }) => pid !== 1 && terminal !== '?',
    )
    const daemons = matching(words, args.includes('-f'), exact, name, io).filter(({ terminal }) => terminal === '?')
    if (daemons.length > 0) io.err(notSimulated(`${name}: a signal to a unit (systemctl stop ends it)`))
    for (const { pid } of found) yield* io.tools.launch(['kill', ...(signal === undefined ? [] : [signal]), String(pid)], io)
    if (found.length === 0 && daemons.length === 0 && name === 'killall') io.err(`${words[0]}: no process found\n`)
    return found.length > 0 ? 0 : 1
  },
})

export const pkill: Command = killer('pkill')
export const killall: Command = killer('killall')
