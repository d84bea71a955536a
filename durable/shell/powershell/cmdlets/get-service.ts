import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { ServiceView, StartType } from '../../../engine/machine/windows/windows-views.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, type Cmdlet, cmdlet, type Fault } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, type PsValue, property } from '../values/value.ts'
import { windowsOf } from './windows.ts'

const CONTROLLER = 'System.ServiceProcess.ServiceController'

export function serviceObject(one: ServiceView): PsObject {
  const start: PsValue = one.startType === 'AutomaticDelayed' ? 'Automatic' : one.startType
  return object(
    CONTROLLER,
    {
      Name: one.name,
      RequiredServices: [...one.dependsOn],
      CanPauseAndContinue: false,
      CanShutdown: one.canStop,
      CanStop: one.canStop,
      DisplayName: one.displayName,
      DependentServices: [...one.dependents],
      MachineName: '.',
      ServiceName: one.name,
      ServicesDependedOn: [...one.dependsOn],
      ServiceHandle: null,
      Status: one.running ? 'Running' : 'Stopped',
      ServiceType: one.driver ? 'KernelDriver' : one.shared ? 'Win32ShareProcess' : 'Win32OwnProcess',
      StartType: start,
      Site: null,
      Container: null,
    },
    CONTROLLER,
  )
}

const lowerName = (one: ServiceView) => one.name.toLowerCase()

function missing(kind: 'service' | 'display', name: string): Fault {
  return {
    message: `Cannot find any service with ${kind} name '${name}'.`,
    category: 'ObjectNotFound',
    target: `${name}:String`,
    exception: 'ServiceCommandException',
    id: kind === 'service' ? 'NoServiceFoundForGivenName' : 'NoServiceFoundForGivenDisplayName',
  }
}

/** By object, name or display name; drivers only when one is named in full. */
function chosen(call: Call, bound: Bound): ServiceView[] {
  const all = [...windowsOf(call).services()].sort((a, b) => (lowerName(a) < lowerName(b) ? -1 : 1))
  const usual = all.filter(({ driver }) => !driver)
  const found: ServiceView[] = []
  const given = bound.list('InputObject').map((one) => text(property(one, 'Name') ?? one))
  const names = [...bound.texts('Name'), ...given]
  for (const name of names) {
    const matches = wildcard(name)
    const some = (hasWildcard(name) ? usual : all).filter(
      (one) => matches(one.name) || (!hasWildcard(name) && matches(one.displayName)),
    )
    if (some.length === 0 && !hasWildcard(name)) call.error(missing('service', name))
    found.push(...some)
  }
  for (const name of bound.texts('DisplayName')) {
    const matches = wildcard(name)
    const some = usual.filter((one) => matches(one.displayName))
    if (some.length === 0 && !hasWildcard(name)) call.error(missing('display', name))
    found.push(...some)
  }
  const every = names.length === 0 && !bound.has('DisplayName')
  const kept = (name: string): boolean => {
    const matches = (pattern: string) => wildcard(pattern)(name)
    return (!bound.has('Include') || bound.texts('Include').some(matches)) && !bound.texts('Exclude').some(matches)
  }
  return [...new Set(every ? usual : found)].filter(({ name }) => kept(name))
}

const module = 'Microsoft.PowerShell.Management'
const supports = ['Name', 'DisplayName', 'InputObject', 'Include', 'Exclude', 'PassThru', 'Confirm']
const selectors =
  '{InputObject,Default,DisplayName} InputObject!:ServiceController[]@0<v#0 Name![]@0<vn(ServiceName)#1 DisplayName![]#2 Include[] Exclude[] PassThru?'

export const getService = cmdlet(
  {
    name: 'Get-Service',
    module,
    synopsis: 'Gets the services on a local or remote computer.',
    supports: ['Name', 'DisplayName', 'InputObject', 'Include', 'Exclude', 'DependentServices', 'RequiredServices'],
    defaultSet: 'Default',
    signature:
      '{Default,DisplayName,InputObject} Name[]@0<vn(ServiceName)#0 ComputerName[]<n(Cn) DependentServices?(DS) RequiredServices?(SDO,ServicesDependedOn) DisplayName![]#1 Include[] Exclude[] InputObject:ServiceController[]<v#2',
  },
  function* (call, bound) {
    const all = windowsOf(call).services()
    const named = (names: readonly string[]) =>
      names.flatMap((name) => all.filter((one) => lowerName(one) === name.toLowerCase()))
    for (const one of chosen(call, bound)) {
      if (bound.flag('DependentServices')) for (const other of named(one.dependents)) yield* call.emit(serviceObject(other))
      if (bound.flag('RequiredServices')) for (const other of named(one.dependsOn)) yield* call.emit(serviceObject(other))
      if (!bound.flag('DependentServices') && !bound.flag('RequiredServices')) yield* call.emit(serviceObject(one))
    }
  },
)

const WORDS = {
  start: { done: 'started', category: 'OpenError', id: 'CouldNotStartService' },
  stop: { done: 'stopped', category: 'CloseError', id: 'CouldNotStopService' },
} as const

/** What the service control manager refuses, as the cmdlets tell it. */
function refused(one: ServiceView, verb: 'start' | 'stop', done: Extract<Outcome, { ok: false }>): Fault {
  const target = `${CONTROLLER}:ServiceController`
  const shown = `'${one.displayName} (${one.name})'`
  if (done.error === 'in-use')
    return {
      message: `Cannot stop service ${shown} because it has dependent services. It can only be stopped if the Force flag is set.`,
      category: 'InvalidOperation',
      target,
      exception: 'ServiceCommandException',
      id: 'ServiceHasDependentServices',
    }
  const reason =
    done.error === 'access-denied'
      ? `Cannot open ${one.name} service on computer '.'.`
      : verb === 'start'
        ? `Cannot start service ${one.name} on computer '.'.`
        : `Cannot stop ${one.name} service on computer '.'.`
  const { category, id, done: past } = WORDS[verb]
  return {
    message: `Service ${shown} cannot be ${past} due to the following error: ${reason}`,
    category,
    target,
    exception: 'ServiceCommandException',
    id,
  }
}

/** False: it was told why not. What is so already is no mistake. */
function control(call: Call, one: ServiceView, verb: 'start' | 'stop', force: boolean): boolean {
  const done = windowsOf(call).controlService(one.name, verb, force)
  if (done.ok || done.error === 'wrong-state') return true
  call.error(refused(one, verb, done))
  return false
}

const now = (call: Call, { name }: ServiceView): ServiceView[] =>
  windowsOf(call)
    .services()
    .filter((one) => one.name === name)

function controlling(
  name: string,
  synopsis: string,
  more: string,
  act: (call: Call, bound: Bound, one: ServiceView) => boolean,
): Cmdlet {
  // Nothing here can be paused, so nothing comes out of trying.
  const passes = !/^(Suspend|Resume)-/.test(name)
  return cmdlet(
    {
      name,
      module,
      synopsis,
      supports: [
        ...supports.filter((one) => passes || one !== 'PassThru'),
        ...more.split(' ').flatMap((word) => (word === '' ? [] : [word.replace(/\W.*$/, '')])),
      ],
      defaultSet: 'InputObject',
      signature: `${selectors} ${more} WhatIf?(wi) Confirm?(cf)`.replace(/ +/g, ' '),
    },
    function* (call, bound) {
      for (const one of chosen(call, bound))
        if (act(call, bound, one) && bound.flag('PassThru'))
          for (const after of now(call, one)) yield* call.emit(serviceObject(after))
    },
  )
}

export const startService = controlling('Start-Service', 'Starts one or more stopped services.', '', (call, _bound, one) =>
  control(call, one, 'start', false),
)

export const stopService = controlling('Stop-Service', 'Stops one or more running services.', 'Force?', (call, bound, one) =>
  control(call, one, 'stop', bound.flag('Force')),
)

export const restartService = controlling(
  'Restart-Service',
  'Stops and then starts one or more services.',
  'Force?',
  (call, bound, one) => {
    const before = windowsOf(call)
      .services()
      .filter(({ running }) => running)
    if (one.running && !control(call, one, 'stop', bound.flag('Force'))) return false
    if (!control(call, one, 'start', false)) return false
    // What was stopped with it comes back with it.
    for (const other of before) if (now(call, other).some(({ running }) => !running)) control(call, other, 'start', false)
    return true
  },
)

const NOT_PAUSED = 'The service cannot be suspended because the service does not support being suspended or resumed.'
function pausing(name: string, synopsis: string): Cmdlet {
  return controlling(name, synopsis, '', (call, _bound, one) => {
    call.error({
      message: `Service '${one.displayName} (${one.name})' cannot be ${name === 'Suspend-Service' ? 'suspended' : 'resumed'} due to the following error: ${NOT_PAUSED}`,
      category: 'CloseError',
      target: `${CONTROLLER}:ServiceController`,
      exception: 'ServiceCommandException',
      id: name === 'Suspend-Service' ? 'CouldNotSuspendServiceNotSupported' : 'CouldNotResumeServiceNotSupported',
    })
    return false
  })
}
export const suspendService = pausing('Suspend-Service', 'Suspends (pauses) one or more running services.')
export const resumeService = pausing('Resume-Service', 'Resumes one or more suspended (paused) services.')

export const setService = cmdlet(
  {
    name: 'Set-Service',
    module,
    synopsis: 'Starts, stops, and suspends a service, and changes its properties.',
    supports: ['Name', 'InputObject', 'StartupType', 'Status', 'DisplayName', 'Description', 'PassThru', 'Confirm'],
    defaultSet: 'Name',
    signature:
      '{Name,InputObject} ComputerName[]<n(cn) Name!@0<vn(ServiceName,SN)#0 DisplayName(DN) Description StartupType(StartMode,SM,ST)=Boot|System|Automatic|Manual|Disabled Status=Running|Stopped|Paused InputObject!:ServiceController<v#1 PassThru? WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    const given = bound.has('InputObject')
      ? text(property(bound.get('InputObject') ?? null, 'Name') ?? '')
      : (bound.text('Name') ?? '')
    const one = windowsOf(call)
      .services()
      .find((each) => lowerName(each) === given.toLowerCase())
    if (one === undefined)
      return call.error({
        message: `Service ${given} was not found on computer '.'.`,
        category: 'ObjectNotFound',
        target: `${given}:String`,
        exception: 'InvalidOperationException',
        id: 'InvalidOperationException',
      })
    const startType = bound.text('StartupType')
    const change = {
      ...(startType === undefined ? {} : { startType: startType as StartType }),
      ...(bound.has('DisplayName') ? { displayName: bound.text('DisplayName') ?? '' } : {}),
      ...(bound.has('Description') ? { description: bound.text('Description') ?? '' } : {}),
    }
    if (Object.keys(change).length > 0) {
      const done = windowsOf(call).configureService(one.name, change)
      if (!done.ok)
        return call.error({
          message: `Service '${one.displayName} (${one.name})' cannot be configured due to the following error: Access is denied`,
          category: 'PermissionDenied',
          target: `${CONTROLLER}:ServiceController`,
          exception: 'ServiceCommandException',
          id: 'CouldNotSetService',
        })
    }
    const status = bound.text('Status')
    if (status === 'Paused') return call.error(refused(one, 'stop', { ok: false, error: 'invalid' }))
    if (status !== undefined) control(call, one, status === 'Running' ? 'start' : 'stop', false)
    if (bound.flag('PassThru')) for (const after of now(call, one)) yield* call.emit(serviceObject(after))
  },
)
