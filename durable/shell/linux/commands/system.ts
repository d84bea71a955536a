import { LINUX_BUILD, LINUX_RELEASE } from '../../../engine/machine/file-texts.ts'
import { parseDuration } from '../bash/times.ts'
import { dateLine, momentOf, offset, strftime, written } from '../calendar.ts'
import { type Command, INTERRUPTED, type Io, instant, notSimulated, type Run } from '../io.ts'
import { parseOptions, wrongOption } from '../options.ts'

export const whoami: Command = {
  name: 'whoami',
  summary: 'who you are',
  run: instant((args, io) => {
    const options = parseOptions('whoami', args, {}, io)
    if (typeof options === 'number') return options
    if (options.operands[0] !== undefined) {
      io.err(`whoami: extra operand '${options.operands[0]}'\n`)
      return 1
    }
    io.out(`${userName(io)}\n`)
    return 0
  }),
}

const userName = (io: Io): string => (io.root ? 'root' : io.session.user)

export const id: Command = {
  name: 'id',
  summary: 'your user and groups',
  completions: ['-u', '-un'],
  run: instant((args, io) => {
    const options = parseOptions('id', args, { flags: 'ungr', real: 'GzZa' }, io)
    if (typeof options === 'number') return options
    const { flags, operands } = options
    if (operands.length > 0) {
      io.err(notSimulated('id of another user'))
      return 1
    }
    const [number, name] = [io.root ? 0 : 1000, userName(io)]
    if (flags.has('u') || flags.has('g')) io.out(`${flags.has('n') ? name : number}\n`)
    else if (io.root) io.out('uid=0(root) gid=0(root) groups=0(root)\n')
    else io.out(`uid=1000(${name}) gid=1000(${name}) groups=1000(${name}),4(adm),27(sudo)\n`)
    return 0
  }),
}

export const uname: Command = {
  name: 'uname',
  summary: 'the name of the system',
  completions: ['-a', '-r'],
  run: instant((args, io) => {
    const options = parseOptions(
      'uname',
      args,
      { flags: 'asnrvmpio', long: { all: 'a', 'kernel-release': 'r', nodename: 'n' } },
      io,
    )
    if (typeof options === 'number') return options
    const given = options.flags.size === 0 ? new Set(['s']) : options.flags
    const parts: [string, string][] = [
      ['s', 'Linux'],
      ['n', io.kernel.identity().hostname],
      ['r', LINUX_RELEASE],
      ['v', LINUX_BUILD],
      ['m', 'x86_64'],
      ['p', 'x86_64'],
      ['i', 'x86_64'],
      ['o', 'GNU/Linux'],
    ]
    const shown = parts.filter(([letter]) => given.has('a') || given.has(letter)).map(([, text]) => text)
    io.out(`${shown.join(' ')}\n`)
    return 0
  }),
}

export const uptime: Command = {
  name: 'uptime',
  summary: 'how long the machine has been on',
  completions: ['-p'],
  run: instant((args, io) => {
    const options = parseOptions('uptime', args, { flags: 'p', real: 'sc' }, io)
    if (typeof options === 'number') return options
    const clock = io.kernel.clock()
    const minutes = Math.max(0, Math.floor((clock.now - io.kernel.identity().bootedAt) / 60_000_000))
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
    const count = (value: number, unit: string) => (value === 0 ? [] : [`${value} ${unit}${value === 1 ? '' : 's'}`])
    if (options.flags.has('p')) {
      const parts = [...count(days, 'day'), ...count(hours, 'hour'), ...count(rest, 'minute')]
      io.out(`up ${parts.length === 0 ? '0 minutes' : parts.join(', ')}\n`)
      return 0
    }
    const time = written('%T', momentOf(clock))
    const span = hours > 0 ? `${String(hours).padStart(2)}:${String(rest).padStart(2, '0')}` : `${rest} min`
    const day = days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''
    io.out(` ${time} up ${day}${span},  1 user,  load average: 0.00, 0.00, 0.00\n`)
    return 0
  }),
}

export const date: Command = {
  name: 'date',
  summary: 'the time in the lab; -u in UTC, +FORMAT',
  completions: ['-u', '-R', '+%s', '+%F'],
  run: instant((args, io) => {
    const options = parseOptions(
      'date',
      args,
      { flags: 'uR', values: 'd', real: 'fIrs', long: { 'date=': 'd', utc: 'u' }, realLong: ['set', 'iso-8601', 'reference'] },
      io,
    )
    if (typeof options === 'number') return options
    const { flags, operands } = options
    const clock = io.kernel.clock()
    const given = options.values.get('d')
    const seconds = /^@(-?\d{1,12})$/.exec(given ?? '')?.[1]
    if (given !== undefined && given !== 'now' && given !== '' && seconds === undefined) {
      io.err(notSimulated(`date: the description of a time ${given} (@SECONDS and now are simulated)`))
      return 1
    }
    const at = seconds === undefined ? clock.now : Number(seconds) * 1_000_000 - clock.epochMicros
    const moment = momentOf(clock, at, flags.has('u') ? 0 : clock.zoneMinutes)
    const [format] = operands
    if (format === undefined) {
      const mail = written(`%a, %d %b %Y %T ${offset(moment.zoneMinutes)}`, moment)
      io.out(`${flags.has('R') ? mail : dateLine(moment)}\n`)
      return 0
    }
    if (!format.startsWith('+')) {
      io.err(io.root ? notSimulated('date: setting the clock') : `date: invalid date '${format}'\n`)
      return 1
    }
    const done = strftime(format.slice(1), moment)
    if ('unknown' in done) {
      io.err(notSimulated(`date: the conversion ${done.unknown}`))
      return 1
    }
    io.out(`${done.text}\n`)
    return 0
  }),
}

export const sleep: Command = { name: 'sleep', summary: 'waits so many seconds', usage: 'sleep NUMBER[smhd]...', run: runSleep }

function* runSleep(args: readonly string[], io: Io): Run {
  if (args.length === 0) {
    io.err("sleep: missing operand\nTry 'sleep --help' for more information.\n")
    return 1
  }
  let micros = 0
  for (const arg of args) {
    if (/^-./.test(arg)) return wrongOption('sleep', arg, io)
    const pause = parseDuration(arg)
    if (pause === undefined) {
      io.err(`sleep: invalid time interval ‘${arg}’\nTry 'sleep --help' for more information.\n`)
      return 1
    }
    micros += pause
  }
  if (micros === 0) return 0
  for (;;) {
    const got = yield { sleep: micros }
    if (got.kind === 'interrupt') return INTERRUPTED
    if (got.kind === 'elapsed') return 0
  }
}
