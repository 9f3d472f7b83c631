import { expect, it } from 'vitest'
import { momentsOf } from './local-time.ts'

it.each<[zone: string, shown: string, near: string, moment: string]>([
  ['UTC', '2026-11-20T12:00:00', '2026-11-20T12:00', '2026-11-20T12:00:00Z'],
  ['Europe/Berlin', '2026-11-20T12:00:00.250', '2026-11-20T11:00', '2026-11-20T11:00:00.250Z'],
  ['Europe/Berlin', '2026-07-20T12:00:00', '2026-11-20T11:00', '2026-07-20T10:00:00Z'],
  ['America/New_York', '2026-11-20T07:00:00', '2026-11-20T12:00', '2026-11-20T12:00:00Z'],
  ['Asia/Kathmandu', '2026-11-20T17:45:00', '2026-11-20T12:00', '2026-11-20T12:00:00Z'],
  // Twice, the clocks are put back from three to two.
  ['Europe/Berlin', '2026-10-25T01:59:59', '2026-10-25T00:00', '2026-10-24T23:59:59Z'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30', '2026-10-25T00:30:00Z'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:59', '2026-10-25T00:30:00Z'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T01:01', '2026-10-25T01:30:00Z'],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T01:30', '2026-10-25T01:30:00Z'],
  ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T01:00', '2026-10-25T02:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45', '2026-04-04T14:45:00Z'],
  ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T15:15', '2026-04-04T15:15:00Z'],
  // Never, they are put forward from two to three.
  ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30', '2026-03-29T01:30:00Z'],
  ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00', '2026-03-29T01:00:00Z'],
])('in %s %s is, seen at %s, %s', (zone, shown, near, moment) => {
  expect(momentsOf(zone)(Date.parse(`${shown}Z`), Date.parse(`${near}Z`))).toBe(Date.parse(moment))
})
