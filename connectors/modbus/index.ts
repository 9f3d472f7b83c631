import type { Kit } from '#connector'
import { modbusAddress } from './address.ts'
import { browseTarget } from './browse-target.ts'
import { checkTarget } from './check-target.ts'
import { openLink } from './link.ts'
import { linkKey, linkSettings } from './link-key.ts'
import { carelIr33 } from './profiles/carel-ir33.ts'
import { carloGavazziEm24 } from './profiles/carlo-gavazzi-em24.ts'
import { carloGavazziEm340 } from './profiles/carlo-gavazzi-em340.ts'
import { danfossEkc202d } from './profiles/danfoss-ekc-202d.ts'
import { danfossErc213 } from './profiles/danfoss-erc-213.ts'
import { dixellXr75cx } from './profiles/dixell-xr75cx.ts'
import { eastronSdm630 } from './profiles/eastron-sdm630.ts'
import { eliwellIdplus } from './profiles/eliwell-idplus.ts'
import { eurotherm3500 } from './profiles/eurotherm-3500.ts'
import { janitzaUmg96rme } from './profiles/janitza-umg96rme.ts'
import { omronE5cc } from './profiles/omron-e5cc.ts'
import { schneiderIem3155 } from './profiles/schneider-iem3155.ts'
import { shellyPro3EmModbus } from './profiles/shelly-pro-3em.ts'
import { readTarget } from './read-target.ts'
import { modbusEndpoint } from './serial-endpoint.ts'
import { modbusSettings } from './settings.ts'
import { writeTarget } from './write-target.ts'

export default (kit: Kit) =>
  kit.defineConnector({
    id: 'modbus',
    aliases: ['modbus_tcp'],
    title: 'Modbus TCP, RTU over TCP, RTU on a serial port',
    source: 'Modbus Application Protocol V1.1b3; Modbus Messaging on TCP/IP V1.0b; Modbus over Serial Line V1.02',
    endpoint: modbusEndpoint(kit),
    port: kit.field.port(502),
    credentials: kit.z.strictObject({}),
    settings: modbusSettings(kit),
    address: modbusAddress(kit),
    check: checkTarget,
    timeoutSecondsDefault: 2,
    profiles: [
      eastronSdm630,
      schneiderIem3155,
      carloGavazziEm24,
      carloGavazziEm340,
      janitzaUmg96rme,
      shellyPro3EmModbus,
      carelIr33,
      dixellXr75cx,
      danfossEkc202d,
      danfossErc213,
      eliwellIdplus,
      omronE5cc,
      eurotherm3500,
    ],
    // What a profile knows to be dangerous or too much stays so.
    mergeWithProfile: {
      forbidden: (known, own) => [...known, ...own],
      max_registers: Math.min,
    },
    linkKey,
    linkSettings,
    open: openLink,
    close: ({ connection }) => connection.close(),
    read: readTarget,
    write: writeTarget,
    browse: browseTarget,
  })
