import type { Phrases } from '../phrasebook.ts'

const lasting = (held: string) => (held === '' ? '' : ` for ${held}`)

export const english: Phrases = {
  day: 'd',
  metrics: {
    temperature: 'temperature',
    target_temperature: 'target temperature',
    humidity: 'humidity',
    energy_consumption_kwh: 'energy',
    power_kw: 'power',
    operational_status: 'status',
    cycle_stage: 'stage',
    cycle_progress_percentage: 'progress',
    time_remaining_minutes: 'time remaining',
    motor_speed_rpm: 'motor speed',
    door_status: 'door',
    steam_level: 'steam',
    product_weight_kg: 'product weight',
    moisture_content: 'moisture',
  },
  words: { cooling_down: 'cooling down' },
  above: (what, limit, held) => `${what}, above ${limit}${lasting(held)}`,
  below: (what, limit, held) => `${what}, below ${limit}${lasting(held)}`,
  lasts: (what, held) => `${what}${lasting(held)}`,
  silent: (held) => `no data for ${held}`,
  back: (what, held) => `${what}, back within limits after ${held}`,
  ended: (what, held) => `${what} after ${held}`,
  heard: (held) => `data again after ${held}`,
}
