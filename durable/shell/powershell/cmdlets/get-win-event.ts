import type { EventView } from '../../../engine/machine/windows/windows-views.ts'
import { hasWildcard, wildcard } from '../../windows/regex/wildcard.ts'
import { type Bound, type Call, cmdlet, type Fault } from '../cmdlet.ts'
import { NotSimulated } from '../errors.ts'
import { text } from '../values/text.ts'
import { isHash, kindOf, object, type PsDate, type PsObject, type PsValue, unroll } from '../values/value.ts'
import { dateOf, windowsOf } from './windows.ts'

const LEVELS = { Critical: 1, Error: 2, Warning: 3, Information: 4 } as const

function eventObject(call: Call, one: EventView): PsObject {
  const { hostname } = call.kernel.identity()
  return object(
    ['System.Diagnostics.Eventing.Reader.EventLogRecord', 'System.Diagnostics.Eventing.Reader.EventRecord'],
    {
      Message: one.message,
      Id: one.id,
      Version: 0,
      Qualifiers: null,
      Level: LEVELS[one.level],
      Task: 0,
      Opcode: 0,
      Keywords: 0,
      RecordId: one.record,
      ProviderName: one.provider,
      LogName: one.log,
      ProcessId: 0,
      ThreadId: 0,
      MachineName: hostname,
      UserId: null,
      TimeCreated: dateOf(call, one.at),
      LevelDisplayName: one.level,
      Properties: one.values.map((value) => object('System.Diagnostics.Eventing.Reader.EventProperty', { Value: value })),
    },
    'System.Diagnostics.Eventing.Reader.EventLogRecord',
  )
}

const fault = (message: string, target: string, id: string): Fault => ({
  message,
  category: 'ObjectNotFound',
  target,
  exception: 'Exception',
  id,
})

const noEvents = (): Fault =>
  fault('No events were found that match the specified selection criteria.', '', 'NoMatchingEventsFound')
const noLog = (name: string, host: string): Fault =>
  fault(`There is not an event log on the ${host} computer that matches "${name}".`, `${name}:String`, 'NoMatchingLogsFound')
const noProvider = (name: string, host: string): Fault =>
  fault(
    `There is not an event provider on the ${host} computer that matches "${name}".`,
    `${name}:String`,
    'NoMatchingProvidersFound',
  )

/** Names of logs that a pattern means; null after an error. */
function logsOf(call: Call, patterns: readonly string[]): string[] {
  const names = windowsOf(call)
    .eventLogs()
    .map(({ name }) => name)
  return patterns.flatMap((pattern) => {
    const matches = wildcard(pattern)
    const some = names.filter((name) => matches(name))
    if (some.length === 0 && !hasWildcard(pattern)) call.error(noLog(pattern, 'localhost'))
    return some
  })
}

type Test = (one: EventView) => boolean

const moment = (value: PsValue): number | undefined => (kindOf(value) === 'date' ? (value as PsDate).micros : undefined)

/** What a filter of `-FilterHashtable` asks; a key that is real and does nothing here is refused. */
function testOf(call: Call, key: string, value: PsValue): Test {
  const texts = unroll(value).map((one) => text(one))
  const numbers = texts.map(Number)
  const at = moment(value)
  switch (key.toLowerCase()) {
    case 'logname':
      return ({ log }) => texts.some((one) => wildcard(one)(log))
    case 'providername':
      return ({ provider }) => texts.some((one) => wildcard(one)(provider))
    case 'id':
      return ({ id }) => numbers.includes(id)
    case 'level':
      return ({ level }) => numbers.includes(LEVELS[level])
    case 'starttime':
    case 'endtime':
      if (at === undefined) throw new NotSimulated(`Get-WinEvent: ${key} wants a date here, such as (Get-Date).AddHours(-1).`)
      return (one) => (key.toLowerCase() === 'starttime' ? dateOf(call, one.at).micros >= at : dateOf(call, one.at).micros <= at)
    case 'data':
      return ({ values }) => texts.some((one) => values.includes(one))
    default:
      throw new NotSimulated(`Get-WinEvent -FilterHashtable ${key}: this key is real, but it is not simulated here yet.`)
  }
}

function* show(call: Call, bound: Bound, events: readonly EventView[]) {
  if (events.length === 0) return call.error(noEvents())
  const order = [...events].sort((a, b) => a.at - b.at)
  if (!bound.flag('Oldest')) order.reverse()
  for (const one of order.slice(0, bound.number('MaxEvents') ?? order.length)) yield* call.emit(eventObject(call, one))
}

export const getWinEvent = cmdlet(
  {
    name: 'Get-WinEvent',
    module: 'Microsoft.PowerShell.Diagnostics',
    synopsis: 'Gets events from event logs and event tracing log files on local and remote computers.',
    supports: ['LogName', 'ListLog', 'ProviderName', 'ListProvider', 'FilterHashtable', 'MaxEvents', 'Oldest', 'Force'],
    defaultSet: 'GetLogSet',
    signature:
      '{GetLogSet,ListLogSet,ListProviderSet,GetProviderSet,FileSet,HashQuerySet,XmlQuerySet} ListLog![]@0#1 LogName[]@0<vn#0 ListProvider![]@0#2 ProviderName![]@0<n#3 Path![]@0<n(PSPath)#4 MaxEvents:Int64#0,3,4,5,6 ComputerName(Cn) Credential:PSCredential FilterXPath#0,3,4 FilterXml!:XmlDocument@0#6 FilterHashtable!:Hashtable[]@0#5 Force? Oldest?',
  },
  function* (call, bound) {
    const windows = windowsOf(call)
    if (bound.has('ListLog')) {
      for (const name of logsOf(call, bound.texts('ListLog')))
        for (const log of windows.eventLogs().filter((one) => one.name === name))
          yield* call.emit(
            object('System.Diagnostics.Eventing.Reader.EventLogConfiguration', {
              LogMode: 'Circular',
              MaximumSizeInBytes: log.maximumBytes,
              RecordCount: log.records,
              LogName: log.name,
              IsEnabled: true,
              LogType: log.name.includes('/') ? 'Operational' : 'Administrative',
              FileSize: 69_632,
            }),
          )
      return
    }
    const all = windows.events()
    if (bound.has('ListProvider')) {
      const names = [...new Set(all.map(({ provider }) => provider))].sort()
      for (const pattern of bound.texts('ListProvider')) {
        const some = names.filter(wildcard(pattern))
        if (some.length === 0 && !hasWildcard(pattern)) call.error(noProvider(pattern, 'localhost'))
        for (const name of some)
          yield* call.emit(
            object('System.Diagnostics.Eventing.Reader.ProviderMetadata', {
              Name: name,
              LogLinks: [...new Set(all.filter(({ provider }) => provider === name).map(({ log }) => log))],
            }),
          )
      }
      return
    }
    if (bound.has('FilterHashtable')) {
      const filters = bound.list('FilterHashtable').filter(isHash)
      const tests = filters.map((filter) => [...filter.entries].map(([key, value]) => testOf(call, key, value)))
      for (const filter of filters)
        for (const [key, value] of filter.entries)
          if (key.toLowerCase() === 'logname') {
            const wanted = unroll(value).map((one) => text(one))
            if (logsOf(call, wanted).length === 0 && !wanted.some(hasWildcard)) return
          }
      return yield* show(
        call,
        bound,
        all.filter((one) => tests.some((test) => test.every((each) => each(one)))),
      )
    }
    if (bound.has('ProviderName')) {
      const wanted = bound.texts('ProviderName')
      return yield* show(
        call,
        bound,
        all.filter(({ provider }) => wanted.some((name) => wildcard(name)(provider))),
      )
    }
    const wanted = bound.has('LogName') ? bound.texts('LogName') : ['*']
    const names = new Set(logsOf(call, wanted))
    if (names.size > 0)
      yield* show(
        call,
        bound,
        all.filter(({ log }) => names.has(log)),
      )
  },
)

export const getEventLog = cmdlet(
  {
    name: 'Get-EventLog',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Gets the events in an event log, or a list of the event logs, on the local computer.',
    supports: ['LogName', 'InstanceId', 'Newest', 'EntryType', 'Source', 'Message', 'List'],
    defaultSet: 'LogName',
    signature:
      '{LogName,List} LogName!@0#0 ComputerName[](Cn) Newest:Int32#0 After:DateTime#0 Before:DateTime#0 UserName[]#0 InstanceId:Int64[]@1#0 Index:Int32[]#0 EntryType[](ET)=Error|Information|FailureAudit|SuccessAudit|Warning#0 Source[](ABO)#0 Message(MSG)#0 AsBaseObject?#0 List?#1 AsString?#1',
  },
  function* (call, bound) {
    const windows = windowsOf(call)
    const classic = windows.eventLogs().filter(({ name }) => !name.includes('/') && !name.startsWith('Microsoft-'))
    if (bound.flag('List')) {
      for (const log of classic)
        yield* call.emit(
          object('System.Diagnostics.EventLog', {
            'Max(K)': Math.floor(log.maximumBytes / 1024),
            Retain: 0,
            OverflowAction: 'OverwriteAsNeeded',
            Entries: log.records,
            Log: log.name,
          }),
        )
      return
    }
    const name = bound.text('LogName') ?? ''
    const log = classic.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (log === undefined)
      return call.fail({
        message: `The event log '${name}' on computer '.' does not exist.`,
        category: 'InvalidOperation',
        exception: 'InvalidOperationException',
        id: 'System.InvalidOperationException',
      })
    const matching = windows
      .events(log.name)
      .filter(
        (one) =>
          (!bound.has('InstanceId') || bound.numbers('InstanceId').includes(one.id)) &&
          (!bound.has('EntryType') || bound.texts('EntryType').includes(one.level)) &&
          (!bound.has('Source') || bound.texts('Source').some((source) => wildcard(source)(one.provider))) &&
          (!bound.has('Message') || wildcard(bound.text('Message') ?? '*')(one.message)),
      )
      .reverse()
    if (matching.length === 0) return call.error(fault('No matches found', '', 'GetEventLogNoEntriesFound'))
    for (const one of matching.slice(0, bound.number('Newest') ?? matching.length))
      yield* call.emit(
        object('System.Diagnostics.EventLogEntry', {
          Index: one.record,
          EntryType: one.level,
          InstanceId: one.id,
          EventID: one.id,
          Message: one.message,
          Source: one.provider,
          TimeGenerated: dateOf(call, one.at),
          MachineName: call.kernel.identity().hostname,
          ReplacementStrings: [...one.values],
        }),
      )
  },
)

export const clearEventLog = cmdlet(
  {
    name: 'Clear-EventLog',
    module: 'Microsoft.PowerShell.Management',
    synopsis: 'Clears all entries from specified event logs on the local or remote computers.',
    supports: ['LogName', 'Confirm'],
    defaultSet: 'LogName',
    signature: '{LogName} LogName![]@0(LN)#0 ComputerName[]@1(Cn)#0 WhatIf?(wi) Confirm?(cf)',
  },
  (call, bound) => {
    for (const name of bound.texts('LogName'))
      if (!windowsOf(call).clearEventLog(name).ok)
        call.error({
          message: `The Log name "${name}" does not exist in the computer "localhost".`,
          category: 'InvalidArgument',
          target: ':',
          exception: 'InvalidOperationException',
          id: 'NoComputerOrLogFound',
        })
  },
)
