import type { Gen } from '../../windows/program.ts'
import { type Bound, type Call, cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { entryOf, isHash, isObject, type PsObject, type PsValue } from '../values/value.ts'

function put(call: Call, bound: Bound, item: PsObject, name: string, value: PsValue): void {
  const before = entryOf(item.props, name)
  if (before !== undefined && !bound.flag('Force'))
    call.error({
      message: `Cannot add a member with the name "${name}" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command.`,
      category: 'InvalidOperation',
      target: `${item.text ?? ''}:PSObject`,
      exception: 'InvalidOperationException',
      id: 'MemberAlreadyExists',
    })
  else item.props.set(before?.[0] ?? name, value)
}

export const addMember = cmdlet(
  {
    name: 'Add-Member',
    module: 'Microsoft.PowerShell.Utility',
    synopsis: 'Adds custom properties to an instance of an object.',
    supports: [
      'InputObject',
      'MemberType',
      'Name',
      'Value',
      'NotePropertyName',
      'NotePropertyValue',
      'NotePropertyMembers',
      'PassThru',
      'Force',
    ],
    signature:
      '{Note,Many,Member,Type} InputObject!:PSObject<v MemberType!:PSMemberTypes@0(Type)=NoteProperty|AliasProperty|ScriptProperty|ScriptMethod|Property|CodeProperty|Method|CodeMethod|PropertySet|MemberSet#2 Name!@1#2 Value:Object@2#2 SecondValue:Object@3#2 NotePropertyName!@0#0 NotePropertyValue!:Object@1#0 NotePropertyMembers!:IDictionary@0#1 TypeName!#3 Force? PassThru?',
    defaultSet: 'Note',
  },
  function* (call, bound): Gen {
    const item = bound.get('InputObject') ?? null
    const kind = bound.text('MemberType')
    if (kind !== undefined && kind !== 'NoteProperty')
      throw new NotSimulated(`Add-Member -MemberType ${kind} is real, but it is not simulated here yet; NoteProperty is.`)
    if (!isObject(item))
      throw new NotSimulated('Add-Member to a value that has no properties of its own is real, but it is not simulated here yet.')
    const many = bound.get('NotePropertyMembers') ?? null
    if (isHash(many)) for (const [name, value] of many.entries) put(call, bound, item, name, value)
    else if (bound.has('NotePropertyName'))
      put(call, bound, item, bound.text('NotePropertyName') ?? '', bound.get('NotePropertyValue') ?? null)
    else put(call, bound, item, bound.text('Name') ?? '', bound.get('Value') ?? null)
    if (bound.flag('PassThru')) yield* call.emit(item)
  },
)
