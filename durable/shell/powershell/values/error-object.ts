// Error records as objects: what `$Error`, `$_` in a catch block and `2>&1` hold.
import type { Json } from '../../../engine/sim/json.ts'
import { categoryText, type ErrorRecord, errorText, positionText } from '../errors.ts'
import { text } from './text.ts'
import { isObject, object, type PsObject, type PsValue, property } from './value.ts'

export const ERROR_RECORD = 'System.Management.Automation.ErrorRecord'

const AUTOMATION = 'System.Management.Automation'
/** Exceptions outside of System.Management.Automation, by their last word. */
const homes: Readonly<Record<string, string>> = {
  CimException: 'Microsoft.Management.Infrastructure',
  CimJobException: 'Microsoft.PowerShell.Cmdletization.Cim',
  VirtualizationException: 'Microsoft.HyperV.PowerShell',
  WriteErrorException: 'Microsoft.PowerShell.Commands',
  ServiceCommandException: 'Microsoft.PowerShell.Commands',
  ProcessCommandException: 'Microsoft.PowerShell.Commands',
  HelpNotFoundException: 'Microsoft.PowerShell.Commands',
  Win32Exception: 'System.ComponentModel',
  IOException: 'System.IO',
  FileNotFoundException: 'System.IO',
  DirectoryNotFoundException: 'System.IO',
  ArgumentException: 'System',
  ArgumentOutOfRangeException: 'System',
  ArgumentNullException: 'System',
  FormatException: 'System',
  InvalidCastException: 'System',
  InvalidOperationException: 'System',
  NotSupportedException: 'System',
  NullReferenceException: 'System',
  DivideByZeroException: 'System',
  OverflowException: 'System',
  IndexOutOfRangeException: 'System',
  UnauthorizedAccessException: 'System',
  TimeoutException: 'System',
  Exception: 'System',
}

/** The full name of an exception from its last word. */
export const exceptionType = (name: string): string => (name.includes('.') ? name : `${homes[name] ?? AUTOMATION}.${name}`)

/** What an exception is, itself first, for `catch` and `-is`. */
export const exceptionTypes = ({ exception, also }: ErrorRecord): string[] => [
  exceptionType(exception),
  ...(also ?? []),
  `${AUTOMATION}.RuntimeException`,
  'System.SystemException',
  'System.Exception',
]

export function exceptionObject(record: ErrorRecord): PsObject {
  const [own, ...bases] = exceptionTypes(record)
  return object(
    [own as string, ...bases],
    {
      Message: record.message,
      Data: { kind: 'hash', entries: new Map(), ordered: false },
      InnerException: null,
      StackTrace: null,
      HelpLink: null,
      Source: 'System.Management.Automation',
      HResult: -2_146_233_087,
    },
    record.message,
  )
}

const split = (target: string): [string, string] => {
  const colon = target.lastIndexOf(':')
  return colon < 0 ? [target, ''] : [target.slice(0, colon), target.slice(colon + 1)]
}

export function errorObject(record: ErrorRecord): PsObject {
  const { message, category, target, exception, id, command } = record
  const [targetName, targetType] = split(target)
  const position = positionText(record)
  const place = /^At line:(\d+) char:(\d+)/.exec(position)
  const activity = record.activity ?? command
  return object(
    ERROR_RECORD,
    {
      PSMessageDetails: null,
      Exception: exceptionObject(record),
      TargetObject: target === '' ? null : targetName,
      CategoryInfo: object(
        `${AUTOMATION}.ErrorCategoryInfo`,
        { Category: category, Activity: activity, Reason: exception, TargetName: targetName, TargetType: targetType },
        categoryText(record),
      ),
      FullyQualifiedErrorId: id,
      ErrorDetails: null,
      InvocationInfo: object(`${AUTOMATION}.InvocationInfo`, {
        MyCommand: command,
        ScriptLineNumber: Number(place?.[1] ?? 1),
        OffsetInLine: Number(place?.[2] ?? 1),
        HistoryId: -1,
        ScriptName: '',
        Line: position.split('\n')[1]?.slice(2) ?? '',
        PositionMessage: position,
        PSScriptRoot: '',
        PSCommandPath: null,
        InvocationName: command,
        CommandOrigin: 'Internal',
      }),
      ScriptStackTrace: `at <ScriptBlock>, <No file>: line ${place?.[1] ?? 1}`,
      PipelineIterationInfo: [],
    },
    message,
  )
}

export const isErrorObject = (value: PsValue): value is PsObject => isObject(value) && value.types[0] === ERROR_RECORD

/** The record that an object stands for. */
export function recordOf(item: PsObject): ErrorRecord {
  const of = (value: PsValue, name: string): string => text(property(value, name) ?? null)
  const info = property(item, 'CategoryInfo') ?? null
  const invocation = property(item, 'InvocationInfo') ?? null
  const exception = property(item, 'Exception') ?? null
  const name = of(info, 'TargetName')
  const kind = of(info, 'TargetType')
  const command = of(invocation, 'MyCommand')
  const types = isObject(exception) ? exception.types : []
  return {
    message: of(exception, 'Message'),
    command,
    activity: of(info, 'Activity'),
    category: of(info, 'Category'),
    target: name === '' && kind === '' ? '' : `${name}:${kind}`,
    exception: of(info, 'Reason'),
    id: of(item, 'FullyQualifiedErrorId'),
    extent: { line: '', start: 0, end: 0 },
    position: of(invocation, 'PositionMessage'),
    also: types.filter((one) => !/\.(RuntimeException|SystemException|Exception)$/.test(one)).slice(1),
  }
}

/** What the terminal shows of an error object. */
export const errorObjectText = (item: PsObject): string => errorText(recordOf(item))

const LONGEST = 2000

/** A record as a console keeps it: plain data that no longer needs the line it came from. */
export function storeRecord(record: ErrorRecord): Json {
  const { message, command, activity, category, target, exception, id, also } = record
  return {
    message: message.slice(0, LONGEST),
    command: command.slice(0, LONGEST),
    ...(activity === undefined ? {} : { activity }),
    category,
    target: target.slice(0, LONGEST),
    exception,
    id: id.slice(0, LONGEST),
    position: positionText(record),
    ...(also === undefined ? {} : { also: [...also] }),
  }
}

/** Consoles of before kept the message alone. */
export function loadRecord(stored: Json): ErrorRecord {
  const base = {
    command: '',
    category: 'NotSpecified',
    target: '',
    exception: 'RuntimeException',
    id: '',
    extent: { line: '', start: 0, end: 0 },
    position: 'At line:1 char:1\n+ \n+ ~',
  }
  if (stored === null || typeof stored !== 'object' || Array.isArray(stored)) return { ...base, message: String(stored) }
  return { ...base, ...(stored as Partial<ErrorRecord>), message: String((stored as { message?: Json }).message ?? '') }
}
