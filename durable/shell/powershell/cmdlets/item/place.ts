// What a path of PowerShell names: something on a disk, or a key of the registry.

import { resolvePath } from '../../../windows/path.ts'
import { HIVES, registryPath } from '../../../windows/registry-text.ts'
import type { Call, Fault } from '../../cmdlet.ts'
import { NotSimulated } from '../../errors.ts'

export type Place =
  | { readonly kind: 'file'; readonly path: string; readonly shown: string }
  | { readonly kind: 'registry'; readonly path: string; readonly shown: string }

const OTHERS = /^(env|function|variable|alias|cert|wsman):/i

export function placeOf(call: Call, given: string): Place {
  const plain = given.replace(/^Microsoft\.PowerShell\.Core\\/i, '')
  if (/^Registry::/i.test(plain)) {
    const path = registryPath(plain.replace(/^Registry::/i, ''))
    return { kind: 'registry', path, shown: path }
  }
  if (OTHERS.test(plain))
    throw new NotSimulated(`${plain.replace(/:.*$/, '')}: this drive is real, but it is not simulated here yet.`)
  const full = resolvePath(call.frame.session.cwd, plain, call.kernel.identity().user)
  const drive = full.slice(0, full.indexOf(':')).toUpperCase()
  if (drive === 'HKLM' || drive === 'HKCU') {
    const rest = full.slice(full.indexOf(':') + 1).replace(/^\\+|\\+$/g, '')
    return { kind: 'registry', path: rest === '' ? drive : `${drive}\\${rest}`, shown: full }
  }
  if (drive.length > 1)
    call.fail({
      message: `Cannot find drive. A drive with the name '${plain.slice(0, plain.indexOf(':'))}' does not exist.`,
      category: 'ObjectNotFound',
      target: `${plain.slice(0, plain.indexOf(':'))}:String`,
      exception: 'DriveNotFoundException',
      id: 'DriveNotFound',
    })
  return { kind: 'file', path: full, shown: full }
}

/** `HKEY_LOCAL_MACHINE\SYSTEM` */
export const longPath = (path: string): string => {
  const [hive = '', ...rest] = path.split('\\')
  return [HIVES[hive.toUpperCase()] ?? hive, ...rest].join('\\')
}

export const missing = (place: Place): Fault => ({
  message: `Cannot find path '${place.shown}' because it does not exist.`,
  category: 'ObjectNotFound',
  target: `${place.shown}:String`,
  exception: 'ItemNotFoundException',
  id: 'PathNotFound',
})

export const noProperty = (name: string, place: Place): Fault => ({
  message: `Property ${name} does not exist at path ${longPath(place.path)}.`,
  category: 'InvalidArgument',
  target: `${name}:String`,
  exception: 'PSArgumentException',
  id: 'System.Management.Automation.PSArgumentException',
})

/** Unelevated, or a key of the system itself. */
export const denied = (place: Place, what = 'key'): Fault =>
  place.kind === 'registry'
    ? {
        message: what === 'key' ? 'Requested registry access is not allowed.' : `Attempted to perform an unauthorized operation.`,
        category: 'PermissionDenied',
        target: `${longPath(place.path)}:String`,
        exception: 'SecurityException',
        id: 'System.Security.SecurityException',
      }
    : {
        message: `Access to the path '${place.path}' is denied.`,
        category: 'PermissionDenied',
        target: `${place.path}:String`,
        exception: 'UnauthorizedAccessException',
        id: 'UnauthorizedAccessError',
      }
