import { programs } from '../../windows/index.ts'
import { aliases } from '../aliases.ts'
import type { Parameter, Signature } from '../binding/signature.ts'
import { type Cmdlet, cmdlet, supported } from '../cmdlet.ts'
import { wrap } from '../format/wrap.ts'
import { isRealCommand } from '../real-commands.ts'
import { documented } from '../signatures/index.ts'
import { cmdletNamed, signatureOf } from './index.ts'

export const getHelp = cmdlet(
  {
    name: 'Get-Help',
    module: 'Microsoft.PowerShell.Core',
    synopsis: 'Displays information about commands: synopsis, syntax, and which parameters have behaviour here.',
    supports: ['Name', 'Full', 'Detailed', 'Examples'],
    signature: 'Name@0<n Full? Detailed? Examples? Online? ShowWindow? Parameter Category Component Functionality Role Path',
  },
  function* (call, bound) {
    const asked = bound.text('Name') ?? 'Get-Help'
    const name = aliases.get(asked.toLowerCase()) ?? asked
    const own = cmdletNamed(name)
    const known = documented.get(name.toLowerCase())
    const real = isRealCommand(name)
    const program = programs.find((one) => one.name === name.toLowerCase().replace(/\.exe$/, ''))
    if (program !== undefined && own === undefined) {
      for (const line of [
        '',
        'NAME',
        `    ${program.name}`,
        '',
        'SYNOPSIS',
        ...indent(program.synopsis),
        '',
        'REMARKS',
        `    Type ${program.name} /? for its options.`,
        '',
      ])
        yield* call.emit(line)
    } else if (own !== undefined || known !== undefined) {
      const signature = own === undefined ? known?.signature() : signatureOf(own)
      if (signature !== undefined) for (const line of helpLines(signature, own)) yield* call.emit(line)
    } else if (real !== undefined) {
      for (const line of ['', 'NAME', `    ${real}`, '', 'SYNOPSIS', `    ${unsimulated}`, '', ...aliasLines(real)])
        yield* call.emit(line)
    } else
      call.error({
        message: `Get-Help could not find ${asked} in a help file in this session. To download updated help topics type: "Update-Help". To get help online, search for the help topic in the TechNet library at http://go.microsoft.com/fwlink/?LinkID=107116.`,
        category: 'ResourceUnavailable',
        target: '',
        exception: 'HelpNotFoundException',
        id: 'HelpNotFound',
      })
  },
)

const unsimulated = 'A real command that is not simulated here yet.'

function aliasLines(name: string): string[] {
  const short = [...aliases].filter(([, target]) => target.toLowerCase() === name.toLowerCase()).map(([alias]) => alias)
  return short.length === 0 ? [] : ['ALIASES', `    ${short.join(', ')}`, '']
}

const indent = (text: string): string[] => wrap(text, 110).map((line) => `    ${line}`)

function helpLines(signature: Signature, own: Cmdlet | undefined): string[] {
  const sets = signature.sets.length === 0 ? [undefined] : signature.sets.map((_, i) => i)
  const works = signature.parameters.filter((one) => own !== undefined && supported(own, one)).map((one) => `-${one.name}`)
  const not = signature.parameters.filter((one) => own === undefined || !supported(own, one)).map((one) => `-${one.name}`)
  return [
    '',
    'NAME',
    `    ${signature.name}`,
    '',
    'SYNOPSIS',
    ...indent(own?.synopsis ?? unsimulated),
    '',
    'SYNTAX',
    ...sets.flatMap((set) => [
      ...indent(
        `${signature.name} ${signature.parameters
          .filter((one) => one.sets === undefined || set === undefined || one.sets.includes(set))
          .sort(byPosition)
          .map(syntax)
          .join(' ')}`,
      ),
      '',
    ]),
    ...aliasLines(signature.name),
    'PARAMETERS IN THIS LAB',
    ...indent(`With behaviour: ${works.length === 0 ? 'none' : works.join(' ')}`),
    ...(not.length === 0 ? [] : indent(`Real, not simulated yet: ${not.join(' ')}`)),
    '',
  ]
}

const byPosition = (a: Parameter, b: Parameter): number => (a.position ?? 99) - (b.position ?? 99)

function syntax(one: Parameter): string {
  if (one.flag) return `[-${one.name}]`
  const type = `<${one.type}${one.array ? '[]' : ''}>`
  const name = one.position === undefined ? `-${one.name}` : `[-${one.name}]`
  return one.mandatory ? `${name} ${type}` : `[${name} ${type}]`
}
