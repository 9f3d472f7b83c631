import { describe, expect, it } from 'vitest'
import { documentOf, faultOfStatus } from './judge-answer.ts'

const now = Date.parse('2026-11-20T12:00:00Z')
const what = 'GET /data'

function answer(status: number, headers: Record<string, string> = {}, body = '') {
  return { status, headers: new Map(Object.entries(headers)), body }
}

describe('faultOfStatus', () => {
  it.each([200, 201, 203, 204, 206])('%i is good', (status) => {
    expect(faultOfStatus(answer(status), { what, setting: 'data_endpoint', now })).toBeUndefined()
  })

  it.each<[number, Record<string, string>, string, number | undefined]>([
    [401, {}, 'CREDENTIALS_REJECTED', undefined],
    [403, { 'retry-after': '60' }, 'CREDENTIALS_REJECTED', undefined],
    [404, {}, 'POINT_REFUSED', undefined],
    [410, {}, 'POINT_REFUSED', undefined],
    [400, {}, 'POINT_REFUSED', undefined],
    [405, {}, 'POINT_REFUSED', undefined],
    [418, {}, 'POINT_REFUSED', undefined],
    [408, {}, 'DEVICE_BUSY', undefined],
    [429, { 'retry-after': '120' }, 'DEVICE_BUSY', 120_000],
    [429, {}, 'DEVICE_BUSY', undefined],
    [429, { 'retry-after': '99999999' }, 'DEVICE_BUSY', 86_400_000],
    [503, { 'retry-after': 'Fri, 20 Nov 2026 12:01:00 GMT' }, 'DEVICE_BUSY', 60_000],
    [500, {}, 'DEVICE_BUSY', undefined],
    [502, {}, 'DEVICE_BUSY', undefined],
    [599, {}, 'DEVICE_BUSY', undefined],
  ])('%i %j is %s', (status, headers, code, retryAfterMs) => {
    const fault = faultOfStatus(answer(status, headers), { what, setting: 'data_endpoint', now })
    expect(fault).toMatchObject({ code, retryAfterMs })
    expect(fault?.message).toContain(`GET /data was answered with ${status}: `)
  })
})

describe('documentOf', () => {
  it.each([
    ['{"temp":1}', { temp: 1 }],
    ['[1]', [1]],
    ['1', 1],
    ['null', null],
  ])('reads %s', (body, document) => {
    expect(documentOf(answer(200, {}, body), what)).toEqual(document)
  })

  it('reads deep nesting without falling over', () => {
    expect(() => documentOf(answer(200, {}, '['.repeat(200_000) + ']'.repeat(200_000)), what)).not.toThrow()
  })

  it.each([
    ['', {}, 'nothing'],
    [' \n', {}, 'nothing'],
    ['<!DOCTYPE html><p>', {}, 'a web page'],
    [' <html>', {}, 'a web page'],
    ['Please log in', { 'content-type': 'text/html; charset=utf-8' }, 'a web page'],
    ['<?xml version="1.0"?><oven/>', {}, 'XML'],
    ['{"temp":', {}, 'broken text'],
    ["{'temp':1}", {}, 'broken text'],
    ['{"temp":NaN}', {}, 'broken text'],
    ['{"temp":1}{"temp":2}', {}, 'broken text'],
    ['{"temp":1,}', {}, 'broken text'],
  ])('refuses %j %j as %s', (body, headers, kind) => {
    const fault = faultOfDocument(answer(200, headers, body))
    expect(fault).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(fault).toHaveProperty('message', expect.stringContaining(`GET /data was answered with ${kind}`))
    expect(fault).not.toHaveProperty('cause')
  })
})

function faultOfDocument(given: ReturnType<typeof answer>): unknown {
  try {
    return documentOf(given, what)
  } catch (error) {
    return error
  }
}
