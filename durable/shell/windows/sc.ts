// sc.exe: what the service control manager knows, as it says it itself.
import type { ServiceView, StartType, WindowsCalls } from '../../engine/machine/windows/windows-views.ts'
import type { Gen, Program, ProgramIo } from './program.ts'
import { NO_SERVICE, type SystemError, systemError } from './service-words.ts'

const usage = [
  'DESCRIPTION:',
  '        SC is a command line program used for communicating with the',
  '        Service Control Manager and services.',
  'USAGE:',
  '        sc <server> [command] [service name] <option1> <option2>...',
]

const START: { readonly [type in StartType]: string } = {
  Boot: '0   BOOT_START',
  System: '1   SYSTEM_START',
  Automatic: '2   AUTO_START',
  AutomaticDelayed: '2   AUTO_START  (DELAYED)',
  Manual: '3   DEMAND_START',
  Disabled: '4   DISABLED',
}
const WORDS: { readonly [word: string]: StartType } = {
  boot: 'Boot',
  system: 'System',
  auto: 'Automatic',
  'delayed-auto': 'AutomaticDelayed',
  demand: 'Manual',
  disabled: 'Disabled',
}

const typeOf = ({ driver, shared }: ServiceView): string =>
  driver ? '1  KERNEL_DRIVER' : shared ? '20  WIN32_SHARE_PROCESS' : '10  WIN32_OWN_PROCESS'

function* status(io: ProgramIo, one: ServiceView, state: string, more: readonly string[] = [], title = true): Gen {
  const takes = one.canStop && state.startsWith('4') ? 'STOPPABLE' : 'NOT_STOPPABLE'
  yield* io.line('')
  yield* io.line(`SERVICE_NAME: ${one.name} `)
  if (title) yield* io.line(`DISPLAY_NAME: ${one.displayName}`)
  yield* io.line(`        TYPE               : ${typeOf(one)}  `)
  yield* io.line(`        STATE              : ${state} `)
  yield* io.line(`                                (${takes}, NOT_PAUSABLE, IGNORES_SHUTDOWN)`)
  yield* io.line('        WIN32_EXIT_CODE    : 0  (0x0)')
  yield* io.line('        SERVICE_EXIT_CODE  : 0  (0x0)')
  yield* io.line('        CHECKPOINT         : 0x0')
  yield* io.line('        WAIT_HINT          : 0x0')
  for (const line of more) yield* io.line(line)
}

function* failed(io: ProgramIo, call: string, { code, message }: SystemError): Gen<number> {
  yield* io.line(`[SC] ${call} FAILED ${code}:`)
  yield* io.line('')
  yield* io.line(message)
  yield* io.line('')
  return code
}

const stateOf = ({ running }: ServiceView): string => (running ? '4  RUNNING' : '1  STOPPED')
const process = ({ pid }: ServiceView): string[] => [`        PID                : ${pid}`, '        FLAGS              : ']

function* query(windows: WindowsCalls, args: readonly string[], io: ProgramIo, extended: boolean): Gen<number> {
  const [name] = args
  const options = new Map<string, string>()
  for (let i = 0; i < args.length; i++)
    if (/^(type|state)=$/i.test(args[i])) options.set(args[i].toLowerCase(), args[i + 1] ?? '')
  if (name !== undefined && !name.endsWith('=')) {
    const one = find(windows, name)
    if (one === undefined) return yield* failed(io, 'EnumQueryServicesStatus:OpenService', NO_SERVICE)
    yield* status(io, one, stateOf(one), extended ? process(one) : [], false)
    return 0
  }
  const state = options.get('state=')?.toLowerCase() ?? 'active'
  const type = options.get('type=')?.toLowerCase() ?? 'service'
  for (const one of windows.services()) {
    if (type !== 'all' && one.driver !== (type === 'driver')) continue
    if (state !== 'all' && one.running !== (state !== 'inactive')) continue
    yield* status(io, one, stateOf(one), extended ? process(one) : [])
  }
  return 0
}

function* configuration(one: ServiceView, io: ProgramIo): Gen<number> {
  yield* io.line('[SC] QueryServiceConfig SUCCESS')
  yield* io.line('')
  yield* io.line(`SERVICE_NAME: ${one.name}`)
  yield* io.line(`        TYPE               : ${typeOf(one)} `)
  yield* io.line(`        START_TYPE         : ${START[one.startType]}`)
  yield* io.line('        ERROR_CONTROL      : 1   NORMAL')
  yield* io.line(`        BINARY_PATH_NAME   : ${one.path}`)
  yield* io.line('        LOAD_ORDER_GROUP   : ')
  yield* io.line('        TAG                : 0')
  yield* io.line(`        DISPLAY_NAME       : ${one.displayName}`)
  const [first = '', ...others] = one.dependsOn
  yield* io.line(`        DEPENDENCIES       : ${first}`)
  for (const other of others) yield* io.line(`                           : ${other}`)
  yield* io.line(`        SERVICE_START_NAME : ${one.driver ? '' : 'LocalSystem'}`)
  return 0
}

const find = (windows: WindowsCalls, name: string): ServiceView | undefined =>
  windows.services().find((one) => one.name.toLowerCase() === name.toLowerCase())

export const sc: Program = {
  name: 'sc',
  synopsis: 'Asks the service control manager, and tells services to start and stop.',
  options: [
    'query vmms',
    'queryex vmms',
    'qc vmms',
    'start vmms',
    'stop vmms',
    'config vmms start= demand',
    'getdisplayname vmms',
    'enumdepend Dhcp',
  ],
  refuses: ['create', 'delete', 'description', 'failure', 'sdshow', 'qtriggerinfo'],
  *run(args, io) {
    const { windows } = io.kernel
    const word = args[0]?.toLowerCase()
    const rest = args.slice(1)
    if (windows === undefined || word === undefined || word === '/?') {
      for (const line of usage) yield* io.line(line)
      return 1639
    }
    if (this.refuses.includes(word)) {
      yield* io.line(`sc ${word}: this command is real, but it is not simulated here yet.`)
      return 1
    }
    if (word === 'query' || word === 'queryex') return yield* query(windows, rest, io, word === 'queryex')
    if (!['qc', 'start', 'stop', 'config', 'getdisplayname', 'enumdepend'].includes(word) || rest.length === 0) {
      if (!['qc', 'start', 'stop', 'config', 'getdisplayname', 'enumdepend'].includes(word))
        yield* io.line('ERROR:  Unrecognized command')
      yield* io.line('')
      for (const line of usage) yield* io.line(line)
      return 1639
    }
    const one = find(windows, rest[0])
    if (one === undefined) return yield* failed(io, word === 'start' ? 'StartService: OpenService' : 'OpenService', NO_SERVICE)
    switch (word) {
      case 'qc':
        return yield* configuration(one, io)
      case 'getdisplayname':
        yield* io.line('[SC] GetServiceDisplayName SUCCESS')
        yield* io.line(`Name = ${one.displayName}`)
        return 0
      case 'enumdepend': {
        const some = one.dependents.map((name) => find(windows, name)).filter((each) => each !== undefined)
        yield* io.line(`Enum: entriesRead = ${some.length}`)
        for (const each of some) yield* status(io, each, stateOf(each))
        return 0
      }
      case 'config': {
        const at = rest.findIndex((each) => /^start=/i.test(each))
        const value = (at < 0 ? '' : rest[at].length > 6 ? rest[at].slice(6) : (rest[at + 1] ?? '')).toLowerCase()
        const startType = WORDS[value]
        if (startType === undefined) {
          yield* io.line('sc config: only start= boot|system|auto|demand|disabled|delayed-auto is simulated here.')
          return 1
        }
        const done = windows.configureService(one.name, { startType })
        if (!done.ok) return yield* failed(io, 'OpenService', systemError('start', done.error))
        yield* io.line('[SC] ChangeServiceConfig SUCCESS')
        return 0
      }
      default: {
        const verb = word === 'start' ? 'start' : 'stop'
        const done = windows.controlService(one.name, verb)
        if (!done.ok) {
          const call = done.error === 'access-denied' ? 'OpenService' : verb === 'start' ? 'StartService' : 'ControlService'
          return yield* failed(io, call, systemError(verb, done.error, done.detail))
        }
        const after = find(windows, one.name) ?? one
        // It answers before the service has done what it was told.
        yield* status(
          io,
          after,
          verb === 'start' ? '2  START_PENDING' : '3  STOP_PENDING',
          verb === 'start' ? process(after) : [],
          false,
        )
        return 0
      }
    }
  },
}
