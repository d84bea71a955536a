import { emptyConfig, optionKind, readConfig, setOption } from '../../../engine/service/dnsmasq/config.ts'
import type { Json } from '../../../engine/sim/json.ts'
import { absolute, openFile } from '../files.ts'
import type { Command, Io, Run } from '../io.ts'
import { runUnit } from '../run-unit.ts'

export const dnsmasq: Command = {
  name: 'dnsmasq',
  summary: 'a DHCP and DNS server for a small network',
  usage: 'dnsmasq [options]',
  completions: ['--test', '--no-daemon', '--conf-file=', '--interface=', '--dhcp-range=', '--log-queries'],
  run: runDnsmasq,
}

const VERSION =
  'Dnsmasq version 2.90  Copyright (c) 2000-2024 Simon Kelley\nCompile time options: IPv6 GNU-getopt DBus no-UBus i18n IDN2 DHCP DHCPv6 no-Lua TFTP conntrack ipset nftset auth cryptohash DNSSEC loop-detect inotify dumpfile\n'
/** Letters and the long option each stands for. */
const SHORT: { readonly [letter: string]: string } = {
  a: 'listen-address',
  A: 'address',
  b: 'bogus-priv',
  c: 'cache-size',
  C: 'conf-file',
  d: 'no-daemon',
  D: 'domain-needed',
  E: 'expand-hosts',
  F: 'dhcp-range',
  G: 'dhcp-host',
  h: 'no-hosts',
  H: 'addn-hosts',
  i: 'interface',
  I: 'except-interface',
  k: 'keep-in-foreground',
  K: 'dhcp-authoritative',
  l: 'dhcp-leasefile',
  O: 'dhcp-option',
  p: 'port',
  q: 'log-queries',
  r: 'resolv-file',
  R: 'no-resolv',
  s: 'domain',
  S: 'server',
  u: 'user',
  v: 'version',
  w: 'help',
  x: 'pid-file',
  X: 'dhcp-lease-max',
  z: 'bind-interfaces',
  '2': 'no-dhcp-interface',
}
const OWN: { readonly [name: string]: 'none' | 'needed' } = {
  test: 'none',
  'no-daemon': 'none',
  'keep-in-foreground': 'none',
  version: 'none',
  'conf-file': 'needed',
  help: 'none',
}

function* runDnsmasq(args: readonly string[], io: Io): Run {
  const fail = (text: string, status = 1): number => {
    io.err(`${text.startsWith('bad command line') ? '' : '\n'}dnsmasq: ${text}\n`)
    return status
  }
  const given: [string, string | undefined][] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    const long = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(arg)
    const name = long ? (long[1] as string) : arg.startsWith('-') ? SHORT[arg.charAt(1)] : undefined
    const kind = name === undefined ? undefined : (OWN[name] ?? optionKind(name))
    if (name === undefined || kind === undefined)
      return fail(`bad command line options: ${arg.startsWith('-') ? arg : 'junk found in command line'}`)
    let value = long ? long[2] : arg.length > 2 ? arg.slice(2) : undefined
    if (value === undefined && kind === 'needed') value = args[++i]
    if (value === undefined && kind === 'needed') return fail('bad command line options: missing parameter')
    // Several letters without a value may stand together.
    if (!long && kind === 'none' && value !== undefined) {
      for (const letter of `${arg.charAt(1)}${value}`) {
        const each = SHORT[letter]
        if (each === undefined) return fail('bad command line options: try --help')
        given.push([each, undefined])
      }
      continue
    }
    given.push([name, value])
  }
  if (given.some(([name]) => name === 'version')) {
    io.out(VERSION)
    return 0
  }
  const config = emptyConfig()
  const ignored: string[] = []
  const file = given.find(([name]) => name === 'conf-file')?.[1]
  for (const [name, value] of given) {
    if (name in OWN) continue
    const fault = setOption(config, name, value, ignored)
    if (fault !== undefined) return fail(`bad command line options: ${fault === 'error' ? 'try --help' : fault}`)
  }
  const path = absolute(file ?? '/etc/dnsmasq.conf', io.session.cwd)
  const opened = openFile(io, path)
  if ('fault' in opened && file !== undefined) return fail(`cannot read ${file}: ${opened.fault}`, 3)
  const fault = 'text' in opened ? readConfig(config, opened.text, file ?? path, ignored) : undefined
  if (fault !== undefined) return fail(fault)
  if (given.some(([name]) => name === 'test')) {
    io.err('dnsmasq: syntax check OK.\n')
    return 0
  }
  if (!io.root) return fail('failed to create listening socket for port 53: Permission denied', 2)
  if (io.kernel.units().some((unit) => unit.name === 'dnsmasq' && unit.state === 'active'))
    return fail(`failed to create listening socket for port ${config.port}: Address already in use`, 2)
  const foreground = given.some(([name]) => name === 'no-daemon' || name === 'keep-in-foreground')
  const print = (ident: string, text: string): void => {
    if (ident.startsWith('dnsmasq')) io.err(`${ident}: ${text}\n`)
  }
  const refused = yield* runUnit(io, 'dnsmasq', { config: config as unknown as Json }, foreground ? print : undefined)
  if (refused !== undefined) return fail(refused, 2)
  if (!foreground) return 0
  io.err('dnsmasq: exiting on receipt of SIGTERM\n')
  return 0
}
