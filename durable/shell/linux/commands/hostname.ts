import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { listedInterfaces } from '../links.ts'
import { parseOptions } from '../options.ts'

export const hostname: Command = {
  name: 'hostname',
  summary: 'the name of this machine; -I its addresses',
  completions: ['-I', '-f', '-s'],
  run: instant(runHostname),
}

function runHostname(args: readonly string[], io: Io): number {
  const long = { 'all-ip-addresses': 'I', fqdn: 'f', long: 'f', short: 's', domain: 'd' }
  const options = parseOptions('hostname', args, { flags: 'Ifsd', real: 'aAbiyFVh', long, status: 1 }, io)
  if (typeof options === 'number') return options
  if (options.operands.length > 0) {
    io.err(io.root ? notSimulated('hostname: changing the name') : 'hostname: you must be root to change the host name\n')
    return 1
  }
  const name = io.kernel.identity().hostname
  const full = fullName(io, name)
  const { flags } = options
  if (flags.has('I')) {
    const addresses = listedInterfaces(io)
      .filter((link) => link.kind !== 'loopback' && link.enabled)
      .flatMap((link) => link.addresses.map((each) => `${each.address} `))
    io.out(`${addresses.join('')}\n`)
  } else if (flags.has('f')) io.out(`${full}\n`)
  else if (flags.has('d')) io.out(full.includes('.') ? `${full.slice(full.indexOf('.') + 1)}\n` : '')
  else if (flags.has('s')) io.out(`${name.split('.')[0]}\n`)
  else io.out(`${name}\n`)
  return 0
}

/** What the hosts file calls this machine first; the bare name when it says nothing. */
function fullName(io: Io, name: string): string {
  for (const line of (io.kernel.readFile('/etc/hosts') ?? '').split('\n')) {
    const names = (line.split('#')[0] ?? '').trim().split(/\s+/).slice(1)
    if (names.includes(name)) return names[0] ?? name
  }
  return name
}
