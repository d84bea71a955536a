import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from './matcher.ts'

function find(
  pattern: string,
  line: string,
  options: { extended?: boolean; fixed?: boolean; ignoreCase?: boolean } = {},
): string | undefined {
  const compiled = compile(pattern, { extended: false, fixed: false, ignoreCase: false, ...options })
  if (!compiled.ok) throw new Error(compiled.error)
  const span = compiled.matcher.find(line)
  return span && line.slice(span.from, span.to)
}

describe('patterns', () => {
  it('basic and extended syntax differ', () => {
    expect(find('a+', 'aa+')).toBe('a+')
    expect(find('a\\+', 'aa+')).toBe('aa')
    expect(find('a+', 'aa+', { extended: true })).toBe('aa')
    expect(find('a|b', 'xb', { extended: true })).toBe('b')
    expect(find('a\\|b', 'xb')).toBe('b')
    expect(find('(ab)+c?', 'xababc', { extended: true })).toBe('ababc')
    expect(find('a.c', 'a.c abc', { fixed: true })).toBe('a.c')
  })

  it('anchors, classes, case', () => {
    expect(find('^a', 'ba')).toBeUndefined()
    expect(find('a$', 'ba')).toBe('a')
    expect(find('[0-9]*\\.[0-9]*$', '172.27')).toBe('172.27')
    expect(find('[^ ]*', 'ab c')).toBe('ab')
    expect(find('[[:digit:]][[:alpha:]]', 'x1b')).toBe('1b')
    expect(find('TTL=[0-9]+', 'ttl=64', { extended: true, ignoreCase: true })).toBe('ttl=64')
    expect(find('[^A]', 'aa', { ignoreCase: true })).toBeUndefined()
  })

  it('finds the leftmost, then the longest', () => {
    expect(find('a|ab|abc', 'xabcd', { extended: true })).toBe('abc')
    expect(find('b*', 'abb')).toBe('')
  })

  it('is linear where backtracking explodes', () => {
    expect(find('(a*)*b', 'a'.repeat(5000), { extended: true })).toBeUndefined()
  })

  it('agrees with the platform on simple patterns', () => {
    const piece = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', 'a*', 'b+', 'a?', '(a|b)', '(ab)*', '^', '$')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.stringMatching(/^[abc]{0,8}$/), (pieces, line) => {
        const pattern = pieces.join('')
        const expected = new RegExp(pattern).test(line)
        expect(find(pattern, line, { extended: true }) !== undefined).toBe(expected)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (pattern, line, extended) => {
        const compiled = compile(pattern, { extended, fixed: false, ignoreCase: false })
        if (compiled.ok) compiled.matcher.find(line)
      }),
    )
  })
})
