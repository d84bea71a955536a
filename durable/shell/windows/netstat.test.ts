import { expect, test } from 'vitest'
import { fakeConsole } from './fake-console.ts'

// The expected texts are published captures of the real programs.

test('netstat -anb: owners stand below their rows', () => {
  const rows = `  TCP    [::1]:49669            [::]:0                 LISTENING
 [jhi_service.exe]
  UDP    0.0.0.0:53             *:*                                    
  SharedAccess
 [svchost.exe]
  UDP    172.27.160.1:67        *:*                                    
  SharedAccess
 [svchost.exe]
  UDP    172.27.160.1:68        *:*                                    
  SharedAccess
 [svchost.exe]
`
  expect(fakeConsole().type('netstat -anb')).toBe(
    `\nActive Connections\n\n  Proto  Local Address          Foreign Address        State\n${rows}`,
  )
})

test('-o adds process ids; listening rows need -a', () => {
  const console = fakeConsole()
  expect(console.type('netstat -ano')).toContain('  UDP    0.0.0.0:53             *:*                                    3640\n')
  expect(console.type('netstat -no')).not.toContain('LISTENING')
  expect(console.type('netstat -r')).toContain('IPv4 Route Table')
})

test('the investigation of the seed: three UDP rows, no TCP port 53', () => {
  const text = fakeConsole().type("netstat -anb | Select-String -Context 0,2 ':53 |:67 |:68 '")
  expect(text.match(/^> .*$/gm)?.map((line) => line.slice(2).trim().split(/\s+/).slice(0, 2).join(' '))).toEqual([
    'UDP 0.0.0.0:53',
    'UDP 172.27.160.1:67',
    'UDP 172.27.160.1:68',
  ])
  expect(text).toContain('    SharedAccess\n   [svchost.exe]\n')
})
