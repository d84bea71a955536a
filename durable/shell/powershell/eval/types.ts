// The names of .NET types: accelerators, what is simulated of them, and what a value is.
import { text } from '../values/text.ts'
import { isObject, type PsValue, typeName } from '../values/value.ts'

const ACCELERATORS: Readonly<Record<string, string>> = {
  string: 'System.String',
  char: 'System.Char',
  bool: 'System.Boolean',
  boolean: 'System.Boolean',
  byte: 'System.Byte',
  sbyte: 'System.SByte',
  int: 'System.Int32',
  int16: 'System.Int16',
  int32: 'System.Int32',
  int64: 'System.Int64',
  long: 'System.Int64',
  uint16: 'System.UInt16',
  uint32: 'System.UInt32',
  uint64: 'System.UInt64',
  float: 'System.Single',
  single: 'System.Single',
  double: 'System.Double',
  decimal: 'System.Decimal',
  bigint: 'System.Numerics.BigInteger',
  array: 'System.Array',
  hashtable: 'System.Collections.Hashtable',
  scriptblock: 'System.Management.Automation.ScriptBlock',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  version: 'System.Version',
  uri: 'System.Uri',
  ipaddress: 'System.Net.IPAddress',
  mailaddress: 'System.Net.Mail.MailAddress',
  regex: 'System.Text.RegularExpressions.Regex',
  xml: 'System.Xml.XmlDocument',
  type: 'System.Type',
  object: 'System.Object',
  void: 'System.Void',
  switch: 'System.Management.Automation.SwitchParameter',
  switchparameter: 'System.Management.Automation.SwitchParameter',
  psobject: 'System.Management.Automation.PSObject',
  pscustomobject: 'System.Management.Automation.PSCustomObject',
  psvariable: 'System.Management.Automation.PSVariable',
  pscredential: 'System.Management.Automation.PSCredential',
  securestring: 'System.Security.SecureString',
  ordered: 'System.Collections.Specialized.OrderedDictionary',
  nullstring: 'System.Management.Automation.Language.NullString',
  ref: 'System.Management.Automation.PSReference',
  wmi: 'System.Management.ManagementObject',
  wmiclass: 'System.Management.ManagementClass',
  cimsession: 'Microsoft.Management.Infrastructure.CimSession',
  ciminstance: 'Microsoft.Management.Infrastructure.CimInstance',
  x509certificate: 'System.Security.Cryptography.X509Certificates.X509Certificate',
  cultureinfo: 'System.Globalization.CultureInfo',
  physicaladdress: 'System.Net.NetworkInformation.PhysicalAddress',
}

/** Types that may be written without `System.` */
const PLAIN =
  'Math Convert Environment Console Enum Array Exception DayOfWeek ConsoleColor StringComparison StringSplitOptions BitConverter Random Text.Encoding Text.StringBuilder Net.Dns Net.IPAddress Net.Sockets.TcpClient Net.NetworkInformation.Ping Net.NetworkInformation.PhysicalAddress Net.NetworkInformation.NetworkInterface Net.WebClient IO.File IO.Path IO.Directory Collections.ArrayList Collections.Hashtable Collections.Generic.List Collections.Generic.Dictionary Text.RegularExpressions.Regex Globalization.CultureInfo Management.Automation.PSCredential Diagnostics.Stopwatch Diagnostics.Process Threading.Thread GC InvalidOperationException ArgumentException FormatException DivideByZeroException NotSupportedException TimeoutException IO.IOException UnauthorizedAccessException NullReferenceException IndexOutOfRangeException OverflowException InvalidCastException'.split(
    ' ',
  )
const byLower = new Map(PLAIN.map((name) => [name.toLowerCase(), `System.${name}`]))
const fullByLower = new Map(Object.values(ACCELERATORS).map((name) => [name.toLowerCase(), name]))

/** The full name; undefined when there is no such type. Generic and array types keep what is in their brackets. */
export function fullType(written: string): string | undefined {
  const m = /^([\w.+]+)(?:`\d+)?(\[.*\])?$/.exec(written.replace(/\s/g, ''))
  if (m === null) return undefined
  const lower = (m[1] ?? '').toLowerCase()
  const rest = m[2] ?? ''
  const short = lower.replace(/^system\./, '')
  const known = ACCELERATORS[lower] ?? fullByLower.get(lower) ?? byLower.get(short)
  if (known !== undefined) return known + rest
  return /^(system|microsoft|windows)\./.test(lower) ? `${m[1]}${rest}` : undefined
}

/** A type that nobody has heard of. */
export const unknownType = (name: string): string => `Unable to find type [${name}].`

/** `-is`: itself, or what it derives from. */
export function isOfType(value: PsValue, written: string): boolean {
  if (value === null) return false
  const wanted = (fullType(written) ?? written).toLowerCase()
  if (wanted === 'system.object') return true
  const own = isObject(value) ? value.types : [typeName(value)]
  if (wanted === 'system.array' || wanted === 'system.object[]') return Array.isArray(value)
  if (wanted === 'system.valuetype') return typeof value === 'number' || typeof value === 'boolean'
  if (/^system\.collections\.(idictionary|hashtable)$/.test(wanted) && typeName(value) === 'System.Collections.Hashtable')
    return true
  if (wanted === 'system.management.automation.psobject' && isObject(value)) return true
  return own.some((name) => name.toLowerCase() === wanted || name.toLowerCase().replace(/^.*[.#/]/, '') === wanted)
}

/** What a type derives from, as its table shows. */
export const baseOf = (full: string): string =>
  /^System\.(Int|UInt|Byte|SByte|Double|Single|Decimal|Boolean|Char|DateTime|TimeSpan|Guid)/.test(full)
    ? 'System.ValueType'
    : full.endsWith(']')
      ? 'System.Array'
      : 'System.Object'

/** The name that a value of kind `type` or a text gives. */
export const typeOf = (value: PsValue): string => {
  const name = text(value)
  return fullType(name) ?? name
}
