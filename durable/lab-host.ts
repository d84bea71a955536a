import { DurableObject } from 'cloudflare:workers'

export class LabHost extends DurableObject {}
