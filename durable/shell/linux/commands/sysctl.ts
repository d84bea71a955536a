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
    const six = governed6(io, key)
    if (six) {
      const value = equals < 0 ? undefined : operand.slice(equals + 1)
      status = sysctl6(io, key, six, value, flags) || status
      continue
    }
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

type Governed6 = { readonly index: number; readonly what: 'forwarding' | 'disable_ipv6' | 'accept_ra' | 'hop_limit' | 'mtu' }

/** `net.ipv6.conf.NAME.WHAT`; index 0 = all. */
function governed6(io: Io, key: string): Governed6 | undefined {
  const m = /^net\.ipv6\.conf\.(.+)\.(forwarding|disable_ipv6|accept_ra|hop_limit|mtu)$/.exec(key)
  if (m === null) return undefined
  const [, name = '', what] = m
  const index = name === 'all' || name === 'default' ? 0 : interfaceNamed(io, name)?.index
  return index === undefined ? undefined : { index, what: what as Governed6['what'] }
}

function sysctl6(io: Io, key: string, { index, what }: Governed6, value: string | undefined, flags: ReadonlySet<string>): number {
  const fail = (text: string) => {
    io.err(`${text}\n`)
    return 1
  }
  if (value !== undefined) {
    if (!io.root) return fail(`sysctl: permission denied on key "${key}"`)
    if (!/^\d+$/.test(value)) return fail(`sysctl: setting key "${key}": Invalid argument`)
    if (what === 'forwarding') io.kernel.setForwarding6(index, Number(value) !== 0)
    else if (what === 'disable_ipv6') io.kernel.setIp6Enabled(index, Number(value) === 0)
    else {
      io.err(notSimulated(`sysctl: writing ${key}`))
      return 1
    }
    io.out(flags.has('n') ? `${value}\n` : `${key} = ${value}\n`)
    return 0
  }
  const links = listedInterfaces(io).filter((link) => link.kind !== 'loopback' && (index === 0 || link.index === index))
  const six = links[0]?.ip6
  const now = {
    forwarding: links.length > 0 && links.every((link) => link.ip6?.forwarding === true) ? 1 : 0,
    disable_ipv6: links.length > 0 && links.every((link) => link.ip6?.enabled === false) ? 1 : 0,
    accept_ra: six?.acceptsRa === false ? 0 : 1,
    hop_limit: six?.hopLimit ?? 64,
    mtu: six?.mtu ?? 1500,
  }[what]
  io.out(flags.has('n') ? `${now}\n` : flags.has('N') ? `${key}\n` : `${key} = ${now}\n`)
  return 0
}
