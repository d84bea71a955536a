// The shell at the console of a guest: what runs side by side, what waits for a person, what outlives a line, and what ends at a budget.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

/** Every step twice: as it comes, and with the lab stored and opened again before it. */
const both = describe.each([
  ['as it comes', false],
  ['stored and opened before each step', true],
] as const)

both('%s', (_name, fragile) => {
  it('pipes stream: tcpdump | grep tells packets while it runs', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('beta', 'sudo tcpdump -l -n -i eth0 icmp 2>/dev/null | grep --line-buffered reply | cut -d" " -f2-7')).toBe(
      '',
    )
    expect(lab.type('alpha', 'ping -c 1 10.9.0.2 | tail -n 2 | head -n 1')).toBe(
      '1 packets transmitted, 1 received, 0% packet loss, time 0ms\n[beta] IP 10.9.0.2 > 10.9.0.1: ICMP echo\n',
    )
    expect(lab.type('alpha', 'ping -c 2 10.9.0.2 > /dev/null')).toBe(
      '[beta] IP 10.9.0.2 > 10.9.0.1: ICMP echo\n[beta] IP 10.9.0.2 > 10.9.0.1: ICMP echo\n',
    )
    lab.interrupt('beta')
    expect(lab.type('beta', 'echo free')).toBe('free\n')
  })

  it('jobs: side by side, told, waited for, ended', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('alpha', 'sleep 30 & sleep 40 & echo now')).toMatch(/^\[1\] \d+\n\[2\] \d+\nnow\n$/)
    expect(lab.type('alpha', 'jobs')).toBe('[1]-  Running                 sleep 30 &\n[2]+  Running                 sleep 40 &\n')
    expect(lab.type('alpha', 'kill %2; sleep 1')).toBe('[2]+  Terminated              sleep 40\n')
    expect(lab.type('alpha', 's=$SECONDS; wait; echo $((SECONDS - s >= 28))')).toBe('1\n')
    expect(lab.type('alpha', '(sleep 2; echo slow) & echo fast; wait')).toMatch(/^\[1\] \d+\nfast\nslow\n$/)
    expect(lab.type('alpha', 'ping -c 3 10.9.0.2 > /tmp/p & sleep 1; grep -c ttl /tmp/p; wait %1; grep -c ttl /tmp/p')).toMatch(
      /^\[1\] \d+\n[12]\n3\n$/,
    )
    expect(lab.type('alpha', 'sleep 50 & fg')).toMatch(/^\[1\] \d+\nsleep 50\n$/)
    expect(lab.type('alpha', '{ sleep 5; exit 7; } & wait $!; echo $?')).toMatch(/^\[1\] \d+\n7\n$/)
  })

  it('reads what is typed, up to Ctrl-D', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('alpha', 'read -p "name? " n; echo "hello $n"')).toBe('name? ')
    expect(lab.type('alpha', 'Ada')).toContain('hello Ada\n')
    expect(lab.type('alpha', 'sort')).toBe('')
    lab.type('alpha', 'b')
    lab.type('alpha', 'a')
    expect(lab.type('alpha', '\u0004')).toContain('a\nb\n')
    expect(lab.type('alpha', 'cat > /tmp/typed')).toBe('')
    expect(lab.type('alpha', '\u001a')).toContain('[1]+  Stopped                 cat > /tmp/typed\n')
    expect(lab.type('alpha', 'fg')).toBe('cat > /tmp/typed\n')
    lab.type('alpha', 'one line')
    lab.type('alpha', '\u0004')
    expect(lab.type('alpha', 'cat /tmp/typed')).toBe('one line\n')
    expect(lab.type('alpha', '\u0004')).toContain('this console stays open')
    expect(lab.type('alpha', 'while read l; do echo "<$l>"; done; echo over')).toBe('')
    expect(lab.type('alpha', 'x y')).toContain('<x y>\n')
    expect(lab.interrupt('alpha')).not.toContain('over')
  })

  it('nc -l | cat tells what comes over the network', () => {
    const lab = new LinuxLab({ fragile })
    expect(lab.type('beta', 'nc -l 9000 | cat -n')).toBe('')
    const told = lab.type('alpha', 'printf "one\\ntwo\\n" | nc -w 1 10.9.0.2 9000')
    expect(told).toContain('     1\tone\n')
    expect(told).toContain('     2\ttwo\n')
  })

  it('remembers functions, variables, options, the directory and history', () => {
    const lab = new LinuxLab({ fragile })
    lab.type(
      'alpha',
      'f() { echo "f $1 $x"; }; x=5; declare -A m=([k]=v); cd /tmp; set -o pipefail; alias hi="echo hi"; trap "echo bye" EXIT',
    )
    expect(lab.type('alpha', 'f 1; echo ${m[k]}; pwd; false | true; echo $?; hi')).toBe('f 1 5\nv\n/tmp\n1\nhi\n')
    expect(lab.type('alpha', 'history | tail -n 2 | cut -c1-12')).toBe('    2  f 1; \n    3  histo\n')
    expect(lab.type('alpha', '(exit 9)')).toBe('')
    expect(lab.type('alpha', 'echo $? $_HOME ${#x}; type f | head -n 1')).toBe('9 1\nf is a function\n')
  })

  it('Ctrl-C ends what runs in front, and the rest of the line', () => {
    const lab = new LinuxLab({ fragile })
    lab.type('alpha', 'cat; echo never')
    lab.interrupt('alpha')
    expect(lab.type('alpha', 'echo $?')).toBe('130\n')
    lab.type('alpha', 'for i in 1 2 3; do cat; done; echo never')
    expect(lab.interrupt('alpha')).not.toContain('never')
    lab.type('alpha', 'trap "echo caught" INT; cat; echo after')
    expect(lab.interrupt('alpha')).toContain('caught\nafter\n')
  })

  it('what goes on until it is stopped waits for nobody', () => {
    const lab = new LinuxLab({ fragile })
    lab.type('alpha', 'echo a > /tmp/log')
    expect(lab.type('alpha', 'tail -f /tmp/log')).toBe('a\n')
    expect(lab.type('alpha:2', 'echo b >> /tmp/log; sleep 2')).toBe('[alpha] b\n')
    lab.interrupt('alpha')
    expect(lab.type('alpha', 'timeout 3 tail -f /tmp/log; echo $?')).toBe('a\nb\n124\n')
    expect(lab.type('beta', 'watch -t -n 1 cat /etc/hostname')).toContain('beta\n')
    lab.interrupt('beta')
    const before = lab.walk.lab.now
    lab.type('beta', 'while true; do sleep 60; done')
    lab.interrupt('beta')
    expect(lab.walk.lab.now - before).toBeLessThan(3_700_000_000)
    expect(lab.type('beta', 'echo free')).toBe('free\n')
  })
})

describe('scripts without end', () => {
  const steps = /stopped, because this line ran over its budget of 100000 steps a line\.\n$/
  const depth = /stopped, because this line ran over its budget of a nesting of 100/
  const jobs = /fork: retry: Resource temporarily unavailable\n/
  it.each<[string, RegExp]>([
    ['while true; do true; done', steps],
    ['for ((;;)); do ((i++)); done', steps],
    ['until false; do echo spam > /dev/null; done', steps],
    ['bash -c "while true; do true; done"', steps],
    ['sudo bash -c "while true; do true; done"', steps],
    ['yes | while read l; do :; done; while true; do x=$(echo y); done', steps],
    ['while true; do echo x >> /tmp/full; done', steps],
    ['f() { f; }; f', depth],
    ['f() { f | f; }; f', depth],
    ['f() { (f); }; f', depth],
    ['f() { x=$(f); }; f', depth],
    ["echo 'bash /tmp/s.sh' > /tmp/s.sh; bash /tmp/s.sh", depth],
    ['e="eval \\"\\$e\\""; eval "$e"', depth],
    [':() { :|:& }; :; sleep 1', jobs],
    ['while true; do sleep 9 & done', jobs],
    ['b() { sleep 100 & b; }; b', jobs],
    ['bash -c "f() { f & f & }; f"', jobs],
    ['x=a; while true; do x=$x$x; done', /^-bash: x: a value here has at most 65536 characters\n$/],
    ['a=(x); while true; do a+=("${a[@]}"); done', /an array here is not that large|Argument list too long/],
    [
      'set -- a; while true; do set -- "$@" "$@"; done',
      /set: the variables and functions of a shell here hold at most 262144 characters\n$/,
    ],
    ['echo {1..99999999}', /a brace expansion here gives at most 4096 words\n$/],
    [
      'echo {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}',
      /a brace expansion here gives at most 4096 words\n$/,
    ],
    ['yes', /which is this lab's budget\n$/],
    ['seq 999999999 > /dev/null', /numbers are not printed here\n$/],
  ])('%s', (line, message) => {
    const lab = new LinuxLab()
    const output = lab.type('alpha', line) + lab.interrupt('alpha')
    expect(output.length).toBeLessThan(700_000)
    expect(output).toMatch(message)
    // The lab goes on as if nothing had been.
    expect(lab.type('alpha:2', 'ping -c 1 10.9.0.2 | grep -c ttl')).toMatch(/^1\n/)
    lab.type('alpha', 'unset -f : f b')
    expect(lab.type('alpha', 'echo fine')).toMatch(/fine\n$/)
  })
})
