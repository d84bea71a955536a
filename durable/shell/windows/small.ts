import { dashed } from './network.ts'
import type { Gen, Program, ProgramIo } from './program.ts'

/** Of programs that say so in the same words: whoami, getmac. */
function* refuse(program: Program, option: string, io: ProgramIo): Gen<number> {
  if (program.refuses.includes(option.toLowerCase().replace(/^-/, '/')))
    yield* io.line(`${program.name} ${option}: this option is real, but it is not simulated here yet.`)
  else {
    yield* io.line(`ERROR: Invalid argument/option - '${option}'.`)
    yield* io.line(`Type "${program.name.toUpperCase()} /?" for usage.`)
  }
  return 1
}

export const hostname: Program = {
  name: 'hostname',
  synopsis: 'Shows the name of this computer.',
  options: ['/?'],
  refuses: [],
  *run(args, io) {
    if (args.length > 0 && args[0] !== '/?') {
      yield* io.line('sethostname: Use the Network Control Panel Applet to set hostname.')
      yield* io.line('hostname -s is not supported.')
      return 1
    }
    yield* io.line(args.length === 0 ? io.kernel.identity().hostname : '\nPrints the name of the current host.\n\nhostname')
    return 0
  },
}

export const whoami: Program = {
  name: 'whoami',
  synopsis: 'Shows the user of this console.',
  options: [],
  refuses: ['/?', '/upn', '/fqdn', '/logonid', '/user', '/groups', '/claims', '/priv', '/all', '/fo', '/nh'],
  *run(args, io) {
    if (args.length > 0) return yield* refuse(this, args[0], io)
    const { hostname: name, user } = io.kernel.identity()
    yield* io.line(`${name}\\${user}`.toLowerCase())
    return 0
  },
}

export const getmac: Program = {
  name: 'getmac',
  synopsis: 'Shows the physical addresses of the adapters.',
  options: ['/v', '/fo csv', '/fo list', '/fo table /nh'],
  refuses: ['/?', '/s', '/u', '/p'],
  *run(args, io) {
    const words = args.map((arg) => arg.toLowerCase().replace(/^-/, '/'))
    const verbose = words.includes('/v')
    const bare = words.includes('/nh')
    const at = words.indexOf('/fo')
    const format = at < 0 ? 'table' : (words[at + 1] ?? '')
    const other = args.find((_, i) => !/^\/(v|nh|fo)$/.test(words[i] ?? '') && !(at >= 0 && i === at + 1))
    if (other !== undefined) return yield* refuse(this, other, io)
    if (!/^(table|list|csv)$/.test(format)) {
      yield* io.line(`ERROR: Invalid syntax. '${format.toUpperCase()}' value is not allowed for '/fo' option.`)
      yield* io.line('Type "GETMAC /?" for usage.')
      return 1
    }
    const head = verbose
      ? ([
          ['Connection Name', 15],
          ['Network Adapter', 15],
        ] as const)
      : []
    const columns = [...head, ['Physical Address', 19], ['Transport Name', 58]] as const
    const line = (cells: readonly string[]) => columns.map(([, width], i) => cells[i].slice(0, width).padEnd(width)).join(' ')
    const labels = columns.map(([label]) => label)
    const csv = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',')
    yield* io.line('')
    if (format === 'csv' && !bare) yield* io.line(csv(labels))
    if (format === 'table' && !bare) {
      yield* io.line(line(labels))
      yield* io.line(line(columns.map(([, width]) => '='.repeat(width))))
    }
    for (const one of io.kernel.adapters()) {
      if (one.kind === 'loopback' || one.kind === 'ppp') continue
      const transport = !one.enabled
        ? 'Disconnected'
        : one.up
          ? `\\Device\\Tcpip_${one.guid.startsWith('{') ? one.guid : `{${one.guid}}`}`
          : 'Media disconnected'
      const cells = [...(verbose ? [one.name, one.description] : []), one.enabled ? dashed(one.mac) : 'Disabled', transport]
      if (format === 'table') yield* io.line(line(cells))
      else if (format === 'csv') yield* io.line(csv(cells))
      else {
        for (const [i, label] of labels.entries()) yield* io.line(`${`${label}:`.padEnd(18)}${cells[i]}`)
        yield* io.line('')
      }
    }
    return 0
  },
}
