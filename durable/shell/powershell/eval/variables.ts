import { civil, localMicros } from '../../windows/calendar.ts'
import { NotSimulated } from '../errors.ts'
import { errorObject } from '../values/error-object.ts'
import { text } from '../values/text.ts'
import { custom, type PsValue } from '../values/value.ts'
import { assign, type Frame, lookup, type Scope } from './session.ts'

/** What `$name` stands for; unset variables are $null. */
export function readVariable(frame: Frame, scopeName: string, name: string): PsValue {
  if (scopeName === 'env') return environment(frame)[name.toLowerCase()] ?? null
  if (scopeName === 'using' && frame.session.using) return lookup(frame.session.using, name) ?? null
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
  if (scopeName === 'env') throw new NotSimulated('Setting environment variables is real, but it is not simulated here yet.')
  if (constants.has(name.toLowerCase())) return `Cannot overwrite variable ${name} because it is read-only or constant.`
  assign(scopeOf(frame, scopeName), name, value)
  return undefined
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
    case 'psitem':
      return lookup(frame.scope, '_')
    case 'psversiontable':
      return versions(session.kernel.identity().build)
    default:
      return undefined
  }
}

const homeOf = (frame: Frame): string => `C:\\Users\\${frame.session.kernel.identity().user}`

function versions(build: number): PsValue {
  const entries: Record<string, PsValue> = {
    PSVersion: `5.1.${build}.1`,
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
