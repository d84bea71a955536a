// What the terminals of a lab know, as a page of Markdown made of the registries themselves.
import { verbShapes } from '../durable/definition/check-schema.ts'
import type { Kernel } from '../durable/engine/machine/kernel.ts'
import { Work } from '../durable/shell/linux/bash/work.ts'
import { commands } from '../durable/shell/linux/commands/index.ts'
import type { Command, Io, Tools } from '../durable/shell/linux/io.ts'
import { otherCommands as otherLinux } from '../durable/shell/linux/not-simulated.ts'
import { loadSession } from '../durable/shell/linux/session.ts'
import { aliases } from '../durable/shell/powershell/aliases.ts'
import { commonParameters, commonSupported, type Parameter } from '../durable/shell/powershell/binding/signature.ts'
import { type Cmdlet, supported } from '../durable/shell/powershell/cmdlet.ts'
import { cmdletNamed, cmdlets, signatureOf } from '../durable/shell/powershell/cmdlets/index.ts'
import { otherCommands as otherWindows } from '../durable/shell/powershell/real-commands.ts'
import { documented } from '../durable/shell/powershell/signatures/index.ts'
import { conntrack } from '../durable/shell/router/conntrack.ts'
import { programs } from '../durable/shell/windows/index.ts'

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const code = (text: string): string => `\`${text}\``
const coded = (words: readonly string[]): string => words.map(code).join(' ')

function grouped<T>(items: readonly T[], key: (item: T) => string): [key: string, items: readonly T[]][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return [...groups].sort(([a], [b]) => byName(a, b))
}

function cmdletEntry(cmdlet: Cmdlet): string {
  const { parameters } = signatureOf(cmdlet)
  const names = (which: (one: Parameter) => boolean) =>
    parameters
      .filter(which)
      .map((one) => `-${one.name}`)
      .sort(byName)
  const works = names((one) => supported(cmdlet, one))
  const not = names((one) => !supported(cmdlet, one))
  const short = [...aliases].filter(([, target]) => target === cmdlet.name).map(([alias]) => alias)
  return [
    `- **${cmdlet.name}**${short.length === 0 ? '' : ` (${short.map(code).join(', ')})`}: ${cmdlet.synopsis}`,
    ...(works.length === 0 ? [] : [`  - acts: ${coded(works)}`]),
    ...(not.length === 0 ? [] : [`  - not simulated: ${coded(not)}`]),
  ].join('\n')
}

const commonNot = commonParameters.filter((one) => !commonSupported.has(one.name)).map((one) => `-${one.name}`)

const powershell = (): string[] => [
  '## PowerShell',
  '',
  'Windows PowerShell 5.1. What a cmdlet acts on, and what the real one takes too; a parameter of the second kind answers one line and changes',
  'nothing. `Get-Help NAME` says the same in a terminal.',
  '',
  `Every cmdlet takes ${coded(commonParameters.filter((one) => commonSupported.has(one.name)).map((one) => `-${one.name}`))}${commonNot.length === 0 ? '' : `; not simulated: ${coded(commonNot)}`}.`,
  '',
  ...grouped(cmdlets, (one) => one.module).flatMap(([module, items]) => [
    `### ${module}`,
    '',
    ...[...items].sort((a, b) => byName(a.name, b.name)).map(cmdletEntry),
    '',
  ]),
  '### Documented, not simulated yet',
  '',
  'These complete with Tab, know their parameters in `Get-Help`, and answer one line.',
  '',
  ...grouped(
    [...documented.values()].filter(({ name }) => cmdletNamed(name) === undefined),
    (one) => one.module,
  ).map(
    ([module, items]) =>
      `- **${module}** (${items.length}): ${items
        .map(({ name }) => name)
        .sort(byName)
        .join(', ')}`,
  ),
  `- **other modules**, by name only: ${otherWindows.cmdlets
    .filter((name) => cmdletNamed(name) === undefined)
    .sort(byName)
    .join(', ')}`,
  '',
]

const windows = (): string[] => [
  '## Classic Windows programs',
  '',
  ...programs.flatMap(({ name, synopsis, options, refuses }) => [
    `- **${name}**: ${synopsis}`,
    ...(options.length === 0 ? [] : [`  - acts: ${options.map(code).join(' ')}`]),
    ...(refuses.length === 0
      ? []
      : [`  - not simulated: ${refuses.map((one) => (one === '' ? 'the interactive mode' : code(one))).join(' ')}`]),
  ]),
  '',
  `By name only: ${otherWindows.programs
    .filter((name) => !programs.some((one) => one.name === name))
    .sort(byName)
    .join(', ')}.`,
  '',
]

/** What `--help` answers; it reads nothing of a machine. */
function helpOf(command: Command): string {
  if (command.usage !== undefined) return `Usage: ${command.usage.replace(/\n/g, '\n       ')}`
  let text = ''
  const identity = {
    machine: '',
    hostname: '',
    os: 'ubuntu-24.04',
    build: 0,
    user: 'student',
    elevated: false,
    bootedAt: 0,
  } as const
  const out = (piece: string) => {
    text += piece
  }
  const io = {
    kernel: {} as Kernel,
    session: loadSession({}, identity, '', ''),
    root: false,
    piped: false,
    terminal: true,
    tools: { name: 'bash', commands: new Map(), launch: () => command.run([], io) } as unknown as Tools,
    work: new Work({} as Kernel, 0),
    out,
    err: out,
  } as unknown as Io
  command.run(['--help'], io).next()
  return text.trimEnd()
}

const linux = (): string[] => [
  '## Linux commands',
  '',
  'Guests and servers run bash: pipes, `&& || ;`, quotes, variables, `$(command)`, redirections. `--help` says the same in a terminal.',
  '',
  ...[...commands, conntrack].flatMap((command) => {
    const also = command.aliases === undefined ? '' : ` (${command.aliases.map(code).join(', ')})`
    const where = command === conntrack ? ', on routers' : ''
    return [`**${command.name}**${also}: ${command.summary}${where}`, '', '```', helpOf(command), '```', '']
  }),
  `By name only: ${[...new Set(otherLinux)]
    .filter((name) => !commands.some((one) => one.name === name))
    .sort(byName)
    .map(code)
    .join(' ')}.`,
  '',
]

type Shape = {
  readonly [field: string]: { readonly description?: string; safeParse(value: undefined): { readonly success: boolean } }
}

const checks = (): string[] => [
  '## Checks of a lab',
  '',
  'Verbs for `checks` in a `lab.yaml` or a rubric; what all of them have, with examples, is in [checks.md](checks.md).',
  '',
  ...Object.entries(verbShapes as { readonly [name: string]: { readonly about: string; readonly shape: Shape } }).flatMap(
    ([name, { about, shape }]) => [
      `- **${name}**: ${about}`,
      ...Object.entries(shape).map(([field, one]) => {
        const optional = one.safeParse(undefined).success ? ' (optional)' : ''
        return `  - ${code(field)}${optional}${one.description === undefined ? '' : `: ${one.description}`}`
      }),
    ],
  ),
  '',
]

export const coveragePage = (): string =>
  [
    '<!-- Written by `node scripts/run.mjs scripts/coverage.ts` out of the registries; a test holds it against them. -->',
    '# What can be typed',
    '',
    `${cmdlets.length} cmdlets, ${programs.length} Windows programs and ${commands.length + 1} Linux commands act. What is real but not simulated says so in one line; what does not exist answers as the`,
    'real shell does.',
    '',
    ...powershell(),
    ...windows(),
    ...linux(),
    ...checks(),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
