import { JobsObject } from '../../durable/jobs/jobs-object.ts'
import type { Env } from '../env.ts'
import { kinds } from './kinds/index.ts'

/** The class that wrangler.toml names. */
export class Jobs extends JobsObject<Env> {
  protected override get kinds() {
    return kinds
  }
}
