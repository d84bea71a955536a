import { complain } from '../../bash/faults.ts'
import { refuseOption } from '../../bash/usage.ts'
import { type Command, instant } from '../../io.ts'

// ulimit: what Ubuntu's shells begin with. Only numbers: what bounds a lab are its own budgets.

type Limit = readonly [letter: string, name: string, unit: string, value: string]

const LIMITS: readonly Limit[] = [
  ['R', 'real-time non-blocking time', 'microseconds', 'unlimited'],
  ['c', 'core file size', 'blocks', '0'],
  ['d', 'data seg size', 'kbytes', 'unlimited'],
  ['e', 'scheduling priority', '', '0'],
  ['f', 'file size', 'blocks', 'unlimited'],
  ['i', 'pending signals', '', '7653'],
  ['l', 'max locked memory', 'kbytes', '8192'],
  ['m', 'max memory size', 'kbytes', 'unlimited'],
  ['n', 'open files', '', '1024'],
  ['p', 'pipe size', '512 bytes', '8'],
  ['q', 'POSIX message queues', 'bytes', '819200'],
  ['r', 'real-time priority', '', '0'],
  ['s', 'stack size', 'kbytes', '8192'],
  ['t', 'cpu time', 'seconds', 'unlimited'],
  ['u', 'max user processes', '', '7653'],
  ['v', 'virtual memory', 'kbytes', 'unlimited'],
  ['x', 'file locks', '', 'unlimited'],
]

export const ulimit: Command = {
  name: 'ulimit',
  summary: 'limits of the shell, as Ubuntu sets them',
  usage: 'ulimit [-SH] [-a | -cdefilmnpqrstuvxR]',
  builtin: true,
  run: instant((args, io) => {
    let letter = 'f'
    let given: string | undefined
    for (const arg of args) {
      if (!/^-./.test(arg)) {
        given = arg
        continue
      }
      for (const each of arg.slice(1)) {
        if (each === 'S' || each === 'H') continue
        if (each !== 'a' && !LIMITS.some(([one]) => one === each))
          return refuseOption(
            'ulimit',
            arg.startsWith('--') ? '--' : `-${each}`,
            'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]',
            io,
          )
        letter = each
      }
    }
    if (given !== undefined) {
      if (/^(\d{1,18}|unlimited|soft|hard)$/.test(given))
        complain(io, 'ulimit: setting a limit is real, but not simulated here yet')
      else complain(io, `ulimit: ${given}: invalid number`)
      return 1
    }
    if (letter !== 'a') {
      io.out(`${LIMITS.find(([one]) => one === letter)?.[3] ?? ''}\n`)
      return 0
    }
    for (const [one, name, unit, value] of LIMITS)
      io.out(`${name.padEnd(28)}${`(${unit === '' ? '' : `${unit}, `}-${one})`.padStart(19 - 4 + 4)} ${value}\n`)
    return 0
  }),
}
