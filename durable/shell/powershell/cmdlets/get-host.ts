// What a console says of itself: host, modules, execution policy, culture, time zone.
import { wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { USUAL_POLICY } from '../eval/script-file.ts'
import { hostObject } from '../eval/variables.ts'
import { object } from '../values/value.ts'
import { cmdlets } from './index.ts'

const CORE = 'Microsoft.PowerShell.Core'
const UTILITY = 'Microsoft.PowerShell.Utility'

export const getHost = cmdlet(
  {
    name: 'Get-Host',
    module: UTILITY,
    synopsis: 'Gets an object that represents the current host program.',
    supports: [],
    signature: '',
  },
  (call) => call.emit(hostObject(call.frame)),
)

const versions: Readonly<Record<string, string>> = {
  'Hyper-V': '2.0.0.0',
  [UTILITY]: '3.1.0.0',
  'Microsoft.PowerShell.Management': '3.1.0.0',
}

export const getModule = cmdlet(
  {
    name: 'Get-Module',
    module: CORE,
    synopsis: 'Gets the modules that have been imported or that can be imported into the current session.',
    supports: ['Name', 'ListAvailable', 'All'],
    signature:
      'Name[]@0<v FullyQualifiedName:Object[] All? ListAvailable? PSEdition Refresh? PSSession:PSSession CimSession:CimSession',
  },
  function* (call, bound) {
    void [bound.flag('ListAvailable'), bound.flag('All')]
    const modules = new Map<string, string[]>()
    for (const { name, module } of cmdlets) if (module !== CORE) modules.set(module, [...(modules.get(module) ?? []), name])
    for (const [name, names] of [...modules].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (call.kernel.hyperV === undefined && /^(Hyper-V|HostNetworkingService)$/.test(name)) continue
      if (bound.has('Name') && !bound.texts('Name').some((one) => wildcard(one)(name))) continue
      yield* call.emit(
        object(
          'System.Management.Automation.PSModuleInfo',
          {
            ModuleType: /^(Net|Dns)/.test(name) ? 'Script' : 'Manifest',
            Version: versions[name] ?? '1.0.0.0',
            Name: name,
            ExportedCommands: names.sort(),
          },
          name,
        ),
      )
    }
  },
)

/** Modules load by themselves here: there is nothing left to do but to say when there is none. */
export const importModule = cmdlet(
  {
    name: 'Import-Module',
    module: CORE,
    synopsis: 'Adds modules to the current session.',
    supports: ['Name', 'Force'],
    signature:
      'Name![]@0<v Global? Prefix Function[] Cmdlet[] Variable[] Alias[] Force? PassThru? MinimumVersion RequiredVersion DisableNameChecking? NoClobber? Scope',
  },
  (call, bound) => {
    void bound.flag('Force')
    for (const name of bound.texts('Name')) {
      const known = cmdlets.some(({ module }) => wildcard(name)(module))
      if (!known)
        call.error({
          message: `The specified module '${name}' was not loaded because no valid module file was found in any module directory.`,
          category: 'ResourceUnavailable',
          target: `${name}:String`,
          exception: 'FileNotFoundException',
          id: 'Modules_ModuleNotFound',
        })
    }
  },
)

const SCOPES = ['MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine']

export const getExecutionPolicy = cmdlet(
  {
    name: 'Get-ExecutionPolicy',
    module: 'Microsoft.PowerShell.Security',
    synopsis: 'Gets the execution policies for the current session.',
    supports: ['Scope', 'List'],
    signature: 'Scope:ExecutionPolicyScope@0<n=MachinePolicy|UserPolicy|Process|CurrentUser|LocalMachine List?',
  },
  function* (call, bound) {
    const set = call.frame.session.memory['policy']
    const of = (scope: string): string =>
      scope === 'LocalMachine' ? USUAL_POLICY : scope === 'Process' && typeof set === 'string' ? set : 'Undefined'
    if (bound.flag('List'))
      for (const scope of SCOPES)
        yield* call.emit(object('System.Management.Automation.PSCustomObject', { Scope: scope, ExecutionPolicy: of(scope) }))
    else yield* call.emit(bound.has('Scope') ? of(bound.text('Scope') ?? '') : typeof set === 'string' ? set : USUAL_POLICY)
  },
)

/** Of this console: what was set for the whole machine would change other people's consoles, and is not simulated. */
export const setExecutionPolicy = cmdlet(
  {
    name: 'Set-ExecutionPolicy',
    module: 'Microsoft.PowerShell.Security',
    synopsis: 'Sets the execution policy of this console.',
    supports: ['ExecutionPolicy', 'Scope', 'Force'],
    signature:
      'ExecutionPolicy!:ExecutionPolicy@0<n=Unrestricted|RemoteSigned|AllSigned|Restricted|Bypass|Undefined Scope:ExecutionPolicyScope@1<n=Process|CurrentUser|LocalMachine Force? WhatIf?(wi) Confirm?(cf)',
  },
  (call, bound) => {
    void [bound.text('Scope'), bound.flag('Force')]
    const policy = bound.text('ExecutionPolicy') ?? ''
    if (policy === 'Undefined') delete call.frame.session.memory['policy']
    else call.frame.session.memory['policy'] = policy
  },
)

const culture = (name: string) =>
  cmdlet(
    { name, module: UTILITY, synopsis: 'Gets the current culture set in the operating system.', supports: [], signature: '' },
    (call) =>
      call.emit(
        object(
          'System.Globalization.CultureInfo',
          { LCID: 1033, Name: 'en-US', DisplayName: 'English (United States)' },
          'en-US',
        ),
      ),
  )
export const getCulture = culture('Get-Culture')
export const getUiCulture = culture('Get-UICulture')
