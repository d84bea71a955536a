// Functions, try, switch, splatting: what people write at a prompt and in short scripts.
import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'

const run = (line: string) => fakeConsole().type(line)

test('variables by cmdlet are those of their scope', () => {
  expect(
    run('$x = 1; function f { $y = 2; Get-Variable y -ValueOnly; Get-Variable x -ValueOnly; Get-Variable x -Scope Local }; f'),
  ).toContain("2\n1\nGet-Variable : Cannot find a variable with the name 'x'.")
  expect(run('$x = 1; function f { Set-Variable x 5 -Scope 1; Set-Variable z 6 }; f; $x; $z')).toBe('5\n')
  expect(run('$x = 1; function f { $x = 2; Remove-Variable x; $x }; f; $x')).toBe('1\n1\n')
  expect(run('Get-Variable x -Scope 3')).toContain("The scope number '3' exceeds the number of active scopes.")
})

describe('functions', () => {
  test.each([
    ['function Add([int]$a,[int]$b=2){ $a+$b }; Add 3; Add 3 -b 4; Add 1 2 3', '5\n7\n3\n'],
    [
      'function f { param([Parameter(Mandatory)][string]$Name,[switch]$Loud) "$Name $Loud" }; f x; f -Loud -n y',
      'x False\ny True\n',
    ],
    ['function Twice { process { $_ * 2 } }; 1..3 | Twice', '2\n4\n6\n'],
    ['function Sum { begin {$t=0} process {$t+=$_} end {$t} }; 1..4 | Sum', '10\n'],
    ['filter Odd { if ($_ % 2) { $_ } }; 1..5 | Odd', '1\n3\n5\n'],
    ['function p([Parameter(ValueFromPipeline)]$v) { process { "<$v>" } }; 1,2 | p', '<1>\n<2>\n'],
    ['function fact($n) { if ($n -le 1) { return 1 } $n * (fact ($n-1)) }; fact 20', '2432902008176640000\n'],
    ['function z { $args.Count; $args[1] }; z 1 two -x', '3\ntwo\n'],
    ['$v = 1; function inner { $v = 2; $v }; inner; $v', '2\n1\n'],
    ['function s { $script:v = 2 }; $v = 1; s; $v', '2\n'],
    ['& { param($x,[int]$y=5) "$x $y" } 1', '1 5\n'],
    ['function d($v=(1+1), [string]$t, [int]$n) { "$v|$t|$n" }; d', '2||0\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test('live in the console, line after line', () => {
    const console = fakeConsole()
    console.type('function Keep($a) { "kept $a" }')
    expect(console.type('Keep it')).toBe('kept it\n')
    console.type('function Keep($a) { "again $a" }')
    expect(console.type('Keep it')).toBe('again it\n')
  })

  test.each([
    [
      'function f { param([Parameter(Mandatory)]$Name) 1 }; f',
      'f : Cannot process command because of one or more missing mandatory parameters: Name.',
    ],
    [
      'function f { param([Parameter()]$Name) 1 }; f 1 2',
      "f : A positional parameter cannot be found that accepts argument '2'.",
    ],
    [
      'function q([ValidateSet("a","b")]$m) { $m }; q c',
      'q : Cannot validate argument on parameter \'m\'. The argument "c" does not belong to the set "a,b" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.',
    ],
    [
      'function f([int]$n) { $n }; f x',
      'f : Cannot bind parameter \'n\'. Cannot convert value "x" to type "System.Int32". Error: "Input string was not in a correct format."',
    ],
    ['function rec { rec }; rec', 'The script failed due to call depth overflow.'],
  ])('%s', (line, first) =>
    expect(
      run(line)
        .replace(/^\ncmdlet [\s\S]*?: \n/, '')
        .split('\n')[0],
    ).toBe(first),
  )
})

describe('try, catch, finally', () => {
  test.each([
    ['try { throw "boom"; "never" } catch { "caught $_" } finally { "fin" }; "on"', 'caught boom\nfin\non\n'],
    [
      'try { Get-VM nosuch -ErrorAction Stop } catch { $_.Exception.Message }',
      'Hyper-V was unable to find a virtual machine with name "nosuch".\n',
    ],
    ['try { [int]"x" } catch [System.Management.Automation.RuntimeException] { "typed" }', 'typed\n'],
    ['try { try { throw "a" } catch [System.IO.IOException] { "no" } } catch { "outer $_" }', 'outer a\n'],
    ['try { try { throw "a" } catch { throw } } catch { "outer $_" }', 'outer a\n'],
    ['function f { try { return 1 } finally { "cleanup" } }; f', '1\ncleanup\n'],
    ['foreach ($i in 1..3) { try { if ($i -eq 2) { continue }; $i } catch { } }', '1\n3\n'],
    ['function f { throw "deep" }; try { f } catch { "got $_" }', 'got deep\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test('what only shows an error is not caught, and $Error knows what was', () => {
    expect(run('try { Get-VM nosuch; "goes on" } catch { "no" }')).toContain('goes on\n')
    expect(run('try { throw "x" } catch { }; $Error.Count; "$($Error[0])"')).toBe('1\nx\n')
  })

  test('throw outside of it ends the line and is named by its message', () => {
    const said = run('throw "boom"; "ne" + "ver"')
    expect(said).toContain('FullyQualifiedErrorId : boom')
    expect(said).not.toContain('never')
  })
})

describe('attributes, sections and blocks', () => {
  test.each([
    ['function f([ValidateRange(1,10)][int]$n) { $n }; f 3', '3\n'],
    ['& { param($a,[switch]$b) "$a $b" } -b x', 'x True\n'],
    ['1,2 | & { process { $_ * 2 } }', '2\n4\n'],
    [
      'function g { [CmdletBinding(SupportsShouldProcess)] param($n) if ($PSCmdlet.ShouldProcess($n,"Kill")) { "did" } }; g x; g x -WhatIf',
      'did\nWhat if: Performing the operation "Kill" on target "x".\n',
    ],
    ['function v { [CmdletBinding()] param() Write-Verbose hi }; v; v -Verbose', 'VERBOSE: hi\n'],
    [
      'function n { param([Parameter(ValueFromPipelineByPropertyName)]$Name) process { "<$Name>" } }; Get-VM vm1,win1 | n',
      '<vm1>\n<win1>\n',
    ],
    ['function o { param([Parameter(ValueFromRemainingArguments)]$r) $r.Count }; o 1 2 3', '3\n'],
    ['function b { $PSBoundParameters.Keys }; function c([int]$x,$y) { $PSBoundParameters.Count }; c 1', '1\n'],
    ['. { $dotted = 5 }; $dotted; & { $own = 6 }; "[$own]"', '5\n[]\n'],
    ['filter up { $_.ToUpper() }; "a" | up', 'A\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test.each([
    [
      'f 11',
      'The 11 argument is greater than the maximum allowed range of 10. Supply an argument that is less than or equal to 10 and then try the command again.',
    ],
    [
      'f 0',
      'The 0 argument is less than the minimum allowed range of 1. Supply an argument that is greater than or equal to 1 and then try the command again.',
    ],
    ['p b', 'The argument "b" does not match the "^a" pattern. Supply an argument that matches "^a" and try the command again.'],
    [
      's 1',
      'The " $_ -gt 3 " validation script for the argument with value "1" did not return a result of True. Determine why the validation script failed, and then try the command again.',
    ],
    ['e ""', 'The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.'],
  ])('%s is refused', (call, why) => {
    const console = fakeConsole()
    console.type(
      'function f([ValidateRange(1,10)][int]$n) { $n }; function p([ValidatePattern("^a")]$n) { $n }; function s([ValidateScript({ $_ -gt 3 })]$n) { $n }; function e([ValidateNotNullOrEmpty()]$n) { $n }',
    )
    expect(console.type(call).split('\n')[0]).toBe(`${call[0]} : Cannot validate argument on parameter 'n'. ${why}`)
  })

  test.each([
    [':outer foreach ($i in 1..3) { foreach ($j in 1..3) { if ($j -eq 2) { continue outer }; "$i$j" } }', '11\n21\n31\n'],
    [':a while ($true) { while ($true) { break a } }; "out"', 'out\n'],
    ['& { trap { "t: $_"; continue }; 1/0; "on" }', 't: Attempted to divide by zero.\non\n'],
    ['& { trap [System.IO.IOException] { "no" } trap { "yes"; continue }; throw "x"; "on" }', 'yes\non\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))

  test('exit ends the script file alone and leaves its code', () => {
    const console = fakeConsole()
    console.type('Set-Content a.ps1 \'try { "in"; & { exit 3 } } finally { "last" }\',\'"never"\'')
    expect(console.type('.\\a.ps1; "$? $LASTEXITCODE"')).toBe('in\nlast\nFalse 3\n')
    console.type("Set-Content b.ps1 'process { if ($_ -eq 2) { exit }; $_ }'")
    expect(console.type('1..3 | .\\b.ps1 | ForEach-Object { "got $_" }; "$? $LASTEXITCODE"')).toBe('got 1\nTrue 0\n')
    expect(console.type('"on"; exit; "never"')).toBe('on\n')
  })

  test('script files: parameters, a scope of their own, dot-sourced', () => {
    const console = fakeConsole()
    console.type("Set-Content a.ps1 'param([int]$n=1)','$script:seen = $n','function FromFile { 7 }','$n + 1'")
    expect(console.type('.\\a.ps1 4; "[$seen]"; . .\\a.ps1; $seen; FromFile')).toBe('5\n[]\n2\n1\n7\n')
    expect(console.type('.\\nosuch.ps1')).toContain("The term '.\\nosuch.ps1' is not recognized")
  })
})

describe('switch', () => {
  test.each([
    ['switch (3) { 1 {"one"} {$_ -gt 2} {"big"} 3 {"three"} default {"d"} }', 'big\nthree\n'],
    ['switch -Wildcard ("vm1","x") { "vm*" {"v $_"; continue} default {"d $_"} }', 'v vm1\nd x\n'],
    ['switch -Regex ("abc") { "^a" {"A"} "c$" {"C"; break} "b" {"B"} }', 'A\nC\n'],
    ['switch ("ON") { on {"yes"} off {"no"} }', 'yes\n'],
    ['switch -CaseSensitive ("ON") { on {"yes"} default {"no"} }', 'no\n'],
    ['$x = switch (1) {1 {"one"}}; $x', 'one\n'],
    ['foreach ($i in 1..3) { switch ($i) { 2 { continue } default { $i } } }', '1\n3\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))
})

describe('splatting and several targets', () => {
  test.each([
    ['$p=@{Name="vm1"}; Get-VM @p | % Name', 'vm1\n'],
    ['$l="vm1","win1"; function g($a,$b){"$a-$b"}; g @l', 'vm1-win1\n'],
    ['$p=@{a=1}; function g($a,$b){"$a-$b"}; g @p -b 2', '1-2\n'],
    ['$a,$b,$c = 1,2,3,4; "$a $b $($c -join "+")"; $a,$b=$b,$a; $a', '1 2 3+4\n2\n'],
    ['$a,$b = 1; "$a|$b|"', '1||\n'],
  ])('%s', (line, said) => expect(run(line)).toBe(said))
})

test.each([
  'function',
  'function {',
  'try { }',
  'switch',
  'param(',
  'switch (1) { 1 }',
  'function f { param( } }',
  'try { } catch [',
  'switch -x (1) {}',
])('%s: a parse error, or one line', (line) => expect(run(line)).toMatch(/ParserError|not simulated/))
