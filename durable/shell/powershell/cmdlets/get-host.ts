// What a console says of itself: host, modules, execution policy, culture, time zone.
import { wildcard } from '../../windows/regex/wildcard.ts'
import { cmdlet } from '../cmdlet.ts'
import { effectivePolicy, POLICY_SCOPES, policyOf, setPolicy } from '../eval/execution-policy.ts'
import { hostObject } from '../eval/variables.ts'
import { CUSTOM, object } from '../values/value.ts'
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

const SCOPES = POLICY_SCOPES.join('|')

export const getExecutionPolicy = cmdlet(
  {
    name: 'Get-ExecutionPolicy',
    module: 'Microsoft.PowerShell.Security',
    synopsis: 'Gets the execution policies for the current session.',
    supports: ['Scope', 'List'],
    signature: `Scope:ExecutionPolicyScope@0<n=${SCOPES} List?`,
  },
  function* (call, bound) {
    const { session } = call.frame
    const scope = POLICY_SCOPES.find((one) => one === bound.text('Scope'))
    if (bound.flag('List'))
      for (const one of POLICY_SCOPES) yield* call.emit(object(CUSTOM, { Scope: one, ExecutionPolicy: policyOf(session, one) }))
    else yield* call.emit(scope === undefined ? effectivePolicy(session) : policyOf(session, scope))
  },
)

const CHANGE =
  'The execution policy helps protect you from scripts that you do not trust. Changing the execution policy might expose you to the security risks described in the about_Execution_Policies help topic at https:/go.microsoft.com/fwlink/?LinkID=135170. Do you want to change the execution policy?'

export const setExecutionPolicy = cmdlet(
  {
    name: 'Set-ExecutionPolicy',
    module: 'Microsoft.PowerShell.Security',
    synopsis: 'Sets the execution policy of this console, of the user or of the computer.',
    supports: ['ExecutionPolicy', 'Scope', 'Force'],
    asks: true,
    signature: `ExecutionPolicy!:ExecutionPolicy@0<n=Unrestricted|RemoteSigned|AllSigned|Restricted|Bypass|Undefined Scope:ExecutionPolicyScope@1<n=${SCOPES} Force? WhatIf?(wi) Confirm?(cf)`,
  },
  function* (call, bound) {
    const policy = bound.text('ExecutionPolicy') ?? ''
    const scope = POLICY_SCOPES.find((one) => one === bound.text('Scope')) ?? 'LocalMachine'
    if (/Policy$/.test(scope))
      return call.fail({
        message:
          'Cannot set execution policy. Execution policies at the MachinePolicy or UserPolicy scopes must be set through Group Policy.',
        category: 'InvalidOperation',
        exception: 'InvalidOperationException',
        id: 'CantSetGroupPolicy',
      })
    const says = `Performing the operation "Set-ExecutionPolicy" on target "${policy}".`
    if (!(yield* call.should({ says, question: CHANGE, impact: 'High', force: bound.flag('Force') }))) return
    const done = setPolicy(call.frame.session, scope, policy)
    if (done.ok) return
    const hive = `HKEY_${scope === 'LocalMachine' ? 'LOCAL_MACHINE' : 'CURRENT_USER'}`
    call.fail({
      message: `Access to the registry key '${hive}\\SOFTWARE\\Microsoft\\PowerShell\\1\\ShellIds\\Microsoft.PowerShell' is denied. To change the execution policy for the default (LocalMachine) scope, start Windows PowerShell with the "Run as administrator" option. To change the execution policy for the current user, run "Set-ExecutionPolicy -Scope CurrentUser".`,
      category: 'PermissionDenied',
      exception: 'UnauthorizedAccessException',
      id: 'System.UnauthorizedAccessException',
    })
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
