import Type, { type Static } from 'typebox';

/** Longest idle time after which control is handed over: a day. */
export const MAX_CONTROL_IDLE_SECONDS = 86_400;

/** GET and PUT /api/control: how control goes from viewer to viewer. Set by owners. */
export const ControlSettingsMessage = Type.Object(
  {
    shared: Type.Boolean({ description: 'all but watchers type and point at the same time' }),
    idleSeconds: Type.Integer({
      minimum: 0,
      maximum: MAX_CONTROL_IDLE_SECONDS,
      description: 'who has control and sends nothing for this long loses it to who asks; 0: never',
    }),
  },
  { additionalProperties: false },
);
export type ControlSettingsMessage = Static<typeof ControlSettingsMessage>;
