// nbtstat: NetBIOS names of this computer and of others, each adapter on its own.
import type { Kernel } from '../../engine/machine/kernel.ts'
import type { InterfaceView } from '../../engine/machine/views.ts'
import { usable } from './network.ts'
import { allEvents, type Gen, numberOf, type Program, type ProgramEvent, type ProgramIo, textOf } from './program.ts'

const usage = `
Displays protocol statistics and current TCP/IP connections using NBT
(NetBIOS over TCP/IP).

NBTSTAT [ [-a RemoteName] [-A IP address] [-c] [-n]
        [-r] [-R] [-RR] [-s] [-S] [interval] ]

  -a   (adapter status) Lists the remote machine's name table given its name
  -A   (Adapter status) Lists the remote machine's name table given its
                        IP address.
  -c   (cache)          Lists NBT's cache of remote [machine] names and their IP addresses
  -n   (names)          Lists local NetBIOS names.
  -R   (Reload)         Purges and reloads the remote cache name table
`

type Row = { readonly name: string; readonly suffix: number; readonly group: boolean }

const hex = (suffix: number): string => `<${suffix.toString(16).toUpperCase().padStart(2, '0')}>`
const rows = (names: readonly Row[]): string[] =>
  names.map(
    ({ name, suffix, group }) => `    ${name.padEnd(15)}${hex(suffix)}  ${(group ? 'GROUP' : 'UNIQUE').padEnd(12)}Registered `,
  )

const table = (title: string, names: readonly Row[]): string[] => [
  title,
  '',
  '       Name               Type         Status',
  '    ---------------------------------------------',
  ...rows(names),
]

const NONE = '    No names in cache'

/** Adapters that NetBIOS is bound to. */
const adapters = (kernel: Kernel): InterfaceView[] =>
  kernel.interfaces().filter(({ kind }) => kind !== 'loopback' && kind !== 'ppp')

function* each(io: ProgramIo, body: (one: InterfaceView, connected: boolean) => readonly string[]): Gen {
  for (const one of adapters(io.kernel)) {
    const address = usable(one)[0]?.address ?? '0.0.0.0'
    yield* io.line('    ')
    for (const line of [`${one.name}:`, `Node IpAddress: [${address}] Scope Id: []`, '']) yield* io.line(line)
    for (const line of body(one, address !== '0.0.0.0')) yield* io.line(line)
  }
  yield* io.line('')
}

function* remote(io: ProgramIo, target: string): Gen<number> {
  const events = yield* allEvents(io.kernel, 'netbios', { target })
  const status = events.find(({ kind }) => kind === 'status')
  yield* each(io, (one) => {
    if (status === undefined || numberOf(status.interface) !== one.index) return ['    Host not found.']
    const names = (status.names as ProgramEvent[]).map((row) => ({
      name: textOf(row.name),
      suffix: numberOf(row.suffix),
      group: row.group === true,
    }))
    return [...table('           NetBIOS Remote Machine Name Table', names), '', `    MAC Address = ${textOf(status.mac)}`, '']
  })
  return status === undefined ? 1 : 0
}

export const nbtstat: Program = {
  name: 'nbtstat',
  synopsis: 'Shows NetBIOS names of this computer and of others.',
  options: ['-n', '-c', '-a win1', '-A 192.168.3.60', '-R'],
  refuses: ['-r', '-RR', '-s', '-S'],
  *run(args, io) {
    const [option = '', target] = args
    const letter = option.replace(/^\//, '-')
    const net = io.kernel.windowsNet
    if (this.refuses.includes(letter)) {
      yield* io.line(`nbtstat ${letter}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    switch (letter) {
      case '-n':
        yield* each(io, (_, connected) =>
          connected ? [...table('                NetBIOS Local Name Table', net?.netbiosNames() ?? []), ''] : [NONE],
        )
        return 0
      case '-c': {
        const cache = net?.netbiosCache() ?? []
        yield* each(io, (one, connected) =>
          cache.length === 0 || !connected || one.hidden
            ? [NONE]
            : [
                '                  NetBIOS Remote Cache Name Table',
                '',
                '        Name              Type       Host Address    Life [sec]',
                '    ------------------------------------------------------------',
                ...cache.map(
                  ({ name, suffix, address, seconds }) =>
                    `    ${name.padEnd(15)}${hex(suffix)}  ${'UNIQUE'.padEnd(16)}${address.padEnd(20)}${seconds}`,
                ),
              ],
        )
        return 0
      }
      case '-R':
        net?.flushNetbios()
        yield* io.line('    Successful purge and preload of the NBT Remote Cache Name Table.')
        return 0
      case '-a':
      case '-A':
        if (target !== undefined) return yield* remote(io, target)
    }
    for (const line of usage.split('\n')) yield* io.line(line)
    return 1
  },
}
