/**
 * Paths of the API, below the page's own base. WHEP: POST whep (optionally ?session=ID) → 201 with Location
 * whep/ID; PATCH and DELETE there. The WebSocket carrier: GET session/ID/socket.
 */
export const API = {
  status: 'api/status',
  claim: 'api/claim',
  login: 'api/login',
  logout: 'api/logout',
  password: 'api/password',
  accounts: 'api/accounts',
  control: 'api/control',
  session: 'api/session',
  whep: 'api/whep',
  edid: 'api/edid',
  usb: 'api/usb',
  ice: 'api/ice',
} as const;
