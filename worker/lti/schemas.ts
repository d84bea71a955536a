import type { LtiKeyRow } from '../db/tenant/lti-keys.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import { time, toTime, z } from '../openapi.ts'

// What the routes about learning platforms take and answer.

const address = z.string().trim().min(1).max(2_000)
const deploymentIds = z
  .array(z.string().trim().min(1).max(255))
  .max(200)
  .meta({ description: 'of every place in which the tool was installed; may be added later' })
const settings = {
  name: z.string().trim().min(1).max(120).meta({ description: 'what people call it' }),
  issuer: address.meta({ description: 'exactly as the platform says it: `https://moodle.example.edu`' }),
  clientId: z.string().trim().min(1).max(255),
  authUrl: address.meta({ description: 'where it signs people in' }),
  tokenUrl: address.meta({ description: 'where it gives access to its services' }),
  jwksUrl: address.meta({ description: 'where its public keys are' }),
  tokenAudience: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .nullable()
    .meta({ description: 'only if the platform names another audience than its token URL' }),
  frameOrigins: z
    .array(z.string().trim().min(1).max(300))
    .max(20)
    .meta({ description: 'origins whose pages may show ours in a frame' }),
  instructorRole: z.enum(['teacher', 'assistant']).meta({ description: 'what its instructors become in this organisation' }),
  deploymentIds,
}
export const newPlatform = z
  .strictObject({
    ...settings,
    tokenAudience: settings.tokenAudience.default(null),
    frameOrigins: settings.frameOrigins
      .optional()
      .meta({ description: 'default: those of the issuer and of where it signs people in' }),
    instructorRole: settings.instructorRole.default('teacher'),
    deploymentIds: deploymentIds.default([]),
  })
  .meta({ id: 'NewLtiPlatform' })
export const platformChange = z.strictObject(settings).partial().meta({ id: 'LtiPlatformChange' })
export const platformShown = z
  .object({ id: z.string(), ...settings, createdAt: time, lastLaunchAt: time.nullable() })
  .meta({ id: 'LtiPlatform' })

export const toPlatform = ({ organisationId: _, createdBy: __, ...row }: LtiPlatform): z.infer<typeof platformShown> => ({
  ...row,
  deploymentIds: [...row.deploymentIds],
  createdAt: toTime(row.createdAt),
  lastLaunchAt: row.lastLaunchAt === null ? null : toTime(row.lastLaunchAt),
})

const keyShown = z.object({ kid: z.string(), state: z.enum(['next', 'current', 'previous']), createdAt: time })
export const toKey = ({ id, state, createdAt }: LtiKeyRow): z.infer<typeof keyShown> => ({
  kid: id,
  state,
  createdAt: toTime(createdAt),
})

export const overview = z
  .object({
    ready: z.boolean().meta({ description: 'false: the secret LTI_KEY_SECRET of the service is not set' }),
    tool: z
      .object({ loginUrl: z.string(), launchUrl: z.string(), jwksUrl: z.string(), domain: z.string() })
      .meta({ description: 'what the administrator of a platform types in there' }),
    keys: z.array(keyShown),
    platforms: z.array(platformShown),
  })
  .meta({ id: 'LtiOverview' })

const named = z.object({ id: z.string(), title: z.string() })
export const contextShown = z
  .object({
    id: z.string(),
    title: z.string(),
    platform: named,
    course: named.nullable().meta({ description: 'ours that belongs to it' }),
    roster: z.boolean().meta({ description: 'the platform shares its class list' }),
    gradeBook: z.boolean(),
    rosterAt: time.nullable(),
  })
  .meta({ id: 'LtiCourse' })

export const returned = z
  .object({
    assignment: named,
    person: z.object({ id: z.string(), name: z.string() }),
    state: z.enum(['waiting', 'sent', 'failed']),
    points: z.number().nullable(),
    of: z.number().nullable(),
    error: z.string().nullable(),
    attempts: z.number(),
    updatedAt: time,
  })
  .meta({ id: 'LtiReturnedGrade' })

export const launchShown = z
  .object({
    kind: z.enum(['link', 'deep-link']),
    platform: z.string(),
    courseThere: z.string().nullable(),
    linkTitle: z.string().nullable(),
    course: named.nullable(),
    mayConnect: z.boolean(),
    several: z.boolean().meta({ description: 'more than one assignment may be chosen' }),
    answerPath: z.string().nullable().meta({ description: 'where the page sends the form of a deep link' }),
    courses: z.array(named),
    assignments: z.array(
      z.object({ id: z.string(), title: z.string(), state: z.enum(['draft', 'published', 'archived']), dueAt: time.nullable() }),
    ),
  })
  .meta({ id: 'LtiLaunch' })
