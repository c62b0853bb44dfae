import { GadgetRig } from './gadget-rig.js';

// A process of its own that plugs the gadget in and holds the keys down whose usages it is sent: to be killed.
const rig = new GadgetRig();
process.on('message', (usage) => rig.press(Number(usage)));
await rig.plugIn();
