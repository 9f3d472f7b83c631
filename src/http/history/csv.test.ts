import { describe, expect, it } from 'vitest'
import { csvTable } from './csv.ts'

describe('a table of readings', () => {
  it('has a column for each metric, and JSON for what differs from machine to machine', () => {
    const { head, line } = csvTable('readings', undefined)
    expect(head).toBe(
      'reading_time,source_time,temperature,target_temperature,humidity,energy_consumption_kwh,power_kw,operational_status,cycle_stage,cycle_progress_percentage,time_remaining_minutes,motor_speed_rpm,door_status,steam_level,product_weight_kg,moisture_content,temperature_zones,additional,quality',
    )
    const record = {
      reading_time: 'T',
      source_time: null,
      temperature: -1.5,
      temperature_zones: { top: 1 },
      quality: {},
    }
    expect(line(record)).toBe('T,,-1.5,,,,,,,,,,,,,,"{""top"":1}",,{}')
  })

  it('has what is named only', () => {
    const { head, line } = csvTable('readings', ['humidity', 'temperature_zones.top', 'additional.note'])
    expect(head).toBe('reading_time,source_time,humidity,temperature_zones.top,additional.note,quality')
    const record = {
      reading_time: 'T',
      humidity: 0,
      temperature_zones: { top: 180.5 },
      additional: { note: 'x', other: 1 },
    }
    expect(line(record)).toBe('T,,0,180.5,x,')
  })

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', "'=1+1"],
    ['@x', "'@x"],
    ['-1', "'-1"],
    ['+1,2', '"\'+1,2"'],
    ['\tx', "'\tx"],
    ['', ''],
    [-1, '-1'],
    [true, 'true'],
    [null, ''],
  ])('writes %j as %s', (value, cell) => {
    expect(csvTable('readings', ['additional.note']).line({ reading_time: 'T', additional: { note: value } })).toBe(
      `T,,${cell},`,
    )
  })

  it('takes nothing from a prototype', () => {
    expect(csvTable('readings', ['additional.constructor']).line({ additional: {} })).toBe(',,,')
  })
})

describe('a table of buckets', () => {
  it('has columns by kind', () => {
    const { head, line } = csvTable('buckets', [
      'temperature',
      'door_status',
      'energy_consumption_kwh',
      'additional.fan',
    ])
    expect(head).toBe(
      'reading_time,temperature.avg,temperature.min,temperature.max,temperature.count,energy_consumption_kwh.delta,energy_consumption_kwh.last,door_status.last,additional.fan.avg,additional.fan.min,additional.fan.max,additional.fan.count,additional.fan.last,quality',
    )
    const record = {
      reading_time: 'T',
      temperature: { avg: 2, min: 1, max: 3, count: 2 },
      door_status: null,
      energy_consumption_kwh: { delta: 1.5, last: 100 },
      additional: { fan: { last: 'fast' } },
      quality: { temperature: 1 },
    }
    expect(line(record)).toBe('T,2,1,3,2,1.5,100,,,,,,fast,"{""temperature"":1}"')
  })
})
