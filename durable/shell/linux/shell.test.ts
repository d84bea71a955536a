import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commands } from './commands/index.ts'
import { fakeKernel, type } from './fake-kernel.ts'
import { bash } from './index.ts'

const out = (line: string, fake = fakeKernel()) => type(bash, fake, line).output

describe('the command language', () => {
  const cases: [string, string][] = [
    ['echo a  b', 'a b\n'],
    [`echo 'a  b' "c  d" e\\ \\ f`, 'a  b c  d e  f\n'],
    [`echo $USER "$HOME" \${HOSTNAME} ~`, 'student /home/student vm1 /home/student\n'],
    [`echo '$USER' \\$USER`, '$USER $USER\n'],
    ['A=1; echo $A"$A"x', '11x\n'],
    ['A="x  y"; echo $A; echo "$A"', 'x y\nx  y\n'],
    ['false; echo $?; true; echo $?', '1\n0\n'],
    ['false && echo a || echo b; true || echo c', 'b\n'],
    ['! false && echo yes', 'yes\n'],
    ['echo $(echo a b) "$(echo c; echo d)"', 'a b c\nd\n'],
    ['echo $(echo $(echo deep))', 'deep\n'],
    ['echo a # b', 'a\n'],
    ['echo a#b', 'a#b\n'],
    ['echo a; echo b', 'a\nb\n'],
    ['printf "%s-%3d|" x 7 y 8; echo', 'x-  7|y-  8|\n'],
    ['echo one | cat | wc -l', '1\n'],
    ['printf "b\\na\\nb\\n" | sort | uniq -c', '      1 a\n      2 b\n'],
    ['echo abc | tr a-c A-C', 'ABC\n'],
    ['echo a:b:c | cut -d: -f2-', 'b:c\n'],
    ['nosuch 2>/dev/null; echo $?', '127\n'],
    ['nosuch 2>&1 | wc -l', '1\n'],
    ['cat < /etc/hostname', 'vm1\n'],
    ['cat /etc/hosts | head -1', '127.0.0.1 localhost\n'],
    ['cd /etc; pwd; cd -; pwd', '/etc\n/home/student\n/home/student\n'],
    ['cd /etc | true; pwd', '/home/student\n'],
    ['X=5 env | grep X=; echo "[$X]"', 'X=5\n[]\n'],
    ['export X=5; env | grep X=', 'X=5\n'],
    ['whoami; sudo whoami; id -u; sudo id -u', 'student\nroot\n1000\n0\n'],
    ['date; date +%F', 'Thu Nov 20 10:15:04 UTC 2025\n2025-11-20\n'],
    ['type cd ip', 'cd is a shell builtin\nip is /usr/sbin/ip\n'],
    ['which ip', '/usr/sbin/ip\n'],
    ['/usr/sbin/ip -br link | wc -l', '2\n'],
  ]
  it.each(cases)('%s', (line, expected) => {
    expect(out(line)).toBe(expected)
  })

  it('writes files', () => {
    const fake = fakeKernel()
    out('echo a > f; echo b >> f; cat f nosuch >g 2>&1', fake)
    expect(fake.files.read('/home/student/f')).toBe('a\nb\n')
    expect(fake.files.read('/home/student/g')).toBe('cat: nosuch: No such file or directory\na\nb\n')
  })

  it('refuses clearly', () => {
    const cases: [string, string, number][] = [
      ['nosuch', '-bash: nosuch: command not found\n', 127],
      ['nmap -n', 'nmap is real, but not simulated here yet\n', 127],
      ['./x', '-bash: ./x: No such file or directory\n', 127],
      ['| a', "-bash: syntax error near unexpected token `|'\n", 2],
      ['echo a >', "-bash: syntax error near unexpected token `newline'\n", 2],
      ['cat nosuch', 'cat: nosuch: No such file or directory\n', 1],
      ['cat < nosuch', '-bash: nosuch: No such file or directory\n', 1],
      ['cd nosuch', '-bash: cd: nosuch: No such file or directory\n', 1],
    ]
    for (const [line, output, status] of cases) expect(type(bash, fakeKernel(), line), line).toMatchObject({ output, status })
  })

  it('knows when a line goes on', () => {
    for (const open of ["echo 'a", 'echo "a', 'echo a |', 'echo a &&', 'echo $(a', 'echo \\'])
      expect(bash.incomplete(open), open).toBe(true)
    for (const whole of ['', 'echo a', 'echo a;', '| a', 'echo "a" \'b\'']) expect(bash.incomplete(whole), whole).toBe(false)
  })

  it('remembers, prompts and completes', () => {
    const fake = fakeKernel()
    const memory = {}
    const context = { kernel: fake, memory }
    expect(bash.prompt(context)).toBe('student@vm1:~$ ')
    type(bash, fake, 'cd /etc', { memory })
    type(bash, fake, 'X=7', { memory })
    expect(bash.prompt(context)).toBe('student@vm1:/etc$ ')
    expect(type(bash, fake, 'echo $X; history', { memory }).output).toBe(
      '7\n    1  cd /etc\n    2  X=7\n    3  echo $X; history\n',
    )
    expect(JSON.parse(JSON.stringify(memory))).toEqual(memory)
    expect(bash.complete('tracer', context)).toEqual({ from: 0, candidates: ['traceroute'] })
    expect(bash.complete('ping -c 1 x | gre', context)).toEqual({ from: 14, candidates: ['grep'] })
    expect(bash.complete('ip link set et', context)).toEqual({ from: 12, candidates: ['eth0'] })
    expect(bash.complete('cat /etc/host', context).candidates).toEqual(['/etc/host.conf', '/etc/hostname', '/etc/hosts'])
  })

  it('sleeps, and Ctrl-C ends the line', () => {
    expect(type(bash, fakeKernel(), 'sleep 2; echo done')).toMatchObject({ output: 'done\n', steps: 1 })
    expect(type(bash, fakeKernel(), 'sleep 2; echo done', { interruptAt: 1 })).toMatchObject({ output: '', status: 130 })
  })

  it('does the same again when it is run again', () => {
    const once = () => {
      const fake = fakeKernel()
      fake.scripts.set('ping', [
        { kind: 'started', name: 'a', address: '10.0.0.1', canonical: '' },
        { kind: 'finished', sent: 1 },
      ])
      const { writes, status } = type(
        bash,
        fake,
        'A=$(hostname); ping -c 1 a | tee x; ip a | grep -c inet > f; cat f; netstat -r',
        {
          memory: { cwd: '/tmp', history: ['old'] },
        },
      )
      return { writes, status, calls: fake.calls, files: fake.files.save() }
    }
    expect(once()).toEqual(once())
    const memory = {}
    const run = bash.run('sleep 9', { kernel: fakeKernel(), memory, print: () => {} })
    run.next()
    expect(memory).toEqual({})
  })

  it('reboots by any of its names', () => {
    for (const line of ['reboot', 'sudo reboot', 'sudo shutdown -r now']) {
      const fake = fakeKernel()
      out(line, fake)
      expect(fake.calls, line).toEqual(['reboot'])
    }
  })
})

describe('whatever is typed', () => {
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...commands.map((command) => command.name)) },
    fc.constantFrom(
      'eth0',
      '-n',
      '-c',
      '1',
      '172.27.160.1',
      'vm2',
      'addr',
      'route',
      'add',
      'via',
      'dev',
      '/etc/hosts',
      '-E',
      '[a-',
      '(',
      'a*',
      '+short',
      '@x',
      '-x',
    ),
    fc.constantFrom(
      '|',
      '&&',
      '||',
      ';',
      '>',
      '>>',
      '<',
      '2>&1',
      '$X',
      '"',
      "'",
      '$(',
      ')',
      `\${X}`,
      '\\',
      '#',
      '!',
      '__proto__',
      '--constructor',
      '[[:constructor:]]',
    ),
    fc.string({ maxLength: 6 }),
  )

  it('ends, and throws nothing', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.constantFrom(' ', ''), fc.nat({ max: 4 }), (words, glue, interruptAt) => {
        const fake = fakeKernel()
        fake.scripts.set('ping', { endless: [{ kind: 'reply' }, { kind: 7 }, null, 'x', []], last: [{ kind: 'finished' }] })
        const line = words.join(glue)
        bash.incomplete(line)
        bash.complete(line, { kernel: fake, memory: {} })
        // A watch ends after 200 rounds, so one in another does after 40,000: long after somebody has lost patience.
        const endless = /ping|watch.*watch/.test(line)
        const { status } = type(bash, fake, line, { most: 3000, interruptFrom: endless ? interruptAt + 1 : 3000 })
        expect(Number.isInteger(status)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('survives deep and long lines', () => {
    for (const line of [
      '$('.repeat(5000),
      '('.repeat(5000),
      `echo ${'a|'.repeat(2000)}cat`,
      '"'.repeat(9999),
      `grep -E '${'('.repeat(500)}' /etc/hosts`,
    ]) {
      expect(Number.isInteger(type(bash, fakeKernel(), line).status)).toBe(true)
    }
  })

  it('events that mean nothing do no harm', () => {
    const event = fc.oneof(
      fc.jsonValue(),
      fc.record({
        kind: fc.constantFrom(
          'started',
          'reply',
          'answer',
          'resolved',
          'sent',
          'received',
          'bound',
          'probe',
          'hop',
          'finished',
          'failed',
          'unreachable',
          'timeout',
        ),
        rest: fc.jsonValue(),
      }),
    )
    const lines = [
      'ping -c 1 a',
      'traceroute a',
      'dig a',
      'nslookup a',
      'host a',
      'sudo dhclient -v',
      'getent hosts a',
      'arp',
      'netstat -r',
      'resolvectl query a',
      'sudo arping -c 1 a',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.array(event, { maxLength: 5 }), (line, events) => {
        const fake = fakeKernel()
        for (const program of ['ping', 'trace', 'dns-query', 'dhcp', 'resolve', 'arping'])
          fake.scripts.set(program, events as never)
        expect(Number.isInteger(type(bash, fake, line).status)).toBe(true)
      }),
    )
  })
})
