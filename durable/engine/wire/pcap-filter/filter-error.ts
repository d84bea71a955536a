/** What libpcap says about a filter that makes no sense. It never leaves this folder. */
export class FilterError extends Error {}
