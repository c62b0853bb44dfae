import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GadgetIdentity } from '../../../server/hid/gadget-identity.js';
import {
  type GadgetReply,
  type GadgetRequest,
  gadgetLine,
  MAX_LINE_LENGTH,
  parseGadgetReply,
  parseGadgetRequest,
} from '../../../server/hid/gadget-wire.js';
import { HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';

const identity: GadgetIdentity = {
  vendorId: 0x1d6b,
  productId: 0x0104,
  manufacturer: 'MyKVM',
  product: 'Tastatur für "alle"',
  serial: '0123456789AB',
  maxPowerMilliamperes: 250,
};
const opening = { act: 'open', version: 1, udc: null, identity } as const;

const REQUESTS: GadgetRequest[] = [
  opening,
  { ...opening, udc: '3f980000.usb' },
  { act: 'create', functions: HID_FUNCTIONS },
  { act: 'set-functions', functions: ['relative-mouse', 'keyboard'] },
  { act: 'bind' },
  { act: 'unbind' },
  { act: 'wake' },
  { act: 'remove' },
];

const REPLIES: GadgetReply[] = [
  { ok: true },
  { ok: true, udc: 'dummy_udc.0', devices: { keyboard: '240:0', consumer: '240:1' } },
  { ok: false, fault: 'udc-busy', message: 'Every controller is in use.' },
];

describe('the protocol of the USB service', () => {
  it('reads what it writes', () => {
    for (const request of REQUESTS) {
      assert.deepEqual(parseGadgetRequest(gadgetLine(request).trimEnd()), request);
    }
    for (const reply of REPLIES) {
      assert.deepEqual(parseGadgetReply(gadgetLine(reply).trimEnd()), reply);
    }
  });

  it('has room for the longest identity', () => {
    const long = '"'.repeat(126);
    const longest = { ...identity, manufacturer: long, product: long, serial: long };
    const line = gadgetLine({ ...opening, identity: longest, udc: 'u'.repeat(64) });
    assert.ok(line.length <= MAX_LINE_LENGTH, `${line.length} characters`);
    assert.ok(parseGadgetRequest(line));
  });

  const refused: Array<[string, unknown]> = [
    ['no object', [REQUESTS[0]]],
    ['null', null],
    ['an unknown act', { act: 'format' }],
    ['an act of Object', { act: 'constructor' }],
    ['a field too many', { act: 'bind', path: '/etc' }],
    ['another version', { ...opening, version: 2 }],
    ['no identity', { act: 'open', version: 1, udc: null }],
    ['a path as controller', { ...opening, udc: '../../etc' }],
    ['a hidden controller', { ...opening, udc: '..' }],
    ['an identity with a field too many', { ...opening, identity: { ...identity, mode: 1 } }],
    [
      'a vendor that is no number of 16 bits',
      { ...opening, identity: { ...identity, vendorId: 65536 } },
    ],
    ['a broken number', { ...opening, identity: { ...identity, productId: 1.5 } }],
    ['too much power', { ...opening, identity: { ...identity, maxPowerMilliamperes: 501 } }],
    ['a string of two lines', { ...opening, identity: { ...identity, product: 'a\nb' } }],
    ['an empty string', { ...opening, identity: { ...identity, serial: '' } }],
    [
      'a string of 127 bytes',
      { ...opening, identity: { ...identity, serial: `${'ü'.repeat(63)}a` } },
    ],
    ['half a character', { ...opening, identity: { ...identity, serial: '\ud800' } }],
    ['no functions', { act: 'create', functions: [] }],
    ['a function twice', { act: 'create', functions: ['keyboard', 'keyboard'] }],
    ['an unknown function', { act: 'create', functions: ['keyboard', '../mass_storage.0'] }],
    ['functions that are no list', { act: 'set-functions', functions: 'keyboard' }],
  ];
  for (const [what, value] of refused) {
    it(`refuses ${what}`, () => assert.equal(parseGadgetRequest(JSON.stringify(value)), null));
  }

  it('refuses a reply with devices that are none', () => {
    for (const devices of [{ keyboard: '/dev/sda' }, { disk: '8:0' }, {}, null]) {
      assert.equal(parseGadgetReply(JSON.stringify({ ok: true, udc: 'u', devices })), null);
    }
    assert.equal(parseGadgetReply('{"ok":false,"fault":"tired","message":"?"}'), null);
  });

  it('never throws, and takes nothing from noise', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (line) => {
        assert.equal(parseGadgetRequest(line), null);
        assert.equal(parseGadgetReply(line)?.ok ?? null, null);
      }),
      { numRuns: 20_000 },
    );
  });

  it('whatever is changed in a request, it is refused or still within its limits', () => {
    const lines = REQUESTS.map((request) => gadgetLine(request).trimEnd());
    const mutation = fc.record({
      line: fc.constantFrom(...lines),
      at: fc.nat(400),
      cut: fc.nat(6),
      insert: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom('"', '../', '\\u0000', '-', '9'),
      ),
    });
    fc.assert(
      fc.property(mutation, ({ line, at, cut, insert }) => {
        const from = at % line.length;
        const mutant = line.slice(0, from) + insert + line.slice(from + cut);
        const request = parseGadgetRequest(mutant);
        if (request?.act === 'open') {
          assert.match(request.udc ?? 'none', /^[A-Za-z0-9][^/]{0,63}$/);
          const { manufacturer, product, serial, vendorId } = request.identity;
          for (const text of [manufacturer, product, serial]) assert.doesNotMatch(text, /\p{Cc}/u);
          assert.ok(vendorId >= 0 && vendorId <= 0xffff);
        } else if (request && 'functions' in request) {
          for (const fn of request.functions) assert.ok(HID_FUNCTIONS.includes(fn));
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
