// The names of LTI 1.3 and LTI Advantage, as 1EdTech publishes them.

const claim = 'https://purl.imsglobal.org/spec/lti/claim/'
export const CLAIM = {
  messageType: `${claim}message_type`,
  version: `${claim}version`,
  deploymentId: `${claim}deployment_id`,
  targetLinkUri: `${claim}target_link_uri`,
  resourceLink: `${claim}resource_link`,
  roles: `${claim}roles`,
  context: `${claim}context`,
  custom: `${claim}custom`,
  presentation: `${claim}launch_presentation`,
  endpoint: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  deepLinking: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
  contentItems: 'https://purl.imsglobal.org/spec/lti-dl/claim/content_items',
  data: 'https://purl.imsglobal.org/spec/lti-dl/claim/data',
} as const

export const SCOPE = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemRead: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const

export const MEDIA = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  roster: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
} as const

export const VERSION = '1.3.0'
/** Links made by deep linking say with it which assignment they lead to. */
export const CUSTOM_ASSIGNMENT = 'switchroom_assignment'
