import { isIp6 } from '../../ipv6.ts'
import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { addressesOf, type Found, forward, isAddress, type Lookup, reverseName } from '../names.ts'

export const getent: Command = {
  name: 'getent',
  summary: 'names and addresses as programs see them',
  usage: 'getent { hosts | ahosts | ahostsv4 | ahostsv6 } [NAME]...',
  completions: ['hosts', 'ahosts', 'ahostsv4', 'ahostsv6'],
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
  const all = database === 'ahosts' || database === 'ahostsv4' || database === 'ahostsv6'
  if (!all && database !== 'hosts') {
    io.err(
      DATABASES.includes(database) || database.startsWith('-')
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
    if (!all && isAddress(name)) {
      const found = yield* reverseName(io, name)
      if (found === undefined) status = 2
      else io.out(`${name.padEnd(15)} ${found}\n`)
      continue
    }
    const found = yield* addressesFor(io, database, name)
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

/** `hosts` asks for IPv6 and, only where there is none, for IPv4 (gethostbyname2); `ahosts` as getaddrinfo does. */
function* addressesFor(io: Io, database: string, name: string): Lookup<Found> {
  if (database === 'ahosts') return yield* addressesOf(io, name)
  if (database === 'ahostsv4') return isIp6(name) ? { kind: 'not-found' } : yield* forward(io, name)
  const six = yield* forward(io, name, 'AAAA')
  if (database === 'hosts') return six.kind === 'found' ? six : yield* forward(io, name)
  // getaddrinfo with AI_V4MAPPED: IPv4 addresses stand in where there are no others.
  const four = six.kind === 'found' && (isIp6(name) || !isAddress(name)) ? six : yield* forward(io, name)
  if (four.kind !== 'found') return four
  return { ...four, addresses: four.addresses.map((one) => (isIp6(one) ? one : `::ffff:${one}`)) }
}
