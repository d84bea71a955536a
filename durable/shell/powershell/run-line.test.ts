import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeConsole } from '../windows/fake-console.ts'
import { aliases } from './aliases.ts'
import { cmdlets } from './cmdlets/index.ts'

const run = (line: string) => fakeConsole().type(line)

describe('expressions', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['7/2', '3.5'],
    ['1/3', '0.333333333333333'],
    ['10 % 4', '2'],
    ['2GB', '2147483648'],
    ['0x1F', '31'],
    ['-5 + 2', '-3'],
    ['1..3 -join ","', '1,2,3'],
    ['"a" + 1', 'a1'],
    ['"ab" * 2', 'abab'],
    ['"x" -eq "X"', 'True'],
    ['"x" -ceq "X"', 'False'],
    ['5 -gt 3 -and 2 -lt 1', 'False'],
    ['-not $false', 'True'],
    ['"vm1" -like "vm*"', 'True'],
    ['"a.b" -match "^a\\.b$"', 'True'],
    ['1,2,3 -contains 2', 'True'],
    ['2 -in 1,2', 'True'],
    ['"a-b" -replace "(\\w)-(\\w)", "$2-$1"'.replace(/"\$2-\$1"/, "'$2-$1'"), 'b-a'],
    ['"{0}-{1:D3}-{2:X}" -f "a", 7, 255', 'a-007-FF'],
    ['"abc".ToUpper()', 'ABC'],
    ['"a,b".Split(",")[1]', 'b'],
    ['" x ".Trim().Length', '1'],
    ['(1,2,3)[-1]', '3'],
    ['@(1,2,3).Count', '3'],
    ['@().Count', '0'],
    ['@{a=1}.a', '1'],
    ['[int]"42" + 1', '43'],
    ['$x = 3; "v=$x $($x + 1) `$x"', 'v=3 4 $x'],
    ["'$x'", '$x'],
    ['$null -eq $undefined', 'True'],
    ['if (0) { "a" } elseif (1) { "b" } else { "c" }', 'b'],
    ['$s = 0; foreach ($i in 1..4) { $s += $i }; $s', '10'],
    ['$i = 0; while ($i -lt 3) { $i++ }; $i', '3'],
    ['for ($i = 0; $i -lt 2; $i++) { }; $i', '2'],
    ['$i = 5; do { $i-- } until ($i -le 2); $i', '2'],
    ['& { $args[0] } 9', '9'],
    ['(192 -band 252)', '192'],
    ['[Convert]::ToString(109 -band 240, 2)', '1100000'],
    ['1..10 | ? { $_ % 2 } | % { $_ * 10 } | measure -Sum | % Sum', '250'],
    ["'aB' -cmatch '(?i)ab'", 'True'],
    ["(1..4 | group { $_ % 2 } -AsHashTable -AsString)['1'] -join ','", '1,3'],
    ['1..5 | select -SkipLast 3', '1\n2'],
    ['[pscustomobject]@{a=1;b=2},[pscustomobject]@{a=3;b=4} | measure a,b -Sum | % Sum', '4\n6'],
    ['Compare-Object (1,2) (2,3) -PassThru', '3\n1'],
    ['(Get-Date).Year', '2025'],
    ['$env:COMPUTERNAME', 'LABHOST'],
    ['"$env:windir\\x"', 'C:\\Windows\\x'],
  ])('%s', (line, result) => {
    expect(run(line)).toBe(`${result}\n`)
  })
})

describe('errors', () => {
  test('unknown command, in the layout of 5.1', () => {
    const console = fakeConsole()
    expect(console.type('Get-VM vm1 | nosuch')).toBe(
      [
        "nosuch : The term 'nosuch' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        'At line:1 char:14',
        '+ Get-VM vm1 | nosuch',
        '+              ~~~~~~',
        '    + CategoryInfo          : ObjectNotFound: (nosuch:String) [], CommandNotFoundException',
        '    + FullyQualifiedErrorId : CommandNotFoundException',
        ' ',
        '',
      ].join('\n'),
    )
    expect(console.code).toBe(1)
    expect(console.type('$?')).toBe('False\n')
  })

  test.each([
    ['Get-VMReplication x', 'Get-VMReplication: this is a real command, but it is not simulated here yet.'],
    ['New-VMSwitch x', 'New-VMSwitch : Parameter set cannot be resolved using the specified named parameters.'],
    ['taskmgr', 'taskmgr: this is a real command, but it is not simulated here yet.'],
    ['Get-VM -ComputerName x', 'Get-VM -ComputerName: this parameter is real, but it is not simulated here yet.'],
    ['class X { }', "'class' is real PowerShell, but it is not simulated here yet."],
    ["'a' -match '(?=a)'", 'lookaround and inline options are not supported here'],
  ])('%s', (line, text) => {
    expect(run(line).split('\n')[0]).toBe(text)
  })

  test('Hyper-V cmdlets do not exist on a computer without Hyper-V', () => {
    expect(fakeConsole(undefined, { hyperV: false }).type('Get-VMSwitch')).toContain("The term 'Get-VMSwitch' is not recognized")
  })

  test('an error that ends a statement lets the next one run; Stop and SilentlyContinue', () => {
    expect(run("1/0; 'next'")).toMatch(/^Attempted to divide by zero\.[\s\S]*next\n$/)
    expect(run("Get-VM nosuch -ErrorAction SilentlyContinue; 'next'")).toBe('next\n')
    expect(run('Get-VM nosuch 2>$null')).toBe('')
  })

  test.each([
    ["'a' | sls '['", 'is not a valid regular expression'],
    ["Get-VM | ? Name -match '['", 'parsing "[" - Unterminated [] set.'],
    ['Get-VM | % Nothing 1', "does not contain a method named 'Nothing'"],
    ['Get-VM | ft @{n="x";e={$_.Foo()}}', "does not contain a method named 'Foo'"],
  ])('what goes wrong inside of a cmdlet is its error: %s', (line, message) => {
    const console = fakeConsole()
    expect(console.type(line)).toContain(message)
    expect(console.code).toBe(1)
  })

  test('numbers of 64 bits are whole', () => {
    expect(fakeConsole().type('(Get-HnsNetwork).Health.LastUpdateTime')).toMatch(/^\d{18}\n$/)
    expect(fakeConsole().type('Get-HnsNetwork')).not.toMatch(/\dE\+\d/)
  })

  test('help knows aliases, also of what is not simulated', () => {
    expect(fakeConsole().type('Get-Help gip')).toContain('    Get-NetIPConfiguration\n')
    const known = new Set(cmdlets.map(({ name }) => name))
    for (const [alias, target] of aliases)
      if (!known.has(target)) {
        const help = fakeConsole().type(`help ${alias}`)
        expect(help).toContain(`    ${target}\n`)
        expect(help).toContain('not simulated here yet')
        expect(help).toMatch(/ALIASES\n {4}\S/)
      }
  })

  test('ForEach-Object takes begin, process and end by position', () => {
    expect(fakeConsole().type('1..2 | % { "b" } { $_ } { "e" }')).toBe('b\n1\n2\ne\n')
  })

  test('a line that does not parse shows the place first', () => {
    expect(run('1 +').split('\n').slice(0, 4)).toEqual([
      'At line:1 char:3',
      '+ 1 +',
      '+   ~',
      "You must provide a value expression following the '+' operator.",
    ])
  })
})

describe('bounds', () => {
  test.each([
    'while ($true) {}',
    '$a = "x"; while ($true) { $a += $a }',
    '1..9999999',
    '$b = {& $b}; & $b',
    '1..40000 | % { "x" * 1000 }',
    '$a = @(1); while ($true) { $a += $a }',
  ])('%s ends with one clear message', (line) => {
    const console = fakeConsole()
    expect(console.type(line)).toMatch(/stopped|call depth overflow/)
    expect(console.type('1')).toBe('1\n')
  })

  test('random lines always end', () => {
    const words = [
      'Get-VM',
      'vm1',
      '|',
      '$x',
      '{',
      '}',
      '(',
      ')',
      '"',
      "'",
      '-eq',
      '-Name',
      '1',
      ',',
      ';',
      '=',
      '%',
      '?',
      'ft',
      'fl',
      '*',
      '$_',
      '.',
      'select',
      'Get-NetAdapter',
      'sort',
      '..',
      '+',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 14 }), (parts) => {
        expect([0, 1]).toContain(
          (() => {
            const console = fakeConsole()
            console.type(parts.join(' '))
            return console.code
          })(),
        )
      }),
      { numRuns: 1000 },
    )
  })
})

describe('between lines', () => {
  test('variables, location and history live in plain data', () => {
    const console = fakeConsole()
    console.type('$v = Get-VM vm1; $h = @{ n = 1; d = Get-Date }; $b = { 5 }; cd C:\\')
    const copy = JSON.parse(JSON.stringify(console.memory))
    Object.assign(console.memory, copy)
    expect(console.type('$v.Name; $h.n; $h.d.Year; & $b; (pwd).Path')).toBe('vm1\n1\n2025\n5\nC:\\\n')
    expect(console.type('Get-History -Count 1 | % CommandLine')).toBe('$v.Name; $h.n; $h.d.Year; & $b; (pwd).Path\n')
  })

  test('output to a file and back', () => {
    const console = fakeConsole()
    expect(console.type("ipconfig > C:\\Users\\Student\\a.txt; 'x' >> C:\\Users\\Student\\a.txt")).toBe('')
    expect(console.kernel.files.get('c:\\users\\student\\a.txt')).toMatch(/Windows IP Configuration[\s\S]*x\n$/)
  })

  test('Select-Object -First stops what feeds it', () => {
    const console = fakeConsole(() => ({
      events: [
        { kind: 'started', name: 'x', address: '1.1.1.1', canonical: '' },
        { kind: 'finished', sent: 0, received: 0, errors: 0, micros: 0 },
      ],
    }))
    expect(console.type('1..20000 | % { $_ } | select -First 2')).toBe('1\n2\n')
    expect(console.type('ping x | select -First 1')).toBe('\n')
  })
})

test('a program whose reader has enough is ended', () => {
  const reply = { kind: 'reply', from: '1.1.1.1', fromName: '', sequence: 1, bytes: 32, ttl: 64, micros: 1 }
  const console = fakeConsole(() => ({
    events: [{ kind: 'started', name: '1.1.1.1', address: '1.1.1.1', canonical: '' }, reply, reply, reply],
  }))
  expect(console.type('ping -t 1.1.1.1 | select -First 2')).toBe('\nPinging 1.1.1.1 with 32 bytes of data:\n')
  expect(console.kernel.calls.at(-1)).toBe('kill 101')
})
