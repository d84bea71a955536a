import { faultText, parseDefinition } from '../definition/parse.ts'
import { type LabFile, readExport } from '../export.ts'
import { gradeKept, type Rubric } from './grade.ts'
import { pastOfFile } from './past.ts'
import type { GradeReport } from './report.ts'
import { rubricFor } from './rubric-for.ts'

/** The grade of a lab out of its file alone, or why there is none, in sentences. */
export function gradeArchive(file: Uint8Array, rubric?: string): GradeReport | readonly string[] {
  const read = readExport(file)
  return typeof read === 'string' ? [read] : gradeFile(read, rubric)
}

function gradeFile(file: LabFile, rubric: string | undefined): GradeReport | readonly string[] {
  const { definition: yaml, seed, stored } = file
  const parsed = parseDefinition(yaml, seed)
  if (!parsed.ok) return parsed.faults.map(faultText)
  const { definition } = parsed
  const chosen = rubricFor({ yaml, seed, definition }, rubric)
  if (!chosen.ok) return chosen.faults.map(faultText)
  return gradeKept({ definition, seed, stored }, pastOfFile(file), chosen.rubric satisfies Rubric)
}
