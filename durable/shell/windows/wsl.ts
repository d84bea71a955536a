// wsl.exe: a Linux console, or one Linux command, and the few things that are done to its machine.
import type { Kernel, WslView } from '../../engine/machine/kernel.ts'
import { bash } from '../linux/index.ts'
import type { Gen, Program, ProgramIo } from './program.ts'
import { wslKernel } from './wsl-kernel.ts'

/** The one distribution of a lab's computers. */
export const DISTRIBUTION = 'Ubuntu'

const REAL = [
  '--install',
  '--export',
  '--import',
  '--unregister',
  '--set-version',
  '--set-default-version',
  '--update',
  '--mount',
  '--unmount',
  '--manage',
  '--online',
  '-u',
  '--user',
  '--cd',
  '--shell-type',
  '--system',
] as const

const HELP = `Copyright (c) Microsoft Corporation. All rights reserved.

Usage: wsl.exe [Argument] [Options...] [CommandLine]

Arguments for running Linux binaries:
    If no command line is provided, wsl.exe launches the default shell.
    --exec, -e <CommandLine>
    --
        Pass the remaining command line as-is.
Options:
    --distribution, -d <Distro>
Arguments for managing Windows Subsystem for Linux:
    --help
    --list, -l [--all] [--running] [--quiet, -q] [--verbose, -v]
    --set-default, -s <Distro>
    --shutdown
    --status
    --terminate, -t <Distro>
    --version, -v`

const NO_HYPERVISOR = `WSL2 is not supported with your current machine configuration.
Please enable the "Virtual Machine Platform" optional component and ensure virtualization is enabled in the BIOS.
Enable "Virtual Machine Platform" by running: wsl.exe --install --no-distribution
For information please visit https://aka.ms/enablevirtualization
Error code: Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED`

export const wsl: Program = {
  name: 'wsl',
  synopsis: 'Runs Linux, its shell or one command of it.',
  options: ['--help', '-l', '-l -v', '-l -q', '--list --running', '--status', '--version', '-t Ubuntu', '--shutdown'],
  refuses: REAL,
  *run(args, io) {
    const wish = wishOf(args)
    switch (wish.kind) {
      case 'help':
        yield* lines(io, HELP)
        return 0
      case 'invalid':
        yield* lines(
          io,
          `Invalid command line option: ${wish.word}\nPlease use 'wsl.exe --help' to get a list of supported arguments.`,
        )
        return 1
      case 'real':
        yield* io.line(`wsl ${wish.word}: this option is real, but it is not simulated here yet.`)
        return 1
      default:
    }
    const { hyperV } = io.kernel
    if (hyperV === undefined) {
      yield* lines(io, NO_HYPERVISOR)
      return 1
    }
    if ('distribution' in wish && wish.distribution.toLowerCase() !== DISTRIBUTION.toLowerCase()) {
      yield* lines(io, 'There is no distribution with the supplied name.\nError code: Wsl/Service/WSL_E_DISTRO_NOT_FOUND')
      return 1
    }
    const view = hyperV.wsl()
    switch (wish.kind) {
      case 'list':
        yield* list(io, view, wish.flags)
        return 0
      case 'status':
        yield* lines(io, `Default Distribution: ${DISTRIBUTION}\nDefault Version: ${view.version}`)
        return 0
      case 'version':
        yield* lines(io, 'WSL version: 2.3.26.0\nKernel version: 5.15.167.4-1')
        return 0
      case 'end':
        if (view.running) hyperV.endWsl()
        if (wish.speaks) yield* io.line('The operation completed successfully. ')
        return 0
      case 'default':
        yield* io.line('The operation completed successfully. ')
        return 0
      case 'run':
        return yield* enter(io, wish.line)
      default:
        return wish satisfies never
    }
  },
}

type Wish =
  | { readonly kind: 'help' }
  | { readonly kind: 'status' | 'version' }
  | { readonly kind: 'invalid' | 'real'; readonly word: string }
  | { readonly kind: 'list'; readonly flags: ReadonlySet<string> }
  | { readonly kind: 'end'; readonly speaks: boolean; readonly distribution: string }
  | { readonly kind: 'default'; readonly distribution: string }
  /** Empty: a console. */
  | { readonly kind: 'run'; readonly line: string; readonly distribution: string }

const LIST: { readonly [word: string]: string } = {
  '-v': 'verbose',
  '--verbose': 'verbose',
  '-q': 'quiet',
  '--quiet': 'quiet',
  '--running': 'running',
  '--all': 'all',
}

function wishOf(args: readonly string[]): Wish {
  let distribution = DISTRIBUTION
  const run = (line: string): Wish => ({ kind: 'run', line, distribution })
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const rest = args.slice(i + 1)
    if (word === '~') continue
    if (word === '-d' || word === '--distribution') distribution = args[++i] ?? ''
    else if (word === '--help' || word === '/?') return { kind: 'help' }
    else if (word === '--status') return { kind: 'status' }
    else if (word === '--version' || word === '-v') return { kind: 'version' }
    else if (word === '--shutdown') return { kind: 'end', speaks: false, distribution }
    else if (word === '-t' || word === '--terminate') return { kind: 'end', speaks: true, distribution: rest[0] ?? '' }
    else if (word === '-s' || word === '--set-default') return { kind: 'default', distribution: rest[0] ?? '' }
    else if (word === '-l' || word === '--list') {
      const unknown = rest.find((one) => LIST[one] === undefined)
      if (unknown !== undefined) return { kind: unknown === '--online' || unknown === '-o' ? 'real' : 'invalid', word: unknown }
      return { kind: 'list', flags: new Set(rest.map((one) => LIST[one] as string)) }
    } else if (word === '-e' || word === '--exec') return run(rest.map(quoted).join(' '))
    else if (word === '--') return run(rest.map(spaced).join(' '))
    else if ((REAL as readonly string[]).includes(word)) return { kind: 'real', word }
    else if (word.startsWith('-')) return { kind: 'invalid', word }
    else return run([word, ...rest].map(spaced).join(' '))
  }
  return run('')
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
/** What PowerShell took as one word stays one; all else is the Linux shell's to read. */
const spaced = (word: string): string => (word === '' || /\s/.test(word) ? quoted(word) : word)

function* lines(io: ProgramIo, text: string): Gen {
  for (const one of text.split('\n')) yield* io.line(one)
}

function* list(io: ProgramIo, { version, running }: WslView, flags: ReadonlySet<string>): Gen {
  if (flags.has('running') && !running) return yield* io.line('There are no running distributions.')
  if (flags.has('quiet')) return yield* io.line(DISTRIBUTION)
  if (flags.has('verbose')) {
    const width = DISTRIBUTION.length + 4
    yield* io.line(`  ${'NAME'.padEnd(width)}${'STATE'.padEnd(16)}VERSION`)
    return yield* io.line(`* ${DISTRIBUTION.padEnd(width)}${(running ? 'Running' : 'Stopped').padEnd(16)}${version}`)
  }
  yield* lines(io, `Windows Subsystem for Linux Distributions:\n${DISTRIBUTION} (Default)`)
}

/** Starts the machine where there is need, then a console or one line. */
function* enter(io: ProgramIo, line: string): Gen<number> {
  const { hyperV } = io.kernel
  if (hyperV?.wsl().running === false) {
    const done = hyperV.runWsl()
    if (!done.ok) {
      yield* lines(io, done.error === 'no-service' ? NO_HYPERVISOR : 'No network is left for the Windows Subsystem for Linux.')
      return 1
    }
  }
  const kernel = wslKernel(io.kernel)
  if (kernel === undefined) {
    yield* io.line('The Windows Subsystem for Linux instance has terminated.')
    return 1
  }
  if (io.input !== undefined) {
    yield* io.line('wsl: what is piped into it is real, but it is not simulated here yet.')
    return 1
  }
  if (line !== '') return yield* runLinux(line, kernel, io)
  if (io.openLinux === undefined) {
    yield* io.line('wsl: a console inside of a pipeline is real, but it is not simulated here yet.')
    return 1
  }
  io.openLinux()
  return 0
}

/** One line of the Linux shell; what it prints is the program's output. */
function* runLinux(line: string, kernel: Kernel, io: ProgramIo): Gen<number> {
  let text = ''
  const whole = (): string[] => {
    const found = text.split('\n')
    text = found.pop() ?? ''
    return found
  }
  const print = (more: string): void => {
    text += more
    if (io.show) for (const one of whole()) io.show(one)
  }
  const running = bash.run(line, { kernel, memory: {}, print })
  let step = running.next({ kind: 'elapsed' })
  for (;;) {
    for (const one of whole()) yield* io.line(one)
    if (step.done) break
    step = running.next(yield step.value)
  }
  if (text !== '') yield* io.line(text)
  return step.value
}
