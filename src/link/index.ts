export { type AlertLink, type AlertLinks, createAlertLinks } from './alert-link.ts'
export { deriveLinkKey } from './alert-token.ts'
