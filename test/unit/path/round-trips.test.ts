import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundTrips } from '../../../server/path/round-trips.js';

test('before the first answer nothing is known', () => {
  const trips = new RoundTrips(0);
  trips.sent(1, 0);
  assert.equal(trips.queueDelayMs(500), null);
  assert.equal(trips.lastMs, null);
});

test('the queue is what a round trip takes longer than the shortest one', () => {
  const trips = new RoundTrips(0);
  trips.sent(1, 0);
  trips.answered(1, 40);
  assert.equal(trips.queueDelayMs(40), 0);
  trips.sent(2, 1000);
  trips.answered(2, 1140);
  assert.equal(trips.lastMs, 140);
  assert.equal(trips.queueDelayMs(1140), 100);
});

test('one late answer among quick ones is no queue', () => {
  const trips = new RoundTrips(0);
  for (const [mark, ms] of [40, 300, 40].entries()) {
    trips.sent(mark, 1000 + mark * 50);
    trips.answered(mark, 1000 + mark * 50 + ms);
  }
  assert.equal(trips.queueDelayMs(1150), 0);
});

test('a mark without an answer counts with its age, less what a lost one may take', () => {
  const patient = new RoundTrips(150);
  const strict = new RoundTrips(0);
  for (const trips of [patient, strict]) {
    trips.sent(1, 0);
    trips.answered(1, 20);
    trips.sent(2, 1000);
  }
  assert.equal(strict.queueDelayMs(1400), 380);
  assert.equal(patient.queueDelayMs(1400), 230);
  assert.equal(patient.queueDelayMs(1100), 0);
});

test('the answer to a later mark settles a lost one', () => {
  const trips = new RoundTrips(150);
  trips.sent(1, 0);
  trips.answered(1, 20);
  trips.sent(2, 1000);
  trips.sent(3, 1100);
  trips.answered(3, 1120);
  assert.equal(trips.waiting, 0);
  assert.equal(trips.queueDelayMs(1120), 0);
});

test('a silence that ends with a prompt answer was an outage; one that ends with a late answer was a queue', () => {
  for (const [ms, outages] of [
    [25, 1],
    [900, 0],
  ] as const) {
    const trips = new RoundTrips(350);
    trips.sent(1, 0);
    trips.answered(1, 20);
    for (let mark = 2; mark <= 20; mark++) trips.sent(mark, mark * 100);
    trips.answered(20, 2000 + ms);
    assert.equal(trips.outages, outages, `${ms}`);
  }
});

test('answers that keep coming are no outage, and where nothing gets lost there is none', () => {
  const steady = new RoundTrips(350);
  for (let mark = 0; mark < 50; mark++) {
    steady.sent(mark, mark * 100);
    if (mark > 1) steady.answered(mark - 1, mark * 100 + 10);
  }
  assert.equal(steady.outages, 0);
  const tcp = new RoundTrips(0);
  tcp.sent(1, 0);
  tcp.sent(2, 3000);
  tcp.answered(2, 3010);
  assert.equal(tcp.outages, 0);
});

test('another path is learned from nothing', () => {
  const trips = new RoundTrips(350);
  trips.sent(1, 0);
  trips.answered(1, 20);
  trips.sent(2, 100);
  trips.restart();
  assert.equal(trips.outages, 1);
  assert.equal(trips.queueDelayMs(5000), null);
  trips.answered(2, 5000);
  trips.sent(3, 5000);
  trips.answered(3, 5080);
  assert.equal(trips.queueDelayMs(5080), 0);
});

test('a path that has become longer is learned within twelve seconds', () => {
  const trips = new RoundTrips(0);
  trips.sent(0, 0);
  trips.answered(0, 20);
  let now = 0;
  for (let mark = 1; now < 12_500; mark++) {
    now = mark * 100;
    trips.sent(mark, now);
    trips.answered(mark, now + 150);
  }
  assert.equal(trips.queueDelayMs(now + 150), 0);
});

test('what is never answered is forgotten', () => {
  const trips = new RoundTrips(0);
  trips.sent(1, 0);
  trips.answered(1, 20);
  trips.sent(2, 100);
  assert.ok((trips.queueDelayMs(5000) ?? 0) > 4000);
  assert.equal(trips.queueDelayMs(5200), 0);
  assert.equal(trips.waiting, 0);
});
