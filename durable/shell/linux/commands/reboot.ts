import { type Command, type Io, instant, notSimulated } from '../io.ts'

export const reboot: Command = {
  name: 'reboot',
  summary: 'starts the machine again',
  usage: 'reboot',
  run: instant((args, io) => {
    if (args.length === 0) return startAgain(io)
    const real = /^(-[fpwdn]|--(halt|poweroff|reboot|force|wtmp-only|no-wtmp|no-wall))$/.test(args[0] ?? '')
    io.err(real ? notSimulated(`reboot: ${args[0]}`) : `reboot: unrecognized option '${args[0]}'\n`)
    return 1
  }),
}

const KNOWN = /^(-[HPrhkc]|--(halt|poweroff|reboot|no-wall|show|help))$/

export const shutdown: Command = {
  name: 'shutdown',
  summary: 'shutdown -r now starts the machine again',
  usage: 'shutdown -r now',
  completions: ['-r', 'now'],
  run: instant((args, io) => {
    const unknown = args.find((arg) => arg.startsWith('-') && !KNOWN.test(arg))
    if (unknown !== undefined) {
      io.err(`shutdown: unrecognized option '${unknown}'\n`)
      return 1
    }
    const again = args.includes('-r') || args.includes('--reboot')
    const now = args.includes('now') || args.includes('+0')
    if (again && now && args.length === 2) return startAgain(io)
    io.err(notSimulated(again ? 'shutdown -r at a later time' : 'shutdown without -r now'))
    return 1
  }),
}

/** The console ends with the machine, so nothing is printed after this. */
function startAgain(io: Io): number {
  const outcome = io.kernel.reboot()
  if (outcome.ok) return 0
  io.err(`Call to Reboot failed: ${outcome.error === 'access-denied' ? 'Access denied' : 'Operation not supported'}\n`)
  return 1
}
