// ifup, ifdown and ifquery of ifupdown: interfaces as /etc/network/interfaces describes them, brought up and down by the lines
// that ifupdown hands to a shell.

import { absolute } from '../files.ts'
import { type InterfacesFile, readInterfaces, type Stanza } from '../ifupdown/file.ts'
import { downLines, type Line, missing, upLines, valuesOf } from '../ifupdown/methods.ts'
import type { Command, Io, Run, Steps } from '../io.ts'
import { interfaceNamed } from '../links.ts'
import { parseOptions } from '../options.ts'
import { compileGlob } from '../regex/glob.ts'

type Name = 'ifup' | 'ifdown' | 'ifquery'

const FILE = '/etc/network/interfaces'
const STATE = '/run/network/ifstate'

const command = (name: Name, summary: string, completions: readonly string[]): Command => ({
  name,
  summary,
  usage: `${name} [-a] [-v] [-n] [-f] [-i FILE] [-X PATTERN] [--allow CLASS] [INTERFACE]...`,
  completions,
  run: (args, io) => run(name, args, io),
})
export const ifup = command('ifup', 'brings interfaces up as /etc/network/interfaces says', ['-a', '-v', '-n', '--force'])
export const ifdown = command('ifdown', 'takes interfaces down that ifup brought up', ['-a', '-v', '-n', '--force'])
export const ifquery = command('ifquery', 'shows what /etc/network/interfaces says of an interface', ['--list', '--state', '-a'])

const SPEC = {
  flags: 'avnfVhlseL',
  values: 'iXA',
  real: 'o',
  long: {
    all: 'a',
    verbose: 'v',
    'no-act': 'n',
    force: 'f',
    version: 'V',
    list: 'l',
    state: 's',
    'ignore-errors': 'e',
    'no-loopback': 'L',
    'interfaces=': 'i',
    'exclude=': 'X',
    'allow=': 'A',
  },
  realLong: ['state-dir', 'no-mappings', 'no-scripts', 'option', 'read-environment', 'print-dependency'],
}

/** `name=logical` of those that are up. */
const stateOf = (io: Io): string[] => (io.kernel.readFile(STATE) ?? '').split('\n').filter((line) => line !== '')
const isUp = (io: Io, name: string): boolean => stateOf(io).some((line) => line.startsWith(`${name}=`))

function* run(name: Name, args: readonly string[], io: Io): Run {
  const options = parseOptions(name, args, SPEC, io)
  if (typeof options === 'number') {
    io.err(`${name}: Use --help for help\n`)
    return options
  }
  const { flags, values, operands } = options
  const say = (text: string, status = 1): number => {
    io.err(`${name}: ${text}\n`)
    return status
  }
  if (flags.has('V')) {
    io.out(`${name} version 0.8.41\n`)
    return 0
  }
  if (name === 'ifquery' && flags.has('s')) return showState(operands, io)
  if (!flags.has('a') && !flags.has('l') && operands.length === 0)
    return say(`no interface(s) specified\n${name}: Use --help for help`)
  const asked = values.get('i') ?? FILE
  const path = asked === FILE ? FILE : absolute(asked, io.session.cwd)
  const read = readInterfaces(io.kernel, path)
  if ('fault' in read) {
    const opened = read.fault.startsWith("couldn't open")
    io.err(`${name}: ${read.fault.replaceAll(path, asked)}\n`)
    if (!opened) return say(`couldn't read interfaces file "${asked}"`)
  }
  const file: InterfacesFile = 'fault' in read ? { stanzas: [], allowed: new Map() } : read
  const allowed = values.get('A') ?? 'auto'
  if (name === 'ifquery' && flags.has('l')) {
    for (const one of file.allowed.get(allowed) ?? []) io.out(`${one}\n`)
    return 0
  }
  if (name !== 'ifquery' && !io.root && !flags.has('n')) {
    const [first = 'lo'] = operands
    return say(`failed to open lockfile ${STATE}.${first}: Permission denied`)
  }
  const exclude = values.has('X') ? compileGlob(values.get('X') ?? '') : undefined
  const names = flags.has('a')
    ? name === 'ifdown'
      ? stateOf(io).map((line) => line.split('=')[0] ?? '')
      : (file.allowed.get('auto') ?? [])
    : operands
  let status = 0
  for (const each of names) {
    const [device = '', logical = device] = each.split('=')
    if (exclude?.matches(device)) continue
    if (values.has('A') && !(file.allowed.get(allowed) ?? []).includes(device)) continue
    const stanzas = file.stanzas.filter((stanza) => stanza.name === logical).map((stanza) => ({ ...stanza, name: device }))
    const done = yield* one(name, device, logical, stanzas, flags, io)
    status = done === 0 || flags.has('e') ? status : done
  }
  return status
}

function showState(names: readonly string[], io: Io): number {
  const lines = stateOf(io).filter((line) => names.length === 0 || names.includes(line.split('=')[0] ?? ''))
  for (const line of lines) io.out(`${line}\n`)
  return names.length > 0 && lines.length < names.length ? 1 : 0
}

function* one(name: Name, device: string, logical: string, stanzas: readonly Stanza[], flags: ReadonlySet<string>, io: Io): Run {
  const say = (text: string, status: number): number => {
    io.err(`${name}: ${text}\n`)
    return status
  }
  const force = flags.has('f')
  if (name === 'ifdown' && !force && !isUp(io, device)) return say(`interface ${device} not configured`, 0)
  if (name === 'ifup' && !force && isUp(io, device)) return say(`interface ${device} already configured`, 0)
  if (stanzas.length === 0) return say(`unknown interface ${logical}`, 1)
  if (name === 'ifquery') {
    for (const stanza of stanzas) query(stanza, io)
    return 0
  }
  const act = !flags.has('n')
  for (const [at, stanza] of stanzas.entries()) {
    const lack = name === 'ifup' ? missing(stanza) : undefined
    if (lack !== undefined) {
      say(`missing required variable: ${lack}`, 1)
      say(`missing required configuration variables for interface ${device}/${stanza.family}`, 1)
      return say(`failed to bring up ${device}`, 1)
    }
    if (at === 0 && (flags.has('v') || !act)) io.err('\n')
    if (flags.has('v')) io.err(`${name}: configuring interface ${device}=${logical} (${stanza.family})\n`)
    for (const line of linesOf(name, stanza, flags.has('v'))) {
      if (flags.has('v') || !act) io.err(`${line.text}\n`)
      if (!act) continue
      const status = yield* perform(line, stanza, logical, name, io)
      if (status !== 0 && name === 'ifup' && !flags.has('e')) return say(`failed to bring up ${device}`, 1)
    }
  }
  if (!act) return 0
  const others = stateOf(io).filter((line) => !line.startsWith(`${device}=`))
  const lines = name === 'ifup' ? [...others, `${device}=${logical}`] : others
  if (io.kernel.stat('/run/network') === undefined) io.kernel.makeDirectory('/run/network')
  io.kernel.writeFile(STATE, lines.map((line) => `${line}\n`).join(''))
  return 0
}

const chosen = ({ options }: Stanza, name: string): Line[] =>
  options.flatMap(([option, text]) => (option === name ? [{ text }] : []))

function linesOf(name: 'ifup' | 'ifdown', stanza: Stanza, verbose: boolean): Line[] {
  const scripts = (directory: string, exact: boolean, dns: readonly string[] = []): Line => ({
    text: `run-parts${exact ? ' --exit-on-error' : ''}${verbose ? ' --verbose' : ''} /etc/network/${directory}.d`,
    quiet: true,
    dns,
  })
  const servers = (valuesOf(stanza).get('dns-nameservers') ?? '').split(/\s+/).filter((word) => word !== '')
  if (name === 'ifup')
    return [
      ...chosen(stanza, 'pre-up'),
      scripts('if-pre-up', true),
      ...upLines(stanza),
      ...chosen(stanza, 'up'),
      scripts('if-up', true, servers),
    ]
  return [
    scripts('if-down', false),
    ...chosen(stanza, 'down'),
    ...downLines(stanza),
    scripts('if-post-down', false),
    ...chosen(stanza, 'post-down'),
  ]
}

/** One line in a shell of its own, with what scripts are told. */
function* perform(line: Line, stanza: Stanza, logical: string, name: Name, io: Io): Steps<number> {
  if (line.dns !== undefined && line.dns.length > 0) {
    const index = interfaceNamed(io, stanza.name)?.index
    if (index !== undefined) io.kernel.setDnsServers(index, [...line.dns])
  }
  if (line.quiet) return 0
  const told = [
    ['IFACE', stanza.name],
    ['LOGICAL', logical],
    ['ADDRFAM', stanza.family],
    ['METHOD', stanza.method],
    ['MODE', name === 'ifup' ? 'start' : 'stop'],
    ...[...valuesOf(stanza)].map(([key, value]) => [`IF_${key.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`, value]),
  ]
  const exports = told.map(([key, value]) => `${key}='${(value ?? '').replaceAll("'", "'\\''")}'`).join(' ')
  return yield* io.tools.shell(`export ${exports}\n${line.text.trim()}`, '/bin/sh', [], io, true)
}

function query(stanza: Stanza, io: Io): void {
  const values = valuesOf(stanza)
  const written = new Set<string>()
  for (const [name, text] of stanza.options) {
    written.add(name)
    io.out(`${name}: ${name === 'address' ? (values.get(name) ?? text) : text}\n`)
  }
  for (const [name, text] of values) if (!written.has(name)) io.out(`${name}: ${text}\n`)
}
