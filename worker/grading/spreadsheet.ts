// Tables that a spreadsheet opens (RFC 4180), and test reports that CI systems read. Names come from people: a cell that a
// spreadsheet would take for a formula is told as text, and XML is escaped.

export type Cell = string | number | null

const FORMULA = /^[=+\-@\t\r]/

function cell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  // A leading apostrophe makes it text everywhere (OWASP, CSV injection).
  const safe = FORMULA.test(value.trimStart()) || FORMULA.test(value) ? `'${value}` : value
  return /[",;\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** With the mark that makes spreadsheets read it as UTF-8. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`

export type Suite = {
  readonly name: string
  readonly time: string | null
  readonly cases: readonly {
    readonly id: string
    readonly title: string
    readonly outcome: 'pass' | 'fail' | 'could-not-run'
    readonly points: number
    readonly of: number
    readonly message: string
  }[]
}

/** What XML 1.0 does not have at all. */
const NO_XML =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
const names: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
}
const xml = (text: string) => text.replace(NO_XML, '\uFFFD').replace(/[&<>"'\n\t\r]/g, (one) => names[one] ?? one)

const sum = (numbers: readonly number[]) => Math.round(numbers.reduce((all, one) => all + one, 0) * 100) / 100

/** A test suite for each submission or lab, a test case for each check: failed when points are missing, an error when it could not run. */
export function toJunit(name: string, suites: readonly Suite[]): string {
  const count = (which: (outcome: string) => boolean) =>
    suites.flatMap(({ cases }) => cases).filter(({ outcome }) => which(outcome)).length
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(name)}" tests="${count(() => true)}" failures="${count((one) => one === 'fail')}" errors="${count((one) => one === 'could-not-run')}">`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

function suiteLines({ name, time, cases }: Suite): string[] {
  const count = (outcome: string) => cases.filter((one) => one.outcome === outcome).length
  const at = time === null ? '' : ` timestamp="${xml(time)}"`
  return [
    `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${count('fail')}" errors="${count('could-not-run')}" skipped="0"${at}>`,
    '    <properties>',
    `      <property name="points" value="${sum(cases.map(({ points }) => points))}"/>`,
    `      <property name="of" value="${sum(cases.map(({ of }) => of))}"/>`,
    '    </properties>',
    ...cases.flatMap((one) => caseLines(name, one)),
    '  </testsuite>',
  ]
}

function caseLines(suite: string, { id, title, outcome, points, of, message }: Suite['cases'][number]): string[] {
  const head = `    <testcase classname="${xml(suite)}" name="${xml(title === '' ? id : title)}" assertions="1"`
  if (outcome === 'pass') return [`${head}/>`]
  const tag = outcome === 'fail' ? 'failure' : 'error'
  const text = `${points} of ${of} points. ${message}`
  return [`${head}>`, `      <${tag} message="${xml(text)}" type="${xml(id)}"/>`, '    </testcase>']
}
