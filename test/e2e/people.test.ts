import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateMessage } from '../../server/protocol/control-messages.js';
import { ClaimedUnit } from './claimed-unit.js';
import { ConsolePage, OWNER } from './console-page.js';
import { until } from './until.js';
import { typeOnUsKeyboard } from './us-typing.js';

/** The owner lets others in on the page, and throws them out. */
const PASSWORD = 'staple battery horse';

let ada: ConsolePage;
let lin: ConsolePage;

const unit = ClaimedUnit.forTests({
  prepare: async () => {
    ada = await unit.openConsole();
    await ada.page.getByRole('tab', { name: 'People' }).click();
    lin = await ConsolePage.open(unit.browser, unit.appliance, '?transport=ws');
  },
});

const accounts = () => ada.page.getByRole('region', { name: 'Accounts' });

async function signIn(viewer: ConsolePage, name: string, password = PASSWORD): Promise<void> {
  await viewer.waitForState('phase', 'login');
  await viewer.login(password, name);
}

/** Opens the form of an account and saves it as `fill` leaves it. */
async function edit(name: string, fill: () => Promise<unknown>): Promise<void> {
  await accounts()
    .getByRole('button', { name: `Edit ${name}` })
    .click();
  await fill();
  await accounts().getByRole('button', { name: 'Save' }).click();
}

const keys = (wanted: string) => async () => (await unit.appliance.lastKeys()) === wanted;

test('the owner makes an account for an operator, who comes in and may ask for control', async () => {
  await accounts().getByRole('button', { name: 'Add', exact: true }).click();
  await accounts().getByLabel('Name').fill('lin');
  await accounts().getByLabel('Role').selectOption('operator');
  await accounts().getByLabel('Password').fill(PASSWORD);
  await accounts().getByRole('button', { name: 'Add account' }).click();
  await accounts().getByText('operator', { exact: true }).waitFor();
  await signIn(lin, 'lin');
  await lin.waitForState('hasPicture', true);
  assert.deepEqual([await lin.state('role'), await lin.state('inControl')], ['operator', false]);
  await lin.page.getByRole('tab', { name: 'People' }).click();
  await lin.page.getByText('Your password').waitFor();
  assert.equal(await lin.page.getByRole('region', { name: 'Accounts' }).count(), 0);
});

test('a name that is taken is said, and what was typed stays', async () => {
  await accounts().getByRole('button', { name: 'Add', exact: true }).click();
  await accounts().getByLabel('Name').fill('LIN');
  await accounts().getByLabel('Password').fill(PASSWORD);
  await accounts().getByRole('button', { name: 'Add account' }).click();
  await accounts().getByRole('alert').getByText('There is an account of this name.').waitFor();
  assert.equal(await accounts().getByLabel('Name').inputValue(), 'LIN');
  await accounts().getByRole('button', { name: 'Add', exact: true }).click();
});

test('control that is shared is everybody’s at once, and only the owner’s when it is not', async () => {
  const box = ada.page.getByLabel('All type and point at the same time');
  await box.check();
  await lin.waitForState('inControl', true);
  assert.equal(await ada.state('inControl'), true);
  await lin.focus();
  await typeOnUsKeyboard(lin.page.keyboard, 'shared');
  await until('the text', async () => (await unit.appliance.target.typedText()).endsWith('shared'));
  await lin.page.keyboard.down('Shift');
  await until('Shift down', keys('0200000000000000'));
  await box.uncheck();
  await lin.waitForState('inControl', false);
  await until('Shift up', keys('0000000000000000'));
  await lin.page.keyboard.up('Shift');
  assert.equal(await ada.state('inControl'), true);
});

test('the idle time is what all viewers are told from then on', async () => {
  const told = async () => (await lin.state<StateMessage>('remote')).control;
  assert.deepEqual(await told(), { shared: false, idleHandOverMs: 60_000 });
  const choice = ada.page.getByLabel('Idle time after which who asks gets control');
  await choice.selectOption('Never');
  await until('no idle time', async () => (await told()).idleHandOverMs === null);
  await choice.selectOption('15 s');
  await until('15 s', async () => (await told()).idleHandOverMs === 15_000);
});

test('another role throws out at once who has control, with all keys up', async () => {
  await ada.page.getByRole('tab', { name: 'Console' }).click();
  await ada.page.getByRole('button', { name: 'Hand over to lin' }).click();
  await lin.waitForState('inControl', true);
  await lin.focus();
  await lin.page.keyboard.down('Shift');
  await until('Shift down', keys('0200000000000000'));
  await ada.page.getByRole('tab', { name: 'People' }).click();
  await edit('lin', () => accounts().getByLabel('Role').selectOption('watcher'));
  await until('Shift up', keys('0000000000000000'));
  await lin.waitForState('phase', 'login');
  assert.equal(await lin.state('hasPicture'), false);
  await lin.page.keyboard.up('Shift');
  await ada.waitForState('inControl', true);
});

test('a watcher watches, and has no way to ask for control', async () => {
  await signIn(lin, 'lin');
  await lin.waitForState('hasPicture', true);
  await lin.page.getByText('You may only watch').first().waitFor();
  assert.equal(await lin.page.getByRole('button', { name: /control/i }).count(), 0);
});

test('a new name and a new password are those to sign in with', async () => {
  await edit('lin', async () => {
    await accounts().getByLabel('Name').fill('Linus');
    await accounts().getByLabel('New password').fill(`${PASSWORD} 2`);
  });
  await signIn(lin, 'lin', `${PASSWORD} 2`);
  await lin.page.getByText('Name or password is wrong.').waitFor();
  await lin.login(`${PASSWORD} 2`, 'Linus');
  await lin.waitForState('hasPicture', true);
});

test('an account that is removed is gone, picture and all; one press is not enough', async () => {
  await accounts().getByRole('button', { name: 'Edit Linus' }).click();
  await accounts().getByRole('button', { name: 'Remove' }).click();
  assert.equal(await lin.state('phase'), 'live');
  await accounts().getByRole('button', { name: 'Remove for good' }).click();
  await lin.waitForState('phase', 'login');
  await accounts().getByText('Linus').waitFor({ state: 'detached' });
  await lin.login(`${PASSWORD} 2`, 'Linus');
  await lin.page.getByText('Name or password is wrong.').waitFor();
});

test('who changes the own password stays, and the other windows do not', async () => {
  const other = await unit.open('?transport=ws');
  await other.waitForState('hasPicture', true);
  const { page } = ada;
  await page.getByText('Your password').click();
  await page.getByLabel('Present password').fill('not this one');
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').getByText('Name or password is wrong.').waitFor();
  assert.equal(await other.state('phase'), 'live');
  await page.getByLabel('Present password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password was changed.').waitFor();
  await other.waitForState('phase', 'login');
  assert.equal(await ada.state('phase'), 'live');
  await other.login(PASSWORD);
  await other.waitForState('hasPicture', true);
});
