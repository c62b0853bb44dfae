/** Version of everything that crosses the wire between page and appliance. See docs/protocol.md. */
export const PROTOCOL_VERSION = 2;
