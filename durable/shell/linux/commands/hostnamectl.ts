import { LINUX_RELEASE } from '../../../engine/machine/file-texts.ts'
import { momentOf, written, zoneName } from '../calendar.ts'
import { type Command, instant } from '../io.ts'
import { parseOptions } from '../options.ts'
import { osRelease } from './machine-state.ts'

export const hostnamectl: Command = {
  name: 'hostnamectl',
  summary: 'the name of the machine and what it is',
  completions: ['status', 'hostname'],
  run: instant((args, io) => {
    const options = parseOptions(
      'hostnamectl',
      args,
      { real: 'HM', long: { static: 's', pretty: 'p', transient: 't' }, realLong: ['json', 'no-ask-password'] },
      io,
    )
    if (typeof options === 'number') return options
    const { hostname } = io.kernel.identity()
    const [verb, name] = options.operands
    if (options.flags.has('s') || options.flags.has('t')) {
      io.out(`${hostname}\n`)
      return 0
    }
    if (verb === 'hostname' && name === undefined) {
      io.out(`${hostname}\n`)
      return 0
    }
    if (verb !== undefined && verb !== 'status') {
      if (verb === 'set-hostname' || verb === 'hostname')
        io.err('hostnamectl: changing the name is real, but not simulated here yet\n')
      else io.err(`Unknown command verb '${verb}'.\n`)
      return 1
    }
    const rows: [string, string][] = [
      ['Static hostname', hostname],
      ['Icon name', 'computer-vm'],
      ['Chassis', 'vm 🖴'],
      ['Operating System', osRelease('PRETTY_NAME', io) ?? osRelease('NAME', io) ?? 'Linux'],
      ['Kernel', `Linux ${LINUX_RELEASE}`],
      ['Architecture', 'x86-64'],
    ]
    for (const [label, value] of rows) io.out(`${label.padStart(16)}: ${value}\n`)
    return 0
  }),
}

export const timedatectl: Command = {
  name: 'timedatectl',
  summary: 'the clock of the machine',
  completions: ['status'],
  run: instant((args, io) => {
    const options = parseOptions(
      'timedatectl',
      args,
      { real: 'HMap', realLong: ['adjust-system-clock', 'monitor', 'all', 'property'] },
      io,
    )
    if (typeof options === 'number') return options
    const [verb] = options.operands
    if (verb !== undefined && verb !== 'status') {
      const real = [
        'set-time',
        'set-timezone',
        'set-ntp',
        'set-local-rtc',
        'list-timezones',
        'timesync-status',
        'show',
        'show-timesync',
      ]
      io.err(
        real.includes(verb) ? `timedatectl ${verb} is real, but not simulated here yet\n` : `Unknown command verb '${verb}'.\n`,
      )
      return 1
    }
    const clock = io.kernel.clock()
    const text = (pattern: string, zone?: number): string => {
      return written(pattern, momentOf(clock, clock.now, zone))
    }
    const local = momentOf(clock)
    const name = clock.zoneMinutes === 0 ? 'Etc/UTC' : zoneName(local)
    const rows: [string, string][] = [
      ['Local time', text('%a %F %T %Z')],
      ['Universal time', text('%a %F %T UTC', 0)],
      ['RTC time', text('%a %F %T', 0)],
      ['Time zone', `${name} (${text('%Z')}, ${text('%z')})`],
      ['System clock synchronized', 'yes'],
      ['NTP service', 'n/a'],
      ['RTC in local TZ', 'no'],
    ]
    for (const [label, value] of rows) io.out(`${label.padStart(25)}: ${value}\n`)
    return 0
  }),
}
