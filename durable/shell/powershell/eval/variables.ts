import { civil, localMicros } from '../../windows/calendar.ts'
import { aliases } from '../aliases.ts'
import { NotSimulated } from '../errors.ts'
import { errorObject } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { custom, object, type PsValue, version } from '../values/value.ts'
import { cast } from './cast.ts'
import { assign, type Frame, lookup, type Scope } from './session.ts'

/** What `$name` stands for; unset variables are $null. */
export function readVariable(frame: Frame, scopeName: string, name: string): PsValue {
  if (scopeName === 'using' && frame.session.using) return lookup(frame.session.using, name) ?? null
  if (scopeName === 'env') return ownEnvironment(frame)[name.toLowerCase()] ?? environment(frame)[name.toLowerCase()] ?? null
  if (scopeName === 'function') return functionBlock(frame, name)
  if (scopeName === 'alias') return aliasTarget(frame, name)
  if (scopeName !== '' && !/^(global|script|local|private|variable)$/.test(scopeName))
    throw new NotSimulated(`$${scopeName}: this drive is real, but it is not simulated here yet.`)
  return automatic(frame, name) ?? lookup(scopeOf(frame, scopeName), name) ?? preferences[name.toLowerCase()] ?? null
}

const scopeOf = (frame: Frame, name: string): Scope =>
  name === 'global' ? frame.session.globals : name === 'script' ? (frame.script ?? frame.session.globals) : frame.scope

/** Preference variables and what they are when nobody has set them. */
const preferences: Readonly<Record<string, string | boolean>> = {
  erroractionpreference: 'Continue',
  warningpreference: 'Continue',
  verbosepreference: 'SilentlyContinue',
  debugpreference: 'SilentlyContinue',
  informationpreference: 'SilentlyContinue',
  progresspreference: 'Continue',
  confirmpreference: 'High',
  whatifpreference: false,
}

export const preference = (frame: Frame, name: string): string => text(readVariable(frame, '', name))

const MOST_ENVIRONMENT = 200

/** Environment variables that were set in this console, by their names in lower case. */
const ownEnvironment = (frame: Frame): Record<string, string> => (frame.session.memory['env'] ?? {}) as Record<string, string>

/** `$function:name`: the function as a block. */
function functionBlock(frame: Frame, name: string): PsValue {
  const found = frame.session.functions.get(name.toLowerCase())
  const at = found?.source.indexOf('{') ?? -1
  return found === undefined ? null : { kind: 'script', source: found.source.slice(at + 1, -1) }
}

function aliasTarget(frame: Frame, name: string): PsValue {
  const own = (frame.session.memory['aliases'] ?? {}) as Readonly<Record<string, string>>
  return own[name.toLowerCase()] ?? aliases.get(name.toLowerCase()) ?? null
}

const constants = new Set([
  'true',
  'false',
  'null',
  '?',
  'pid',
  'home',
  'host',
  'shellid',
  'psversiontable',
  'lastexitcode',
  'pwd',
  'error',
  'enabledexperimentalfeatures',
])

export function writeVariable(frame: Frame, scopeName: string, name: string, value: PsValue): string | undefined {
  if (scopeName === 'env') {
    const own = { ...ownEnvironment(frame) }
    if (value === null || text(value) === '') own[name.toLowerCase()] = ''
    else own[name.toLowerCase()] = text(value)
    if (Object.keys(own).length <= MOST_ENVIRONMENT) frame.session.memory['env'] = own
    return undefined
  }
  if (scopeName === 'function' || scopeName === 'alias')
    throw new NotSimulated(`Writing to $${scopeName}: is real, but it is not simulated here yet.`)
  if (constants.has(name.toLowerCase())) return `Cannot overwrite variable ${name} because it is read-only or constant.`
  const scope = scopeOf(frame, scopeName)
  const type = scope.vars.get(name.toLowerCase())?.type
  if (type === undefined) assign(scope, name, value)
  else scope.vars.set(name.toLowerCase(), { name, value: cast(type, value) ?? value, type })
  return undefined
}

/** `[int]$x = 1`: what is put into it later is converted, too. */
export function constrain(frame: Frame, scopeName: string, name: string, type: string): void {
  const { vars } = scopeOf(frame, scopeName)
  const found = vars.get(name.toLowerCase())
  if (found !== undefined) vars.set(name.toLowerCase(), { ...found, type })
}

function automatic(frame: Frame, name: string): PsValue | undefined {
  const { session } = frame
  switch (name.toLowerCase()) {
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    case '?':
      return session.ok
    case 'lastexitcode':
      return session.lastExitCode ?? null
    case 'pwd':
      return custom({ Path: session.cwd })
    case 'home':
      return homeOf(frame)
    case 'pid':
      return 4242
    case 'error':
      return session.errors.map(errorObject)
    case 'host':
      return hostObject(frame)
    case 'profile':
      return `${homeOf(frame)}\\Documents\\WindowsPowerShell\\Microsoft.PowerShell_profile.ps1`
    case 'pshome':
      return 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0'
    case 'shellid':
      return 'Microsoft.PowerShell'
    case 'psculture':
    case 'psuiculture':
      return 'en-US'
    case 'psitem':
      return lookup(frame.scope, '_')
    case 'psversiontable':
      return versions(session.kernel.identity().build)
    default:
      return undefined
  }
}

/** `$Host` */
export function hostObject(frame: Frame): PsValue {
  const { build } = frame.session.kernel.identity()
  const written = `5.1.${build}.1`
  return object('System.Management.Automation.Internal.Host.InternalHost', {
    Name: 'ConsoleHost',
    Version: version(written) ?? written,
    InstanceId: '11111111-1111-4111-8111-111111111111',
    UI: 'System.Management.Automation.Internal.Host.InternalHostUserInterface',
    CurrentCulture: 'en-US',
    CurrentUICulture: 'en-US',
    PrivateData: 'Microsoft.PowerShell.ConsoleHost+ConsoleColorProxy',
    DebuggerEnabled: true,
    IsRunspacePushed: false,
    Runspace: 'System.Management.Automation.Runspaces.LocalRunspace',
  })
}

const homeOf = (frame: Frame): string => `C:\\Users\\${frame.session.kernel.identity().user}`

function versions(build: number): PsValue {
  const entries: Record<string, PsValue> = {
    PSVersion: version(`5.1.${build}.1`) ?? null,
    PSEdition: 'Desktop',
    PSCompatibleVersions: ['1.0', '2.0', '3.0', '4.0', '5.0', `5.1.${build}.1`],
    BuildVersion: `10.0.${build}.1`,
    CLRVersion: '4.0.30319.42000',
    WSManStackVersion: '3.0',
    PSRemotingProtocolVersion: '2.3',
    SerializationVersion: '1.1.0.1',
  }
  return { kind: 'hash', ordered: false, entries: new Map(Object.entries(entries)) }
}

/** All variables of the environment, names in lower case. */
export const environmentOf = (frame: Frame): Record<string, string> => ({ ...environment(frame), ...ownEnvironment(frame) })

function environment(frame: Frame): Record<string, string> {
  const { hostname, user } = frame.session.kernel.identity()
  return {
    computername: hostname.toUpperCase(),
    username: user,
    userdomain: hostname.toUpperCase(),
    userprofile: homeOf(frame),
    homedrive: 'C:',
    homepath: `\\Users\\${user}`,
    systemroot: 'C:\\Windows',
    windir: 'C:\\Windows',
    systemdrive: 'C:',
    os: 'Windows_NT',
    comspec: 'C:\\Windows\\system32\\cmd.exe',
    programfiles: 'C:\\Program Files',
    programdata: 'C:\\ProgramData',
    temp: `${homeOf(frame)}\\AppData\\Local\\Temp`,
    path: 'C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem;C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\',
  }
}

export const nowCivil = (frame: Frame) => civil(localMicros(frame.session.kernel.clock()))
