// docs/seed-coverage.yaml: for each line of the documents that this product grew from, the tests that show it or the words with
// which the product declines. What it names must be there, and docs/seed-coverage.md is made of it.
import { parse } from 'yaml'
import { z } from 'zod'

const reference = z.string().regex(/ › /, 'must be PATH › TEXT')
const decline = z.strictObject({
  typed: z.string().optional(),
  words: z.string().min(10),
  in: reference,
})
const entry = z.strictObject({
  says: z.string().min(10),
  shown: z.array(reference).default([]),
  declines: z.array(decline).default([]),
  note: z.string().optional(),
})
const coverage = z.strictObject({
  sections: z.record(z.string(), z.strictObject({ title: z.string(), lines: z.int() })),
  lines: z.record(z.string(), entry),
})

export type SeedLine = z.infer<typeof entry>
export type SeedCoverage = z.infer<typeof coverage>

/** The text of a file of the repository, or undefined. */
export type Read = (path: string) => string | undefined

/** How many numbered lines each document's section has. Kept here too, so that taking lines out of the data is seen. */
export const SECTIONS: Readonly<Record<string, number>> = { '1.1': 58, '1.2': 25, '1.3': 30, '1.4': 25, '1.5': 12 }

export const seedCoverage = (text: string): SeedCoverage => coverage.parse(parse(text))

export function findSeedFaults(text: string, page: string | undefined, read: Read): string[] {
  const parsed = coverage.safeParse(parse(text))
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `docs/seed-coverage.yaml: ${path.join('.')}: ${message}`)
  const { sections, lines } = parsed.data
  const wanted = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, at) => `${section}.${at + 1}`),
  )
  const faults = [
    ...Object.entries(SECTIONS)
      .filter(([section, count]) => sections[section]?.lines !== count)
      .map(([section, count]) => `${section} has ${count} lines, not ${sections[section]?.lines ?? 'none'}`),
    ...wanted.filter((number) => lines[number] === undefined).map((number) => `${number} is missing`),
    ...Object.keys(lines)
      .filter((number) => !wanted.includes(number))
      .map((number) => `${number} is no line of these sections`),
    ...Object.entries(lines).flatMap(([number, line]) => lineFaults(line, read).map((fault) => `${number}: ${fault}`)),
  ]
  if (page !== seedCoveragePage(parsed.data)) {
    faults.push('docs/seed-coverage.md is not what the data say: node scripts/run.mjs scripts/seed-coverage.ts writes it anew')
  }
  return faults
}

function lineFaults({ shown, declines }: SeedLine, read: Read): string[] {
  if (shown.length + declines.length === 0) return ['neither a test nor words that decline']
  return [
    ...shown.flatMap((one) => referenceFaults(one, read)),
    ...declines.flatMap(({ words, in: source }) => {
      const piece = source.split(' › ')[1]
      return words.includes(piece) ? plainFaults(source, read) : [`"${piece}" is not among the words "${words}"`]
    }),
  ]
}

function plainFaults(source: string, read: Read): string[] {
  const [path, text] = source.split(' › ')
  const file = read(path)
  if (file === undefined) return [`there is no ${path}`]
  return file.includes(text) ? [] : [`"${text}" does not stand in ${path}`]
}

function referenceFaults(source: string, read: Read): string[] {
  const [path, text, said] = source.split(' › ')
  const file = read(path)
  if (file === undefined) return [`there is no ${path}`]
  if (path.endsWith('.script')) return scriptFaults(path, file, text, said)
  if (!path.endsWith('.test.ts')) return plainFaults(source, read)
  // The title of a test is a string that begins with the words, and is the first thing that a call is given.
  const quoted = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`\\(\\s*(['"\`])${quoted}`).test(file) ? [] : [`no test in ${path} is called "${text}"`]
}

/** In a script of a lab: a line that somebody types, and an outcome that is asserted before the next one. */
function scriptFaults(path: string, file: string, typed: string, said: string | undefined): string[] {
  if (!/^[=!] /.test(said ?? '')) return [`${path}: name an outcome of "${typed}" too`]
  const rows = file.split('\n')
  const isAct = (row: string) => /^(\S+> |\S+& |@ )/.test(row)
  for (let at = rows.indexOf(typed); at >= 0; at = rows.indexOf(typed, at + 1)) {
    for (let next = at + 1; next < rows.length && !isAct(rows[next]); next++) if (rows[next] === said) return []
  }
  return [rows.includes(typed) ? `${path}: "${typed}" is not followed by "${said}"` : `nobody types "${typed}" in ${path}`]
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

function evidence({ shown, declines, note }: SeedLine): string {
  return [
    ...shown.map((one) => {
      const [path, ...texts] = one.split(' › ')
      return `[${path.split('/').slice(-3).join('/')}](../${path}): ${texts.map(code).join(' ')}`
    }),
    ...declines.map(({ typed, words }) => `declined${typed === undefined ? '' : `, ${code(typed)}`}: “${cell(words)}”`),
    ...(note === undefined ? [] : [`*${cell(note)}*`]),
  ].join('<br>')
}

export function seedCoveragePage({ sections, lines }: SeedCoverage): string {
  const all = Object.values(lines)
  const declinedOnly = all.filter(({ shown }) => shown.length === 0).length
  const row = ([number, line]: [string, SeedLine]) => `| ${number} | ${cell(line.says)} | ${evidence(line)} |`
  return [
    '<!-- Written by `node scripts/run.mjs scripts/seed-coverage.ts` out of docs/seed-coverage.yaml; `npm run check` holds it against that. -->',
    '# What the product grew from, line by line',
    '',
    'Five documents described how Hyper-V and virtual networks behave. Each thing that they say stands here in our own words, with the test that',
    `shows it, or with the words in which the product says that it does not do it: ${all.length} lines, ${all.length - declinedOnly} shown, ${declinedOnly} declined.`,
    'In a script of a lab, a line that is typed is followed by an outcome that is asserted (`=` it prints this, `!` it does not).',
    '',
    ...Object.entries(sections).flatMap(([section, { title }]) => [
      `## ${section} ${title}`,
      '',
      '| line | what it says | shown or declined |',
      '| --- | --- | --- |',
      ...Object.entries(lines)
        .filter(([number]) => number.startsWith(`${section}.`))
        .map(row),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}
