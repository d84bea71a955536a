import { type Command, type Io, instant } from '../io.ts'

/** Packages whose programs this image has, and those programs. */
const PACKAGES: { readonly [name: string]: string } = {
  tcpdump: '4.99.4-3ubuntu4',
  traceroute: '1:2.1.5-1',
  'iputils-ping': '3:20240117-1build1',
  'iputils-arping': '3:20240117-1build1',
  'iputils-tracepath': '3:20240117-1build1',
  'bind9-dnsutils': '1:9.18.24-0ubuntu5',
  dnsutils: '1:9.18.24-0ubuntu5',
  'bind9-host': '1:9.18.24-0ubuntu5',
  'isc-dhcp-client': '4.4.3-P1-4ubuntu2',
  'isc-dhcp-relay': '4.4.3-P1-4ubuntu2',
  ifupdown: '0.8.41ubuntu1',
  udhcpc: '1:1.36.1-6ubuntu3',
  dnsmasq: '2.90-2build2',
  curl: '8.5.0-2ubuntu10',
  wget: '1.21.4-1ubuntu4',
  'netcat-openbsd': '1.226-1ubuntu2',
  iproute2: '6.1.0-1ubuntu6',
  'net-tools': '2.10-0.1ubuntu4',
  iptables: '1.8.10-3ubuntu2',
  bridge: '',
  'bridge-utils': '1.7.1-1ubuntu2',
  ethtool: '1:6.7-1build1',
  conntrack: '1:1.4.8-1ubuntu1',
  python3: '3.12.3-0ubuntu1',
  telnet: '0.17+2.5-3ubuntu4',
  'openssh-client': '1:9.6p1-3ubuntu13',
}
const NOTE = 'The programs of this image are preinstalled; installing others is real, but not simulated here yet.\n'

function run(name: string, args: readonly string[], io: Io): number {
  const words = args.filter((arg) => !arg.startsWith('-'))
  const [verb, ...names] = words
  const unknown = args.find(
    (arg) =>
      /^--?[A-Za-z]/.test(arg) &&
      !['-y', '-q', '-qq', '--yes', '--no-install-recommends', '-s', '--quiet', '--assume-yes'].includes(arg),
  )
  if (unknown !== undefined) {
    io.err(
      `E: Command line option ${unknown.startsWith('--') ? unknown : `'${unknown.charAt(1)}' [from ${unknown}]`} is not ${unknown.startsWith('--') ? 'understood in combination with the other options' : 'known.'}\n`,
    )
    return 100
  }
  switch (verb) {
    case undefined:
      io.out(`apt 2.7.14 (amd64)\nUsage: ${name} [options] command\n`)
      return 1
    case 'update':
    case 'upgrade':
    case 'install': {
      if (!io.root) {
        io.err(
          'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n',
        )
        return 100
      }
      if (verb === 'update') {
        io.out(`Reading package lists... Done\n${NOTE}`)
        return 0
      }
      io.out('Reading package lists... Done\nBuilding dependency tree... Done\nReading state information... Done\n')
      const missing = names.filter((one) => !Object.hasOwn(PACKAGES, one))
      if (missing.length > 0) {
        for (const one of missing) io.err(`E: Unable to locate package ${one}\n`)
        io.err(NOTE)
        return 100
      }
      for (const one of names) io.out(`${one} is already the newest version (${PACKAGES[one]}).\n`)
      io.out('0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n')
      return 0
    }
    case 'remove':
    case 'purge':
    case 'search':
    case 'show':
    case 'list':
    case 'policy':
    case 'autoremove':
      io.err(`${name} ${verb} is real, but not simulated here yet\n`)
      return 100
    default:
      io.err(`E: Invalid operation ${verb}\n`)
      return 100
  }
}

export const apt: Command = {
  name: 'apt',
  aliases: ['apt-get'],
  summary: 'says which packages this image has',
  usage: 'apt [options] command',
  completions: ['install', 'update'],
  run: instant((args, io) => run('apt', args, io)),
}
