import { z } from 'zod'

/** Letters that are not seen, or that turn round what stands beside them: a name with them passes for another. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u

/** What somebody is called. Emoji are joined by a letter that is not seen; that one may stay. */
export const displayName = z
  .string()
  .trim()
  .min(1, 'Say what you are called.')
  .max(120)
  .refine((text) => !unseen.test(text.replaceAll('\u200d', '')), 'This has letters that cannot be seen.')
