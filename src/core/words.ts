/** The closed vocabularies of the HTTP contract, in the order in which they are shown. */
export const equipmentTypes = [
  'deck_oven',
  'convection_oven',
  'rack_oven',
  'combi_steamer',
  'proofer',
  'retarder',
  'mixer',
  'cold_room',
  'freezer',
  'energy_meter',
  'fryer',
  'kettle',
  'dishwasher',
  'fermenter',
  'brew_kettle',
  'other',
] as const
export type EquipmentType = (typeof equipmentTypes)[number]

export const connectionStatuses = [
  'unconfigured',
  'connecting',
  'connected',
  'degraded',
  'disconnected',
  'error',
  'paused',
] as const
export type ConnectionStatus = (typeof connectionStatuses)[number]

export const operationalStatuses = [
  'off',
  'standby',
  'preheating',
  'ready',
  'running',
  'paused',
  'cleaning',
  'defrosting',
  'cooling_down',
  'maintenance',
  'error',
  'unknown',
] as const

export const cycleStages = [
  'idle',
  'preheat',
  'loading',
  'baking',
  'steaming',
  'proofing',
  'retarding',
  'mixing',
  'venting',
  'cooling',
  'cleaning',
  'defrost',
  'finished',
  'unknown',
] as const

export const doorStatuses = ['open', 'closed', 'unknown'] as const

export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

export const alertStatuses = ['active', 'acknowledged', 'resolved'] as const
export type AlertStatus = (typeof alertStatuses)[number]
