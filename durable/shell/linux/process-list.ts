import type { Io } from './io.ts'
import { SHELL_PID } from './session.ts'

/** A process as ps shows it. `started` is lab time, null for what runs since the machine was switched on. */
export type Listed = {
  readonly pid: number
  readonly parent: number
  readonly user: string
  readonly terminal: string
  readonly state: string
  readonly name: string
  readonly command: string
  readonly started: number
}

/** Programs by the name of the engine, where that is not the command's own. */
const COMMANDS: { readonly [program: string]: string } = {
  capture: 'tcpdump',
  dns: 'dig',
  http: 'curl',
  'http-serve': 'python3 -m http.server',
  'tcp-client': 'nc',
  'tcp-listen': 'nc -l',
  trace: 'traceroute',
}

/** All processes, by their number; the last one is `own`, the command that asks. */
export function processList(own: string, io: Io): Listed[] {
  const { kernel, session } = io
  const { bootedAt } = kernel.identity()
  const one = (pid: number, command: string, change: Partial<Listed> = {}): Listed => ({
    pid,
    parent: 1,
    user: 'root',
    terminal: '?',
    state: 'Ss',
    name: (command.split(' ')[0] ?? '').split('/').at(-1) ?? '',
    command,
    started: bootedAt,
    ...change,
  })
  const mine = { user: session.user, terminal: 'pts/0', parent: SHELL_PID }
  const jobs = kernel.jobs().filter((job) => job.status === null)
  const found = [
    one(1, '/sbin/init', { parent: 0, name: 'systemd' }),
    ...kernel
      .units()
      .filter((unit) => unit.state === 'active' && unit.pid > 0)
      .map((unit) => one(unit.pid, unit.exec === '' ? unit.name : unit.exec, { started: unit.startedAt ?? bootedAt })),
    one(SHELL_PID, '-bash', { ...mine, parent: 1176, name: 'bash' }),
    ...jobs.map((job) => one(job.pid, job.text, { ...mine, state: job.stopped ? 'T' : 'S', started: job.startedAt })),
    ...kernel
      .processes()
      .filter(({ pid }) => !jobs.some((job) => job.pid === pid))
      .map(({ pid, program, startedAt, stopped }) =>
        one(pid, COMMANDS[program] ?? program, { ...mine, state: stopped ? 'T' : 'S+', started: startedAt }),
      ),
  ]
  const last = Math.max(...found.map(({ pid }) => pid)) + 1
  return [
    ...found.sort((a, b) => a.pid - b.pid),
    one(last, own, { ...mine, user: io.root ? 'root' : session.user, state: 'R+', started: kernel.clock().now }),
  ]
}
