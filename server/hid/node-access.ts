import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type DeviceFiles, deviceNumber, systemDeviceFiles } from './device-files.js';
import type { BoundGadget } from './gadget-control.js';
import { GadgetError } from './gadget-error.js';

const GROUP_MAY_USE = 0o660;

/**
 * Gives the group the character devices of a gadget that was just bound: the kernel makes them for root alone, anew with each
 * bind. Rejects with GadgetError when a node is missing or is not the device that the kernel named.
 */
export async function grantNodes(
  { devices }: BoundGadget,
  groupId: number,
  files: DeviceFiles = systemDeviceFiles,
): Promise<void> {
  for (const [fn, device] of devices) {
    const path = files.findHidNode(device);
    if (path === null) {
      throw new GadgetError('failed', `There is no node of the device ${device} (${fn}) in /dev.`);
    }
    // By descriptor: what is checked is what is changed.
    const node = await open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const { rdev, uid } = await node.stat();
      if (deviceNumber(rdev) !== device) {
        throw new GadgetError('failed', `${path} is no longer the device ${device}.`);
      }
      await node.chown(uid, groupId);
      await node.chmod(GROUP_MAY_USE);
    } finally {
      await node.close();
    }
  }
}
