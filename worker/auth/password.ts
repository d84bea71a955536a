import { z } from 'zod'

export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128

/** Length is what counts (NIST SP 800-63B, 3.1.1.2); the few that everybody tries are refused. */
const common = /^(.)\1*$|^(password|passwort|switchroom|qwertyuiop|1234567890|0123456789|letmein)[0-9!.]*$/i
export const newPassword = z
  .string()
  .min(SHORTEST_PASSWORD, `At least ${SHORTEST_PASSWORD} characters.`)
  .max(LONGEST_PASSWORD)
  .refine((text) => !common.test(text), 'This is one of the first that anybody would try.')
