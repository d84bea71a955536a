import { expect, it } from 'vitest'
import { fakeConsole } from './fake-console.ts'

const typed = (line: string) => {
  const console = fakeConsole()
  const said = console.type(line)
  return { said, code: console.code, again: console.kernel.calls.includes('reboot') }
}

it.each(['shutdown /r /t 0', 'shutdown -r -t 0', 'shutdown /r /f /t 0', 'shutdown.exe /t 0 /r /c "for the lab" /d p:4:1'])(
  '%s starts the computer again and says nothing',
  (line) => expect(typed(line)).toEqual({ said: '', code: 0, again: true }),
)

it.each([
  ['shutdown', 0, 'Usage: shutdown'],
  ['shutdown /?', 0, 'Usage: shutdown'],
  ['shutdown /t 0', 1, 'Usage: shutdown'],
  ['shutdown /r /t soon', 1, 'Usage: shutdown'],
  ['shutdown /r /t -1', 1, 'Usage: shutdown'],
  ['shutdown /r now', 1, 'Usage: shutdown'],
  ['shutdown /r', 1, 'after 30 seconds is real, but'],
  ['shutdown /r /t 60', 1, 'after 60 seconds is real, but'],
  ['shutdown /s /t 0', 1, 'shutdown /s: this option is real, but'],
  ['shutdown /r /m \\\\other /t 0', 1, 'shutdown /m: this option is real, but'],
  ['shutdown /a', 1, 'no shutdown was in progress.(1116)'],
])('%s changes nothing', (line, code, said) =>
  expect(typed(line)).toEqual({ said: expect.stringContaining(said), code, again: false }),
)
