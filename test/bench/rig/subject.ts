/** What carries the session: the appliance's own two carriers, and libdatachannel in the place of werift. */
export type Subject = 'webrtc' | 'websocket' | 'reference';
