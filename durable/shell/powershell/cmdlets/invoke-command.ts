// PowerShell Direct: commands in a guest, by way of the computer it runs on and past every network.
import { GUEST_PASSWORD } from '../../../engine/machine/hyper-v/guest-account.ts'
import type { VmView } from '../../../engine/machine/views.ts'
import type { Gen } from '../../windows/program.ts'
import { type Bound, type Call, type Cmdlet, cmdlet, type Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { runScript } from '../eval/script-stage.ts'
import { assign, childOf, noted, write } from '../eval/session.ts'
import {
  closeSession,
  enteredSession,
  leave,
  openSession,
  type RemoteSession,
  remoteSessions,
} from '../remote/remote-sessions.ts'
import { type Remote, remoteErrorText, runRemote } from '../remote/run-remote.ts'
import { text } from '../values/text.ts'
import { isObject, object, type PsObject, type PsValue, property } from '../values/value.ts'
import { fullPath, noPath } from './get-content.ts'
import { askCredential, isCredential, passwordOf, userOf } from './get-credential.ts'
import { hyperV } from './hyper-v.ts'

const PSSESSION = 'System.Management.Automation.Runspaces.PSSession'

const argument = (message: string, id: string, target = ''): Fault => ({
  message,
  category: 'InvalidArgument',
  target,
  exception: 'ArgumentException',
  id,
})

/** A connection that did not come about. */
const broken = (message: string, vm: string, exception: string): Fault => ({
  message: `[${vm}] ${message}`,
  category: 'OpenError',
  target: `${vm}:String`,
  exception,
  id: 'PSSessionStateBroken',
  activity: '',
})

/** Told without a place in the line: it is the other end that says so. */
function refuse(call: Call, fault: Fault): void {
  if (call.bound.text('ErrorAction') === 'Stop') call.fail(fault)
  const { session } = call.frame
  const extent = { line: '', start: 0, end: 0 }
  const record = { ...fault, target: fault.target ?? '', command: '', extent }
  noted(session, record)
  if (!/^(SilentlyContinue|Ignore)$/.test(call.bound.text('ErrorAction') ?? '')) write(session, remoteErrorText(record))
}

const REMOTE_ENDED = 'An error has occurred which Windows PowerShell cannot handle. A remote session might have ended.'

/** The machine of this name, running; undefined after an error. */
function machineNamed(call: Call, key: 'Name' | 'Id', wanted: string): VmView | undefined {
  const found = hyperV(call)
    .vms()
    .filter((vm) => (key === 'Name' ? vm.name : vm.id).toLowerCase() === wanted.toLowerCase())
  const [vm] = found
  if (vm === undefined || found.length > 1) {
    call.error(
      argument(
        `The input VM${key} ${wanted} does not resolve to a single virtual machine.`,
        `InvalidVM${key}NotSingle`,
        `${wanted}:String`,
      ),
    )
    return undefined
  }
  if (vm.state !== 'Running') {
    call.error(argument(`The virtual machine ${vm.name} is not in running state.`, 'InvalidVMState', `${vm.name}:String`))
    return undefined
  }
  return vm
}

/** `Student`, `.\Student` and `WIN1\Student` are one. */
function knows(call: Call, vm: VmView, given: PsObject): boolean {
  const { user, hostname } = call.kernel.guest(vm.id)?.identity() ?? { user: '', hostname: '' }
  const [domain, name] = userOf(given).includes('\\') ? userOf(given).split('\\') : ['.', userOf(given)]
  const here = ['.', hostname.toLowerCase(), vm.name.toLowerCase()].includes((domain ?? '').toLowerCase())
  const account = [user.toLowerCase(), 'administrator'].includes((name ?? '').toLowerCase())
  return here && account && passwordOf(given) === GUEST_PASSWORD
}

/** What was given, or what is asked for. */
function* credentialOf(call: Call, bound: Bound): Gen<PsObject> {
  const given = bound.get('Credential') ?? null
  if (isCredential(given)) return given
  const asked = yield* askCredential(call, given === null ? undefined : text(given))
  if (asked === undefined) throw new NotSimulated('Nobody answers here: give -Credential.')
  return asked
}

/** The shell of a guest answers on its VMBus channel, when the guest has one, its service runs and it knows who asks. */
function connect(call: Call, vm: VmView, given: PsObject): boolean {
  const guest = call.kernel.guest(vm.id)
  if (guest?.windows === undefined || !guest.windows.serviceRuns('vmicvmsession')) {
    refuse(call, broken(REMOTE_ENDED, vm.name, 'PSRemotingDataStructureException'))
    return false
  }
  if (knows(call, vm, given)) return true
  refuse(call, broken('The credential is invalid.', vm.name, 'PSDirectException'))
  return false
}

/** The same for the same moment, as everything here. */
const runspaceOf = (call: Call, vm: VmView): string => {
  const stamp = Math.floor(call.kernel.clock().now / 1000)
    .toString(16)
    .padStart(8, '0')
    .slice(-8)
  return `${stamp}${vm.id.toLowerCase().slice(8)}`
}

/** Sessions that a command is for: those given, or one that lasts as long as the command. */
function* targets(call: Call, bound: Bound): Gen<Remote[]> {
  const { memory } = call.frame.session
  const found: Remote[] = []
  for (const given of bound.list('Session')) {
    const one = remoteSessions(memory).find(({ id }) => id === Number(text(property(given, 'Id') ?? 0)))
    const remote = one && reconnected(call, one)
    if (remote) found.push(remote)
  }
  const wanted = [
    ...bound.texts('VMName').map((name) => machineNamed(call, 'Name', name)),
    ...bound.texts('VMId').map((id) => machineNamed(call, 'Id', id)),
  ].filter((vm) => vm !== undefined)
  if (wanted.length === 0) return found
  const given = yield* credentialOf(call, bound)
  for (const vm of wanted) {
    if (!connect(call, vm, given)) continue
    const kernel = call.kernel.guest(vm.id)
    const cwd = `C:\\Users\\${kernel?.identity().user ?? ''}\\Documents`
    if (kernel) found.push({ kernel, memory: { cwd }, vmName: vm.name, runspace: runspaceOf(call, vm) })
  }
  return found
}

/** A session whose machine still runs. */
function reconnected(call: Call, one: RemoteSession): Remote | undefined {
  const vm = hyperV(call)
    .vms()
    .find(({ id }) => id === one.vmId)
  const kernel = call.kernel.guest(one.vmId)
  if (vm?.state !== 'Running' || kernel === undefined) {
    closeSession(call.frame.session.memory, one.id)
    refuse(call, broken(REMOTE_ENDED, one.vmName, 'PSRemotingTransportException'))
    return undefined
  }
  return { kernel, memory: one.memory, vmName: one.vmName, runspace: one.runspace }
}

function sessionObject(one: RemoteSession, running: boolean): PsObject {
  return object(
    PSSESSION,
    {
      Id: one.id,
      Name: one.name,
      ComputerName: one.vmName,
      ComputerType: 'VirtualMachine',
      State: running ? 'Opened' : 'Broken',
      ConfigurationName: '',
      Availability: running ? 'Available' : 'None',
      VMName: one.vmName,
      VMId: one.vmId,
      InstanceId: one.runspace,
    },
    `[PSSession]${one.name}`,
  )
}

const module = 'Microsoft.PowerShell.Core'

export const invokeCommand: Cmdlet = {
  name: 'Invoke-Command',
  module,
  synopsis: 'Runs commands on this computer, or in virtual machines of it by PowerShell Direct.',
  supports: ['VMName', 'VMId', 'Session', 'ScriptBlock', 'FilePath', 'ArgumentList', 'Credential', 'InputObject', 'NoNewScope'],
  defaultSet: 'InProcess',
  signature:
    '{InProcess,Session,FilePathRunspace,VMName,FilePathVMName,VMId,FilePathVMId,ComputerName} Session:Object[]@0#1,2 VMName![]#3,4 VMId!:Guid[]<vn(VMGuid)#5,6 ComputerName[]@0(Cn)#7 Credential:Object<n#3,4,5,6,7 ScriptBlock!:ScriptBlock@1(Command)#0,1,3,5,7 FilePath![]@1(PSPath)#2,4,6 NoNewScope?#0 ArgumentList:Object[](Args) InputObject:PSObject<v AsJob?#1,2,3,4,5,6,7 HideComputerName?(HCN)#1,2,3,4,5,6,7 JobName#1,2,3,4,5,6,7 ThrottleLimit:Int32#1,2,3,4,5,6,7 ConfigurationName<n#3,5,7 RemoteDebug? Port:Int32#7 UseSSL?#7 SessionOption:Object#7 Authentication#7 EnableNetworkAccess?#7 SessionName[]#7 InDisconnectedSession?(Disconnected)#7',
  start(call) {
    const { bound } = call
    const input: PsValue[] = []
    return {
      process(each, item) {
        if (item !== undefined || each.has('InputObject')) input.push(item ?? each.get('InputObject') ?? null)
      },
      *end() {
        const script = bound.script('ScriptBlock')
        const path = bound.text('FilePath')
        const source = script?.source ?? (path === undefined ? undefined : call.kernel.readFile(fullPath(call, path)))
        if (source === undefined) {
          if (path !== undefined) return call.fail(noPath(fullPath(call, path)))
          return call.fail({
            message: 'Parameter set cannot be resolved using the specified named parameters.',
            category: 'InvalidArgument',
            exception: 'ParameterBindingException',
            id: 'AmbiguousParameterSet',
          })
        }
        const args = bound.list('ArgumentList')
        if (!bound.has('VMName') && !bound.has('VMId') && !bound.has('Session')) {
          if (!script) return
          const scope = bound.flag('NoNewScope') ? call.frame.scope : childOf(call.frame.scope)
          assign(scope, 'args', [...args])
          assign(scope, 'input', input)
          return yield* runScript(script, call.frame, scope, call.emit)
        }
        const stops = bound.text('ErrorAction') === 'Stop'
        const work = {
          source,
          args,
          input: call.piped || bound.has('InputObject') ? input : undefined,
          using: call.frame.scope,
          ...(stops
            ? {
                failed: ({ message, category, target, id }: { message: string; category: string; target: string; id: string }) =>
                  call.fail({ message, category, target, exception: 'RemoteException', id }),
              }
            : {}),
        }
        for (const remote of yield* targets(call, bound)) yield* runRemote(remote, call.frame, work, call.emit)
      },
    }
  },
}

const running = (call: Call, one: RemoteSession): boolean =>
  call.kernel.hyperV?.vms().some(({ id, state }) => id === one.vmId && state === 'Running') === true

export const newPsSession = cmdlet(
  {
    name: 'New-PSSession',
    module,
    synopsis: 'Creates a persistent connection to a virtual machine of this computer.',
    supports: ['VMName', 'VMId', 'Name', 'Credential'],
    defaultSet: 'ComputerName',
    signature:
      '{ComputerName,VMName,VMId,Session} ComputerName[]@0<vn(Cn)#0 Credential:Object<n Name[] VMName![]<n#1 VMId!:Guid[]<vn(VMGuid)#2 Session:Object[]@0<v#3 ConfigurationName EnableNetworkAccess? Port:Int32#0 UseSSL?#0 SessionOption:Object#0 ThrottleLimit:Int32 Authentication#0',
  },
  function* (call, bound) {
    const { memory } = call.frame.session
    const wanted = [
      ...bound.texts('VMName').map((name) => machineNamed(call, 'Name', name)),
      ...bound.texts('VMId').map((id) => machineNamed(call, 'Id', id)),
    ].filter((vm) => vm !== undefined)
    if (!bound.has('VMName') && !bound.has('VMId'))
      throw new NotSimulated('New-PSSession: sessions over the network are real, but not simulated here; -VMName is.')
    if (wanted.length === 0) return
    const given = yield* credentialOf(call, bound)
    for (const [at, vm] of wanted.entries()) {
      if (!connect(call, vm, given)) continue
      const user = call.kernel.guest(vm.id)?.identity().user ?? ''
      const name = bound.texts('Name')[at]
      const made = openSession(memory, vm, user, { ...(name === undefined ? {} : { name }), runspace: runspaceOf(call, vm) })
      if (made === undefined) throw new NotSimulated('A console holds at most 16 sessions in this lab.')
      yield* call.emit(sessionObject(made, true))
    }
  },
)

/** By object, number or name; all of them otherwise. */
function chosen(call: Call, bound: Bound): RemoteSession[] {
  const all = remoteSessions(call.frame.session.memory)
  const ids = [
    ...bound.numbers('Id'),
    ...bound.list('Session').map((one) => (isObject(one) ? Number(text(property(one, 'Id') ?? 0)) : Number(text(one)))),
  ]
  const names = bound.texts('Name').map((name) => name.toLowerCase())
  const vms = bound.texts('VMName').map((name) => name.toLowerCase())
  if (ids.length + names.length + vms.length === 0) return all
  return all.filter(
    (one) => ids.includes(one.id) || names.includes(one.name.toLowerCase()) || vms.includes(one.vmName.toLowerCase()),
  )
}

export const getPsSession = cmdlet(
  {
    name: 'Get-PSSession',
    module,
    synopsis: 'Gets the PowerShell sessions of this console.',
    supports: ['Id', 'Name', 'VMName'],
    defaultSet: 'Name',
    signature: '{Name,Id,VMName,ComputerName} Name[]<n#0,2 Id!:Int32[]@0<n#1 VMName![]<n#2 ComputerName![]@0<n(Cn)#3',
  },
  function* (call, bound) {
    for (const one of chosen(call, bound)) yield* call.emit(sessionObject(one, running(call, one)))
  },
)

export const removePsSession = cmdlet(
  {
    name: 'Remove-PSSession',
    module,
    synopsis: 'Closes one or more PowerShell sessions.',
    supports: ['Session', 'Id', 'Name', 'VMName'],
    defaultSet: 'Id',
    signature:
      '{Id,Session,Name,VMName} Session!:Object[]@0<vn#1 Id!:Int32[]@0<n#0 Name![]<n#2 VMName![]<n#3 ComputerName[]<n(Cn) WhatIf?(wi) Confirm?(cf)',
  },
  (call, bound) => {
    for (const one of chosen(call, bound)) closeSession(call.frame.session.memory, one.id)
  },
)

export const enterPsSession = cmdlet(
  {
    name: 'Enter-PSSession',
    module,
    synopsis: 'Starts an interactive session in a virtual machine of this computer.',
    supports: ['VMName', 'VMId', 'Session', 'Id', 'Name', 'Credential'],
    defaultSet: 'ComputerName',
    signature:
      '{ComputerName,VMName,VMId,Session,Id,Name} ComputerName!@0<vn(Cn)#0 VMName!<n#1 VMId!:Guid@0<vn(VMGuid)#2 Session!:Object@0<vn#3 Id!:Int32@0<n#4 Name!<n#5 Credential:Object@1<n#0,1,2 ConfigurationName EnableNetworkAccess? Port:Int32#0 UseSSL?#0 SessionOption:Object#0 Authentication#0',
  },
  function* (call, bound) {
    const { memory } = call.frame.session
    if (bound.has('Session') || bound.has('Id') || bound.has('Name')) {
      const [one] = chosen(call, bound)
      if (one === undefined) return call.fail(argument('The session that was named is not available.', 'SessionNotAvailable'))
      if (reconnected(call, one)) memory['entered'] = one.id
      return
    }
    const vm = bound.has('VMName')
      ? machineNamed(call, 'Name', bound.text('VMName') ?? '')
      : machineNamed(call, 'Id', bound.text('VMId') ?? '')
    if (vm === undefined) return
    const given = yield* credentialOf(call, bound)
    if (!connect(call, vm, given)) return
    const user = call.kernel.guest(vm.id)?.identity().user ?? ''
    const made = openSession(memory, vm, user, { passing: true, runspace: runspaceOf(call, vm) })
    if (made) memory['entered'] = made.id
  },
)

export const exitPsSession = cmdlet(
  {
    name: 'Exit-PSSession',
    module,
    synopsis: 'Ends an interactive session in a virtual machine.',
    supports: [],
    signature: '',
  },
  (call) => {
    if (enteredSession(call.frame.session.memory)) leave(call.frame.session.memory)
  },
)
