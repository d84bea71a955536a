// bcdedit: what the boot loader is told of data execution prevention and of the hypervisor. Both hold from the next start on.
import type { Program } from './program.ts'

const COMPLETED = 'The operation completed successfully.'
const NX = ['OptIn', 'OptOut', 'AlwaysOff', 'AlwaysOn'] as const
const LAUNCH = ['Auto', 'Off'] as const
const help = ['Run "bcdedit /?" for command line assistance.', 'The parameter is incorrect.']

const named = <T extends string>(words: readonly T[], word: string | undefined): T | undefined =>
  words.find((one) => one.toLowerCase() === word?.toLowerCase())

export const bcdedit: Program = {
  name: 'bcdedit',
  synopsis: 'Shows and changes what the boot loader is told.',
  options: ['/enum', '/set hypervisorlaunchtype auto', '/set nx OptIn', '/set {current} nx OptIn'],
  refuses: [
    '/?',
    '/copy',
    '/create',
    '/delete',
    '/deletevalue',
    '/export',
    '/import',
    '/store',
    '/timeout',
    '/default',
    '/debug',
  ],
  *run(args, io) {
    const { hyperV } = io.kernel
    const [option = '/enum', ...rest] = args
    const lower = option.toLowerCase().replace(/^-/, '/')
    if (this.refuses.includes(lower)) {
      yield* io.line(`bcdedit ${option}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    const { nx, launch } = hyperV?.boot() ?? { nx: 'OptIn', launch: 'Auto' }
    if (lower === '/enum') {
      const rows = [
        ['identifier', '{current}'],
        ['device', 'partition=C:'],
        ['path', '\\Windows\\system32\\winload.efi'],
        ['description', 'Windows 11'],
        ['locale', 'en-US'],
        ['osdevice', 'partition=C:'],
        ['systemroot', '\\Windows'],
        ['nx', nx],
        ['bootmenupolicy', 'Standard'],
        ...(hyperV ? [['hypervisorlaunchtype', launch]] : []),
      ]
      yield* io.line('\nWindows Boot Loader\n-------------------')
      for (const [name = '', value = ''] of rows) yield* io.line(`${name.padEnd(24)}${value}`)
      return 0
    }
    const words = rest[0]?.startsWith('{') ? rest.slice(1) : rest
    const change =
      words[0]?.toLowerCase() === 'nx'
        ? { nx: named(NX, words[1]) }
        : words[0]?.toLowerCase() === 'hypervisorlaunchtype'
          ? { launch: named(LAUNCH, words[1]) }
          : {}
    if (lower !== '/set' || Object.values(change).every((value) => value === undefined)) {
      yield* io.line(`The ${lower === '/set' ? 'set' : 'specified'} command specified is not valid.`)
      for (const line of help) yield* io.line(line)
      return 1
    }
    hyperV?.setBoot(change)
    yield* io.line(COMPLETED)
    return 0
  },
}
