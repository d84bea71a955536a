// Where a console is, and where it was before.
import { type Call, cmdlet } from '../../cmdlet.ts'
import { object } from '../../values/value.ts'
import { exists, isContainer, places } from './items.ts'
import { missing, type Place, placeOf } from './place.ts'

const module = 'Microsoft.PowerShell.Management'
/** Places that a console remembers. */
const MOST = 100

const pathInfo = (place: Place) =>
  object(
    'System.Management.Automation.PathInfo',
    {
      Path: place.shown,
      Drive: place.shown.slice(0, place.shown.indexOf(':')),
      Provider: `Microsoft.PowerShell.Core\\${place.kind === 'file' ? 'FileSystem' : 'Registry'}`,
      ProviderPath: place.path,
    },
    place.shown,
  )

/** Makes a place the console's own; undefined, and told, when there is none. */
function entered(call: Call, given: string): Place | undefined {
  const place = placeOf(call, /^[A-Za-z]+:$/.test(given) ? `${given}\\` : given)
  if (!exists(call, place) || !isContainer(call, place)) {
    call.error(missing(place))
    return undefined
  }
  call.frame.session.cwd = place.shown
  return place
}

const stackOf = (call: Call): readonly string[] => (call.frame.session.memory['locations'] ?? []) as readonly string[]

export const getLocation = cmdlet(
  {
    name: 'Get-Location',
    module,
    synopsis: 'Gets the current working location.',
    supports: ['Stack'],
    signature: 'PSProvider[] PSDrive[] Stack? StackName[]',
  },
  function* (call, bound) {
    if (bound.flag('Stack')) for (const path of stackOf(call).toReversed()) yield* call.emit(pathInfo(placeOf(call, path)))
    else yield* call.emit(pathInfo(placeOf(call, '.')))
  },
)

export const setLocation = cmdlet(
  {
    name: 'Set-Location',
    module,
    synopsis: 'Sets the current working location to a specified location.',
    supports: ['Path', 'PassThru'],
    signature: 'Path@0<vn(PSPath,LiteralPath) PassThru? StackName UseTransaction?',
  },
  function* (call, bound) {
    const place = entered(call, bound.text('Path') ?? '~')
    if (place && bound.flag('PassThru')) yield* call.emit(pathInfo(place))
  },
)

export const pushLocation = cmdlet(
  {
    name: 'Push-Location',
    module,
    synopsis: 'Adds the current location to the top of a location stack.',
    supports: ['Path', 'LiteralPath', 'PassThru'],
    defaultSet: 'Path',
    signature: '{Path,LiteralPath} Path@0<vn#0 LiteralPath<n(PSPath)#1 PassThru? StackName<n UseTransaction?',
  },
  function* (call, bound) {
    const { session } = call.frame
    const before = session.cwd
    const given = bound.text('LiteralPath') ?? bound.text('Path')
    const place = given === undefined ? placeOf(call, '.') : entered(call, given)
    if (!place) return
    session.memory['locations'] = [...stackOf(call), before].slice(-MOST)
    if (bound.flag('PassThru')) yield* call.emit(pathInfo(place))
  },
)

export const popLocation = cmdlet(
  {
    name: 'Pop-Location',
    module,
    synopsis: 'Changes the current location to the location most recently pushed onto the stack.',
    supports: ['PassThru'],
    signature: 'PassThru? StackName<n UseTransaction?',
  },
  function* (call, bound) {
    const shows = bound.flag('PassThru')
    const stack = stackOf(call)
    const last = stack.at(-1)
    // An empty stack is no error.
    if (last === undefined) return
    call.frame.session.memory['locations'] = stack.slice(0, -1)
    const place = entered(call, last)
    if (place && shows) yield* call.emit(pathInfo(place))
  },
)

export const resolvePathCmdlet = cmdlet(
  {
    name: 'Resolve-Path',
    module,
    synopsis: 'Resolves the wildcard characters in a path, and displays the path contents.',
    supports: ['Path', 'LiteralPath', 'Relative'],
    defaultSet: 'Path',
    signature: '{Path,LiteralPath} Path![]@0<vn#0 LiteralPath![]<n(PSPath)#1 Relative? Credential UseTransaction?',
  },
  function* (call, bound) {
    const here = `${call.frame.session.cwd.replace(/\\$/, '')}\\`
    for (const place of places(call, bound)) {
      if (!bound.flag('Relative')) yield* call.emit(pathInfo(place))
      else
        yield* call.emit(
          place.shown.toLowerCase().startsWith(here.toLowerCase()) ? `.\\${place.shown.slice(here.length)}` : place.shown,
        )
    }
  },
)
