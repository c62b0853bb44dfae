/** Draws a plausible desktop of a target, 1920x1080, for screenshots only. */
export function drawDesktop(canvas: HTMLCanvasElement): void {
  canvas.width = 1920;
  canvas.height = 1080;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no 2d context');
  const sky = context.createLinearGradient(0, 0, 0, 1080);
  for (const [at, colour] of [
    [0, '#14304a'],
    [0.5, '#2f6b7d'],
    [0.78, '#e0a070'],
    [0.92, '#ffd9a8'],
  ] as const) {
    sky.addColorStop(at, colour);
  }
  context.fillStyle = sky;
  context.fillRect(0, 0, 1920, 1080);
  const hill = (base: number, swing: number, period: number, colour: string) => {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(0, 1080);
    for (let x = 0; x <= 1920; x += 20) {
      context.lineTo(x, base + swing * Math.sin(x / period) + swing * 0.4 * Math.sin(x / 61));
    }
    context.lineTo(1920, 1080);
    context.fill();
  };
  hill(800, 60, 310, '#3f6470');
  hill(890, 40, 230, '#274653');
  hill(970, 30, 410, '#152b36');
  context.fillStyle = '#0c1218';
  context.fillRect(0, 0, 1920, 40);
  context.font = '600 20px "IBM Plex Sans"';
  context.fillStyle = '#fff';
  context.textAlign = 'center';
  context.fillText('Sun 22 Nov  18:19', 960, 28);
  const panel = (x: number, y: number, w: number, h: number, bar: string, body: string) => {
    context.fillStyle = 'rgb(0 0 0 / 0.3)';
    context.beginPath();
    context.roundRect(x + 4, y + 8, w, h, 14);
    context.fill();
    context.fillStyle = body;
    context.beginPath();
    context.roundRect(x, y, w, h, 14);
    context.fill();
    context.fillStyle = bar;
    context.beginPath();
    context.roundRect(x, y, w, 52, [14, 14, 0, 0]);
    context.fill();
  };
  panel(120, 110, 980, 760, '#262a33', '#171a21');
  context.fillStyle = '#fff';
  context.fillText('ada@bronya: ~', 610, 143);
  context.textAlign = 'left';
  context.font = '24px "JetBrains Mono"';
  const lines = [
    ['#8be9a8', 'ada@bronya:~$ uname -a'],
    ['#e6e9ef', 'Linux bronya 6.12.48+deb13-amd64 #1 SMP Debian x86_64'],
    ['#8be9a8', 'ada@bronya:~$ systemctl is-system-running'],
    ['#e6e9ef', 'running'],
    ['#8be9a8', 'ada@bronya:~$ lsblk -o NAME,SIZE,TYPE,MOUNTPOINT'],
    ['#7cc7ff', 'NAME          SIZE TYPE MOUNTPOINT'],
    ['#e6e9ef', 'nvme0n1     476.9G disk'],
    ['#e6e9ef', '├─nvme0n1p1   512M part /boot/efi'],
    ['#e6e9ef', '└─nvme0n1p2 476.4G part /'],
    ['#8be9a8', 'ada@bronya:~$ df -h /'],
    ['#7cc7ff', 'Filesystem      Size  Used Avail Use% Mounted on'],
    ['#e6e9ef', '/dev/nvme0n1p2  468G   23G  422G   6% /'],
    ['#8be9a8', 'ada@bronya:~$ ▮'],
  ] as const;
  lines.forEach(([colour, text], row) => {
    context.fillStyle = colour;
    context.fillText(text, 150, 220 + row * 40);
  });
  panel(1190, 230, 620, 420, '#ece9e4', '#f8f7f5');
  context.fillStyle = '#2a2a2e';
  context.font = '600 20px "IBM Plex Sans"';
  context.fillText('System Monitor', 1430, 263);
  for (const [top, colour, label] of [
    [310, '#3a74d8', 'Processor'],
    [480, '#26915c', 'Network'],
  ] as const) {
    context.fillStyle = '#3a3a40';
    context.fillText(label, 1225, top + 8);
    context.strokeStyle = '#d8d6d3';
    context.strokeRect(1225, top + 20, 550, 110);
    context.strokeStyle = colour;
    context.lineWidth = 4;
    context.beginPath();
    for (let x = 0; x <= 550; x += 6) {
      const y = top + 90 - 22 * Math.sin(x / 33 + top) - 14 * Math.sin(x / 13);
      if (x === 0) context.moveTo(1225, y);
      else context.lineTo(1225 + x, y);
    }
    context.stroke();
    context.lineWidth = 2;
  }
}
