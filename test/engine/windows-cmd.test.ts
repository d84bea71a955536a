// cmd.exe: one line of it, and a console of it, on the first lab's computer.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restoreLab } from '../../durable/engine/lab/index.ts'
import type { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'
import { expanded, parseLine, wordsOf } from '../../durable/shell/windows/cmd/line.ts'
import { walkFirstLab as home } from './first-lab.ts'

describe('a line of cmd.exe', () => {
  const steps = (line: string) => {
    const parsed = parseLine(line)
    return 'fault' in parsed
      ? parsed.fault
      : parsed.steps.map(({ after, pipeline }) => [
          after,
          ...pipeline.map((one) =>
            [one.name, one.tail, ...one.redirects.map(({ stream, target }) => `${stream}>${target}`)].join('|'),
          ),
        ])
  }

  it('is divided at operators, but not in quotes and not behind a caret', () => {
    expect(steps('dir & echo a&&b|| c')).toEqual([
      ['&', 'dir| '],
      ['&', 'echo| a'],
      ['&&', 'b|'],
      ['||', 'c|'],
    ])
    expect(steps('netstat -an | find "a & b" > out.txt')).toEqual([['&', 'netstat| -an ', 'find| "a & b" |1>out.txt']])
    expect(steps('echo one ^& two 2>nul >>x')).toEqual([['&', 'echo| one & two  |2>nul|1>x']])
    expect(steps('cd.. & dir/b & echo.')).toEqual([
      ['&', 'cd|.. '],
      ['&', 'dir|/b '],
      ['&', 'echo|.'],
    ])
    expect(steps('type a 2>&1')).toEqual([['&', 'type| a |2>&1']])
  })

  it('that makes no sense is refused in its words', () => {
    expect(steps('& echo')).toBe('& was unexpected at this time.')
    expect(steps('dir | | more')).toBe('| was unexpected at this time.')
    expect(steps('dir &&')).toBe('The syntax of the command is incorrect.')
    expect(steps('dir >')).toBe('The syntax of the command is incorrect.')
  })

  it('has its variables filled in first', () => {
    const value = (name: string) => (name.toLowerCase() === 'x' ? 'abcdef' : undefined)
    expect(expanded('%X% %x:~1,2% %x:~-2% %nope% 100%', value)).toBe('abcdef bc ef %nope% 100%')
    expect(wordsOf('a "b c" d"e f"g')).toEqual(['a', 'b c', 'de fg'])
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab &|<>^"%1 =,;@./\\'), maxLength: 60 }),
        (line) => void steps(expanded(line, () => 'v')),
      ),
    )
  })
})

describe('cmd', () => {
  it('runs one line for PowerShell, and tells its exit code', () => {
    const walk = home()
    const type = (machine: string, line: string) => walk.type(machine, line)
    expect(type('pc', 'cmd /c ver')).toBe('\nMicrosoft Windows [Version 10.0.26100.1]\n')
    expect(type('pc', 'cmd /c "echo %COMPUTERNAME%& echo two"')).toBe('LABHOST\ntwo\n')
    expect(type('pc', 'cmd /c exit 7; $LASTEXITCODE')).toBe('7\n')
    expect(type('pc', 'cmd /c nosuch; $LASTEXITCODE')).toBe(
      "'nosuch' is not recognized as an internal or external command,\noperable program or batch file.\n1\n",
    )
    expect(type('pc', 'cmd /c "for %i in (1) do echo"')).toBe(
      'for: this is a real command of cmd.exe, but it is not simulated here yet.\n',
    )
  })

  it('is a console until it is left, with its own folder, variables and files', () => {
    const walk = home()
    const type = (machine: string, line: string) => walk.type(machine, line)
    const prompt = (machine: string) => walk.lab.console(machine)?.prompt
    expect(type('pc', 'cmd')).toBe(
      'Microsoft Windows [Version 10.0.26100.1]\n(c) Microsoft Corporation. All rights reserved.\n\n',
    )
    expect(prompt('pc')).toBe('C:\\Users\\Student>')
    expect(type('pc', 'ping -n 1 192.168.3.1 >nul && echo up || echo down')).toBe('up \n\n')
    expect(type('pc', 'ping -n 1 192.168.3.99 >nul && echo up || echo down')).toBe('down\n\n')
    expect(type('pc', 'netstat -an | findstr ":445 " > listening.txt')).toBe('\n')
    expect(type('pc', 'type listening.txt')).toMatch(/^ {2}TCP {4}0\.0\.0\.0:445 .*LISTENING\n\n$/)
    type('pc', 'set NAME=a b')
    const lab = walk.lab as Lab
    walk.lab = restoreLab(lab.definition, lab.seed, shells, JSON.parse(JSON.stringify(lab.save())))
    expect(type('pc', 'echo [%name%]')).toBe('[a b]\n\n')
    type('pc', 'md box & cd box')
    expect(prompt('pc')).toBe('C:\\Users\\Student\\box>')
    expect(type('pc', 'copy ..\\listening.txt . & ren listening.txt l.txt & dir /b')).toBe('        1 file(s) copied.\nl.txt\n\n')
    expect(type('pc', 'cd .. & rd box')).toBe('The directory is not empty.\n\n')
    expect(type('pc', 'exit 3')).toBe('')
    expect(prompt('pc')).toBe('PS C:\\Users\\Student> ')
    expect(type('pc', '$LASTEXITCODE; Test-Path box\\l.txt')).toBe('3\nTrue\n')
  })
})
