export { createLiveFeed, type LiveFeed, type StreamEvents } from './live-feed.ts'
export { decodePosition } from './position.ts'
