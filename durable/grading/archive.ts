import { faultText, parseDefinition } from '../definition/parse.ts'
import { type ReadFile, readExport } from '../export.ts'
import { gradeKept, type Rubric } from './grade.ts'
import { pastOfFile } from './past.ts'
import type { GradeReport } from './report.ts'
import { rubricFor } from './rubric-for.ts'

export type HowToGrade = {
  readonly rubric?: string | undefined
  /** Also a file whose journal has no hashes: one of before there were any, or one that lost them. */
  readonly withoutChain?: boolean
}

/** The grade of a lab out of its file alone, or why there is none, in sentences. */
export function gradeArchive(
  file: Uint8Array,
  { rubric, withoutChain = false }: HowToGrade = {},
): GradeReport | readonly string[] {
  const read = readExport(file)
  if (typeof read === 'string') return [read]
  return read.chained || withoutChain ? gradeFile(read, rubric) : [NO_CHAIN]
}

const NO_CHAIN =
  'The journal of this file has no hashes: it was written before there were any, or somebody has taken them out. Nothing shows that its lines are those that were typed, so it is not graded.'

function gradeFile(file: ReadFile, rubric: string | undefined): GradeReport | readonly string[] {
  const { definition: yaml, seed, stored } = file
  const parsed = parseDefinition(yaml, seed)
  if (!parsed.ok) return parsed.faults.map(faultText)
  const { definition } = parsed
  const chosen = rubricFor({ yaml, seed, definition }, rubric)
  if (!chosen.ok) return chosen.faults.map(faultText)
  return gradeKept({ definition, seed, stored }, pastOfFile(file), chosen.rubric satisfies Rubric)
}

/** What a service has told of a grade: the report itself, or `grade.json` of a submission. */
export type Told = Partial<Pick<GradeReport, 'engine' | 'rubric' | 'chain' | 'state' | 'digest'>> & {
  readonly engineVersion?: number
}

/**
 * What makes this grade another one than the service told, in sentences; none: it is the same grade of the same lab. A file alone proves
 * nothing against whoever made it, since hashes can be computed anew; what the service has told does.
 */
export function differences(graded: GradeReport, told: Told): string[] {
  const engine = told.engine ?? told.engineVersion
  if (told.digest === graded.digest) return []
  const found: string[] = []
  if (told.chain !== undefined && told.chain !== graded.chain)
    found.push('The journal is another one: lines were changed, added or taken out since then.')
  if (told.state !== undefined && told.state !== graded.state) found.push('The state of the lab is another one.')
  if (told.rubric !== undefined && told.rubric !== graded.rubric) found.push('It was graded by another rubric.')
  if (engine !== undefined && engine !== graded.engine)
    found.push(`It was graded by engine ${engine}; this is engine ${graded.engine}.`)
  if (found.length > 0) return found
  return told.digest === undefined
    ? ['No digest stands there to compare with.']
    : ['Results differ although journal, state, rubric and engine are the same: packets or changes in the file are others.']
}
