import type { ShellContext } from '../../engine/machine/console.ts'
import type { Kernel } from '../../engine/machine/kernel.ts'
import { programs } from '../windows/index.ts'
import { resolvePath } from '../windows/path.ts'
import { aliases } from './aliases.ts'
import { findParameter } from './binding/bind.ts'
import { commonParameters, type Parameter, type Signature } from './binding/signature.ts'
import { cmdletNamed, cmdlets, signatureOf } from './cmdlets/index.ts'
import { documented } from './signatures/index.ts'

type Completion = { readonly from: number; readonly candidates: readonly string[] }

/** Commands, parameter names, and the names of things that exist in this lab. */
export function complete(line: string, context: Omit<ShellContext, 'print'>): Completion {
  const from = wordStart(line)
  const word = line.slice(from)
  const segment = line
    .slice(lastBreak(line, from), from)
    .trim()
    .split(/\s+/)
    .filter((one) => one !== '')
  if (word.startsWith('$')) return { from, candidates: variableNames(word, context) }
  if (segment.length === 0)
    return { from, candidates: /^[.\\~]|^[A-Za-z]:/.test(word) ? paths(word, context) : commandNames(word, context) }
  const name = aliases.get(segment[0].toLowerCase()) ?? segment[0]
  const own = cmdletNamed(name)
  const signature = own === undefined ? documented.get(name.toLowerCase())?.signature() : signatureOf(own)
  if (word.startsWith('-') && signature !== undefined) return { from, candidates: parameterNames(signature, word) }
  const parameter = signature === undefined ? undefined : parameterBefore(signature, segment)
  const file =
    parameter === undefined ? signature === undefined : /^(Path|LiteralPath|FilePath|Destination)$/.test(parameter.name)
  const values = valuesFor(context.kernel, name, parameter)
  if (values.length === 0 && file) return { from, candidates: paths(word, context) }
  return { from, candidates: quoteAll(word, values) }
}

/** Where the word at the end begins; an open quote belongs to it. */
function wordStart(line: string): number {
  let from = 0
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const c = line[i]
    if (quote !== '') {
      if (c === quote) quote = ''
    } else if (c === '"' || c === "'") {
      quote = c
      if (i === 0 || /[\s|;({,]/.test(line[i - 1])) from = i
    } else if (/[\s|;({,=]/.test(c)) from = i + 1
  }
  return from
}

const lastBreak = (line: string, before: number): number =>
  Math.max(...['|', ';', '(', '{', '='].map((c) => line.lastIndexOf(c, before - 1))) + 1

const starting = (names: readonly string[], word: string): string[] =>
  names.filter((name) => name.toLowerCase().startsWith(word.toLowerCase()))

/** Cmdlets, programs, and the functions and aliases of this console. */
function commandNames(word: string, context: Omit<ShellContext, 'print'>): string[] {
  const { memory } = context
  const functions = ((memory['functions'] ?? []) as readonly string[]).map(
    (source) => /^\w+\s+(?:\w+:)?([\w?-]+)/.exec(source)?.[1] ?? '',
  )
  const made = Object.keys((memory['aliases'] ?? {}) as Readonly<Record<string, string>>)
  const own = starting(
    [...new Set([...cmdlets.map((one) => one.name), ...programs.map((one) => one.name), ...functions, ...made])],
    word,
  )
  const names =
    own.length > 0 || word === ''
      ? own
      : starting(
          [...documented.values()].map((one) => one.name),
          word,
        )
  return names.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
}

/** Files and folders that begin as the word does. */
function paths(word: string, context: Omit<ShellContext, 'print'>): string[] {
  const quote = /^["']/.test(word) ? word[0] : ''
  const typed = word.slice(quote.length).replace(/\//g, '\\')
  const cut = typed.lastIndexOf('\\')
  const folder = typed.slice(0, cut + 1)
  const { kernel, memory } = context
  const cwd = typeof memory['cwd'] === 'string' ? memory['cwd'] : `C:\\Users\\${kernel.identity().user}`
  const begin = typed.slice(cut + 1).toLowerCase()
  return (kernel.listFiles(resolvePath(cwd, folder === '' ? '.' : folder, kernel.identity().user)) ?? [])
    .filter(({ name }) => name.toLowerCase().startsWith(begin))
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map(({ name }) => {
      const whole = `${folder === '' ? '.\\' : folder}${name}`
      const mark = quote !== '' ? quote : /[\s();'"&|{},]/.test(whole) ? "'" : ''
      return mark === '' ? whole : `${mark}${mark === "'" ? whole.replace(/'/g, "''") : whole}${mark}`
    })
}

function parameterNames(signature: Signature, word: string): string[] {
  const own = signature.parameters.map((one) => `-${one.name}`).sort((a, b) => (a < b ? -1 : 1))
  return starting([...own, ...commonParameters.map((one) => `-${one.name}`)], word)
}

const AUTOMATIC =
  '$true $false $null $_ $args $Error $ErrorActionPreference $ConfirmPreference $WhatIfPreference $VerbosePreference $Host $HOME $LASTEXITCODE $Matches $PROFILE $PSItem $PSVersionTable $PWD $env:COMPUTERNAME $env:PATH $env:SystemRoot $env:TEMP $env:USERNAME $env:USERPROFILE $env:windir'.split(
    ' ',
  )

function variableNames(word: string, context: Omit<ShellContext, 'print'>): string[] {
  const stored = (context.memory['variables'] ?? []) as readonly (readonly [string, unknown])[]
  return starting([...new Set([...stored.map(([name]) => `$${name}`), ...AUTOMATIC])], word)
}

function parameterBefore(signature: Signature, segment: readonly string[]): Parameter | undefined {
  const last = segment[segment.length - 1]
  if (/^-[A-Za-z]/.test(last)) {
    const found = findParameter(signature, last.slice(1))
    if ('name' in found && !found.flag) return found
  }
  const position = segment.slice(1).filter((one, i, all) => !one.startsWith('-') && !all[i - 1]?.startsWith('-')).length
  return (
    signature.parameters.find((one) => one.position === position && one.type === 'String') ??
    signature.parameters.find((one) => one.position === position)
  )
}

const unique = (names: readonly string[]): string[] => [...new Set(names)]

/** What a parameter can name here, by its own name and the command's noun. */
function valuesFor(kernel: Kernel, command: string, parameter: Parameter | undefined): string[] {
  const interfaces = () =>
    kernel
      .interfaces()
      .filter((one) => one.kind !== 'loopback')
      .map((one) => one.name)
  const lower = command.toLowerCase()
  if (lower === 'rasdial') return kernel.vpns().map((one) => one.name)
  if (parameter === undefined) return []
  if (parameter.accepted.length > 0) return [...parameter.accepted]
  if (parameter.type === 'Boolean') return ['$true', '$false']
  const noun = lower.split('-')[1] ?? ''
  switch (parameter.name) {
    case 'VMName':
      return (kernel.hyperV?.vms() ?? []).map((one) => one.name)
    case 'VMNetworkAdapterName':
      return unique((kernel.hyperV?.adapters() ?? []).map((one) => one.name))
    case 'SnapshotName':
    case 'VMSnapshotName':
      return unique((kernel.hyperV?.checkpoints() ?? []).map((one) => one.name))
    case 'NatName':
      return (kernel.hyperV?.netNats() ?? []).map((one) => one.name)
    case 'NetAdapterName':
      return interfaces()
    case 'InterfaceDescription':
    case 'NetAdapterInterfaceDescription':
      return kernel
        .interfaces()
        .filter((one) => one.kind === 'ethernet' || one.kind === 'virtual')
        .map((one) => one.description)
    case 'InterfaceIndex':
      return kernel.interfaces().map((one) => String(one.index))
    case 'ServerAddresses':
      return unique(kernel.interfaces().flatMap((one) => one.dnsServers))
    case 'SwitchName':
    case 'VMSwitchName':
      return (kernel.hyperV?.switches() ?? []).map((one) => one.name)
    case 'InterfaceAlias':
      return interfaces()
    case 'Name':
      if (noun === 'vm') return (kernel.hyperV?.vms() ?? []).map((one) => one.name)
      if (noun === 'vmswitch') return (kernel.hyperV?.switches() ?? []).map((one) => one.name)
      if (noun === 'vmnetworkadapter') return unique((kernel.hyperV?.adapters() ?? []).map((one) => one.name))
      if (/^vm(snapshot|checkpoint)$/.test(noun)) return unique((kernel.hyperV?.checkpoints() ?? []).map((one) => one.name))
      if (noun === 'service') return (kernel.windows?.services() ?? []).map((one) => one.name)
      if (noun === 'netnat') return (kernel.hyperV?.netNats() ?? []).map((one) => one.name)
      if (noun === 'netfirewallrule') return (kernel.windowsNet?.firewallRules() ?? []).map((one) => one.name)
      if (noun === 'netadapter') return interfaces()
      if (noun === 'vpnconnection') return kernel.vpns().map((one) => one.name)
      if (lower === 'get-help' || lower === 'get-command') return cmdlets.map((one) => one.name)
      return []
    case 'DisplayName':
      return noun === 'netfirewallrule' ? [...new Set(kernel.windowsNet?.firewallRules().map((one) => one.displayName))] : []
    case 'Property':
      return []
    default:
      return []
  }
}

/** Names with spaces come quoted, in the quotes already begun. */
function quoteAll(word: string, names: readonly string[]): string[] {
  const quote = /^["']/.test(word) ? word[0] : ''
  return starting(names, word.slice(quote.length)).map((name) => {
    const mark = quote !== '' ? quote : /[\s();'"&|{},]/.test(name) ? "'" : ''
    return mark === '' ? name : `${mark}${mark === "'" ? name.replace(/'/g, "''") : name}${mark}`
  })
}
