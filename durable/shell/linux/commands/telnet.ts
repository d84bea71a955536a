import { flagOf, textOf } from '../events.ts'
import { type Command, INTERRUPTED, type Io, type Run } from '../io.ts'
import { parseOptions, wholeNumber } from '../options.ts'
import { inputOf, watchWithInput } from './http/with-input.ts'

export const telnet: Command = {
  name: 'telnet',
  summary: 'connects to a port and shows what comes',
  usage: 'telnet [-46] host [port]',
  run: runTelnet,
}

function* runTelnet(args: readonly string[], io: Io): Run {
  const options = parseOptions('telnet', args, { flags: '46', real: '8EFKLacdfrxlbnkeXS' }, io)
  if (typeof options === 'number') return options
  const [host, portText = '23'] = options.operands
  if (host === undefined) {
    io.err('telnet: its command prompt is real, but not simulated here yet: usage: telnet host [port]\n')
    return 1
  }
  const port = wholeNumber(portText, 1, 65_535)
  if (port === undefined) {
    io.err(`telnet: could not resolve ${host}/${portText}: Servname not supported for ai_socktype\n`)
    return 1
  }
  const input = (yield* inputOf('telnet', io))?.replace(/\r?\n/g, '\r\n')
  const program = {
    host,
    port,
    keepOpen: true,
    ...(options.flags.has('6') ? { family: 6 } : options.flags.has('4') ? { family: 4 } : {}),
  }
  const fail = (text: string): void => io.err(`telnet: Unable to connect to remote host: ${text}\n`)
  const { interrupted } = yield* watchWithInput(io, 'tcp-client', program, input, (event) => {
    switch (event['kind']) {
      case 'unresolved':
        return io.err(
          `telnet: could not resolve ${host}/${portText}: ${flagOf(event, 'temporary') ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`,
        )
      case 'started':
        return io.out(`Trying ${textOf(event, 'address')}...\n`)
      case 'connected':
        return io.out(`Connected to ${host}.\nEscape character is '^]'.\n`)
      case 'refused':
        return fail('Connection refused')
      case 'timeout':
        return fail('Connection timed out')
      case 'unreachable':
        return fail(textOf(event, 'code') === 'net' ? 'Network is unreachable' : 'No route to host')
      case 'no-route':
        return fail('Network is unreachable')
      case 'ended':
      case 'reset':
        return io.err('Connection closed by foreign host.\n')
      default:
        return
    }
  })
  return interrupted ? INTERRUPTED : 1
}
