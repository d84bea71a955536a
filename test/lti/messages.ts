import type { GradeBook } from './grade-book.ts'
import type { PlatformSettings } from './platform.ts'
import type { Member, Roster } from './roster.ts'

// Messages in the shape of the published examples: LTI 1.3 Core, appendix A; Deep Linking 2.0, section 3.4.

const claim = 'https://purl.imsglobal.org/spec/lti/claim/'
export const course = {
  id: 'c1d887f0-a1a3-4bca-ae25-c375edcc131a',
  label: 'ECON 1010',
  title: 'Economics as a Social Science',
  type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
}

export type Launch = {
  readonly kind: 'link' | 'deep-link'
  /** The id of the link in the course, and what its content item said of it. */
  readonly link?: {
    readonly id: string
    readonly title?: string
    readonly custom?: Record<string, string>
    readonly lineItem?: string
  }
  readonly target?: string
  readonly deepLinking?: { readonly returnUrl: string; readonly data: string; readonly acceptMultiple: boolean }
  readonly context?: typeof course
  /** Claims that take the place of those below; undefined takes one away. */
  readonly instead?: Readonly<Record<string, unknown>>
}

const serviceClaims = (book: GradeBook, roster: Roster, lineItem: string | undefined) => ({
  'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
    scope: book.scopes,
    lineitems: book.lineItemsUrl,
    ...(lineItem !== undefined && { lineitem: lineItem }),
  },
  'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
    context_memberships_url: roster.url,
    service_versions: ['2.0'],
  },
})

export function messageOf(
  { issuer, clientId, deploymentId, tool }: PlatformSettings,
  book: GradeBook,
  roster: Roster,
  member: Member | undefined,
  launch: Launch,
  nonce: string,
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  const { name, given_name, family_name, email } = member ?? {}
  const common = {
    iss: issuer,
    ...(member !== undefined && { sub: member.id }),
    aud: [clientId],
    azp: clientId,
    exp: now + 500,
    iat: now,
    nonce,
    ...(name !== undefined && { name, given_name, family_name }),
    ...(email !== undefined && { email }),
    locale: 'en-US',
    [`${claim}deployment_id`]: deploymentId,
    [`${claim}version`]: '1.3.0',
    [`${claim}roles`]: member?.roles ?? [],
    [`${claim}context`]: launch.context ?? course,
    [`${claim}tool_platform`]: {
      guid: 'ex/48bbb541-ce55-456e-8b7d-ebc59a38d435',
      contact_email: 'support@platform.example.edu',
      description: 'An Example Tool Platform',
      name: 'Example Tool Platform',
      url: 'https://platform.example.edu',
      product_family_code: 'ExamplePlatformVendor-Product',
      version: '1.0',
    },
    ...serviceClaims(book, roster, launch.link?.lineItem),
  }
  const message =
    launch.kind === 'link'
      ? {
          ...common,
          [`${claim}message_type`]: 'LtiResourceLinkRequest',
          [`${claim}target_link_uri`]: launch.target ?? tool.launchUrl,
          [`${claim}resource_link`]: {
            id: launch.link?.id ?? '200d101f-2c14-434a-a0f3-57c2a42369fd',
            description: 'Assignment to introduce who you are',
            title: launch.link?.title ?? 'Introduction Assignment',
          },
          [`${claim}launch_presentation`]: {
            document_target: 'iframe',
            height: 320,
            width: 240,
            return_url: 'https://platform.example.edu/terms/201601/courses/7/sections/1/resources/2',
          },
          [`${claim}custom`]: { xstart: '2017-04-21T01:00:00Z', ...launch.link?.custom },
          [`${claim}lis`]: {
            person_sourcedid: 'example.edu:71ee7e42-f6d2-414a-80db-b69ac2defd4',
            course_offering_sourcedid: 'example.edu:SI182-F16',
          },
        }
      : {
          ...common,
          [`${claim}message_type`]: 'LtiDeepLinkingRequest',
          'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
            deep_link_return_url: launch.deepLinking?.returnUrl,
            accept_types: ['link', 'file', 'html', 'ltiResourceLink', 'image'],
            accept_media_types: 'image/*,text/html',
            accept_presentation_document_targets: ['iframe', 'window', 'embed'],
            accept_multiple: launch.deepLinking?.acceptMultiple,
            auto_create: true,
            title: 'This is the default title',
            text: 'This is the default text',
            data: launch.deepLinking?.data,
          },
        }
  const all: Record<string, unknown> = { ...message, ...launch.instead }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
