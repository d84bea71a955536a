import { newCapture } from '../../bash/capture.ts'
import { signalNumber } from '../../bash/jobs.ts'
import { launched } from '../../bash/simple.ts'
import { parseDuration } from '../../bash/times.ts'
import { end, newTask, type Task, together } from '../../bash/together.ts'
import { dateLine, momentOf } from '../../calendar.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../../io.ts'

// Commands that run commands: timeout, watch, nohup, nice.

export const timeout: Command = {
  name: 'timeout',
  summary: 'runs a command, no longer than so many seconds',
  usage: 'timeout [-s SIGNAL] [-k SECONDS] SECONDS COMMAND [ARGUMENT]...',
  run: runTimeout,
}

function* runTimeout(args: readonly string[], io: Io): Run {
  let at = 0
  let number = 15
  let preserve = false
  for (; at < args.length && args[at]?.startsWith('-'); at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      at++
      break
    }
    if (arg === '--preserve-status') preserve = true
    else if (arg === '-s' || arg.startsWith('--signal=')) {
      const name = arg === '-s' ? (args[++at] ?? '') : arg.slice(9)
      const found = signalNumber(name)
      if (found === undefined) {
        io.err(`timeout: ${name}: invalid signal\nTry 'timeout --help' for more information.\n`)
        return 125
      }
      number = found
    } else if (arg === '-k') at++
    else if (arg === '-v' || arg === '--foreground' || arg.startsWith('--kill-after=')) continue
    else {
      io.err(arg.startsWith('--') ? `timeout: unrecognized option '${arg}'\n` : `timeout: invalid option -- '${arg.charAt(1)}'\n`)
      return 125
    }
  }
  const [given, ...words] = args.slice(at)
  if (given === undefined || words.length === 0) {
    io.err(`timeout: missing operand\nTry 'timeout --help' for more information.\n`)
    return 125
  }
  const limit = parseDuration(given)
  if (limit === undefined) {
    io.err(`timeout: invalid time interval '${given}'\nTry 'timeout --help' for more information.\n`)
    return 125
  }
  if (!io.tools.knows(words[0] ?? '', io)) {
    io.err(`timeout: failed to run command ‘${words[0]}’: No such file or directory\n`)
    return 127
  }
  if (limit === 0) return yield* io.tools.launch(words, io)
  const until = io.kernel.clock().now + limit
  let expired = false
  const timer: Task = newTask(alarm(until))
  const command = newTask(launched(io.tools.launch(words, io), io), () => end(timer, 0))
  const watcher = newTask(
    timerOf(timer, () => {
      if (command.status !== undefined) return
      expired = true
      if (number !== 2 || command.need === undefined) end(command, 128 + number)
      else command.run.next({ kind: 'interrupt' })
    }),
  )
  const status = yield* together([timer, watcher, command], io.work)
  if (!expired) return status
  return number === 9 ? 137 : preserve ? 128 + number : 124
}

function* alarm(until: number): Run {
  for (;;) {
    const got = yield { until }
    if (got.kind === 'elapsed') return 1
    if (got.kind === 'interrupt') return INTERRUPTED
  }
}

function* timerOf(timer: Task, ring: () => void): Run {
  while (timer.status === undefined) {
    const got = yield { task: timer }
    if (got.kind === 'interrupt') return INTERRUPTED
  }
  if (timer.status === 1) ring()
  return 0
}

/** So often `watch` shows its command when nobody stops it. */
const WATCH_ROUNDS = 200

export const watch: Command = {
  name: 'watch',
  summary: 'runs a command again and again',
  usage: 'watch [-n SECONDS] [-t] COMMAND [ARGUMENT]...',
  run: runWatch,
}

function* runWatch(args: readonly string[], io: Io): Run {
  let at = 0
  let [interval, titled, shown] = [2_000_000, true, '2.0']
  for (; at < args.length && args[at]?.startsWith('-'); at++) {
    const arg = args[at] ?? ''
    const value = arg === '-n' || arg === '--interval' ? args[++at] : /^(?:-n|--interval=)(.+)$/.exec(arg)?.[1]
    if (value !== undefined) {
      const found = parseDuration(value)
      if (found === undefined) {
        io.err(`watch: failed to parse argument: '${value}'\n`)
        return 1
      }
      interval = Math.max(100_000, found)
      shown = (interval / 1_000_000).toFixed(1)
    } else if (arg === '-t' || arg === '--no-title') titled = false
    else if (arg !== '-d' && arg !== '-e' && arg !== '-g' && arg !== '-c' && arg !== '-x') {
      io.err(arg.startsWith('--') ? `watch: unrecognized option '${arg}'\n` : `watch: invalid option -- '${arg.charAt(1)}'\n`)
      return 1
    }
  }
  const words = args.slice(at)
  if (words.length === 0) {
    io.err('Usage: watch [options] command\n')
    return 1
  }
  for (let round = 0; round < WATCH_ROUNDS; round++) {
    io.work.step(10)
    const capture = newCapture(io)
    yield* io.tools.evaluate(words.join(' '), { ...capture.io, err: capture.io.out })
    const title = `Every ${shown}s: ${words.join(' ')}`
    const right = `${io.session.hostname}: ${dateLine(momentOf(io.kernel.clock()))}`
    const head = titled ? `${title}${right.padStart(Math.max(1, 80 - title.length))}\n\n` : ''
    const lines = capture
      .text()
      .split('\n')
      .slice(0, titled ? 22 : 24)
    io.out(`${io.terminal ? '\u001b[H\u001b[2J' : ''}${head}${lines.join('\n')}${lines.at(-1) === '' ? '' : '\n'}`)
    const got = yield { sleep: interval, endless: true }
    if (got.kind === 'interrupt') return INTERRUPTED
  }
  io.err(`watch: shown ${WATCH_ROUNDS} times, which is this lab's budget\n`)
  return 1
}

export const nohup: Command = {
  name: 'nohup',
  summary: 'runs a command that stays when the terminal goes',
  usage: 'nohup COMMAND [ARGUMENT]...',
  *run(args, io): Run {
    const words = args[0] === '--' ? args.slice(1) : args
    if (words[0]?.startsWith('-')) {
      io.err(
        words[0].startsWith('--')
          ? `nohup: unrecognized option '${words[0]}'\n`
          : `nohup: invalid option -- '${words[0].charAt(1)}'\n`,
      )
      return 125
    }
    if (words.length === 0) {
      io.err("nohup: missing operand\nTry 'nohup --help' for more information.\n")
      return 125
    }
    if (!io.tools.knows(words[0] ?? '', io)) {
      io.err(`nohup: failed to run command ‘${words[0]}’: No such file or directory\n`)
      return 127
    }
    return yield* launched(io.tools.launch(words, io), io)
  },
}
