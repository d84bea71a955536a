import { newCapture } from '../../bash/capture.ts'
import { signalNumber } from '../../bash/jobs.ts'
import { launched } from '../../bash/simple.ts'
import { parseDuration } from '../../bash/times.ts'
import { end, newTask, type Task, together } from '../../bash/together.ts'
import { dateLine, momentOf } from '../../calendar.ts'
import { type Command, INTERRUPTED, type Io, notSimulated, type Run } from '../../io.ts'
import { wrongOption } from '../../options.ts'

// Commands that run commands: timeout, watch, nohup.

export const timeout: Command = {
  name: 'timeout',
  summary: 'runs a command, no longer than so many seconds',
  usage: 'timeout [-s SIGNAL] [-k SECONDS] SECONDS COMMAND [ARGUMENT]...',
  run: runTimeout,
}

/** Whether there is such a command; coreutils complain otherwise. */
function canRun(name: string, words: readonly string[], io: Io): boolean {
  if (io.tools.knows(words[0] ?? '', io)) return true
  io.err(`${name}: failed to run command ‘${words[0]}’: No such file or directory\n`)
  return false
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
    else return wrongOption('timeout', arg, io, 125)
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
  if (!canRun('timeout', words, io)) return 127
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

const WATCH_LONG: { readonly [name: string]: string } = {
  '--beep': 'b',
  '--chgexit': 'g',
  '--color': 'c',
  '--differences': 'd',
  '--errexit': 'e',
  '--exec': 'x',
  '--no-title': 't',
}

export const watch: Command = {
  name: 'watch',
  summary: 'runs a command again and again',
  usage: 'watch [-n SECONDS] [-egtx] COMMAND [ARGUMENT]...',
  run: runWatch,
}

function* runWatch(args: readonly string[], io: Io): Run {
  let at = 0
  let [interval, shown] = [2_000_000, '2.0']
  const flags = new Set<string>()
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
      continue
    }
    const letters = WATCH_LONG[arg] ?? (arg.startsWith('--') ? undefined : arg.slice(1))
    const wrong = letters === undefined ? arg : /[^bcdegtx]/.exec(letters)?.[0]
    if (wrong !== undefined) return wrongOption('watch', wrong === arg ? arg : `-${wrong}`, io)
    const idle = /[bd]/.exec(letters ?? '')?.[0]
    if (idle !== undefined) {
      io.err(notSimulated(`watch: option -${idle}`))
      return 1
    }
    for (const letter of letters ?? '') flags.add(letter)
  }
  const titled = !flags.has('t')
  const words = args.slice(at)
  if (words.length === 0) {
    io.err('Usage: watch [options] command\n')
    return 1
  }
  let before: string | undefined
  for (let round = 0; round < WATCH_ROUNDS; round++) {
    io.work.step(10)
    const capture = newCapture(io)
    const inner: Io = { ...capture.io, err: capture.io.out }
    // `-x` hands the words to the command as they are, past the shell.
    const status = yield* flags.has('x')
      ? launched(io.tools.launch(words, inner), inner)
      : io.tools.evaluate(words.join(' '), inner)
    if (io.work.interrupted) return INTERRUPTED
    const title = `Every ${shown}s: ${words.join(' ')}`
    const right = `${io.session.hostname}: ${dateLine(momentOf(io.kernel.clock()))}`
    const head = titled ? `${title}${right.padStart(Math.max(1, 80 - title.length))}\n\n` : ''
    const lines = capture
      .text()
      .split('\n')
      .slice(0, titled ? 22 : 24)
    io.out(`${io.terminal ? '\u001b[H\u001b[2J' : ''}${head}${lines.join('\n')}${lines.at(-1) === '' ? '' : '\n'}`)
    if (flags.has('e') && status !== 0) {
      io.err('watch: command exit with a non-zero status\n')
      return 8
    }
    if (flags.has('g') && before !== undefined && before !== capture.text()) return 0
    before = capture.text()
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
    if (words[0]?.startsWith('-')) return wrongOption('nohup', words[0], io, 125)
    if (words.length === 0) {
      io.err("nohup: missing operand\nTry 'nohup --help' for more information.\n")
      return 125
    }
    if (!canRun('nohup', words, io)) return 127
    return yield* launched(io.tools.launch(words, io), io)
  },
}
