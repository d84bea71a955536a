import { parseIp } from '../../../engine/wire/addresses.ts'
import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { forward, reverseName } from '../names.ts'

export const getent: Command = {
  name: 'getent',
  summary: 'names and addresses as programs see them',
  usage: 'getent { hosts | ahosts | ahostsv4 } [NAME]...',
  completions: ['hosts', 'ahosts', 'ahostsv4'],
  run: runGetent,
}

const DATABASES = [
  'aliases',
  'ethers',
  'group',
  'gshadow',
  'initgroups',
  'netgroup',
  'networks',
  'passwd',
  'protocols',
  'rpc',
  'services',
  'shadow',
]

function* runGetent(args: readonly string[], io: Io): Run {
  const [database, ...names] = args
  if (database === undefined) {
    io.err("getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n")
    return 1
  }
  const all = database === 'ahosts' || database === 'ahostsv4'
  if (!all && database !== 'hosts') {
    io.err(
      DATABASES.includes(database) || database.startsWith('-') || database === 'ahostsv6'
        ? notSimulated(`getent ${database}`)
        : `Unknown database: ${database}\n`,
    )
    return 1
  }
  let status = 0
  if (names.length === 0) {
    for (const line of (io.kernel.readFile('/etc/hosts') ?? '').split('\n')) {
      const [address, ...words] = (line.split('#')[0] ?? '').trim().split(/\s+/)
      if (address !== undefined && words.length > 0 && !address.includes(':'))
        io.out(`${address.padEnd(15)} ${words.join(' ')}\n`)
    }
    return 0
  }
  for (const name of names) {
    if (!all && parseIp(name) !== undefined) {
      const found = yield* reverseName(io, name)
      if (found === undefined) status = 2
      else io.out(`${name.padEnd(15)} ${found}\n`)
      continue
    }
    const found = yield* forward(io, name)
    if (found.kind !== 'found') {
      status = 2
      continue
    }
    for (const address of found.addresses) {
      if (!all) io.out(`${address.padEnd(15)} ${found.canonical}${found.canonical === name ? '' : ` ${name}`}\n`)
      else
        for (const [i, type] of ['STREAM', 'DGRAM', 'RAW'].entries())
          io.out(`${address.padEnd(15)} ${type.padEnd(6)} ${i === 0 ? found.canonical : ''}\n`)
    }
  }
  return status
}
