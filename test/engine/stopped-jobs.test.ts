// Ctrl-Z, fg, bg and what is stopped: as bash 5.2 on a terminal does it, and over a lab that sleeps between any two lines.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const CTRL_Z = '\u001a'

describe.each([false, true])('stored before each line: %s', (fragile) => {
  const open = () => {
    const lab = new LinuxLab({ fragile })
    // What ends meanwhile has nothing more to say.
    const type = (line: string) => lab.type('alpha', line).replace(/(\[alpha(:2)?\] )+$/, '')
    return { lab, type, stop: () => type(CTRL_Z) }
  }

  it('what runs in front is stopped, sends nothing, and goes on where it was', () => {
    const { lab, type, stop } = open()
    expect(type('ping 10.9.0.2')).toContain('icmp_seq=1 ')
    lab.type('beta', 'sleep 2')
    expect(stop()).toBe('\n[1]+  Stopped                 ping 10.9.0.2\n')
    expect(type('echo $?')).toBe('148\n')
    expect(type('jobs')).toBe('[1]+  Stopped                 ping 10.9.0.2\n')
    expect(type('ps -o stat,comm | grep ping')).toMatch(/^T +ping\nT +ping\n$/)
    expect(type('ps | tail -1; top -bn1 | grep -o "[0-9]* stopped"')).toMatch(/ps\n2 stopped\n$/)
    // Nothing is sent meanwhile.
    expect(lab.type('beta', 'sudo timeout -s INT 5 tcpdump -nni eth0 -q icmp 2>&1 | tail -3')).toContain('0 packets captured')
    const on = type('fg')
    expect(on).toMatch(/^ping 10.9.0.2\n/)
    expect(lab.type('beta', 'sleep 2')).toMatch(/\[alpha\] (.*icmp_seq=4 |.*icmp_seq=5 )/s)
    const end = lab.interrupt('alpha')
    expect(end).toMatch(/(\d+) packets transmitted, \1 received, 0% packet loss/)
    expect(type('echo $?; jobs')).toBe('0\n')
  })

  it('bg lets it go on beside the shell, kill ends it', () => {
    const { lab, type, stop } = open()
    type('ping -i 5 10.9.0.2')
    stop()
    expect(type('bg')).toContain('[1]+ ping -i 5 10.9.0.2 &\n')
    expect(type('bg')).toBe('-bash: bg: job 1 already in background\n')
    expect(type('jobs')).toBe('[1]+  Running                 ping -i 5 10.9.0.2 &\n')
    expect(lab.type('beta', 'sleep 12')).toMatch(/icmp_seq=\d+ ttl/)
    type('kill %1')
    expect(type('jobs')).not.toContain('Running')
    expect(type('ps')).not.toContain('ping')
  })

  it('the rest of a list goes on without it; && and loops end', () => {
    const { lab, type, stop } = open()
    type('touch f; tail -f f; echo hi')
    expect(stop()).toBe('\n[1]+  Stopped                 tail -f f\nhi\n')
    type('ping -q 10.9.0.2 && echo no')
    expect(stop()).toBe('\n[2]+  Stopped                 ping -q 10.9.0.2\n')
    type('for i in 1001 1002; do sudo nc -l $i; echo $i; done; echo after')
    expect(stop()).toBe('\n[3]+  Stopped                 sudo nc -l $i\nafter\n')
    type('g() { nc -l 7000; echo in; }; g; echo out')
    expect(stop()).toBe('\n[4]+  Stopped                 nc -l 7000\nin\nout\n')
    type('(nc -l 9000; echo sub) | cat')
    expect(stop()).toBe('\n[5]+  Stopped                 (nc -l 9000; echo sub) | cat\n')
    expect(type('jobs')).toBe(
      [
        '[1]   Stopped                 tail -f f',
        '[2]   Stopped                 ping -q 10.9.0.2',
        '[3]   Stopped                 sudo nc -l $i',
        '[4]-  Stopped                 nc -l 7000',
        '[5]+  Stopped                 (nc -l 9000; echo sub) | cat',
        '',
      ].join('\n'),
    )
    // A job is only what was in front: nothing of the line comes after it.
    type('fg %4; echo $?')
    expect(lab.type('beta', 'echo x | nc -N 10.9.0.1 7000')).toContain('[alpha] x\n[alpha] 0\n')
    type('fg')
    expect(lab.type('beta', 'echo y | nc -N 10.9.0.1 9000')).toContain('[alpha] y\n[alpha] sub\n')
    expect(type('bg %3; jobs -l')).toMatch(
      /^\[3\]\+ sudo nc -l \$i &\n\[1\]- +\d+ Stopped +tail -f f\n\[2\]\+ +\d+ Stopped +ping -q 10.9.0.2\n\[3\] +\d+ Running +sudo nc -l \$i &\n$/,
    )
    expect(type('kill %1 %2')).toBe('[1]-  Terminated              tail -f f\n[2]+  Terminated              ping -q 10.9.0.2\n')
  })

  it('signals stop and continue; what comes meanwhile waits', () => {
    const { lab, type, stop } = open()
    type('sleep 1000 &')
    expect(type('kill -STOP $!')).toBe('\n[1]+  Stopped                 sleep 1000\n')
    expect(type('kill -INT $!; jobs')).toBe('[1]+  Stopped                 sleep 1000\n')
    expect(type('kill -WINCH $!; kill -0 $!; echo $?')).toBe('0\n')
    expect(type('kill -CONT $!')).toBe('[1]+  Interrupt               sleep 1000\n')
    // One that runs in front of another console, by its number.
    lab.type('alpha:2', 'ping 10.9.0.2')
    expect(type('kill -TSTP $(pgrep ping)')).toContain('[alpha:2] \n[1]+  Stopped                 ping 10.9.0.2\n')
    expect(lab.type('alpha:2', 'kill -9 %1; jobs')).toContain('[1]+  Killed                  ping 10.9.0.2')
    type('tail -f /etc/hosts')
    stop()
    expect(type('exit')).toBe('There are stopped jobs.\n')
    expect(type('disown')).toMatch(/^-bash: warning: deleting stopped job 1 with process group \d+\n$/)
    expect(type('fg; bg %9')).toBe('-bash: fg: current: no such job\n-bash: bg: %9: no such job\n')
  })

  it('a server answers nobody while it is stopped, and everybody afterwards', () => {
    const { lab, type, stop } = open()
    type('echo page > index.html; python3 -m http.server 8000')
    expect(stop()).toBe('\n[1]+  Stopped                 python3 -m http.server 8000\n')
    expect(lab.type('beta', 'curl -s -m 3 http://10.9.0.1:8000/; echo $?')).toBe('28\n')
    expect(type('bg')).toContain('[1]+ python3 -m http.server 8000 &\n')
    expect(lab.type('beta', 'curl -s -m 3 http://10.9.0.1:8000/')).toContain('page\n')
  })

  it('reads what is typed when it is in front, and is stopped when it wants to in the background', () => {
    const { type, stop } = open()
    type('cat')
    expect(type('one')).toBe('one\n')
    expect(stop()).toBe('\n[1]+  Stopped                 cat\n')
    expect(type('bg; true')).toContain('[1]+ cat &\n')
    expect(type('jobs')).toBe('[1]+  Stopped                 cat\n')
    expect(type('fg')).toBe('cat\n')
    expect(type('two')).toBe('two\n')
    expect(stop()).toBe('\n[1]+  Stopped                 cat\n')
    expect(type('fg')).toBe('cat\n')
    expect(type('\u0004')).toBe('')
    expect(type('jobs; echo y')).toBe('y\n')
  })

  it('builtins of the shell cannot be stopped', () => {
    const { type, stop } = open()
    type('read x; echo "got $x"')
    expect(stop()).toBe('')
    expect(type('word')).toBe('got word\n')
    type('nc -l 8000 & wait')
    expect(stop()).toBe('')
  })

  it('wait -n waits for whichever ends first', () => {
    const { type } = open()
    const output = type('sleep 9 & (sleep 2; exit 3) & wait -n; echo $?; jobs -r')
    expect(output).toMatch(/\n3\n\[1\][-+] +Running +sleep 9 &\n$/)
  })
})

it('more are stopped than there may be jobs: what is in front stays there', () => {
  const lab = new LinuxLab()
  for (let i = 0; i < 16; i++) {
    lab.type('alpha', `nc -l ${2000 + i}`)
    expect(lab.type('alpha', CTRL_Z)).toContain('Stopped')
  }
  lab.type('alpha', 'nc -l 7000')
  expect(lab.type('alpha', CTRL_Z)).toBe('')
})
