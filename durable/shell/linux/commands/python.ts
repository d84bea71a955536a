import { momentOf, written } from '../calendar.ts'
import { numberOf, textOf, watch } from '../events.ts'
import { absolute, isDirectory } from '../files.ts'
import type { Command, Io, Run } from '../io.ts'

export const python3: Command = {
  name: 'python3',
  aliases: ['python'],
  summary: 'only its small web server: python3 -m http.server',
  usage: 'python3 -m http.server [-b ADDRESS] [-d DIRECTORY] [port]',
  completions: ['-m', 'http.server'],
  run: runPython,
}

function* runPython(args: readonly string[], io: Io): Run {
  const fail = (text: string, status: number): number => {
    io.err(`${text}\n`)
    return status
  }
  if (args[0] === '--version' || args[0] === '-V') {
    io.out('Python 3.12.3\n')
    return 0
  }
  if (args[0]?.startsWith('-') && !['-m', '-c', '-u', '-q', '-'].includes(args[0])) return fail(`Unknown option: ${args[0]}`, 2)
  if (args[0] !== '-m' || args[1] === undefined)
    return fail('python3: running programs is real, but not simulated here yet; an operand for -m http.server works', 1)
  if (args[1] !== 'http.server') return fail(`/usr/bin/python3: No module named ${args[1]}`, 1)
  let [port, root] = [8000, io.session.cwd]
  for (let i = 2; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === '-d' || arg === '--directory') root = absolute(args[++i] ?? '', io.session.cwd)
    else if (arg === '-b' || arg === '--bind' || arg === '--cgi' || arg === '-p' || arg === '--protocol')
      return fail(`server.py: option ${arg} is real, but not simulated here yet`, 2)
    else if (/^\d{1,5}$/.test(arg) && Number(arg) < 65_536) port = Number(arg)
    else
      return fail(
        `usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\nserver.py: error: argument port: invalid int value: '${arg}'`,
        2,
      )
  }
  if (!isDirectory(io, root)) return fail(`FileNotFoundError: [Errno 2] No such file or directory: '${root}'`, 1)
  if (port < 1024 && !io.root) return fail('PermissionError: [Errno 13] Permission denied', 1)
  const clock = io.kernel.clock()
  let status = 0
  const program = { port, root, server: 'SimpleHTTP/0.6 Python/3.12.3', epochMicros: clock.epochMicros }
  const { interrupted } = yield* watch(
    io,
    'http-serve',
    program,
    (event) => {
      if (event['kind'] === 'listening') io.out(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`)
      if (event['kind'] === 'failed') status = fail('OSError: [Errno 98] Address already in use', 1)
    },
    (event) => {
      if (event['kind'] !== 'access') return false
      const time = written('%d/%b/%Y %T', momentOf(clock, numberOf(event, 'at')))
      const who = `${textOf(event, 'client')} - - [${time}]`
      const code = numberOf(event, 'status')
      if (code === 404) io.err(`${who} code 404, message File not found\n`)
      io.err(`${who} "${textOf(event, 'request')}" ${code} -\n`)
      return true
    },
  )
  if (interrupted) io.err('\nKeyboard interrupt received, exiting.\n')
  return interrupted ? 0 : status
}
