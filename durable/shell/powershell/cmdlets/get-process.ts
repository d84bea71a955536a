import type { WindowsProcessView } from '../../../engine/machine/windows/windows-views.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet, type Fault } from '../cmdlet.ts'
import { text } from '../values/text.ts'
import { object, type PsObject, property } from '../values/value.ts'
import { dateOf, windowsOf } from './windows.ts'

export const processName = ({ image }: WindowsProcessView): string =>
  image === 'System Idle Process' ? 'Idle' : image.replace(/\.exe$/i, '')

function processObject(call: Call, one: WindowsProcessView, withUser: boolean): PsObject {
  const name = processName(one)
  const elapsed = Math.max(0, call.kernel.clock().now - one.startedAt)
  return object(
    withUser ? ['System.Diagnostics.Process#IncludeUserName', 'System.Diagnostics.Process'] : 'System.Diagnostics.Process',
    {
      Name: name,
      SI: one.session,
      Handles: one.handles,
      VM: one.privateBytes * 1024 * 40,
      WS: one.workingSet * 1024,
      PM: one.privateBytes * 1024,
      NPM: one.handles * 48,
      Path: one.path === '' ? null : one.path,
      // A thousandth of the time since it began: nobody measures here.
      CPU: Math.floor(elapsed / 10_000_000) / 100,
      ...(withUser ? { UserName: one.user } : {}),
      Company: one.path === '' ? null : 'Microsoft Corporation',
      Id: one.pid,
      PriorityClass: one.path === '' ? null : 'Normal',
      HandleCount: one.handles,
      WorkingSet: one.workingSet * 1024,
      PagedMemorySize: one.privateBytes * 1024,
      ProcessName: name,
      SessionId: one.session,
      MachineName: '.',
      StartTime: dateOf(call, one.startedAt),
      Responding: true,
    },
    `System.Diagnostics.Process (${name})`,
  )
}

const missing = (message: string, target: string, id: string): Fault => ({
  message,
  category: 'ObjectNotFound',
  target,
  exception: 'ProcessCommandException',
  id,
})

/** By object, number or name; all of them when nothing is named. */
function chosen(call: Call, bound: Bound): WindowsProcessView[] {
  const all = windowsOf(call).windowsProcesses()
  if (!bound.has('Name') && !bound.has('Id') && !bound.has('InputObject'))
    return [...all].sort((a, b) => {
      const [x, y] = [processName(a).toLowerCase(), processName(b).toLowerCase()]
      return x === y ? a.pid - b.pid : x < y ? -1 : 1
    })
  const found: WindowsProcessView[] = []
  const ids = [...bound.numbers('Id'), ...bound.list('InputObject').map((one) => Number(text(property(one, 'Id') ?? 0)))]
  for (const id of ids) {
    const some = all.filter(({ pid }) => pid === id)
    if (some.length === 0)
      call.error(missing(`Cannot find a process with the process identifier ${id}.`, `${id}:Int32`, 'NoProcessFoundForGivenId'))
    found.push(...some)
  }
  for (const name of bound.texts('Name')) {
    const matches = wildcard(name)
    const some = all.filter((one) => matches(processName(one)))
    if (some.length === 0 && !hasWildcard(name))
      call.error(
        missing(
          `Cannot find a process with the name "${name}". Verify the process name and call the cmdlet again.`,
          `${name}:String`,
          'NoProcessFoundForGivenName',
        ),
      )
    found.push(...some)
  }
  return [...new Set(found)]
}

const module = 'Microsoft.PowerShell.Management'

export const getProcess = cmdlet(
  {
    name: 'Get-Process',
    module,
    synopsis: 'Gets the processes that are running on the local computer or a remote computer.',
    supports: ['Name', 'Id', 'InputObject', 'IncludeUserName'],
    defaultSet: 'Name',
    signature:
      '{Name,Id,InputObject} Name[]@0<n(ProcessName)#0 Id!:Int32[]<n(PID)#1 InputObject!:Process[]<v#2 IncludeUserName? ComputerName[]<n(Cn) Module? FileVersionInfo?(FV,FVI)',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) yield* call.emit(processObject(call, one, bound.flag('IncludeUserName')))
  },
)

export const stopProcess = cmdlet(
  {
    name: 'Stop-Process',
    module,
    synopsis: 'Stops one or more running processes.',
    supports: ['Name', 'Id', 'InputObject', 'Force', 'PassThru', 'Confirm'],
    defaultSet: 'Id',
    signature:
      '{Id,Name,InputObject} Id!:Int32[]@0<n#0 Name![]<n(ProcessName)#1 InputObject!:Process[]@0<v#2 PassThru? Force? WhatIf?(wi) Confirm?(cf)',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) {
      const name = processName(one)
      const done = windowsOf(call).stopProcess(one.pid)
      if (!done.ok && done.error === 'not-simulated') call.host(`${done.detail}\n`)
      else if (!done.ok)
        call.error({
          message: `Cannot stop process "${name} (${one.pid})" because of the following error: Access is denied`,
          category: 'CloseError',
          target: `System.Diagnostics.Process (${name}):Process`,
          exception: 'ProcessCommandException',
          id: 'CouldNotStopProcess',
        })
      else if (bound.flag('PassThru')) yield* call.emit(processObject(call, one, false))
    }
  },
)
