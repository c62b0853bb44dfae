import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { environmentName, type Option } from '../../../server/config/option.js';
import { OPTIONS } from '../../../server/config/options.js';
import { type Config, loadConfig } from '../../../server/config.js';

const HOME = { HOME: '/home/ada' };
const directory = mkdtempSync(join(tmpdir(), 'mykvm-config-'));
after(() => rmSync(directory, { recursive: true }));

function configOf(args: string[], environment: Record<string, string> = {}): Config {
  const result = loadConfig(args, { ...HOME, ...environment });
  assert.equal(result.kind, 'config', JSON.stringify(result));
  assert.ok(result.kind === 'config');
  return result.config;
}

function problemsOf(args: string[], environment: Record<string, string> = {}): string[] {
  const result = loadConfig(args, { ...HOME, ...environment });
  assert.ok(result.kind === 'problems', JSON.stringify(result));
  return result.problems;
}

function fileWith(content: unknown): string {
  const path = join(directory, 'mykvm.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('configuration', () => {
  it('has the defaults of the predecessor', () => {
    assert.deepEqual(configOf([]), {
      certPath: null,
      keyPath: null,
      port: 8443,
      listenAddress: '0.0.0.0',
      device: '/dev/video0',
      edid: null,
      encoder: 'auto',
      bitrateBps: 4_000_000,
      bitrateFloorBps: 200_000,
      bitrateFixed: false,
      qpMin: 22,
      qpMax: 44,
      frameRate: 60,
      maxViewers: 4,
      sharedControl: false,
      controlIdleSeconds: 60,
      target: 'hardware',
      udc: null,
      usbFunctions: [],
      usbId: { vendorId: 0x1d6b, productId: 0x0104 },
      usbManufacturer: 'MyKVM',
      usbProduct: 'MyKVM keyboard and mouse',
      usbSerial: null,
      usbMaxPowerMilliamperes: 250,
      usbSocket: null,
      noEpaper: false,
      stateDir: '/home/ada/.local/state/mykvm',
      udpPorts: null,
      iceAddresses: [],
      noIceTcp: false,
      iceServers: [],
      turnUsername: null,
      turnPassword: null,
      turnSecret: null,
      icePolicy: 'all',
      extraHosts: [],
      publicUrl: null,
      trustedProxies: [],
      logLevel: 'info',
      seed: 1,
      testMarks: false,
    });
  });

  it('takes every long flag with a space and with "="', () => {
    const args =
      '--cert=/c --key /k --port=1 --listen ::1 --device /dev/video2 --encoder=software --edid /e';
    const more =
      '--bitrate 2000000 --bitrate-floor=30000 --bitrate-fixed --qp-min 20 --qp-max=40 --frame-rate 30';
    const rest =
      '--max-viewers=2 --target simulated --no-epaper --state-dir=/s --test-marks --seed 7';
    const ice =
      '--ice-address !eth1 --no-ice-tcp --ice-server turn:t.example --turn-username=u --turn-password p';
    const control = '--shared-control --control-idle 9';
    const net = '--udp-ports 5000-5010 --public-url https://kvm.example/k --log-level=debug';
    const usb = '--udc a.usb --usb-function keyboard --usb-function=consumer --usb-id 046D:c31c';
    const name =
      '--usb-manufacturer=A --usb-product B --usb-serial=C --usb-max-power 100 --usb-socket /u';
    const config = configOf(
      `${args} ${more} ${rest} ${net} ${usb} ${name} ${control} ${ice}`.split(' '),
    );
    assert.deepEqual(config, {
      certPath: '/c',
      keyPath: '/k',
      port: 1,
      listenAddress: '::1',
      device: '/dev/video2',
      edid: '/e',
      encoder: 'software',
      bitrateBps: 2_000_000,
      bitrateFloorBps: 30_000,
      bitrateFixed: true,
      qpMin: 20,
      qpMax: 40,
      frameRate: 30,
      maxViewers: 2,
      sharedControl: true,
      controlIdleSeconds: 9,
      target: 'simulated',
      udc: 'a.usb',
      usbFunctions: ['keyboard', 'consumer'],
      usbId: { vendorId: 0x046d, productId: 0xc31c },
      usbManufacturer: 'A',
      usbProduct: 'B',
      usbSerial: 'C',
      usbMaxPowerMilliamperes: 100,
      usbSocket: '/u',
      noEpaper: true,
      stateDir: '/s',
      udpPorts: { low: 5000, high: 5010 },
      iceAddresses: ['!eth1'],
      noIceTcp: true,
      iceServers: ['turn:t.example'],
      turnUsername: 'u',
      turnPassword: 'p',
      turnSecret: null,
      icePolicy: 'all',
      extraHosts: [],
      publicUrl: 'https://kvm.example/k/',
      trustedProxies: [],
      logLevel: 'debug',
      seed: 7,
      testMarks: true,
    });
  });

  it("takes the predecessor's short flags", () => {
    const config = configOf(
      '-c /c -k /k -p 443 -l 127.0.0.1 -d /dev/video1 -e /dev/video11 -r 25000'.split(' '),
    );
    assert.equal(config.certPath, '/c');
    assert.equal(config.keyPath, '/k');
    assert.equal(config.port, 443);
    assert.equal(config.listenAddress, '127.0.0.1');
    assert.equal(config.device, '/dev/video1');
    assert.equal(config.encoder, '/dev/video11');
    assert.equal(config.bitrateBps, 25_000);
    assert.deepEqual(loadConfig(['-h'], {}).kind, 'help');
  });

  it('lets flags win over the environment and the environment over the file', () => {
    const path = fileWith({ port: 1, 'max-viewers': 1, 'frame-rate': 10 });
    const environment = { MYKVM_CONFIG: path, MYKVM_PORT: '2', MYKVM_MAX_VIEWERS: '2' };
    const config = configOf(['--port', '3'], environment);
    assert.deepEqual([config.port, config.maxViewers, config.frameRate], [3, 2, 10]);
  });

  it('lets a flag turn off what the environment turned on', () => {
    const path = fileWith({ 'no-epaper': true });
    assert.equal(configOf(['--config', path]).noEpaper, true);
    assert.equal(configOf(['--config', path], { MYKVM_NO_EPAPER: 'false' }).noEpaper, false);
  });

  it('reads each option from the environment under the name that --help tells', () => {
    const values: Record<string, string> = {
      port: '99',
      listen: '::',
      'extra-host': 'a.example, 10.0.0.1',
      'trusted-proxy': '10.0.0.0/8 fd00::/8',
      'bitrate-fixed': 'yes',
    };
    const environment: Record<string, string> = {};
    for (const option of Object.values(OPTIONS) as Option[]) {
      const value = values[option.flag];
      if (value) environment[environmentName(option)] = value;
    }
    const config = configOf([], environment);
    assert.equal(config.port, 99);
    assert.equal(config.listenAddress, '::');
    assert.deepEqual(config.extraHosts, ['a.example', '10.0.0.1']);
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', 'fd00::/8']);
    assert.equal(config.bitrateFixed, true);
    const help = loadConfig(['--help'], {});
    assert.ok(help.kind === 'help' && help.text.includes('MYKVM_BITRATE_FLOOR'));
  });

  it('collects repeated flags', () => {
    const args = ['--extra-host', 'KVM.example', '--extra-host=[fd00::1]', '--trusted-proxy=::1'];
    const config = configOf(args);
    assert.deepEqual(config.extraHosts, ['kvm.example', 'fd00::1']);
    assert.deepEqual(config.trustedProxies, ['::1']);
  });

  it('takes the last of a flag given twice, and no value from an empty variable', () => {
    assert.equal(configOf(['--port', '1', '-p', '2'], { MYKVM_PORT: '' }).port, 2);
    assert.equal(configOf([], { MYKVM_PORT: '' }).port, 8443);
  });

  it('leaves the variable of the sanitizer run alone', () => {
    assert.equal(configOf([], { MYKVM_ADDON: '/x.node' }).port, 8443);
  });

  it('lowers the default floor with the ceiling', () => {
    assert.equal(configOf(['--bitrate', '50000']).bitrateFloorBps, 50_000);
  });

  it('takes the state directory from systemd, then XDG, then the home directory', () => {
    assert.equal(configOf([], { STATE_DIRECTORY: '/var/lib/mykvm:/x' }).stateDir, '/var/lib/mykvm');
    assert.equal(configOf([], { XDG_STATE_HOME: '/xdg' }).stateDir, '/xdg/mykvm');
    const both = { STATE_DIRECTORY: '/var/lib/mykvm', XDG_STATE_HOME: '/xdg' };
    assert.equal(configOf(['--state-dir', '/own'], both).stateDir, '/own');
  });

  it('is frozen', () => {
    const config = configOf(['--extra-host', 'a']);
    assert.ok(Object.isFrozen(config));
    assert.ok(Object.isFrozen(config.extraHosts));
  });

  it('reports all problems of all sources at once', () => {
    const path = fileWith({ port: 'seven', colour: 'red', 'max-viewers': [1] });
    const problems = problemsOf(['--config', path, '--frame-rate', '0', '--bogus', 'word'], {
      MYKVM_BITRATE: '-1',
      MYKVM_BITRATE_FLOR: '5',
    });
    assert.deepEqual(problems, [
      `"colour" in ${path} is not a known option; see --help`,
      `"max-viewers" in ${path}: [1] is not allowed; allowed: a whole number from 1 to 16`,
      'MYKVM_BITRATE_FLOR is not a known variable; see --help',
      '--bogus is not a known flag; see --help',
      '"word" is not a flag; see --help',
      `"port" in ${path}: "seven" is not allowed; allowed: a whole number from 0 to 65535`,
      'MYKVM_BITRATE: "-1" is not allowed; allowed: a whole number from 25000 to 25000000',
      '--frame-rate: "0" is not allowed; allowed: a whole number from 1 to 60',
    ]);
  });

  it('checks a value also where a stronger source overrides it', () => {
    assert.equal(problemsOf(['--port', '1'], { MYKVM_PORT: 'x' }).length, 1);
    // A mistyped preset is not taken for the name of a file.
    assert.match(
      problemsOf(['--edid', '1280x720@61'])[0] ?? '',
      /^--edid: .*1280x800@60, or the path/,
    );
  });

  const wrong: Array<[string, string, RegExp]> = [
    ['a port above 65535', '--port 65536', /^--port: "65536" .* 0 to 65535$/],
    ['a port with a sign', '--port=-1', /^--port: "-1"/],
    ['a hexadecimal port', '--port 0x10', /^--port: "0x10"/],
    ['a fraction', '--frame-rate 29.97', /^--frame-rate: "29.97"/],
    ['an empty value', '--port=', /^--port: ""/],
    ['a name to listen on', '--listen kvm.local', /^--listen: "kvm.local" .* IPv4 or IPv6/],
    [
      'an address with a zone',
      '--listen fe80::1%eth0',
      /^--listen: "fe80::1%eth0" .* without zone$/,
    ],
    ['a proxy with a zone', '--trusted-proxy fe80::1%eth0/64', /^--trusted-proxy/],
    ['a relative device', '--device video0', /^--device: "video0" .* absolute path/],
    ['an unknown encoder', '--encoder x264', /^--encoder: "x264" .* auto, software/],
    ['a bitrate in words', '--bitrate 1M', /^--bitrate: "1M"/],
    ['a bitrate above what the driver takes', '--bitrate 25000001', /^--bitrate/],
    [
      'a floor above the ceiling',
      '--bitrate-floor 5000000',
      /^--bitrate-floor: .* above .*4000000/,
    ],
    ['a quantizer that H.264 has not', '--qp-max 52', /^--qp-max: "52" .* 0 to 51/],
    ['a finest quantizer above the coarsest', '--qp-min 45', /^--qp-min: .* 45 is above .* 44/],
    ['a coarsest quantizer below the finest', '--qp-max 21', /^--qp-max: .* not below --qp-min/],
    ['an unknown target', '--target vm', /^--target: "vm" .* auto, hardware or simulated/],
    ['test marks on hardware', '--test-marks', /^--test-marks: .* simulated/],
    ['a controller with a slash', '--udc ../a', /^--udc: /],
    ['an unknown USB function', '--usb-function disk', /^--usb-function: "disk" .* keyboard/],
    ['a USB id without product', '--usb-id 1d6b', /^--usb-id: "1d6b" .* 1d6b:0104/],
    ['an empty USB name', '--usb-product=', /^--usb-product: /],
    ['a USB name of 127 bytes', `--usb-product=a${'ü'.repeat(63)}`, /^--usb-product: .*126 bytes/],
    ['more power than USB 2.0 has', '--usb-max-power 501', /^--usb-max-power: "501" .* 500/],
    ['a certificate without key', '--cert /c', /^--cert: --key is missing/],
    ['a key without certificate', '-k /k', /^-k: --cert is missing/],
    ['ports in the wrong order', '--udp-ports 6000-5000', /^--udp-ports/],
    ['privileged UDP ports', '--udp-ports 80-90', /^--udp-ports/],
    ['one UDP port', '--udp-ports 5000', /^--udp-ports: "5000" .* 50000-50100/],
    ['a plain HTTP URL', '--public-url http://a', /^--public-url: "http:\/\/a" .* https/],
    ['a URL with a login', '--public-url https://u:p@a', /^--public-url/],
    ['a URL with a query', '--public-url https://a/?x', /^--public-url/],
    ['no URL', '--public-url a', /^--public-url/],
    ['a host with a port', '--extra-host a:1', /^--extra-host: "a:1" .* without port/],
    ['a mistyped address', '--extra-host 10.0.0.300', /^--extra-host/],
    ['a proxy network of 33 bits', '--trusted-proxy 10.0.0.0/33', /^--trusted-proxy/],
    ['a proxy name', '--trusted-proxy proxy', /^--trusted-proxy/],
    ['an unknown level', '--log-level loud', /^--log-level: "loud" .* debug, info/],
    ['a flag without value at the end', '--port', /^--port needs a value; allowed: a whole number/],
    ['a flag in place of a value', '--port --no-epaper', /^--port needs a value/],
    ['a value for a switch', '--no-epaper=maybe', /^--no-epaper: "maybe" .* true or false/],
    ['an unknown short flag', '-x', /^-x is not a known flag/],
    [
      'a missing config file',
      '--config /nonexistent/x.json',
      /^--config: "\/nonexistent.*ENOENT.*allowed: the path/,
    ],
    ['a config flag without file', '--config', /^--config needs a value/],
  ];
  for (const [what, args, expected] of wrong) {
    it(`refuses ${what}`, () => {
      const problems = problemsOf(args.split(' '));
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', expected);
    });
  }

  it('names the variable that names a missing config file', () => {
    const result = loadConfig([], { ...HOME, MYKVM_CONFIG: '/nonexistent/x.json' });
    assert.ok(result.kind === 'problems');
    assert.match(result.problems[0] ?? '', /^MYKVM_CONFIG: "\/nonexistent\/x.json"/);
  });

  it('refuses a config file that is no JSON object', () => {
    assert.match(problemsOf(['--config', fileWith('{port')])[0] ?? '', /is not valid JSON/);
    assert.match(problemsOf(['--config', fileWith([])])[0] ?? '', /must hold one JSON object/);
    assert.match(
      problemsOf(['--config', fileWith({ port: null })])[0] ?? '',
      /null is not allowed/,
    );
  });

  it('answers --help and --version whatever else is wrong, and names every option', () => {
    const help = loadConfig(['--port', 'x', '--help'], HOME);
    assert.ok(help.kind === 'help');
    for (const option of Object.values(OPTIONS)) assert.ok(help.text.includes(`--${option.flag}`));
    assert.equal(loadConfig(['--bogus', '--version'], HOME).kind, 'version');
  });
});
