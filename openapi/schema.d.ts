// Generated from openapi.json: `npm run update`.
export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the process answers
         * @description Needs no key.
         */
        get: operations["getHealthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether the service can do its work
         * @description 200 when it can, 503 when the database is down. A part that is `degraded` says what is wrong and what to do; it does not make the service unready. Needs no key.
         */
        get: operations["getHealthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show metrics for Prometheus
         * @description Needs a key with `read` access.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List machines
         * @description Oldest first. Needs a key with `read` access.
         */
        get: operations["getEquipment"];
        put?: never;
        /**
         * Add a machine
         * @description Needs a key with `write` access.
         */
        post: operations["postEquipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a machine
         * @description Needs a key with `read` access.
         */
        get: operations["getEquipmentById"];
        put?: never;
        post?: never;
        /**
         * Delete a machine
         * @description Its readings and alerts go with it. Needs a key with `write` access.
         */
        delete: operations["deleteEquipmentById"];
        options?: never;
        head?: never;
        /**
         * Change, pause or resume a machine
         * @description Needs a key with `write` access.
         */
        patch: operations["patchEquipmentById"];
        trace?: never;
    };
    "/api/v1/equipment/{id}/iot-config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the configuration, secrets masked
         * @description In the form in which it can be sent back. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdIotConfig"];
        put?: never;
        /**
         * Configure the connection of a machine
         * @description Checked, tested and stored. Stored also when the machine does not answer now: it may be switched off. Needs a key with `write` access.
         */
        post: operations["postEquipmentByIdIotConfig"];
        /**
         * Forget the configuration
         * @description Polling stops and the secret is wiped; readings stay. Needs a key with `write` access.
         */
        delete: operations["deleteEquipmentByIdIotConfig"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/test-connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a connection
         * @description The stored configuration without a body or with an empty one, else the one given, which is not stored. Needs a key with `write` access.
         */
        post: operations["postEquipmentByIdTestConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write to a machine
         * @description Only what `write` of a point in the configuration allows; one value that is refused refuses all, before anything is sent. Each value is read back. Nothing is ever written twice by itself: what failed on the way is told in `results`, and a problem means that nothing was sent, but for `OUTCOME_UNKNOWN`. Needs a key with `write` access.
         */
        post: operations["postEquipmentByIdCommands"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/connection-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened to the connection of a machine
         * @description Newest first. A line for every change of the status or of its reason, none for a poll. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdConnectionLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/gaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List for when readings are missing, and why
         * @description Those that began last first. More than one and a half intervals without a reading, and more than ten seconds, are a gap; of a `poll_cron`, a time of it that is half its shortest wait past. Gaps of one reason less than five minutes apart are one. What happened meanwhile is in the connection log. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdGaps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/completeness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how complete the readings of each day are
         * @description Nothing is expected before a machine is configured and after its configuration is deleted; of one that is paused, readings are expected and missing. The list of gaps says why. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdCompleteness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/realtime-data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the newest values of all machines
         * @description Oldest machine first. `GET /stream` tells of new values as they come. While the database is away a page that was asked for before has the same machines, with their values from memory. Needs a key with `read` access.
         */
        get: operations["getRealtimeData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/realtime-data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the newest values
         * @description While the database is away the values come from memory: those of the process itself where it polls the machine, else the last that it has told. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdRealtimeData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/sensor-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List past readings
         * @description Oldest first. A table (csv) has a column for each metric; what `metrics` does not name one by one below `temperature_zones` and `additional` is JSON in one column. A table or lines of JSON that end without a proper end of the answer are not complete. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdSensorHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/equipment/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a machine
         * @description Server-sent events until either side ends them; comments every 15 s keep the connection alive.
         *     `reading`: a reading as in `sensor-history`, with `equipment_id` and `equipment_name`, each as it is stored (late ones too).
         *     `status`: `{equipment_id, equipment_name, connection_status, error, last_connected}` as it is now.
         *     `alert`: an alert as in `iot-alerts`, after each change of it.
         *     `gap`: `{from, to}`, more was missed than is told again: ask `sensor-history`.
         *     Send the id of the last event as `Last-Event-ID` and what was missed meanwhile is told first; ids are those of one machine or of
         *     the fleet and mean nothing else. In the fleet's stream the last two seconds may be told again: a reading is known by
         *     `equipment_id` and `reading_time`. A reader that does not keep up is disconnected. Begins with the present `status`. Needs a key with `read` access.
         */
        get: operations["getEquipmentByIdStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow all machines
         * @description Server-sent events until either side ends them; comments every 15 s keep the connection alive.
         *     `reading`: a reading as in `sensor-history`, with `equipment_id` and `equipment_name`, each as it is stored (late ones too).
         *     `status`: `{equipment_id, equipment_name, connection_status, error, last_connected}` as it is now.
         *     `alert`: an alert as in `iot-alerts`, after each change of it.
         *     `gap`: `{from, to}`, more was missed than is told again: ask `sensor-history`.
         *     Send the id of the last event as `Last-Event-ID` and what was missed meanwhile is told first; ids are those of one machine or of
         *     the fleet and mean nothing else. In the fleet's stream the last two seconds may be told again: a reading is known by
         *     `equipment_id` and `reading_time`. A reader that does not keep up is disconnected. Needs a key with `read` access.
         */
        get: operations["getStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List batches
         * @description Oldest first. Needs a key with `read` access.
         */
        get: operations["getBatches"];
        put?: never;
        /**
         * Begin a batch
         * @description Needs a key with `write` access.
         */
        post: operations["postBatches"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a batch
         * @description Needs a key with `read` access.
         */
        get: operations["getBatchesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * End or change a batch
         * @description Needs a key with `write` access.
         */
        patch: operations["patchBatchesById"];
        trace?: never;
    };
    "/api/v1/batches/{id}/realtime-tracking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a batch with its machines as they are now
         * @description Needs a key with `read` access.
         */
        get: operations["getBatchesByIdRealtimeTracking"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what machines can be connected by
         * @description Needs a key with `read` access.
         */
        get: operations["getConnectors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a connector
         * @description Needs a key with `read` access.
         */
        get: operations["getConnectorsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{id}/browse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look what there is on a machine
         * @description Of a stored machine, or with a configuration of one that need not be stored. Nothing of the machine is changed. Needs a key with `write` access.
         */
        post: operations["postConnectorsByIdBrowse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alert rules
         * @description Oldest first. Needs a key with `read` access.
         */
        get: operations["getAlertRules"];
        put?: never;
        /**
         * Add an alert rule
         * @description For one machine, for a type of machine, or, naming neither, for all. Needs a key with `write` access.
         */
        post: operations["postAlertRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an alert rule
         * @description Needs a key with `read` access.
         */
        get: operations["getAlertRulesById"];
        put?: never;
        post?: never;
        /**
         * Delete an alert rule
         * @description Its open alerts are resolved; all its alerts stay. Needs a key with `write` access.
         */
        delete: operations["deleteAlertRulesById"];
        options?: never;
        head?: never;
        /**
         * Change an alert rule
         * @description null takes a field away. The rule begins anew: delays are dropped and its open alerts resolved. Needs a key with `write` access.
         */
        patch: operations["patchAlertRulesById"];
        trace?: never;
    };
    "/api/v1/equipment/iot-alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alerts
         * @description Newest first. Needs a key with `read` access.
         */
        get: operations["getEquipmentIotAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an alert
         * @description Needs a key with `read` access.
         */
        get: operations["getAlertsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge an alert
         * @description In the name of the API key. Once acknowledged it stays so; a resolved alert cannot be. Needs a key with `write` access.
         */
        post: operations["postAlertsByIdAcknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve an alert
         * @description In the name of the API key. It is not raised again before its condition has ended. Needs a key with `write` access.
         */
        post: operations["postAlertsByIdResolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notification-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List notification channels
         * @description Oldest first. Needs a key with `admin` access.
         */
        get: operations["getNotificationChannels"];
        put?: never;
        /**
         * Add a notification channel
         * @description Needs a key with `admin` access.
         */
        post: operations["postNotificationChannels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notification-channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a notification channel
         * @description Needs a key with `admin` access.
         */
        get: operations["getNotificationChannelsById"];
        put?: never;
        post?: never;
        /**
         * Delete a notification channel
         * @description What waits for it is not sent any more. Needs a key with `admin` access.
         */
        delete: operations["deleteNotificationChannelsById"];
        options?: never;
        head?: never;
        /**
         * Change a notification channel
         * @description `***` keeps the secret; an address on another server needs it again. Needs a key with `admin` access.
         */
        patch: operations["patchNotificationChannelsById"];
        trace?: never;
    };
    "/api/v1/opc-ua/own-certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The certificate by which OPC UA servers know this installation
         * @description For servers that have to be given it: those that do not list it among their rejected certificates after the first try. Needs a key with `read` access.
         */
        get: operations["getOpcUaOwnCertificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opc-ua/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List certificates of OPC UA servers
         * @description Those that are trusted, and those that were only seen: a connection test notes them. Oldest first. Needs a key with `read` access.
         */
        get: operations["getOpcUaCertificates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opc-ua/certificates/{fingerprint}/trust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trust the certificate of an OPC UA server
         * @description One that was seen; whoever holds its key is believed to be the machine. Links use it at their next try. Needs a key with `admin` access.
         */
        post: operations["postOpcUaCertificatesByFingerprintTrust"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/opc-ua/certificates/{fingerprint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget the certificate of an OPC UA server
         * @description It is not trusted any more from the next connection on; links that are open stay open. Needs a key with `admin` access.
         */
        delete: operations["deleteOpcUaCertificatesByFingerprint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Needs a key with `admin` access.
         */
        get: operations["getApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description The answer shows the key, this once. Needs a key with `admin` access.
         */
        post: operations["postApiKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It opens nothing a second later. Needs a key with `admin` access.
         */
        delete: operations["deleteApiKeysById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what
         * @description Newest first. Needs a key with `admin` access.
         */
        get: operations["getAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Alert
         * @description Something that a person should look at.
         * @example {
         *       "id": "0b2a3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d",
         *       "equipment_id": "6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111",
         *       "equipment_name": "Cold room 2",
         *       "rule_id": "1c3b5d7f-2468-4ace-9bdf-13579bdf2468",
         *       "type": "temperature_deviation",
         *       "severity": "critical",
         *       "status": "active",
         *       "title": "Cold room 2: temperature 9.4 °C",
         *       "message": "Above 8 °C for 10 min",
         *       "metric": "temperature",
         *       "value": 9.4,
         *       "threshold": 8,
         *       "raised_at": "2026-11-20T04:00:00.000Z",
         *       "acknowledged_at": null,
         *       "acknowledged_by": null,
         *       "resolved_at": null,
         *       "backlink_url": "https://bakery.example/backlink.html?title=…&description=…&link=…",
         *       "link": "https://bakery.example/a/AQ…",
         *       "occurrences": 1,
         *       "automated_response": null
         *     }
         */
        Alert: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            equipment_id: string;
            equipment_name: string;
            rule_id: string | null;
            /** @example temperature_deviation */
            type: string;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            /** @enum {string} */
            status: "active" | "acknowledged" | "resolved";
            title: string;
            message: string;
            metric: string | null;
            /** @description The value that crossed the limit. */
            value: number | string | null;
            /** @description The limit, the word waited for, the seconds of silence, or both limits of a band. */
            threshold: (number | string | {
                above: number;
                below: number;
            }) | null;
            /** Format: date-time */
            raised_at: string;
            acknowledged_at: string | null;
            acknowledged_by: string | null;
            resolved_at: string | null;
            /** @description To pass on: wraps `link` with title and description. */
            backlink_url: string;
            /** @description The page of the alert. */
            link: string;
            occurrences: number;
            automated_response: {
                [key: string]: unknown;
            } | null;
        };
        /** Alert with its history */
        AlertDetails: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            equipment_id: string;
            equipment_name: string;
            rule_id: string | null;
            /** @example temperature_deviation */
            type: string;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            /** @enum {string} */
            status: "active" | "acknowledged" | "resolved";
            title: string;
            message: string;
            metric: string | null;
            /** @description The value that crossed the limit. */
            value: number | string | null;
            /** @description The limit, the word waited for, the seconds of silence, or both limits of a band. */
            threshold: (number | string | {
                above: number;
                below: number;
            }) | null;
            /** Format: date-time */
            raised_at: string;
            acknowledged_at: string | null;
            acknowledged_by: string | null;
            resolved_at: string | null;
            /** @description To pass on: wraps `link` with title and description. */
            backlink_url: string;
            /** @description The page of the alert. */
            link: string;
            occurrences: number;
            automated_response: {
                [key: string]: unknown;
            } | null;
            /** @description Oldest first. */
            history: {
                /** @enum {string} */
                kind: "raised" | "acknowledged" | "resolved";
                /** Format: date-time */
                at: string;
                /** @description Who or what did it; null when the condition did. */
                by: string | null;
                note: string | null;
            }[];
        };
        /** Alert rule */
        AlertRule: {
            /** Format: uuid */
            id: string;
            name: string;
            equipment_id: string | null;
            equipment_type: ("deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other") | null;
            /** @enum {string} */
            kind: "threshold" | "state" | "no_data";
            metric: string | null;
            above: number | null;
            below: number | null;
            hysteresis: number | null;
            equals: string | null;
            for_seconds: number;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            enabled: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** API key */
        ApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            access: "read" | "write" | "admin";
            /** @description The first characters, to recognise it by. */
            prefix: string;
            /** Format: date-time */
            created_at: string;
            last_used_at: string | null;
            expires_at: string | null;
        };
        /**
         * Audit entry
         * @description One change, and whose key made it.
         */
        AuditEntry: {
            /** Format: date-time */
            at: string;
            /** @description Name and first characters of the API key. */
            actor: string;
            /** @example equipment.created */
            action: string;
            subject_kind: string | null;
            subject_id: string | null;
            detail: {
                [key: string]: unknown;
            };
            request_id: string | null;
        };
        /**
         * Batch
         * @description What is made on which machines, from when until when.
         */
        Batch: {
            /** Format: uuid */
            id: string;
            name: string;
            product: string | null;
            equipment_ids: string[];
            /** Format: date-time */
            started_at: string;
            ended_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** Batch with its machines as they are now */
        BatchTracking: {
            /** Format: uuid */
            id: string;
            name: string;
            product: string | null;
            equipment_ids: string[];
            /** Format: date-time */
            started_at: string;
            ended_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            equipment: {
                /** Format: uuid */
                equipment_id: string;
                equipment_name: string;
                /** @description When the values were read; null when nothing ever was. */
                timestamp: string | null;
                age_seconds: number | null;
                /** @description Older than 2.5 intervals, or two times of a `poll_cron` and half a wait; or the machine is not connected. */
                stale: boolean;
                /** @enum {string} */
                connection_status: "unconfigured" | "connecting" | "connected" | "degraded" | "disconnected" | "error" | "paused";
                /** @description °C */
                temperature: number | null;
                /** @description °C */
                target_temperature: number | null;
                /** @description % */
                humidity: number | null;
                /** @description kWh, the counter as the meter shows it */
                energy_consumption_kwh: number | null;
                /** @description kW */
                power_kw: number | null;
                operational_status: ("off" | "standby" | "preheating" | "ready" | "running" | "paused" | "cleaning" | "defrosting" | "cooling_down" | "maintenance" | "error" | "unknown") | null;
                cycle_stage: ("idle" | "preheat" | "loading" | "baking" | "steaming" | "proofing" | "retarding" | "mixing" | "venting" | "cooling" | "cleaning" | "defrost" | "finished" | "unknown") | null;
                /** @description % */
                cycle_progress_percentage: number | null;
                /** @description minutes */
                time_remaining_minutes: number | null;
                /** @description rpm */
                motor_speed_rpm: number | null;
                door_status: ("open" | "closed" | "unknown") | null;
                /** @description % */
                steam_level: number | null;
                /** @description kg */
                product_weight_kg: number | null;
                /** @description % */
                moisture_content: number | null;
                /**
                 * @description °C by zone
                 * @example {
                 *       "cabinet": 180,
                 *       "core": 72
                 *     }
                 */
                temperature_zones: {
                    [key: string]: number;
                } | null;
                /**
                 * @description What this machine measures besides
                 * @example {
                 *       "voltage_l1": 231.4
                 *     }
                 */
                additional: {
                    [key: string]: number | string | boolean;
                } | null;
                /** @description By metric (and `source_time`), why a value is missing or doubtful; empty when all is good. The code of a fault, or `MISSING`: no value. `UNCERTAIN`: the machine itself doubts it. `IMPLAUSIBLE`: no such machine can have it. `RATE`: it came faster than such a machine can change. `FLATLINE`: exactly the same for too long. `COUNTER_RESET`: the counter fell. `CLOCK_SKEW`: the time is wrong or old. `BACKFILLED`: good, kept by the machine while nobody read it. No value is ever altered */
                quality: {
                    [key: string]: string;
                } | null;
                active_batch_id: string | null;
                active_batch_name: string | null;
                /** @description What the counter of the machine has grown by during the batch. */
                energy_so_far_kwh: number | null;
                /** @description Active and acknowledged, newest first. */
                alerts: components["schemas"]["Alert"][];
            }[];
        };
        /**
         * Browsed
         * @description A page of what there is on a machine.
         * @example {
         *       "found": [
         *         {
         *           "name": "Oven",
         *           "kind": "folder",
         *           "at": "nsu=http://vendor.example/oven/;s=Oven"
         *         },
         *         {
         *           "name": "Temperature",
         *           "kind": "Double",
         *           "value": "182.5",
         *           "point": {
         *             "metric": "temperature",
         *             "node": "nsu=http://vendor.example/oven/;s=Oven/Temperature"
         *           }
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        Browsed: {
            found: components["schemas"]["Found"][];
            /** @description Send as `cursor` to go on; null at the end. */
            next_cursor: string | null;
        };
        /** Completeness of readings */
        Completeness: {
            /** Format: uuid */
            equipment_id: string;
            timezone: string;
            days: {
                /** Format: date */
                day: string;
                /** @description Readings that the intervals or crons in force make; of today, until now. */
                expected: number;
                /** @description Readings that were stored, filled in from the machine or not; those that were dropped by age count. */
                stored: number;
                /** @description stored / expected, at most 1; null where nothing is expected. */
                completeness: number | null;
            }[];
        };
        /**
         * Connection log
         * @description A change of the connection of a machine.
         */
        ConnectionLog: {
            /** @enum {string} */
            event_type: "connected" | "degraded" | "disconnected" | "error";
            /** Format: date-time */
            event_time: string;
            /** @enum {string} */
            connection_status: "unconfigured" | "connecting" | "connected" | "degraded" | "disconnected" | "error" | "paused";
            error_code: ("REQUEST_MALFORMED" | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "REQUEST_TIMED_OUT" | "CONFLICT" | "SECRET_REQUIRED" | "IN_PROGRESS" | "LINK_CONFLICT" | "PRECONDITION_FAILED" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "CONFIG_INVALID" | "NOT_SUPPORTED" | "KEY_REUSED" | "CONNECTION_FAILED" | "CREDENTIALS_REJECTED" | "ADDRESS_REFUSED" | "HEADERS_TOO_LARGE" | "OVERLOADED" | "INTERNAL" | "PROTOCOL_VIOLATED" | "POINT_REFUSED" | "VALUE_INVALID" | "DEVICE_BUSY" | "TLS_FAILED" | "CERTIFICATE_REJECTED" | "UNREACHABLE" | "ADDRESS_UNRESOLVED" | "LINK_LOST" | "UNAVAILABLE" | "TIMED_OUT" | "OUTCOME_UNKNOWN" | "VERSION_UNSUPPORTED") | null;
            error_message: string | null;
            response_time_ms: number | null;
            data_points_received: number | null;
        };
        /**
         * Connection test
         * @description One read over the link that polls use, and how far it got.
         * @example {
         *       "success": false,
         *       "status": "disconnected",
         *       "response_time_ms": 2003.1,
         *       "supported_features": [
         *         "read"
         *       ],
         *       "steps": [
         *         {
         *           "step": "address",
         *           "ok": true,
         *           "ms": 0.2
         *         },
         *         {
         *           "step": "reachable",
         *           "ok": true,
         *           "ms": 1.4
         *         },
         *         {
         *           "step": "slot",
         *           "ok": true,
         *           "ms": 0
         *         },
         *         {
         *           "step": "read",
         *           "ok": false,
         *           "ms": 2001.2,
         *           "detail": "reading holding 256 of unit 1: no answer within 2 s",
         *           "advice": "The machine takes the connection but does not answer. Check its unit number or name in the configuration, give it a longer time-out, and switch it off and on; ask the machine's maker or installer whether this interface has to be switched on."
         *         },
         *         {
         *           "step": "plausible",
         *           "ok": false,
         *           "ms": 0,
         *           "skipped": true,
         *           "detail": "skipped"
         *         }
         *       ],
         *       "error_details": {
         *         "code": "TIMED_OUT",
         *         "message": "reading holding 256 of unit 1: no answer within 2 s",
         *         "remedy": "retry"
         *       }
         *     }
         */
        ConnectionTest: {
            success: boolean;
            /** @enum {string} */
            status: "connected" | "degraded" | "disconnected" | "error";
            response_time_ms: number;
            supported_features: string[];
            /** @description How far it got, stage by stage. */
            steps: {
                /** @enum {string} */
                step: "address" | "reachable" | "slot" | "secure" | "trusted" | "login" | "read" | "plausible";
                ok: boolean;
                ms: number;
                /**
                 * @description Not tried, because an earlier step failed.
                 * @constant
                 */
                skipped?: true;
                detail?: string;
                /** @description What to do about what is wrong here, for somebody who is no engineer. */
                advice?: string;
            }[];
            error_details?: {
                /** @enum {string} */
                code: "REQUEST_MALFORMED" | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "REQUEST_TIMED_OUT" | "CONFLICT" | "SECRET_REQUIRED" | "IN_PROGRESS" | "LINK_CONFLICT" | "PRECONDITION_FAILED" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "CONFIG_INVALID" | "NOT_SUPPORTED" | "KEY_REUSED" | "CONNECTION_FAILED" | "CREDENTIALS_REJECTED" | "ADDRESS_REFUSED" | "HEADERS_TOO_LARGE" | "OVERLOADED" | "INTERNAL" | "PROTOCOL_VIOLATED" | "POINT_REFUSED" | "VALUE_INVALID" | "DEVICE_BUSY" | "TLS_FAILED" | "CERTIFICATE_REJECTED" | "UNREACHABLE" | "ADDRESS_UNRESOLVED" | "LINK_LOST" | "UNAVAILABLE" | "TIMED_OUT" | "OUTCOME_UNKNOWN" | "VERSION_UNSUPPORTED";
                message: string;
                remedy: string;
            };
            reading?: components["schemas"]["Reading"];
        };
        /** Connector */
        Connector: {
            id: string;
            aliases: string[];
            title: string;
            /** @description The document that the connector follows. */
            source: string;
            capabilities: ("read" | "subscribe" | "write" | "browse" | "history")[];
            /** @description Known machines whose points need not be typed. */
            profiles: {
                id: string;
                title: string;
                manufacturer: string;
                model: string;
                source: string;
                notes: string[];
            }[];
            /** @description JSON Schema of `iot-config`, with `x-secret`, `x-unit` and `x-ui` for forms. */
            configuration_schema: {
                [key: string]: unknown;
            };
        };
        /**
         * Equipment
         * @description A machine with what is known of its connection.
         */
        Equipment: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            type: "deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other";
            site: string | null;
            location: string | null;
            manufacturer: string | null;
            model: string | null;
            serial_number: string | null;
            installed_on: string | null;
            metadata: {
                [key: string]: unknown;
            };
            /** @description Whether it is polled: false before it is configured and while paused. */
            iot_enabled: boolean;
            iot_protocol: string | null;
            iot_endpoint: string | null;
            iot_port: number | null;
            /** @description `additional_config` as it was given. */
            iot_config: {
                [key: string]: unknown;
            } | null;
            /** @enum {string} */
            iot_connection_status: "unconfigured" | "connecting" | "connected" | "degraded" | "disconnected" | "error" | "paused";
            /** @description Why the machine is not, or not fully, connected. */
            iot_connection_error: {
                /** @enum {string} */
                code: "REQUEST_MALFORMED" | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "REQUEST_TIMED_OUT" | "CONFLICT" | "SECRET_REQUIRED" | "IN_PROGRESS" | "LINK_CONFLICT" | "PRECONDITION_FAILED" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "CONFIG_INVALID" | "NOT_SUPPORTED" | "KEY_REUSED" | "CONNECTION_FAILED" | "CREDENTIALS_REJECTED" | "ADDRESS_REFUSED" | "HEADERS_TOO_LARGE" | "OVERLOADED" | "INTERNAL" | "PROTOCOL_VIOLATED" | "POINT_REFUSED" | "VALUE_INVALID" | "DEVICE_BUSY" | "TLS_FAILED" | "CERTIFICATE_REJECTED" | "UNREACHABLE" | "ADDRESS_UNRESOLVED" | "LINK_LOST" | "UNAVAILABLE" | "TIMED_OUT" | "OUTCOME_UNKNOWN" | "VERSION_UNSUPPORTED";
                message: string;
            } | null;
            iot_last_connected: string | null;
            supports_realtime: boolean;
            poll_interval_seconds: number;
            /** @description When it is polled, in the place of the interval. */
            poll_cron: {
                expression: string;
                timezone: string;
            } | null;
            firmware_version: string | null;
            /** @description How many zones are read; their values are in the readings. */
            temperature_zones: number;
            supports_humidity: boolean;
            supports_energy_monitoring: boolean;
            supports_remote_control: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /**
         * Found
         * @description Something that a machine has.
         */
        Found: {
            /** @description As the machine, or its protocol, names it. */
            name: string;
            /** @description What kind of thing it is, or which type its value has. */
            kind: string;
            /** @description There is more below: send it as `at`. */
            at?: string;
            /** @description Its value now, as text, cut where it is long. */
            value?: string;
            /** @description An entry of `points` for a configuration; its `metric` is a proposal. */
            point?: {
                [key: string]: unknown;
            };
        };
        /**
         * Gap
         * @description A time for which readings of a machine are missing.
         */
        Gap: {
            /**
             * Format: date-time
             * @description The last reading before, or when readings were first expected.
             */
            started_at: string;
            /** @description The first reading after, or when none were expected any more; null while it lasts. */
            ended_at: string | null;
            /**
             * @description What began it. machine_off: it does not answer, switched off or cut off; vendor_cloud: the same of a https address with a public name; database: a poll needed it, while readings that were taken wait and are no gap; late: polls came later than they should; restart: nobody polled; dropped: readings were taken and could not be kept.
             * @enum {string}
             */
            reason: "machine_off" | "network" | "vendor_cloud" | "credentials" | "configuration" | "machine_fault" | "overloaded" | "database" | "internal" | "late" | "restart" | "paused" | "dropped";
            /** @description The error code that began it, or who paused the machine. */
            detail: string | null;
            /** @description At which it was to be polled; of a `poll_cron`, its shortest wait. */
            interval_seconds: number;
            /** @description That should be there; while it lasts, until now. */
            expected_readings: number;
            /** @description That are there all the same: those that came late, and those between stretches that follow closely and are told as one gap. */
            stored_readings: number;
            /** @description Those of them that the machine itself had kept. */
            backfilled_readings: number;
            backfilled: boolean;
        };
        /**
         * Configuration
         * @description How a machine is reached and what is read of it, in the form of its connector.
         * @example {
         *       "protocol": "modbus",
         *       "endpoint": "10.0.4.17",
         *       "port": 502,
         *       "poll_interval_seconds": 5,
         *       "additional_config": {
         *         "unit_id": 1,
         *         "timeout": 2,
         *         "points": [
         *           {
         *             "metric": "temperature",
         *             "table": "holding",
         *             "address": 256,
         *             "type": "int16",
         *             "scale": 0.1,
         *             "unit": "Cel"
         *           }
         *         ]
         *       }
         *     }
         * @example {
         *       "protocol": "rest_api",
         *       "endpoint": "https://oven.example",
         *       "port": 443,
         *       "credentials": {
         *         "token": "token-of-the-oven"
         *       },
         *       "additional_config": {
         *         "data_endpoint": "/api/v1/equipment/{equipment_id}/data",
         *         "points": [
         *           {
         *             "metric": "temperature",
         *             "pointer": "/cabinet/temp",
         *             "unit": "[degF]"
         *           }
         *         ]
         *       }
         *     }
         * @example {
         *       "protocol": "opc_ua",
         *       "endpoint": "opc.tcp://10.0.4.31:4840",
         *       "credentials": {
         *         "username": "bakewire",
         *         "password": "password-of-the-oven"
         *       },
         *       "additional_config": {
         *         "points": [
         *           {
         *             "metric": "temperature",
         *             "node": "nsu=http://vendor.example/oven/;s=Oven/Temperature"
         *           }
         *         ]
         *       }
         *     }
         * @example {
         *       "protocol": "eastron-sdm630",
         *       "endpoint": "10.0.4.20",
         *       "poll_cron": {
         *         "expression": "*\/15 4-20 * * 1-6",
         *         "timezone": "Europe/Berlin"
         *       },
         *       "additional_config": {
         *         "unit_id": 3
         *       }
         *     }
         */
        IotConfiguration: components["schemas"]["ModbusConfiguration"] | components["schemas"]["MqttConfiguration"] | components["schemas"]["OpcUaConfiguration"] | components["schemas"]["RationalConfiguration"] | components["schemas"]["RestApiConfiguration"] | components["schemas"]["WachtelConfiguration"];
        /** Modbus TCP, RTU over TCP, RTU on a serial port */
        ModbusConfiguration: {
            /**
             * Host or serial port
             * @description Host name or IP address of the machine or gateway, or a serial port: /dev/ttyUSB0, /dev/serial/by-id/…, COM3.
             */
            endpoint: string;
            /**
             * Port
             * @description TCP port.
             * @default 502
             */
            port: number;
            /** @default {} */
            credentials: Record<string, never>;
            /** @default {} */
            additional_config: {
                /**
                 * Unit
                 * @description Unit (slave) id of the machine, also behind a gateway.
                 * @default 1
                 */
                unit_id: number;
                /**
                 * Framing
                 * @description tcp: Modbus TCP. rtu_over_tcp: serial frames with CRC in a TCP connection, as transparent serial device servers pass them on.
                 * @default tcp
                 * @enum {string}
                 */
                framing: "tcp" | "rtu_over_tcp";
                /**
                 * Baud rate
                 * @description Of a serial port; 9600 where it is not given. All machines on a line have the same.
                 * @enum {number}
                 */
                baud_rate?: 1200 | 2400 | 4800 | 9600 | 19200 | 38400 | 57600 | 115200;
                /**
                 * Parity
                 * @description Of a serial port; none where it is not given.
                 * @enum {string}
                 */
                parity?: "none" | "even" | "odd";
                /**
                 * Stop bits
                 * @description Of a serial port; 1 where it is not given. With 8 data bits.
                 * @enum {number}
                 */
                stop_bits?: 1 | 2;
                /**
                 * Largest block
                 * @description Registers that the machine gives in one answer; 0 or 1 reads every point by itself.
                 * @default 125
                 */
                max_registers: number;
                /**
                 * Largest gap
                 * @description Unused registers (or bits) between two points that are read along to save a request.
                 * @default 8
                 */
                max_gap: number;
                /**
                 * Forbidden
                 * @description Registers or bits that are never touched, not even to fill a gap: [{table, address, count}].
                 * @default []
                 */
                forbidden: {
                    /**
                     * Table
                     * @enum {string}
                     */
                    table: "holding" | "input" | "coil" | "discrete";
                    /**
                     * Address
                     * @description 0-based.
                     */
                    address: number;
                    /**
                     * Registers or bits
                     * @default 1
                     */
                    count: number;
                }[];
                /**
                 * Pause
                 * @description Least time between two requests on the link, and after connecting.
                 * @default 0
                 */
                pause_ms: number;
                /**
                 * Write with functions 15 and 16
                 * @description Writes single coils and registers with the functions for several: for machines that know no others.
                 * @default false
                 */
                write_multiple: boolean;
                /**
                 * Mask write
                 * @description The machine knows function 22: bits of a register can be written. Without it they are refused.
                 * @default false
                 */
                mask_write: boolean;
                /**
                 * Close after reading
                 * @description Connects for every read, for machines whose few connections others need too.
                 * @default false
                 */
                close_after_read: boolean;
                /**
                 * Time-out
                 * @description Longest wait for one answer of the machine.
                 * @default 2
                 */
                timeout: number;
                /**
                 * Profile
                 * @description A known machine whose points need not be typed.
                 * @enum {string}
                 */
                profile?: "eastron-sdm630" | "schneider-iem3155" | "carlo-gavazzi-em24" | "carlo-gavazzi-em340" | "janitza-umg96rme" | "shelly-pro-3em-modbus" | "carel-ir33" | "dixell-xr75cx" | "danfoss-ekc-202d" | "danfoss-erc-213" | "eliwell-idplus" | "omron-e5cc" | "eurotherm-3500";
                /**
                 * Points
                 * @description What to read; adds to or replaces the profile's points by metric.
                 * @default []
                 */
                points: {
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Words
                     * @description What values mean: {"0": "closed", "1": "open"}.
                     */
                    words?: {
                        [key: string]: string;
                    };
                    /**
                     * May be written
                     * @description In our unit and words: {"min": 20, "max": 250}, {"words": ["running"]}, or true for what is on or off. Absent: never.
                     */
                    write?: true | {
                        min: number;
                        max: number;
                    } | {
                        words: string[];
                    };
                    /**
                     * Table
                     * @description holding | input (registers), coil | discrete (bits).
                     * @enum {string}
                     */
                    table: "holding" | "input" | "coil" | "discrete";
                    /**
                     * Address
                     * @description 0-based address of the protocol, not the 40001-style number.
                     */
                    address: number;
                    /**
                     * First address
                     * @description 1 where the machine's document counts its registers from 1: one is taken off the address.
                     * @default 0
                     */
                    address_base: 0 | 1;
                    /**
                     * Type
                     * @description Number type or string. Registers need it (or bit), bits have none.
                     * @enum {string}
                     */
                    type?: "int16" | "uint16" | "int32" | "uint32" | "float32" | "int64" | "uint64" | "float64" | "bcd16" | "bcd32" | "string";
                    /**
                     * Length
                     * @description Registers of a string, two characters in each.
                     */
                    length?: number;
                    /**
                     * Bit
                     * @description One bit of a register instead of a number, or the lowest of several; 0 is the least significant.
                     */
                    bit?: number;
                    /**
                     * Bits
                     * @description So many bits from bit on are one number without sign.
                     */
                    bits?: number;
                    /**
                     * Scale
                     * @description value = raw × scale + offset
                     * @default 1
                     */
                    scale: number;
                    /**
                     * Offset
                     * @description value = raw × scale + offset
                     * @default 0
                     */
                    offset: number;
                    /**
                     * Word order
                     * @description Order of the bytes over the registers; ABCD is big-endian.
                     * @default ABCD
                     * @enum {string}
                     */
                    word_order: "ABCD" | "CDAB" | "BADC" | "DCBA";
                    /**
                     * Invalid values
                     * @description Raw values that mean "no value". The ends of 16-bit numbers (-32768, 32767, 65535) always do for temperatures.
                     * @default []
                     */
                    invalid: number[];
                    /**
                     * Unit
                     * @description UCUM unit that the machine gives.
                     */
                    unit?: string;
                }[];
                /**
                 * Quality
                 * @description When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, "max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.
                 */
                quality?: {
                    source_time?: {
                        /**
                         * Greatest skew
                         * @description Of the machine's clock against ours. 0: any.
                         */
                        max_skew_seconds: number;
                    };
                } & {
                    [key: string]: {
                        /**
                         * Least
                         * @description Below it no sensor can measure.
                         */
                        min?: number;
                        /**
                         * Most
                         * @description Above it no sensor can measure.
                         */
                        max?: number;
                        /**
                         * Fastest change
                         * @description In a minute, either way. 0: any.
                         */
                        max_rate_per_minute?: number;
                        /**
                         * Longest standstill
                         * @description With exactly the same value. 0: any.
                         */
                        flatline_minutes?: number;
                        /**
                         * May be missing
                         * @description The sensor comes and goes.
                         */
                        optional?: boolean;
                    };
                };
            };
            /**
             * Protocol
             * @enum {string}
             */
            protocol: "modbus" | "modbus_tcp" | "eastron-sdm630" | "schneider-iem3155" | "carlo-gavazzi-em24" | "carlo-gavazzi-em340" | "janitza-umg96rme" | "shelly-pro-3em-modbus" | "carel-ir33" | "dixell-xr75cx" | "danfoss-ekc-202d" | "danfoss-erc-213" | "eliwell-idplus" | "omron-e5cc" | "eurotherm-3500";
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
        };
        /** MQTT */
        MqttConfiguration: {
            /**
             * Broker
             * @description Host name or IP address of the MQTT broker; mqtts:// in front of it for an encrypted connection.
             */
            endpoint: string;
            /**
             * Port
             * @description TCP port; 0: the one in the address, or 1883, and 8883 for mqtts.
             * @default 0
             */
            port: number;
            /** @default {} */
            credentials: {
                /**
                 * User name
                 * @description Of the account at the broker.
                 */
                username?: string;
                /**
                 * Password
                 * @description Of the account at the broker.
                 */
                password?: string;
                /**
                 * Client key
                 * @description PEM private key of client_certificate, without passphrase.
                 */
                client_key?: string;
            };
            /** @default {} */
            additional_config: {
                /**
                 * Device
                 * @description What stands for {device} in topics: the name the machine publishes under.
                 */
                device?: string;
                /**
                 * Stale after
                 * @description A value is gone when nothing was heard of it for so long; 0: never, for machines that speak only of changes.
                 * @default 600
                 */
                stale_after: number;
                /**
                 * Availability
                 * @description Where the broker tells that the machine is gone: topic, pointer (absent: the whole message), offline (the messages that say so).
                 */
                availability?: {
                    /** Topic */
                    topic: string;
                    /** JSON pointer */
                    pointer?: string;
                    /**
                     * @default [
                     *       "offline"
                     *     ]
                     */
                    offline: string[];
                };
                /**
                 * MQTT version
                 * @description 3.1.1 | 5: what the broker is spoken to in.
                 * @default 3.1.1
                 * @enum {string}
                 */
                version: "5" | "3.1.1";
                /**
                 * QoS
                 * @description 0: a message may be lost on the way from the broker; 1: it is sent until it has arrived.
                 * @default 0
                 */
                qos: number;
                /**
                 * Ask for births
                 * @description Sparkplug: an edge node is asked to tell everything when that is not known; false: nothing is sent.
                 * @default true
                 */
                rebirth: boolean;
                /**
                 * Check the certificate
                 * @description false takes any certificate: the connection is encrypted, but to whom is not known.
                 * @default true
                 */
                verify_ssl: boolean;
                /**
                 * Certificate authority
                 * @description PEM certificates that are trusted besides the well-known ones.
                 */
                ca?: string;
                /**
                 * Client certificate
                 * @description PEM certificate that the broker knows us by.
                 */
                client_certificate?: string;
                /**
                 * Time-out
                 * @description Longest wait for one answer of the machine.
                 * @default 10
                 */
                timeout: number;
                /**
                 * Profile
                 * @description A known machine whose points need not be typed.
                 * @enum {string}
                 */
                profile?: "shelly-pro-3em" | "shelly-switch" | "tasmota-energy" | "tasmota-ds18b20" | "zigbee2mqtt-climate" | "zigbee2mqtt-contact" | "zigbee2mqtt-plug";
                /**
                 * Points
                 * @description What to read; adds to or replaces the profile's points by metric.
                 * @default []
                 */
                points: {
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Words
                     * @description What values mean: {"0": "closed", "1": "open"}.
                     */
                    words?: {
                        [key: string]: string;
                    };
                    /**
                     * May be written
                     * @description In our unit and words: {"min": 20, "max": 250}, {"words": ["running"]}, or true for what is on or off. Absent: never.
                     */
                    write?: true | {
                        min: number;
                        max: number;
                    } | {
                        words: string[];
                    };
                    /**
                     * Topic
                     * @description Where the value is published, for instance tele/{device}/SENSOR; + and # stand for levels.
                     */
                    topic?: string;
                    /**
                     * Sparkplug device
                     * @description In place of a topic: group/edge node, or group/edge node/device.
                     */
                    sparkplug?: string;
                    /**
                     * Sparkplug metric
                     * @description Name of the metric in the birth of its edge node or device.
                     */
                    name?: string;
                    /**
                     * Command topic
                     * @description Where the machine takes a new value, for a point that may be written: zigbee2mqtt/{device}/set.
                     */
                    command_topic?: string;
                    /**
                     * Command
                     * @description The JSON that is sent there; "{value}" in it becomes the value. Absent: the value itself as text.
                     */
                    command?: {
                        [key: string]: unknown;
                    };
                    /**
                     * JSON pointer
                     * @description Where the value stands in a JSON message; absent: the message is the value.
                     */
                    pointer?: string;
                    /**
                     * Unit in the message
                     * @description Where the message says the unit of a number, for a display that can be switched.
                     */
                    unit_pointer?: string;
                    /**
                     * Time
                     * @description Where the message tells the machine's own time.
                     */
                    timestamp_pointer?: string;
                    /**
                     * Invalid values
                     * @description Numbers that mean "no value".
                     * @default []
                     */
                    invalid: number[];
                    /**
                     * Unit
                     * @description UCUM unit that the machine gives.
                     */
                    unit?: string;
                }[];
                /**
                 * Quality
                 * @description When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, "max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.
                 */
                quality?: {
                    source_time?: {
                        /**
                         * Greatest skew
                         * @description Of the machine's clock against ours. 0: any.
                         */
                        max_skew_seconds: number;
                    };
                } & {
                    [key: string]: {
                        /**
                         * Least
                         * @description Below it no sensor can measure.
                         */
                        min?: number;
                        /**
                         * Most
                         * @description Above it no sensor can measure.
                         */
                        max?: number;
                        /**
                         * Fastest change
                         * @description In a minute, either way. 0: any.
                         */
                        max_rate_per_minute?: number;
                        /**
                         * Longest standstill
                         * @description With exactly the same value. 0: any.
                         */
                        flatline_minutes?: number;
                        /**
                         * May be missing
                         * @description The sensor comes and goes.
                         */
                        optional?: boolean;
                    };
                };
            };
            /**
             * Protocol
             * @enum {string}
             */
            protocol: "mqtt" | "shelly-pro-3em" | "shelly-switch" | "tasmota-energy" | "tasmota-ds18b20" | "zigbee2mqtt-climate" | "zigbee2mqtt-contact" | "zigbee2mqtt-plug";
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
        };
        /** New API key */
        NewApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            access: "read" | "write" | "admin";
            /** @description The first characters, to recognise it by. */
            prefix: string;
            /** Format: date-time */
            created_at: string;
            last_used_at: string | null;
            expires_at: string | null;
            key: string;
        };
        /** Notification channel */
        NotificationChannel: {
            /** Format: uuid */
            id: string;
            /** @constant */
            kind: "webhook";
            name: string;
            url: string;
            severities: ("info" | "warning" | "critical")[];
            /** @enum {string} */
            language: "en" | "es" | "de" | "fr";
            enabled: boolean;
            /** @description What became of the last 100. */
            recent_messages: {
                sent: number;
                waiting: number;
                failed: number;
                last_sent_at: string | null;
                /** @description Why the newest that failed, or is tried again, did. */
                last_error: string | null;
            };
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description `***`; a secret that was made for the channel is shown once, when it is made. */
            secret: string;
        };
        /** Certificate of an OPC UA server */
        OpcUaCertificate: {
            /** @description SHA-256 of the certificate, to compare with what the machine shows. */
            fingerprint: string;
            trusted: boolean;
            subject: string;
            issuer: string;
            /** Format: date-time */
            valid_from: string;
            /** Format: date-time */
            valid_until: string;
            /** @description Host and port that showed it last. */
            seen_from: string;
            /** Format: date-time */
            first_seen_at: string;
            /** Format: date-time */
            last_seen_at: string;
            trusted_at: string | null;
        };
        /** OPC UA */
        OpcUaConfiguration: {
            /**
             * Address
             * @description opc.tcp:// address of the server, or its host name or IP address.
             */
            endpoint: string;
            /**
             * Port
             * @description TCP port; 0: the one in the address, or 4840.
             * @default 0
             */
            port: number;
            /** @default {} */
            credentials: {
                /**
                 * User name
                 * @description Without it the login is anonymous.
                 */
                username?: string;
                /** Password */
                password?: string;
                /**
                 * User certificate
                 * @description Instead of a user name: a certificate with an RSA key, PEM.
                 */
                certificate?: string;
                /**
                 * Key of the user certificate
                 * @description PEM, without passphrase.
                 */
                key?: string;
            };
            /** @default {} */
            additional_config: {
                /**
                 * Security mode
                 * @description SignAndEncrypt | Sign | None. None: whoever is on the network can read and change what is sent.
                 * @default SignAndEncrypt
                 * @enum {string}
                 */
                security_mode: "None" | "Sign" | "SignAndEncrypt";
                /**
                 * Security policy
                 * @description best: the best one that the server offers. Outdated ones are not used.
                 * @default best
                 * @enum {string}
                 */
                security_policy: "best" | "Aes256_Sha256_RsaPss" | "Basic256Sha256" | "Aes128_Sha256_RsaOaep";
                /**
                 * Subscription
                 * @description true: the server tells changes as they happen; polls take the newest values, and alerts judge each of them.
                 * @default false
                 */
                subscribe: boolean;
                /**
                 * Publishing interval
                 * @description How often the server tells what has changed; machines with the same one share a subscription.
                 * @default 1000
                 */
                publishing_interval_ms: number;
                /**
                 * Sampling interval
                 * @description How often the server looks for changes; 0: as often as it can. Default: four times in a publishing interval.
                 */
                sampling_interval_ms?: number;
                /**
                 * Device
                 * @description Browse name of the device that is read without points, where the server has several: kitchen equipment (OPC 30200), a machine (OPC 40001, 40600) or a PackML unit (OPC 30050).
                 */
                device?: string;
                /**
                 * Password unencrypted
                 * @description true: with None and Sign, to a server that takes the password only as it is.
                 * @default false
                 */
                allow_plain_password: boolean;
                /**
                 * Time-out
                 * @description Longest wait for one answer of the machine.
                 * @default 10
                 */
                timeout: number;
                /**
                 * Profile
                 * @description A known machine whose points need not be typed.
                 */
                profile?: unknown;
                /**
                 * Points
                 * @description What to read; adds to or replaces the profile's points by metric. None: what the machine gives under the names of metrics.
                 * @default []
                 */
                points: {
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Words
                     * @description What values mean: {"0": "closed", "1": "open"}.
                     */
                    words?: {
                        [key: string]: string;
                    };
                    /**
                     * May be written
                     * @description In our unit and words: {"min": 20, "max": 250}, {"words": ["running"]}, or true for what is on or off. Absent: never.
                     */
                    write?: true | {
                        min: number;
                        max: number;
                    } | {
                        words: string[];
                    };
                    /**
                     * Node
                     * @description Node id with the URI of its namespace, for instance nsu=http://vendor.example/;s=Oven/Temperature.
                     */
                    node: string;
                    /**
                     * Browse path
                     * @description Browse names from the node on; a name without nsu= is of the namespace of the one before it.
                     * @default []
                     */
                    path: string[];
                    /**
                     * Element
                     * @description Of an array, from 0 on.
                     */
                    index?: number;
                    /**
                     * Invalid values
                     * @description Numbers that mean "no value".
                     * @default []
                     */
                    invalid: number[];
                    /**
                     * Deadband
                     * @description With a subscription: smaller changes are not told, in the server's unit.
                     */
                    deadband?: number;
                    /**
                     * Deadband in percent
                     * @description The same, of the range that the server names (EURange).
                     */
                    deadband_percent?: number;
                    /**
                     * Unit
                     * @description UCUM unit that the machine gives.
                     */
                    unit?: string;
                }[];
                /**
                 * Quality
                 * @description When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, "max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.
                 */
                quality?: {
                    source_time?: {
                        /**
                         * Greatest skew
                         * @description Of the machine's clock against ours. 0: any.
                         */
                        max_skew_seconds: number;
                    };
                } & {
                    [key: string]: {
                        /**
                         * Least
                         * @description Below it no sensor can measure.
                         */
                        min?: number;
                        /**
                         * Most
                         * @description Above it no sensor can measure.
                         */
                        max?: number;
                        /**
                         * Fastest change
                         * @description In a minute, either way. 0: any.
                         */
                        max_rate_per_minute?: number;
                        /**
                         * Longest standstill
                         * @description With exactly the same value. 0: any.
                         */
                        flatline_minutes?: number;
                        /**
                         * May be missing
                         * @description The sensor comes and goes.
                         */
                        optional?: boolean;
                    };
                };
            };
            /**
             * Protocol
             * @enum {string}
             */
            protocol: "opc_ua" | "opcua";
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
        };
        /** Certificate by which OPC UA servers know this installation */
        OwnOpcUaCertificate: {
            /** @description The certificate, PEM. It holds no secret. */
            certificate: string;
            /** @description SHA-256 of the certificate. */
            fingerprint: string;
            /** @description SHA-1 of the certificate: what most OPC UA servers show of it. */
            thumbprint: string;
            subject: string;
            /** Format: date-time */
            valid_from: string;
            /** Format: date-time */
            valid_until: string;
        };
        /**
         * Problem
         * @description Every answer that is not a success.
         * @example {
         *       "type": "urn:bakewire:problem:CONFIG_INVALID",
         *       "title": "The values given are refused",
         *       "status": 422,
         *       "code": "CONFIG_INVALID",
         *       "detail": "port: must be at most 65535",
         *       "remedy": "fix-config",
         *       "errors": [
         *         {
         *           "path": "port",
         *           "message": "must be at most 65535"
         *         }
         *       ],
         *       "request_id": "0b2a3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d"
         *     }
         */
        Problem: {
            /** @description Names the kind of problem: `urn:bakewire:problem:` and the code. */
            type: string;
            /** @description The kind of problem in words; the same for the same code. */
            title: string;
            status: number;
            /** @enum {string} */
            code: "REQUEST_MALFORMED" | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "REQUEST_TIMED_OUT" | "CONFLICT" | "SECRET_REQUIRED" | "IN_PROGRESS" | "LINK_CONFLICT" | "PRECONDITION_FAILED" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "CONFIG_INVALID" | "NOT_SUPPORTED" | "KEY_REUSED" | "CONNECTION_FAILED" | "CREDENTIALS_REJECTED" | "ADDRESS_REFUSED" | "HEADERS_TOO_LARGE" | "OVERLOADED" | "INTERNAL" | "PROTOCOL_VIOLATED" | "POINT_REFUSED" | "VALUE_INVALID" | "DEVICE_BUSY" | "TLS_FAILED" | "CERTIFICATE_REJECTED" | "UNREACHABLE" | "ADDRESS_UNRESOLVED" | "LINK_LOST" | "UNAVAILABLE" | "TIMED_OUT" | "OUTCOME_UNKNOWN" | "VERSION_UNSUPPORTED";
            /** @description What happened this time. */
            detail: string;
            /**
             * @description What the one who asks should do.
             * @enum {string}
             */
            remedy: "fix-config" | "fix-credentials" | "retry" | "give-up" | "report-bug";
            /** @description Every fault by its path. */
            errors?: {
                /** @description Where in the request, for instance additional_config.points[2].address. */
                path: string;
                message: string;
            }[];
            /** @description Names the request in the logs. */
            request_id: string;
        };
        /** RATIONAL ConnectedCooking (combi steamers) */
        RationalConfiguration: {
            /**
             * Address
             * @description https://www.connectedcooking.com (any path), or the OPC UA server: opc.tcp://app.connectedcooking.com:4840/OPCUA/ConnectedCooking.
             */
            endpoint: string;
            /**
             * Port
             * @description TCP port of the OPC UA server; 0: the one in the address, or 4840.
             * @default 0
             */
            port: number;
            /** @default {} */
            credentials: {
                /**
                 * User name
                 * @description Of the account, for live values.
                 */
                username: string;
                /** Password */
                password: string;
                /**
                 * Client ID
                 * @description Of an API client of the account (type "Base API"), for HACCP batches and programmes.
                 */
                client_id?: string;
                /**
                 * Client secret
                 * @description For OAuth2.
                 */
                client_secret?: string;
            };
            /** @default {} */
            additional_config: {
                /**
                 * Unit
                 * @description Serial number or device id of the unit; not needed where the account has one alone.
                 */
                unit_id?: string;
                /**
                 * OPC UA address
                 * @description Default: endpoint, where it is an opc.tcp:// address, else opc.tcp://app.connectedcooking.com:4840/OPCUA/ConnectedCooking.
                 */
                opc_ua_endpoint?: string;
                /**
                 * Security mode
                 * @description SignAndEncrypt | Sign.
                 * @default SignAndEncrypt
                 * @enum {string}
                 */
                security_mode: "SignAndEncrypt" | "Sign";
                /**
                 * Security policy
                 * @description best: the best one that the server offers.
                 * @default best
                 * @enum {string}
                 */
                security_policy: "best" | "Aes256_Sha256_RsaPss" | "Basic256Sha256" | "Aes128_Sha256_RsaOaep";
                /**
                 * API address
                 * @description Of the REST API, with its base path.
                 * @default https://app.connectedcooking.com/api/public
                 */
                api_endpoint: string;
                /**
                 * Token address
                 * @description Where tokens are got with client_id: as the page "Authentication" of the API's documentation says.
                 */
                token_url?: string;
                /**
                 * Scope
                 * @description What tokens are asked for, separated by spaces.
                 */
                scope?: string;
                /**
                 * Client login
                 * @description basic | body: how the token address is told the client secret.
                 * @default basic
                 * @enum {string}
                 */
                token_auth: "basic" | "body";
                /**
                 * Certificate authority
                 * @description PEM certificates that are trusted besides the well-known ones.
                 */
                ca?: string;
                /**
                 * Batches every
                 * @description How often the account is asked for its HACCP batches, for all its units together.
                 * @default 300
                 */
                batches_every: number;
                /**
                 * Requests per minute
                 * @description Never more, of all machines on the link, in any minute.
                 */
                requests_per_minute?: number;
                /**
                 * Requests per day
                 * @description Never more, of all machines on the link, in any 24 hours; over restarts too.
                 */
                requests_per_day?: number;
                /**
                 * Time-out
                 * @description Longest wait for one answer of the machine.
                 * @default 15
                 */
                timeout: number;
                /**
                 * Profile
                 * @description A known machine whose points need not be typed.
                 */
                profile?: unknown;
                /**
                 * Points
                 * @description What to read; adds to or replaces the profile's points by metric. None: what the machine gives under the names of metrics.
                 * @default []
                 */
                points: {
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Words
                     * @description What values mean: {"0": "closed", "1": "open"}.
                     */
                    words?: {
                        [key: string]: string;
                    };
                    /** May be written */
                    write?: unknown;
                    /**
                     * Variable
                     * @description Of the unit on the OPC UA server, as its node ids have it: CombiSteamer/SetTemperature.
                     */
                    variable?: string;
                    /**
                     * Field of the batch
                     * @description Where the value stands in the unit's newest HACCP batch, for instance /totalTime.
                     */
                    batch?: string;
                    /**
                     * Invalid values
                     * @description Numbers that mean "no value".
                     * @default []
                     */
                    invalid: number[];
                    /**
                     * Unit
                     * @description UCUM unit that the machine gives.
                     */
                    unit?: string;
                }[];
                /**
                 * Quality
                 * @description When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, "max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.
                 */
                quality?: {
                    source_time?: {
                        /**
                         * Greatest skew
                         * @description Of the machine's clock against ours. 0: any.
                         */
                        max_skew_seconds: number;
                    };
                } & {
                    [key: string]: {
                        /**
                         * Least
                         * @description Below it no sensor can measure.
                         */
                        min?: number;
                        /**
                         * Most
                         * @description Above it no sensor can measure.
                         */
                        max?: number;
                        /**
                         * Fastest change
                         * @description In a minute, either way. 0: any.
                         */
                        max_rate_per_minute?: number;
                        /**
                         * Longest standstill
                         * @description With exactly the same value. 0: any.
                         */
                        flatline_minutes?: number;
                        /**
                         * May be missing
                         * @description The sensor comes and goes.
                         */
                        optional?: boolean;
                    };
                };
            };
            /**
             * Protocol
             * @enum {string}
             */
            protocol: "rational" | "rational_connected_cooking";
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
        };
        /**
         * Reading
         * @description The values of one machine at one moment.
         */
        Reading: {
            /** Format: date-time */
            reading_time: string;
            source_time: string | null;
            /** @description °C */
            temperature: number | null;
            /** @description °C */
            target_temperature: number | null;
            /** @description % */
            humidity: number | null;
            /** @description kWh, the counter as the meter shows it */
            energy_consumption_kwh: number | null;
            /** @description kW */
            power_kw: number | null;
            operational_status: ("off" | "standby" | "preheating" | "ready" | "running" | "paused" | "cleaning" | "defrosting" | "cooling_down" | "maintenance" | "error" | "unknown") | null;
            cycle_stage: ("idle" | "preheat" | "loading" | "baking" | "steaming" | "proofing" | "retarding" | "mixing" | "venting" | "cooling" | "cleaning" | "defrost" | "finished" | "unknown") | null;
            /** @description % */
            cycle_progress_percentage: number | null;
            /** @description minutes */
            time_remaining_minutes: number | null;
            /** @description rpm */
            motor_speed_rpm: number | null;
            door_status: ("open" | "closed" | "unknown") | null;
            /** @description % */
            steam_level: number | null;
            /** @description kg */
            product_weight_kg: number | null;
            /** @description % */
            moisture_content: number | null;
            /**
             * @description °C by zone
             * @example {
             *       "cabinet": 180,
             *       "core": 72
             *     }
             */
            temperature_zones: {
                [key: string]: number;
            } | null;
            /**
             * @description What this machine measures besides
             * @example {
             *       "voltage_l1": 231.4
             *     }
             */
            additional: {
                [key: string]: number | string | boolean;
            } | null;
            /** @description By metric (and `source_time`), why a value is missing or doubtful; empty when all is good. The code of a fault, or `MISSING`: no value. `UNCERTAIN`: the machine itself doubts it. `IMPLAUSIBLE`: no such machine can have it. `RATE`: it came faster than such a machine can change. `FLATLINE`: exactly the same for too long. `COUNTER_RESET`: the counter fell. `CLOCK_SKEW`: the time is wrong or old. `BACKFILLED`: good, kept by the machine while nobody read it. No value is ever altered */
            quality: {
                [key: string]: string;
            } | null;
        };
        /**
         * Bucket of readings
         * @description Every metric of a reading: numbers as avg, min, max and count, words as the last, counters as what they have grown by (where one was set back it goes on from there). Buckets without a reading are left out.
         */
        ReadingBucket: {
            /**
             * Format: date-time
             * @description Where the bucket begins, in UTC: of a day at midnight of `timezone`, of less at a multiple from there.
             */
            reading_time: string;
            temperature?: {
                avg: number;
                min: number;
                max: number;
                count: number;
            } | null;
            door_status?: {
                last: string | boolean;
            } | null;
            energy_consumption_kwh?: {
                delta: number;
                last: number;
            } | null;
            temperature_zones?: {
                [key: string]: {
                    avg: number;
                    min: number;
                    max: number;
                    count: number;
                };
            } | null;
            additional?: {
                [key: string]: {
                    avg: number;
                    min: number;
                    max: number;
                    count: number;
                } | {
                    last: string | boolean;
                };
            } | null;
            /** @description By metric, how many values were missing or doubtful: they are left out. */
            quality: {
                [key: string]: number;
            };
        } & {
            [key: string]: unknown;
        };
        /**
         * Realtime data
         * @description The newest values of a machine and how old they are.
         * @example {
         *       "equipment_id": "6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111",
         *       "equipment_name": "Deck oven 1",
         *       "timestamp": "2026-11-20T04:00:00.000Z",
         *       "age_seconds": 2.4,
         *       "stale": false,
         *       "connection_status": "connected",
         *       "temperature": 185.5,
         *       "target_temperature": null,
         *       "humidity": null,
         *       "energy_consumption_kwh": null,
         *       "power_kw": null,
         *       "operational_status": "running",
         *       "cycle_stage": "baking",
         *       "cycle_progress_percentage": 45,
         *       "time_remaining_minutes": 12,
         *       "motor_speed_rpm": null,
         *       "door_status": null,
         *       "steam_level": null,
         *       "product_weight_kg": null,
         *       "moisture_content": null,
         *       "temperature_zones": {
         *         "cabinet": 180,
         *         "core": 72
         *       },
         *       "additional": null,
         *       "quality": {
         *         "humidity": "VALUE_INVALID"
         *       },
         *       "active_batch_id": null,
         *       "active_batch_name": null
         *     }
         */
        RealtimeData: {
            /** Format: uuid */
            equipment_id: string;
            equipment_name: string;
            /** @description When the values were read; null when nothing ever was. */
            timestamp: string | null;
            age_seconds: number | null;
            /** @description Older than 2.5 intervals, or two times of a `poll_cron` and half a wait; or the machine is not connected. */
            stale: boolean;
            /** @enum {string} */
            connection_status: "unconfigured" | "connecting" | "connected" | "degraded" | "disconnected" | "error" | "paused";
            /** @description °C */
            temperature: number | null;
            /** @description °C */
            target_temperature: number | null;
            /** @description % */
            humidity: number | null;
            /** @description kWh, the counter as the meter shows it */
            energy_consumption_kwh: number | null;
            /** @description kW */
            power_kw: number | null;
            operational_status: ("off" | "standby" | "preheating" | "ready" | "running" | "paused" | "cleaning" | "defrosting" | "cooling_down" | "maintenance" | "error" | "unknown") | null;
            cycle_stage: ("idle" | "preheat" | "loading" | "baking" | "steaming" | "proofing" | "retarding" | "mixing" | "venting" | "cooling" | "cleaning" | "defrost" | "finished" | "unknown") | null;
            /** @description % */
            cycle_progress_percentage: number | null;
            /** @description minutes */
            time_remaining_minutes: number | null;
            /** @description rpm */
            motor_speed_rpm: number | null;
            door_status: ("open" | "closed" | "unknown") | null;
            /** @description % */
            steam_level: number | null;
            /** @description kg */
            product_weight_kg: number | null;
            /** @description % */
            moisture_content: number | null;
            /**
             * @description °C by zone
             * @example {
             *       "cabinet": 180,
             *       "core": 72
             *     }
             */
            temperature_zones: {
                [key: string]: number;
            } | null;
            /**
             * @description What this machine measures besides
             * @example {
             *       "voltage_l1": 231.4
             *     }
             */
            additional: {
                [key: string]: number | string | boolean;
            } | null;
            /** @description By metric (and `source_time`), why a value is missing or doubtful; empty when all is good. The code of a fault, or `MISSING`: no value. `UNCERTAIN`: the machine itself doubts it. `IMPLAUSIBLE`: no such machine can have it. `RATE`: it came faster than such a machine can change. `FLATLINE`: exactly the same for too long. `COUNTER_RESET`: the counter fell. `CLOCK_SKEW`: the time is wrong or old. `BACKFILLED`: good, kept by the machine while nobody read it. No value is ever altered */
            quality: {
                [key: string]: string;
            } | null;
            active_batch_id: string | null;
            active_batch_name: string | null;
        };
        /** REST API (JSON over HTTP) */
        RestApiConfiguration: {
            /**
             * Address
             * @description http:// or https:// address of the machine or cloud, with port and base path where it has them.
             */
            endpoint: string;
            /**
             * Port
             * @description TCP port; 0: the one in the address, or 443 for https and 80 for http.
             * @default 0
             */
            port: number;
            /** @default {} */
            credentials: {
                /**
                 * Token
                 * @description Sent as bearer token; replaces user name and password.
                 */
                token?: string;
                /**
                 * API key
                 * @description Sent in the header that api_key_header names.
                 */
                api_key?: string;
                /**
                 * User name
                 * @description For basic or digest authentication.
                 */
                username?: string;
                /**
                 * Password
                 * @description For basic or digest authentication.
                 */
                password?: string;
                /**
                 * Client ID
                 * @description For OAuth2: tokens are got from token_url.
                 */
                client_id?: string;
                /**
                 * Client secret
                 * @description For OAuth2.
                 */
                client_secret?: string;
                /**
                 * Refresh token
                 * @description For OAuth2 in the name of a user. When it is replaced by the token address, the new one is kept.
                 */
                refresh_token?: string;
            };
            /** @default {} */
            additional_config: {
                /**
                 * Data path
                 * @description Where the values are, below the address; answered with JSON.
                 * @default /api/v1/equipment/{equipment_id}/data
                 */
                data_endpoint: string;
                /**
                 * Status path
                 * @description A second JSON document, below the address; asked for when a point is from it.
                 */
                status_endpoint?: string;
                /**
                 * Check the certificate
                 * @description false takes any certificate: the connection is encrypted, but to whom is not known.
                 * @default true
                 */
                verify_ssl: boolean;
                /**
                 * Certificate authority
                 * @description PEM certificates that are trusted besides the well-known ones.
                 */
                ca?: string;
                /**
                 * Header of the API key
                 * @default X-API-Key
                 */
                api_key_header: string;
                /**
                 * Password login
                 * @description basic | digest: how user name and password are sent. With basic a demand for digest is met too; with digest they are never sent as they are.
                 * @default basic
                 * @enum {string}
                 */
                auth: "basic" | "digest";
                /**
                 * Token address
                 * @description Where OAuth2 tokens are got with client_id.
                 */
                token_url?: string;
                /**
                 * Scope
                 * @description What tokens are asked for, separated by spaces.
                 */
                scope?: string;
                /**
                 * Client login
                 * @description basic | body: how the token address is told the client secret.
                 * @default basic
                 * @enum {string}
                 */
                token_auth: "basic" | "body";
                /**
                 * Requests per minute
                 * @description Never more, of all machines on the link, in any minute.
                 */
                requests_per_minute?: number;
                /**
                 * Requests per day
                 * @description Never more, of all machines on the link, in any 24 hours; over restarts too.
                 */
                requests_per_day?: number;
                /**
                 * Time
                 * @description Where the data document tells the machine's own time.
                 */
                timestamp_pointer?: string;
                /**
                 * Time zone
                 * @description Of a time of the machine that names none, such as Europe/Berlin; absent: UTC.
                 */
                timezone?: string;
                /**
                 * Frozen after
                 * @description Values are uncertain when the machine's time is older or has not moved for so long; 0: never.
                 * @default 600
                 */
                frozen_after: number;
                /**
                 * Time-out
                 * @description Longest wait for one answer of the machine.
                 * @default 10
                 */
                timeout: number;
                /**
                 * Profile
                 * @description A known machine whose points need not be typed.
                 */
                profile?: unknown;
                /**
                 * Points
                 * @description What to read; adds to or replaces the profile's points by metric. None: what the machine gives under the names of metrics.
                 * @default []
                 */
                points: {
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Words
                     * @description What values mean: {"0": "closed", "1": "open"}.
                     */
                    words?: {
                        [key: string]: string;
                    };
                    /** May be written */
                    write?: unknown;
                    /**
                     * JSON pointer
                     * @description Where the value stands in the answer, for instance /cabinet/temp.
                     */
                    pointer: string;
                    /**
                     * Document
                     * @description data | status: which of the two paths answers with the value.
                     * @default data
                     * @enum {string}
                     */
                    from: "data" | "status";
                    /**
                     * Unit in the answer
                     * @description Where the document says the unit of a number, for a display that can be switched.
                     */
                    unit_pointer?: string;
                    /**
                     * Invalid values
                     * @description Numbers that mean "no value".
                     * @default []
                     */
                    invalid: number[];
                    /**
                     * Unit
                     * @description UCUM unit that the machine gives.
                     */
                    unit?: string;
                }[];
                /**
                 * Quality
                 * @description When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, "max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.
                 */
                quality?: {
                    source_time?: {
                        /**
                         * Greatest skew
                         * @description Of the machine's clock against ours. 0: any.
                         */
                        max_skew_seconds: number;
                    };
                } & {
                    [key: string]: {
                        /**
                         * Least
                         * @description Below it no sensor can measure.
                         */
                        min?: number;
                        /**
                         * Most
                         * @description Above it no sensor can measure.
                         */
                        max?: number;
                        /**
                         * Fastest change
                         * @description In a minute, either way. 0: any.
                         */
                        max_rate_per_minute?: number;
                        /**
                         * Longest standstill
                         * @description With exactly the same value. 0: any.
                         */
                        flatline_minutes?: number;
                        /**
                         * May be missing
                         * @description The sensor comes and goes.
                         */
                        optional?: boolean;
                    };
                };
            };
            /**
             * Protocol
             * @enum {string}
             */
            protocol: "rest_api" | "custom";
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
        };
        /** Sensor history */
        SensorHistory: {
            /** Format: uuid */
            equipment_id: string;
            /** Format: date-time */
            start: string;
            /** Format: date-time */
            end: string;
            /** @description Seconds of a bucket; null: every reading by itself. */
            interval: number | null;
            /** @description From whose midnight buckets are counted; null without buckets. */
            timezone: string | null;
            /**
             * @description What the answer is made of: readings, or where those are the coarsest that fit, roll-ups by the minute, hour or UTC day, with finer ones and readings at the edges. The values are the same.
             * @enum {string}
             */
            source: "raw" | "1m" | "1h" | "1d";
            readings: ({
                /** Format: date-time */
                reading_time: string;
                source_time?: string | null;
                /** @description °C */
                temperature?: number | null;
                /** @description °C */
                target_temperature?: number | null;
                /** @description % */
                humidity?: number | null;
                /** @description kWh, the counter as the meter shows it */
                energy_consumption_kwh?: number | null;
                /** @description kW */
                power_kw?: number | null;
                operational_status?: ("off" | "standby" | "preheating" | "ready" | "running" | "paused" | "cleaning" | "defrosting" | "cooling_down" | "maintenance" | "error" | "unknown") | null;
                cycle_stage?: ("idle" | "preheat" | "loading" | "baking" | "steaming" | "proofing" | "retarding" | "mixing" | "venting" | "cooling" | "cleaning" | "defrost" | "finished" | "unknown") | null;
                /** @description % */
                cycle_progress_percentage?: number | null;
                /** @description minutes */
                time_remaining_minutes?: number | null;
                /** @description rpm */
                motor_speed_rpm?: number | null;
                door_status?: ("open" | "closed" | "unknown") | null;
                /** @description % */
                steam_level?: number | null;
                /** @description kg */
                product_weight_kg?: number | null;
                /** @description % */
                moisture_content?: number | null;
                /**
                 * @description °C by zone
                 * @example {
                 *       "cabinet": 180,
                 *       "core": 72
                 *     }
                 */
                temperature_zones?: {
                    [key: string]: number;
                } | null;
                /**
                 * @description What this machine measures besides
                 * @example {
                 *       "voltage_l1": 231.4
                 *     }
                 */
                additional?: {
                    [key: string]: number | string | boolean;
                } | null;
                /** @description By metric (and `source_time`), why a value is missing or doubtful; empty when all is good. The code of a fault, or `MISSING`: no value. `UNCERTAIN`: the machine itself doubts it. `IMPLAUSIBLE`: no such machine can have it. `RATE`: it came faster than such a machine can change. `FLATLINE`: exactly the same for too long. `COUNTER_RESET`: the counter fell. `CLOCK_SKEW`: the time is wrong or old. `BACKFILLED`: good, kept by the machine while nobody read it. No value is ever altered */
                quality?: {
                    [key: string]: string;
                } | null;
            } | components["schemas"]["ReadingBucket"])[];
            /** @description Send as `cursor`, with the same `start`, `end`, `interval` and `timezone`, for what follows. */
            next_cursor: string | null;
        };
        /** Stored configuration */
        StoredConfiguration: {
            /**
             * Protocol
             * @description Name of a connector, one of its aliases, or one of its profiles.
             */
            protocol: string;
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
            endpoint: string;
            port: number;
            /** @description Each secret as `***`; sent back it is kept. */
            credentials: {
                [key: string]: string;
            };
            additional_config: {
                [key: string]: unknown;
            };
        };
        /** Wachtel REMOTE (deck ovens) */
        WachtelConfiguration: {
            /**
             * Address
             * @description http:// or https:// address of the machine or cloud, with port and base path where it has them.
             */
            endpoint: string;
            /**
             * Port
             * @description TCP port; 0: the one in the address, or 443 for https and 80 for http.
             * @default 0
             */
            port: number;
            /** @default {} */
            credentials: {
                /**
                 * Token
                 * @description Sent as bearer token; replaces user name and password.
                 */
                token?: string;
                /**
                 * API key
                 * @description Sent in the header that api_key_header names.
                 */
                api_key?: string;
                /**
                 * User name
                 * @description For basic or digest authentication.
                 */
                username?: string;
                /**
                 * Password
                 * @description For basic or digest authentication.
                 */
                password?: string;
                /**
                 * Client ID
                 * @description For OAuth2: tokens are got from token_url.
                 */
                client_id?: string;
                /**
                 * Client secret
                 * @description For OAuth2.
                 */
                client_secret?: string;
                /**
                 * Refresh token
                 * @description For OAuth2 in the name of a user. When it is replaced by the token address, the new one is kept.
                 */
                refresh_token?: string;
            };
            /** @default {} */
            additional_config: {
                /**
                 * Data path
                 * @description Where the values are, below the address; answered with JSON.
                 * @default /ovens/{oven_id}/data
                 */
                data_endpoint: string;
                /**
                 * Status path
                 * @description A second JSON document, below the address; asked for when a point is from it.
                 */
                status_endpoint?: string;
                /**
                 * Check the certificate
                 * @description false takes any certificate: the connection is encrypted, but to whom is not known.
                 * @default true
                 */
                verify_ssl: boolean;
                /**
                 * Certificate authority
                 * @description PEM certificates that are trusted besides the well-known ones.
                 */
                ca?: string;
                /**
                 * Header of the API key
                 * @default X-API-Key
                 */
                api_key_header: string;
                /**
                 * Password login
                 * @description basic | digest: how user name and password are sent. With basic a demand for digest is met too; with digest they are never sent as they are.
                 * @default basic
                 * @enum {string}
                 */
                auth: "basic" | "digest";
                /**
                 * Token address
                 * @description Where OAuth2 tokens are got with client_id.
                 */
                token_url?: string;
                /**
                 * Scope
                 * @description What tokens are asked for, separated by spaces.
                 */
                scope?: string;
                /**
                 * Client login
                 * @description basic | body: how the token address is told the client secret.
                 * @default basic
                 * @enum {string}
                 */
                token_auth: "basic" | "body";
                /**
                 * Requests per minute
                 * @description Never more, of all machines on the link, in any minute.
                 */
                requests_per_minute?: number;
                /**
                 * Requests per day
                 * @description Never more, of all machines on the link, in any 24 hours; over restarts too.
                 */
                requests_per_day?: number;
                /**
                 * Time
                 * @description Where the data document tells the machine's own time.
                 */
                timestamp_pointer?: string;
                /**
                 * Time zone
                 * @description Of a time of the machine that names none, such as Europe/Berlin; absent: UTC.
                 */
                timezone?: string;
                /**
                 * Frozen after
                 * @description Values are uncertain when the machine's time is older or has not moved for so long; 0: never.
                 * @default 600
                 */
                frozen_after: number;
                /**
                 * Oven
                 * @description Serial number of the oven; replaces {oven_id} in paths.
                 */
                oven_id: string;
                /**
                 * Decks
                 * @description From the top.
                 * @default 1
                 */
                deck_count: number;
                /**
                 * Standard points
                 * @description false: only the points that are given are read.
                 * @default true
                 */
                standard_points: boolean;
                /**
                 * Time-out
                 * @description Longest wait for one answer of the machine.
                 * @default 10
                 */
                timeout: number;
                /**
                 * Profile
                 * @description A known machine whose points need not be typed.
                 */
                profile?: unknown;
                /**
                 * Points
                 * @description What to read; adds to or replaces the profile's points by metric.
                 * @default []
                 */
                points: {
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Words
                     * @description What values mean: {"0": "closed", "1": "open"}.
                     */
                    words?: {
                        [key: string]: string;
                    };
                    /** May be written */
                    write?: unknown;
                    /**
                     * JSON pointer
                     * @description Where the value stands in the answer, for instance /cabinet/temp.
                     */
                    pointer: string;
                    /**
                     * Document
                     * @description data | status: which of the two paths answers with the value.
                     * @default data
                     * @enum {string}
                     */
                    from: "data" | "status";
                    /**
                     * Unit in the answer
                     * @description Where the document says the unit of a number, for a display that can be switched.
                     */
                    unit_pointer?: string;
                    /**
                     * Invalid values
                     * @description Numbers that mean "no value".
                     * @default []
                     */
                    invalid: number[];
                    /**
                     * Unit
                     * @description UCUM unit that the machine gives.
                     */
                    unit?: string;
                }[];
                /**
                 * Quality
                 * @description When values are flagged, by metric, where the type of the machine does not say it well: {"temperature": {"min": -30, "max": 10, "max_rate_per_minute": 5, "flatline_minutes": 120}}. Flags alter no value.
                 */
                quality?: {
                    source_time?: {
                        /**
                         * Greatest skew
                         * @description Of the machine's clock against ours. 0: any.
                         */
                        max_skew_seconds: number;
                    };
                } & {
                    [key: string]: {
                        /**
                         * Least
                         * @description Below it no sensor can measure.
                         */
                        min?: number;
                        /**
                         * Most
                         * @description Above it no sensor can measure.
                         */
                        max?: number;
                        /**
                         * Fastest change
                         * @description In a minute, either way. 0: any.
                         */
                        max_rate_per_minute?: number;
                        /**
                         * Longest standstill
                         * @description With exactly the same value. 0: any.
                         */
                        flatline_minutes?: number;
                        /**
                         * May be missing
                         * @description The sensor comes and goes.
                         */
                        optional?: boolean;
                    };
                };
            };
            /**
             * Protocol
             * @enum {string}
             */
            protocol: "wachtel" | "wachtel_remote";
            /**
             * Realtime
             * @description Whether live values make sense.
             * @default true
             */
            supports_realtime: boolean;
            /**
             * Poll interval
             * @description Seconds from one poll to the next. With `poll_cron` it follows from it: its shortest wait, at most a day.
             * @default 30
             */
            poll_interval_seconds: number;
            /**
             * Poll times
             * @description When to poll, in the place of the interval. Nothing is expected at other times.
             * @default null
             */
            poll_cron: {
                /**
                 * Cron
                 * @description Minute, hour, day of month, month, day of week. A time that the clocks skip is served when they have; a single time that they pass twice is served the first time.
                 * @example *\/5 4-20 * * 1-6
                 */
                expression: string;
                /**
                 * Time zone
                 * @description Whose clock: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone: string;
            } | null;
        };
        /**
         * Write result
         * @description What came of one value that was to be written.
         */
        WriteResult: {
            metric: string;
            requested: number | string | boolean;
            /** @description What the machine has now; null where that is not known. */
            value: number | string | boolean | null;
            /** @description Whether the machine has what was asked for. */
            ok: boolean;
            error?: {
                /** @enum {string} */
                code: "REQUEST_MALFORMED" | "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "REQUEST_TIMED_OUT" | "CONFLICT" | "SECRET_REQUIRED" | "IN_PROGRESS" | "LINK_CONFLICT" | "PRECONDITION_FAILED" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "CONFIG_INVALID" | "NOT_SUPPORTED" | "KEY_REUSED" | "CONNECTION_FAILED" | "CREDENTIALS_REJECTED" | "ADDRESS_REFUSED" | "HEADERS_TOO_LARGE" | "OVERLOADED" | "INTERNAL" | "PROTOCOL_VIOLATED" | "POINT_REFUSED" | "VALUE_INVALID" | "DEVICE_BUSY" | "TLS_FAILED" | "CERTIFICATE_REJECTED" | "UNREACHABLE" | "ADDRESS_UNRESOLVED" | "LINK_LOST" | "UNAVAILABLE" | "TIMED_OUT" | "OUTCOME_UNKNOWN" | "VERSION_UNSUPPORTED";
                message: string;
            };
        };
        /**
         * Written
         * @description What a machine has after it was written to.
         * @example {
         *       "success": true,
         *       "equipment_id": "6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111",
         *       "results": [
         *         {
         *           "metric": "target_temperature",
         *           "requested": 180,
         *           "value": 180,
         *           "ok": true
         *         }
         *       ]
         *     }
         */
        Written: {
            /** @description Whether the machine has all that was asked for. */
            success: boolean;
            /** Format: uuid */
            equipment_id: string;
            results: components["schemas"]["WriteResult"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        live: true;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        parts: {
                            [key: string]: {
                                /** @enum {string} */
                                state: "ok" | "degraded" | "down";
                                /** @description How it is, in words. */
                                detail?: string;
                                /** @description What to do, where it is not as it should be. */
                                advice?: string;
                            };
                        };
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unavailable */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ready: boolean;
                        parts: {
                            [key: string]: {
                                /** @enum {string} */
                                state: "ok" | "degraded" | "down";
                                /** @description How it is, in words. */
                                detail?: string;
                                /** @description What to do, where it is not as it should be. */
                                advice?: string;
                            };
                        };
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4; charset=utf-8": string;
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipment: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Equipment"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postEquipment: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Cold room 2",
                 *       "type": "cold_room",
                 *       "location": "Basement"
                 *     }
                 */
                "application/json": {
                    /** @example Deck oven 1 */
                    name: string;
                    /** @enum {string} */
                    type: "deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other";
                    site?: string | null;
                    location?: string | null;
                    manufacturer?: string | null;
                    model?: string | null;
                    serial_number?: string | null;
                    /** @example 2024-02-29 */
                    installed_on?: string | null;
                    /** @description Whatever you want to keep with the machine. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    /** @description `true`: this answer was given before. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Equipment"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IN_PROGRESS`: The same request is still under way. */
            409: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `KEY_REUSED`: The Idempotency-Key was used for another request.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Answer 304 where its ETag is one of these. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Equipment"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteEquipmentById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchEquipmentById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example Deck oven 1 */
                    name?: string;
                    /** @enum {string} */
                    type?: "deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other";
                    site?: string | null;
                    location?: string | null;
                    manufacturer?: string | null;
                    model?: string | null;
                    serial_number?: string | null;
                    /** @example 2024-02-29 */
                    installed_on?: string | null;
                    /** @description Whatever you want to keep with the machine. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /** @description false pauses polling, true resumes it. */
                    iot_enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Equipment"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: The request conflicts with what is stored. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdIotConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Answer 304 where its ETag is one of these. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredConfiguration"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SECRET_REQUIRED`: The secret must be given again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postEquipmentByIdIotConfig: {
        parameters: {
            query?: {
                /** @description Store only if the machine answers. */
                require_connection?: boolean;
            };
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IotConfiguration"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        success: boolean;
                        message: string;
                        /** Format: uuid */
                        equipment_id: string;
                        connection_test_result: components["schemas"]["ConnectionTest"];
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `SECRET_REQUIRED`: The secret must be given again.
             *
             *     `LINK_CONFLICT`: Another machine uses this link with other settings.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `ADDRESS_REFUSED`: This address may not be dialled.
             *
             *     `CONNECTION_FAILED`: The equipment could not be read.
             *
             *     `CREDENTIALS_REJECTED`: The equipment refuses the credentials.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteEquipmentByIdIotConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postEquipmentByIdTestConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IotConfiguration"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionTest"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `SECRET_REQUIRED`: The secret must be given again.
             *
             *     `CONFLICT`: The request conflicts with what is stored.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postEquipmentByIdCommands: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description By metric, in our unit or words.
                     * @example {
                     *       "target_temperature": 180
                     *     }
                     */
                    values: {
                        [key: string]: number | string | boolean;
                    };
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description `true`: this answer was given before. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Written"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IN_PROGRESS`: The same request is still under way.
             *
             *     `SECRET_REQUIRED`: The secret must be given again.
             *
             *     `CONFLICT`: The request conflicts with what is stored.
             *
             *     `LINK_CONFLICT`: Another machine uses this link with other settings.
             */
            409: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `KEY_REUSED`: The Idempotency-Key was used for another request.
             *
             *     `NOT_SUPPORTED`: The connector cannot do this.
             *
             *     `ADDRESS_REFUSED`: This address may not be dialled.
             *
             *     `CREDENTIALS_REJECTED`: The equipment refuses the credentials.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `PROTOCOL_VIOLATED`: The equipment answered against its protocol.
             *
             *     `POINT_REFUSED`: The equipment refuses this point.
             *
             *     `VALUE_INVALID`: The equipment gave no usable value.
             *
             *     `DEVICE_BUSY`: The equipment is busy or reports a failure.
             *
             *     `TLS_FAILED`: No encrypted connection could be made.
             *
             *     `CERTIFICATE_REJECTED`: The equipment's certificate is not trusted.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAVAILABLE`: A part of Bakewire is not available.
             *
             *     `UNREACHABLE`: The equipment cannot be reached.
             *
             *     `ADDRESS_UNRESOLVED`: The host name cannot be resolved.
             *
             *     `LINK_LOST`: The equipment closed the connection.
             */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTCOME_UNKNOWN`: Whether it was done is not known: look before you repeat it.
             *
             *     `TIMED_OUT`: The equipment did not answer in time.
             */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdConnectionLogs: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConnectionLog"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdGaps: {
        parameters: {
            query?: {
                /** @description Gaps that reach beyond then; default: all. */
                start?: string;
                /** @description Gaps that began before then; default now. */
                end?: string;
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Gap"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdCompleteness: {
        parameters: {
            query?: {
                /** @description From its day on; default 7 days. */
                start?: string;
                /** @description Up to and with its day, at most 92; default now. */
                end?: string;
                /**
                 * @description Whose days: a name of the IANA database.
                 * @example Europe/Berlin
                 */
                timezone?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completeness"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRealtimeData: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RealtimeData"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdRealtimeData: {
        parameters: {
            query?: {
                /** @description Read the machine now. */
                fresh?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RealtimeData"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: The request conflicts with what is stored.
             *
             *     `LINK_CONFLICT`: Another machine uses this link with other settings.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `ADDRESS_REFUSED`: This address may not be dialled.
             *
             *     `CREDENTIALS_REJECTED`: The equipment refuses the credentials.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `PROTOCOL_VIOLATED`: The equipment answered against its protocol.
             *
             *     `POINT_REFUSED`: The equipment refuses this point.
             *
             *     `VALUE_INVALID`: The equipment gave no usable value.
             *
             *     `DEVICE_BUSY`: The equipment is busy or reports a failure.
             *
             *     `TLS_FAILED`: No encrypted connection could be made.
             *
             *     `CERTIFICATE_REJECTED`: The equipment's certificate is not trusted.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAVAILABLE`: A part of Bakewire is not available.
             *
             *     `UNREACHABLE`: The equipment cannot be reached.
             *
             *     `ADDRESS_UNRESOLVED`: The host name cannot be resolved.
             *
             *     `LINK_LOST`: The equipment closed the connection.
             */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `TIMED_OUT`: The equipment did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdSensorHistory: {
        parameters: {
            query?: {
                /** @description From then on; default 24 hours before `end`. */
                start?: string;
                /** @description Before then; default now. */
                end?: string;
                /**
                 * @description Only these, separated by commas.
                 * @example temperature,temperature_zones.core
                 */
                metrics?: string;
                /**
                 * @description Width of a bucket: 1s to 31d, such as 30s, 5m, 6h or 1d.
                 * @example 5m
                 */
                interval?: string;
                /** @description In the place of `interval`: at most so many buckets of a round width. */
                points?: number;
                /**
                 * @description Whose days buckets are, or are parts of: a name of the IANA database; default UTC. Where clocks are changed a day has 23 or 25 hours, and its last bucket may be shorter.
                 * @example Europe/Berlin
                 */
                timezone?: string;
                /** @description Default: what `Accept` asks for, else json. csv and ndjson give the whole span at once. */
                format?: "json" | "csv" | "ndjson";
                /** @description Readings or buckets on one page of json; default 1000. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Readings, or buckets of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorHistory"];
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentByIdStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the last event that was received. */
                "last-event-id"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the last event that was received. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatches: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Batch"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postBatches: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description Your own id; without one, one is made.
                     */
                    id?: string;
                    /** @example Baguettes 123 */
                    name: string;
                    product?: string | null;
                    equipment_ids: string[];
                    /**
                     * Format: date-time
                     * @description Without: now.
                     */
                    started_at?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    /** @description `true`: this answer was given before. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IN_PROGRESS`: The same request is still under way.
             *
             *     `CONFLICT`: The request conflicts with what is stored.
             */
            409: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `KEY_REUSED`: The Idempotency-Key was used for another request.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatchesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Answer 304 where its ETag is one of these. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchBatchesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    product?: string | null;
                    /** @description null lets it go on. */
                    ended_at?: string | null;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatchesByIdRealtimeTracking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchTracking"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConnectors: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Connector"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConnectorsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postConnectorsByIdBrowse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uuid
                     * @description A machine: its configuration where none is given, its secrets where `***` is.
                     */
                    equipment_id?: string;
                    /** @description Where to look: an `at` of an earlier answer. Absent: at the top. */
                    at?: string;
                    /** @description The `next_cursor` of the page before. */
                    cursor?: string;
                    /** @default 100 */
                    limit?: number;
                    /**
                     * @description How long to listen, where a protocol cannot ask.
                     * @default 10
                     */
                    seconds?: number;
                    /** @description As `iot-config` takes it. */
                    protocol?: unknown;
                    /** @description As `iot-config` takes it. */
                    endpoint?: unknown;
                    /** @description As `iot-config` takes it. */
                    port?: unknown;
                    /** @description As `iot-config` takes it. */
                    credentials?: unknown;
                    /** @description As `iot-config` takes it; `points` are not needed. */
                    additional_config?: unknown;
                    /** @description As `iot-config` takes it. */
                    supports_realtime?: unknown;
                    /** @description As `iot-config` takes it. */
                    poll_interval_seconds?: unknown;
                    /** @description As `iot-config` takes it. */
                    poll_cron?: unknown;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Browsed"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `SECRET_REQUIRED`: The secret must be given again.
             *
             *     `CONFLICT`: The request conflicts with what is stored.
             *
             *     `LINK_CONFLICT`: Another machine uses this link with other settings.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `NOT_SUPPORTED`: The connector cannot do this.
             *
             *     `ADDRESS_REFUSED`: This address may not be dialled.
             *
             *     `CREDENTIALS_REJECTED`: The equipment refuses the credentials.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OVERLOADED`: Too many requests at once. */
            429: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `PROTOCOL_VIOLATED`: The equipment answered against its protocol.
             *
             *     `POINT_REFUSED`: The equipment refuses this point.
             *
             *     `VALUE_INVALID`: The equipment gave no usable value.
             *
             *     `DEVICE_BUSY`: The equipment is busy or reports a failure.
             *
             *     `TLS_FAILED`: No encrypted connection could be made.
             *
             *     `CERTIFICATE_REJECTED`: The equipment's certificate is not trusted.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAVAILABLE`: A part of Bakewire is not available.
             *
             *     `UNREACHABLE`: The equipment cannot be reached.
             *
             *     `ADDRESS_UNRESOLVED`: The host name cannot be resolved.
             *
             *     `LINK_LOST`: The equipment closed the connection.
             */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `TIMED_OUT`: The equipment did not answer in time. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAlertRules: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AlertRule"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAlertRules: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Name
                     * @description What people read first in a message.
                     */
                    name: string;
                    /**
                     * Equipment
                     * Format: uuid
                     * @description The one machine; with neither machine nor type the rule is for all.
                     */
                    equipment_id?: string;
                    /**
                     * Equipment type
                     * @enum {string}
                     */
                    equipment_type?: "deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other";
                    /**
                     * Severity
                     * @enum {string}
                     */
                    severity: "info" | "warning" | "critical";
                    /**
                     * Enabled
                     * @default true
                     */
                    enabled?: boolean;
                    /** @enum {string} */
                    kind: "threshold";
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Above
                     * @description Fires when the value is higher; together with `below` a band.
                     */
                    above?: number;
                    /**
                     * Below
                     * @description Fires when the value is lower; together with `above` a band.
                     */
                    below?: number;
                    /**
                     * Hysteresis
                     * @description How far behind the limit the value must come back before it counts as over: while the delay runs, too.
                     * @default 0
                     */
                    hysteresis?: number;
                    /**
                     * For
                     * @description How long it must last before the alert is raised.
                     * @default 0
                     */
                    for_seconds?: number;
                } | {
                    /**
                     * Name
                     * @description What people read first in a message.
                     */
                    name: string;
                    /**
                     * Equipment
                     * Format: uuid
                     * @description The one machine; with neither machine nor type the rule is for all.
                     */
                    equipment_id?: string;
                    /**
                     * Equipment type
                     * @enum {string}
                     */
                    equipment_type?: "deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other";
                    /**
                     * Severity
                     * @enum {string}
                     */
                    severity: "info" | "warning" | "critical";
                    /**
                     * Enabled
                     * @default true
                     */
                    enabled?: boolean;
                    /** @enum {string} */
                    kind: "state";
                    /**
                     * Metric
                     * @description Canonical field, temperature_zones.<name> or additional.<key>.
                     */
                    metric: string;
                    /**
                     * Equals
                     * @description The word that must not last; "true" or "false" for a contact.
                     */
                    equals: string;
                    /**
                     * For
                     * @description How long it must last before the alert is raised.
                     * @default 0
                     */
                    for_seconds?: number;
                } | {
                    /**
                     * Name
                     * @description What people read first in a message.
                     */
                    name: string;
                    /**
                     * Equipment
                     * Format: uuid
                     * @description The one machine; with neither machine nor type the rule is for all.
                     */
                    equipment_id?: string;
                    /**
                     * Equipment type
                     * @enum {string}
                     */
                    equipment_type?: "deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other";
                    /**
                     * Severity
                     * @enum {string}
                     */
                    severity: "info" | "warning" | "critical";
                    /**
                     * Enabled
                     * @default true
                     */
                    enabled?: boolean;
                    /** @enum {string} */
                    kind: "no_data";
                    /**
                     * For
                     * @description How long it must last before the alert is raised.
                     * @default 900
                     */
                    for_seconds?: number;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    /** @description `true`: this answer was given before. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IN_PROGRESS`: The same request is still under way.
             *
             *     `CONFLICT`: The request conflicts with what is stored.
             */
            409: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `KEY_REUSED`: The Idempotency-Key was used for another request.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAlertRulesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Answer 304 where its ETag is one of these. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteAlertRulesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchAlertRulesById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Name
                     * @description What people read first in a message.
                     */
                    name?: string;
                    equipment_id?: string | null;
                    equipment_type?: ("deck_oven" | "convection_oven" | "rack_oven" | "combi_steamer" | "proofer" | "retarder" | "mixer" | "cold_room" | "freezer" | "energy_meter" | "fryer" | "kettle" | "dishwasher" | "fermenter" | "brew_kettle" | "other") | null;
                    /** @enum {string} */
                    kind?: "threshold" | "state" | "no_data";
                    metric?: string | null;
                    above?: number | null;
                    below?: number | null;
                    hysteresis?: number | null;
                    equals?: string | null;
                    for_seconds?: number | null;
                    /** @enum {string} */
                    severity?: "info" | "warning" | "critical";
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEquipmentIotAlerts: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description One or several of active, acknowledged, resolved, separated by commas; without it the first two. */
                status?: string;
                severity?: "info" | "warning" | "critical";
                /** @example temperature_deviation */
                type?: string;
                equipment_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Alert"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAlertsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetails"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAlertsByIdAcknowledge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description What there is to say to it. */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetails"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: The request conflicts with what is stored. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAlertsByIdResolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description What there is to say to it. */
                    note?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetails"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotificationChannels: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["NotificationChannel"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postNotificationChannels: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "webhook";
                    /**
                     * Name
                     * @description How people call the channel; without one, the host of its address.
                     */
                    name?: string;
                    /**
                     * Address
                     * @description Where messages are sent by POST.
                     */
                    url: string;
                    /**
                     * Severities
                     * @default [
                     *       "info",
                     *       "warning",
                     *       "critical"
                     *     ]
                     */
                    severities?: ("info" | "warning" | "critical")[];
                    /**
                     * Language
                     * @description Language of title and message.
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "es" | "de" | "fr";
                    /**
                     * Enabled
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * Secret
                     * @description Signs the messages (Standard Webhooks); without one, one is made.
                     */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    /** @description `true`: this answer was given before. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationChannel"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IN_PROGRESS`: The same request is still under way. */
            409: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `KEY_REUSED`: The Idempotency-Key was used for another request.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotificationChannelsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Answer 304 where its ETag is one of these. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationChannel"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteNotificationChannelsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchNotificationChannelsById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Change it only while its ETag is one of these. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Name
                     * @description How people call the channel; without one, the host of its address.
                     */
                    name?: string;
                    /**
                     * Address
                     * @description Where messages are sent by POST.
                     */
                    url?: string;
                    /** Severities */
                    severities?: ("info" | "warning" | "critical")[];
                    /**
                     * Language
                     * @description Language of title and message.
                     * @enum {string}
                     */
                    language?: "en" | "es" | "de" | "fr";
                    /** Enabled */
                    enabled?: boolean;
                    /** Secret */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Stands for what is configured, not for the status of the connection. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationChannel"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SECRET_REQUIRED`: The secret must be given again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: It was changed meanwhile: read it again. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpcUaOwnCertificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnOpcUaCertificate"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpcUaCertificates: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OpcUaCertificate"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postOpcUaCertificatesByFingerprintTrust: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpcUaCertificate"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOpcUaCertificatesByFingerprint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fingerprint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApiKeys: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postApiKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Who or what uses it; the audit log shows this name. */
                    name: string;
                    /**
                     * @description `read`: look. `write`: also machines, configurations, rules and alerts. `admin`: also keys and channels.
                     * @default read
                     * @enum {string}
                     */
                    access?: "read" | "write" | "admin";
                    /** Format: date-time */
                    expires_at?: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description `true`: this answer was given before. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMED_OUT`: The request took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IN_PROGRESS`: The same request is still under way. */
            409: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The request body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type is not supported. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFIG_INVALID`: The values given are refused.
             *
             *     `KEY_REUSED`: The Idempotency-Key was used for another request.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteApiKeysById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NOT_FOUND`: There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: The request conflicts with what is stored. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuditLog: {
        parameters: {
            query?: {
                /** @description Items on one page. */
                limit?: number;
                /** @description The `next_cursor` of the page before. */
                cursor?: string;
                /** @description Changes of this thing alone. */
                subject_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        /** @description Send as `cursor` for the next page; null on the last. */
                        next_cursor: string | null;
                    };
                };
            };
            /** @description `REQUEST_MALFORMED`: The request is malformed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid API key is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The API key does not allow this. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFIG_INVALID`: The values given are refused. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong inside Bakewire. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAVAILABLE`: A part of Bakewire is not available. */
            503: {
                headers: {
                    /** @description Seconds to wait before asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
