import { cmdlet } from '../cmdlet.ts'

const MANAGEMENT = 'Microsoft.PowerShell.Management'

export const joinPath = cmdlet(
  {
    name: 'Join-Path',
    module: MANAGEMENT,
    synopsis: 'Combines a path and a child path into a single path.',
    supports: ['Path', 'ChildPath'],
    signature: 'Path![]@0<vn(PSPath) ChildPath!@1<n Resolve? Credential:PSCredential',
  },
  function* (call, bound) {
    const child = (bound.text('ChildPath') ?? '').replace(/\//g, '\\').replace(/^\\+/, '')
    for (const path of bound.texts('Path')) yield* call.emit(`${path.replace(/\//g, '\\').replace(/\\+$/, '')}\\${child}`)
  },
)

export const splitPath = cmdlet(
  {
    name: 'Split-Path',
    module: MANAGEMENT,
    synopsis: 'Returns the specified part of a path.',
    supports: ['Path', 'LiteralPath', 'Leaf', 'Parent', 'Qualifier', 'NoQualifier', 'IsAbsolute'],
    signature:
      '{Parent,Leaf,Qualifier,NoQualifier,IsAbsolute,Literal} Path![]@0<vn#0,1,2,3,4 LiteralPath![]<n(PSPath)#5 Parent?#0 Leaf?#1 Qualifier?#2 NoQualifier?#3 IsAbsolute?#4 Resolve? Credential:PSCredential',
    defaultSet: 'Parent',
  },
  function* (call, bound) {
    for (const given of [...bound.texts('Path'), ...bound.texts('LiteralPath')]) {
      const path = given.replace(/\//g, '\\').replace(/(.)\\+$/, '$1')
      const drive = /^\w+:/.exec(path)?.[0] ?? ''
      const cut = path.lastIndexOf('\\')
      if (bound.flag('IsAbsolute')) yield* call.emit(drive !== '')
      else if (bound.flag('Qualifier')) yield* call.emit(drive)
      else if (bound.flag('NoQualifier')) yield* call.emit(path.slice(drive.length))
      else if (bound.flag('Leaf')) yield* call.emit(path.slice(cut + 1))
      else yield* call.emit(cut < 0 ? '' : cut === drive.length ? `${drive}\\` : path.slice(0, cut))
    }
  },
)
