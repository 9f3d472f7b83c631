/** Configurations to start from, for the documentation: one register, one field of a JSON answer, one known machine. */
export const configurationExamples = [
  {
    protocol: 'modbus',
    endpoint: '10.0.4.17',
    port: 502,
    poll_interval_seconds: 5,
    additional_config: {
      unit_id: 1,
      timeout: 2,
      points: [{ metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1, unit: 'Cel' }],
    },
  },
  {
    protocol: 'rest_api',
    endpoint: 'https://oven.example',
    port: 443,
    credentials: { token: 'token-of-the-oven' },
    additional_config: {
      data_endpoint: '/api/v1/equipment/{equipment_id}/data',
      points: [{ metric: 'temperature', pointer: '/cabinet/temp', unit: '[degF]' }],
    },
  },
  {
    protocol: 'opc_ua',
    endpoint: 'opc.tcp://10.0.4.31:4840',
    credentials: { username: 'bakewire', password: 'password-of-the-oven' },
    additional_config: {
      points: [{ metric: 'temperature', node: 'nsu=http://vendor.example/oven/;s=Oven/Temperature' }],
    },
  },
  {
    protocol: 'eastron-sdm630',
    endpoint: '10.0.4.20',
    poll_cron: { expression: '*/15 4-20 * * 1-6', timezone: 'Europe/Berlin' },
    additional_config: { unit_id: 3 },
  },
] as const
