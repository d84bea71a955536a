// For tests only: a PowerShell console on an imaginary computer.

import type { Memory } from '../../engine/machine/console.ts'
import { runLine } from '../powershell/run-line.ts'
import { type Fake, type FakeEvents, fakeKernel } from './fake-kernel.ts'

export type FakeConsole = {
  readonly kernel: Fake
  readonly memory: Memory
  code: number
  /** Parameters that cmdlets looked at. */
  readonly looked: Set<string>
  type(line: string, interruptAfter?: number): string
}

export function fakeConsole(answer?: FakeEvents, options?: Parameters<typeof fakeKernel>[1]): FakeConsole {
  const kernel = fakeKernel(answer, options)
  const memory: Memory = {}
  const self: FakeConsole = {
    kernel,
    memory,
    code: 0,
    looked: new Set(),
    type(line, interruptAfter) {
      let out = ''
      const print = (text: string) => {
        out += text
      }
      self.code = kernel.run(runLine(line, { kernel, memory, print, looked: self.looked }), interruptAfter)
      return out
    },
  }
  return self
}

/** Events of a name server that knows the computer, its guests and one name outside. */
export const fakeNames: FakeEvents = (program, args) => {
  const name = String(args.name)
  if (program === 'dns-query') {
    if (args.tcp === true) return { events: [{ kind: 'refused', server: args.server ?? null }, { kind: 'finished' }], code: 1 }
    const answer = (rcode: string, answers: { name: string; type: string; ttl: number; data: string }[]) => ({
      events: [
        { kind: 'answer', rcode, flags: { aa: false, tc: false, rd: true, ra: true }, answers, authorities: [], additionals: [] },
        { kind: 'finished' },
      ],
    })
    if (args.type === 'PTR') return answer('NOERROR', [{ name, type: 'PTR', ttl: 0, data: 'LABHOST.mshome.net.' }])
    if (name !== 'google.co.jp') return answer('NXDOMAIN', [])
    return answer('NOERROR', [
      args.type === 'A'
        ? { name, type: 'A', ttl: 300, data: '172.217.25.163' }
        : { name, type: 'AAAA', ttl: 300, data: '2404:6800:400a:80a::2003' },
    ])
  }
  return { events: [] }
}
