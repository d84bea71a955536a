// PowerShell: lines as nobody should type them, a script over fifty virtual machines, and what a new console costs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDefinition } from '../durable/definition/parse.ts'
import { Lab } from '../durable/engine/lab/index.ts'
import { shells } from '../durable/runtime.ts'
import { FuzzLines, slip } from '../durable/shell/powershell/fuzz-lines.ts'
import { powershell } from '../durable/shell/powershell/index.ts'
import { fakeConsole } from '../durable/shell/windows/fake-console.ts'
import { type Benchmark, cpuSeconds, median, RUNS } from './harness.ts'
import { HOST, newLab, readDefinition, SMALL_RING, type } from './lab.ts'

const LINES = Number(process.env['LINES'] ?? 100_000)
const SEED = Number(process.env['SEED'] ?? 1)
/** Lines of one console; then a new one begins. */
const EACH = 40

export const fuzzPowershell: Benchmark = {
  name: 'fuzz-powershell',
  says: `${LINES} generated lines and mutated scripts (seed ${SEED}), each run, completed and asked whether it is whole`,
  run: () => {
    const lines = new FuzzLines(SEED)
    let console_ = fakeConsole()
    let faults = 0
    let first = ''
    const seconds = cpuSeconds(() => {
      for (let i = 0; i < LINES; i++) {
        if (i % EACH === 0) console_ = fakeConsole()
        const line = lines.next()
        let wrong = ''
        try {
          const said = console_.type(line)
          if (slip.test(said)) wrong = said
          powershell.incomplete(line)
          powershell.complete(line, { kernel: console_.kernel, memory: console_.memory })
        } catch (error) {
          wrong = error instanceof Error ? (error.stack ?? error.message) : String(error)
          console_ = fakeConsole()
        }
        if (wrong === '') continue
        faults++
        if (first === '') first = `${line}\n${wrong}`
      }
    })
    if (first !== '') console.log(first)
    console.log(`${Math.round(LINES / seconds)} lines per processor second`)
    return { value: faults, unit: 'internal errors', reference: LINES, referenceIs: 'lines', runs: 1 }
  },
}

/** Lines of one lab; then a new one begins. */
const OF_A_LAB = 40
/** The shell does not take the line at all: that is ours, since the real one does. */
const REFUSED =
  /ParserError|CommandNotFoundException|NamedParameterNotFound|AmbiguousParameter|PositionalParameterNotFound|MissingArgument|CannotConvertArgument|ParameterArgumentValidationError,|failed inside the simulator/

export type ExampleOutcome = 'acts' | 'declines' | 'refused'

/** What becomes of each line: one for each example form of Microsoft's pages, every second of them, with values of our own. */
export function examples(): { readonly page: string; readonly line: string; readonly outcome: ExampleOutcome }[] {
  const rows = readFileSync(join(import.meta.dirname, '../scripts/signatures/examples.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  let lab = newLab(readDefinition(), SMALL_RING)
  let command = 1
  return rows.map((row, at) => {
    const [page = '', line = ''] = row.split('\t')
    if (at % OF_A_LAB === 0) {
      lab = newLab(readDefinition(), SMALL_RING)
      command = 1
    }
    let said = lab.exec(HOST, line, command++).output
    // A question is answered by Enter, as often as it is asked.
    for (let asked = 0; lab.console(HOST)?.busy === true && asked < 8; asked++) said += lab.exec(HOST, '', command++).output
    if (lab.console(HOST)?.busy === true) lab.interrupt(HOST)
    said += lab.takeOutput().reduce((text, one) => text + one.text, '')
    const outcome = /not simulated/.test(said) ? 'declines' : REFUSED.test(said) ? 'refused' : 'acts'
    return { page, line, outcome }
  })
}

export const exampleLines: Benchmark = {
  name: 'powershell-examples',
  says: 'forms of example lines on the pages of the networking modules that act; those that say they are not simulated come apart',
  run: () => {
    const all = examples()
    const modules = new Map<string, Record<ExampleOutcome, number>>()
    for (const { page, line, outcome } of all) {
      const module = page.split('/')[0] as string
      const counts = modules.get(module) ?? { acts: 0, declines: 0, refused: 0 }
      counts[outcome]++
      modules.set(module, counts)
      if (outcome === 'refused') console.log(`refused: ${line}`)
    }
    for (const [module, { acts, declines, refused }] of modules)
      console.log(`${module.padEnd(24)} ${acts} act, ${declines} decline, ${refused} refused`)
    const of = (outcome: ExampleOutcome): number => all.filter((one) => one.outcome === outcome).length
    const share = (count: number): number => (100 * count) / all.length
    console.log(`act or decline: ${share(of('acts') + of('declines')).toFixed(1)} % of ${all.length}`)
    return { value: share(of('acts')), unit: '% act', reference: 80, referenceIs: '% that are to act', runs: 1 }
  },
}

const MACHINES = 50

/** A computer with that many guests, all off: more than a definition may name, so one of them is copied. */
function crowdedLab(): Lab {
  const parsed = parseDefinition(`title: crowd
summary: a computer with many guests
machines:
  pc:
    os: windows-11
    adapters: { Ethernet: {} }
    hyperV: { vms: { vm01: { memory: 512MB } } }
  vm01: { os: ubuntu-24.04, adapters: { eth0: {} } }
`)
  if (!parsed.ok) throw new Error(parsed.faults.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n'))
  const [pc, guest] = parsed.definition.machines
  const vm = pc?.hyperV?.vms[0]
  if (pc?.hyperV == null || guest === undefined || vm === undefined) throw new Error('the computer is not as it was written')
  const names = Array.from({ length: MACHINES }, (_, at) => `vm${String(at + 1).padStart(2, '0')}`)
  const vms = names.map((name) => ({ ...vm, name, machine: name, running: false }))
  const guests = names.map((name) => ({ ...guest, name, hostname: name }))
  const machines = [{ ...pc, hyperV: { ...pc.hyperV, vms } }, ...guests]
  return new Lab({ ...parsed.definition, machines }, 1, shells, undefined, SMALL_RING)
}

/** Two hundred lines: what an inventory and a check of a computer's machines look like. */
export function inventory(): string {
  const section = (at: number): string => `
# Part ${at}
$machines${at} = Get-VM | Sort-Object Name
$report${at} = foreach ($vm in $machines${at}) {
    $number = [int]($vm.Name -replace '\\D', '')
    if ($number % ${at + 1} -ne 0) { continue }
    $state = switch ($vm.State) {
        'Running' { 'up' }
        'Off' { 'down' }
        default { 'other' }
    }
    [pscustomobject]@{
        Name = $vm.Name
        State = $state
        MB = [math]::Round($vm.MemoryStartup / 1MB)
        Label = '{0:D3}-{1}' -f $number, $vm.Generation
    }
}
$by${at} = $report${at} | Group-Object State -NoElement
foreach ($group in $by${at}) {
    "$($group.Name): $($group.Count)"
}`
  const head = `function Get-Total {
    param([Parameter(ValueFromPipeline)] $Item)
    begin { $total = 0 }
    process { $total += $Item.MB }
    end { $total }
}`
  const lines: string[] = [head]
  for (let at = 1; at <= 9; at++) lines.push(section(at))
  lines.push(
    '$adapters = Get-VMNetworkAdapter -VMName *',
    '"$($adapters.Count) adapters"',
    "$report1 | Where-Object { $_.Label -like '0*' } | Get-Total",
    '$report1 | Select-Object Name, MB -First 5 | Format-Table -AutoSize',
  )
  return lines.join('\n')
}

export const scriptTime: Benchmark = {
  name: 'powershell-script-ms',
  says: `a script of ${inventory().split('\n').length} lines over ${MACHINES} virtual machines, processor time; may take 300 ms`,
  run: () => {
    const lab = crowdedLab()
    const script = inventory()
    let command = 1
    const said = type(lab, HOST, script, command++)
    if (!said.includes('down: ') || !said.includes(`${MACHINES} adapters`)) throw new Error(said)
    const milliseconds = (line: string): number =>
      median(Array.from({ length: RUNS }, () => cpuSeconds(() => type(lab, HOST, line, command++)) * 1000))
    return {
      value: milliseconds(script),
      unit: 'ms',
      reference: milliseconds('Get-VM | Out-Null'),
      referenceIs: 'one Get-VM of all machines',
      runs: RUNS,
    }
  },
}

export const consoleTime: Benchmark = {
  name: 'powershell-console-ms',
  says: 'a new console with its first line, processor time; may take 5 ms',
  run: () => {
    const lab = newLab(readDefinition(), SMALL_RING)
    let command = 1
    type(lab, HOST, '1', command++)
    let terminal = 2
    const opened = Array.from({ length: RUNS }, () => cpuSeconds(() => type(lab, `${HOST}:${terminal++}`, '1', command++)) * 1000)
    const again = Array.from({ length: RUNS }, () => cpuSeconds(() => type(lab, HOST, '1', command++)) * 1000)
    return {
      value: median(opened),
      unit: 'ms',
      reference: median(again),
      referenceIs: 'the same line on one that is open',
      runs: RUNS,
    }
  },
}
