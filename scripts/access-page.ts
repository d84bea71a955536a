import { matrix } from '../test/worker/access/matrix.ts'
import { everybody, rules } from '../test/worker/access/rules.ts'

const words: Record<string, string> = { '+': 'yes', '-': '403', '0': '404' }
const objects: Record<string, string> = {
  it: '',
  own: 'a lab that somebody started for themselves',
  copy: 'the copy of an assignment',
  view: 'a lab as it was at a moment',
}

/** docs/access.md: the table that the test holds every route to. */
export function accessPage(): string {
  const lines = [
    '# Who may do what',
    '',
    'Written by `node scripts/run.mjs scripts/access.ts` from `test/worker/access/matrix.ts`; `test/worker/access/matrix.test.ts` holds every route to it.',
    '',
    'What is not yours answers 404, in the same bytes as what does not exist; what you may see but not do answers 403; who is nobody answers',
    '401. Of another organisation nothing can be had: every object in it answers 404 to everybody outside, also when it is named in a body or below',
    'something of one’s own. A key that acts for nobody needs the scope of the route, and then may what a teacher may, unless it says otherwise.',
    'A key that acts for a person needs both the scope and what the person may. When a right ends, sockets that are open by it,',
    'at consoles and at ports, close, and what still comes in by them does nothing (`test/worker/access/open-sockets.test.ts`); messages of learning',
    'platforms are driven in `test/worker/access/lti-messages.test.ts`. `session` instead of a scope: only for people who are signed in.',
    '',
    'The columns: an owner and a teacher of the organisation; an assistant who is enrolled in the course as one, and another; the student whose lab,',
    'copy or submission it is (`holder`), another of the same course (`classmate`), and one who is not in it; an observer of the course, and one of the',
    'organisation alone.',
    '',
    `| what | ${everybody.join(' | ')} | key |`,
    `| --- | ${everybody.map(() => '---').join(' | ')} | --- |`,
  ]
  const entries = Object.entries(rules) as [keyof typeof rules, { words: string; on: Record<string, string>; machine?: string }][]
  for (const [name, { on, machine = '+' }] of entries)
    for (const [object, outcomes] of Object.entries(on)) {
      const about = objects[object] === '' ? '' : `, ${objects[object]}`
      lines.push(`| ${name}${about} | ${[...outcomes].map((one) => words[one]).join(' | ')} | ${words[machine]} |`)
    }
  for (const [name, { words: who }] of entries) {
    const groups = matrix.filter(({ rule }) => rule === name)
    if (groups.length === 0) continue
    lines.push('', `## ${name}`, '', `For ${who}.`, '')
    for (const { scope, routes } of groups) {
      const needs =
        scope === '-'
          ? ''
          : scope === 'organisation:write'
            ? ' (session)'
            : ` (${scope
                .split(' ')
                .map((one) => `\`${one}\``)
                .join(' and ')})`
      for (const route of routes) lines.push(`- \`${route}\`${needs}`)
    }
  }
  return `${lines.join('\n')}\n`
}
