import { expect, test } from 'vitest'
import { readKeys } from './keys.ts'
import { commonPrefix, edit, emptyLine, HistoryWalk, type Line } from './line-editor.ts'

function typed(...data: string[]): Line {
  let line = emptyLine
  for (const key of data.flatMap(readKeys)) if (key.kind === 'edit') line = edit(line, key.edit)
  return line
}

test('text goes in where the cursor is', () => {
  expect(typed('pin 1.1.1.1', '\x1b[H', '\x1b[C', '\x1b[C', '\x1b[C', 'g')).toEqual({ text: 'ping 1.1.1.1', at: 4 })
})

test('control keys remove to the end, to the start and the word before', () => {
  expect(typed('ipconfig /all', '\x17')).toEqual({ text: 'ipconfig ', at: 9 })
  expect(typed('ipconfig /all', '\x15')).toEqual({ text: '', at: 0 })
  expect(typed('ipconfig /all', '\x01', '\x0b')).toEqual({ text: '', at: 0 })
  expect(typed('ab', '\x1b[D', '\x1b[3~', '\x7f', '\x7f')).toEqual({ text: '', at: 0 })
})

test('a paste of several lines enters all but the last and carries no control characters', () => {
  expect(readKeys('ls\r\npwd\x07')).toEqual([
    { kind: 'edit', edit: { kind: 'insert', text: 'ls' } },
    { kind: 'enter' },
    { kind: 'edit', edit: { kind: 'insert', text: 'pwd' } },
  ])
  expect(readKeys('\x1b[200~ls -l\x1b[201~')).toEqual([{ kind: 'edit', edit: { kind: 'insert', text: 'ls -l' } }])
  expect(readKeys('\x1b[15~')).toEqual([])
})

test('history keeps the unfinished line below the newest', () => {
  const walk = new HistoryWalk()
  const history = ['first', 'second']
  expect(walk.up(history, 'unfin')).toBe('second')
  expect(walk.up(history, 'second')).toBe('first')
  expect(walk.up(history, 'first')).toBeNull()
  expect(walk.down(history)).toBe('second')
  expect(walk.down(history)).toBe('unfin')
  expect(walk.down(history)).toBeNull()
})

test('completions are extended as far as they agree', () => {
  expect(commonPrefix(['Get-VMSwitch', 'Get-VMSwitchExtension'])).toBe('Get-VMSwitch')
  expect(commonPrefix(['get-vm', 'Get-NetNat'])).toBe('get-')
  expect(commonPrefix([])).toBe('')
})
