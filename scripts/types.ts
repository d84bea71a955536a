import { runSteps } from './steps.ts'
import { typeSteps } from './worlds-to-type.ts'

process.exit((await runSteps(typeSteps)) ? 0 : 1)
