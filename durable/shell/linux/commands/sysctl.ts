// sysctl of procps: kernel parameters.

import { openFile, splitLines } from '../files.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'
import { interfaceNamed, listedInterfaces } from '../links.ts'
import { parseOptions } from '../options.ts'

export const sysctl: Command = {
  name: 'sysctl',
  summary: 'kernel parameters of the network, shown or set',
  completions: ['-a', '-w', '-n', '-p', 'net.ipv4.ip_forward', 'net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter'],
  run: instant(runSysctl),
}

function runSysctl(args: readonly string[], io: Io): number {
  const options = parseOptions(
    'sysctl',
    args,
    {
      flags: 'wnNaAeqp',
      values: 'r',
      real: 'bfX',
      long: { all: 'a', load: 'p', ignore: 'e', names: 'N', values: 'n', quiet: 'q', write: 'w', 'pattern=': 'r' },
      realLong: ['system'],
      status: 1,
    },
    io,
  )
  if (typeof options === 'number') return options
  const { flags, operands, values } = options
  const linux = linuxOf(io)
  const show = (key: string, value: string) =>
    io.out(flags.has('n') ? `${value}\n` : flags.has('N') ? `${key}\n` : `${key} = ${value}\n`)
  if (flags.has('a') || flags.has('A')) {
    const pattern = values.get('r')
    for (const [path, value] of linux.parameters()) {
      const key = dotted(path)
      if (pattern === undefined || key.includes(pattern.replace(/\\/g, ''))) show(key, value)
    }
    return 0
  }
  const wanted: string[] = []
  if (flags.has('p')) {
    for (const file of operands.length > 0 ? operands : ['/etc/sysctl.conf']) {
      const opened = openFile(io, file)
      if ('fault' in opened) {
        io.err(`sysctl: cannot open "${file}": ${opened.fault}\n`)
        return 1
      }
      for (const line of splitLines(opened.text)) {
        const [, key, value] = /^\s*-?([\w./-]+)\s*=\s*(.*?)\s*$/.exec(line.trimEnd()) ?? []
        if (key !== undefined && !line.trimStart().startsWith('#')) wanted.push(`${key}=${value ?? ''}`)
      }
    }
  } else wanted.push(...operands)
  if (wanted.length === 0 && !flags.has('p')) {
    io.err('sysctl: no variables specified\n')
    return 1
  }
  let status = 0
  for (const operand of wanted) {
    const equals = operand.indexOf('=')
    const key = dotted((equals < 0 ? operand : operand.slice(0, equals)).trim())
    const path = key
      .split('.')
      .map((part) => part.split('/').join('.'))
      .join('/')
    const six = governed6(io, key)
    if (six) {
      status = sysctl6(io, key, six, equals < 0 ? undefined : operand.slice(equals + 1).trim(), flags) || status
      continue
    }
    const value = linux.parameter(path)
    if (value === null) {
      if (/^(kernel|vm|fs|dev|net\.ipv6|net\.bridge)\./.test(key)) io.err(notSimulated(`sysctl ${key}`))
      else if (!flags.has('e')) io.err(`sysctl: cannot stat /proc/sys/${path}: No such file or directory\n`)
      if (!flags.has('e')) status = 1
      continue
    }
    if (equals < 0) {
      if (flags.has('w')) {
        io.err(`sysctl: "${operand}" must be of the form name=value\n`)
        status = 1
      } else show(key, value)
      continue
    }
    const text = operand.slice(equals + 1).trim()
    if (!io.root) {
      io.err(`sysctl: permission denied on key "${key}"\n`)
      status = 1
      continue
    }
    const written = linux.setParameter(path, text)
    if (written === 'ok') {
      if (!flags.has('q')) show(key, text)
    } else {
      io.err(
        written === 'shown-only' ? notSimulated(`sysctl: setting ${key}`) : `sysctl: setting key "${key}": Invalid argument\n`,
      )
      status = 1
    }
  }
  return status
}

/** `net/ipv4/conf/eth0.10/x` and `net.ipv4.conf.eth0/10.x` are the same: the first separator says which is which. */
function dotted(key: string): string {
  const slash = key.indexOf('/')
  const dot = key.indexOf('.')
  if (slash < 0 || (dot >= 0 && dot < slash)) return key
  return key
    .split('/')
    .map((part) => part.split('.').join('/'))
    .join('.')
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
    else if (what === 'accept_ra') io.kernel.setAcceptRa6(index, Number(value) !== 0)
    else {
      io.err(notSimulated(`sysctl: writing ${key}`))
      return 1
    }
    if (!flags.has('q')) io.out(flags.has('n') ? `${value}\n` : `${key} = ${value}\n`)
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
