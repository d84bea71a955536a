// Items of drives: files and folders, and keys of the registry.
import type { Gen } from '../../../windows/program.ts'
import { wildcard } from '../../../windows/regex/wildcard.ts'
import { type Remote, readRemote, remoteOf } from '../../../windows/smb-path.ts'
import { type Bound, type Call, cmdlet } from '../../cmdlet.ts'
import { object } from '../../values/value.ts'
import { noPath } from '../get-content.ts'
import { windowsOf } from '../windows.ts'
import { fileObject, keyObject } from './objects.ts'
import { denied, missing, type Place, placeOf } from './place.ts'
import { remoteItems } from './remote.ts'

const module = 'Microsoft.PowerShell.Management'
const FILTERS = 'Filter Include[] Exclude[] Force? Credential'
const hasWildcard = (path: string): boolean => /[*?[]/.test(path)

const join = (parent: string, name: string): string => `${parent.replace(/\\$/, '')}\\${name}`
const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('\\'), 2)).replace(/:$/, ':\\')
const leafOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1)

export const exists = (call: Call, { kind, path }: Place): boolean =>
  kind === 'file' ? fileObject(call, path) !== undefined : windowsOf(call).registryKey(path) !== undefined
export const isContainer = (call: Call, { kind, path }: Place): boolean =>
  kind === 'registry' || fileObject(call, path)?.props.get('PSIsContainer') === true

/** Names right below. */
const childrenOf = (call: Call, { kind, path }: Place): string[] =>
  kind === 'file'
    ? (call.kernel.listFiles(path) ?? call.kernel.listFiles(path.replace(/\\$/, '')) ?? []).map(({ name }) => name)
    : [...(windowsOf(call).registryKey(path)?.keys ?? [])]

const child = (place: Place, name: string): Place => ({
  kind: place.kind,
  path: join(place.path, name),
  shown: join(place.shown, name),
})

/** Places that a path means: itself, or what fits its last part. An error when a plain one is not there. */
export function places(call: Call, bound: Bound): Place[] {
  const found: Place[] = []
  for (const given of bound.texts('LiteralPath')) {
    const place = placeOf(call, given)
    if (exists(call, place)) found.push(place)
    else call.error(missing(place))
  }
  for (const given of bound.texts('Path')) {
    const place = placeOf(call, given)
    if (!hasWildcard(leafOf(place.path))) {
      if (exists(call, place)) found.push(place)
      else call.error(missing(place))
      continue
    }
    const parent: Place = { kind: place.kind, path: parentOf(place.path), shown: parentOf(place.shown) }
    const matches = wildcard(leafOf(place.path))
    found.push(
      ...childrenOf(call, parent)
        .filter(matches)
        .map((name) => child(parent, name)),
    )
  }
  return found
}

function* show(call: Call, place: Place): Gen {
  if (place.kind === 'file') {
    const file = fileObject(call, place.path)
    if (file) yield* call.emit(file)
    return
  }
  const key = windowsOf(call).registryKey(place.path)
  if (key) yield* call.emit(keyObject(place, key))
}

export const getItem = cmdlet(
  {
    name: 'Get-Item',
    module,
    synopsis: 'Gets the item at the specified location.',
    supports: ['Path', 'LiteralPath', 'Force'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 ${FILTERS} Stream[]`,
  },
  function* (call, bound) {
    for (const place of places(call, bound)) yield* show(call, place)
  },
)

export const getChildItem = cmdlet(
  {
    name: 'Get-ChildItem',
    module,
    synopsis: 'Gets the items in one or more specified locations.',
    supports: ['Path', 'LiteralPath', 'Filter', 'Include', 'Exclude', 'Recurse', 'Depth', 'File', 'Directory', 'Name', 'Force'],
    defaultSet: 'Items',
    signature:
      '{Items,LiteralItems} Path[]@0<vn#0 LiteralPath![]<n(PSPath)#1 Filter@1 Include[] Exclude[] Recurse?(s) Depth:UInt32 Force? Name? File?(af) Directory?(ad,d) Attributes Hidden?(ah,h) ReadOnly?(ar) System?(as)',
  },
  function* (call, bound) {
    const filter = wildcard(bound.text('Filter') ?? '*')
    const fits = (name: string): boolean =>
      filter(name) &&
      (!bound.has('Include') || bound.texts('Include').some((one) => wildcard(one)(name))) &&
      !bound.texts('Exclude').some((one) => wildcard(one)(name))
    const deepest = bound.flag('Recurse') || bound.has('Depth') ? (bound.number('Depth') ?? 64) : 0
    const list = function* (place: Place, top: string, depth: number): Gen {
      const all = childrenOf(call, place).map((name) => child(place, name))
      const ordered = [...all].sort(
        (a, b) =>
          Number(isContainer(call, b)) - Number(isContainer(call, a)) ||
          (leafOf(a.path).toLowerCase() < leafOf(b.path).toLowerCase() ? -1 : 1),
      )
      for (const one of ordered) {
        const folder = isContainer(call, one)
        if ((bound.flag('File') && folder) || (bound.flag('Directory') && !folder) || !fits(leafOf(one.path))) continue
        if (bound.flag('Name')) yield* call.emit(one.path.slice(top.replace(/\\$/, '').length + 1))
        else yield* show(call, one)
      }
      if (depth < deepest) for (const one of ordered) if (isContainer(call, one)) yield* list(one, top, depth + 1)
    }
    const given = bound.has('LiteralPath') ? bound.texts('LiteralPath') : bound.has('Path') ? bound.texts('Path') : ['.']
    for (const text of given) {
      const remote = remoteOf(call.kernel, text)
      if (remote !== undefined) {
        yield* remoteItems(call, text, remote, bound)
        continue
      }
      const place = placeOf(call, text)
      if (hasWildcard(leafOf(place.path)) && !bound.has('LiteralPath')) {
        const parent: Place = { kind: place.kind, path: parentOf(place.path), shown: parentOf(place.shown) }
        const matches = wildcard(leafOf(place.path))
        for (const name of childrenOf(call, parent).filter((one) => matches(one) && fits(one))) {
          const one = child(parent, name)
          const folder = isContainer(call, one)
          if ((bound.flag('File') && folder) || (bound.flag('Directory') && !folder)) continue
          if (bound.flag('Name')) yield* call.emit(name)
          else yield* show(call, one)
        }
      } else if (!exists(call, place)) call.error(missing(place))
      else if (isContainer(call, place)) yield* list(place, place.path, 0)
      else if (bound.flag('Name')) yield* call.emit(leafOf(place.path))
      else yield* show(call, place)
    }
  },
)

export const testPath = cmdlet(
  {
    name: 'Test-Path',
    module,
    synopsis: 'Determines whether all elements of a path exist.',
    supports: ['Path', 'LiteralPath', 'PathType', 'IsValid'],
    defaultSet: 'Path',
    signature:
      '{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 Filter Include[] Exclude[] PathType(Type)=Any|Container|Leaf IsValid? Credential OlderThan:DateTime NewerThan:DateTime',
  },
  function* (call, bound) {
    for (const given of [...bound.texts('Path'), ...bound.texts('LiteralPath')]) {
      if (bound.flag('IsValid')) {
        yield* call.emit(!/[<>"|]/.test(given))
        continue
      }
      const drive = /^([A-Za-z]{2,}):/.exec(given)?.[1]
      const known = drive === undefined || /^(HKLM|HKCU|Registry|Microsoft)$/i.test(drive)
      const place = known ? placeOf(call, given) : undefined
      const some = place && hasWildcard(leafOf(place.path))
      const parent: Place | undefined = place && { kind: place.kind, path: parentOf(place.path), shown: parentOf(place.shown) }
      const there =
        place !== undefined &&
        (some && parent ? childrenOf(call, parent).some(wildcard(leafOf(place.path))) : exists(call, place))
      const type = bound.text('PathType') ?? 'Any'
      yield* call.emit(
        there && place !== undefined && (type === 'Any' || some || isContainer(call, place) === (type === 'Container')),
      )
    }
  },
)

/** Folders on the way, as `-Force` makes them. */
function makeParents(call: Call, path: string): void {
  const parent = parentOf(path)
  if (/^[A-Z]:\\?$/i.test(parent) || fileObject(call, parent)) return
  makeParents(call, parent)
  call.kernel.makeDirectory(parent)
}

const io = (message: string, target: string, category: string, id: string) => ({
  message,
  category,
  target: `${target}:String`,
  exception: 'IOException',
  id,
})

export const newItem = cmdlet(
  {
    name: 'New-Item',
    module,
    synopsis: 'Creates a new item.',
    supports: ['Path', 'Name', 'ItemType', 'Value', 'Force'],
    defaultSet: 'pathSet',
    signature:
      '{pathSet,nameSet} Path[]@0<n#0,1 Name!<n#1 ItemType<n(Type) Value:Object<vn(Target) Force? Credential WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    const name = bound.text('Name')
    const type = (bound.text('ItemType') ?? 'File').toLowerCase()
    for (const given of bound.has('Path') ? bound.texts('Path') : ['.']) {
      const base = placeOf(call, given)
      const place = name === undefined ? base : child(base, name)
      if (place.kind === 'registry') {
        yield* newKey(call, bound, place)
        continue
      }
      if (!/^(file|directory|container|leaf)$/.test(type)) {
        call.error(
          io(
            `The type is not a known type for the file system. Only "file","directory" or "symboliclink" can be specified.`,
            place.path,
            'InvalidArgument',
            'Argument',
          ),
        )
        continue
      }
      const folder = type === 'directory' || type === 'container'
      const old = fileObject(call, place.path)
      if (old && !(bound.flag('Force') && folder === (old.props.get('PSIsContainer') === true))) {
        call.error(
          folder
            ? io(`An item with the specified name ${place.path} already exists.`, place.path, 'ResourceExists', 'DirectoryExist')
            : io(`The file '${place.path}' already exists.`, place.path, 'WriteError', 'NewItemIOError'),
        )
        continue
      }
      if (!old && !folder && !fileObject(call, parentOf(place.path)) && !bound.flag('Force')) {
        call.error({
          ...io(`Could not find a part of the path '${place.path}'.`, place.path, 'WriteError', 'NewItemIOError'),
          exception: 'DirectoryNotFoundException',
        })
        continue
      }
      makeParents(call, place.path)
      const done = folder
        ? old
          ? ({ ok: true } as const)
          : call.kernel.makeDirectory(place.path)
        : call.kernel.writeFile(place.path, bound.has('Value') ? (bound.text('Value') ?? '') : '')
      if (!done.ok) call.error(denied(place))
      else yield* show(call, place)
    }
  },
)

function* newKey(call: Call, bound: Bound, place: Place): Gen {
  const windows = windowsOf(call)
  const parent = parentOf(place.path)
  if (!windows.registryKey(parent) && !bound.flag('Force'))
    return call.error(
      io(`The registry key at the specified path does not exist.`, place.shown, 'InvalidArgument', 'NewItemParentKeyMissing'),
    )
  if (windows.registryKey(place.path)) {
    if (!bound.flag('Force'))
      return call.error(
        io(
          'A key in this path already exists.',
          `Microsoft.PowerShell.Core\\Registry::${place.shown}`,
          'ResourceExists',
          'System.IO.IOException',
        ),
      )
    windows.removeRegistryKey(place.path)
  }
  const done = windows.makeRegistryKey(place.path)
  if (!done.ok) return call.error(denied(place))
  if (bound.has('Value')) windows.setRegistryValue(place.path, '', 'REG_SZ', bound.text('Value') ?? '')
  yield* show(call, place)
}

/** False: something of it is still there. */
function removeFolder(call: Call, path: string): boolean {
  for (const { name, directory } of call.kernel.listFiles(path) ?? []) {
    const one = join(path, name)
    if (directory ? !removeFolder(call, one) : !call.kernel.removeFile(one).ok) return false
  }
  return call.kernel.removeFile(path).ok
}

export const removeItem = cmdlet(
  {
    name: 'Remove-Item',
    module,
    synopsis: 'Deletes the specified items.',
    supports: ['Path', 'LiteralPath', 'Recurse', 'Force'],
    defaultSet: 'Path',
    signature: `{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 Recurse? ${FILTERS} WhatIf?(wi) Confirm?(cf) Stream[]`,
  },
  function* (call, bound) {
    for (const place of places(call, bound)) {
      const full = childrenOf(call, place).length > 0
      if (full && !bound.flag('Recurse')) {
        const sure = yield* call.should({
          says: `Performing the operation "Remove" on target "${place.shown}".`,
          question: `The item at ${place.shown} has children and the Recurse parameter was not specified. If you continue, all children will be removed with the item. Are you sure you want to continue?`,
          impact: 'High',
        })
        if (!sure) continue
      }
      const gone =
        place.kind === 'registry'
          ? windowsOf(call).removeRegistryKey(place.path).ok
          : isContainer(call, place)
            ? removeFolder(call, place.path)
            : call.kernel.removeFile(place.path).ok
      if (!gone)
        call.error(
          place.kind === 'registry'
            ? denied(place)
            : {
                ...denied(place),
                message: `Cannot remove item ${place.path}: Access to the path is denied.`,
                id: 'RemoveFileSystemItemUnAuthorizedAccess',
              },
        )
    }
  },
)

/** Where it goes: into a folder that is there, or by that name. */
function target(call: Call, from: Place, to: Place): Place {
  return isContainer(call, to) && exists(call, to) ? child(to, leafOf(from.path)) : to
}

function copyFile(call: Call, from: string, to: string): boolean {
  const folder = call.kernel.listFiles(from)
  if (folder === undefined) return call.kernel.writeFile(to, call.kernel.readFile(from) ?? '').ok
  if (!fileObject(call, to) && !call.kernel.makeDirectory(to).ok) return false
  return folder.every(({ name }) => copyFile(call, join(from, name), join(to, name)))
}

/** A file of another computer to this one. */
function* fetchFile(call: Call, given: string, remote: Remote, to: Place) {
  const content = yield* readRemote(call.kernel, remote)
  if (content === undefined) return call.error(noPath(given))
  const path =
    to.kind === 'file' && call.kernel.listFiles(to.path) !== undefined
      ? join(to.path, remote.folder.split('\\').pop() ?? '')
      : to.path
  if (to.kind === 'registry' || !call.kernel.writeFile(path, content).ok) call.error(denied(to))
}

const transfer = (name: 'Copy-Item' | 'Move-Item') =>
  cmdlet(
    {
      name,
      module,
      synopsis:
        name === 'Copy-Item' ? 'Copies an item from one location to another.' : 'Moves an item from one location to another.',
      supports: ['Path', 'LiteralPath', 'Destination', 'Force', 'PassThru', ...(name === 'Copy-Item' ? ['Recurse'] : [])],
      defaultSet: 'Path',
      signature: `{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 Destination@1<n ${name === 'Copy-Item' ? 'Container? Recurse? ' : ''}${FILTERS} PassThru? WhatIf?(wi) Confirm?(cf)${name === 'Copy-Item' ? ' FromSession:PSSession ToSession:PSSession' : ''}`,
    },
    function* (call, bound) {
      const to = placeOf(call, bound.text('Destination') ?? '.')
      if (remoteOf(call.kernel, bound.text('Destination') ?? '')) {
        call.host(`${name}: files are written to other computers on the real one, but only read from them here.\n`)
        return
      }
      if (name === 'Copy-Item') {
        const given = [...bound.texts('Path'), ...bound.texts('LiteralPath')]
        const others = given.flatMap((text) => {
          const remote = remoteOf(call.kernel, text)
          return remote ? [{ text, remote }] : []
        })
        for (const one of others) yield* fetchFile(call, one.text, one.remote, to)
        if (others.length === given.length && others.length > 0) return
      }
      for (const from of places(call, bound)) {
        if (from.kind === 'registry' || to.kind === 'registry') {
          call.host(`${name}: keys of the registry are copied and moved on the real one, but not here.\n`)
          continue
        }
        const at = target(call, from, to)
        const folder = isContainer(call, from)
        if (!fileObject(call, parentOf(at.path))) {
          call.error({
            ...io(
              `Could not find a part of the path '${at.path}'.`,
              from.path,
              'NotSpecified',
              'System.IO.DirectoryNotFoundException',
            ),
            exception: 'DirectoryNotFoundException',
          })
          continue
        }
        const done =
          name === 'Move-Item'
            ? call.kernel.renameFile(from.path, at.path).ok
            : folder && !bound.flag('Recurse')
              ? call.kernel.makeDirectory(at.path).ok
              : copyFile(call, from.path, at.path)
        if (!done) call.error(denied(at))
        else if (bound.flag('PassThru')) yield* show(call, at)
      }
    },
  )
export const copyItem = transfer('Copy-Item')
export const moveItem = transfer('Move-Item')

export const renameItem = cmdlet(
  {
    name: 'Rename-Item',
    module,
    synopsis: 'Renames an item in a provider namespace.',
    supports: ['Path', 'LiteralPath', 'NewName', 'Force', 'PassThru'],
    defaultSet: 'ByPath',
    signature:
      '{ByPath,ByLiteralPath} Path!@0<vn#0 LiteralPath!<n(PSPath)#1 NewName!@1<n Force? PassThru? Credential WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    const from = placeOf(call, bound.text('Path') ?? bound.text('LiteralPath') ?? '')
    if (from.kind === 'registry')
      return call.host('Rename-Item: keys of the registry are renamed on the real one, but not here.\n')
    if (!exists(call, from))
      return call.error({
        message: `Cannot rename because item at '${bound.text('Path') ?? bound.text('LiteralPath')}' does not exist.`,
        category: 'InvalidOperation',
        target: '',
        exception: 'PSInvalidOperationException',
        id: 'InvalidOperation',
      })
    const at: Place = { kind: 'file', path: join(parentOf(from.path), bound.text('NewName') ?? ''), shown: '' }
    if (exists(call, at))
      return call.error(io('Cannot create a file when that file already exists.', from.path, 'WriteError', 'RenameItemIOError'))
    if (!call.kernel.renameFile(from.path, at.path).ok) return call.error(denied(at))
    if (bound.flag('PassThru')) yield* show(call, at)
  },
)

export const getPsDrive = cmdlet(
  {
    name: 'Get-PSDrive',
    module,
    synopsis: 'Gets drives in the current session.',
    supports: ['Name', 'PSProvider'],
    defaultSet: 'Name',
    signature: '{Name,LiteralName} Name[]@0<n#0 LiteralName![]<n#1 Scope PSProvider[]<n',
  },
  function* (call, bound) {
    const all = [
      ['C', 'FileSystem', 'C:\\'],
      ['HKCU', 'Registry', 'HKEY_CURRENT_USER'],
      ['HKLM', 'Registry', 'HKEY_LOCAL_MACHINE'],
    ] as const
    for (const [name, provider, root] of all) {
      if (bound.has('Name') && !bound.texts('Name').some((one) => wildcard(one)(name))) continue
      if (bound.has('PSProvider') && !bound.texts('PSProvider').some((one) => wildcard(one)(provider))) continue
      yield* call.emit(
        object(
          'System.Management.Automation.PSDriveInfo',
          { Name: name, Provider: provider, Root: root, CurrentLocation: '' },
          name,
        ),
      )
    }
  },
)
