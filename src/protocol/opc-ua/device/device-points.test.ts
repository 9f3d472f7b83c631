import { describe, expect, it } from 'vitest'
import type { Child } from '../browse-children.ts'
import { type DeviceContents, devicePoints } from './device-points.ts'

const variable = (name: string, value = name): Child => ({
  nodeId: { namespace: 1, identifierType: 2, value } as never,
  name,
  namespaceIndex: 1,
  isVariable: true,
  isProperty: false,
})
/** The variables of objects, by the path that leads to them: `''` is the device itself. */
const contents = (objects: Record<string, readonly (string | Child)[]>, more: Partial<DeviceContents> = {}) => ({
  objects: Object.entries(objects).map(([path, variables]) => ({
    path: path === '' ? [] : path.split('/'),
    variables: variables.map((of) => (typeof of === 'string' ? variable(of, `${path}/${of}`) : of)),
  })),
  conditions: [],
  namespaces: [],
  ...more,
})
const pointsOf = (...given: Parameters<typeof contents>) =>
  Object.fromEntries(devicePoints(contents(...given)).map((point) => [point.metric, point]))

/** Metrics and how they are read. */
const readings = (...given: Parameters<typeof contents>) =>
  Object.fromEntries(Object.entries(pointsOf(...given)).map(([metric, { reading }]) => [metric, reading]))

describe('the points of a device', () => {
  it('are none where nothing is known', () => {
    expect(readings({ '': ['Whatever'], Parameters: ['ActualPressure'] })).toEqual({})
  })

  it('are those of a kitchen device: the first chamber is the device, the others stand beside it', () => {
    const chamber = ['ActualChamberTemperature', 'ActualTopTemperature', 'SetChamberTemperature', 'IsDoorOpen']
    expect(readings({ Chamber_2: chamber, Chamber_1: [...chamber, 'OperationMode', 'TimeRemaining'] })).toEqual({
      temperature: 'as it is',
      'temperature_zones.chamber_1': 'as it is',
      'temperature_zones.chamber_1_top': 'as it is',
      target_temperature: 'as it is',
      door_status: 'door',
      operational_status: 'mode',
      time_remaining_minutes: 'seconds',
      'temperature_zones.chamber_2': 'as it is',
      'temperature_zones.chamber_2_top': 'as it is',
      'additional.chamber_2_target_temperature': 'as it is',
      'additional.chamber_2_door_status': 'door',
    })
  })

  it('have a number where there are several of a name, in the order of the numbers', () => {
    const points = pointsOf({ Oven: ['ActualTemperatureChamber_10', 'ActualTemperatureChamber_2'] })
    expect(Object.keys(points)).toEqual(['temperature', 'temperature_zones.chamber_2', 'temperature_zones.chamber_10'])
    expect(points['temperature']?.child.name).toBe('ActualTemperatureChamber_2')
  })

  it.each<[string, Record<string, readonly string[]>, Record<string, string>]>([
    [
      'a fryer, cup by cup',
      {
        FryerCup_2: ['ActualTemperature', 'SetTemperature', 'ProgramMode', 'TimeRemaining', 'SignalMode'],
        FryerCup_1: ['ActualTemperature', 'SetTemperature', 'ProgramMode', 'TimeRemaining', 'SignalMode'],
      },
      {
        temperature: 'as it is',
        'temperature_zones.cup_1': 'as it is',
        target_temperature: 'as it is',
        operational_status: 'FryerMode',
        time_remaining_minutes: 'seconds',
        'temperature_zones.cup_2': 'as it is',
        'additional.cup_2_target_temperature': 'as it is',
        'additional.cup_2_operational_status': 'FryerMode',
        'additional.cup_2_time_remaining_minutes': 'seconds',
      },
    ],
    [
      'a multifunction pan',
      {
        MultiFunctionPan_1: [
          'ActualCoreTemperature',
          'ActualTemperatureBottom',
          'ActualTemperatureCup',
          'ActualZoneTemperature_1',
          'ActualZoneTemperature_2',
          'MultiFunctionPanMode',
        ],
      },
      {
        temperature: 'as it is',
        'temperature_zones.pan_1': 'as it is',
        'temperature_zones.pan_1_core': 'as it is',
        'temperature_zones.pan_1_cup': 'as it is',
        'temperature_zones.pan_1_zone_1': 'as it is',
        'temperature_zones.pan_1_zone_2': 'as it is',
        operational_status: 'MultiFunctionPanMode',
      },
    ],
    [
      'a kettle',
      { CookingKettle: ['ActualTemperature', 'ActualCoreTemperature', 'ProgramMode'] },
      {
        temperature: 'as it is',
        'temperature_zones.kettle': 'as it is',
        'temperature_zones.core': 'as it is',
        operational_status: 'CookingKettleMode',
      },
    ],
    [
      'a pressure kettle, whose numbers mean other modes',
      { PressureCookingKettle: ['ActualTemperature', 'ProgramMode'] },
      {
        temperature: 'as it is',
        'temperature_zones.kettle': 'as it is',
        operational_status: 'PressureCookingKettleMode',
      },
    ],
    [
      'a frying pan',
      { FryingPan: ['ActualTemperature', 'ProgramMode'] },
      { temperature: 'as it is', 'temperature_zones.pan': 'as it is', operational_status: 'FryingPanMode' },
    ],
    [
      'a pasta cooker',
      { PastaCooker: ['ActualTemperature', 'ProgramMode'] },
      { temperature: 'as it is', 'temperature_zones.pasta_cooker': 'as it is', operational_status: 'PastaCookerMode' },
    ],
    [
      'a grill, whose platen is a zone',
      {
        GrillingZone_1: [
          'ActualGrillTemperature_1',
          'ActualPlatenTemperature_1',
          'SetGrillTemperature_1',
          'CurrentState',
        ],
      },
      {
        temperature: 'as it is',
        'temperature_zones.grill_1': 'as it is',
        'temperature_zones.grill_1_platen': 'as it is',
        target_temperature: 'as it is',
        operational_status: 'GrillingZoneState',
      },
    ],
    [
      'cooking zones',
      { CookingZone_1: ['CurrentState'], CookingZone_2: ['ActualTemperature'] },
      { operational_status: 'CurrentState', 'temperature_zones.zone_2': 'as it is' },
    ],
    [
      'a servery counter',
      { Tray_1: ['ActualTemperature', 'ProgramMode'], Tray_2: ['ActualTemperature'] },
      {
        temperature: 'as it is',
        'temperature_zones.tray_1': 'as it is',
        operational_status: 'TrayMode',
        'temperature_zones.tray_2': 'as it is',
      },
    ],
    [
      'a dishwasher',
      {
        Parameters: [
          'OperationMode',
          'ProgramMode',
          'ActualMainTankTemperature_1',
          'ActualMainTankTemperature_2',
          'ActualMainTankTemperatureNo',
          'ActualPreTankTemperature_1',
          'ActualFinalRinseTemperature_1',
          'ActualPumpedFinalRinseTemperature_1',
          'MainTankTemperatureSetpoint_1',
        ],
      },
      {
        operational_status: 'OperationMode',
        temperature: 'as it is',
        'temperature_zones.main_tank_1': 'as it is',
        'temperature_zones.main_tank_2': 'as it is',
        'temperature_zones.pre_tank': 'as it is',
        'temperature_zones.final_rinse': 'as it is',
        'temperature_zones.pumped_final_rinse': 'as it is',
        target_temperature: 'as it is',
      },
    ],
    [
      'a coffee machine',
      { Parameters: ['BoilerTempWater', 'BoilerTempSteam', 'CurrentState'] },
      {
        temperature: 'as it is',
        'temperature_zones.boiler_water': 'as it is',
        'temperature_zones.boiler_steam': 'as it is',
        operational_status: 'CoffeeMachineMode',
      },
    ],
    [
      'an ice machine',
      { IceMachine: ['Status', 'Temperature_1', 'Temperature_2'] },
      {
        operational_status: 'Status',
        temperature: 'as it is',
        'temperature_zones.ice_machine_1': 'as it is',
        'temperature_zones.ice_machine_2': 'as it is',
      },
    ],
    [
      'an object that the model does not name are without what could mean something else',
      {
        Motor: [
          'ActualTemperature',
          'ProgramMode',
          'OperationMode',
          'CurrentState',
          'Status',
          'Temperature',
          'IsDoorOpen',
        ],
      },
      { door_status: 'door' },
    ],
  ])('of %s', (_name, objects, expected) => {
    const points = Object.values(pointsOf(objects))
    expect(Object.fromEntries(points.map(({ metric, reading, name }) => [metric, name ?? reading]))).toEqual(expected)
  })

  it('are those of the nameplate, of the device and its Identification alone', () => {
    const ofMotor = ['Manufacturer', 'SerialNumber']
    expect(readings({ '': ['Model'], Identification: ['Manufacturer', 'constructor'], Motor: ofMotor })).toEqual({
      'additional.model': 'as it is',
      'additional.manufacturer': 'as it is',
    })
  })

  it('are states, the outermost first, wherever they stand', () => {
    const points = devicePoints(
      contents({
        'OperatingStates/WS_Cur_State/MachineState/ExecuteState/HeldState': ['CurrentState'],
        'OperatingStates/WS_Cur_State/MachineState/ExecuteState': ['CurrentState', 'LastTransition'],
        'OperatingStates/WS_Cur_State/MachineState': ['CurrentState'],
        'OperatingStates/WS_Cur_State': ['CurrentState'],
        'MachineryBuildingBlocks/MachineryItemState': ['CurrentState'],
        Pump: ['CurrentState'],
      }),
    )
    expect(points.map(({ metric, reading }) => [metric, reading])).toEqual([
      ['additional.item_state', 'item state'],
      ['additional.state_0', 'state'],
      ['additional.state_2', 'state'],
      ['additional.state_3', 'state'],
      ['additional.state_4', 'state'],
    ])
  })

  it('are states and modes that Weihenstephan tells as numbers', () => {
    const points = pointsOf({
      OperatingStates: ['WS_Cur_State'],
      OperatingModes: ['WS_Cur_Mode'],
      Programs: ['WS_Cur_Prog'],
      Status: ['UnitModeCurrent'],
      'Mode/MachineryOperationMode': ['CurrentState'],
    })
    expect(Object.values(points).map(({ metric, reading, name }) => [metric, reading, name])).toEqual([
      ['additional.state_number', 'state', undefined],
      ['additional.operation_mode', 'outweighs', 'MachineryOperationMode'],
      ['additional.unit_mode', 'outweighs', 'UnitModeCurrent'],
      ['additional.operating_mode', 'outweighs', 'WS_Cur_Mode'],
      ['additional.program', 'outweighs', 'WS_Cur_Prog'],
    ])
  })

  it('are conditions, each by its name', () => {
    const conditions = ['Overheated', 'Door'].map((name) => ({ name, active: variable('Id', name) }))
    const points = pointsOf({}, { conditions })
    expect(Object.values(points).map(({ metric, reading, name }) => [metric, reading, name])).toEqual([
      ['additional.error_condition_0', 'condition', 'Overheated'],
      ['additional.error_condition_1', 'condition', 'Door'],
    ])
  })

  it('that HACCPValues refer to are marked; what else stands there is read as it is, under its name', () => {
    const core = variable('ActualCoreTemperature')
    const points = pointsOf({
      Oven: [core, 'ActualHumidity'],
      HACCPValues: [core, 'CoolingTimeTotal', 'Ünïcode name/1', 'SetTemperature'],
    })
    expect(Object.values(points).map(({ metric, isHaccp }) => [metric, isHaccp])).toEqual([
      ['temperature_zones.core', true],
      ['humidity', false],
      ['additional.haccp_cooling_time_total', true],
      ['additional.haccp__n_code_name_1', true],
      ['additional.haccp_set_temperature', true],
    ])
  })

  it('are one of each metric: what comes first counts', () => {
    const points = pointsOf({ One: ['ProgramName'], Two: ['ProgramName'], Programs: ['WS_Cur_Prog'] })
    expect(Object.keys(points)).toEqual(['additional.program'])
    expect(points['additional.program']?.child.nodeId.value).toBe('One/ProgramName')
  })
})
