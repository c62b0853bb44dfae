import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HidFunction } from '../../../server/hid/hid-port.js';
import { FUNCTION_DESCRIPTIONS, HID_FUNCTIONS } from '../../../server/hid/report-descriptors.js';
import { type ReportField, reportLength, walk } from './descriptor-walker.js';

const GOLDEN: Record<HidFunction, string> = {
  keyboard:
    '05010906a101050719e029e71500250175019508810275089501810305081901290575019505910275039501910305071900' +
    '29e7150026e700750895068100c0',
  'absolute-mouse':
    '05010902a1010901a1000509190129051500250175019505810275039501810305010930093115' +
    '0026ff7f751095028102050109381581257f750895018106050c0a38028106c0c0',
  'relative-mouse':
    '05010902a1010901a1000509190129051500250175019505810275039501810305010930093115' +
    '81257f750895028106050109381581257f750895018106050c0a38028106c0c0',
  consumer:
    '050c0901a1018501150026ff0319002aff03751095018100c0' +
    '05010980a101850215012503198129837508950181' +
    '00c0',
};

const fieldsOf = (fn: HidFunction): ReportField[] => walk(FUNCTION_DESCRIPTIONS[fn].descriptor);

/** Each field as text: bit, size, usage, range. */
function shape(fields: ReportField[], kind: 'input' | 'output', reportId = 0): string[] {
  return fields
    .filter((field) => field.kind === kind && field.reportId === reportId)
    .map(({ bit, bits, usage, logical, relative }) => {
      const name =
        usage === null
          ? 'padding'
          : (Array.isArray(usage) ? usage : [usage]).map((one) => one.toString(16)).join('-');
      const range = usage === null ? '' : ` ${logical.join('..')}${relative ? ' relative' : ''}`;
      return `${bit}+${bits} ${name}${range}`;
    });
}

describe('the report descriptors', () => {
  for (const fn of HID_FUNCTIONS) {
    it(`${fn}: golden bytes`, () => {
      assert.equal(Buffer.from(FUNCTION_DESCRIPTIONS[fn].descriptor).toString('hex'), GOLDEN[fn]);
    });

    it(`${fn}: its report length is that of its longest input report`, () => {
      const fields = fieldsOf(fn);
      const ids = new Set(fields.map((field) => field.reportId));
      const longest = Math.max(...[...ids].map((id) => reportLength(fields, 'input', id)));
      assert.equal(FUNCTION_DESCRIPTIONS[fn].reportBytes, longest);
    });

    it(`${fn}: the host sends to it exactly when it has output reports`, () => {
      const outputs = fieldsOf(fn).some((field) => field.kind === 'output');
      assert.equal(FUNCTION_DESCRIPTIONS[fn].hostSends, outputs);
    });
  }

  it('keyboard: the boot report, with six keys up to usage 0xe7, and lamps', () => {
    const fields = fieldsOf('keyboard');
    const modifiers = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (bit) => `${bit}+1 ${(0x700e0 + bit).toString(16)} 0..1`,
    );
    const keys = [16, 24, 32, 40, 48, 56].map((bit) => `${bit}+8 70000-700e7 0..231`);
    assert.deepEqual(shape(fields, 'input'), [...modifiers, '8+8 padding', ...keys]);
    const lamps = [0, 1, 2, 3, 4].map((bit) => `${bit}+1 ${(0x80001 + bit).toString(16)} 0..1`);
    assert.deepEqual(shape(fields, 'output'), [...lamps, '5+3 padding']);
    assert.equal(reportLength(fields, 'output', 0), 1);
  });

  const buttons = [0, 1, 2, 3, 4].map((bit) => `${bit}+1 ${(0x90001 + bit).toString(16)} 0..1`);

  it('absolute mouse: five buttons, x, y, wheel, pan', () => {
    assert.deepEqual(shape(fieldsOf('absolute-mouse'), 'input'), [
      ...buttons,
      '5+3 padding',
      '8+16 10030 0..32767',
      '24+16 10031 0..32767',
      '40+8 10038 -127..127 relative',
      '48+8 c0238 -127..127 relative',
    ]);
  });

  it('relative mouse: the boot report in its first three bytes, wheel, pan', () => {
    assert.deepEqual(shape(fieldsOf('relative-mouse'), 'input'), [
      ...buttons,
      '5+3 padding',
      '8+8 10030 -127..127 relative',
      '16+8 10031 -127..127 relative',
      '24+8 10038 -127..127 relative',
      '32+8 c0238 -127..127 relative',
    ]);
  });

  it('consumer: one usage of the consumer page, one of system control', () => {
    const fields = fieldsOf('consumer');
    assert.deepEqual(shape(fields, 'input', 1), ['0+16 c0000-c03ff 0..1023']);
    assert.deepEqual(shape(fields, 'input', 2), ['0+8 10081-10083 1..3']);
  });

  it('the keyboard is the first interface, and it and the relative mouse speak the boot protocol', () => {
    assert.equal(HID_FUNCTIONS[0], 'keyboard');
    const boot = HID_FUNCTIONS.map((fn) => {
      const { subclass, protocol } = FUNCTION_DESCRIPTIONS[fn];
      return `${subclass}/${protocol}`;
    });
    assert.deepEqual(boot, ['1/1', '0/0', '1/2', '0/0']);
  });
});
