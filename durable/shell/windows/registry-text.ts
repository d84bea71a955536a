// Names and values of the registry as people write and read them.
import type { RegistryData, RegistryKind } from '../../engine/machine/windows/windows-views.ts'

export const HIVES: { readonly [short: string]: string } = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
}

/** `HKLM\...` of what somebody wrote: long or short, with slashes of either kind. */
export function registryPath(given: string): string {
  const [hive = '', ...rest] = given.replace(/\//g, '\\').replace(/\\+$/, '').split('\\')
  const name = hive.replace(/:$/, '').toUpperCase()
  const short = Object.entries(HIVES).find(([key, long]) => name === key || name === long)?.[0] ?? name
  return [short, ...rest.filter((part) => part !== '')].join('\\')
}

export const isHive = (path: string): boolean => (path.split('\\')[0] as string) in HIVES

const hex = (octet: number): string => octet.toString(16).padStart(2, '0')

/** As `reg query` shows it. */
export function regText(kind: RegistryKind, data: RegistryData): string {
  if (kind === 'REG_DWORD' || kind === 'REG_QWORD') return `0x${Number(data).toString(16)}`
  if (kind === 'REG_MULTI_SZ') return (data as readonly string[]).join('\\0')
  if (kind === 'REG_BINARY' || kind === 'REG_NONE') return (data as readonly number[]).map(hex).join('').toUpperCase()
  return String(data)
}

/** What was written for a value of this kind; undefined: it is none. */
export function regData(kind: RegistryKind, text: string, separator = '\\0'): RegistryData | undefined {
  switch (kind) {
    case 'REG_DWORD':
    case 'REG_QWORD': {
      const number = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN
      return Number.isSafeInteger(number) && (kind === 'REG_QWORD' || number <= 0xffff_ffff) ? number : undefined
    }
    case 'REG_BINARY':
    case 'REG_NONE':
      return /^([0-9a-f]{2})*$/i.test(text) ? (text.match(/../g) ?? []).map((two) => Number.parseInt(two, 16)) : undefined
    case 'REG_MULTI_SZ':
      return text === '' ? [] : text.split(separator)
    default:
      return text
  }
}
