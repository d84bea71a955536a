// docs/checks.md: what checks have in common, then every verb with an example that the contract tests run, and its fields as the schema
// has them. `node scripts/run.mjs scripts/checks-page.ts` writes it; a test holds it against both.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { verbShapes } from '../durable/definition/check-schema.ts'
import { FORMATS, SUBJECTS } from '../durable/engine/lab/checks/facts/definition.ts'
import { fieldsOf } from '../durable/engine/lab/checks/facts/subjects.ts'

const here = join(import.meta.dirname, '..')
export const PAGE = join(here, 'docs/checks.md')
const folder = join(here, 'durable/engine/lab/checks/samples')

type Sample = { readonly [field: string]: unknown }
export type Samples = {
  readonly [verb: string]: {
    readonly passes: readonly Sample[]
    readonly fails: readonly Sample[]
    readonly couldNotRun: readonly Sample[]
  }
}
export const readSamples = (): Samples => parse(readFileSync(join(folder, 'samples.yaml'), 'utf8')) as Samples
export const readSampleLab = (): string => readFileSync(join(folder, 'sample-lab.yaml'), 'utf8')
export const readSampleScript = (): string => readFileSync(join(folder, 'sample.script'), 'utf8')

type Shape = {
  readonly [field: string]: { readonly description?: string; safeParse(value: undefined): { readonly success: boolean } }
}

const INTRO = `<!-- Written by \`node scripts/run.mjs scripts/checks-page.ts\` out of the schema and of examples that the tests run. -->
# Checks

What a student should have reached in the end stands under \`checks\` in a \`lab.yaml\`, as data. A rubric is the same list in a file of
its own, with a \`total\` that the points must add up to where somebody wants that; it stands in for the lab's checks when a lab is
graded. Values of a lab's variant may stand in both.

A check passes, fails, or could not run; one that could not run brings no points and says why. Verbs that try something do so in a
copy of the lab in memory, and the clock of a copy can be moved: nine days take milliseconds, and the lab itself is never touched. A
grade rests on the stored lab, its journal, the rubric and the engine. Done again, also by \`npm run grade -- FILE.switchroom\` from an
exported file alone, it has the same digest. Lines of the journal in a file are chained by hashes, and the head of the file has the last
one; a file whose hashes are missing is not graded. Whoever makes a file can compute hashes, so they show damage and careless changes and
no more: that a file is what was handed in is shown by \`--against grade.json\`, which compares journal, state, rubric and results with what
the service told when it graded.

What every check has:

- \`id\`, \`title\`, \`check\` (the verb), \`points\` (default 1).
- \`hint\`: told for nothing with a result that is not passed.
- \`hints\`: a ladder, \`[{ text: ..., cost: 1 }, ...]\`. Students read one after the other; what it costs is taken off the points, never below 0.
- \`pass\`, \`fail\`: a sentence of yours, said before what was seen.

Checks inside \`all\`, \`any\`, \`not\`, \`at-least\`, \`survives\` and \`during\` have no id and no points of their own, but a \`title\`, a
\`weight\` (where \`partial: true\` counts parts) and a \`worth\` (\`50%\`: what this way brings in \`any\`). Tasks (\`answer\`, \`names-fault\`)
stand by themselves.

Names: a machine by its name in the file, \`machine/adapter\` for one adapter of it, \`gateway\` for whichever the machine has,
\`default-switch\` for the network of that switch at the moment. A \`*\` in a pattern stands for anything, a \`?\` for one character. Durations
are written \`30s\`, \`12h\`, \`9d\`.
`

const verb = (name: string, about: string, shape: Shape, example: Sample | undefined): string[] => [
  `### ${name}`,
  '',
  `${about}.`,
  '',
  ...(example === undefined
    ? []
    : [
        '```yaml',
        stringify([{ id: 'an-id', title: 'What it is about', check: name, ...example }], { lineWidth: 110 }).trimEnd(),
        '```',
        '',
      ]),
  ...Object.entries(shape).map(([field, one]) => {
    const optional = one.safeParse(undefined).success ? '' : ' (needed)'
    return `- \`${field}\`${optional}${one.description === undefined ? '' : `: ${one.description}`}`
  }),
  '',
]

const FACTS = (): string[] => [
  '## Facts',
  '',
  'What `property` compares and what the right value of an `answer` is: a `machine`, what the fact is `of`, the `name` of the one that is',
  'meant, and a `field`. Values are compared by what they are, however they are written.',
  '',
  ...SUBJECTS.map(
    (subject) =>
      `- **${subject}**: ${[...fieldsOf(subject), ...(subject === 'machine' ? ['power'] : [])].map((field) => `\`${field}\``).join(', ')}`,
  ),
  '',
  '## How answers may be written',
  '',
  `Formats are ${FORMATS.map((one) => `\`${one}\``).join(', ')}; a fact has its own, so a task seldom names one. \`/20\`, \`20\` and \`255.255.240.0\` are the same prefix`,
  'length; MAC addresses may have colons, dashes, dots or nothing between; `24h`, `1 day`, `86400` and `1.00:00:00` are the same duration; upper',
  'and lower case are alike. With `list: true` several values are given in any order.',
  '',
  "What a task asks for is noted with the answer, as it is in that student's lab at that moment: a subnet that moves with the next restart does",
  'not make the answer wrong. `when: now` asks for the moment of grading, `when: beginning` for the start, and `after` for a copy to which',
  'something was done.',
  '',
]

export function checksPage(): string {
  const samples = readSamples()
  const all = Object.entries(verbShapes as { readonly [name: string]: { readonly about: string; readonly shape: Shape } })
  const verbs = all.flatMap(([name, { about, shape }]) =>
    verb(name, about, shape, samples[name]?.passes[0] ?? samples[name]?.fails[0]),
  )
  return `${[INTRO, '## Verbs', '', ...verbs, ...FACTS()].join('\n').trimEnd()}\n`
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, checksPage())
