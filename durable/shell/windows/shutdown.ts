// shutdown: starts the computer again at once. Nobody is there who would turn it off after a while, or on again from outside.
import type { Program } from './program.ts'

const USAGE = `Usage: shutdown [/i | /l | /s | /sg | /r | /g | /a | /p | /h | /e | /o] [/hybrid] [/soft] [/fw] [/f]
    [/m \\\\computer][/t xxx][/d [p|u:]xx:yy [/c "comment"]]

    /r         Shuts the computer down and starts it again.
    /a         Calls off a shutdown that has not happened yet.
    /t xxx     Seconds until then, 0 to 315360000; 30 where nothing is said.
    /f         Closes programs without asking.
    /c, /d     A comment, and the reason.`

/** With a value behind them. */
const VALUED = new Set(['/t', '/c', '/d', '/m'])
const REAL = new Set(['/i', '/l', '/s', '/sg', '/g', '/p', '/h', '/e', '/o', '/hybrid', '/soft', '/fw', '/m'])
const LONGEST = 315_360_000
const NO_SHUTDOWN = 1116
const ACCESS_DENIED = 5

export const shutdown: Program = {
  name: 'shutdown',
  synopsis: 'Starts the computer again.',
  options: ['/r /t 0', '/r /f /t 0', '-r -t 0', '/r /t 0 /c "Again" /d p:4:1', '/a'],
  refuses: [...REAL, '/r', '/r /t 60'],
  *run(args, io) {
    const given = new Map<string, string>()
    for (let at = 0; at < args.length; at++) {
      const option = (args[at] ?? '').toLowerCase().replace(/^-/, '/')
      if (VALUED.has(option)) given.set(option, args[++at] ?? '')
      else given.set(option, '')
    }
    const unknown = [...given.keys()].some(
      (one) => one !== '/r' && one !== '/a' && one !== '/f' && !VALUED.has(one) && !REAL.has(one),
    )
    const seconds = given.has('/t') ? Number(given.get('/t') || Number.NaN) : 30
    if (args.length === 0 || unknown || !Number.isInteger(seconds) || seconds < 0 || seconds > LONGEST) {
      yield* io.line(USAGE)
      return args.length === 0 || given.has('/?') ? 0 : 1
    }
    const real = [...given.keys()].find((one) => REAL.has(one))
    if (real !== undefined) {
      yield* io.line(`shutdown ${real}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    if (given.has('/a')) {
      yield* io.line(`Unable to abort the system shutdown because no shutdown was in progress.(${NO_SHUTDOWN})`)
      return NO_SHUTDOWN
    }
    if (!given.has('/r')) {
      yield* io.line(USAGE)
      return 1
    }
    if (seconds > 0) {
      yield* io.line(`shutdown /r without /t 0: a restart after ${seconds} seconds is real, but it is not simulated here yet.`)
      return 1
    }
    // The console ends with the computer, so nothing is printed after this.
    if (io.kernel.reboot().ok) return 0
    yield* io.line(`Access is denied.(${ACCESS_DENIED})`)
    return ACCESS_DENIED
  },
}
