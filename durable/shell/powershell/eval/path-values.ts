// [IO.Path], [IO.File] and [IO.Directory] over the files of the machine.

import { resolvePath } from '../../windows/path.ts'
import { text } from '../values/text.ts'
import type { PsValue } from '../values/value.ts'
import { methodFault } from './operators.ts'
import type { Frame } from './session.ts'

const leaf = (path: string): string => path.split(/[\\/]/).at(-1) ?? ''
const dot = (name: string): number => name.lastIndexOf('.')

/** Undefined: there is no such member here. */
export function pathCall(type: string, name: string, args: readonly PsValue[], frame: Frame): PsValue | undefined {
  const path = text(args[0] ?? '')
  const { kernel, cwd } = frame.session
  if (type === 'System.IO.Path')
    switch (name) {
      case 'combine':
        return args
          .map((one) => text(one))
          .reduce(
            (left, right) => (/^([A-Za-z]:|\\)/.test(right) || left === '' ? right : `${left.replace(/\\$/, '')}\\${right}`),
            '',
          )
      case 'getfilename':
        return leaf(path)
      case 'getfilenamewithoutextension':
        return dot(leaf(path)) < 0 ? leaf(path) : leaf(path).slice(0, dot(leaf(path)))
      case 'getextension':
        return dot(leaf(path)) < 0 ? '' : leaf(path).slice(dot(leaf(path)))
      case 'getdirectoryname':
        return path.slice(0, Math.max(0, path.length - leaf(path).length - 1))
      case 'getfullpath':
        return resolvePath(cwd, path)
      case 'gettemppath':
        return `C:\\Users\\${kernel.identity().user}\\AppData\\Local\\Temp\\`
      case 'ispathrooted':
        return /^([A-Za-z]:|\\)/.test(path)
      case 'directoryseparatorchar':
        return '\\'
      default:
        return undefined
    }
  const full = resolvePath(cwd, path)
  if (name === 'exists')
    return type === 'System.IO.File' ? kernel.readFile(full) !== undefined : kernel.listFiles(full) !== undefined
  if (type !== 'System.IO.File') return undefined
  const content = (): string => {
    const found = kernel.readFile(full)
    if (found !== undefined) return found
    throw methodFault(
      name === 'readalltext' ? 'ReadAllText' : 'ReadAllLines',
      args.length,
      `Could not find file '${full}'.`,
      'IO.FileNotFoundException',
    )
  }
  switch (name) {
    case 'readalltext':
      return content()
    case 'readalllines':
      return content()
        .replace(/\r?\n$/, '')
        .split(/\r?\n/)
    case 'writealltext':
    case 'writealllines': {
      const given = args[1] ?? ''
      const body = Array.isArray(given) ? given.map((one) => `${text(one)}\r\n`).join('') : text(given)
      if (!kernel.writeFile(full, body).ok)
        throw methodFault('WriteAllText', args.length, `Access to the path '${full}' is denied.`, 'UnauthorizedAccessException')
      return null
    }
    default:
      return undefined
  }
}
