import { z } from 'zod'
import { labSource } from './schema.ts'

/** The published schema of lab.yaml, for editors. Made from the same schema that validates. */
export const jsonSchema = (): object =>
  z.toJSONSchema(labSource, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' })
