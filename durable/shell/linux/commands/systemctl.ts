import type { UnitView } from '../../../engine/machine/views.ts'
import { momentOf, written } from '../calendar.ts'
import { type Command, type Io, instant } from '../io.ts'
import { parseOptions } from '../options.ts'
import { journalLine } from './journalctl.ts'

export const systemctl: Command = {
  name: 'systemctl',
  summary: 'shows and starts services',
  completions: [
    'status',
    'start',
    'stop',
    'restart',
    'enable',
    'disable',
    'is-active',
    'is-enabled',
    'list-units',
    'list-unit-files',
  ],
  run: instant(runSystemctl),
}

const SPEC = {
  flags: 'qal',
  values: 'tn',
  real: 'fHMoprs',
  long: {
    'no-pager': 'N',
    now: 'w',
    quiet: 'q',
    all: 'a',
    full: 'l',
    'type=': 't',
    'lines=': 'n',
    'no-legend': 'L',
    plain: 'P',
    'no-block': 'B',
  },
  realLong: ['user', 'state', 'property', 'host', 'output', 'force', 'failed'],
}

const VERBS = [
  'start',
  'stop',
  'restart',
  'reload',
  'try-restart',
  'reload-or-restart',
  'enable',
  'disable',
  'status',
  'is-active',
  'is-enabled',
  'is-failed',
  'list-units',
  'list-unit-files',
  'cat',
  'show',
  'daemon-reload',
]
const REAL = [
  'mask',
  'unmask',
  'edit',
  'kill',
  'reset-failed',
  'list-timers',
  'list-sockets',
  'list-dependencies',
  'list-jobs',
  'isolate',
  'poweroff',
  'reboot',
  'halt',
  'suspend',
  'set-default',
  'get-default',
  'preset',
  'reenable',
  'daemon-reexec',
]

function runSystemctl(args: readonly string[], io: Io): number {
  const options = parseOptions('systemctl', args, SPEC, io)
  if (typeof options === 'number') return options
  const [verb = 'list-units', ...names] = options.operands
  if (REAL.includes(verb)) return say(io, `systemctl ${verb} is real, but not simulated here yet`, 1)
  if (!VERBS.includes(verb)) return say(io, `Unknown command verb '${verb}'.`, 1)
  const units = io.kernel.units()
  if (verb === 'daemon-reload') return io.root ? 0 : say(io, 'Failed to reload daemon: Interactive authentication required.', 1)
  if (verb === 'list-units') return listUnits(io, units, options.flags)
  if (verb === 'list-unit-files') return listFiles(io, units)
  if (names.length === 0) return say(io, 'Too few arguments.', 1)
  let status = 0
  for (const name of names) {
    const unit = units.find((one) => one.name === name.replace(/\.service$/, ''))
    const one = actOn(io, verb, unitName(name), unit, options)
    if (one !== 0) status = one
  }
  return status
}

const unitName = (name: string): string => (/\.[a-z]+$/.test(name) ? name : `${name}.service`)

function say(io: Io, text: string, status: number): number {
  io.err(`${text}\n`)
  return status
}

type Options = { readonly flags: ReadonlySet<string>; readonly values: ReadonlyMap<string, string> }

function actOn(io: Io, verb: string, name: string, unit: UnitView | undefined, { flags, values }: Options): number {
  const quiet = flags.has('q')
  switch (verb) {
    case 'status':
      return unit === undefined ? say(io, `Unit ${name} could not be found.`, 4) : status(io, unit, Number(values.get('n') ?? 10))
    case 'is-active':
    case 'is-failed': {
      const state = unit?.state ?? 'inactive'
      if (!quiet) io.out(`${state}\n`)
      if (verb === 'is-failed') return state === 'failed' ? 0 : 1
      return state === 'active' ? 0 : unit === undefined ? 4 : 3
    }
    case 'is-enabled':
      if (unit === undefined) return say(io, `Failed to get unit file state for ${name}: No such file or directory`, 1)
      if (!quiet) io.out(unit.enabled ? 'enabled\n' : 'disabled\n')
      return unit.enabled ? 0 : 1
    case 'cat':
      if (unit === undefined) return say(io, `No files found for ${name}.`, 1)
      io.out(`# ${pathOf(unit)}\n${fileOf(unit)}`)
      return 0
    case 'show':
      io.out(
        `Id=${name}\nActiveState=${unit?.state ?? 'inactive'}\nSubState=${subState(unit)}\nUnitFileState=${unit?.enabled ? 'enabled' : unit ? 'disabled' : ''}\nMainPID=${unit?.state === 'active' ? unit.pid : 0}\n`,
      )
      return 0
    case 'enable':
    case 'disable':
      return enable(io, verb, name, unit, flags)
    default:
      return change(io, verb, name, unit)
  }
}

function change(io: Io, verb: string, name: string, unit: UnitView | undefined): number {
  const action =
    verb === 'try-restart' || verb === 'reload-or-restart' ? 'restart' : (verb as 'start' | 'stop' | 'restart' | 'reload')
  if (unit === undefined) return say(io, `Failed to ${action} ${name}: Unit ${name} not found.`, 5)
  if (!io.root)
    return say(
      io,
      `Failed to ${action} ${name}: Interactive authentication required.\nSee system logs and 'systemctl status ${name}' for details.`,
      1,
    )
  if (verb === 'try-restart' && unit.state !== 'active') return 0
  const outcome = io.kernel.unit(unit.name, action)
  if (outcome.ok) return 0
  if (outcome.error === 'not-simulated')
    return say(io, `systemctl ${verb} ${unit.name}: ${outcome.detail ?? 'real, but not simulated here yet'}`, 1)
  if (outcome.error === 'wrong-state')
    return say(
      io,
      `Failed to reload ${name}: Job type reload is not applicable for unit ${name}.\nSee system logs and 'systemctl status ${name}' for details.`,
      1,
    )
  return say(
    io,
    `Job for ${name} failed because the control process exited with error code.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.`,
    1,
  )
}

function enable(
  io: Io,
  verb: 'enable' | 'disable',
  name: string,
  unit: UnitView | undefined,
  flags: ReadonlySet<string>,
): number {
  if (unit === undefined) return say(io, `Failed to ${verb} unit: Unit file ${name} does not exist.`, 1)
  if (!io.root) return say(io, `Failed to ${verb} unit: Interactive authentication required.`, 1)
  const outcome = io.kernel.unit(unit.name, verb)
  if (!outcome.ok) return say(io, `systemctl ${verb} ${unit.name}: ${outcome.detail ?? outcome.error}`, 1)
  const link = `/etc/systemd/system/multi-user.target.wants/${name}`
  if (verb === 'enable' && !unit.enabled) io.err(`Created symlink ${link} → ${pathOf(unit)}.\n`)
  if (verb === 'disable' && unit.enabled) io.err(`Removed "${link}".\n`)
  return flags.has('w') ? change(io, verb === 'enable' ? 'start' : 'stop', name, unit) : 0
}

const pathOf = (unit: UnitView): string => `/usr/lib/systemd/system/${unit.name}.service`
const subState = (unit: UnitView | undefined): string =>
  unit?.state === 'active' ? (unit.oneShot ? 'exited' : 'running') : unit?.state === 'failed' ? 'failed' : 'dead'

const fileOf = (unit: UnitView): string =>
  `[Unit]\nDescription=${unit.description}\n${unit.docs.map((doc) => `Documentation=${doc}\n`).join('')}\n[Service]\nExecStart=${unit.exec}\n\n[Install]\nWantedBy=multi-user.target\n`

/** `3s ago`, `2min 5s ago`, `1h 3min ago`. */
function ago(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000)
  if (seconds < 1) return `${Math.floor(micros / 1000)}ms ago`
  if (seconds < 60) return `${seconds}s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}min${seconds % 60 > 0 ? ` ${seconds % 60}s` : ''} ago`
  if (seconds < 86_400)
    return `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60 > 0 ? ` ${Math.floor(seconds / 60) % 60}min` : ''} ago`
  return `${Math.floor(seconds / 86_400)} day${seconds >= 172_800 ? 's' : ''} ago`
}

function status(io: Io, unit: UnitView, lines: number): number {
  const clock = io.kernel.clock()
  const mark = { active: '●', failed: '×', inactive: '○' }[unit.state]
  io.out(`${mark} ${unit.name}.service - ${unit.description}\n`)
  io.out(`     Loaded: loaded (${pathOf(unit)}; ${unit.enabled ? 'enabled' : 'disabled'}; preset: enabled)\n`)
  const words = { active: `active (${subState(unit)})`, failed: 'failed (Result: exit-code)', inactive: 'inactive (dead)' }[
    unit.state
  ]
  let since = ''
  if (unit.since !== null && (unit.state !== 'inactive' || unit.pid > 0)) {
    const text = written('%a %F %T %Z', momentOf(clock, unit.since))
    since = ` since ${text}; ${ago(clock.now - unit.since)}`
  }
  io.out(`     Active: ${words}${since}\n`)
  for (const [i, doc] of unit.docs.entries()) io.out(`${i === 0 ? '       Docs: ' : '             '}${doc}\n`)
  const program = unit.exec.split('/').at(-1) ?? unit.name
  if (unit.state === 'active' && unit.oneShot) io.out(`   Main PID: ${unit.pid} (code=exited, status=0/SUCCESS)\n`)
  else if (unit.state === 'active') {
    io.out(`   Main PID: ${unit.pid} (${program.slice(0, 15)})\n`)
    io.out(`      Tasks: 1\n     CGroup: /system.slice/${unit.name}.service\n             └─${unit.pid} ${unit.exec}\n`)
  }
  const entries = io.kernel.journal().filter((entry) => entry.unit === unit.name)
  if (lines > 0 && entries.length > 0) {
    io.out('\n')
    for (const entry of entries.slice(-lines)) io.out(journalLine(io, entry))
  }
  return unit.state === 'active' ? 0 : 3
}

function listUnits(io: Io, units: readonly UnitView[], flags: ReadonlySet<string>): number {
  const shown = units.filter((unit) => flags.has('a') || unit.state !== 'inactive').sort((a, b) => (a.name < b.name ? -1 : 1))
  const width = Math.max(4, ...shown.map(({ name }) => name.length + 8))
  if (!flags.has('L')) io.out(`  ${'UNIT'.padEnd(width)} LOAD   ACTIVE ${'SUB'.padEnd(7)} DESCRIPTION\n`)
  for (const unit of shown) {
    const mark = unit.state === 'failed' ? '●' : ' '
    const active = unit.state === 'inactive' ? 'inactive' : unit.state
    io.out(
      `${mark} ${`${unit.name}.service`.padEnd(width)} loaded ${active.padEnd(6)} ${subState(unit).padEnd(7)} ${unit.description}\n`,
    )
  }
  if (!flags.has('L'))
    io.out(
      `\nLegend: LOAD   → Reflects whether the unit definition was properly loaded.\n        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.\n        SUB    → The low-level unit activation state, values depend on unit type.\n\n${shown.length} loaded units listed.${flags.has('a') ? '' : ' Pass --all to see loaded but inactive units, too.'}\n`,
    )
  return 0
}

function listFiles(io: Io, units: readonly UnitView[]): number {
  const names = [...units].sort((a, b) => (a.name < b.name ? -1 : 1))
  const width = Math.max(9, ...names.map(({ name }) => name.length + 8))
  io.out(`${'UNIT FILE'.padEnd(width)} STATE    PRESET\n`)
  for (const unit of names)
    io.out(`${`${unit.name}.service`.padEnd(width)} ${(unit.enabled ? 'enabled' : 'disabled').padEnd(8)} enabled\n`)
  io.out(`\n${names.length} unit files listed.\n`)
  return 0
}
