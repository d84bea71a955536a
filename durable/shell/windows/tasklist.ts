// tasklist and taskkill.
import type { WindowsProcessView } from '../../engine/machine/windows/windows-views.ts'
import type { Gen, Program, ProgramIo } from './program.ts'
import { wildcard } from './regex/wildcard.ts'

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

type Filter = (one: WindowsProcessView) => boolean

/** `imagename eq vmwp.exe`; undefined: it cannot be understood. */
function filterOf(text: string): Filter | undefined {
  const m = /^\s*(\w+)\s+(eq|ne|gt|lt|ge|le)\s+(.+?)\s*$/i.exec(text)
  if (m === null) return undefined
  const [, name, operator, value] = m as unknown as [string, string, string, string]
  const equal = operator.toLowerCase() === 'eq'
  const number = Number(value)
  const ordered = (mine: number): boolean => {
    switch (operator.toLowerCase()) {
      case 'eq':
        return mine === number
      case 'ne':
        return mine !== number
      case 'gt':
        return mine > number
      case 'lt':
        return mine < number
      case 'ge':
        return mine >= number
      default:
        return mine <= number
    }
  }
  switch (name.toLowerCase()) {
    case 'imagename':
      return ({ image }) => wildcard(value)(image) === equal
    case 'services':
      return ({ services }) => services.some((one) => wildcard(value)(one)) === equal
    case 'username':
      return ({ user }) => wildcard(value)(user.replace(/^.*\\/, '')) === equal || wildcard(value)(user) === equal
    case 'pid':
      return ({ pid }) => ordered(pid)
    case 'session':
      return ({ session }) => ordered(session)
    case 'memusage':
      return ({ workingSet }) => ordered(workingSet)
    default:
      return undefined
  }
}

const sessionName = ({ session }: WindowsProcessView): string => (session === 0 ? 'Services' : 'Console')

/** Words in lines of this width: services of one process. */
function folded(words: readonly string[], width: number): string[] {
  const out: string[] = []
  for (const word of words) {
    const last = out.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= width) out[out.length - 1] = `${last} ${word}`
    else out.push(word)
  }
  return out.map((line, at) => (at < out.length - 1 ? line : line))
}

function* table(io: ProgramIo, all: readonly WindowsProcessView[], svc: boolean, header: boolean): Gen {
  const head = (image: string, pid: string) => `${image.slice(0, 25).padEnd(25)} ${pid.padStart(8)}`
  if (header) {
    yield* io.line('')
    yield* io.line(
      svc
        ? `${head('Image Name', 'PID')} ${'Services'.padEnd(44)}`
        : `${head('Image Name', 'PID')} ${'Session Name'.padEnd(16)} ${'Session#'.padStart(11)} ${'Mem Usage'.padStart(12)}`,
    )
    yield* io.line((svc ? [25, 8, 44] : [25, 8, 16, 11, 12]).map((width) => '='.repeat(width)).join(' '))
  }
  for (const one of all) {
    const start = head(one.image, String(one.pid))
    if (svc) {
      const lines = folded(
        one.services.length === 0 ? ['N/A'] : one.services.map((name, at) => (at < one.services.length - 1 ? `${name},` : name)),
        44,
      )
      for (const [at, line] of lines.entries()) yield* io.line(`${at === 0 ? start : ' '.repeat(34)} ${line.padEnd(44)}`)
    } else
      yield* io.line(
        `${start} ${sessionName(one).padEnd(16)} ${String(one.session).padStart(11)} ${`${grouped(one.workingSet)} K`.padStart(12)}`,
      )
  }
}

export const tasklist: Program = {
  name: 'tasklist',
  synopsis: 'Shows the processes that run on this computer.',
  options: ['/svc', '/fi "imagename eq vmwp.exe"', '/fo csv', '/fo list', '/nh'],
  refuses: ['/v', '/m', '/s', '/u', '/apps', '/?'],
  *run(args, io) {
    let [svc, header, format] = [false, true, 'table']
    const filters: Filter[] = []
    for (let i = 0; i < args.length; i++) {
      const word = args[i].toLowerCase().replace(/^-/, '/')
      if (word === '/svc') svc = true
      else if (word === '/nh') header = false
      else if (word === '/fo') format = (args[++i] ?? '').toLowerCase()
      else if (word === '/fi') {
        const filter = filterOf(args[++i] ?? '')
        if (filter === undefined) {
          yield* io.line('ERROR: The search filter cannot be recognized.')
          return 1
        }
        filters.push(filter)
      } else if (this.refuses.includes(word)) {
        yield* io.line(`tasklist ${args[i]}: this option is real, but it is not simulated here yet.`)
        return 1
      } else {
        yield* io.line(`ERROR: Invalid argument/option - '${args[i]}'.`)
        yield* io.line('Type "TASKLIST /?" for usage.')
        return 1
      }
    }
    if (!['table', 'list', 'csv'].includes(format)) {
      yield* io.line(`ERROR: Invalid syntax. Invalid FORMAT value specified for '/FO' option.`)
      return 1
    }
    const all = (io.kernel.windows?.windowsProcesses() ?? []).filter((one) => filters.every((filter) => filter(one)))
    if (all.length === 0) {
      yield* io.line('INFO: No tasks are running which match the specified criteria.')
      return 0
    }
    if (format === 'table') yield* table(io, all, svc, header)
    else yield* otherFormat(io, all, svc, header, format)
    return 0
  },
}

function* otherFormat(io: ProgramIo, all: readonly WindowsProcessView[], svc: boolean, header: boolean, format: string): Gen {
  const labels = svc ? ['Image Name', 'PID', 'Services'] : ['Image Name', 'PID', 'Session Name', 'Session#', 'Mem Usage']
  const cells = (one: WindowsProcessView) =>
    svc
      ? [one.image, String(one.pid), one.services.join(',') || 'N/A']
      : [one.image, String(one.pid), sessionName(one), String(one.session), `${grouped(one.workingSet)} K`]
  const quoted = (row: readonly string[]) => row.map((cell) => `"${cell}"`).join(',')
  if (format === 'csv') {
    if (header) yield* io.line(quoted(labels))
    for (const one of all) yield* io.line(quoted(cells(one)))
    return
  }
  for (const one of all) {
    yield* io.line('')
    for (const [at, cell] of cells(one).entries()) yield* io.line(`${`${labels[at]}:`.padEnd(13)} ${cell}`)
  }
}

export const taskkill: Program = {
  name: 'taskkill',
  synopsis: 'Ends processes.',
  options: ['/pid 2516 /f', '/im vmwp.exe /f', '/f /fi "imagename eq vmwp.exe"'],
  refuses: ['/t', '/s', '/u', '/?'],
  *run(args, io) {
    const pids: string[] = []
    const images: string[] = []
    const filters: Filter[] = []
    let force = false
    for (let i = 0; i < args.length; i++) {
      const word = args[i].toLowerCase().replace(/^-/, '/')
      if (word === '/f') force = true
      else if (word === '/pid') pids.push(args[++i] ?? '')
      else if (word === '/im') images.push(args[++i] ?? '')
      else if (word === '/fi') {
        const filter = filterOf(args[++i] ?? '')
        if (filter) filters.push(filter)
        else {
          yield* io.line('ERROR: The search filter cannot be recognized.')
          return 1
        }
      } else if (this.refuses.includes(word)) {
        yield* io.line(`taskkill ${args[i]}: this option is real, but it is not simulated here yet.`)
        return 1
      } else {
        yield* io.line(`ERROR: Invalid argument/option - '${args[i]}'.`)
        yield* io.line('Type "TASKKILL /?" for usage.')
        return 1
      }
    }
    if (pids.length + images.length + filters.length === 0) {
      yield* io.line('ERROR: Invalid syntax. Neither /FI nor /PID nor /IM were specified.')
      yield* io.line('Type "TASKKILL /?" for usage.')
      return 1
    }
    return yield* kill(io, pids, images, filters, force)
  },
}

function* kill(
  io: ProgramIo,
  pids: readonly string[],
  images: readonly string[],
  filters: readonly Filter[],
  force: boolean,
): Gen<number> {
  const { windows } = io.kernel
  const all = (windows?.windowsProcesses() ?? []).filter((one) => filters.every((filter) => filter(one)))
  const byImage = images.flatMap((image) => all.filter((one) => wildcard(image)(one.image)))
  const byPid = pids.flatMap((pid) => all.filter((one) => String(one.pid) === pid))
  const chosen = pids.length + images.length === 0 ? all : [...byPid, ...byImage]
  let code = 0
  for (const word of [
    ...pids.filter((pid) => !all.some((one) => String(one.pid) === pid)),
    ...images.filter((image) => !all.some((one) => wildcard(image)(one.image))),
  ]) {
    yield* io.line(`ERROR: The process "${word}" not found.`)
    code = 128
  }
  for (const one of chosen) {
    const shown = byImage.includes(one) ? `"${one.image}" with PID ${one.pid}` : `with PID ${one.pid}`
    const refuse = function* (reason: string): Gen {
      yield* io.line(`ERROR: The process ${shown} could not be terminated.`)
      yield* io.line(`Reason: ${reason}`)
    }
    if (!force && one.session === 0 && one.pid > 4) {
      yield* refuse('This process can only be terminated forcefully (with /F option).')
      code = 1
      continue
    }
    const done = windows?.stopProcess(one.pid)
    if (done && !done.ok) {
      if (done.error === 'not-simulated') yield* io.line(done.detail ?? '')
      else
        yield* refuse(
          one.pid === 4 || one.pid === 0
            ? 'This is critical system process. Taskkill cannot end this process.'
            : 'Access is denied.',
        )
      code = 1
    } else yield* io.line(`SUCCESS: The process ${shown} has been terminated.`)
  }
  return code
}
