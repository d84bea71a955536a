import { flagOf, textOf } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { getopt, has, lastOf } from './http/getopt.ts'
import { watchWithInput } from './http/with-input.ts'

export const ssh: Command = {
  name: 'ssh',
  summary: 'reaches an SSH server and reads what it says it is',
  usage: 'ssh [-46v] [-p port] [-l login_name] [user@]host',
  completions: ['-p', '-v'],
  run: runSsh,
}

const TABLE = {
  known: { verbose: 'v', 'port=': 'p', 'login=': 'l', four: '4', six: '6', quiet: 'q', 'option=': 'o', version: 'V' },
  real: {
    'identity=': 'i',
    'forward=': 'L',
    'remote=': 'R',
    'dynamic=': 'D',
    'jump=': 'J',
    'config=': 'F',
    'bind=': 'b',
    none: 'N',
    tty: 't',
    notty: 'T',
    trusted: 'Y',
    x11: 'X',
    agent: 'A',
    noagent: 'a',
    compress: 'C',
    background: 'f',
    gateway: 'g',
    'cipher=': 'c',
    'mac=': 'm',
    'ctl=': 'O',
    'query=': 'Q',
    'stdio=': 'W',
    'tun=': 'w',
    'log=': 'E',
  },
}
const OURS = 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13'
const USAGE = 'usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] destination [command [argument ...]]\n'

function* runSsh(args: readonly string[], io: Io): Run {
  const parsed = getopt(args, TABLE)
  if (!parsed.ok) {
    if (parsed.fault === 'real') io.err(`ssh: option ${parsed.option} is real, but not simulated here yet\n`)
    else io.err(`unknown option -- ${parsed.option.replace(/^-+/, '')}\n`)
    return 255
  }
  const { given, operands } = parsed
  if (has(given, 'version')) {
    io.err('OpenSSH_9.6p1 Ubuntu-3ubuntu13, OpenSSL 3.0.13 30 Jan 2024\n')
    return 0
  }
  const [destination] = operands
  if (destination === undefined) {
    io.err(USAGE)
    return 255
  }
  const host = destination.split('@').at(-1) as string
  const port = Number(lastOf(given, 'port') ?? 22)
  if (!(port >= 1 && port <= 65_535)) {
    io.err(`Bad port '${lastOf(given, 'port')}'\n`)
    return 255
  }
  const verbose = has(given, 'verbose')
  let [heard, over] = ['', false]
  const say = (text: string): void => {
    io.err(`${text}\n`)
    over = true
  }
  const family = has(given, 'six') ? { family: 6 } : has(given, 'four') ? { family: 4 } : {}
  const hearing: Io = { ...io, terminal: false, out: (text) => void (heard += text) }
  const program = { host, port, timeoutMs: 120_000, ...family }
  const { interrupted } = yield* watchWithInput(
    hearing,
    'tcp-client',
    program,
    `${OURS}\r\n`,
    (event) => {
      switch (event['kind']) {
        case 'unresolved':
          return say(
            `ssh: Could not resolve hostname ${host}: ${flagOf(event, 'temporary') ? 'Temporary failure in name resolution' : 'Name or service not known'}`,
          )
        case 'started':
          if (verbose) io.err(`debug1: Connecting to ${host} [${textOf(event, 'address')}] port ${port}.\n`)
          return
        case 'connected':
          if (verbose) io.err('debug1: Connection established.\n')
          return
        case 'refused':
          return say(`ssh: connect to host ${host} port ${port}: Connection refused`)
        case 'timeout':
          return say(`ssh: connect to host ${host} port ${port}: Connection timed out`)
        case 'unreachable':
          return say(
            `ssh: connect to host ${host} port ${port}: ${textOf(event, 'code') === 'net' ? 'Network is unreachable' : 'No route to host'}`,
          )
        case 'no-route':
          return say(`ssh: connect to host ${host} port ${port}: Network is unreachable`)
        case 'reset':
          return say('kex_exchange_identification: read: Connection reset by peer')
        default:
          return
      }
    },
    () => /^SSH-[^\n]*\n/m.test(heard),
  )
  if (interrupted) return INTERRUPTED
  if (over) return 255
  const banner = /^SSH-[^\r\n]*/m.exec(heard)?.[0]
  if (banner === undefined) {
    io.err(
      heard === ''
        ? 'kex_exchange_identification: Connection closed by remote host\n'
        : 'kex_exchange_identification: banner line contains invalid characters\n',
    )
    return 255
  }
  if (verbose)
    io.err(
      `debug1: Local version string ${OURS}\ndebug1: Remote protocol version 2.0, remote software version ${banner.slice(8)}\n`,
    )
  io.err(`ssh: ${host} says ${banner}; keys, passwords and shells over SSH are real, but not simulated here yet\n`)
  return 255
}
