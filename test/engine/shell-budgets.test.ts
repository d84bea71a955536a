// What a line may cost: nothing that can be typed takes the lab with it, in time or in what its console remembers.
import { describe, expect, it } from 'vitest'
import { LinuxLab } from './linux-lab.ts'

const STEPS = 'ran over its budget of 100000 steps a line'

/** A machine with a file `f` of 4,000 letters, and variables of 4,000 and 32,000. */
function open(): (line: string) => string {
  const lab = new LinuxLab()
  const type = (line: string) => lab.type('alpha', line)
  expect(type("printf 'a%.0s' {1..4000} > f; x=$(cat f); long=$x$x$x$x$x$x$x$x; echo ${#long}")).toBe('32000\n')
  return type
}

describe('patterns', () => {
  it('cost what they look at, not what they find', () => {
    const type = open()
    expect(type('y=${long//*b/c}')).toContain(STEPS)
    expect(type('shopt -s extglob; y=${long##!(b)}; echo ${#y}')).toBe('0\n')
    expect(type('for i in {1..30}; do echo -n $x >> g; done; wc -c < g')).toBe('120000\n')
    expect(type("grep -cE '(a{1000}){7}b' g")).toContain(STEPS)
    expect(type("sed -n '/\\(a\\{1000\\}\\)\\{7\\}b/p' g")).toContain(STEPS)
    expect(type("awk '/(a{1000}){7}b/' g")).toContain(STEPS)
    expect(type('grep -c aab g')).toBe('0\n')
  })
})

describe('texts', () => {
  it('do not grow without end', () => {
    const type = open()
    const most = 'at most 1048576 characters'
    expect(type('y=${long//a/$x}')).toContain(most)
    expect(type('echo {1..4000}{1..4000}')).toContain('at most 4096 words')
    expect(type('echo {{1..3000},{1..3000}}')).toContain('at most 4096 words')
    expect(type('awk \'BEGIN { a[1] = "x"; for (i = 0; i < 60; i++) a[1] = a[1] a[1] }\'')).toContain(most)
    expect(type('awk \'function f(s) { for (i = 0; i < 60; i++) s = s s } BEGIN { f("x") }\'')).toContain(most)
    expect(type("awk -v r=$x '{ gsub(/a/, r) }' f")).toContain(most)
    expect(type('sed "s/./$x/g" f')).toContain(most)
    expect(type('cp f h; sed -i "s/./$x/g" h; wc -c < h')).toContain('4000\n')
  })

  it('a text with a mistake is not parsed again and again', () => {
    const type = open()
    const script = `printf 'if true\\n%.0s' {1..4000} > s; echo ')' >> s; bash s`
    expect(type(script)).toContain('syntax error')
  })
})

describe('what a console remembers', () => {
  const FULL = 'the variables and functions of a shell here hold at most 262144 characters'

  it('has one bound for everything, over all lines', () => {
    const type = open()
    let refused = 0
    for (let i = 0; i < 12; i++) if (type(`v${i}=$long`).includes(FULL)) refused++
    expect(refused).toBe(5)
    expect(type('w=$long$long$long')).toContain('at most 65536 characters')
    expect(type('mapfile -t lines < <(for i in {1..30}; do cat f; echo; done)')).toContain(FULL)
    expect(type('set -- $long $long; echo $#')).toContain(FULL)
    expect(type('alias q=$long')).toContain(FULL)
    // What is given up makes room; what takes the place of something else needs none.
    expect(type('unset v0; z=$long; z=$long; echo ${#z}')).toBe('32000\n')
    expect(type('for i in {1..50}; do z=$long; done; echo ok')).toBe('ok\n')
  })

  it('keeps the newest lines of its history', () => {
    const lab = new LinuxLab()
    for (let i = 0; i < 40; i++) lab.type('alpha', `: ${i} ${'x'.repeat(4000)}`)
    const shown = lab.type('alpha', 'history | cut -c 8-11')
    expect(shown).toContain(': 39')
    expect(shown).not.toContain(': 1 ')
  })
})
