import { programs } from '../../windows/index.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { aliases } from '../aliases.ts'
import { cmdlet } from '../cmdlet.ts'
import { documented } from '../signatures/index.ts'
import { object } from '../values/value.ts'
import { cmdlets } from './index.ts'

/** Windows PowerShell's own modules carry its version. */
const versionOf = (module: string): string =>
  module.startsWith('Microsoft.PowerShell')
    ? module.endsWith('Core')
      ? ''
      : '3.1.0.0'
    : module === 'Hyper-V'
      ? '2.0.0.0'
      : '1.0.0.0'

export const getCommand = cmdlet(
  {
    name: 'Get-Command',
    module: 'Microsoft.PowerShell.Core',
    synopsis: 'Gets all commands.',
    supports: ['Name', 'Module', 'Verb', 'Noun'],
    signature:
      'Name[]@0<vn Verb[] Noun[] Module[](PSSnapin) CommandType(Type) TotalCount:Int32 Syntax? All? ListImported? ArgumentList:Object[] ParameterName[]',
  },
  function* (call, bound) {
    const test = (name: string, value: string) => !bound.has(name) || bound.texts(name).some((one) => wildcard(one)(value))
    const known = new Map([...documented.values()].map((one) => [one.name, one.module]))
    for (const one of cmdlets) known.set(one.name, one.module)
    const names = [...known.keys()].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    let found = 0
    const put = (kind: string, name: string, version: string, source: string, shown = name) =>
      object(
        'System.Management.Automation.CmdletInfo',
        { CommandType: kind, Name: shown, Version: version, Source: source, Module: source },
        name,
      )
    if (!bound.has('Module') && !bound.has('Verb') && !bound.has('Noun')) {
      for (const [alias, target] of aliases)
        if (bound.has('Name') && test('Name', alias)) {
          found++
          yield* call.emit(put('Alias', alias, '', '', `${alias} -> ${target}`))
        }
    }
    for (const name of names) {
      const module = known.get(name) ?? ''
      const [verb, noun = ''] = name.split('-')
      if (!test('Name', name) || !test('Module', module) || !test('Verb', verb) || !test('Noun', noun)) continue
      found++
      yield* call.emit(
        put(/^(Net|Dns)/.test(module) && name !== 'Resolve-DnsName' ? 'Function' : 'Cmdlet', name, versionOf(module), module),
      )
    }
    if (bound.has('Name')) {
      for (const { name } of programs)
        if (test('Name', `${name}.exe`) || test('Name', name)) {
          found++
          yield* call.emit(
            put('Application', `${name}.exe`, `10.0.${call.kernel.identity().build}.1`, `C:\\Windows\\system32\\${name}.exe`),
          )
        }
    }
    for (const name of found === 0 ? bound.texts('Name').filter((one) => !hasWildcard(one)) : []) {
      call.error({
        message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
        category: 'ObjectNotFound',
        target: `${name}:String`,
        exception: 'CommandNotFoundException',
        id: 'CommandNotFoundException',
      })
    }
  },
)
