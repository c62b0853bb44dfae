import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { CHECKS, examine } from '../../../server/doctor/doctor.js';
import { BOARD_FAULTS } from './board-faults.js';
import { FakeBoard } from './fake-board.js';
import { USB_FAULTS } from './usb-faults.js';
import { VIDEO_FAULTS } from './video-faults.js';

const FAULTS = [...BOARD_FAULTS, ...VIDEO_FAULTS, ...USB_FAULTS];

describe('the doctor', () => {
  let board: FakeBoard;
  beforeEach(() => {
    board = new FakeBoard();
  });
  afterEach(() => board.close());

  it('finds nothing wrong with a board that is set up as documented', async () => {
    const printed: string[] = [];
    assert.equal(await examine(board.machine, CHECKS, (text) => printed.push(text)), 0);
    const lines = printed.join('').trimEnd().split('\n');
    assert.deepEqual(
      lines.slice(0, CHECKS.length).filter((line) => !line.startsWith('pass  ')),
      [],
    );
    assert.equal(
      lines.at(-1),
      `${CHECKS.length} checks: ${CHECKS.length} passed, 0 failed, 0 notes.`,
    );
  });

  it('prints each check in one line, its advice below, and counts', async () => {
    board.remove('/dev/video0');
    const printed: string[] = [];
    assert.equal(await examine(board.machine, CHECKS, (text) => printed.push(text)), 1);
    const text = printed.join('');
    assert.match(text, /^FAIL {2}capture device +There is no \/dev\/video0\.\n +→ On a board/m);
    assert.match(text, / 1 failed, /);
    for (const { name } of CHECKS) assert.equal(text.split(`  ${name}  `).length, 2, name);
  });

  for (const [what, change, check, verdict, reason, advice] of FAULTS) {
    it(`${verdict === 'pass' ? 'accepts' : 'names'} ${what}`, async () => {
      change(board);
      const finding = await board.find(check);
      assert.equal(finding.verdict, verdict, finding.reason);
      assert.match(finding.reason, reason);
      if (advice) assert.match(finding.advice ?? '', advice);
      if (verdict === 'fail') assert.ok(finding.advice, 'a failure says what to do');
    });
  }

  it('has a row for each check that can fail', () => {
    const covered = new Set(FAULTS.filter((row) => row[3] !== 'pass').map((row) => row[2]));
    assert.deepEqual(
      CHECKS.map(({ name }) => name).filter((name) => !covered.has(name) && name !== 'port'),
      [],
    );
  });
});
