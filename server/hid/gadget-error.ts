/** Why a gadget cannot be had; the message is one sentence for the person at the console. */
export type GadgetFault =
  | 'no-configfs'
  | 'not-permitted'
  | 'no-udc'
  | 'udc-busy'
  | 'does-not-fit'
  | 'failed';

/** The USB gadget cannot be made or bound. */
export class GadgetError extends Error {
  override readonly name = 'GadgetError';
  readonly fault: GadgetFault;

  constructor(fault: GadgetFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
