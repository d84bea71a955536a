// Files, folders and registry keys as objects.
import type { RegistryData, RegistryKeyView } from '../../../../engine/machine/windows/windows-views.ts'
import { civil, formatDate } from '../../../windows/calendar.ts'
import type { Call } from '../../cmdlet.ts'
import { custom, object, type PsObject, type PsValue } from '../../values/value.ts'
import { dateOf } from '../windows.ts'
import { longPath, type Place } from './place.ts'

/** A file or folder; undefined: there is none. */
export function fileObject(call: Call, path: string): PsObject | undefined {
  const { kernel } = call
  const root = /^[A-Z]:\\?$/i.test(path)
  const home = path.toLowerCase() === `c:\\users\\${kernel.identity().user}`.toLowerCase()
  const stat =
    kernel.stat(path) ??
    (root || home || kernel.listFiles(path) !== undefined ? { kind: 'directory' as const, size: 0, changed: 0 } : undefined)
  if (!stat) return undefined
  const directory = stat.kind === 'directory'
  const cut = path.replace(/\\$/, '').lastIndexOf('\\')
  const parent = path.slice(0, Math.max(cut, 2)).replace(/:$/, ':\\')
  const name = root ? path : path.slice(cut + 1)
  const written = dateOf(call, stat.changed > 0 ? stat.changed : kernel.identity().bootedAt)
  const when = civil(written.micros)
  return object(
    [`System.IO.${directory ? 'DirectoryInfo' : 'FileInfo'}`, 'System.IO.FileSystemInfo'],
    {
      Mode: directory ? 'd-----' : '-a----',
      Written: `${formatDate(when, 'M/d/yyyy').padStart(10)}  ${formatDate(when, 'h:mm tt').padStart(8)}`,
      Length: directory ? '' : stat.size,
      Name: name,
      BaseName: directory ? name : name.replace(/\.[^.]*$/, ''),
      Extension: directory ? '' : (/\.[^.]*$/.exec(name)?.[0] ?? ''),
      FullName: path,
      Directory: parent,
      PSIsContainer: directory,
      Exists: true,
      LastWriteTime: written,
      CreationTime: written,
      LastAccessTime: written,
      PSPath: `Microsoft.PowerShell.Core\\FileSystem::${path}`,
      PSChildName: name,
    },
    path,
  )
}

/** What PowerShell makes of a value. */
export const plainValue = (data: RegistryData): PsValue =>
  Array.isArray(data) ? [...(data as readonly PsValue[])] : (data as string | number)

const shown = (data: RegistryData): string =>
  Array.isArray(data) ? `{${(data as readonly PsValue[]).slice(0, 4).join(', ')}${data.length > 4 ? '...' : ''}}` : String(data)

const paths = (place: Place, path: string): Record<string, PsValue> => {
  const cut = path.lastIndexOf('\\')
  const prefix = 'Microsoft.PowerShell.Core\\Registry::'
  return {
    PSPath: `${prefix}${longPath(path)}`,
    PSParentPath: cut < 0 ? '' : `${prefix}${longPath(path.slice(0, cut))}`,
    PSChildName: cut < 0 ? longPath(path) : path.slice(cut + 1),
    ...(place.shown.includes(':') ? { PSDrive: path.split('\\')[0] as string } : {}),
    PSProvider: 'Microsoft.PowerShell.Core\\Registry',
  }
}

export function keyObject(place: Place, key: RegistryKeyView): PsObject {
  const { path } = key
  const cut = path.lastIndexOf('\\')
  return object(
    'Microsoft.Win32.RegistryKey',
    {
      Name: longPath(path),
      Property: key.values.map(({ name }) => (name === '' ? '(default)' : name)),
      SubKeyCount: key.keys.length,
      ValueCount: key.values.length,
      ...paths(place, path),
      Hive: cut < 0 ? '' : longPath(path.slice(0, cut)),
      Lines: key.values.map(({ name, data }) => `${name === '' ? '(default)' : name} : ${shown(data)}`),
    },
    longPath(path),
  )
}

/** Values of a key as properties of one object; of those alone that are named. */
export function propertyObject(place: Place, key: RegistryKeyView, wanted?: (name: string) => boolean): PsObject {
  const values = key.values.filter(({ name }) => wanted === undefined || wanted(name === '' ? '(default)' : name))
  return custom({
    ...Object.fromEntries(values.map(({ name, data }) => [name === '' ? '(default)' : name, plainValue(data)])),
    ...paths(place, key.path),
  })
}
