// systeminfo: what the computer is, and its network adapters. What is not simulated (patches, page files) is not in the list.
import type { Kernel } from '../../engine/machine/kernel.ts'
import { civil, localMicros, longTime } from './calendar.ts'
import { isV6 } from './network.ts'
import { osName } from './os-name.ts'
import type { Program } from './program.ts'

const MEMORY = 16_384

/** Label and values, in the real order. */
function factsOf(kernel: Kernel): [string, string[]][] {
  const identity = kernel.identity()
  const { hostname, user, build, bootedAt, server } = identity
  const guest = kernel.windows?.serviceRuns('vmicheartbeat') === true
  const clock = kernel.clock()
  const at = (moment: number): string => {
    const c = civil(localMicros(clock, moment))
    return `${c.month}/${c.day}/${c.year}, ${longTime(c)}`
  }
  const zone = clock.zoneMinutes
  const offset = `${zone < 0 ? '-' : '+'}${String(Math.floor(Math.abs(zone) / 60)).padStart(2, '0')}:${String(Math.abs(zone) % 60).padStart(2, '0')}`
  return [
    ['Host Name', [hostname]],
    ['OS Name', [osName(identity)]],
    ['OS Version', [`10.0.${build} N/A Build ${build}`]],
    ['OS Manufacturer', ['Microsoft Corporation']],
    ['OS Configuration', [server ? 'Standalone Server' : 'Standalone Workstation']],
    ['OS Build Type', ['Multiprocessor Free']],
    ['Registered Owner', [user]],
    ['Registered Organization', ['']],
    ['Product ID', ['00330-80000-00000-AA000']],
    ['System Boot Time', [at(bootedAt)]],
    ['System Manufacturer', [guest ? 'Microsoft Corporation' : 'Switchroom']],
    ['System Model', [guest ? 'Virtual Machine' : 'Lab Computer']],
    ['System Type', ['x64-based PC']],
    ['Windows Directory', ['C:\\Windows']],
    ['System Directory', ['C:\\Windows\\system32']],
    ['System Locale', ['en-us;English (United States)']],
    ['Input Locale', ['en-us;English (United States)']],
    ['Time Zone', [zone === 0 ? '(UTC) Coordinated Universal Time' : `(UTC${offset})`]],
    ['Total Physical Memory', [`${grouped(MEMORY)} MB`]],
    ['Domain', ['WORKGROUP']],
    ['Logon Server', [`\\\\${hostname}`]],
    ['Hotfix(s)', ['N/A']],
    ['Network Card(s)', cards(kernel)],
    [
      'Hyper-V Requirements',
      [
        guest || kernel.hyperV !== undefined
          ? 'A hypervisor has been detected. Features required for Hyper-V will not be displayed.'
          : 'VM Monitor Mode Extensions: Yes',
      ],
    ],
  ]
}

const grouped = (n: number): string => String(n).replace(/(\d)(?=(\d{3})+$)/g, '$1,')

function cards(kernel: Kernel): string[] {
  const all = kernel.adapters().filter(({ kind }) => kind !== 'loopback' && kind !== 'ppp')
  const lines = [`${all.length} NIC(s) Installed.`]
  for (const [at, one] of all.entries()) {
    const inner = '      '
    lines.push(`[${String(at + 1).padStart(2, '0')}]: ${one.description}`, `${inner}Connection Name: ${one.name}`)
    if (!one.up) {
      lines.push(`${inner}Status:          ${one.enabled ? 'Media disconnected' : 'Hardware not present'}`)
      continue
    }
    const addresses = [
      ...one.addresses.filter(({ state, address }) => state === 'preferred' && !isV6(address)).map(({ address }) => address),
      ...(one.linkLocal6 === '' ? [] : [one.linkLocal6]),
    ]
    lines.push(`${inner}DHCP Enabled:    ${one.dhcp ? 'Yes' : 'No'}`)
    if (one.dhcp) lines.push(`${inner}DHCP Server:     ${one.lease?.server ?? 'N/A'}`)
    lines.push(`${inner}IP address(es)`)
    for (const [n, address] of addresses.entries()) lines.push(`${inner}[${String(n + 1).padStart(2, '0')}]: ${address}`)
  }
  return lines
}

const WIDTH = 27

export const systeminfo: Program = {
  name: 'systeminfo',
  synopsis: 'Shows what this computer is: its system, memory and network adapters.',
  options: ['', '/fo list', '/fo csv', '/fo table', '/fo csv /nh'],
  refuses: ['/s', '/u', '/p', '/?'],
  *run(args, io) {
    const words = args.map((arg) => arg.toLowerCase().replace(/^-/, '/'))
    let format = 'list'
    let header = true
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? ''
      if (word === '/fo') format = words[++i] ?? ''
      else if (word === '/nh') header = false
      else if (this.refuses.includes(word)) {
        yield* io.line(`systeminfo ${word}: this option is real, but it is not simulated here yet.`)
        return 1
      } else {
        yield* io.line(`ERROR: Invalid argument/option - '${args[i]}'.`)
        yield* io.line('Type "SYSTEMINFO /?" for usage.')
        return 1
      }
    }
    const facts = factsOf(io.kernel)
    if (format === 'csv' || format === 'table') {
      const rows = [facts.map(([label]) => label), facts.map(([, values]) => values.map((one) => one.trim()).join(','))]
      const width = rows[0]?.map((label, at) => Math.max(label.length, rows[1]?.[at]?.length ?? 0)) ?? []
      yield* io.line('')
      for (const row of header ? rows : rows.slice(1))
        yield* io.line(
          format === 'csv'
            ? row.map((cell) => `"${cell}"`).join(',')
            : row.map((cell, at) => cell.padEnd(width[at] ?? 0)).join(' '),
        )
      return 0
    }
    if (format !== 'list') {
      yield* io.line("ERROR: Invalid syntax. Invalid FORMAT value specified for '/FO' option.")
      yield* io.line('Type "SYSTEMINFO /?" for usage.')
      return 1
    }
    yield* io.line('')
    for (const [label, values] of facts)
      for (const [at, value] of values.entries()) yield* io.line(`${(at === 0 ? `${label}:` : '').padEnd(WIDTH + 4)}${value}`)
    return 0
  },
}
