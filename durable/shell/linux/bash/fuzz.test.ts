import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeKernel, type } from '../fake-kernel.ts'
import { bash } from '../index.ts'

// Whatever is typed: the shell ends, throws nothing and never speaks of its own mistakes. fast-check prints seed and path.

const slips = /undefined|\[object |NaN\b|failed inside|not a function|Cannot read/

const SEEDS = [
  `awk -F: 'function f(a, b) { return a "!" b } NR > 1 && /o/ { s[$1] = f($2); n += $3 } END { for (k in s) printf "%s %d\\n", k, length(s[k]); print n }' /etc/passwd`,
  `sed -n -e '/root/,$s/\\(.\\)o/\\1\\u&/gp;2{h;G;y/ab/ba/}' -e '$!N;P;D' /etc/passwd; sed -i.x 's|a|b|;:l;tl;q5' /tmp/o`,
  'for i in 1 2 "a b"; do [ "$i" = 2 ] && continue; echo "$i"; done',
  'f() { local x=$1; case $x in a*) return 3;; *) echo "${x%b*}";; esac; }; f abc; f cbd; echo $?',
  'while read -r a b; do printf "%s-%5d\\n" "$a" "$b"; done <<< "x 1\ny 2"',
  'a=(x y "z w"); a[5]=q; echo "${a[@]:1:2}" ${#a[@]} "${!a[@]}"; declare -A m=([k]=v); echo ${m[k]}',
  'cat <<E | tr a-z A-Z | sort -r > /tmp/o 2>&1; cat < /tmp/o\n$((1+2)) $(echo sub) `echo tick`\nE',
  'if [[ $HOME =~ ^/(home|root) && -d / ]]; then echo "${BASH_REMATCH[1]}"; elif ! true; then :; else exit 4; fi',
  'set -euo pipefail; trap "echo bye \\$?" EXIT; x=${1:-dflt}; echo "${x^^}" | grep -c D; false',
  'sleep 1 & sleep 2 & jobs -l; wait %1; kill %2; (exit 5) || { echo $?; }; ! { false; }',
  'mkdir -p /tmp/d/{a,b}; touch /tmp/d/a/f{1..3}; ls -lR /tmp/d; find /tmp/d -name "f*" -exec echo {} \\;; rm -rf /tmp/d',
  'diff <(echo a) <(echo b); exec 3> /tmp/x; echo hi >&3; exec 3>&-; cat /tmp/x; echo {a,b{1,2}}; echo ~root ~+',
  'getopts "ab:" o -a -b v; echo $o $OPTARG; select s in p q; do break; done <<< 1; time -p true; let "n = 3 ** 2"; echo $n',
  'ping -c 1 vm2 | tee /tmp/t | head -n 1; xargs -n 1 echo < /tmp/t; timeout 1 sleep 5; env -i A=1 bash -c "echo \\$A"',
  'alias l="ls -1"; l /etc; unalias l; type l; history 2; eval "echo \\"\\$PATH\\""; umask; ulimit -a; ps aux | wc -l',
  'x=abcabc; echo ${x//b/[&]} ${x/#a} ${x: -2} ${#x} ${!x*} ${x@Q} ${y:?gone}; echo after',
]
const PIECES = [
  ...[
    '|',
    '&&',
    '||',
    ';',
    '&',
    '\n',
    '(',
    ')',
    '{ ',
    '; }',
    '$(',
    '`',
    '"',
    "'",
    '$((',
    '))',
    '[[',
    ']]',
    '<<E\n',
    '\nE\n',
    '<(',
    '<<<',
  ],
  ...[
    '>',
    '>>',
    '<',
    '2>&1',
    '>&3',
    '3<&0',
    '${x',
    '}',
    '$x',
    '$@',
    '"$*"',
    '$?',
    '!',
    '#',
    '\\',
    '\\\n',
    '~',
    '*',
    '?',
    '[a-',
    '{1..3}',
    '{a,b}',
  ],
  ...[
    'if ',
    'then ',
    'else ',
    'fi',
    'for i in ',
    'do ',
    'done',
    'while ',
    'until ',
    'case x in ',
    'esac',
    ';;',
    'function f ',
    'f() ',
    'f ',
    'select ',
  ],
  ...[
    'exit ',
    'return 2',
    'break',
    'continue 3',
    'eval ',
    'exec ',
    'trap ',
    'set -',
    'shift ',
    'local x',
    'read x',
    'declare -',
    'unset ',
    'x=',
    'a[1]=',
    'x+=(',
  ],
  ...[
    'echo a',
    'cat',
    'sleep 1',
    'true',
    'false',
    'ls /',
    'ping vm2',
    'kill %1',
    'wait',
    'fg',
    'jobs',
    'grep -',
    'printf %',
    'test -',
    '=~',
    '-eq',
    '**',
    '<<',
    '1/0',
    '%',
    ',',
  ],
  ...['\0', '\x1b', 'ü', '😀', '__proto__', 'constructor', '999999999999999999999', '-1'],
]

function ends(line: string): void {
  const fake = fakeKernel()
  fake.scripts.set('ping', { endless: [{ kind: 'reply' }, { kind: 7 }, null], last: [{ kind: 'finished' }] })
  bash.incomplete(line)
  bash.complete(line, { kernel: fake, memory: {} })
  const memory = {}
  const { status, output } = type(bash, fake, line, { memory, most: 60_000, interruptFrom: 200, typed: ['one', 'two three'] })
  expect(Number.isInteger(status) && status >= 0 && status < 256).toBe(true)
  if (!slips.test(line)) expect(output).not.toMatch(slips)
  // What is remembered is plain data, and the next line is run with it.
  const again = JSON.parse(JSON.stringify(memory))
  expect(Number.isInteger(type(bash, fake, 'echo next', { memory: again, most: 60_000, interruptFrom: 200 }).status)).toBe(true)
}

describe('whatever is typed', () => {
  it('random pieces of the language', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ maxLength: 4 })), { maxLength: 14 }),
        fc.constantFrom(' ', ''),
        (pieces, glue) => ends(pieces.join(glue)),
      ),
      { numRuns: 3000 },
    )
  })

  it('scripts with pieces taken out, put in and exchanged', () => {
    const change = fc.record({ at: fc.nat({ max: 200 }), out: fc.nat({ max: 6 }), piece: fc.constantFrom('', '', ...PIECES) })
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.array(change, { minLength: 1, maxLength: 4 }), (script, changes) => {
        let line = script
        for (const { at, out, piece } of changes) {
          const place = at % (line.length + 1)
          line = line.slice(0, place) + piece + line.slice(place + out)
        }
        ends(line)
      }),
      { numRuns: 3000 },
    )
  })

  it('two scripts, one in the other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.constantFrom(...SEEDS), fc.nat({ max: 120 }), (outer, inner, at) => {
        ends(outer.slice(0, at) + inner + outer.slice(at))
        ends(`$(${inner})`)
        ends(`bash -c '${inner.replaceAll("'", "'\\''")}'`)
      }),
      { numRuns: 300 },
    )
  })
})
