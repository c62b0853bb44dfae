import { StartError } from '../errors.js';

/** One sentence for each way in which an address cannot be had. */
export function listenFailure(error: unknown, address: string, port: number): Error {
  const where = `port ${port} of ${address}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(
        `Another program already listens on ${where}; choose another one with --port.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENODEV':
    case 'EINVAL':
    case 'EAFNOSUPPORT':
      return new StartError(
        `This machine does not have the address ${address} to listen on; see --listen.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
      return new StartError(
        `There is no permission to listen on ${where}; choose a port above 1023 with --port.`,
        { cause: error },
      );
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}
