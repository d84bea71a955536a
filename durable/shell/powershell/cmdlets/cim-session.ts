// Sessions of CIM cmdlets: to this computer, which is asked directly. Those to other computers decline.
import type { Kernel } from '../../../engine/machine/kernel.ts'
import { type Call, type Cmdlet, cmdlet } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { randomGuid } from '../eval/random.ts'
import { text } from '../values/text.ts'
import { isObject, object, type PsObject, type PsValue, property, shortType, unroll } from '../values/value.ts'

const SESSION = 'Microsoft.Management.Infrastructure.CimSession'
const MOST = 32

const HERE = /^(|\.|localhost|127\.0\.0\.1|::1)$/i

const computerOf = (value: PsValue): string =>
  isObject(value) && shortType(value) === 'CimSession' ? text(property(value, 'ComputerName') ?? '') : text(value)

const isHere = (kernel: Kernel, computer: string): boolean =>
  HERE.test(computer) || computer.toLowerCase() === kernel.identity().hostname.toLowerCase()

/** `-CimSession` names this computer, or the line declines. */
export function checkSession(command: string, value: PsValue, kernel: Kernel): void {
  for (const one of unroll(value)) {
    const computer = computerOf(one)
    if (!isHere(kernel, computer))
      throw new NotSimulated(
        `${command} -CimSession ${computer}: sessions to other computers are real, but they are not simulated here yet.`,
      )
  }
}

type Session = { readonly id: number; readonly name: string; readonly guid: string; readonly computer: string }

const sessions = (call: Call): readonly Session[] =>
  (call.frame.session.memory['cimSessions'] ?? []) as unknown as readonly Session[]

const keep = (call: Call, list: readonly Session[]): void => {
  call.frame.session.memory['cimSessions'] = list as never
}

const shown = ({ id, name, guid, computer }: Session): PsObject =>
  object(SESSION, { Id: id, Name: name, InstanceId: guid, ComputerName: computer, Protocol: 'WSMAN' }, SESSION)

const chosen = (call: Call, bound: Call['bound']): readonly Session[] => {
  const [ids, names, computers] = [bound.numbers('Id'), bound.texts('Name'), bound.texts('ComputerName')].map((list) =>
    list.map((one) => String(one).toLowerCase()),
  ) as [string[], string[], string[]]
  const given = bound.list('CimSession').map((one) => text(property(one, 'Id') ?? ''))
  return sessions(call).filter(
    ({ id, name, computer }) =>
      (ids.length === 0 || ids.includes(String(id))) &&
      (names.length === 0 || names.includes(name.toLowerCase())) &&
      (computers.length === 0 || computers.includes(computer.toLowerCase())) &&
      (!bound.has('CimSession') || given.includes(String(id))),
  )
}

const module = 'CimCmdlets'

export const cimSessionCmdlets: readonly Cmdlet[] = [
  cmdlet(
    {
      name: 'New-CimSession',
      module,
      synopsis: 'Creates a CIM session to this computer.',
      supports: ['ComputerName', 'Name'],
      signature:
        'ComputerName[]@0<vn(CN,ServerName) Name Authentication Credential:PSCredential@1 OperationTimeoutSec:UInt32(OT) Port:UInt32 SessionOption:Object SkipTestConnection? CertificateThumbprint',
    },
    function* (call, bound) {
      for (const computer of bound.has('ComputerName') ? bound.texts('ComputerName') : ['localhost']) {
        checkSession('New-CimSession', computer, call.kernel)
        const all = sessions(call)
        if (all.length >= MOST) throw new NotSimulated(`A console holds at most ${MOST} CIM sessions in this lab.`)
        const id = Math.max(0, ...all.map((one) => one.id)) + 1
        const made = { id, name: bound.text('Name') ?? `CimSession${id}`, guid: randomGuid(call.frame.session), computer }
        keep(call, [...all, made])
        yield* call.emit(shown(made))
      }
    },
  ),
  cmdlet(
    {
      name: 'Get-CimSession',
      module,
      synopsis: 'Gets the CIM sessions of this console.',
      supports: ['ComputerName', 'Id', 'Name'],
      signature:
        '{ComputerName,Id,InstanceId,Name} ComputerName[]@0<vn(CN,ServerName)#0 Id!:UInt32[]@0<n#1 InstanceId!:Guid[]<n#2 Name![]<n#3',
      defaultSet: 'ComputerName',
    },
    function* (call, bound) {
      for (const one of chosen(call, bound)) yield* call.emit(shown(one))
    },
  ),
  cmdlet(
    {
      name: 'Remove-CimSession',
      module,
      synopsis: 'Removes CIM sessions of this console.',
      supports: ['CimSession', 'ComputerName', 'Id', 'Name'],
      signature:
        '{CimSession,ComputerName,Id,InstanceId,Name} CimSession!:CimSession[]@0<v#0 ComputerName![]@0<n(CN,ServerName)#1 Id!:UInt32[]@0<n#2 InstanceId!:Guid[]<n#3 Name![]<n#4 WhatIf?(wi) Confirm?(cf)',
      defaultSet: 'CimSession',
    },
    (call, bound) => {
      const gone = new Set(chosen(call, bound))
      keep(
        call,
        sessions(call).filter((one) => !gone.has(one)),
      )
    },
  ),
]
