import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { interfaceNamed, listedInterfaces } from '../links.ts'
import { parseOptions } from '../options.ts'

export const sysctl: Command = {
  name: 'sysctl',
  summary: 'net.ipv4.ip_forward, shown or set with -w',
  completions: ['net.ipv4.ip_forward', '-w', 'net.ipv4.ip_forward=1'],
  run: instant(runSysctl),
}

function runSysctl(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'sysctl',
    args,
    { flags: 'wnN', real: 'aAbeqpfrX', realLong: ['system', 'all', 'load', 'pattern'], status: 1 },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands } = options
  let status = 0
  for (const operand of operands) {
    const equals = operand.indexOf('=')
    const key = (equals < 0 ? operand : operand.slice(0, equals)).replace(/\//g, '.')
    const links = governed(io, key)
    if (!links) {
      const path = key.replace(/\./g, '/')
      io.err(
        /^(net|kernel|vm|fs)\./.test(key)
          ? notSimulated(`sysctl ${key}`)
          : `sysctl: cannot stat /proc/sys/${path}: No such file or directory\n`,
      )
      status = 1
      continue
    }
    if (equals >= 0) {
      const value = operand.slice(equals + 1)
      if (!io.root) {
        io.err(`sysctl: permission denied on key "${key}"\n`)
        status = 1
        continue
      }
      if (!/^\d+$/.test(value)) {
        io.err(`sysctl: setting key "${key}": Invalid argument\n`)
        status = 1
        continue
      }
      for (const link of links) io.kernel.setForwarding(link.index, Number(value) !== 0)
      io.out(flags.has('n') ? `${value}\n` : `${key} = ${value}\n`)
      continue
    }
    const on = links.length > 0 && links.every((link) => link.forwarding) ? 1 : 0
    io.out(flags.has('n') ? `${on}\n` : flags.has('N') ? `${key}\n` : `${key} = ${on}\n`)
  }
  return status
}

/** The interfaces whose forwarding a key switches, or undefined when it is another key. */
function governed(io: Io, key: string) {
  const links = listedInterfaces(io).filter((link) => link.kind !== 'loopback')
  if (key === 'net.ipv4.ip_forward' || key === 'net.ipv4.conf.all.forwarding') return links
  const name = /^net\.ipv4\.conf\.(.+)\.forwarding$/.exec(key)?.[1]
  const link = name === undefined ? undefined : interfaceNamed(io, name)
  return link && [link]
}
