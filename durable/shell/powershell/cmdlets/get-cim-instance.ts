// Get-CimInstance, Get-WmiObject and Invoke-CimMethod over the classes of cim-classes.ts.
import type { Outcome } from '../../../engine/machine/kernel.ts'
import { type Bound, type Call, type Cmdlet, cmdlet, type Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { toNumber } from '../values/convert.ts'
import { text } from '../values/text.ts'
import { isHash, isObject, object, type PsObject, type PsValue, property } from '../values/value.ts'
import { cimClasses, cimObject, NAMESPACES } from './cim-classes.ts'
import { hyperV } from './hyper-v.ts'
import { windowsOf } from './windows.ts'
import { type Condition, readCondition } from './wql.ts'

const invalid = (what: 'class' | 'query' | 'namespace', code: string, target: string): Fault => ({
  message: `Invalid ${what} `,
  category: what === 'query' ? 'InvalidArgument' : 'MetadataError',
  target: `${target}:String`,
  exception: 'CimException',
  id: `HRESULT ${code}`,
})

const SELECT = /^\s*select\s+([\w*,\s]+?)\s+from\s+(\w+)(?:\s+where\s+([\s\S]+?))?\s*$/i
const plainSpace = (given: string): string =>
  given
    .replace(/\\/g, '/')
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase()

function* instances(call: Call, bound: Bound, classParameter: string) {
  const namespace = plainSpace(bound.text('Namespace') ?? 'root/cimv2')
  const query = bound.text('Query')
  const parsed = query === undefined ? undefined : SELECT.exec(query)
  if (query !== undefined && !parsed) return call.fail(invalid('query', '0x80041017', query))
  const name = parsed?.[2] ?? bound.text(classParameter) ?? ''
  const where = parsed?.[3] ?? bound.text('Filter')
  let condition: Condition | undefined
  if (where !== undefined) {
    condition = readCondition(where)
    if (!condition) return call.fail(invalid('query', '0x80041017', where))
  }
  if (!NAMESPACES.includes(namespace)) return call.fail(invalid('namespace', '0x8004100e', namespace))
  const found = cimClasses.find((one) => one.namespace === namespace && one.name.toLowerCase() === name.toLowerCase())
  if (!found) {
    if (/^(Win32|Msvm|CIM|MSFT)_\w+$/i.test(name))
      throw new NotSimulated(`${name}: this class is real or may be, but it has no instances here.`)
    return call.fail(invalid('class', '0x80041010', `${namespace.replace(/\//g, '\\')}:${name}`))
  }
  const wanted = [
    ...bound.texts('Property'),
    ...(parsed ? (parsed[1] as string).split(',').map((one) => one.trim()) : []),
  ].filter((one) => one !== '*')
  for (const props of found.of(call)) {
    const item = cimObject(found, props)
    if (condition && !condition(item)) continue
    if (wanted.length > 0)
      for (const key of [...item.props.keys()])
        if (key !== 'PSComputerName' && !wanted.some((one) => one.toLowerCase() === key.toLowerCase())) item.props.set(key, null)
    yield* call.emit(item)
  }
}

const cimInstance = (name: string, module: string, classParameter: string, signature: string): Cmdlet =>
  cmdlet(
    {
      name,
      module,
      synopsis: 'Gets the CIM instances of a class.',
      supports: [classParameter, 'Namespace', 'Filter', 'Query', 'Property'],
      defaultSet: 'Class',
      signature,
    },
    (call, bound) => instances(call, bound, classParameter),
  )

export const getCimInstance = cimInstance(
  'Get-CimInstance',
  'CimCmdlets',
  'ClassName',
  '{Class,Query} ClassName!@0<n#0 Query!<n#1 Filter<n#0 Namespace<n Property[]<n(SelectProperties)#0 KeyOnly?#0 ComputerName[]<n(CN,ServerName) OperationTimeoutSec:UInt32(OT) QueryDialect<n#1 Shallow? ResourceUri:Uri',
)

export const getWmiObject = cimInstance(
  'Get-WmiObject',
  'Microsoft.PowerShell.Management',
  'Class',
  '{Class,Query} Class!@0(ClassName)#0 Property[]@1#0 Filter#0 Query!#1 Namespace(NS) ComputerName[](Cn) Credential Amended? DirectRead? Recurse? List? Locale Authority EnableAllPrivileges? Impersonation Authentication AsJob? ThrottleLimit:Int32',
)

const codeOf = (done: Outcome | undefined): number =>
  done === undefined || done.ok
    ? 0
    : done.error === 'access-denied'
      ? 2
      : done.error === 'in-use'
        ? 3
        : done.error === 'wrong-state'
          ? 10
          : done.error === 'no-service'
            ? 14
            : 8

/** What the methods of these classes do; undefined: there is no such method. */
function act(call: Call, item: PsObject, method: string, args: (name: string) => PsValue): number | undefined {
  const name = item.text ?? ''
  const own = (key: string) => text(property(item, key) ?? null)
  switch (`${name}.${method}`.toLowerCase()) {
    case 'win32_service.startservice':
      return codeOf(windowsOf(call).controlService(own('Name'), 'start'))
    case 'win32_service.stopservice':
      return codeOf(windowsOf(call).controlService(own('Name'), 'stop'))
    case 'win32_process.terminate':
      return codeOf(windowsOf(call).stopProcess(toNumber(own('ProcessId')) ?? -1))
    case 'win32_operatingsystem.reboot':
      return codeOf(call.kernel.reboot())
    case 'msvm_computersystem.requeststatechange': {
      const vm = hyperV(call)
        .vms()
        .find(({ id }) => id.toLowerCase() === own('Name').toLowerCase())
      if (!vm) return 32_773
      const state = toNumber(args('RequestedState')) ?? 0
      const done =
        state === 2
          ? hyperV(call).startVm(vm.id)
          : state === 3
            ? hyperV(call).stopVm(vm.id, 'turn-off')
            : state === 6
              ? hyperV(call).stopVm(vm.id, 'save')
              : state === 9
                ? hyperV(call).pauseVm(vm.id)
                : state === 11
                  ? hyperV(call).resetVm(vm.id)
                  : undefined
      return done === undefined ? 32_773 : done.ok ? 0 : 32_775
    }
    default:
      return undefined
  }
}

export const invokeCimMethod = cmdlet(
  {
    name: 'Invoke-CimMethod',
    module: 'CimCmdlets',
    synopsis: 'Invokes a method of a CIM instance.',
    supports: ['InputObject', 'MethodName', 'Arguments'],
    defaultSet: 'Instance',
    signature:
      '{Instance,Class} InputObject!:PSObject@0<v(CimInstance)#0 ClassName!@0<n(Class)#1 MethodName!@1<n(Name) Arguments:Object@2<n Namespace<n ComputerName[](CN,ServerName) OperationTimeoutSec:UInt32(OT) WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    const item = bound.get('InputObject') ?? null
    const given = bound.get('Arguments') ?? null
    const method = bound.text('MethodName') ?? ''
    if (!isObject(item)) return
    const args = (name: string): PsValue => (isHash(given) ? (property(given, name) ?? null) : null)
    const code = act(call, item, method, args)
    if (code === undefined)
      return call.fail({
        message: `Invalid method Parameter(s) or method ${method} of ${item.text ?? ''} has no behaviour here.`,
        category: 'InvalidType',
        target: `${item.text ?? ''}:CimInstance`,
        exception: 'CimException',
        id: 'HRESULT 0x8004102f',
      })
    yield* call.emit(object('Microsoft.Management.Infrastructure.CimMethodResult', { ReturnValue: code, PSComputerName: null }))
  },
)
