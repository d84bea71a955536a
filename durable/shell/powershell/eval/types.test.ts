// Types as people use them at a prompt: casts, static members, methods, what -is and GetType() say.
import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../../windows/fake-console.ts'

const run = (line: string) => fakeConsole().type(line)

describe('casts', () => {
  test.each([
    ["[int]'0x1F'", '31'],
    ['[int]2.5; [int]3.5', '2\n4'],
    ["[int][char]'A'", '65'],
    ["[int]'abc'[1]", '98'],
    ["'abc'.ToCharArray() | % { [int]$_ }", '97\n98\n99'],
    ["[version]'1.10.0' -gt [version]'1.9'", 'True'],
    ["([ipaddress]'10.0.0.1').GetAddressBytes() -join '.'", '10.0.0.1'],
    ["([datetime]'2024-01-31').AddMonths(1).ToString('yyyy-MM-dd')", '2024-02-29'],
    ["([datetime]'2024-02-29').DayOfYear", '60'],
    ["'5' -as [int]; $null -eq ('x' -as [int])", '5\nTrue'],
    ['@{a=1}.GetType().Name; ([ordered]@{a=1}).GetType().Name', 'Hashtable\nOrderedDictionary'],
    ["'a' -is [string]; 1 -is [int]; @(1) -is [array]; (Get-Date) -is [datetime]", 'True\nTrue\nTrue\nTrue'],
    ['[int[]]("1","2") | measure -sum | % sum', '3'],
  ])('%s', (line, said) => expect(run(line)).toBe(`${said}\n`))

  test.each([
    [
      "[int]'x'",
      'Cannot convert value "x" to type "System.Int32". Error: "Input string was not in a correct format."',
      'InvalidCastFromStringToInteger',
    ],
    [
      '[int]3000000000',
      'Cannot convert value "3000000000" to type "System.Int32". Error: "Value was either too large or too small for an Int32."',
      'InvalidCastIConvertible',
    ],
    [
      '[byte]300',
      'Cannot convert value "300" to type "System.Byte". Error: "Value was either too large or too small for an unsigned byte."',
      'InvalidCastIConvertible',
    ],
    [
      "[datetime]'x'",
      'Cannot convert value "x" to type "System.DateTime". Error: "String was not recognized as a valid DateTime."',
      'InvalidCastParseTargetInvocation',
    ],
    ['[nosuch]1', 'Unable to find type [nosuch].', 'TypeNotFound'],
    [
      "[int]$n = 5; $n = 'x'",
      'Cannot convert value "x" to type "System.Int32". Error: "Input string was not in a correct format."',
      'RuntimeException',
    ],
    [
      "[int]::Parse('x')",
      'Exception calling "Parse" with "1" argument(s): "Input string was not in a correct format."',
      'FormatException',
    ],
    [
      '$a = 1,2; $a.Add(3)',
      'Exception calling "Add" with "1" argument(s): "Collection was of a fixed size."',
      'NotSupportedException',
    ],
    [
      '$h = @{a=1}; $h.Add("a",2)',
      `Exception calling "Add" with "2" argument(s): "Item has already been added. Key in dictionary: 'a'  Key being added: 'a'"`,
      'ArgumentException',
    ],
    ["'a'.Substring(5)", undefined, 'ArgumentOutOfRangeException'],
  ])('%s is refused', (line, message, id) => {
    const said = run(line)
    if (message !== undefined) expect(said.split('\n')[0]).toBe(message)
    expect(said).toContain(`FullyQualifiedErrorId : ${id}\n`)
  })
})

describe('static members', () => {
  test.each([
    ['[math]::PI', '3.14159265358979'],
    ['[math]::Round(2.5); [math]::Round(2.567, 2)', '2\n2.57'],
    ["[string]::Format('{0:N2}', 3.14159)", '3.14'],
    ['[string]::IsNullOrWhiteSpace(" ")', 'True'],
    ['[long]::MaxValue', '9223372036854775807'],
    ["[convert]::ToInt32('ff', 16); [convert]::ToString(10, 2)", '255\n1010'],
    ["[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('hä'))", 'aMOk'],
    ["[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aMOk'))", 'hä'],
    ['[BitConverter]::ToString([byte[]](1,2,255))', '01-02-FF'],
    ['$a = 3,1,2; [array]::Sort($a); $a -join ","', '1,2,3'],
    ["[regex]::Matches('a1b22', '\\d+') | % Value", '1\n22'],
    ["[regex]::Match('abc123', '(?<n>\\d+)').Groups['n'].Value", '123'],
    ["[IO.Path]::Combine('C:\\a','b.txt')", 'C:\\a\\b.txt'],
    ['[timespan]::FromMinutes(90).ToString()', '01:30:00'],
    ['[datetime]::DaysInMonth(2024, 2)', '29'],
    ['[ipaddress]::Loopback.ToString()', '127.0.0.1'],
    ['[System.Net.Dns]::GetHostName()', 'LABHOST'],
    ['[version]::new(1,2).Minor', '2'],
    ['[guid]::NewGuid() -ne [guid]::NewGuid()', 'True'],
  ])('%s', (line, said) => expect(run(line)).toBe(`${said}\n`))

  test('chance is the lab: the same lines give the same numbers', () => {
    const lines = 'Get-Random; Get-Random -Maximum 5; [guid]::NewGuid().ToString(); 1..9 | Get-Random -Count 3'
    expect(run(lines)).toBe(run(lines))
    const console = fakeConsole()
    expect(console.type('Get-Random')).not.toBe(console.type('Get-Random'))
    expect(run('Get-Random -SetSeed 5')).toBe(run('1 | Out-Null; Get-Random -SetSeed 5'))
  })
})

describe('lists and tables that change', () => {
  test.each([
    ['$l = New-Object System.Collections.ArrayList; [void]$l.Add(1); $l.Add(5); $l.Count', '1\n2'],
    ["$l = [System.Collections.Generic.List[string]]::new(); $l.Add('a'); $l.Add('b'); $l -join ','", 'a,b'],
    ['$l = [System.Collections.ArrayList]@(3,1,2); $l.Sort(); "$l"; $l.Remove(1); $l.Count', '1 2 3\n2'],
    ['$h = @{b=1;a=2}; $h.GetEnumerator() | sort Name | % { "$($_.Key)=$($_.Value)" }', 'a=2\nb=1'],
    ['$h = @{a=1}; $h.a++; $h["b"] += 5; $h.a; $h.b', '2\n5'],
    ['$o = [ordered]@{z=1;a=2}; $o[0]; $o.Keys', '1\nz\na'],
    ['(1..4).Where({ $_ -gt 2 }) -join ","; (1..2).ForEach({ $_ * 2 }) -join ","', '3,4\n2,4'],
    ['$x = [pscustomobject]@{A=1}; $x | Add-Member B 2; $x.B; $x.PSObject.Properties.Name -join ","', '2\nA,B'],
  ])('%s', (line, said) => expect(run(line)).toBe(`${said}\n`))

  test('a list outlives its line', () => {
    const console = fakeConsole()
    console.type('$l = [System.Collections.ArrayList]@(1)')
    Object.assign(console.memory, JSON.parse(JSON.stringify(console.memory)))
    expect(console.type('[void]$l.Add(2); $l.Count; $l.GetType().Name')).toBe('2\nArrayList\n')
  })
})

describe('cmdlets of the language', () => {
  test.each([
    ['(New-TimeSpan -Hours 2).TotalMinutes', '120'],
    ['1,1,2 | Get-Unique', '1\n2'],
    ['Set-Variable x 5; $x; Remove-Variable x; "[$x]"', '5\n[]'],
    ['New-Alias gg Get-VM; gg vm1 | % Name', 'vm1'],
    ["Invoke-Expression '1+1'", '2'],
    ['Join-Path C:\\a b; Split-Path C:\\a\\b.txt -Leaf', 'C:\\a\\b\nb.txt'],
    ['"a,b`n1,`"2,3`"" | ConvertFrom-Csv | % b', '2,3'],
    ['Get-VM vm1 | select Name,State | Export-Csv v.csv -NoTypeInformation; (Import-Csv v.csv).State', 'Running'],
    ['(ConvertFrom-StringData "a=1`nb=2").b', '2'],
    ['$env:FOO = "x"; $env:FOO', 'x'],
    ['$PSVersionTable.PSVersion.Major; $Host.Name', '5\nConsoleHost'],
    ["-split ' a  b '", 'a\nb'],
  ])('%s', (line, said) => expect(run(line)).toBe(`${said}\n`))
})
