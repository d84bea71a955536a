// For tests and benchmarks only: lines and scripts as nobody should type them, from a seed.
import { RandomStream } from '../../engine/sim/random.ts'
import { cmdlets, signatureOf } from './cmdlets/index.ts'

const CORPUS: readonly string[] = [
  'Get-VM | Where-Object { $_.State -eq "Running" } | Select-Object Name,@{n="MB";e={$_.MemoryAssigned/1MB}} | Sort-Object MB -Descending | Format-Table -AutoSize',
  'foreach ($vm in Get-VM) { if ($vm.Name -like "vm*") { "$($vm.Name): $($vm.State)" } else { continue } }',
  'function Get-Thing { [CmdletBinding(SupportsShouldProcess)] param([Parameter(Mandatory,ValueFromPipeline)][ValidateSet("a","b")][string]$Name, [ValidateRange(1,9)][int]$N = 3) begin { $s = 0 } process { $s += $N; if ($PSCmdlet.ShouldProcess($Name)) { $Name } } end { $s } }; "a","b" | Get-Thing -N 2 -Verbose',
  'try { Get-VM nosuch -ErrorAction Stop } catch [System.Exception] { $_.Exception.Message; throw } finally { "done" }',
  'trap { "trapped $_"; continue } 1/0; [int]"x"; $null.Foo()',
  '$h = [ordered]@{ a = 1; b = @(1,2,3); c = @{ d = "e" } }; $h.c.d; $h["b"][-1]; $h.GetEnumerator() | % { $_.Key }',
  '$s = @"\nhere $($h.a) `$x\n"@; $s -split "\\s+" | ? Length -gt 2',
  "'2024-01-02 10.0.0.1' -match '(?<d>\\d+-\\d+-\\d+) (?<ip>[\\d.]+)'; $matches.ip; $matches['d'] -replace '-', '/'",
  'switch -Regex ("a1","b2",3) { "^a" { "A" } "\\d$" { "digit $_"; break } { $_ -is [int] } { "int" } default { "other" } }',
  ':outer for ($i = 0; $i -lt 5; $i++) { while ($true) { if ($i % 2) { continue outer }; break }; "$i" }',
  'do { $k += 1 } until ($k -ge 3); $k; do { $k-- } while ($k -gt 0)',
  '& { param($x, [switch]$y) "$x $y" } 1 -y; . { $dotted = 1 }; 1..3 | & { process { $_ * 2 } }',
  'Get-NetAdapter | Get-NetIPAddress -AddressFamily IPv4 -ErrorAction SilentlyContinue | fl *',
  'New-NetIPAddress -InterfaceAlias Ethernet -IPAddress 10.0.0.5 -PrefixLength 24 -DefaultGateway 10.0.0.1 -WhatIf',
  'Get-VMSwitch | % { $_ | Get-VMNetworkAdapter -All 2>&1 } | Out-String -Stream | Select-String -Pattern "vm\\d" -Context 1,1',
  '[math]::Round([math]::PI, 3); [string]::Join(",", (1..5)); [convert]::ToString(255, 2); [datetime]"2024-02-29" - [timespan]"1.02:03:04"',
  '"{0,-10}|{1:N2}|{2:X4}|{3:yyyy-MM-dd}" -f "left", 1234.5, 255, (Get-Date)',
  '$a, $b, $c = 1, "two", { 3 }; $a + 1; $b * 2; & $c; $x = if ($a) { "yes" } else { "no" }',
  'Get-Process 2> $null | Measure-Object -Property Id -Sum -Average; Get-Service -Name v* *> out.txt; Get-Content out.txt | Select -First 2',
  '@(1,2,3) | ForEach-Object -Begin { $t = 0 } -Process { $t += $_ } -End { $t } | Tee-Object -Variable z; $z.GetType().FullName',
  '1,2,3,4 | group { $_ % 2 } | select Count, Name | ConvertTo-Json -Compress | ConvertFrom-Json | ConvertTo-Csv -NoTypeInformation',
  '$p = @{ Name = "vm1"; ErrorAction = "Stop" }; Get-VM @p | Get-Member -MemberType Property | ft Name, Definition',
  'Test-NetConnection -ComputerName 192.168.3.1 -Port 80 -InformationLevel Detailed; ping 192.168.3.1 -n 1; ipconfig /all | findstr IPv4',
  '[System.Collections.ArrayList]$l = 1,2; [void]$l.Add("x"); $l.RemoveAt(0); $l -join "+"; ("a","b").ForEach({ $_.ToUpper() }).Where({ $_ -ne "A" })',
]

const TOKENS: readonly string[] =
  '| ; , . .. ( ) { } [ ] @( @{ $( $x $_ $true $null $env:PATH $script:y "text" \'raw\' "a $x b" 1 -1 0x1F 2GB 1.5e3 + - * / % = += -= ++ -- -eq -ne -gt -like -match -replace -split -join -f -contains -in -is -as -band -not ! -and -or > >> 2> 2>&1 *> < & # <# #> ` @" "@ @\' \'@ :: :label if else elseif foreach for while do until switch function filter param try catch finally throw trap return break continue exit in begin process end [int] [string[]] [ordered] [pscustomobject] [math]::Abs( [datetime]::Now .Length .ToUpper() .Split(",") [0] [-1] [nosuch] % ? ft fl select sort group'.split(
    ' ',
  )
const CHARS = [...'abcXYZ019 \t\n"\'`$@#%&()[]{}<>|;:,.+-*/\\=!?~^_\u00e9\u2028\u{1f600}\0']

export class FuzzLines {
  private readonly random: RandomStream

  constructor(seed: number) {
    this.random = new RandomStream(seed, 'powershell-lines')
  }

  private below(n: number): number {
    return this.random.below(n)
  }

  private one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** A cmdlet with some of its parameters. */
  private command(): string {
    const spec = this.one(cmdlets)
    const { parameters } = signatureOf(spec)
    let line = spec.name
    for (let i = this.below(4); i > 0 && parameters.length > 0; i--) {
      const one = this.one(parameters)
      line += ` -${one.name.slice(0, 1 + this.below(one.name.length))}`
      if (this.below(4) > 0)
        line += `${this.one([' ', ':', ''])}${this.one(one.accepted.length > 0 && this.below(2) > 0 ? one.accepted : ['vm1', '1', "''", '$null', '@(1,2)', '{ 1 }', '(Get-VM)', '10.0.0.1', '*', '$x'])}`
    }
    return line
  }

  private soup(): string {
    let line = ''
    for (let i = 1 + this.below(18); i > 0; i--) line += this.one(TOKENS) + (this.below(3) > 0 ? ' ' : '')
    return line
  }

  private mutated(source: string): string {
    let text = source
    for (let i = 1 + this.below(5); i > 0; i--) {
      const at = this.below(text.length + 1)
      const length = this.below(12)
      switch (this.below(6)) {
        case 0:
          text = text.slice(0, at) + text.slice(at + length)
          break
        case 1:
          text = text.slice(0, at) + this.one(CHARS) + text.slice(at)
          break
        case 2:
          text = text.slice(0, at) + this.one(TOKENS) + text.slice(at + length)
          break
        case 3:
          text = text.slice(0, at) + text.slice(at, at + length) + text.slice(at)
          break
        case 4:
          text = text.slice(0, at)
          break
        default: {
          const other = this.one(CORPUS)
          text = text.slice(0, at) + other.slice(this.below(other.length))
        }
      }
    }
    return text
  }

  /** The next line. */
  next(): string {
    switch (this.below(6)) {
      case 0:
        return this.soup()
      case 1:
        return Array.from({ length: 1 + this.below(3) }, () => this.command()).join(this.one([' | ', '; ', ' -and ', ' | % { ']))
      case 2:
        return this.mutated(this.command())
      case 3:
        return `${this.mutated(this.one(CORPUS))}\n${this.mutated(this.one(CORPUS))}`
      default:
        return this.mutated(this.one(CORPUS))
    }
  }
}

/** What nobody should ever read: our own mistakes showing through. */
export const slip = /\[object |TypeError|RangeError|is not a function|is not iterable|Cannot read propert|Maximum call stack/
