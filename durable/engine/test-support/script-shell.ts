// A shell for tests of the machine: each line runs one program or call, and prints all that it is told.
import type { Shells } from '../lab/lab-api.ts'
import type { Shell, ShellContext, Wait, Wake } from '../machine/console.ts'
import type { Json } from '../sim/json.ts'

/**
 * `PROGRAM {arguments}` runs a program of machine/programs and prints its events; `look` prints what the machine knows of its
 * network; `sleep MICROS`; `count` adds one to the console's memory; `reboot`; `write TEXT` prints the text as it is.
 * Lines are joined by `;`.
 */
export const scriptShell: Shell = {
  *run(line: string, context: ShellContext): Generator<Wait, number, Wake> {
    let status = 0
    for (const command of line.split(';')) status = yield* one(command.trim(), context)
    return status
  },
  prompt: ({ kernel, memory }) => `${kernel.identity().hostname}:${memory['count'] ?? 0}$ `,
  complete: (line) => ({ from: line.length, candidates: [] }),
  incomplete: () => false,
}

export const scriptShells: Shells = {
  'windows-11': scriptShell,
  'ubuntu-24.04': scriptShell,
  router: scriptShell,
  server: scriptShell,
}

function* one(command: string, { kernel, memory, print }: ShellContext): Generator<Wait, number, Wake> {
  const space = command.indexOf(' ')
  const word = space < 0 ? command : command.slice(0, space)
  const rest = space < 0 ? '' : command.slice(space + 1)
  switch (word) {
    case '':
      return 0
    case 'write':
      print(`${rest}\n`)
      return 0
    case 'count':
      memory['count'] = Number(memory['count'] ?? 0) + 1
      print(`${memory['count']}\n`)
      return 0
    case 'look': {
      const addresses = kernel.interfaces().flatMap((via) => via.addresses.map(({ address }) => `${via.name} ${address}`))
      print(`${kernel.clock().now} ${addresses.join(', ')}; ${kernel.neighbors().length} neighbours\n`)
      return 0
    }
    case 'reboot':
      kernel.reboot()
      return 0
    case 'throw':
      throw new Error(rest)
    case 'sleep': {
      const wake = yield { sleep: Number(rest) }
      print(`${wake.kind} at ${kernel.clock().now}\n`)
      return wake.kind === 'interrupt' ? 130 : 0
    }
    default:
      return yield* program(word, rest === '' ? null : (JSON.parse(rest) as Json), { kernel, memory, print })
  }
}

function* program(name: string, args: Json, { kernel, print }: ShellContext): Generator<Wait, number, Wake> {
  const pid = kernel.spawn(name, args)
  if (pid === 0) {
    print(`${name}: command not found\n`)
    return 127
  }
  for (;;) {
    const wake = yield { wait: pid }
    switch (wake.kind) {
      case 'event':
        print(`${JSON.stringify(wake.event)}\n`)
        break
      case 'interrupt':
        print('^C\n')
        kernel.kill(pid)
        break
      case 'exit':
        return wake.code
      case 'stop':
      case 'stopped':
      case 'elapsed':
      case 'line':
      case 'end':
      case 'one':
        break
      default:
        wake satisfies never
    }
  }
}
